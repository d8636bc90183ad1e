// Answers a report from the register it asks: entries in force on a day or begun in a period, as far as the reader sees.
import { must, type Result } from '@yimai/kit';
import { and, type Database, sql } from '@yimai/postgres';
import { declared, type RuntimeContext } from './context.ts';
import { answerReport, type ReportAnswer, type ReportEntry } from './report.ts';

export interface ReportAsk {
  readonly report: string;
  /** The day as of which, or the last day of the period; a local date of China. */
  readonly on: string;
  /** The first day of the period; without it the first of the year. */
  readonly from?: string;
  /** Keeps the entries that the reader may see; without it all are (tests, the house's own work). */
  readonly readable?: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

export async function reportOn(
  context: RuntimeContext,
  database: Database,
  ask: ReportAsk,
): Promise<Result<ReportAnswer>> {
  const found = declared(context.reports, ask.report, 'report');
  if (!found.ok) return found;
  const report = found.value;
  const entries = await entriesFor(database, report, ask);
  const others = report.joins ? await entriesFor(database, report.joins, ask) : [];
  const rule =
    report.rule === undefined ? undefined : must(declared(context.entitlements, report.rule, 'rule'));
  return { ok: true, value: answerReport(report, { entries, others, rule, today: ask.on }) };
}

async function entriesFor(
  database: Database,
  { register, counts }: { readonly register: string; readonly counts?: 'in-force' | 'begun' },
  ask: ReportAsk,
): Promise<ReportEntry[]> {
  const from = ask.from ?? `${ask.on.slice(0, 4)}-01-01`;
  // An entry corrected on its own first day ends before it began: it is in force on no day and begun in no period.
  const when =
    counts === 'begun'
      ? sql`from_date between ${from}::date and ${ask.on}::date and (to_date is null or to_date >= from_date)`
      : sql`from_date <= ${ask.on}::date and (to_date is null or to_date >= ${ask.on}::date)`;
  const { rows } = await database.run<ReportEntry>(sql`select id, key, from_date::text as from, data
    from register_entry where ${and([sql`register = ${register}`, when])} order by key, from_date, id`);
  const seen = await ask.readable?.(rows.map(({ id }) => id));
  return seen ? rows.filter(({ id }) => seen.has(id)) : rows;
}
