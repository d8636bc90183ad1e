// Audit: who saw or changed what; and the review of every emergency access.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { command, get, post } from '../api/client.ts';
import { addressOf } from '../app/link-to.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { AuditRow, BreakGlassRow, Page } from '../contract.ts';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { Pager } from '../design/pager.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';

export function AuditPage() {
  const { t } = useTranslation();
  const [tab, setTab] = useState<'audit' | 'break-glass'>('audit');
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('audit.title')}</h1>
          <p>{t('audit.intro')}</p>
        </div>
      </header>
      <nav className="tabs" aria-label={t('audit.title')}>
        <button
          type="button"
          aria-current={tab === 'audit' ? 'page' : undefined}
          onClick={() => setTab('audit')}
        >
          {t('audit.tabAudit')}
        </button>
        <button
          type="button"
          aria-current={tab === 'break-glass' ? 'page' : undefined}
          onClick={() => setTab('break-glass')}
        >
          {t('audit.tabBreakGlass')}
        </button>
      </nav>
      {tab === 'audit' ? <AuditList /> : <BreakGlassList />}
    </div>
  );
}

function AuditList() {
  const { t } = useTranslation();
  const [glass, setGlass] = useState(false);
  const [trail, setTrail] = useState<readonly string[]>([]);
  const cursor = trail.at(-1);
  const query = useQuery({
    queryKey: ['audit', glass, cursor],
    queryFn: ({ signal }) =>
      post<Page<AuditRow>>('/desk/audit', { breakGlass: glass, ...(cursor ? { cursor } : {}) }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <section className="panel">
      <header>
        <label className="check">
          <input
            type="checkbox"
            checked={glass}
            onChange={(event) => {
              setTrail([]);
              setGlass(event.target.checked);
            }}
          />
          {t('audit.onlyBreakGlass')}
        </label>
      </header>
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <Blank title={t('audit.empty')} />
          ) : (
            <>
              <AuditTable rows={page.items} />
              <Pager page={page} trail={trail} setTrail={setTrail} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}

/** Ids that machines made are told apart by their end; the whole one stands in the hint. */
const shortened = (id: string): string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-/.test(id) ? `…${id.slice(-6)}` : id;

const ACTIONS = ['C', 'R', 'U', 'D', 'E'] as const;

function AuditTable({ rows }: { readonly rows: readonly AuditRow[] }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <ScrollBox label={t('audit.tabAudit')}>
      <table className="table" aria-label={t('audit.tabAudit')}>
        <thead>
          <tr>
            <th>{t('audit.at')}</th>
            <th>{t('audit.who')}</th>
            <th>{t('audit.role')}</th>
            <th>{t('audit.action')}</th>
            <th>{t('audit.what')}</th>
            <th>{t('audit.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const action = ACTIONS.find((each) => each === row.action);
            return (
              <tr key={row.id}>
                <td className="nowrap">{dateTime(row.at)}</td>
                <td>{say(row.who)}</td>
                <td className="muted">{[row.role && say(row.role), row.org].filter(Boolean).join(' · ')}</td>
                <td className="nowrap">
                  {row.act ? (
                    <span title={row.word}>{say(row.act)}</span>
                  ) : (
                    <>
                      {action ? t(`audit.actions.${action}`) : row.action}{' '}
                      <code className="muted small">{row.word}</code>
                    </>
                  )}
                  {row.breakGlass && <span className="tag late"> {t('audit.breakGlass')}</span>}
                </td>
                <td>
                  {row.what.map((each) => (
                    <span key={`${each.type.zh}${each.id}`} className="row">
                      {each.link ? <Link to={addressOf(each.link)}>{say(each.type)}</Link> : say(each.type)}
                      <code className="muted small truncate" title={each.id}>
                        {shortened(each.id)}
                      </code>
                    </span>
                  ))}
                </td>
                <td>
                  <State
                    kind={row.outcome === 'done' ? 'done' : 'closed'}
                    word={row.outcome === 'done' ? t('audit.done') : t('audit.refused')}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function BreakGlassList() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['break-glass'],
    queryFn: ({ signal }) => get<readonly BreakGlassRow[]>('/desk/break-glass', signal),
  });
  return (
    <Loaded query={query}>
      {(rows) =>
        rows.length === 0 ? (
          <section className="panel">
            <Blank title={t('audit.tabBreakGlass')}>
              <p>{t('audit.breakGlassEmpty')}</p>
            </Blank>
          </section>
        ) : (
          <ul className="stack">
            {rows.map((row) => (
              <Look key={row.id} row={row} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

const VERDICTS = ['justified', 'unjustified'] as const;

/** One emergency look with its reason; the verdict needs a word of its own. */
function Look({ row }: { readonly row: BreakGlassRow }) {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const words = useErrorWords();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const review = async (verdict: (typeof VERDICTS)[number]) => {
    try {
      await command({ type: 'break-glass.review', payload: { id: row.id, verdict, note: note.trim() } });
      toast(t('audit.reviewDone'));
      await queries.invalidateQueries({ queryKey: ['break-glass'] });
    } catch (error) {
      toast(words(error), { tone: 'late' });
    }
  };
  return (
    <li className="panel">
      <header>
        <span className="row wrap">
          <strong>{row.who}</strong>
          <span className="muted">{say(row.role)}</span>
          <span>→</span>
          <Link to="/residents/$residentId" params={{ residentId: row.person.id }}>
            {row.person.name || t('unknown')}
          </Link>
        </span>
        <span className="muted small">
          {dateTime(row.at)} · {t('audit.reviewBy', { at: dateTime(row.reviewUntil) })}
        </span>
      </header>
      <div className="body stack">
        <p>{row.reason}</p>
        <div className="field" style={{ maxWidth: 640 }}>
          <label htmlFor={`note-${row.id}`}>{t('audit.note')}</label>
          <input
            id={`note-${row.id}`}
            className="input"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
        <div className="row">
          {VERDICTS.map((verdict) => (
            <button
              key={verdict}
              type="button"
              className={`button ${verdict === 'unjustified' ? 'danger' : ''}`}
              disabled={note.trim() === ''}
              onClick={() => void review(verdict)}
            >
              {t(verdict === 'justified' ? 'audit.justified' : 'audit.notJustified')}
            </button>
          ))}
        </div>
      </div>
    </li>
  );
}
