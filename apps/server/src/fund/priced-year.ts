// A year's stays grouped and priced as of now: the one calculation that board, cases, statements and what-ifs look at.
import { type Memberships, type RuleSet, shippedRuleSets } from '@yimai/fund';
import { chinaDate, must } from '@yimai/kit';
import {
  type AdoptedBudget,
  adoptedBudget,
  type FundStay,
  type MonthPlan,
  monthPlan,
  type Reviews,
  returnsAfter,
  type SettledCase,
} from '@yimai/ledger';
import type { FundDeps } from './fund-deps.ts';
import type { FundHouseDoor } from './fund-house.ts';

export const DEFAULT_RULE_SET = 'consortium-county/2026';

export interface YearOfFund {
  readonly year: string;
  readonly budget: AdoptedBudget | null;
  readonly ruleSet: string;
  readonly rules: RuleSet;
  readonly months: readonly MonthPlan[];
  readonly cases: readonly SettledCase[];
  /** What special-case reviews have granted. */
  readonly reviews: Reviews;
  /** Who was in which chronic package. */
  readonly memberships: Memberships;
}

interface Kept {
  readonly stamp: string;
  readonly year: YearOfFund;
}
const kept = new WeakMap<FundHouseDoor, Map<string, Kept>>();

/** Computed again only when a list came in or the budget changed. */
export async function yearOfFund({ fund }: Pick<FundDeps, 'fund'>, year: string): Promise<YearOfFund> {
  await fund.adopted.load(fund.database, fund.shelf.asSystem());
  const found = await adoptedBudget(fund.database, year);
  const budget = found.ok ? found.value.report : null;
  const all = await fund.shelf.stays(fund.shelf.asSystem());
  const stays = all.filter(({ list }) => list.dischargedOn.startsWith(year));
  const ruleSet = budget?.ruleSet ?? ruleSetOfYear(year);
  // Who comes back in the new year changes what December pays.
  const later = returnsAfter(`${year}-12`, all, must(fund.rulesOf(ruleSet)));
  const [reviews, memberships] = await Promise.all([fund.reviews(), fund.memberships()]);
  const granted = [...reviews].map(([list, { review }]) => `${list}/${review}`).sort();
  const stamp = `${found.ok ? found.value.run : ''} ${stays.length} ${stampOf([...stays, ...later])} ${fund.adopted.generation} ${granted.join()} ${JSON.stringify([...memberships])}`;
  const years = kept.get(fund) ?? new Map<string, Kept>();
  kept.set(fund, years);
  const known = years.get(year);
  if (known?.stamp === stamp) return known.year;
  const made = await compute(fund, { year, budget, ruleSet }, [...stays, ...later], { reviews, memberships });
  years.set(year, { stamp, year: made });
  return made;
}

/** Lists are kept as objects: another object is another version. */
const seen = new WeakMap<FundStay, number>();
let counter = 0;

function stampOf(stays: readonly FundStay[]): number {
  let stamp = 0;
  for (const stay of stays) {
    let number = seen.get(stay);
    if (number === undefined) {
      counter += 1;
      number = counter;
      seen.set(stay, number);
    }
    stamp = (stamp * 31 + number) % 2_147_483_647;
  }
  return stamp;
}

async function compute(
  fund: FundHouseDoor,
  { year, budget, ruleSet }: Pick<YearOfFund, 'year' | 'budget' | 'ruleSet'>,
  stays: readonly FundStay[],
  decided: Pick<YearOfFund, 'reviews' | 'memberships'>,
): Promise<YearOfFund> {
  const rules = must(fund.rulesOf(ruleSet));
  const byMonth = new Map<string, FundStay[]>();
  for (const stay of stays) {
    const month = stay.list.dischargedOn.slice(0, 7);
    const list = byMonth.get(month);
    if (list === undefined) byMonth.set(month, [stay]);
    else list.push(stay);
  }
  const months: MonthPlan[] = [];
  const { rulesOf, schemeOf } = fund;
  const reviews = async () => decided.reviews;
  const memberships = async () => decided.memberships;
  const deps = { rulesOf, schemeOf, reviews, memberships };
  for (const month of [...byMonth.keys()].filter((one) => one.startsWith(year)).sort()) {
    const staysOf = async () => byMonth.get(month)!;
    const returns = async () => returnsAfter(month, stays, must(rulesOf(ruleSet, month)));
    const asked = { ...deps, staysOf, returnsAfter: returns };
    months.push(await monthPlan(asked, month, budget ?? planless(year, ruleSet)));
  }
  return {
    year,
    budget,
    ruleSet,
    rules,
    months,
    cases: months.flatMap(({ cases }) => cases),
    ...decided,
  };
}

/** Without a budget, stays are still shown with the price that the rule set gives them. */
function planless(year: string, ruleSet: string): AdoptedBudget {
  return {
    year,
    ruleSet,
    payee: '',
    grossFen: 0n,
    reserveFen: 0n,
    budgetFen: 0n,
    instalmentsFen: [],
    rows: [],
  };
}

function ruleSetOfYear(year: string): string {
  const ofYear = shippedRuleSets().filter((name) => name.endsWith(`/${year}`));
  return ofYear.includes(`consortium-county/${year}`)
    ? `consortium-county/${year}`
    : (ofYear[0] ?? DEFAULT_RULE_SET);
}

/** Years with stays, and the present one; newest first. */
export async function yearsOf({ fund, clock }: FundDeps): Promise<string[]> {
  const stays = await fund.shelf.stays(fund.shelf.asSystem());
  const years = new Set(stays.map(({ list }) => list.dischargedOn.slice(0, 4)));
  years.add(chinaDate(clock.now()).slice(0, 4));
  return [...years].sort().reverse();
}
