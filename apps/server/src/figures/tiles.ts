// Tiles of all measures for one scope and period: value, twelve months, change in its right kind, target.
import type { FigureChange, FigureGroup, FigureScope, FigureTile, FigureTiles } from '@yimai/desk/contract';
import { chinaDate } from '@yimai/kit';
import {
  type Definition,
  isMet,
  type MeasureValue,
  type OrgFact,
  type Period,
  previousPeriod,
  rounded,
  samePeriodLastYear,
} from '@yimai/measures';
import type { Reader } from '../desk/desk-deps.ts';
import type { FigureRules, OpenFigures } from './figure-shelf.ts';
import { ageOf, type FiguresDeps, isRunning, maskFor, monthsUpTo } from './figures-deps.ts';

const LEVEL_ORDER = ['county', 'city', 'hospital', 'township', 'department', 'village'];

export async function tilesOf(
  deps: FiguresDeps,
  reader: Reader,
  figures: OpenFigures,
  period: Period,
  org: OrgFact,
  group: FigureGroup | null,
): Promise<FigureTiles> {
  const today = chinaDate(reader.now);
  const computed = await figures.kept(`tiles ${period.name} ${org.id} ${today} ${group}`, () =>
    computeAll(figures, period, org, today, group),
  );
  const running = isRunning(period, today);
  return {
    ...ageOf(deps, figures),
    period: { name: period.name, running },
    scope: scopeIn(org),
    scopes: scopesOf(figures, org),
    tiles: computed.map((each) => toTile(deps, reader, figures.rules, each, running)),
  };
}

/** One measure with what stands beside it, before masking: the same for every reader. */
export interface Computed {
  readonly definition: Definition;
  readonly groups: readonly FigureGroup[];
  readonly value: MeasureValue;
  readonly lastPeriod: MeasureValue | null;
  readonly lastYear: MeasureValue | null;
  readonly months: readonly MeasureValue[];
  /** Last year's period is only partly in the record. */
  readonly partial: boolean;
}

async function computeAll(
  figures: OpenFigures,
  period: Period,
  org: OrgFact,
  today: ReturnType<typeof chinaDate>,
  group: FigureGroup | null,
): Promise<readonly Computed[]> {
  const { engine, rules } = figures;
  const core = new Set(rules.coreList(period.from));
  const isAsked = (definition: Definition): boolean => {
    const groups = groupsOf(definition, core);
    return group === null ? !groups.includes('headline') : groups.includes(group);
  };
  const definitions = engine
    .definitions(period)
    .filter(({ levels }) => org.scopeLevel !== null && levels.includes(org.scopeLevel))
    .filter(isAsked);
  const ids = definitions.map(({ id }) => id);
  const months = monthsUpTo(period, today);
  const monthly = definitions.filter((each) => hasSpark(each, rules)).map(({ id }) => id);
  await engine.prepare([period, previousPeriod(period), samePeriodLastYear(period)], ids);
  await engine.prepare(months, monthly);
  const values = new Map(
    (await engine.compute(period, [org.id], ids)).map((value) => [value.measure, value]),
  );
  const byMonth = new Map<string, MeasureValue[]>();
  for (const month of months) {
    for (const value of await engine.compute(month, [org.id], monthly))
      byMonth.set(value.measure, [...(byMonth.get(value.measure) ?? []), value]);
  }
  const found: Computed[] = [];
  for (const definition of definitions) {
    const value = values.get(definition.id);
    if (!value) continue;
    const isOfOwn = value.value !== null && isCheap(definition.formula.kind);
    found.push({
      definition,
      value,
      groups: groupsOf(definition, core),
      lastPeriod: isOfOwn ? await engine.valueWith(definition, previousPeriod(period), org.id) : null,
      lastYear: isOfOwn ? await engine.valueWith(definition, samePeriodLastYear(period), org.id) : null,
      months: byMonth.get(definition.id) ?? [],
      partial: await engine.isPartlyKnown(definition, samePeriodLastYear(period)),
    });
  }
  return found;
}

/** Formulas that are answered out of shared scans; the others ask the views anew for every period. */
export const isCheap = (kind: Definition['formula']['kind']): boolean =>
  kind === 'parts' || kind === 'quotients';

