// The budget board: spent against time passed, months with their settlement, houses, kinds of payment, warnings.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { dateTime } from '../design/time.ts';
import { axis, base, Chart, Turnable } from '../figures/chart.tsx';
import { BudgetForm } from './budget-form.tsx';
import type { FundBoard } from './contract.ts';
import { FundFrame, Select } from './fund-frame.tsx';
import { Money, MoneyCell, Tile, toNumber } from './money.tsx';
import { Months } from './months.tsx';
import { useWords } from './words.ts';

export function FundBoardPage() {
  const words = useWords();
  const [year, setYear] = useState('');
  const query = useQuery({
    queryKey: ['fund', 'board', year],
    queryFn: ({ signal }) => post<FundBoard>('/desk/fund/board', year ? { year } : {}, signal),
  });
  const board = query.data;
  return (
    <FundFrame
      title={words.fund}
      text={words.intro}
      tools={
        board && (
          <Select
            label={words.year}
            value={board.year}
            options={board.years.map((one) => ({ value: one, word: one }))}
            change={setYear}
          />
        )
      }
    >
      <Loaded query={query}>{(data) => <Board board={data} />}</Loaded>
    </FundFrame>
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
        <ScrollBox label={words.curve}>
          <table className="table" aria-label={words.curve}>
            <thead>
              <tr>
                <th>{words.month}</th>
                <th className="number">{words.spentLine}</th>
                <th className="number">{words.budgetLine}</th>
              </tr>
            </thead>
            <tbody>
              {board.months.map((month) => (
                <tr key={month.month}>
                  <td>{month.month}</td>
                  <td className="number">{month.sum === null ? '—' : <Money value={month.sum} />}</td>
                  <td className="number">
                    {month.budgetSum === null ? '—' : <Money value={month.budgetSum} />}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      }
    />
  );
}

function Houses({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  return (
    <div className="fund-columns">
      <section className="panel">
        <header>
          <h2>{words.byHouse}</h2>
        </header>
        <ScrollBox label={words.byHouse}>
          <table className="table" aria-label={words.byHouse}>
            <thead>
              <tr>
                <th>{words.house}</th>
                <th className="number">{words.stays}</th>
                <th className="number">{words.caseMix}</th>
                <th className="number">{words.cost}</th>
                <th className="number">{words.fundDue}</th>
                <th className="number">{words.result}</th>
              </tr>
            </thead>
            <tbody>
              {board.houses.map(({ house, ...line }) => (
                <tr key={house.id}>
                  <td className="fund-name">
                    {board.may.cases ? (
                      <Link to="/fund/cases" search={{ year: board.year, house: house.id }}>
                        {house.name}
                      </Link>
                    ) : (
                      house.name
                    )}
                  </td>
                  <td className="number">{line.stays}</td>
                  <td className="number">{line.caseMix ?? '—'}</td>
                  <MoneyCell value={line.cost} />
                  <MoneyCell value={line.fund} />
                  <MoneyCell value={line.result} signed />
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </section>
      <section className="panel">
        <header>
          <h2>{words.byKind}</h2>
        </header>
        <ScrollBox label={words.byKind}>
          <table className="table" aria-label={words.byKind}>
            <thead>
              <tr>
                <th>{words.kind}</th>
                <th className="number">{words.stays}</th>
                <th className="number">{words.fundDue}</th>
              </tr>
            </thead>
            <tbody>
              {board.kinds.map((kind) => (
                <tr key={kind.kind}>
                  <td>
                    {board.may.cases ? (
                      <Link to="/fund/cases" search={{ year: board.year, kind: kind.kind }}>
                        {words.kinds[kind.kind] ?? kind.kind}
                      </Link>
                    ) : (
                      (words.kinds[kind.kind] ?? kind.kind)
                    )}
                  </td>
                  <td className="number">{kind.stays}</td>
                  <MoneyCell value={kind.fund} />
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </section>
    </div>
  );
}
