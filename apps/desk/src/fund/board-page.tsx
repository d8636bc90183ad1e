// The budget board: spent against time passed, months with their settlement, houses, kinds of payment, warnings.
import { Link } from '@tanstack/react-router';
import { useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { dateTime } from '../design/time.ts';
import { axis, base, Chart, Turnable } from '../figures/chart.tsx';
import type { FundBoard } from './board-contract.ts';
import { BudgetForm } from './budget-form.tsx';
import type { FundSearch } from './fund-search.ts';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { FundYearPage } from './fund-year-page.tsx';
import { Money, Tile, toNumber } from './money.tsx';
import { Months } from './months.tsx';
import { Prepayment } from './prepayment.tsx';
import { useWords } from './words.ts';

export function FundBoardPage() {
  const words = useWords();
  return (
    <FundYearPage<FundBoard> title={words.fund} text={words.intro} ask="board">
      {(board) => <Board board={board} />}
    </FundYearPage>
  );
}

function Board({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  const say = useSay();
  return (
    <>
      {board.budget === null && <BudgetForm board={board} />}
      <Pace board={board} />
      {board.warnings.length > 0 && (
        <div className="note soon">
          <Icon name="alert" size={16} />
          <ul>
            {board.warnings.map((warning) => (
              <li key={warning.zh}>{say(warning)}</li>
            ))}
          </ul>
        </div>
      )}
      <Curve board={board} />
      {board.budget !== null && <Prepayment year={board.year} />}
      <Months board={board} />
      <Houses board={board} />
      <p className="muted small">
        {words.asOf} {dateTime(board.asOf)}
        {board.ruleSet && (
          <>
            {' · '}
            <Link to="/fund/rules">{say(board.ruleSet.title)}</Link>
          </>
        )}
      </p>
    </>
  );
}

function Pace({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  const ahead = board.spentShare === null ? 0 : Number(board.spentShare) - Number(board.timeShare);
  return (
    <section className="stack" aria-label={words.tabs.board}>
      <div className="fund-tiles">
        {board.budget && (
          <Tile
            name={words.budget}
            note={
              <>
                {words.gross} <Money value={board.budget.gross} /> · {words.reserve}{' '}
                <Money value={board.budget.reserve} />
              </>
            }
          >
            <Money value={board.budget.budget} />
          </Tile>
        )}
        <Tile
          name={words.spent}
          note={
            <>
              {words.outside} <Money value={board.outside} />
            </>
          }
        >
          <Money value={board.spent} />
        </Tile>
        {board.left && (
          <Tile name={words.left}>
            <Money value={board.left} />
          </Tile>
        )}
        <Tile
          name={board.spentShare === null ? words.timePassed : words.budgetUsed}
          note={
            board.spentShare === null ? undefined : (
              <>
                {words.timePassed} {board.timeShare}% · {ahead > 0 ? words.ahead : words.behind}{' '}
                {Math.abs(ahead).toFixed(1)} {words.points}
              </>
            )
          }
        >
          {board.spentShare ?? board.timeShare}%
        </Tile>
      </div>
      {board.spentShare !== null && (
        <div
          className={`fund-pace ${ahead > 5 ? 'ahead' : ''}`}
          role="img"
          aria-label={`${words.budgetUsed} ${board.spentShare}% · ${words.timePassed} ${board.timeShare}%`}
        >
          <i style={{ width: `${Math.min(100, Math.max(0, Number(board.spentShare)))}%` }} />
          <b style={{ left: `${board.timeShare}%` }} title={`${words.timePassed} ${board.timeShare}%`} />
        </div>
      )}
    </section>
  );
}

/** Ten thousand yuan on the axis; the table beside it keeps every fen. */
function Curve({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  const wan = (value: string | null): number | null =>
    value === null ? null : Math.round(toNumber(value) / 100) / 100;
  const last = board.months.filter((month) => month.sum !== null).at(-1);
  return (
    <Turnable
      id="fund-curve"
      title={words.curve}
      note={`${words.unitWan} · ${board.year}`}
      picture={
        <div className="body">
          <Chart
            label={words.curve}
            height={260}
            option={(colours) => ({
              ...base(colours),
              grid: { left: 8, right: 96, top: 24, bottom: 8, containLabel: true },
              xAxis: axis(colours, {
                type: 'category',
                boundaryGap: false,
                data: board.months.map(({ month }) => month.slice(5)),
              }),
              yAxis: axis(colours, { type: 'value', min: 0 }),
              series: [
                {
                  name: words.budgetLine,
                  type: 'line',
                  symbol: 'none',
                  lineStyle: { type: 'dashed', color: colours.muted, width: 1.5 },
                  itemStyle: { color: colours.muted },
                  endLabel: { show: true, formatter: words.budgetLine, color: colours.muted },
                  data: board.months.map(({ budgetSum }) => wan(budgetSum)),
                },
                {
                  name: words.spentLine,
                  type: 'line',
                  symbolSize: 5,
                  lineStyle: { color: colours.accent, width: 2.5 },
                  itemStyle: { color: colours.accent },
                  areaStyle: { color: colours.accent, opacity: 0.08 },
                  endLabel: { show: true, formatter: words.spentLine, color: colours.accent },
                  data: board.months.map(({ sum }) => wan(sum)),
                },
              ],
            })}
          />
          {last?.sum && (
            <p className="muted small">
              {last.month} {words.cumulative} <Money value={last.sum} /> {words.yuan}
            </p>
          )}
        </div>
      }
      table={
        <FundTable<FundBoard['months'][number]>
          label={words.curve}
          rows={board.months}
          keyOf={({ month }) => month}
          columns={[
            { head: words.month, cell: ({ month }) => month },
            moneyColumn(words.spentLine, ({ sum }) => sum),
            moneyColumn(words.budgetLine, ({ budgetSum }) => budgetSum),
          ]}
        />
      }
    />
  );
}

function Houses({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  const { year, may } = board;
  return (
    <div className="fund-columns">
      <FundPanel title={words.byHouse}>
        <FundTable<FundBoard['houses'][number]>
          label={words.byHouse}
          rows={board.houses}
          keyOf={({ house }) => house.id}
          columns={[
            {
              head: words.house,
              kind: 'name',
              cell: ({ house }) => (
                <ToCases may={may.cases} search={{ year, house: house.id }} word={house.name} />
              ),
            },
            { head: words.stays, kind: 'number', cell: ({ stays }) => stays },
            { head: words.caseMix, kind: 'number', cell: ({ caseMix }) => caseMix ?? '—' },
            moneyColumn(words.cost, ({ cost }) => cost),
            moneyColumn(words.fundDue, ({ fund }) => fund),
            moneyColumn(words.result, ({ result }) => result, { signed: true }),
          ]}
        />
      </FundPanel>
      <FundPanel title={words.byKind}>
        <FundTable<FundBoard['kinds'][number]>
          label={words.byKind}
          rows={board.kinds}
          keyOf={({ kind }) => kind}
          columns={[
            {
              head: words.kind,
              cell: ({ kind }) => (
                <ToCases may={may.cases} search={{ year, kind }} word={words.kinds[kind] ?? kind} />
              ),
            },
            { head: words.stays, kind: 'number', cell: ({ stays }) => stays },
            moneyColumn(words.fundDue, ({ fund }) => fund),
          ]}
        />
      </FundPanel>
    </div>
  );
}

interface ToCasesProps {
  readonly may: boolean;
  readonly search: FundSearch;
  readonly word: string;
}

/** The cases behind a figure, for those who may see single stays. */
function ToCases({ may, search, word }: ToCasesProps) {
  if (!may) return word;
  return (
    <Link to="/fund/cases" search={search}>
      {word}
    </Link>
  );
}
