// From postings to entries: every posting becomes transfers between two accounts, in one order, with one digest.
import { createHash } from 'node:crypto';
import { type Posting, smaller } from '@yimai/fund';
import { assert, type Fen } from '@yimai/kit';
import { GROUP_BOOKS, HOUSE_BOOKS } from './books.ts';
import type { Entry, Side } from './types.ts';

/** Entries in order of their keys, so that the same postings in any order make the same run. */
export function entriesOf(postings: readonly Posting[]): Entry[] {
  return inOrder(postings).flatMap(transfersOf);
}

function inOrder(postings: readonly Posting[]): readonly Posting[] {
  const isSorted = postings.every((posting, index) => index === 0 || postings[index - 1]!.key < posting.key);
  if (isSorted) return postings;
  return [...postings].sort((left, right) => (left.key < right.key ? -1 : 1));
}

function transfersOf(posting: Posting): Entry[] {
  const [first, second] = posting.lines;
  if (posting.lines.length !== 2 || first!.amountFen !== -second!.amountFen) return pairedTransfers(posting);
  return first!.amountFen > 0n
    ? [entryOf(posting, first!.account, second!.account, first!.amountFen)]
    : [entryOf(posting, second!.account, first!.account, second!.amountFen)];
}

/** A posting of more lines pairs debits with credits until nothing is left. */
function pairedTransfers(posting: Posting): Entry[] {
  const debits = posting.lines.filter(({ amountFen }) => amountFen > 0n).map((line) => ({ ...line }));
  const credits = posting.lines.filter(({ amountFen }) => amountFen < 0n).map((line) => ({ ...line }));
  const made: Entry[] = [];
  while (debits.length > 0 && credits.length > 0) {
    const debit = debits[0]!;
    const credit = credits[0]!;
    const amountFen = smaller(debit.amountFen, -credit.amountFen);
    made.push(entryOf(posting, debit.account, credit.account, amountFen));
    debits[0] = { ...debit, amountFen: debit.amountFen - amountFen };
    credits[0] = { ...credit, amountFen: credit.amountFen + amountFen };
    if (debits[0].amountFen === 0n) debits.shift();
    if (credits[0].amountFen === 0n) credits.shift();
  }
  assert(debits.length === 0 && credits.length === 0, `posting ${posting.key} does not balance`);
  return made;
}

function entryOf(posting: Posting, debit: string, credit: string, amountFen: Fen): Entry {
  const { key, kind, source, purpose, on, caseId, row, text } = posting;
  return { key, kind, source, purpose, on, debit, credit, amountFen, caseId, row, zh: text.zh, en: text.en };
}

/** What two runs are compared by: everything that moves money, with its case and its rule row. */
export function digestOf(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  let text = '';
  for (const { key, debit, credit, amountFen, caseId, row, on } of entries) {
    text += `${key}\t${debit}\t${credit}\t${amountFen}\t${caseId ?? ''}\t${row}\t${on}\n`;
    if (text.length > 65_536) {
      hash.update(text);
      text = '';
    }
  }
  return hash.update(text).digest('hex');
}

/** The change of every account by the entries, in order of the accounts (locks are taken in one order by all). */
export function deltasOf(entries: readonly Entry[]): [account: string, delta: Fen][] {
  const deltas = new Map<string, Fen>();
  for (const { debit, credit, amountFen } of entries) {
    deltas.set(debit, (deltas.get(debit) ?? 0n) + amountFen);
    deltas.set(credit, (deltas.get(credit) ?? 0n) - amountFen);
  }
  return [...deltas].sort(([left], [right]) => (left < right ? -1 : 1));
}

/** Prepaid money cannot be drawn below nothing, a deposit cannot be given back twice, a reserve cannot be overdrawn. */
export function sideOf(name: string): Side {
  // A house's own budget: what is allotted to a line cannot be overspent.
  if (name.startsWith(HOUSE_BOOKS)) return name.split('/')[2] === 'allotment' ? 'credit' : 'any';
  const account = name.startsWith(GROUP_BOOKS) ? name.slice(GROUP_BOOKS.length) : name;
  if (account.startsWith('prepaid/')) return 'debit';
  if (account.startsWith('deposit/') || account.startsWith('reserve/')) return 'credit';
  return 'any';
}
