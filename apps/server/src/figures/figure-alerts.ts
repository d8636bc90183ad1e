// Watches figures against their dated limits and trends: one that goes out opens one case for its rule and organisation, one that
// comes back ends the alert. Nothing is written while nothing changes.
import { chinaDate, type Uuid, uuidv7 } from '@yimai/kit';
import {
  type Definition,
  isMet,
  type MeasureValue,
  type Period,
  parsePeriod,
  previousPeriod,
  rounded,
} from '@yimai/measures';
import { sql } from '@yimai/postgres';
import { placesOf } from '../http/errors.ts';
import type { AlertRule, TrendRule } from './alert-rules.ts';
import type { OpenFigures } from './figure-shelf.ts';
import type { FiguresDeps } from './figures-deps.ts';
import { beginClosings } from './period-closing.ts';
import { watchQuality } from './quality-watch.ts';
import { makeDueTables } from './table-schedule.ts';

const ALERT = 'figure-limit';
const SIGNS = { atLeast: '≥', atMost: '≤', above: '>', below: '<' } as const;

interface Reading {
  readonly object: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly outside: boolean;
}

/** Looks at every rule once; the number of alerts opened and ended. */
export async function watchFigures(
  deps: FiguresDeps,
): Promise<{ readonly opened: number; readonly ended: number }> {
  const today = chinaDate(deps.clock.now());
  const readings = await deps.shelf.use(async (figures) => {
    const found: Reading[] = [];
    for (const rule of deps.alertRules.filter(({ from }) => from <= today)) {
      const period = periodOf(rule, today);
      found.push(
        ...(await figures.kept(`alert ${rule.id} ${period.name}`, () => readingsOf(figures, rule, period))),
      );
    }
    return found;
  });
  const { rows } = await deps.database.run<{ object: string }>(
    sql`select object from alert_open where rule = ${ALERT}`,
  );
  const standing = new Set(rows.map(({ object }) => object));
  let [opened, ended] = [0, 0];
  for (const { object, values, outside } of readings ?? []) {
    if (outside === standing.has(object)) continue;
    await read(deps, object, values);
    if (outside) opened += 1;
    else ended += 1;
  }
  return { opened, ended };
}

function periodOf(rule: AlertRule, today: string): Period {
  const named = parsePeriod(today.slice(0, rule.over === 'last-month' ? 7 : 4));
  if (!named.ok) throw new Error(`fault: ${today} is no day`);
  return rule.over === 'last-month' ? previousPeriod(named.value) : named.value;
}

async function readingsOf(
  { engine }: OpenFigures,
  rule: AlertRule,
  period: Period,
): Promise<readonly Reading[]> {
  const [definition] = engine.definitions(period, [rule.measure]);
  if (!definition) return [];
  const scopes = [...engine.tree.orgs.values()].filter((org) => org.scopeLevel === rule.level);
  const ids = scopes.map(({ id }) => id);
  if (rule.test.kind === 'trend') return trendReadings(engine, definition, rule.id, rule.test, period, ids);
  const { edge, limit } = rule.test;
  const values = await engine.compute(period, ids, [rule.measure]);
  return values.flatMap((value) => {
    // Without data there is nothing to warn of; that data are missing is told by the tile.
    if (value.value === null) return [];
    const outside = !isMet({ edge, value: limit }, value.value);
    return [readingOf(engine, definition, rule.id, value, outside, `${SIGNS[edge]} ${limit}`)];
  });
}

type Engine = OpenFigures['engine'];

/** The last whole periods, oldest first; one without a value breaks the row, so there is nothing to say. */
async function trendReadings(
  engine: Engine,
  definition: Definition,
  rule: string,
  { moves, periods, least }: TrendRule,
  last: Period,
  scopes: readonly string[],
): Promise<readonly Reading[]> {
  const row = [last];
  while (row.length <= periods) row.unshift(previousPeriod(row[0]!));
  const found: Reading[] = [];
  for (const scope of scopes) {
    const values = await engine.trend(definition.id, row, scope);
    const numbers = values.map(({ value }) => value);
    if (numbers.length !== row.length || numbers.some((each) => each === null)) continue;
    const outside = isTrend(numbers as number[], moves, least);
    const words = `${moves === 'down' ? '连续下降' : '连续上升'} ${periods} 期，累计 ≥ ${least}`;
    found.push(readingOf(engine, definition, rule, values.at(-1)!, outside, words));
  }
  return found;
}

/** Every step goes the same way, and all together at least so far; the edge counts. */
export function isTrend(values: readonly number[], moves: 'up' | 'down', least: number): boolean {
  const sign = moves === 'up' ? 1 : -1;
  const steps = values.slice(1).map((value, index) => sign * (value - values[index]!));
  // Rounding of decimals must not decide at the edge.
  return steps.every((step) => step > 0) && steps.reduce((sum, step) => sum + step, 0) >= least - 1e-9;
}

function readingOf(
  engine: Engine,
  definition: Definition,
  rule: string,
  value: MeasureValue,
  outside: boolean,
  limit: string,
): Reading {
  return {
    object: `${rule} ${value.scope}`,
    outside,
    values: {
      outside,
      figure: definition.name.zh,
      organisation: engine.tree.orgs.get(value.scope)?.name ?? value.scope,
      period: value.period,
      value: rounded(value.value, definition.digits)!,
      limit,
    },
  };
}

async function read(deps: FiguresDeps, object: string, values: Reading['values']): Promise<void> {
  const { record, clock } = deps;
  const answer = await record.commands.execute(
    {
      id: uuidv7() as Uuid,
      type: 'alert.reading',
      occurredAt: clock.now().toISOString(),
      actingAs: { org: 'system', role: 'system' },
      payload: { alert: ALERT, object, values },
    },
    async () => ({ ok: true, value: record.systemAccess() }),
  );
  if (answer.outcome !== 'applied')
    deps.log('warn', 'a figure alert was not raised', { code: answer.refusal?.code ?? answer.outcome });
}

const LOOK_EVERY_MS = 30_000;

/** Looks again and again until told to stop; a failure is tried again at the next look. */
export function keepWatch(deps: FiguresDeps): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();
  let hasClosings = false;
  const closings = async () => {
    if (hasClosings) return;
    const { shelf, runtime } = deps;
    await beginClosings(deps.database, { shelf, calendar: runtime.calendar }, deps.clock.now());
    hasClosings = true;
  };
  const look = () => {
    if (stopped) return;
    running = Promise.all([closings(), watchFigures(deps), makeDueTables(deps), watchQuality(deps)]).catch(
      (error: Error) =>
        deps.log('warn', 'figures could not be watched', {
          code: String((error as { code?: unknown }).code ?? error.name),
          stack: placesOf(error),
        }),
    );
    void running.then(() => {
      if (!stopped) timer = setTimeout(look, LOOK_EVERY_MS).unref();
    });
  };
  let timer = setTimeout(look, LOOK_EVERY_MS / 3).unref();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
