// The door of runtime: programmes loaded and checked, their commands, their due times, what people read of them.

export { type RightsOn, rightsOn } from './agreement-engine.ts';
export { stateOf } from './case-task.ts';
export {
  currentForm,
  loopVersion,
  makeContext,
  newestLoop,
  type RuntimeContext,
  SYSTEMS,
} from './context.ts';
export { decide, listValue } from './counter-engine.ts';
export { type DueHandler, type DueRow, type DueRunner, loopDue, openDueRunner } from './due-runner.ts';
export { type LoadedProgrammes, loadCalendar, loadProgrammes } from './load.ts';
export { type CaseAnswer, openCase } from './loop-engine.ts';
export { planMatch } from './match-engine.ts';
export { type PoolView, poolOn } from './pool-engine.ts';
export type * from './programme.ts';
export { type Completion, completion, overdueObjects, periodOf } from './recurring-engine.ts';
export { checkEntry, keyOf } from './register-engine.ts';
export { type CoveredBy, coverageOf, type Entry, registerOn, storyOf } from './register-read.ts';
export type { Lack, NamedEntry, ReportAnswer, ReportEntry, ReportRow } from './report.ts';
export { type ReportAsk, reportOn } from './report-read.ts';
export { openRuntime, type Runtime } from './runtime.ts';
export { type Rotation, rotationPlan } from './stock-engine.ts';
export { type SurveyRate, surveyRate } from './survey-engine.ts';
export { type LeadStatus, overdueTasks, type TreeStatus, treeByLead, treeStatus } from './tree-read.ts';
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
