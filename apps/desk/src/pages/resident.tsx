// One resident: header, cases, health history, and who looked at the file; break-glass where the role may not see it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { command, get, Refused } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { Resident } from '../contract.ts';
import { Bones, Loaded, useErrorWords } from '../design/loaded.tsx';
import { PersonHeader } from '../design/person-header.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { dateOf, dateTime } from '../design/time.ts';
import { WorkTable } from '../design/work-table.tsx';

export function ResidentPage() {
  const { residentId = '' } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['resident', residentId],
    queryFn: ({ signal }) => get<Resident>(`/desk/residents/${encodeURIComponent(residentId)}`, signal),
  });
  const closed = query.error instanceof Refused && query.error.code === 'break-glass-needed';
  return (
    <div className="page">
      {closed ? (
        <BreakGlass residentId={residentId} />
      ) : (
        <Loaded query={query} bones={<Bones rows={10} />}>
          {(resident) => <ResidentView resident={resident} />}
        </Loaded>
      )}
    </div>
  );
}

function ResidentView({ resident }: { readonly resident: Resident }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <>
      <h1 className="sr">{resident.person.name}</h1>
      <PersonHeader person={resident.person} linked={false} />
      {resident.breakGlass && <BreakGlass residentId={resident.person.id} />}
      <section className="panel" aria-labelledby="resident-cases">
        <header>
          <h2 id="resident-cases">{t('resident.cases')}</h2>
        </header>
        {resident.cases.length === 0 ? (
          <p className="body muted">{t('resident.noCases')}</p>
        ) : (
          <WorkTable items={resident.cases} label={t('resident.cases')} slim />
        )}
      </section>
      <section className="panel" aria-labelledby="resident-history">
        <header>
          <h2 id="resident-history">{t('resident.history')}</h2>
        </header>
        {resident.history.length === 0 ? (
          <p className="body muted">{t('resident.noHistory')}</p>
        ) : (
          <ScrollBox label={t('resident.history')}>
            <table className="table" aria-labelledby="resident-history">
              <tbody>
                {resident.history.map((entry, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a read-only list in the order of the server
                  <tr key={index}>
                    <td className="nowrap muted">{entry.at ? dateOf(entry.at) : ''}</td>
                    <td className="nowrap">
                      <span className="tag">{say(entry.kind)}</span>
                    </td>
                    <td>{entry.title}</td>
                    <td className="muted">{entry.detail}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        )}
      </section>
      <section className="panel" aria-labelledby="resident-readers">
        <header>
          <h2 id="resident-readers">{t('resident.readers')}</h2>
        </header>
        {resident.readers.length === 0 ? (
          <p className="body muted">{t('resident.noReaders')}</p>
        ) : (
          <ul className="body stack tight">
            {resident.readers.map((reader) => (
              <li key={`${reader.at}${reader.who}`} className="row wrap">
                <span className="muted">{dateTime(reader.at)}</span>
                <span>{reader.who}</span>
                <span className="muted">{reader.org}</span>
                {reader.why && <span className="tag">{say(reader.why)}</span>}
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function BreakGlass({ residentId }: { readonly residentId: string }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const open = useMutation({
    mutationFn: () =>
      command({
        type: 'break-glass.open',
        subject: `Patient/${residentId}`,
        payload: { patient: residentId, reason: reason.trim() },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['resident', residentId] }),
  });
  return (
    <form
      className="panel"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim()) open.mutate();
      }}
    >
      <header>
        <h2>{t('resident.breakGlass')}</h2>
      </header>
      <div className="body stack" style={{ maxWidth: 640 }}>
        <p>{t('resident.breakGlassText')}</p>
        <div className="field">
          <label htmlFor="glass-reason">{t('resident.breakGlassReason')}</label>
          <textarea
            id="glass-reason"
            className="input"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        {open.isError && <p className="field-error">{words(open.error)}</p>}
        <div>
          <button
            type="submit"
            className="button danger main"
            disabled={open.isPending || reason.trim() === ''}
          >
            {t('resident.breakGlassOpen')}
          </button>
        </div>
      </div>
    </form>
  );
}
