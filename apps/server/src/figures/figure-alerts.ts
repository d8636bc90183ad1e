// Watches figures against their dated limits: one that goes out opens one case for its rule and organisation, one that
// comes back ends the alert. Nothing is written while nothing changes.
import { chinaDate, type Uuid, uuidv7 } from '@yimai/kit';
import { isMet, type Period, parsePeriod, previousPeriod, rounded } from '@yimai/measures';
import { sql } from '@yimai/postgres';
import type { AlertRule } from './alert-rules.ts';
import type { OpenFigures } from './figure-shelf.ts';
import type { FiguresDeps } from './figures-deps.ts';
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
  const values = await engine.compute(
    period,
    scopes.map(({ id }) => id),
    [rule.measure],
  );
  return values.flatMap((value) => {
    // Without data there is nothing to warn of; that data are missing is told by the tile.
    if (value.value === null) return [];
    const outside = !isMet({ edge: rule.edge, value: rule.limit }, value.value);
    const name = engine.tree.orgs.get(value.scope)?.name ?? value.scope;
    return [
      {
        object: `${rule.id} ${value.scope}`,
        outside,
        values: {
          outside,
          figure: definition.name.zh,
          organisation: name,
          period: period.name,
          value: rounded(value.value, definition.digits)!,
          limit: `${SIGNS[rule.edge]} ${rule.limit}`,
        },
      },
    ];
  });
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
  const look = () => {
    if (stopped) return;
    running = Promise.all([watchFigures(deps), makeDueTables(deps)]).catch((error: Error) =>
      deps.log('warn', 'figures could not be watched', { code: error.name }),
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
