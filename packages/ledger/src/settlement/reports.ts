// Reports of runs: written with the run, read back as they were. Money travels as texts of fen, so that none is lost.
import type { Uuid } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { Statements } from '../types.ts';

export const RUN_KINDS = [
  'budget',
  'settlement',
  'adjustment',
  'clearing',
  'distribution',
  'payment',
  'pay',
  'prepayment',
  'prepaid-fund',
  'result-payment',
  'result-refund',
  'prepaid-closing',
  'package',
  'dual-package',
] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export interface StoredReport<T> {
  readonly run: Uuid;
  readonly command: Uuid;
  readonly period: string;
  readonly scope: string;
  readonly version: number;
  readonly postedAt: Date;
  readonly entryCount: number;
  readonly report: T;
}

/** Bigints become `{"fen": "123"}`; nothing else in a report has that shape. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? { fen: `${one}` } : one));
}

export function readJson<T>(text: string): T {
  return JSON.parse(text, (_key, one) => {
    const isFen = typeof one === 'object' && one !== null && typeof one.fen === 'string';
    return isFen && Object.keys(one).length === 1 ? BigInt(one.fen) : one;
  }) as T;
}

export async function keepReport(tx: Statements, run: Uuid, report: unknown): Promise<void> {
  await tx.run(sql`insert into settlement_report (run, report) values (${run}, ${writeJson(report)}::jsonb)
    on conflict (run) do nothing`);
}

/** The latest version of each run of that kind whose period begins so: `2026` for all of a year, `2026-03` for a month. */
export async function reportsOf<T>(
  on: Statements,
  kind: RunKind,
  period: string,
): Promise<StoredReport<T>[]> {
  const { rows } = await on.run<{
    run: Uuid;
    command: Uuid;
    period: string;
    scope: string;
    version: number;
    posted_at: Date;
    entry_count: number;
    report: string;
  }>(sql`
    select distinct on (r.period, r.scope) r.id as run, r.command, r.period, r.scope, r.version, r.posted_at,
      r.entry_count, s.report::text as report
    from ledger_run r join settlement_report s on s.run = r.id
    where r.kind = ${kind} and starts_with(r.period, ${period}) order by r.period, r.scope, r.version desc`);
  return rows.map(({ posted_at, entry_count, report, ...row }) => ({
    ...row,
    postedAt: posted_at,
    entryCount: entry_count,
    report: readJson<T>(report),
  }));
}
