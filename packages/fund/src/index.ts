// The door of fund: rule sets, prices, settlements, clearing, budgets, result payments, pools of pay, postings.

export { assignTeam, payTeams, type Responsibility } from './attending-teams.ts';
export {
  type Membership,
  type Memberships,
  type PackageCost,
  type PackageResult,
  packageOfStay,
  settlePackage,
  sharedSurplus,
} from './chronic-package.ts';
export { type ClearedOrg, clearingPostings, clearOrg, prepaymentOf, type YearOfOrg } from './clear-year.ts';
export {
  type BesideBill,
  dividedBy,
  warnBeside,
  warnCoding,
  warnHighCoding,
} from './coding-warnings.ts';
export { type E4, formatE4, larger, ONE, parseE4, ratioE4, smaller, timesE4 } from './decimal.ts';
export { type AssessedWork, type DevolvedFund, payByWork, type WorkPayment } from './devolved-fund.ts';
export { type DualPackageResult, type DualPackageYear, settleDualPackage } from './dual-package.ts';
export { type EarmarkedFund, type FundReport, reportOfFund, type Spending, spend } from './earmarked-fund.ts';
export {
  type BudgetPlan,
  budgetPace,
  type ConsortiumResult,
  type ConsortiumYear,
  clearConsortium,
  consortiumPostings,
  type Insured,
  incentivePool,
  planBudget,
  splitByParty,
} from './global-budget.ts';
export { coverageOn, type Designation, maySettle } from './insurance-points.ts';
export { contradictsSex } from './one-sex-diagnoses.ts';
export {
  adjustLines,
  type LineChange,
  OPERATING_STATES,
  type OperatingAct,
  type OperatingState,
  operatingAfter,
} from './operating-budget.ts';
export {
  belowTarget,
  drgCoverage,
  figuresBy,
  type OperationsCase,
  type OperationsFigure,
} from './operations.ts';
export {
  type Deduction,
  type GroupPay,
  type PayPlan,
  type PaySlip,
  type PersonPost,
  type PersonWork,
  planMeritPay,
  planPostPay,
  planTeamPay,
  planWorkPay,
  type SlipLine,
  type TeamPay,
  type TeamStay,
} from './pay-plan.ts';
export {
  freeze,
  type PoolResult,
  type PoolShare,
  postRatio,
  revise,
  shareByMerit,
  shareByPoints,
  shareByPosts,
  shareSurplusPool,
  stableShare,
} from './pay-pool.ts';
export {
  loadPayRules,
  PAY_KINDS,
  type PayKind,
  type PayRules,
  type PayValue,
  type PostGroup,
  readPayRules,
  TEAM_ROLES,
  type TeamRole,
} from './pay-rules.ts';
export { pointsOf, pointValueE6, priceByPoints, sharePool } from './points.ts';
export {
  account,
  canonical,
  FUND_SOURCES,
  type FundSource,
  type Line,
  type Posting,
  posting,
  reversal,
  transfer,
  trialBalance,
} from './postings.ts';
export {
  AGREEMENT_PARTIES,
  type Agreement,
  balanceOf,
  drawOnResult,
  drawPostings,
  drawRefund,
  isActive,
  openPrepaidFund,
  type PrepaidFund,
  type ResultClaim,
  refundedOf,
  reportOf,
} from './prepaid-fund.ts';
export { isUpTo, PriceBook } from './price-book.ts';
export { comparable, explainPrice, priceable, priceStay } from './price-stay.ts';
export { priceStays } from './price-stays.ts';
export {
  completion,
  type PriceCut,
  priceCut,
  type SelectedItem,
  savingsFen,
  type Use,
} from './procurement.ts';
export { readRuleSet } from './read-rule-set.ts';
export { loadRuleSet, ruleSetOn, shippedRuleSets } from './rule-files.ts';
export {
  BED_DAY_CATEGORIES,
  type ChronicPackage,
  type Consortium,
  LEVELS,
  type Level,
  PARTIES,
  PAYERS,
  type Party,
  type Payer,
  type RuleSet,
  type WarningLimits,
} from './rule-set.ts';
export { type Seen, SeenNumbers } from './seen-numbers.ts';
export {
  batchTotals,
  chargeOn,
  directionWarnings,
  type GradeOfHospital,
  type HospitalPrice,
  ITEM_CLASSES,
  type ItemClass,
  type PriceBatch,
  type PriceChange,
  type PriceRow,
  priceDeviations,
  priceOn,
  releaseBatch,
} from './service-prices.ts';
export { type MonthlySettlement, type OrgStatement, settleMonth } from './settle-month.ts';
export {
  checkSettlementRows,
  type Editions,
  type ImportReport,
  type Problem,
  SETTLEMENT_COLUMNS,
  type SettlementColumn,
  type SettlementList,
  type SettlementRow,
} from './settlement-list.ts';
export { type SharedResult, shareResult } from './share-result.ts';
export { type BudgetLine, chargeLine, consortiumBudget, executionRate } from './spending-control.ts';
export type { BedDaySegment, PricedStay, PriceKind, Reason, ReviewDecision, StayCase } from './stay-case.ts';
export {
  possibleSplits,
  type ReturningStay,
  type RunningStay,
  type Warning,
  warnHospital,
  warnReturns,
  warnRunning,
} from './stay-warnings.ts';
export {
  type DrugSale,
  type FiscalInput,
  impliedIncome,
  isAboveForYears,
  linkedSubsidy,
  type ScoreBand,
  summarizeInputs,
  zeroMarkupSubsidy,
} from './subsidies.ts';
export {
  departmentPay,
  type PointLine,
  type RelativeValue,
  type ServiceRecord,
  workPoints,
} from './work-points.ts';
