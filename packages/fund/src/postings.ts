// Double entry as data: a posting is a set of lines that sum to zero, traced to its case and its rule row.
import { assert, type Fen, type LocalDate, type Text } from '@yimai/kit';

export const FUND_SOURCES = ['insurance', 'public-health', 'fiscal', 'special'] as const;
export type FundSource = (typeof FUND_SOURCES)[number];

/** A debit is positive, a credit negative. */
export interface Line {
  readonly account: string;
  readonly amountFen: Fen;
}

export interface Posting {
  /** Unique and the same in every run: `2026-03/case/S-1`. */
  readonly key: string;
  readonly kind: string;
  readonly source: FundSource;
  readonly purpose: string;
  /** `2026-03` for a month, `2026` for a year. */
  readonly period: string;
  readonly on: LocalDate;
  readonly caseId: string | null;
  readonly row: string;
  readonly text: Text;
  readonly lines: readonly Line[];
}

/** The chart of accounts, in the books of the insurer. */
export const account = {
  bank: (source: FundSource) => `bank/${source}`,
  budget: (payee: string) => `budget/${payee}`,
  reserve: (payee: string) => `reserve/${payee}`,
  expense: (kind: string) => `expense/${kind}`,
  payable: (org: string) => `payable/${org}`,
  prepaid: (org: string) => `prepaid/${org}`,
  deposit: (org: string) => `deposit/${org}`,
  outside: () => 'payable/outside-county',
  surplus: (payee: string) => `surplus/${payee}`,
  share: (party: string) => `share/${party}`,
} as const;

/** Money moves from `credit` to `debit`; null when there is nothing to move. */
export function transfer(
  head: Omit<Posting, 'lines'>,
  debit: string,
  credit: string,
  amountFen: Fen,
): Posting | null {
  if (amountFen === 0n) return null;
  return posting(head, [
    { account: debit, amountFen },
    { account: credit, amountFen: -amountFen },
  ]);
}

export function posting(head: Omit<Posting, 'lines'>, lines: readonly Line[]): Posting {
  const real = lines.filter((line) => line.amountFen !== 0n);
  assert(real.reduce((sum, line) => sum + line.amountFen, 0n) === 0n, `posting ${head.key} does not balance`);
  return { ...head, lines: real };
}

/** A correction is the same posting the other way round, under a key of its own. */
export function reversal(original: Posting, key: string, on: LocalDate): Posting {
  return {
    ...original,
    key,
    on,
    kind: 'reversal',
    text: { zh: `冲销：${original.text.zh}`, en: `reversal: ${original.text.en}` },
    lines: original.lines.map((line) => ({ ...line, amountFen: -line.amountFen })),
  };
}

/** The balance of every account, in order of the account names; the sum over all is zero. */
export function trialBalance(postings: Iterable<Posting>): Map<string, Fen> {
  const balances = new Map<string, Fen>();
  for (const { lines } of postings) {
    for (const line of lines) balances.set(line.account, (balances.get(line.account) ?? 0n) + line.amountFen);
  }
  return new Map([...balances].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** One text for the same postings in any order: what "byte for byte the same" is compared by. */
export function canonical(postings: readonly Posting[]): string {
  const sorted = [...postings].sort((left, right) => (left.key < right.key ? -1 : 1));
  return sorted
    .map(
      (entry) => `${JSON.stringify(entry, (_, value) => (typeof value === 'bigint' ? `${value}` : value))}\n`,
    )
    .join('');
}
