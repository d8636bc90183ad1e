// Writes the entries of a run within a transaction, by arrays: row security, which keeps entries append-only, takes no COPY.
import type { Uuid } from '@yimai/kit';
import { type Sql, sql } from '@yimai/postgres';
import type { Entry } from './types.ts';

const CHUNK = 5_000;

export async function loadEntries(tx: Sql, run: Uuid, entries: readonly Entry[]): Promise<void> {
  for (let first = 0; first < entries.length; first += CHUNK) {
    const part = entries.slice(first, first + CHUNK);
    const column = <T>(of: (entry: Entry) => T): T[] => part.map(of);
    await tx.run(sql`
      insert into ledger_entry
        (run, number, key, kind, source, purpose, posted_on, debit, credit, amount_fen, case_id, rule_row, text_zh, text_en)
      select ${run}::uuid, * from unnest(
        ${part.map((_, index) => first + index)}::int[], ${column(({ key }) => key)}::text[],
        ${column(({ kind }) => kind)}::text[], ${column(({ source }) => source as string)}::text[],
        ${column(({ purpose }) => purpose)}::text[], ${column(({ on }) => on as string)}::date[],
        ${column(({ debit }) => debit)}::text[], ${column(({ credit }) => credit)}::text[],
        ${column(({ amountFen }) => `${amountFen}`)}::bigint[], ${column(({ caseId }) => caseId)}::text[],
        ${column(({ row }) => row)}::text[], ${column(({ zh }) => zh)}::text[], ${column(({ en }) => en)}::text[])`);
  }
}
