// The houses' own budgets: the consortium without what members pass to each other, execution against time passed, departments.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { post } from '../api/client.ts';
import type { StateKind } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { axis, base, Chart, Turnable } from '../figures/chart.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Money, Tile } from './money.tsx';
import type { OperatingBudgetBoard, OperatingBudgetDepartment } from './operating-budget-contract.ts';
import { DraftForm } from './operating-budget-draft.tsx';
import { DepartmentSheet } from './operating-budget-sheet.tsx';
import { useBudgetWords } from './operating-budget-words.ts';
import { PayFrame } from './pay-frame.tsx';
import { asOptions, Select } from './select.tsx';

const route = getRouteApi('/pay/budget');

export function OperatingBudgetPage() {
  const words = useBudgetWords();
  const { year } = route.useSearch();
  const navigate = route.useNavigate();
  const [on, setOn] = useState('');
  const query = useQuery({
    queryKey: ['pay', 'operating-budget', year ?? '', on],
    queryFn: ({ signal }) =>
      post<OperatingBudgetBoard>(
        '/desk/fund/operating-budget',
        { ...(year ? { year } : {}), ...(on ? { on } : {}) },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
  return (
    <PayFrame
      title={words.title}
      text={words.text}
      tools={
        query.data && (
          <>
            <Select
              label={words.year}
              value={query.data.year}
              options={asOptions(yearsAround(query.data.on))}
              change={(next) => void navigate({ search: { year: next } })}
            />
            <label className="fund-select">
              <span className="muted small">{words.on}</span>
              <input
                className="input"
                type="date"
                value={on || query.data.on}
                onChange={(event) => setOn(event.target.value)}
              />
            </label>
          </>
        )
      }
    >
      <Loaded query={query}>{(board) => <Board key={board.year} board={board} />}</Loaded>
    </PayFrame>
  );
}

/** The year of the day, the one before and the one to come. */
const yearsAround = (on: string): string[] => [1, 0, -1].map((more) => `${Number(on.slice(0, 4)) + more}`);

/** Per cent of the year that has passed on that day. */
function timePassed({ year, on }: OperatingBudgetBoard): number {
  if (on.slice(0, 4) !== year) return on < year ? 0 : 100;
  const first = Date.parse(`${year}-01-01`);
  const whole = Date.parse(`${Number(year) + 1}-01-01`) - first;
  return Math.round(((Date.parse(on) + 86_400_000 - first) / whole) * 1000) / 10;
}

const keyOf = ({ house, department }: OperatingBudgetDepartment): string => `${house.id}/${department}`;
const KINDS: Readonly<Record<OperatingBudgetDepartment['state'], StateKind>> = {
  draft: 'waiting',
  submitted: 'running',
  returned: 'due-soon',
  approved: 'done',
};

function Board({ board }: { readonly board: OperatingBudgetBoard }) {
  const words = useBudgetWords();
  const [chosen, setChosen] = useState('');
  const open = board.departments.find((one) => keyOf(one) === chosen);
  return (
    <>
      <Consortium board={board} />
      {board.departments.length === 0 ? (
        <section className="panel">
          <Blank title={words.none}>
            <p>{words.noneText}</p>
          </Blank>
        </section>
      ) : (
        <>
          <Execution board={board} />
          <Departments board={board} choose={setChosen} />
        </>
      )}
      {open && <DepartmentSheet key={chosen} one={open} year={board.year} on={board.on} />}
      {board.houses.length > 0 && <DraftForm board={board} />}
    </>
  );
}

function Consortium({ board: { consortium } }: { readonly board: OperatingBudgetBoard }) {
  const words = useBudgetWords();
  if (consortium === null) return null;
  return (
    <div className="fund-tiles">
      <Tile
        name={words.consortium}
        note={
          <>
            {words.members} <Money value={consortium.members} /> − {words.internal}{' '}
            <Money value={consortium.internal} />
          </>
        }
      >
        <Money value={consortium.budget} />
      </Tile>
      <Tile name={words.spent}>
        <Money value={consortium.spent} />
      </Tile>
      <Tile name={words.left}>
        <Money value={consortium.left} />
      </Tile>
      <Tile name={words.rate}>{consortium.rate}%</Tile>
    </div>
  );
}

/** Bars of what is in force; the dashed line is the time that has passed. */
function Execution({ board }: { readonly board: OperatingBudgetBoard }) {
  const words = useBudgetWords();
  const shown = board.departments.filter(({ state }) => state === 'approved');
  const passed = timePassed(board);
  if (shown.length === 0) return null;
  return (
    <Turnable
      id="budget-execution"
      title={words.execution}
      note={`${words.unit} ${passed}`}
      picture={
        <div className="body">
          <Chart
            label={words.execution}
            height={48 + 34 * shown.length}
            option={(colours) => ({
              ...base(colours),
              grid: { left: 8, right: 56, top: 8, bottom: 8, containLabel: true },
              xAxis: axis(colours, { type: 'value', min: 0, max: 100 }),
              yAxis: axis(colours, {
                type: 'category',
                inverse: true,
                data: shown.map(({ title }) => title),
                splitLine: { show: false },
              }),
              series: [
                {
                  name: words.rate,
                  type: 'bar',
                  barWidth: 14,
                  label: { show: true, position: 'right', formatter: '{c}%', color: colours.ink },
                  data: shown.map(({ rate }) => ({
                    value: Number(rate),
                    itemStyle: { color: Number(rate) > passed + AHEAD ? colours.soon : colours.accent },
                  })),
                  markLine: {
                    silent: true,
                    symbol: 'none',
                    label: { show: false },
                    lineStyle: { type: 'dashed', color: colours.muted },
                    data: [{ xAxis: passed }],
                  },
                },
              ],
            })}
          />
        </div>
      }
      table={
        <FundTable<OperatingBudgetDepartment>
          label={words.execution}
          rows={shown}
          keyOf={keyOf}
          columns={[
            { head: words.department, cell: ({ title }) => title, kind: 'name' },
            { head: words.rate, cell: ({ rate }) => `${rate}%`, kind: 'number' },
            { head: words.timePassed, cell: () => `${passed}%`, kind: 'number' },
          ]}
        />
      }
    />
  );
}

/** Ahead of time by more than so many points is marked. */
const AHEAD = 5;

interface DepartmentsProps {
  readonly board: OperatingBudgetBoard;
  readonly choose: (key: string) => void;
}

function Departments({ board, choose }: DepartmentsProps) {
  const words = useBudgetWords();
  const passed = timePassed(board);
  return (
    <FundPanel title={words.departments}>
      <FundTable<OperatingBudgetDepartment>
        label={words.departments}
        rows={board.departments}
        keyOf={keyOf}
        columns={[
          {
            head: words.department,
            kind: 'name',
            cell: (one) => (
              <button type="button" className="link-button" onClick={() => choose(keyOf(one))}>
                {one.title}
              </button>
            ),
          },
          { head: words.house, kind: 'name', cell: ({ house }) => house.name },
          moneyColumn(words.budget, ({ budget }) => budget),
          moneyColumn(words.spent, ({ spent }) => spent),
          moneyColumn(words.left, ({ left }) => left),
          { head: words.rate, kind: 'number', cell: ({ rate }) => `${rate}%` },
          {
            head: `${words.variance}（${words.points}）`,
            kind: 'number',
            cell: ({ state, rate }) => (state === 'approved' ? signed(Number(rate) - passed) : '—'),
          },
          {
            head: words.state,
            kind: 'nowrap',
            cell: ({ state }) => <State kind={KINDS[state]} word={words.states[state] ?? state} />,
          },
        ]}
      />
    </FundPanel>
  );
}

const signed = (points: number): string =>
  `${points > 0 ? '+' : points < 0 ? '−' : ''}${Math.abs(points).toFixed(1)}`;
