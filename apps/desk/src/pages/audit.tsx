// Audit: who saw or changed what; and the review of every emergency access.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { command, get, post } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import type { AuditRow, BreakGlassRow, Page } from '../contract.ts';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
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
      <div className="tabs" role="tablist" aria-label={t('audit.title')}>
        <button type="button" role="tab" aria-selected={tab === 'audit'} onClick={() => setTab('audit')}>
          {t('audit.tabAudit')}
        </button>
        <button
          type="button"
          role="tab"
          aria-selected={tab === 'break-glass'}
          onClick={() => setTab('break-glass')}
        >
          {t('audit.tabBreakGlass')}
        </button>
      </div>
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
              <footer className="between">
                <span />
                <span className="row">
                  <button
                    type="button"
                    className="button"
                    disabled={trail.length === 0}
                    onClick={() => setTrail(trail.slice(0, -1))}
                  >
                    {t('act.previous')}
                  </button>
                  <button
                    type="button"
                    className="button"
                    disabled={page.next === null}
                    onClick={() => page.next && setTrail([...trail, page.next])}
                  >
                    {t('act.next')}
                  </button>
                </span>
              </footer>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

const ACTIONS = ['C', 'R', 'U', 'D', 'E'] as const;

function AuditTable({ rows }: { readonly rows: readonly AuditRow[] }) {
  const { t } = useTranslation();
  return (
    <div className="table-wrap">
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
                <td>{row.who}</td>
                <td className="muted">{[row.role, row.org].filter(Boolean).join(' · ')}</td>
                <td className="nowrap">
                  {action ? t(`audit.actions.${action}`) : row.action}
                  {row.breakGlass && <span className="tag late"> {t('audit.breakGlass')}</span>}
                </td>
                <td>{row.what}</td>
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
    </div>
  );
}

function BreakGlassList() {
  const { t } = useTranslation();
  const toast = useToast();
  const words = useErrorWords();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['break-glass'],
    queryFn: ({ signal }) => get<readonly BreakGlassRow[]>('/desk/break-glass', signal),
  });
  const review = async (row: BreakGlassRow, verdict: 'justified' | 'not-justified') => {
    try {
      await command({ type: 'break-glass.review', payload: { breakGlass: row.id, verdict } });
      await queries.invalidateQueries({ queryKey: ['break-glass'] });
    } catch (error) {
      toast(words(error), { tone: 'late' });
    }
  };
  return (
    <section className="panel">
      <Loaded query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <Blank title={t('audit.tabBreakGlass')}>
              <p>{t('audit.breakGlassEmpty')}</p>
            </Blank>
          ) : (
            <div className="table-wrap">
              <table className="table" aria-label={t('audit.tabBreakGlass')}>
                <thead>
                  <tr>
                    <th>{t('audit.at')}</th>
                    <th>{t('audit.who')}</th>
                    <th>{t('audit.what')}</th>
                    <th>{t('audit.reason')}</th>
                    <th>{t('audit.verdict')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <td className="nowrap">{dateTime(row.at)}</td>
                      <td>
                        {row.who} <span className="muted">{row.org}</span>
                      </td>
                      <td>
                        <Link to="/residents/$residentId" params={{ residentId: row.person.id }}>
                          {row.person.name}
                        </Link>{' '}
                        <span className="muted small">{t('audit.reads', { n: row.reads })}</span>
                      </td>
                      <td>{row.reason}</td>
                      <td>
                        {row.review ? (
                          <>
                            <State
                              kind={row.review.verdict === 'justified' ? 'done' : 'late'}
                              word={
                                row.review.verdict === 'justified'
                                  ? t('audit.justified')
                                  : t('audit.notJustified')
                              }
                            />{' '}
                            <span className="muted small">
                              {t('audit.reviewed', { who: row.review.who, at: dateTime(row.review.at) })}
                            </span>
                          </>
                        ) : (
                          <span className="row">
                            <button
                              type="button"
                              className="button"
                              onClick={() => void review(row, 'justified')}
                            >
                              {t('audit.justified')}
                            </button>
                            <button
                              type="button"
                              className="button danger"
                              onClick={() => void review(row, 'not-justified')}
                            >
                              {t('audit.notJustified')}
                            </button>
                          </span>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </section>
  );
}
