// The shipped views and measures, loaded once for tests.

import { must } from '@yimai/kit';
import { loadViews, type NamedView, ROW_KEY } from '@yimai/views';
import { loadMeasures, type MeasureSet } from '../load-measures.ts';
import type { ViewColumns } from '../read-definition.ts';

const rules = new URL('../../../../rules/', import.meta.url).pathname;

export const MEASURES_FOLDER = `${rules}measures`;
export const VIEWS_FOLDER = `${rules}views`;
export const VIEWS: readonly NamedView[] = must(loadViews(VIEWS_FOLDER));
export const COLUMNS: ViewColumns = new Map(
  VIEWS.map((view) => [view.name, new Set([ROW_KEY, ...view.compiled.columns.map((column) => column.name)])]),
);
export const MEASURES: MeasureSet = must(loadMeasures(MEASURES_FOLDER, COLUMNS));
