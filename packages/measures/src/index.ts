// The door of measures: definitions loaded and checked, values with their cases, comparison, freezing, masking.
export { type Comparison, compareValue, isMet, type Target } from './compare.ts';
export type { Definition, Direction, Population, ScopeLevel, Unit } from './definition.ts';
export { MeasureEngine, type OpenViews } from './engine.ts';
export { type FreeCell, freeCells, freeIds } from './free-table/free-answer.ts';
export { type FreeView, type FreeWords, freeViews, loadFreeWords } from './free-table/free-columns.ts';
export { type FreeTable, MOVING, readFreeTable, STEPS } from './free-table/free-table.ts';
export { type FigureSource, measureCommands, type PublishedFigures } from './freeze-command.ts';
export { freezePeriod } from './freeze-period.ts';
export { freezeFigure } from './frozen.ts';
export { type ClosingRule, loadClosing, loadCoreList, loadTargets } from './load-lists.ts';
export { definitionOn, loadMeasures, type MeasureSet, MeasureShelf } from './load-measures.ts';
export {
  nextPeriod,
  PERIOD_KINDS,
  type Period,
  type PeriodKind,
  parsePeriod,
  previousPeriod,
  samePeriodLastYear,
} from './period.ts';
export { checkRows, correctionOf } from './quality/check-rows.ts';
export { loadChecks } from './quality/load-checks.ts';
export type { Finding, QualityCheck } from './quality/quality-check.ts';
export { qualityFindings } from './quality/quality-findings.ts';
export type { ViewColumns } from './read-part.ts';
export type { OrgFact, OrgTree } from './scopes.ts';
export {
  type FigureReader,
  kindsBehind,
  kindsOfPersons,
  maskFor,
  seesPeopleOf,
  typesBehind,
} from './sees-people.ts';
export {
  MASK_BELOW,
  type MaskedValue,
  type MeasureValue,
  type MissingSource,
  maskSmallCounts,
  rounded,
  type TopItem,
} from './values.ts';
