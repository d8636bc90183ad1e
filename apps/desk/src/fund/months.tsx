// The months of a year on the board: settled, corrected, or carried as a correction by a later month.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { command } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import type { FundBoard, FundMonth } from './contract.ts';
import { MoneyCell } from './money.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { useWords } from './words.ts';

export function Months({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  return (
    <section className="panel">
      <header>
        <h2>{words.months}</h2>
      </header>
      <ScrollBox label={words.months}>
        <table className="table" aria-label={words.months}>
          <thead>
            <tr>
              <th>{words.month}</th>
              <th className="number">{words.stays}</th>
              <th className="number">{words.inCounty}</th>
              <th className="number">{words.outside}</th>
              <th className="number">{words.cumulative}</th>
              <th>{words.state}</th>
              <th>
                <span className="sr">{words.settle}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {board.months
              .filter((month) => month.sum !== null)
              .map((month) => (
                <tr key={month.month}>
                  <td>
                    {month.stays > 0 ? (
                      <Link to="/fund/statements" search={{ month: month.month }}>
                        {month.month}
                      </Link>
                    ) : (
                      month.month
                    )}
                  </td>
                  <td className="number">{month.stays}</td>
                  <MoneyCell value={month.inCounty} />
                  <MoneyCell value={month.outside} />
                  <MoneyCell value={month.sum!} />
                  <td>
                    <MonthState month={month} />
                  </td>
                  <td className="number">
                    <SettleButton board={board} month={month} />
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function MonthState({ month }: { readonly month: FundMonth }) {
  const words = useWords();
  if (month.version === null) {
    return month.stays === 0 ? (
      <span className="muted">—</span>
    ) : (
      <State kind="waiting" word={words.notSettled} />
    );
  }
  const version = `${words.settled} · ${words.version} ${month.version}`;
  if (month.changed) return <State kind="due-soon" word={words.changedSince} />;
  return <State kind="done" word={month.locked ? `${version} · ${words.locked}` : version} />;
}

function SettleButton({ board, month }: { readonly board: FundBoard; readonly month: FundMonth }) {
  const words = useWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const settle = useMutation({
    mutationFn: () =>
      command({
        type: 'settlement.run',
        payload: { month: month.month, ...(month.version === null ? {} : { correction: true }) },
      }),
    onSuccess: (answer) => {
      toast(words.settleDone(month.month, (answer.result as { stays: number }).stays));
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
    onError: (error) => toast(errorWords(error), { tone: 'late' }),
  });
  if (month.locked && month.changed) return <AdjustButton board={board} month={month} />;
  const isDue = month.stays > 0 && (month.version === null || month.changed) && !month.locked;
  if (!board.may.settle || board.budget === null || !isDue) return null;
  return (
    <button
      type="button"
      className="button"
      disabled={settle.isPending}
      aria-busy={settle.isPending}
      onClick={() => settle.mutate()}
    >
      {month.version === null ? words.settle : words.settleAgain}
      <span className="sr">{month.month}</span>
    </button>
  );
}

/** A locked month is corrected from the first later month that is open. */
function AdjustButton({ board, month }: { readonly board: FundBoard; readonly month: FundMonth }) {
  const words = useSettlementWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const carrier = board.months.find((one) => one.month > month.month && !one.locked)?.month;
  const adjust = useMutation({
    mutationFn: () =>
      command({ type: 'settlement.adjust', payload: { month: carrier, corrects: month.month } }),
    onSuccess: (answer) => {
      toast(words.adjusted(month.month, (answer.result as { cases: number }).cases));
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
    onError: (error) => toast(errorWords(error), { tone: 'late' }),
  });
  if (!board.may.settle || carrier === undefined) return null;
  return (
    <button
      type="button"
      className="button"
      disabled={adjust.isPending}
      aria-busy={adjust.isPending}
      onClick={() => adjust.mutate()}
    >
      {words.adjust(carrier)}
      <span className="sr">{month.month}</span>
    </button>
  );
}
