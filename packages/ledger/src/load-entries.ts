// Writes the entries of a run within a transaction, by arrays: row security, which keeps entries append-only, takes no COPY.
//
// Most of a row is the same in thousands of rows (kind, purpose, day, accounts, rule row, words). Such heads are sent once
// per chunk and joined by number; a row itself is its key, its head, its amount and its case. While the server writes a
// chunk, the next one is made.
import type { Uuid } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { Entry, Statements } from './types.ts';

const CHUNK = 10_000;

export async function loadEntries(tx: Statements, run: Uuid, entries: readonly Entry[]): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  for (let first = 0; first < entries.length; first += CHUNK) {
    const writing = writeChunk(tx, run, first, entries.slice(first, first + CHUNK));
    // Its failure is seen below, one turn later; until then it must not count as unhandled.
    writing.catch(() => undefined);
    await before;
    before = writing;
  }
  await before;
}

function writeChunk(tx: Statements, run: Uuid, first: number, chunk: readonly Entry[]): Promise<unknown> {
  const heads: Entry[] = [];
  const numberOf = new Map<string, number>();
  const headOf = chunk.map((entry) => {
    const { kind, source, purpose, on, debit, credit, row, zh, en } = entry;
    const key = `${kind}\n${source}\n${purpose}\n${on}\n${debit}\n${credit}\n${row}\n${zh}\n${en}`;
    let number = numberOf.get(key);
    if (number === undefined) {
      number = heads.push(entry);
      numberOf.set(key, number);
    }
    return number;
  });
  const column = <T>(of: (entry: Entry) => T): T[] => heads.map(of);
  return tx.run(sql`
    insert into ledger_entry
      (run, number, key, kind, source, purpose, posted_on, debit, credit, amount_fen, case_id, rule_row, text_zh, text_en)
    select ${run}::uuid, ${first - 1}::int + entry.number, entry.key, head.kind, head.source, head.purpose, head.posted_on,
      head.debit, head.credit, entry.amount, entry.case_id, head.rule_row, head.text_zh, head.text_en
    from unnest(
      ${headOf}::int[], ${chunk.map(({ key }) => key)}::text[], ${chunk.map(({ amountFen }) => `${amountFen}`)}::bigint[],
      ${chunk.map(({ caseId }) => caseId)}::text[]) with ordinality as entry (head, key, amount, case_id, number)
    join unnest(
      ${column(({ kind }) => kind)}::text[], ${column(({ source }) => source as string)}::text[],
      ${column(({ purpose }) => purpose)}::text[], ${column(({ on }) => on as string)}::date[],
      ${column(({ debit }) => debit)}::text[], ${column(({ credit }) => credit)}::text[],
      ${column(({ row }) => row)}::text[], ${column(({ zh }) => zh)}::text[], ${column(({ en }) => en)}::text[])
      with ordinality as head (kind, source, purpose, posted_on, debit, credit, rule_row, text_zh, text_en, number)
      on head.number = entry.head`);
}
