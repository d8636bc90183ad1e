// The public notice of a distribution: its versions, what was objected to, and the payment when nothing bars it any more.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { Blank } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { caseNumber } from './case-number.ts';
import { Shares } from './distribution.tsx';
import { SmallForm } from './form-parts.tsx';
import { FundSteps } from './fund-steps.tsx';
import { FundPanel, FundTable } from './fund-table.tsx';
import { FundYearPage } from './fund-year-page.tsx';
import type { FundNotice } from './notice-contract.ts';
import { useSettlementWords } from './settlement-words.ts';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

export function FundNoticePage() {
  const words = useSettlementWords();
  return (
    <FundYearPage<FundNotice> title={words.notice} text={words.noticeText} ask="notice">
      {(notice) =>
        notice.distribution === null ? (
          <Blank title={words.notDistributed}>
            {notice.may.clear && (
              <Link to="/fund/clearing" search={{ year: notice.year }} className="button">
                {words.toClearing}
              </Link>
            )}
          </Blank>
        ) : (
          <>
            <Steps notice={notice} />
            <Heads notice={notice} />
            {notice.shares !== null && (
              <section className="panel">
                <div className="body stack">
                  <Shares shares={notice.shares} />
                </div>
              </section>
            )}
            <Notices notice={notice} />
            <Objections notice={notice} />
            <Pay notice={notice} />
          </>
        )
      }
    </FundYearPage>
  );
}

const latestOf = ({ notices }: FundNotice) => notices.find(({ isLatest }) => isLatest);

function Steps({ notice }: { readonly notice: FundNotice }) {
  const words = useSettlementWords();
  const latest = latestOf(notice);
  const isOver = latest !== undefined && notice.today > latest.ends;
  const unsettled = notice.objections.some(({ state }) => state === 'open' || state === 'upheld');
  return <FundSteps steps={words.steps} done={[true, isOver, isOver && !unsettled, notice.paid !== null]} />;
}

function Heads({ notice }: { readonly notice: FundNotice }) {
  const words = useSettlementWords();
  const { version, at, people } = notice.distribution!;
  return (
    <p className="muted">
      {words.distributedAs(version)} · {dateTime(at)} · {words.people(people)}
    </p>
  );
}

type Notice = FundNotice['notices'][number];

function Notices({ notice }: { readonly notice: FundNotice }) {
  const words = useSettlementWords();
  const isNew = latestOf(notice) === undefined;
  return (
    <FundPanel title={words.notices}>
      {notice.notices.length > 0 && (
        <FundTable<Notice>
          label={words.notices}
          rows={notice.notices}
          keyOf={({ run }) => run}
          columns={[
            { head: words.version, cell: ({ version }) => version },
            { head: words.starts, kind: 'nowrap', cell: ({ starts }) => starts },
            { head: words.ends, kind: 'nowrap', cell: ({ ends }) => ends },
            { head: words.state, cell: (one) => <NoticeState one={one} today={notice.today} /> },
          ]}
        />
      )}
      {isNew && (
        <div className="body stack">
          <p className="muted">{words.noNotice}</p>
          {notice.may.settle && notice.days !== null && (
            <Act
              type="notice.publish"
              payload={{ year: notice.year }}
              word={words.publish(notice.days)}
              done={words.published}
            />
          )}
        </div>
      )}
    </FundPanel>
  );
}

function NoticeState({
  one,
  today,
}: {
  readonly one: FundNotice['notices'][number];
  readonly today: string;
}) {
  const words = useSettlementWords();
  if (!one.isLatest) return <State kind="closed" word={words.replaced} />;
  if (today > one.ends) return <State kind="done" word={words.over} />;
  const left = Math.round((Date.parse(one.ends) - Date.parse(today)) / 86_400_000) + 1;
  return <State kind="running" word={`${words.latest} · ${words.running(left)}`} />;
}

const STATE_KINDS = {
  open: 'running',
  upheld: 'due-soon',
  done: 'done',
  rejected: 'closed',
  withdrawn: 'closed',
} as const;

function Objections({ notice }: { readonly notice: FundNotice }) {
  const words = useSettlementWords();
  const common = useWords();
  const latest = latestOf(notice);
  const mayObject = notice.may.object && latest !== undefined && notice.today <= latest.ends;
  return (
    <FundPanel title={words.objections}>
      {notice.objections.length === 0 ? (
        <p className="body muted">{words.noObjections}</p>
      ) : (
        <FundTable<FundNotice['objections'][number]>
          label={words.objections}
          rows={notice.objections}
          keyOf={(one) => one.case}
          columns={[
            {
              head: words.number,
              cell: (one) => (
                <Link to="/cases/$caseId" params={{ caseId: one.case }}>
                  {caseNumber(one.number)}
                </Link>
              ),
            },
            { head: common.at, kind: 'nowrap', cell: ({ at }) => dateTime(at) },
            {
              head: words.state,
              cell: ({ state }) => (
                <State
                  kind={STATE_KINDS[state as keyof typeof STATE_KINDS] ?? 'running'}
                  word={words.objectionStates[state] ?? state}
                />
              ),
            },
          ]}
        />
      )}
      {mayObject && <ObjectForm run={latest.run} />}
    </FundPanel>
  );
}

function ObjectForm({ run }: { readonly run: string }) {
  const words = useSettlementWords();
  const [what, setWhat] = useState('');
  const { send, busy, fault } = useFundCommand({ done: words.objected, after: () => setWhat('') });
  return (
    <div className="body">
      <SmallForm
        word={words.object}
        busy={busy}
        fault={fault}
        main={false}
        ready={what.trim() !== ''}
        send={() => send('loop.open', { loop: 'settlement-objection', answers: { run, what } })}
      >
        <div className="field">
          <label htmlFor="objection">{words.objectWhat}</label>
          <textarea
            id="objection"
            className="input"
            value={what}
            onChange={(event) => setWhat(event.target.value)}
          />
          <span className="help">{words.objectText}</span>
        </div>
      </SmallForm>
    </div>
  );
}

function Pay({ notice }: { readonly notice: FundNotice }) {
  const words = useSettlementWords();
  const say = useSay();
  return (
    <FundPanel title={words.pay}>
      <div className="body stack">
        {notice.paid !== null ? (
          <State
            kind="done"
            word={`${words.paid} ${notice.paid.amount} · ${words.version} ${notice.paid.version} · ${dateTime(notice.paid.at)}`}
          />
        ) : notice.bar !== null ? (
          <p className="note soon">
            <Icon name="alert" size={16} />
            <span>{words.payBar(say(notice.bar))}</span>
          </p>
        ) : (
          notice.may.settle && (
            <Act
              type="distribution.pay"
              payload={{ year: notice.year }}
              word={words.pay}
              done={words.paidDone}
            />
          )
        )}
      </div>
    </FundPanel>
  );
}

interface ActProps {
  readonly type: string;
  readonly payload: unknown;
  readonly word: string;
  readonly done: string;
}

/** One button that sends one command and says what came of it. */
function Act({ type, payload, word, done }: ActProps) {
  const { send, busy, fault } = useFundCommand({ done });
  return <SmallForm word={word} busy={busy} fault={fault} send={() => send(type, payload)} />;
}
