// The door of runtime: programmes loaded and checked, their commands, their due times, what people read of them.
export { stateOf } from './case-task.ts';
export { makeContext, type RuntimeContext, SYSTEMS } from './context.ts';
export { type DueHandler, type DueRow, type DueRunner, loopDue, openDueRunner } from './due-runner.ts';
export { type LoadedProgrammes, loadCalendar, loadProgrammes } from './load.ts';
export type * from './programme.ts';
export { countBy, coverageOf, type Entry, registerOn, storyOf, sumOf } from './register-read.ts';
export { openRuntime, type Runtime } from './runtime.ts';
export {
  type CaseView,
  caseView,
  figuresOf,
  timeline,
  type WorkFilter,
  type WorkItem,
  waitingFor,
  workList,
} from './work.ts';
