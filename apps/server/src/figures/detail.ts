// One measure for one scope: its trend, what stands beside it, and the organisations below it in their order.
import type { FigureDetail, FigureRow } from '@yimai/desk/contract';
import { rowKey } from '@yimai/fhir';
import { chinaDate } from '@yimai/kit';
import {
  type Definition,
  type MeasureValue,
  type MissingSource,
  type OrgFact,
  type Period,
  previousPeriod,
  samePeriodLastYear,
} from '@yimai/measures';
import type { Reader } from '../desk/desk-deps.ts';
import { notFound } from '../desk/read-body.ts';
import type { OpenFigures } from './figure-shelf.ts';
import { ageOf, type FiguresDeps, isRunning, maskFor, monthsUpTo } from './figures-deps.ts';
import { lateUntil } from './period-closing.ts';
import { asPartial, type Computed, changeOf, isCheap, scopeIn, shown, toTile } from './tiles.ts';

const PERIODS_OF_TREND = 12;

export async function detailOf(
  deps: FiguresDeps,
  reader: Reader,
  figures: OpenFigures,
  question: { readonly id: string; readonly period: Period; readonly org: OrgFact },
): Promise<FigureDetail> {
  const { period, org } = question;
  const definition = definitionOf(figures, question.id, period);
  const today = chinaDate(reader.now);
  const running = isRunning(period, today);
  const { computed, trend, rows, rowsAre, missing } = await figures.kept(
    `detail ${question.id} ${period.name} ${org.id} ${today}`,
    () => compute(figures, definition, period, org, today),
  );
  const own = maskFor(deps, reader, computed.value);
  const beside = (value: MeasureValue | null, partial = false) => {
    if (value === null) return null;
    const masked = maskFor(deps, reader, value);
    const change = asPartial(changeOf(definition, masked.value, own.value, running), partial);
    return { ...shown(masked, definition.digits), period: value.period, change };
  };
  const ranked = rowsAre === 'parts' ? byAmount(rows) : rank(definition, rows);
  const place = rowsAre === 'peers' ? ranked.find(({ value }) => value.scope === org.id)?.place : undefined;
  return {
    ...ageOf(deps, figures),
    period: { name: period.name, running },
    scope: scopeIn(org),
    tile: toTile(deps, reader, figures.rules, computed, running),
    purpose: definition.purpose,
    exclusions: definition.exclusions,
    edge: definition.edge,
    source: definition.source,
    version: definition.version,
    effectiveFrom: definition.effectiveFrom,
    frozenAt: computed.value.frozenAt,
    closing: running ? null : mayClose(reader, org, computed.value),
    lateUntil: computed.value.frozenAt === null ? await lateUntilOf(deps, period) : null,
    trend: trend.map((value) => ({
      ...shown(maskFor(deps, reader, value), definition.digits),
      period: value.period,
    })),
    lastPeriod: beside(computed.lastPeriod),
    lastYear: beside(computed.lastYear, computed.partial),
    rank:
      place && ranked.length > 1
        ? { place, of: ranked.filter(({ value }) => value.value !== null).length }
        : null,
    rows: ranked.map(({ value: row, place: at }): FigureRow => {
      const masked = maskFor(deps, reader, row);
      const scope = scopeIn(figures.engine.tree.orgs.get(row.scope)!);
      const counts = shown(masked, definition.digits);
      // What an organisation adds has no value of its own: the figure is not given for its level.
      const value = rowsAre === 'parts' ? null : counts.value;
      return { ...counts, value, scope, rank: masked.masked ? null : at };
    }),
    rowsAre,
    items: own.items,
    parts: partsOf(definition),
    missing: missing.map(({ view, kinds, everStored }) => {
      const { title } = figures.rules.free.find(({ name }) => name === view)!;
      return { view: title, kinds, everStored };
    }),
  };
}

/** What who keeps the figures of an organisation may do with a value of a period that is over. */
function mayClose(reader: Reader, org: OrgFact, value: MeasureValue): FigureDetail['closing'] {
  const labels = { kind: 'figure', locks: [], org: rowKey('Organization', org.id), patient: null };
  if (value.value === null || reader.access.writable('update', 'MeasureReport', labels) !== null) return null;
  return value.frozenAt === null ? 'freeze' : 'restate';
}

const lateUntilOf = ({ database, shelf, runtime }: FiguresDeps, period: Period): Promise<string | null> =>
  lateUntil(database, { shelf, calendar: runtime.calendar }, period);

export function definitionOf({ engine }: OpenFigures, id: string, period: Period): Definition {
  const [definition] = engine.definitions(period, [id]);
  if (!definition) throw notFound();
  return definition;
}

export function partsOf({ formula }: Definition): readonly ('numerator' | 'denominator')[] {
  return formula.kind === 'parts' && formula.denominator === null
    ? ['numerator']
    : ['numerator', 'denominator'];
}

