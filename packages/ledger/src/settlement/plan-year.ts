// What a year's clearing says: each house's final payment, the consortium's result, the postings. Pure; shown before and after.
import {
  type BudgetPlan,
  type ClearedOrg,
  type ConsortiumResult,
  clearConsortium,
  clearingPostings,
  clearOrg,
  consortiumPostings,
  ONE,
  type Posting,
  type RuleSet,
} from '@yimai/fund';
import { type Fen, localDate } from '@yimai/kit';
import { groupResult, inBooksOf } from '../books.ts';
import type { HouseStatement } from './plan-month.ts';

export interface AdoptedBudget extends BudgetPlan {
  readonly year: string;
  readonly ruleSet: string;
  /** Who holds the budget: the Organization id of the consortium. */
  readonly payee: string;
}

export interface YearInput {
  readonly budget: AdoptedBudget;
  /** Statements of the year's settled months, in any order. */
  readonly months: readonly { readonly month: string; readonly statements: readonly HouseStatement[] }[];
  /** Assessment scores as shares; a house without one has the full score. */
  readonly scores: ReadonlyMap<string, bigint>;
  readonly reasonableOverrunFen: Fen;
  /** Prepayments (预付金) of the year by house; none where a consortium holds the budget. */
  readonly prepayments?: ReadonlyMap<string, Fen>;
  /** What packages draw from the budget: the insurance part of their price, amounts per head. */
  readonly packagesFen?: Fen;
}

export interface HouseYear extends ClearedOrg {
  readonly stays: number;
  readonly costFen: Fen;
  readonly paidFen: Fen;
  readonly score: bigint;
}

export interface YearPlan {
  readonly houses: readonly HouseYear[];
  readonly outsideFen: Fen;
  /** Care in the county that no package pays. */
  readonly inCountyFen: Fen;
  readonly packagesFen: Fen;
  /** Null in a region without a consortium's budget. */
  readonly result: ConsortiumResult | null;
  readonly postings: readonly Posting[];
}

/** Paid at adoption: what the clearing must not post again. */
const AT_ADOPTION = new Set(['instalment', 'reserve-kept']);

export function planYear(input: YearInput, rules: RuleSet): YearPlan {
  const { budget, months, scores } = input;
  const { year } = budget;
  const on = localDate(`${year}-12-31`);
  const statements = months.flatMap((one) => one.statements);
  const inside = statements.filter((one) => !one.isOutside);
  const prepayments = input.prepayments ?? new Map<string, Fen>();
  const orgs = new Set([...inside.map(({ org }) => org), ...prepayments.keys()]);
  const houses = [...orgs].sort().map((org) =>
    houseYear(
      org,
      inside.filter((one) => one.org === org),
      { score: scores.get(org) ?? ONE, prepaymentFen: prepayments.get(org) ?? 0n },
      rules,
    ),
  );
  // A report of an earlier year knows no packages.
  const byNoPackage = ({ fundFen, packageFen }: HouseStatement): Fen => fundFen - (packageFen ?? 0n);
  const outsideFen = sum(
    statements.filter((one) => one.isOutside),
    byNoPackage,
  );
  const inCountyFen = sum(inside, byNoPackage);
  const packagesFen = input.packagesFen ?? 0n;
  const result =
    rules.consortium === null
      ? null
      : clearConsortium(
          {
            budgetFen: budget.budgetFen,
            inCountyFen,
            outsideFen,
            packagesFen,
            reasonableOverrunFen: input.reasonableOverrunFen,
          },
          rules.consortium,
        );
  const ofHouses = houses.flatMap((house) => clearingPostings(house, { year, on, rules }));
  const ofConsortium =
    result === null
      ? []
      : [
          ...consortiumPostings(budget.payee, budget, result, { year, on, rules }).filter(
            ({ kind }) => !AT_ADOPTION.has(kind),
          ),
          ...groupResult(budget.payee, budget.budgetFen, result, year),
        ];
  return {
    houses,
    outsideFen,
    inCountyFen,
    packagesFen,
    result,
    postings: [...inBooksOf(rules, ofHouses), ...ofConsortium],
  };
}

function houseYear(
  org: string,
  statements: readonly HouseStatement[],
  { score, prepaymentFen }: { readonly score: bigint; readonly prepaymentFen: Fen },
  rules: RuleSet,
): HouseYear {
  const paidFen = prepaymentFen + sum(statements, (one) => one.paidFen);
  const cleared = clearOrg(
    {
      org,
      dueFen: sum(statements, (one) => one.fundFen),
      // Under a global budget the result is the consortium's; a house's own is not shared a second time.
      byItemFen:
        rules.method === 'global-budget' ? null : sum(statements, (one) => one.costFen - one.patientBorneFen),
      prepaidFen: paidFen,
      prepaymentFen,
      depositKeptFen: sum(statements, (one) => one.depositFen),
      score,
    },
    rules,
  );
  return {
    ...cleared,
    stays: statements.reduce((total, one) => total + one.stays, 0),
    costFen: sum(statements, (one) => one.costFen),
    paidFen,
    score,
  };
}

function sum<T>(list: readonly T[], of: (one: T) => Fen): Fen {
  return list.reduce((total, one) => total + of(one), 0n);
}
