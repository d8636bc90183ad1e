// Opens a case: the empty form of the loop, with its way ahead in sight.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Answers } from '@yimai/forms';
import { chinaDate, fullYears, isLocalDate } from '@yimai/kit';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import type { Act, ResidentRow, StartForm, Value } from '../contract.ts';
import { Loaded } from '../design/loaded.tsx';
import { LoopPicture } from '../design/loop-diagram.tsx';
import { ActForm } from '../form/act-form.tsx';
import { ResidentFinder } from './resident-finder.tsx';

export function StartPage() {
  const { domain = '', programme = '', loop = '' } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['start', domain, programme, loop],
    queryFn: ({ signal }) => get<StartForm>(`/desk/starts/${domain}/${programme}/${loop}`, signal),
  });
  return (
    <div className="page">
      <Loaded query={query}>{(start) => <StartView start={start} />}</Loaded>
    </div>
  );
}

function StartView({ start }: { readonly start: StartForm }) {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { session } = useSession();
  const [resident, setResident] = useState<ResidentRow | null>(null);
  const ready = !start.needsResident || resident !== null;
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{t('start.title', { name: say(start.loop.name) })}</h1>
          <p>{say(start.programme.name)}</p>
        </div>
      </header>
      <details className="panel">
        <summary className="summary">{t('programme.diagram')}</summary>
        <div className="body">
          <LoopPicture diagram={start.diagram} label={say(start.loop.name)} />
        </div>
      </details>
      {start.needsResident && (
        <section className="panel" aria-labelledby="start-resident">
          <header>
            <h2 id="start-resident">{resident ? resident.name : t('start.chooseResident')}</h2>
            {resident && (
              <button type="button" className="button" onClick={() => setResident(null)}>
                {t('start.changeResident')}
              </button>
            )}
          </header>
          {!resident && (
            <div className="body">
              <ResidentFinder name="start" choose={setResident} />
            </div>
          )}
        </section>
      )}
      {ready && (
        <section className="panel">
          <div className="body">
            <ActForm
              key={resident?.id ?? ''}
              act={withAge(start.act, resident)}
              draftKey={`${session?.user.id ?? ''}.start.${start.programme.id}.${start.loop.id}.${resident?.id ?? ''}`}
              {...(resident
                ? {
                    subject: `Patient/${resident.id}`,
                    more: { subject: `Patient/${resident.id}` },
                    fixed: knownOf(start, resident),
                  }
                : {})}
              onDone={(answer) => {
                toast(t('case.done', { act: say(start.act.name) }));
                for (const key of ['work', 'home']) void queries.invalidateQueries({ queryKey: [key] });
                const opened = (answer.result as { case?: string } | undefined)?.case;
                void (opened
                  ? navigate({ to: '/cases/$caseId', params: { caseId: opened } })
                  : navigate({ to: '/' }));
              }}
            />
          </div>
        </section>
      )}
    </>
  );
}

/** A form about a resident that names the resident is not asked who it is. */
const knownOf = (start: StartForm, resident: ResidentRow): Answers =>
  asks(start.act, 'resident') ? { resident: `Patient/${resident.id}` } : {};

const asks = (act: Act, id: string): boolean =>
  act.form?.declaration.items.some((item) => item.id === id) === true;

/** Age and year stand in the form as a proposal. */
function withAge(act: Act, resident: ResidentRow | null): Act {
  if (!act.form || !resident) return act;
  const today = chinaDate(new Date());
  const age = isLocalDate(resident.birthDate) ? fullYears(resident.birthDate, today) : null;
  const known: Record<string, Value> = {
    ...(asks(act, 'age') && age !== null ? { age } : {}),
    ...(asks(act, 'year') ? { year: Number(today.slice(0, 4)) } : {}),
  };
  return { ...act, form: { ...act.form, prefill: { ...known, ...act.form.prefill } } };
}
