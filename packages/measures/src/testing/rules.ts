// The shipped views and measures, loaded once for tests.

import { fileURLToPath } from 'node:url';
import { must } from '@yimai/kit';
import { loadViews, type NamedView, ROW_KEY } from '@yimai/views';
import type { Population } from '../definition.ts';
import { loadMeasures, type MeasureSet } from '../load-measures.ts';
import type { ViewColumns } from '../read-part.ts';

const rules = fileURLToPath(new URL('../../../../rules/', import.meta.url));

export const MEASURES_FOLDER = `${rules}measures`;
export const VIEWS_FOLDER = `${rules}views`;
export const VIEWS: readonly NamedView[] = must(loadViews(VIEWS_FOLDER));
export const COLUMNS: ViewColumns = new Map(
  VIEWS.map((view) => [view.name, new Set([ROW_KEY, ...view.compiled.columns.map((column) => column.name)])]),
);
export const MEASURES: MeasureSet = withoutEmptied(must(loadMeasures(MEASURES_FOLDER, COLUMNS)));

/** A mutation run empties one programme: the measures that it names go with its declaration. */
function withoutEmptied(shipped: MeasureSet): MeasureSet {
  const emptied = process.env['YIMAI_WITHOUT_MEASURES']?.split(' ') ?? [];
  return { ...shipped, definitions: shipped.definitions.filter(({ id }) => !emptied.includes(id)) };
}

/** A population with one of its rules taken away: the data sets of the tests must notice each of them. */
export function loosened(population: Population): (readonly [what: string, population: Population])[] {
  const all: (readonly [string, Population])[] = [];
  if (population.filters.length > 0) all.push(['conditions', { ...population, filters: [] }]);
  if (population.once !== null) all.push(['rule of repeated rows', { ...population, once: null }]);
  if (population.timing.kind !== 'always')
    all.push(['period', { ...population, timing: { kind: 'always' } }]);
  return all;
}

/** Whether a measure counts from a population, itself or through another measure. */
export function usesPopulation(measure: string, population: string): boolean {
  const { formula } = MEASURES.definitions.find((each) => each.id === measure)!;
  if (JSON.stringify(formula).includes(`"population":"${population}"`)) return true;
  return 'of' in formula && usesPopulation(formula.of, population);
}