/** Twelve months of it cost few scans: rows placed by one date in one pass, standing ones out of small tables. */
function hasSpark({ formula }: Definition, { set }: FigureRules): boolean {
  const parts =
    formula.kind === 'parts'
      ? [...formula.numerator, ...(formula.denominator ?? [])]
      : formula.kind === 'quotients'
        ? [formula.upper, formula.lower].flatMap((each) => [...each.numerator, ...each.denominator])
        : null;
  return (
    parts?.every(({ timing, population, filters }) => {
      const own = set.populations.get(population)!;
      const isCostly = filters.some(({ condition }) => condition.kind === 'member-of');
      return !isCostly && ((timing ?? own.timing).kind === 'within' || !LARGE_VIEWS.has(own.view));
    }) ?? false
  );
}

/** Views with a row for each contact; the others have some thousands. */
const LARGE_VIEWS = new Set(['encounter', 'settlement', 'task', 'diagnostic_report', 'resident']);

function groupsOf(definition: Definition, core: ReadonlySet<string>): readonly FigureGroup[] {
  const groups: FigureGroup[] = [];
  if (definition.file.startsWith('monitoring')) groups.push('monitoring');
  if (core.has(definition.id)) groups.push('core');
  if (definition.file.startsWith('hospital')) groups.push('hospital');
  return groups.length === 0 ? ['headline'] : groups;
}

export function toTile(
  deps: FiguresDeps,
  reader: Reader,
  rules: FigureRules,
  { definition, groups, value, lastYear, months, partial }: Computed,
  running: boolean,
): FigureTile {
  const own = maskFor(deps, reader, value);
  const { id, name, unit, digits, direction } = definition;
  const target = rules.targets
    .filter((each) => each.measure === id && each.from <= `${value.period.slice(0, 4)}-12-31`)
    .sort((a, b) => (a.from < b.from ? 1 : -1))[0];
  return {
    id,
    name,
    unit,
    digits,
    direction,
    groups,
    ...shown(own, digits),
    spark: months.map((month) => rounded(maskFor(deps, reader, month).value, digits)),
    onYear:
      own.masked || lastYear === null
        ? null
        : asPartial(changeOf(definition, maskFor(deps, reader, lastYear).value, own.value, running), partial),
    target: target
      ? {
          edge: target.edge,
          value: target.value,
          source: target.source,
          met: own.value === null ? null : isMet(target, own.value),
        }
      : null,
  };
}

export const asPartial = (change: FigureChange | null, partial: boolean): FigureChange | null =>
  change !== null && partial ? { ...change, partial: true } : change;

export function shown(
  value: MeasureValue & { readonly masked: boolean },
  digits: number,
): { value: number | null; numerator: number | null; denominator: number | null; masked: boolean } {
  return {
    value: rounded(value.value, digits),
    numerator: rounded(value.numerator, 4),
    denominator: rounded(value.denominator, 4),
    masked: value.masked,
  };
}

const IN_POINTS = new Set(['percent', 'percentage-point', 'relative-change']);
const IN_STEPS = new Set(['level', 'rank']);
/** Amounts that grow with the days of a period. */
const GROWS = new Set(['count', 'money']);

/** Null when nothing can be compared: a value is missing, or an amount of a period that is not over. */
export function changeOf(
  { unit, direction, digits }: Definition,
  before: number | null,
  now: number | null,
  running: boolean,
): FigureChange | null {
  if (before === null || now === null || (running && GROWS.has(unit))) return null;
  const kind = IN_POINTS.has(unit) ? 'points' : IN_STEPS.has(unit) ? 'difference' : 'percent';
  if (kind === 'percent' && before === 0) return null;
  const value = rounded(
    kind === 'percent' ? ((now - before) / Math.abs(before)) * 100 : now - before,
    kind === 'percent' ? 1 : digits,
  )!;
  const good = direction === 'watch' || value === 0 ? null : value > 0 === (direction === 'up');
  return { kind, value, good };
}

export const scopeIn = (org: OrgFact): FigureScope => ({
  id: org.id,
  name: org.name ?? org.id,
  level: org.scopeLevel!,
});

/** Everything of the same county that figures are given for, from the top down. */
function scopesOf({ engine }: OpenFigures, own: OrgFact): readonly FigureScope[] {
  return [...engine.tree.orgs.values()]
    .filter((org) => org.scopeLevel !== null && (org.county === own.county || own.county === null))
    .map(scopeIn)
    .sort(
      (a, b) =>
        LEVEL_ORDER.indexOf(a.level) - LEVEL_ORDER.indexOf(b.level) ||
        a.id.localeCompare(b.id, 'en', { numeric: true }),
    );
}