/** For what an organisation adds to the figure of one above it: counted as the figure is, whatever the level. */
export const atEveryLevel = (definition: Definition): Definition => ({
  ...definition,
  levels: ['village', 'township', 'hospital', 'department', 'county', 'city'],
});

interface Answered {
  readonly computed: Computed;
  readonly trend: readonly MeasureValue[];
  readonly rows: readonly MeasureValue[];
  readonly rowsAre: FigureDetail['rowsAre'];
  readonly missing: readonly MissingSource[];
}

async function compute(
  { engine, rules }: OpenFigures,
  definition: Definition,
  period: Period,
  org: OrgFact,
  today: ReturnType<typeof chinaDate>,
): Promise<Answered> {
  const ids = [definition.id];
  const [value] = await engine.compute(period, [org.id], ids);
  if (!value) throw notFound();
  const months = isCheap(definition.formula.kind) ? monthsUpTo(period, today) : [];
  const periods = period.name.length === 4 ? months : lastOf(period, PERIODS_OF_TREND);
  await engine.prepare([...months, ...periods], ids);
  const { scopes, rowsAre } = rowScopes(engine, definition, org);
  const at = async (each: Period) => (await engine.compute(each, [org.id], ids))[0] ?? [];
  const computed: Computed = {
    definition,
    groups: rules.coreList(period.from).includes(definition.id) ? ['core'] : [],
    value,
    lastPeriod: await engine.valueWith(definition, previousPeriod(period), org.id),
    lastYear: await engine.valueWith(definition, samePeriodLastYear(period), org.id),
    months: (await Promise.all(months.map(at))).flat(),
    partial: await engine.isPartlyKnown(definition, samePeriodLastYear(period)),
  };
  return {
    computed,
    trend: (await Promise.all(periods.map(at))).flat(),
    rows:
      rowsAre === 'parts'
        ? await addedBy(engine, definition, period, scopes)
        : await engine.compute(period, scopes, ids),
    rowsAre,
    missing: value.value === null ? await engine.missing(definition, period, org.id) : [],
  };
}

async function addedBy(
  engine: OpenFigures['engine'],
  definition: Definition,
  period: Period,
  scopes: readonly string[],
): Promise<readonly MeasureValue[]> {
  const found: MeasureValue[] = [];
  for (const scope of scopes) {
    const value = await engine.valueWith(atEveryLevel(definition), period, scope);
    if (value?.numerator || value?.denominator) found.push(value);
  }
  return found;
}

function lastOf(period: Period, count: number): readonly Period[] {
  const periods = [period];
  while (periods.length < count) periods.unshift(previousPeriod(periods[0]!));
  return periods;
}

// The nearest organisations below that the measure is given for; a scope with none below is shown among its peers.
function rowScopes(
  engine: OpenFigures['engine'],
  { levels, formula }: Definition,
  org: OrgFact,
): { readonly scopes: readonly string[]; readonly rowsAre: FigureDetail['rowsAre'] } {
  const below = engine.tree
    .below(org.id)
    .map((id) => engine.tree.orgs.get(id)!)
    .filter((each) => each.id !== org.id && each.scopeLevel !== null);
  const given = nearestOf(
    below.filter(({ scopeLevel }) => levels.includes(scopeLevel!)),
    org,
  );
  if (given.length > 0) return { scopes: given, rowsAre: 'below' };
  const adding = nearestOf(below, org);
  if (adding.length > 0 && isCheap(formula.kind)) return { scopes: adding, rowsAre: 'parts' };
  return { scopes: engine.peersOf(org).map((peer) => peer.id), rowsAre: 'peers' };
}

/** Villages under townships that are listed themselves wait for the next step down. */
function nearestOf(orgs: readonly OrgFact[], org: OrgFact): readonly string[] {
  const ids = new Set(orgs.map(({ id }) => id));
  return orgs
    .filter((each) => !each.above.slice(1).some((above) => above !== org.id && ids.has(above)))
    .map(({ id }) => id);
}

/** Best first; equal values share a place; who has no value has none and stands last. */
function rank(
  { direction }: Definition,
  values: readonly MeasureValue[],
): readonly { readonly value: MeasureValue; readonly place: number | null }[] {
  const sign = direction === 'down' ? 1 : -1;
  const sorted = [...values].sort((a, b) =>
    a.value === null || b.value === null
      ? Number(a.value === null) - Number(b.value === null)
      : (a.value - b.value) * sign,
  );
  return sorted.map((value) => ({
    value,
    place:
      value.value === null || direction === 'watch'
        ? null
        : sorted.findIndex((other) => other.value === value.value) + 1,
  }));
}

/** What adds most first. */
const byAmount = (values: readonly MeasureValue[]) =>
  values.map((value) => ({ value, place: null })).sort((a, b) => amountOf(b.value) - amountOf(a.value));

const amountOf = ({ numerator, denominator }: MeasureValue): number => denominator ?? numerator ?? 0;
