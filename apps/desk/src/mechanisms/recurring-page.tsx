// Recurring work: the periods with how much was done, and the objects of one period with what is late.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { RecurringPage as Answer, DueLine, PeriodLine } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { Acts, AsOf, Figures, MechanismHead, Panel, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

interface Asked {
  readonly period: string | null;
  readonly only: Answer['only'];
  readonly cursor: string | null;
}

const ONLY = ['open', 'done', 'all'] as const;

export function RecurringPage({ id }: { readonly id: string }) {
  const [asked, setAsked] = useState<Asked>({ period: null, only: 'open', cursor: null });
  const more = new URLSearchParams({
    only: asked.only,
    ...(asked.period === null ? {} : { period: asked.period }),
    ...(asked.cursor === null ? {} : { cursor: asked.cursor }),
  });
  const query = useMechanism<Answer>(pathOf('recurring', id, `?${more}`));
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} asked={asked} setAsked={setAsked} />}</Loaded>
    </div>
  );
}

interface ViewProps {
  readonly page: Answer;
  readonly asked: Asked;
  readonly setAsked: (asked: Asked) => void;
}

const rateOf = (period: PeriodLine): string =>
  period.due === 0 ? '–' : `${((period.done / period.due) * 100).toFixed(1)}%`;

function View({ page, asked, setAsked }: ViewProps) {
  const words = useMechanismWords();
  const say = useSay();
  const { period } = page;
  const listed = page.periods.some((one) => one.name === period.name);
  return (
    <>
      <MechanismHead
        kind="recurring"
        page={page}
        note={
          <>
            <span>{words.recurring.every[page.every]}</span>
            <span>
              {words.recurring.objects}{' '}
              <Link to="/registers/$registerId" params={{ registerId: page.register.id }}>
                {say(page.register.name)}
              </Link>
            </span>
          </>
        }
        acts={[page.plan]}
      />
      <div className="mechanism-grid">
        <div className="stack">
          <Panel
            id="recurring-objects"
            title={`${words.recurring.period} ${period.from === period.to ? period.to : `${period.from} – ${period.to}`}`}
            side={
              <div className="row no-print">
                {ONLY.map((only) => (
                  <button
                    key={only}
                    type="button"
                    className={`button ${only === asked.only ? 'chosen' : ''}`}
                    aria-pressed={only === asked.only}
                    onClick={() => setAsked({ ...asked, only, cursor: null })}
                  >
                    {words.recurring.only[only]}
                  </button>
                ))}
              </div>
            }
          >
            <Figures
              figures={[
                [words.recurring.due, String(period.due)],
                [words.recurring.done, String(period.done)],
                [words.recurring.overdue, String(period.overdue), period.overdue > 0 ? 'late' : null],
                [words.recurring.rate, rateOf(period)],
              ]}
            />
            {page.items.length === 0 ? (
              <Blank title={listed ? words.recurring.emptyOnly : words.recurring.emptyTitle}>
                {!listed && <p>{words.recurring.emptyText}</p>}
              </Blank>
            ) : (
              <Lines page={page} />
            )}
            {(page.next !== null || asked.cursor !== null) && (
              <footer className="row no-print">
                {asked.cursor !== null && (
                  <button
                    type="button"
                    className="button"
                    onClick={() => setAsked({ ...asked, cursor: null })}
                  >
                    {words.recurring.first}
                  </button>
                )}
                {page.next !== null && (
                  <button
                    type="button"
                    className="button"
                    onClick={() => setAsked({ ...asked, cursor: page.next })}
                  >
                    {words.recurring.next}
                  </button>
                )}
              </footer>
            )}
          </Panel>
          <AsOf at={page.asOf} />
        </div>
        <Periods page={page} choose={(name) => setAsked({ ...asked, period: name, cursor: null })} />
      </div>
    </>
  );
}

function Lines({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const [reporting, setReporting] = useState<string | null>(null);
  return (
    <ScrollBox label={words.recurring.name}>
      <table className="table" aria-label={words.recurring.name}>
        <thead>
          <tr>
            <th>{words.recurring.name}</th>
            <th>{words.recurring.place}</th>
            <th>{words.recurring.dueOn}</th>
            <th>{words.recurring.state}</th>
            {page.report && <th className="no-print">{words.recurring.report}</th>}
          </tr>
        </thead>
        <tbody>
          {page.items.map((line) => (
            <Line
              key={line.key}
              line={line}
              page={page}
              open={reporting === line.key}
              toggle={() => setReporting(reporting === line.key ? null : line.key)}
              close={() => setReporting(null)}
            />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

interface LineProps {
  readonly line: DueLine;
  readonly page: Answer;
  readonly open: boolean;
  readonly toggle: () => void;
  readonly close: () => void;
}

function Line({ line, page, open, toggle, close }: LineProps) {
  const words = useMechanismWords();
  const { report } = page;
  const act = report && {
    ...report,
    name: {
      zh: `${report.name.zh}：${line.name}`,
      en: `${report.name.en}: ${line.name}`,
    },
    command: { ...report.command, payload: { ...report.command.payload, object: line.key } },
  };
  return (
    <>
      <tr>
        <td>{line.name}</td>
        <td>{line.place}</td>
        <td className="nowrap">{line.dueOn}</td>
        <td>
          {line.doneAt ? (
            <State kind="done" word={`${words.recurring.isDone} ${dateTime(line.doneAt)}`} />
          ) : (
            <State
              kind={line.late ? 'late' : 'waiting'}
              word={line.late ? words.recurring.late : words.recurring.waits}
            />
          )}
        </td>
        {page.report && (
          <td className="no-print">
            {line.doneAt === null && (
              <button type="button" className="button" aria-expanded={open} onClick={toggle}>
                {open ? words.closeForm : words.recurring.report}
                <span className="sr"> {line.name}</span>
              </button>
            )}
          </td>
        )}
      </tr>
      {open && act && (
        <tr>
          <td colSpan={5}>
            <Acts acts={[act]} place={`recurring.${page.id}.${line.key}`} onDone={close} opened />
          </td>
        </tr>
      )}
    </>
  );
}

function Periods({ page, choose }: { readonly page: Answer; readonly choose: (name: string) => void }) {
  const words = useMechanismWords();
  if (page.periods.length === 0) return null;
  return (
    <Panel id="recurring-periods" title={words.recurring.periods}>
      <ScrollBox label={words.recurring.periods}>
        <table className="table" aria-label={words.recurring.periods}>
          <thead>
            <tr>
              <th>{words.recurring.period}</th>
              <th className="number">{words.recurring.done}</th>
              <th className="number">{words.recurring.overdue}</th>
              <th className="number">{words.recurring.rate}</th>
            </tr>
          </thead>
          <tbody>
            {page.periods.map((one) => (
              <tr key={one.name} className={one.name === page.period.name ? 'here' : ''}>
                <td>
                  <button type="button" className="link-button" onClick={() => choose(one.name)}>
                    {one.to}
                  </button>
                </td>
                <td className="number">
                  {one.done} / {one.due}
                </td>
                <td className={`number ${one.overdue > 0 ? 'state-late' : ''}`}>
                  {one.overdue > 0 ? `▲ ${one.overdue}` : 0}
                </td>
                <td className="number">
                  <span className="row period-rate">
                    <span className="bar" aria-hidden="true">
                      <i style={{ width: one.due === 0 ? 0 : `${(one.done / one.due) * 100}%` }} />
                    </span>
                    {rateOf(one)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Panel>
  );
}
