// Entries of the ledger as people read them: by run, account or case, each with its rule row and the command behind it.
import type { FundEntries, FundEntry } from '@yimai/desk/contract';
import { and, sql } from '@yimai/postgres';
import { accountName } from './account-names.ts';
import { type FundDeps, yuan } from './fund-deps.ts';
import type { House } from './stay-shelf.ts';

export interface EntryFilter {
  readonly run?: string | undefined;
  readonly account?: string | undefined;
  readonly caseId?: string | undefined;
  readonly offset?: number;
  readonly count?: number;
}

interface EntryRow {
  readonly run: string;
  readonly number: number;
  readonly on: string;
  readonly period: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly case_id: string | null;
  readonly row: string;
  readonly zh: string;
  readonly en: string;
  readonly command: string;
  readonly origin: string | null;
  readonly origin_period: string | null;
}

const PAGE = 100;

export async function entriesBy({ fund }: FundDeps, filter: EntryFilter): Promise<FundEntries> {
  const { run, account, caseId, offset = 0, count = PAGE } = filter;
  const where = and([
    // A house's own budget has a page of its own, and readers of its own.
    sql`not starts_with(r.period, 'operating-')`,
    ...(run === undefined ? [] : [sql`e.run = ${run}::uuid`]),
    ...(account === undefined ? [] : [sql`(e.debit = ${account} or e.credit = ${account})`]),
    ...(caseId === undefined ? [] : [sql`e.case_id = ${caseId}`]),
  ]);
  const [page, total, houses] = await Promise.all([
    fund.database.run<EntryRow>(sql`
      select e.run, e.number, e.posted_on::text as "on", r.period, e.debit, e.credit, e.amount_fen::text as amount,
        e.case_id, e.rule_row as row, e.text_zh as zh, e.text_en as en, r.command, o.run as origin, o.period as origin_period
      from ledger_entry e join ledger_run r on r.id = e.run
      left join lateral (select p.run, b.period from ledger_entry p join ledger_run b on b.id = p.run
        where e.kind = 'reversal' and p.case_id = e.case_id and p.run <> e.run and b.posted_at <= r.posted_at
          and p.kind <> 'reversal' and p.key = regexp_replace(e.key, '/reversed-(by|in)/.*$', '')
        order by b.posted_at desc limit 1) o on true
      where ${where} order by r.posted_at, e.run, e.number offset ${offset} limit ${count}`),
    fund.database.run<{ count: number; sum: string }>(sql`
      select count(*)::int as count, coalesce(sum(case when e.debit = ${account ?? ''} or ${account ?? null}::text is null
        then e.amount_fen else -e.amount_fen end), 0)::text as sum
      from ledger_entry e join ledger_run r on r.id = e.run where ${where}`),
    fund.shelf.houses(),
  ]);
  return {
    items: page.rows.map((row) => toEntry(row, houses)),
    total: total.rows[0]?.count ?? 0,
    sum: yuan(BigInt(total.rows[0]?.sum ?? '0')),
  };
}

function toEntry(
  { amount, case_id, origin, origin_period, ...row }: EntryRow,
  houses: ReadonlyMap<string, House>,
): FundEntry {
  return {
    ...row,
    debitName: accountName(row.debit, houses),
    creditName: accountName(row.credit, houses),
    amount: yuan(BigInt(amount)),
    caseId: case_id,
    reverses: origin === null ? null : { run: origin, period: origin_period ?? '' },
  };
}
