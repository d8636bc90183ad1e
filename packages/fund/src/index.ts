// The door of fund: rule sets, prices, settlements, clearing, budgets, result payments, pools of pay, postings.

export { type PackageCost, type PackageResult, settlePackage } from './chronic-package.ts';
export { type ClearedOrg, clearingPostings, clearOrg, type YearOfOrg } from './clear-year.ts';
export { type E4, formatE4, ONE, parseE4, ratioE4, timesE4 } from './decimal.ts';
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
  isActive,
  openPrepaidFund,
  type PrepaidFund,
  type ResultClaim,
  reportOf,
} from './prepaid-fund.ts';
export { PriceBook } from './price-book.ts';
export { explainPrice, priceable, priceStay } from './price-stay.ts';
export { priceStays } from './price-stays.ts';
export { readRuleSet } from './read-rule-set.ts';
export { loadRuleSet, ruleSetOn, shippedRuleSets } from './rule-files.ts';
export {
  type ChronicPackage,
  type Consortium,
  LEVELS,
  type Level,
  PARTIES,
  PAYERS,
  type Party,
  type Payer,
  type RuleSet,
} from './rule-set.ts';
export { type MonthlySettlement, type OrgStatement, settleMonth } from './settle-month.ts';
export { type SharedResult, shareResult } from './share-result.ts';
export type { BedDaySegment, PricedStay, PriceKind, Reason, ReviewDecision, StayCase } from './stay-case.ts';
export {
  departmentPay,
  type PointLine,
  type RelativeValue,
  type ServiceRecord,
  workPoints,
} from './work-points.ts';
