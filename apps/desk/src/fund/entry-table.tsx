// Entries of the ledger: what was moved from where to where, by which rule and command, for which case.
import { Link } from '@tanstack/react-router';
import { useSay } from '../app/preferences.tsx';
import { type Column, FundTable, moneyColumn } from './fund-table.tsx';
import type { FundEntry } from './ledger-contract.ts';
import { useSettlementWords } from './settlement-words.ts';
import { useWords } from './words.ts';

interface EntryTableProps {
  readonly label: string;
  readonly entries: readonly FundEntry[];
  /** Where the entries are of several cases, each leads to its own. */
  readonly withCase?: boolean;
}

export function EntryTable({ label, entries, withCase = false }: EntryTableProps) {
  const words = useWords();
  const say = useSay();
  const ofCase: Column<FundEntry> = {
    head: words.caseWord,
    kind: 'nowrap',
    cell: ({ caseId }) => <ToCase caseId={caseId} />,
  };
  return (
    <FundTable<FundEntry>
      label={label}
      rows={entries}
      keyOf={({ run, number }) => `${run}/${number}`}
      columns={[
        { head: words.date, kind: 'nowrap', cell: ({ on }) => on },
        { head: words.summary, kind: 'name', cell: (entry) => <Summary entry={entry} /> },
        ...(withCase ? [ofCase] : []),
        { head: words.debit, cell: ({ debitName }) => say(debitName), hint: ({ debit }) => debit },
        { head: words.credit, cell: ({ creditName }) => say(creditName), hint: ({ credit }) => credit },
        moneyColumn(words.sum, ({ amount }) => amount),
        { head: words.row, cell: ({ row }) => <code className="small">{row}</code> },
      ]}
    />
  );
}

function Summary({ entry }: { readonly entry: FundEntry }) {
  const words = useWords();
  const more = useSettlementWords();
  const say = useSay();
  return (
    <>
      {say(entry)}
      {entry.reverses && (
        <>
          <br />
          <span className="muted small">{more.reverses(entry.reverses.period)}</span>
        </>
      )}
      <br />
      <code className="muted small nowrap" title={entry.command}>
        {words.command} …{entry.command.slice(-8)}
      </code>
    </>
  );
}

/** A stay has its page here; other cases are known by their number. */
function ToCase({ caseId }: { readonly caseId: string | null }) {
  if (caseId === null || caseId.includes('/')) return caseId ?? '';
  return (
    <Link to="/fund/cases/$caseId" params={{ caseId }}>
      {caseId}
    </Link>
  );
}
