// The year-end clearing before it is posted: each house and each account as it stands now and as it would stand after.
import type { FundClearing, FundDistribution } from '@yimai/desk/contract';
import { formatE4, PARTIES } from '@yimai/fund';
import { must } from '@yimai/kit';
import {
  type DistributionReport,
  dualPoolOf,
  type HouseYear,
  type MonthReport,
  type PaymentReport,
  packageSurplusOf,
  readYear,
  reportsOf,
  type YearPayload,
  type YearReport,
  yearPlan,
} from '@yimai/ledger';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted } from '../desk/read-body.ts';
import { namesOf } from '../desk/resources.ts';
import { type FundDeps, houseRef, seesAll, sumOf, yuan } from './fund-deps.ts';
import { type YearOfFund, yearOfFund } from './priced-year.ts';

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/clearing', async (request): Promise<FundClearing> => {
    const reader = await readerOf(deps, request);
    if (!seesAll(reader)) throw notPermitted();
    return clearingOf(deps, reader, request.body);
  });
}

async function clearingOf(deps: FundDeps, reader: Reader, asked: unknown): Promise<FundClearing> {
  const { fund } = deps;
  const written = must(readYear(asked));
  const { year } = written;
  const [posted] = await reportsOf<YearReport>(fund.database, 'clearing', year);
  const payload = posted === undefined ? written : withPosted(written, posted.report, asked);
  const { budget, plan, months } = must(await yearPlan(fund.database, fund, payload));
  const [houses, ofYear, settled, shared, paid, balances] = await Promise.all([
    fund.shelf.houses(),
    yearOfFund(deps, year),
    reportsOf<MonthReport>(fund.database, 'settlement', `${year}-`),
    reportsOf<DistributionReport>(fund.database, 'distribution', year),
    reportsOf<PaymentReport>(fund.database, 'payment', year),
    fund.ledger.trialBalance(),
  ]);
  const moved = new Map<string, bigint>();
  for (const { lines } of plan.postings) {
    for (const { account, amountFen } of lines) moved.set(account, (moved.get(account) ?? 0n) + amountFen);
  }
  const base = posted === undefined ? balances : await withoutRun(deps, balances, posted.run);
  const before = new Map(base.map(({ account, balanceFen }) => [account, balanceFen]));
  return {
    year,
    months,
    openMonths: ofYear.months.map(({ month }) => month).filter((month) => !months.includes(month)),
    houses: plan.houses.map((house) => ({
      house: houseRef(houses, house.org),
      ...houseMoney(house, heldOf(house.org, settled)),
    })),
    budget: yuan(budget.budgetFen),
    inCounty: yuan(plan.inCountyFen),
    outside: yuan(plan.outsideFen),
    packages: yuan(plan.packagesFen),
    dualPool: yuan(await dualPoolOf(fund.database, year)),
    packageSurplus: yuan(await leftOfPackages(deps, ofYear, plan.result?.groupBearsFen ?? 0n)),
    result: plan.result && {
      charged: yuan(plan.result.chargedFen),
      surplus: yuan(plan.result.surplusFen),
      overrun: yuan(plan.result.overrunFen),
      insurerAdds: yuan(plan.result.insurerAddsFen),
      groupBears: yuan(plan.result.groupBearsFen),
    },
    accounts: [...moved].sort().map(([account, change]) => ({
      account,
      before: yuan(before.get(account) ?? 0n),
      after: yuan((before.get(account) ?? 0n) + change),
      difference: yuan(change),
    })),
    posted:
      posted === undefined
        ? null
        : { version: posted.version, at: posted.postedAt.toISOString(), command: posted.command },
    distribution: shared[0] === undefined ? null : await distributionOf(deps, reader, shared[0].report),
    paid: paid.length > 0,
  };
}

async function leftOfPackages(
  { fund }: FundDeps,
  { year, rules }: YearOfFund,
  groupBearsFen: bigint,
): Promise<bigint> {
  if (rules.consortium === null) return 0n;
  const left = await packageSurplusOf(fund.database, year, rules.consortium, groupBearsFen);
  return sumOf(left, ({ amountFen }) => amountFen);
}

/** What is posted is shown as it was posted, but for what the clerk has written anew. */
function withPosted(written: YearPayload, posted: YearReport, asked: unknown): YearPayload {
  const scores = new Map(posted.houses.map(({ org, score }) => [org, score]));
  for (const [org, score] of written.scores) scores.set(org, score);
  const hasOverrun = bodyOf(asked)['reasonableOverrun'] !== undefined;
  const { reasonableOverrunFen } = hasOverrun ? written : posted;
  return { ...written, scores, reasonableOverrunFen };
}

function houseMoney(house: HouseYear, held: bigint) {
  const shared = house.shared === null ? 0n : house.shared.fundBearsFen - house.shared.returnedFen;
  return {
    stays: house.stays,
    due: yuan(house.dueFen),
    paidBefore: yuan(house.paidFen),
    depositBefore: yuan(house.depositFen),
    heldBefore: yuan(held),
    score: formatE4(house.score),
    depositReturned: yuan(house.depositReturnedFen),
    forfeited: yuan(house.forfeitedFen),
    shared: yuan(shared),
    final: yuan(house.finalFen),
    paidAfter: yuan(house.paidFen + house.finalFen),
    difference: yuan(house.finalFen),
  };
}

function heldOf(org: string, settled: readonly { readonly report: MonthReport }[]): bigint {
  const own = settled.flatMap(({ report }) => report.statements).filter((one) => one.org === org);
  return own.reduce((sum, { heldFen }) => sum + heldFen, 0n);
}

/** What the accounts would be had the clearing not been posted: before and after stay readable afterwards. */
async function withoutRun(
  { fund }: FundDeps,
  balances: readonly { account: string; balanceFen: bigint }[],
  run: string,
) {
  const { rows } = await fund.database.run<{ account: string; moved: string }>(sql`
    select account, sum(amount)::text as moved from (
      select debit as account, amount_fen as amount from ledger_entry where run = ${run}::uuid
      union all select credit, -amount_fen from ledger_entry where run = ${run}::uuid) as moves group by account`);
  const moved = new Map(rows.map(({ account, moved: amount }) => [account, BigInt(amount)]));
  return balances.map(({ account, balanceFen }) => ({
    account,
    balanceFen: balanceFen - (moved.get(account) ?? 0n),
  }));
}

export async function distributionOf(
  deps: FundDeps,
  reader: Reader,
  { surplusFen, packagePoolFen = 0n, packageSurplusFen = 0n, poolFen, pool, parties }: DistributionReport,
): Promise<FundDistribution> {
  const names = await namesOf(
    deps,
    reader,
    pool.shares.map(({ person }) => person),
  );
  return {
    surplus: yuan(surplusFen),
    packagePool: yuan(packagePoolFen),
    packageSurplus: yuan(packageSurplusFen),
    pool: yuan(poolFen),
    parties: PARTIES.map((party) => ({ party, amount: yuan(parties[party]) })),
    people: pool.shares.map(({ person, points, shareFen, records }) => ({
      person,
      name: names.get(person) ?? null,
      points: formatE4(points),
      share: yuan(shareFen),
      records,
    })),
  };
}
