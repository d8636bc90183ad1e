// The months of a year on the board: settled, corrected, or carried as a correction by a later month.
import { Link } from '@tanstack/react-router';
import { State } from '../design/state.tsx';
import type { FundBoard, FundMonth } from './board-contract.ts';
import { RowButton } from './form-parts.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

export function Months({ board }: { readonly board: FundBoard }) {
  const words = useWords();
  return (
    <FundPanel title={words.months}>
      <FundTable<FundMonth>
        label={words.months}
        rows={board.months.filter(({ sum }) => sum !== null)}
        keyOf={({ month }) => month}
        columns={[
          { head: words.month, kind: 'nowrap', cell: (month) => <ToStatements month={month} /> },
          { head: words.stays, kind: 'number', cell: ({ stays }) => stays },
          moneyColumn(words.inCounty, ({ inCounty }) => inCounty),
          moneyColumn(words.outside, ({ outside }) => outside),
          moneyColumn(words.cumulative, ({ sum }) => sum),
          { head: words.state, kind: 'nowrap', cell: (month) => <MonthState month={month} /> },
          {
            head: <span className="sr">{words.settle}</span>,
            kind: 'number',
            cell: (month) => <SettleButton board={board} month={month} />,
          },
        ]}
      />
    </FundPanel>
  );
}

function ToStatements({ month: { month, stays } }: { readonly month: FundMonth }) {
  if (stays === 0) return month;
  return (
    <Link to="/fund/statements" search={{ month }}>
      {month}
    </Link>
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

interface MonthActProps {
  readonly board: FundBoard;
  readonly month: FundMonth;
}

function SettleButton({ board, month }: MonthActProps) {
  const words = useWords();
  const { send, busy } = useFundCommand<{ readonly stays: number }>({
    done: ({ stays }) => words.settleDone(month.month, stays),
    saysFault: true,
  });
  if (month.locked && month.changed) return <AdjustButton board={board} month={month} />;
  const isDue = month.stays > 0 && (month.version === null || month.changed) && !month.locked;
  if (!board.may.settle || board.budget === null || !isDue) return null;
  const correction = month.version === null ? {} : { correction: true };
  return (
    <RowButton
      word={month.version === null ? words.settle : words.settleAgain}
      of={month.month}
      busy={busy}
      press={() => send('settlement.run', { month: month.month, ...correction })}
    />
  );
}

/** A locked month is corrected from the first later month that is open. */
function AdjustButton({ board, month }: MonthActProps) {
  const words = useSettlementWords();
  const { send, busy } = useFundCommand<{ readonly cases: number }>({
    done: ({ cases }) => words.adjusted(month.month, cases),
    saysFault: true,
  });
  const carrier = board.months.find((one) => one.month > month.month && !one.locked)?.month;
  if (!board.may.settle || carrier === undefined) return null;
  return (
    <RowButton
      word={words.adjust(carrier)}
      of={month.month}
      busy={busy}
      press={() => send('settlement.adjust', { month: carrier, corrects: month.month })}
    />
  );
}
