// The year-end clearing: months, scores, every house and account before and after, then one press; the surplus after it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { post } from '../api/client.ts';
import { Icon } from '../design/icon.tsx';
import { Loaded } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import type { FundBoard } from './board-contract.ts';
import type { FundClearing } from './clearing-contract.ts';
import { Distribution } from './distribution.tsx';
import { NumberField, SmallForm } from './form-parts.tsx';
import { FundSteps } from './fund-steps.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { FundYearPage } from './fund-year-page.tsx';
import { Money, Tile } from './money.tsx';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

export function FundClearingPage() {
  const words = useWords();
  return (
    <FundYearPage<FundBoard> title={words.clearing} text={words.clearingText} ask="board">
      {({ year, may }) => <ClearingOf key={year} year={year} may={may.settle} />}
    </FundYearPage>
  );
}

interface ClearingOfProps {
  readonly year: string;
  readonly may: boolean;
}

function ClearingOf({ year, may }: ClearingOfProps) {
  const [scores, setScores] = useState<Readonly<Record<string, string>>>({});
  const [overrun, setOverrun] = useState('');
  const written = Object.fromEntries(
    Object.entries(scores).filter(([, score]) => /^[01](\.\d{1,4})?$/.test(score)),
  );
  const asked = { year, scores: written, ...(overrun.trim() ? { reasonableOverrun: overrun.trim() } : {}) };
  const query = useQuery({
    queryKey: ['fund', 'clearing', asked],
    queryFn: ({ signal }) => post<FundClearing>('/desk/fund/clearing', asked, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
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
          <Post clearing={clearing} may={may} asked={asked} overrun={overrun} setOverrun={setOverrun} />
          {clearing.posted && <Distribution clearing={clearing} may={may && !clearing.paid} />}
        </>
      )}
    </Loaded>
  );
}

function Steps({ clearing }: { readonly clearing: FundClearing }) {
  const words = useWords();
  return (
    <FundSteps
      steps={[words.step1, words.step2, words.step3, words.step4]}
      done={[clearing.openMonths.length === 0, true, true, clearing.posted !== null]}
    />
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
      {clearing.packages !== '0.00' && (
        <Tile name={words.packagesDrawn}>
          <Money value={clearing.packages} />
        </Tile>
      )}
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
    <FundPanel title={words.step3} tools={<span className="muted small only-wide">{words.scoreText}</span>}>
      <FundTable<FundClearing['houses'][number]>
        label={words.byHouse}
        rows={clearing.houses}
        keyOf={({ house }) => house.id}
        columns={[
          { head: words.house, kind: 'name', cell: ({ house }) => house.name },
          moneyColumn(words.due, ({ due }) => due),
          moneyColumn(`${words.before} · ${words.paidBefore}`, ({ paidBefore }) => paidBefore),
          moneyColumn(`${words.before} · ${words.depositBefore}`, ({ depositBefore }) => depositBefore),
          {
            head: words.score,
            kind: 'number',
            cell: ({ house, score: posted }) => (
              <input
                className="input score"
                inputMode="decimal"
                aria-label={`${words.score} ${house.name}`}
                value={scores[house.id] ?? posted}
                onChange={(event) => score(house.id, event.target.value)}
              />
            ),
          },
          moneyColumn(words.returned, ({ depositReturned }) => depositReturned),
          moneyColumn(words.forfeited, ({ forfeited }) => forfeited),
          moneyColumn(words.shared, ({ shared }) => shared, { signed: true }),
          moneyColumn(`${words.after} · ${words.paidAfter}`, ({ paidAfter }) => paidAfter),
          moneyColumn(words.final, ({ difference }) => difference, { signed: true }),
        ]}
      />
    </FundPanel>
  );
}

function Accounts({ clearing }: { readonly clearing: FundClearing }) {
  const words = useWords();
  return (
    <details className="panel">
      <summary className="body">
        {words.account} · {words.before} / {words.after} ({clearing.accounts.length})
      </summary>
      <FundTable<FundClearing['accounts'][number]>
        label={words.account}
        rows={clearing.accounts}
        keyOf={({ account }) => account}
        columns={[
          { head: words.account, cell: ({ account }) => <code className="small">{account}</code> },
          moneyColumn(words.before, ({ before }) => before),
          moneyColumn(words.after, ({ after }) => after),
          moneyColumn(words.difference, ({ difference }) => difference, { signed: true }),
        ]}
      />
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
  const { send, busy, fault } = useFundCommand({ done: words.posted });
  const { posted, houses, result, paid } = clearing;
  const isOver = result !== null && result.overrun !== '0.00';
  // What is posted is what is shown: every house's score, also those kept from the posted clearing.
  const scores = Object.fromEntries(houses.map(({ house, score }) => [house.id, score]));
  const payload = { ...asked, scores, ...(posted ? { correction: true } : {}) };
  const overrunField = isOver && (
    <div style={{ maxWidth: 280 }}>
      <NumberField id="overrun" label={words.reasonable} value={overrun} change={setOverrun} />
    </div>
  );
  return (
    <section className="panel">
      <div className="body stack">
        {posted && (
          <State
            kind="done"
            word={`${words.posted} · ${words.version} ${posted.version} · ${dateTime(posted.at)}`}
          />
        )}
        {paid ? (
          <State kind="done" word={words.paidForGood} />
        ) : may ? (
          <SmallForm
            word={posted ? words.repost : words.post}
            busy={busy}
            fault={fault}
            main={posted === null}
            send={() => send('clearing.run', payload)}
          >
            {overrunField}
          </SmallForm>
        ) : (
          overrunField
        )}
        <Link to="/fund/ledger">{words.ledger}</Link>
      </div>
    </section>
  );
}
