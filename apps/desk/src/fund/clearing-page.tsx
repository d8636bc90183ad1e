// The year-end clearing: months, scores, every house and account before and after, then one press; the surplus after it.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { command, post } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { Icon } from '../design/icon.tsx';
import { Loaded, useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import type { FundBoard, FundClearing } from './contract.ts';
import { Distribution } from './distribution.tsx';
import { FundFrame, Select } from './fund-frame.tsx';
import { Money, MoneyCell, Tile } from './money.tsx';
import { useWords } from './words.ts';

const route = getRouteApi('/fund/clearing');

export function FundClearingPage() {
  const words = useWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [scores, setScores] = useState<Readonly<Record<string, string>>>({});
  const [overrun, setOverrun] = useState('');
  const board = useQuery({
    queryKey: ['fund', 'board', search.year ?? ''],
    queryFn: ({ signal }) =>
      post<FundBoard>('/desk/fund/board', search.year ? { year: search.year } : {}, signal),
  });
  const year = board.data?.year ?? '';
  const written = Object.fromEntries(
    Object.entries(scores).filter(([, score]) => /^[01](\.\d{1,4})?$/.test(score)),
  );
  const asked = { year, scores: written, ...(overrun.trim() ? { reasonableOverrun: overrun.trim() } : {}) };
  const query = useQuery({
    queryKey: ['fund', 'clearing', asked],
    enabled: year !== '',
    queryFn: ({ signal }) => post<FundClearing>('/desk/fund/clearing', asked, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <FundFrame
      title={words.clearing}
      text={words.clearingText}
      tools={
        board.data && (
          <Select
            label={words.year}
            value={year}
            options={board.data.years.map((one) => ({ value: one, word: one }))}
            change={(next) => void navigate({ search: { year: next } })}
          />
        )
      }
    >
      <Loaded query={query}>
        {(clearing) => (
          <>
            <Steps clearing={clearing} />
            <Months clearing={clearing} />
            <Result clearing={clearing} />
            <Houses
              clearing={clearing}
              scores={scores}
              score={(org, value) => setScores({ ...scores, [org]: value })}
            />
            <Accounts clearing={clearing} />
            <Post
              clearing={clearing}
              may={board.data?.may.settle ?? false}
              asked={asked}
              overrun={overrun}
              setOverrun={setOverrun}
            />
            {clearing.posted && <Distribution clearing={clearing} may={board.data?.may.settle ?? false} />}
          </>
        )}
      </Loaded>
    </FundFrame>
  );
}

function Steps({ clearing }: { readonly clearing: FundClearing }) {
  const words = useWords();
  const done = [clearing.openMonths.length === 0, true, true, clearing.posted !== null];
  return (
    <ol className="fund-steps no-print">
      {[words.step1, words.step2, words.step3, words.step4].map((step, index) => (
        <li key={step} className={done[index] ? 'done' : ''}>
          <b>{index + 1}</b>
          {step}
        </li>
      ))}
    </ol>
  );
}

function Months({ clearing }: { readonly clearing: FundClearing }) {
  const words = useWords();
  if (clearing.openMonths.length === 0)
    return <State kind="done" word={`${words.allSettled} · ${clearing.months.length}`} />;
  return (
    <p className="note soon">
      <Icon name="alert" size={16} />
      <span>
        {words.openMonths}
        {clearing.openMonths.join('、')} · <Link to="/fund">{words.tabs.board}</Link>
      </span>
    </p>
  );
}

function Result({ clearing }: { readonly clearing: FundClearing }) {
  const words = useWords();
  const { result } = clearing;
  if (result === null) return null;
  const isOver = result.overrun !== '0.00';
  return (
    <div className="fund-tiles">
      <Tile name={words.budget}>
        <Money value={clearing.budget} />
      </Tile>
      <Tile name={words.inCounty}>
        <Money value={clearing.inCounty} />
      </Tile>
      <Tile name={words.outside}>
        <Money value={clearing.outside} />
      </Tile>
      <Tile name={words.charged}>
        <Money value={result.charged} />
      </Tile>
      <Tile
        name={isOver ? words.overrun : words.surplus}
        note={
          isOver ? (
            <>
              {words.insurerAdds} <Money value={result.insurerAdds} /> · {words.groupBears}{' '}
              <Money value={result.groupBears} />
            </>
          ) : undefined
        }
      >
        <Money value={isOver ? result.overrun : result.surplus} />
      </Tile>
    </div>
  );
}

interface HousesProps {
  readonly clearing: FundClearing;
  readonly scores: Readonly<Record<string, string>>;
  readonly score: (org: string, value: string) => void;
}

function Houses({ clearing, scores, score }: HousesProps) {
  const words = useWords();
  return (
    <section className="panel">
      <header>
        <h2>{words.step3}</h2>
        <span className="muted small only-wide">{words.scoreText}</span>
      </header>
      <ScrollBox label={words.byHouse}>
        <table className="table" aria-label={words.byHouse}>
          <thead>
            <tr>
              <th>{words.house}</th>
              <th className="number">{words.due}</th>
              <th className="number">
                {words.before} · {words.paidBefore}
              </th>
              <th className="number">
                {words.before} · {words.depositBefore}
              </th>
              <th className="number">{words.score}</th>
              <th className="number">{words.returned}</th>
              <th className="number">{words.forfeited}</th>
              <th className="number">{words.shared}</th>
              <th className="number">
                {words.after} · {words.paidAfter}
              </th>
              <th className="number">{words.final}</th>
            </tr>
          </thead>
          <tbody>
            {clearing.houses.map(({ house, ...line }) => (
              <tr key={house.id}>
                <td className="fund-name">{house.name}</td>
                <MoneyCell value={line.due} />
                <MoneyCell value={line.paidBefore} />
                <MoneyCell value={line.depositBefore} />
                <td className="number">
                  <input
                    className="input score"
                    inputMode="decimal"
                    aria-label={`${words.score} ${house.name}`}
                    value={scores[house.id] ?? line.score}
                    onChange={(event) => score(house.id, event.target.value)}
                  />
                </td>
                <MoneyCell value={line.depositReturned} />
                <MoneyCell value={line.forfeited} />
                <MoneyCell value={line.shared} signed />
                <MoneyCell value={line.paidAfter} />
                <MoneyCell value={line.difference} signed />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function Accounts({ clearing }: { readonly clearing: FundClearing }) {
  const words = useWords();
  return (
    <details className="panel">
      <summary className="body">
        {words.account} · {words.before} / {words.after} ({clearing.accounts.length})
      </summary>
      <ScrollBox label={words.account}>
        <table className="table" aria-label={words.account}>
          <thead>
            <tr>
              <th>{words.account}</th>
              <th className="number">{words.before}</th>
              <th className="number">{words.after}</th>
              <th className="number">{words.difference}</th>
            </tr>
          </thead>
          <tbody>
            {clearing.accounts.map((line) => (
              <tr key={line.account}>
                <td>
                  <code className="small">{line.account}</code>
                </td>
                <MoneyCell value={line.before} />
                <MoneyCell value={line.after} />
                <MoneyCell value={line.difference} signed />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </details>
  );
}

interface PostProps {
  readonly clearing: FundClearing;
  readonly may: boolean;
  readonly asked: object;
  readonly overrun: string;
  readonly setOverrun: (value: string) => void;
}

function Post({ clearing, may, asked, overrun, setOverrun }: PostProps) {
  const words = useWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: () =>
      command({
        type: 'clearing.run',
        payload: {
          ...asked,
          // What is posted is what is shown: every house's score, also those kept from the posted clearing.
          scores: Object.fromEntries(clearing.houses.map(({ house, score }) => [house.id, score])),
          ...(clearing.posted ? { correction: true } : {}),
        },
      }),
    onSuccess: () => {
      toast(words.posted);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
  });
  const isOver = clearing.result !== null && clearing.result.overrun !== '0.00';
  return (
    <section className="panel">
      <div className="body stack">
        {clearing.posted && (
          <State
            kind="done"
            word={`${words.posted} · ${words.version} ${clearing.posted.version} · ${dateTime(clearing.posted.at)}`}
          />
        )}
        {isOver && (
          <div className="field" style={{ maxWidth: 280 }}>
            <label htmlFor="overrun">{words.reasonable}</label>
            <input
              id="overrun"
              className="input number"
              inputMode="decimal"
              value={overrun}
              onChange={(event) => setOverrun(event.target.value)}
            />
          </div>
        )}
        {run.isError && (
          <p className="field-error" role="alert">
            {errorWords(run.error)}
          </p>
        )}
        {may && (
          <div className="row">
            <button
              type="button"
              className={`button ${clearing.posted ? '' : 'main'}`}
              disabled={run.isPending}
              onClick={() => run.mutate()}
            >
              {clearing.posted ? words.repost : words.post}
            </button>
            <Link to="/fund/ledger" className="button">
              {words.ledger}
            </Link>
          </div>
        )}
      </div>
    </section>
  );
}
