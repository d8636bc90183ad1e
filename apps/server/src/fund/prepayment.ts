// The prepayment (预付金) of a year before it is posted: what each house was due last year, what it would be paid ahead.
import type { FundPrepaidHouse, FundPrepayment, FundPrepaymentAnswer } from '@yimai/desk/contract';
import { formatE4 } from '@yimai/fund';
import { type Fen, must, type Text } from '@yimai/kit';
import {
  adoptedBudget,
  type PrepaymentPlan,
  type PrepaymentReport,
  prepaymentPlan,
  readPrepayment,
  reportsOf,
} from '@yimai/ledger';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted } from '../desk/read-body.ts';
import { type FundDeps, houseRef, seesAll, settles, sumOf, yuan } from './fund-deps.ts';

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/prepayment', async (request): Promise<FundPrepaymentAnswer> => {
    const reader = await readerOf(deps, request);
    if (!seesAll(reader)) throw notPermitted();
    return { prepayment: await prepaymentOf(deps, reader, must(readPrepayment(bodyOf(request.body)))) };
  });
}

type Asked = Parameters<typeof prepaymentPlan>[2];

async function prepaymentOf(deps: FundDeps, reader: Reader, asked: Asked): Promise<FundPrepayment | null> {
  const { fund } = deps;
  await fund.adopted.load(fund.database, fund.shelf.asSystem());
  const budget = await adoptedBudget(fund.database, asked.year);
  if (!budget.ok) return null;
  const { ruleSet, budgetFen } = budget.value.report;
  const rules = must(fund.rulesOf(ruleSet));
  if (rules.consortium !== null) return null;
  const [planned, reports, cleared, houses] = await Promise.all([
    prepaymentPlan(fund.database, fund, asked),
    reportsOf<PrepaymentReport>(fund.database, 'prepayment', asked.year),
    reportsOf<unknown>(fund.database, 'clearing', `${Number(asked.year) - 1}`),
    fund.shelf.houses(),
  ]);
  const [posted] = reports;
  const paid = new Map(posted?.report.houses.map((one) => [one.org, one]));
  const plan = planned.ok ? planned.value : null;
  const planOf = new Map(plan?.houses.map((one) => [one.org, one]));
  const orgs = new Set([...paid.keys(), ...planOf.keys(), ...(await settledHouses(deps, asked.year))]);
  const lines = [...orgs].sort().map((org): FundPrepaidHouse => {
    const basis = planOf.get(org)?.lastYearFen ?? paid.get(org)?.lastYearFen;
    return {
      house: houseRef(houses, org),
      lastYear: orNull(basis),
      amount: orNull(planOf.get(org)?.amountFen),
      paid: orNull(paid.get(org)?.amountFen),
    };
  });
  return {
    months: formatE4(rules.prepayment.months),
    source: rules.prepayment.source,
    isBasisCleared: cleared.length > 0,
    houses: lines,
    sum: orNull(plan?.sumFen),
    budget: yuan(budgetFen),
    posted:
      posted === undefined
        ? null
        : {
            version: posted.version,
            at: posted.postedAt.toISOString(),
            sum: yuan(sumOf(posted.report.houses, ({ amountFen }) => amountFen)),
          },
    bar: planned.ok ? barOf(planned.value) : (planned.refusal.detail ?? null),
    may: { pay: settles(reader) },
  };
}

const orNull = (fen: Fen | undefined): string | null => (fen === undefined ? null : yuan(fen));

function barOf({ sumFen, budgetFen }: PrepaymentPlan): Text | null {
  if (sumFen <= budgetFen) return null;
  return { zh: '预付合计超过年度预算', en: 'more in all than the budget of the year' };
}

/** Members whose stays are settled by the insurer: those of this year and of the one before. */
async function settledHouses({ fund }: FundDeps, year: string): Promise<ReadonlySet<string>> {
  const years = [year, `${Number(year) - 1}`];
  const stays = await fund.shelf.stays(fund.shelf.asSystem());
  const own = stays.filter(
    ({ list, isOutside }) => !isOutside && years.includes(list.dischargedOn.slice(0, 4)),
  );
  return new Set(own.map(({ list }) => list.org));
}
