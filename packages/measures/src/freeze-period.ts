// Freezes at once every value of a period that is over: what is there and not frozen yet, in the transaction given.
import type { RecordTx, Resource } from '@yimai/record';
import type { Definition, ScopeLevel } from './definition.ts';
import { countsShown } from './formula-parts.ts';
import { ENGINE, type PublishedFigures } from './freeze-command.ts';
import { exactFigure, freezeFigure, frozenId } from './frozen.ts';
import type { Period } from './period.ts';
import { type MeasureValue, maskSmallCounts } from './values.ts';

/** How many ids one question about standing reports names. */
const ASKED_AT_ONCE = 100;

/** How many values were frozen. One that somebody froze by hand stays; what was not collected stays open. */
export async function freezePeriod(
  tx: RecordTx,
  { engine, kept }: PublishedFigures,
  period: Period,
  levels: readonly ScopeLevel[],
): Promise<number> {
  const scopes = [...engine.tree.orgs.values()].filter(
    ({ scopeLevel }) => scopeLevel !== null && levels.includes(scopeLevel),
  );
  const ids = scopes.map(({ id }) => id);
  const values = await kept(`close ${period.name}`, () => engine.compute(period, ids));
  const open = values.filter(({ value, frozenAt }) => value !== null && frozenAt === null);
  const standing = await standingReports(tx, open);
  const definitions = new Map(engine.definitions(period).map((each) => [each.id, each]));
  const aboutPersons = new Map<string, boolean>();
  for (const [id, definition] of definitions)
    aboutPersons.set(id, await kept(`persons ${id}`, () => engine.isAboutPersons(definition)));
  let frozen = 0;
  for (const value of open) {
    if (standing.has(idOf(value))) continue;
    const shown = aboutPersons.get(value.measure) ? maskSmallCounts(value) : { ...value, masked: false };
    const report = freezeFigure(shown, period, tx.recordedAt) as unknown as Resource;
    await tx.create(report, { id: report.id!, engine: ENGINE });
    if (shown.masked || !saysAll(value, definitions.get(value.measure)!)) {
      const exact = exactFigure(value, tx.recordedAt) as unknown as Resource;
      await tx.create(exact, { id: exact.id!, engine: ENGINE });
    }
    frozen += 1;
  }
  return frozen;
}

const idOf = ({ measure, period, scope }: MeasureValue): string => frozenId(measure, period, scope);

async function standingReports(tx: RecordTx, values: readonly MeasureValue[]): Promise<ReadonlySet<string>> {
  const ids = values.map(idOf);
  const found = new Set<string>();
  for (let first = 0; first < ids.length; first += ASKED_AT_ONCE) {
    const some = ids.slice(first, first + ASKED_AT_ONCE);
    const query = `_id=${some.join(',')}&_count=${ASKED_AT_ONCE}`;
    for (const { row } of await tx.search('MeasureReport', query, { asSystem: true })) found.add(row.fhirId);
  }
  return found;
}

/** Whether the report alone gives the value back whole, so that nothing need be kept beside it. */
function saysAll({ items, counts, numerator, denominator }: MeasureValue, { formula }: Definition): boolean {
  if (items !== null || (numerator === null && denominator === null)) return false;
  const told = countsShown(formula, numerator, denominator);
  return told.length === counts.length && told.every((count, index) => count === counts[index]);
}
