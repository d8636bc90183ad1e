// Periods close by themselves: some working days after the last day of a month, quarter or year, which late data still
// have, every value of it is frozen. Each kind of period has one due time in the house; the times of periods missed while
// the server stood still come one after the other when it runs again.
import { addDays, chinaDate, chinaInstant, type LocalDate, must, ok, type Result } from '@yimai/kit';
import { deadlineOf, parseSpan, type WorkCalendar } from '@yimai/loops';
import {
  type ClosingRule,
  freezePeriod,
  nextPeriod,
  PERIOD_KINDS,
  type Period,
  type PeriodKind,
  parsePeriod,
  previousPeriod,
} from '@yimai/measures';
import { type Database, sql } from '@yimai/postgres';
import type { RecordTx } from '@yimai/record';
import type { DueHandler } from '@yimai/runtime';
import type { ServerDeps } from '../http/deps.ts';
import type { FigureShelf } from './figure-shelf.ts';

export const CLOSING = 'figure-close';
/** Until the views have come as far as the closing, and until the holidays of the next year are known. */
const VIEWS_AGAIN_MS = 30_000;
const CALENDAR_AGAIN_DAYS = 1;

/** The first instant at which the period is closed; null where it is closed by hand only. */
export function closingOf(
  rules: readonly ClosingRule[],
  kind: PeriodKind,
  period: Period,
  calendar: WorkCalendar,
): Result<Date | null> {
  const span = parseSpan(rules.find(({ from }) => from <= period.from)?.after[kind]);
  if (span === undefined) return ok(null);
  const lastDay = chinaInstant(addDays(period.until, -1), '12:00').getTime();
  const end = deadlineOf({ span, including: true, roll: false }, lastDay, calendar);
  return end.ok ? ok(new Date(end.value + 1)) : end;
}

interface ClosingDeps {
  readonly shelf: FigureShelf;
  readonly calendar: WorkCalendar;
  /** How far the record has come. */
  readonly head: () => number;
  readonly log: ServerDeps['log'];
}

/**
 * Sees to it that each kind of period has its due time. A house that has none yet begins with the first period that is
 * not closed at that moment: what was over long before it is frozen by hand.
 */
export async function beginClosings(
  database: Database,
  deps: Pick<ClosingDeps, 'shelf' | 'calendar'>,
  now: Date,
): Promise<void> {
  const rules = deps.shelf.readRules().closing;
  const { rows } = await database.run<{ target: string; key: string }>(
    sql`select target, key from due_time where mechanism = ${CLOSING}`,
  );
  for (const kind of PERIOD_KINDS) {
    const standing = rows.find(({ target }) => target === kind);
    const period = standing ? must(parsePeriod(standing.key)) : firstOpen(rules, kind, deps.calendar, now);
    const at = timeOf(rules, kind, period, deps.calendar);
    if (!at) continue;
    // A lag that was changed holds for the period that waits.
    await database.run(
      standing
        ? sql`update due_time set at = ${at} where id = ${`${CLOSING}|${kind}`} and key = ${period.name} and tries = 0`
        : sql`insert into due_time (id, mechanism, at, target, key)
            values (${`${CLOSING}|${kind}`}, ${CLOSING}, ${at}, ${kind}, ${period.name}) on conflict (id) do nothing`,
    );
  }
}

function firstOpen(
  rules: readonly ClosingRule[],
  kind: PeriodKind,
  calendar: WorkCalendar,
  now: Date,
): Period {
  let period = periodWith(kind, chinaDate(now));
  for (;;) {
    const before = previousPeriod(period);
    const at = closingOf(rules, kind, before, calendar);
    if (!at.ok || at.value === null || at.value <= now) return period;
    period = before;
  }
}

function periodWith(kind: PeriodKind, day: string): Period {
  const quarter = `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
  const names = { month: day.slice(0, 7), quarter, year: day.slice(0, 4) } as const;
  return must(parsePeriod(names[kind]));
}

/** The last day on which late data count for a period that will close by itself; null for one closed before, or by hand. */
export async function lateUntil(
  database: Database,
  { shelf, calendar }: Pick<ClosingDeps, 'shelf' | 'calendar'>,
  period: Period,
): Promise<LocalDate | null> {
  const kind = kindOf(period);
  const { rows } = await database.run<{ key: string }>(
    sql`select key from due_time where id = ${`${CLOSING}|${kind}`}`,
  );
  const waiting = rows[0] && parsePeriod(rows[0].key);
  if (!waiting?.ok || period.from < waiting.value.from) return null;
  const at = closingOf(shelf.readRules().closing, kind, period, calendar);
  return at.ok && at.value ? chinaDate(new Date(at.value.getTime() - 1)) : null;
}

const kindOf = ({ name }: Period): PeriodKind =>
  name.includes('Q') ? 'quarter' : name.length === 4 ? 'year' : 'month';

/** When to look at a period: its closing, or its end where the holidays after it are not known yet; null: never. */
function timeOf(
  rules: readonly ClosingRule[],
  kind: PeriodKind,
  period: Period,
  calendar: WorkCalendar,
): Date | null {
  const at = closingOf(rules, kind, period, calendar);
  return at.ok ? at.value : chinaInstant(period.until, '00:00');
}

/** One time of one kind of period: it closes the period and sets the time of the next, or comes again later. */
export function closingDue(deps: ClosingDeps): DueHandler {
  return async (tx, { target, key }) => {
    const kind = PERIOD_KINDS.find((each) => each === target);
    const period = parsePeriod(key);
    if (!kind || !period.ok) return;
    const rules = deps.shelf.readRules().closing;
    const at = closingOf(rules, kind, period.value, deps.calendar);
    if (!at.ok) {
      deps.log('warn', 'a period waits for the calendar to be closed', {
        code: at.refusal.code,
        period: key,
      });
      return setTime(tx, kind, period.value, daysOn(tx.recordedAt, CALENDAR_AGAIN_DAYS));
    }
    if (at.value === null) return;
    if (at.value > tx.recordedAt) return setTime(tx, kind, period.value, at.value);
    const frozen = await close(tx, deps, rules, period.value, at.value);
    if (frozen === null)
      return setTime(tx, kind, period.value, new Date(tx.recordedAt.getTime() + VIEWS_AGAIN_MS));
    deps.log('info', 'a period was closed', { period: key, values: frozen });
    const next = nextPeriod(period.value);
    const nextAt = timeOf(rules, kind, next, deps.calendar);
    if (nextAt) await setTime(tx, kind, next, nextAt);
  };
}

/** How many values were frozen; null while the views have not come as far as the record stood at the closing. */
function close(
  tx: RecordTx,
  { shelf, head }: ClosingDeps,
  rules: readonly ClosingRule[],
  period: Period,
  at: Date,
): Promise<number | null> {
  const { levels } = rules.find(({ from }) => from <= period.from)!;
  return shelf.use(async (figures) => {
    const isWhole = Date.parse(figures.publishedAt) >= at.getTime() || figures.seq >= head();
    return isWhole ? freezePeriod(tx, figures, period, levels) : null;
  });
}

async function setTime(tx: RecordTx, kind: PeriodKind, { name }: Period, at: Date): Promise<void> {
  await tx.run(sql`insert into due_time (id, mechanism, at, target, key)
    values (${`${CLOSING}|${kind}`}, ${CLOSING}, ${at}, ${kind}, ${name})`);
}

const daysOn = (from: Date, days: number): Date => new Date(from.getTime() + days * 86_400_000);
