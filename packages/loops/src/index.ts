// The door of loops: closed loops as data, the working calendar, one pure step.
export { type AvailableEvent, availableEvents } from './available.ts';
export { withOpenedChildren } from './built-in.ts';
export {
  type CalendarYear,
  createCalendar,
  dateOfDay,
  dayOf,
  dayOfDate,
  endOfDay,
  isWorkingDay,
  plusWorkingDays,
  startOfDay,
  type WorkCalendar,
  workingMinutesBetween,
} from './calendar.ts';
export { checkLoop, type KnownNames, loadLoop } from './check.ts';
export { asList, type CompiledState, type CompiledTransition, compileLoop, type Loop } from './compile.ts';
export { type Diagram, type DiagramEdge, type DiagramNode, loopDiagram } from './diagram.ts';
export { type CaseOutcome, type LoopFigures, loopFigures, type Stay } from './figures.ts';
export { isOwner, isParty, resolveParty } from './party.ts';
export { after, before, deadlineOf, parseSpan, type Span, type SpanUnit, spanText } from './span.ts';
export { statuteTable } from './statute.ts';
export { initialState, type StepResult, step } from './step.ts';
export * from './types.ts';
