// The door of ledger: posts what fund computed, once and as a whole; the commands of settlement; a stay out of the record.
export { GROUP_BOOKS, HOUSE_BOOKS } from './books.ts';
export { type Ledger, openLedger } from './ledger.ts';
export { operatingCommands } from './operating/budget-commands.ts';
export {
  linesAt,
  OPERATING_APPROVERS,
  OPERATING_KEEPERS,
  type OperatingBudget,
  operatingBudgets,
} from './operating/budget-store.ts';
export { type AppealState, appealOf, PAY_ENGINE, type PayAppeal } from './pay/appeal-commands.ts';
export { payCommands, readAsk, slipIdOf } from './pay/pay-commands.ts';
export {
  FROZEN_KINDS,
  type FrozenKind,
  frozenPay,
  type PayAsk,
  type PayDeps,
  type PayReport,
} from './pay/pay-deps.ts';
export {
  type AdjustmentReport,
  adjustmentPlan,
  adjustmentsOf,
} from './settlement/adjust-command.ts';
export { settlementCommands } from './settlement/commands.ts';
export type { MonthDeps, PackageMembers, PublicNotice, SettlementDeps } from './settlement/deps.ts';
export { checkLists, claimIdOf, IMPORT_MAX, type ListReport } from './settlement/import-command.ts';
export { LIST_BATCH_SYSTEM, unfinishedBatches } from './settlement/list-batch.ts';
export { type MonthReport, monthPlan, reportOf } from './settlement/month-command.ts';
export type { DualReport, PackageReport } from './settlement/package-commands.ts';
export { drawnByPackages, dualPoolOf, packageSurplusOf } from './settlement/packages-drawn.ts';
export { type DistributionReport, type PaymentReport, payable } from './settlement/pay-command.ts';
export { type AdjustedCase, sumStatements } from './settlement/plan-adjustment.ts';
export { type DistributionPlan, planDistribution, type WorkLine } from './settlement/plan-distribution.ts';
export {
  type FundStay,
  type HouseStatement,
  type MonthPlan,
  OUTSIDE_KIND,
  type PricedLists,
  planMonth,
  priceLists,
  type Reviews,
  returnsAfter,
  type SettledCase,
  type StayContext,
  stayCaseOf,
} from './settlement/plan-month.ts';
export { type AdoptedBudget, type HouseYear, planYear, type YearPlan } from './settlement/plan-year.ts';
export {
  type ClosingReport,
  closingOf,
  type DrawReport,
  nothingPrepaid,
  type PrepaidReport,
  type PrepaidYear,
  prepaidFund,
  type RefundReport,
} from './settlement/prepaid-year.ts';
export {
  type PrepaymentPlan,
  type PrepaymentReport,
  prepaymentPlan,
  readPrepayment,
} from './settlement/prepayment-command.ts';
export { type RunKind, reportsOf, type StoredReport, writeJson } from './settlement/reports.ts';
export { responseId } from './settlement/resources.ts';
export { adoptedBudget } from './settlement/settle-commands.ts';
export { readYear, type YearPayload, type YearReport, yearPlan } from './settlement/year-commands.ts';
export { claimOf, INSURED_SYSTEM, LIST_DATA_SYSTEM, LIST_NUMBER_SYSTEM, stayOf } from './stay-of.ts';
export type { Balance, Entry, RunReceipt, RunRequest, Side, Statements } from './types.ts';
