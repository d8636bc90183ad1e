// The public notice of a distribution: its versions, what was objected to, and the payment when nothing bars it any more.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { command, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import type { FundNotice } from './contract.ts';
import { Shares } from './distribution.tsx';
import { FundFrame, Select } from './fund-frame.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/fund/notice');

export function FundNoticePage() {
  const words = useSettlementWords();
  const common = useWords();
  const { year } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({
    queryKey: ['fund', 'notice', year ?? ''],
    queryFn: ({ signal }) => post<FundNotice>('/desk/fund/notice', year ? { year } : {}, signal),
  });
  return (
    <FundFrame
      title={words.notice}
      text={words.noticeText}
      tools={
        query.data && (
          <Select
            label={common.year}
            value={query.data.year}
            options={query.data.years.map((one) => ({ value: one, word: one }))}
            change={(next) => void navigate({ search: { year: next } })}
          />
        )
      }
    >
      <Loaded query={query}>
        {(notice) =>
          notice.distribution === null ? (
            <Blank title={words.notDistributed}>
              <Link to="/fund/clearing" search={{ year: notice.year }} className="button">
                {words.toClearing}
              </Link>
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
      </Loaded>
    </FundFrame>
  );
}

const latestOf = ({ notices }: FundNotice) => notices.find(({ isLatest }) => isLatest);

function Steps({ notice }: { readonly notice: FundNotice }) {
  const words = useSettlementWords();
  const latest = latestOf(notice);
  const isOver = latest !== undefined && notice.today > latest.ends;
  const unsettled = notice.objections.some(({ state }) => state === 'open' || state === 'upheld');
  const done = [true, isOver, isOver && !unsettled, notice.paid !== null];
  return (
    <ol className="fund-steps no-print">
      {words.steps.map((step, index) => (
        <li key={step} className={done[index] ? 'done' : ''}>
          <b>{index + 1}</b>
          {step}
        </li>
      ))}
    </ol>
  );
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

function Notices({ notice }: { readonly notice: FundNotice }) {
  const words = useSettlementWords();
  const latest = latestOf(notice);
  return (
    <section className="panel">
      <header>
        <h2>{words.notices}</h2>
      </header>
      {notice.notices.length > 0 && (
        <ScrollBox label={words.notices}>
          <table className="table" aria-label={words.notices}>
            <thead>
              <tr>
                <th>{words.version}</th>
                <th>{words.starts}</th>
                <th>{words.ends}</th>
                <th>{words.state}</th>
              </tr>
            </thead>
            <tbody>
              {notice.notices.map((one) => (
                <tr key={one.run}>
                  <td>{one.version}</td>
                  <td className="nowrap">{one.starts}</td>
                  <td className="nowrap">{one.ends}</td>
                  <td>
                    <NoticeState one={one} today={notice.today} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {latest === undefined && (
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
    </section>
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
    <section className="panel">
      <header>
        <h2>{words.objections}</h2>
      </header>
      {notice.objections.length === 0 ? (
        <p className="body muted">{words.noObjections}</p>
      ) : (
        <ScrollBox label={words.objections}>
          <table className="table" aria-label={words.objections}>
            <thead>
              <tr>
                <th>{words.number}</th>
                <th>{common.at}</th>
                <th>{words.state}</th>
              </tr>
            </thead>
            <tbody>
              {notice.objections.map((one) => (
                <tr key={one.case}>
                  <td>
                    <Link to="/cases/$caseId" params={{ caseId: one.case }}>
                      {one.number}
                    </Link>
                  </td>
                  <td className="nowrap">{dateTime(one.at)}</td>
                  <td>
                    <State
                      kind={STATE_KINDS[one.state as keyof typeof STATE_KINDS] ?? 'running'}
                      word={words.objectionStates[one.state] ?? one.state}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {mayObject && <ObjectForm run={latest.run} />}
    </section>
  );
}

function ObjectForm({ run }: { readonly run: string }) {
  const words = useSettlementWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [what, setWhat] = useState('');
  const object = useMutation({
    mutationFn: () =>
      command({ type: 'loop.open', payload: { loop: 'settlement-objection', answers: { run, what } } }),
    onSuccess: () => {
      toast(words.objected);
      setWhat('');
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    object.mutate();
  };
  return (
    <form className="body stack" onSubmit={submit}>
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
      {object.isError && (
        <p className="field-error" role="alert">
          {errorWords(object.error)}
        </p>
      )}
      <div className="row">
        <button type="submit" className="button" disabled={what.trim() === '' || object.isPending}>
          {words.object}
        </button>
      </div>
    </form>
  );
}

function Pay({ notice }: { readonly notice: FundNotice }) {
  const words = useSettlementWords();
  const say = useSay();
  return (
    <section className="panel">
      <header>
        <h2>{words.pay}</h2>
      </header>
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
    </section>
  );
}

interface ActProps {
  readonly type: string;
  readonly payload: unknown;
  readonly word: string;
  readonly done: string;
}

/** One button that sends one command and says what came of it. */
export function Act({ type, payload, word, done }: ActProps) {
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: () => command({ type, payload }),
    onSuccess: () => {
      toast(done);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
  });
  return (
    <>
      {act.isError && (
        <p className="field-error" role="alert">
          {errorWords(act.error)}
        </p>
      )}
      <div className="row">
        <button
          type="button"
          className="button main"
          disabled={act.isPending}
          aria-busy={act.isPending}
          onClick={() => act.mutate()}
        >
          {word}
        </button>
      </div>
    </>
  );
}
