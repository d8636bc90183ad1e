// `clearing.run` and `distribution.run`: the year's end for the houses, and what becomes of a surplus.
import { parseE4 } from '@yimai/fund';
import { localDate, must, ok, parseYuan, type Result, refuse } from '@yimai/kit';
import type { CommandHandler, RecordTx } from '@yimai/record';
import type { Statements } from '../types.ts';
import type { AdjustmentReport } from './adjust-command.ts';
import { mustHold, type Payload, payloadOf, type SettlementDeps, textOf, wrong, YEAR } from './deps.ts';
import type { MonthReport } from './month-command.ts';
import { drawnByPackages, dualPoolOf, packageSurplusOf, settledPackages } from './packages-drawn.ts';
import { mustNotBePaid } from './pay-command.ts';
import { planDistribution, type WorkLine } from './plan-distribution.ts';
import { type AdoptedBudget, planYear, type YearPlan } from './plan-year.ts';
import { holdPeriod, postWithReport } from './post.ts';
import { prepaymentsOf } from './prepayment-command.ts';
import { reportsOf } from './reports.ts';
import { ENGINE, paymentReconciliation } from './resources.ts';
import { adoptedBudget, SETTLERS, scoresOf } from './settle-commands.ts';

export interface YearPayload {
  readonly year: string;
  readonly scores: ReadonlyMap<string, bigint>;
  readonly reasonableOverrunFen: bigint;
  readonly correction: boolean;
}

export type YearReport = Omit<YearPlan, 'postings'> & {
  readonly year: string;
  readonly budgetFen: bigint;
  readonly reasonableOverrunFen: bigint;
  readonly months: readonly string[];
};

export function readYear(value: unknown): Result<YearPayload> {
  const payload = payloadOf(value, ['year', 'scores', 'reasonableOverrun', 'correction']);
  if (!payload.ok) return payload;
  const year = textOf(payload.value, 'year', YEAR);
  if (!year.ok) return year;
  const scores = scoresOf(payload.value);
  if (!scores.ok) return scores;
  const { reasonableOverrun = '0', correction } = payload.value;
  const amount = typeof reasonableOverrun === 'string' ? parseYuan(reasonableOverrun) : null;
  if (amount === null || !amount.ok || amount.value < 0n)
    return wrong('payload.reasonableOverrun', '应为金额（元）', 'expected an amount in yuan');
  return ok({
    year: year.value,
    scores: scores.value,
    reasonableOverrunFen: amount.value,
    correction: correction === true,
  });
}

/** The clearing as it would be now: from the settled months only, so that it meets the ledger to the fen. */
export async function yearPlan(
  tx: Statements,
  deps: Pick<SettlementDeps, 'rulesOf'>,
  { year, scores, reasonableOverrunFen }: YearPayload,
): Promise<Result<{ budget: AdoptedBudget; plan: YearPlan; months: readonly string[] }>> {
  const budget = await adoptedBudget(tx, year);
  if (!budget.ok) return budget;
  const settled = await reportsOf<MonthReport>(tx, 'settlement', `${year}-`);
  if (settled.length === 0) {
    const detail = { zh: `${year} 年还没有月度预结算`, en: `no month of ${year} has been settled` };
    return refuse('no-month-settled', detail, { at: 'payload.year' });
  }
  const rules = must(deps.rulesOf(budget.value.report.ruleSet));
  const months = settled.map(({ report }) => report);
  // What this year's months carry of corrections counts in this year.
  const adjusted = await reportsOf<AdjustmentReport>(tx, 'adjustment', `${year}-`);
  const carried = [...months, ...adjusted.map(({ report }) => report)];
  const packages = await settledPackages(
    tx,
    year,
    carried.flatMap(({ statements }) => statements),
  );
  if (!packages.ok) return packages;
  const packagesFen = packages.value;
  const plan = planYear(
    {
      budget: budget.value.report,
      months: carried,
      scores,
      reasonableOverrunFen,
      prepayments: await prepaymentsOf(tx, year),
      packagesFen,
    },
    rules,
  );
  return ok({ budget: budget.value.report, plan, months: months.map(({ month }) => month) });
}

export function clearingCommand(deps: SettlementDeps): CommandHandler<YearPayload> {
  return {
    type: 'clearing.run',
    parse: readYear,
    async apply(tx, command, payload) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      const { year, correction } = payload;
      await holdPeriod(tx, year);
      if (correction) {
        const open = await mustNotBePaid(tx, year);
        if (!open.ok) return open;
      }
      const found = await yearPlan(tx, deps, payload);
      if (!found.ok) return found;
      const { budget, plan, months } = found.value;
      const { postings, ...figures } = plan;
      const { reasonableOverrunFen } = payload;
      const { budgetFen } = budget;
      const report: YearReport = { ...figures, year, budgetFen, reasonableOverrunFen, months };
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'clearing',
        scope: budget.payee,
        postings,
        report,
        correction,
      });
      if (!receipt.ok) return receipt;
      if (!receipt.value.wasThere) await storeYear(tx, plan, year, receipt.value.run);
      return ok({ ...receipt.value, year, houses: plan.houses.length });
    },
  };
}

async function storeYear(tx: RecordTx, plan: YearPlan, year: string, run: string): Promise<void> {
  for (const house of plan.houses) {
    await tx.update(
      paymentReconciliation(`${year}/${house.org}`, {
        issuer: 'insurer',
        house: house.org,
        on: localDate(`${year}-12-31`),
        period: { start: `${year}-01-01`, end: `${year}-12-31` },
        amountFen: house.finalFen,
        lines: [
          { code: 'due', amountFen: house.dueFen },
          { code: 'prepaid', amountFen: -house.paidFen },
          { code: 'deposit-returned', amountFen: house.depositReturnedFen },
          { code: 'forfeited', amountFen: -house.forfeitedFen },
        ],
        run,
      }),
      { engine: ENGINE },
    );
  }
}

interface DistributionPayload {
  readonly year: string;
  readonly lines: readonly WorkLine[] | null;
  readonly correction: boolean;
}

/** `distribution.run`: after the clearing, from the work records that each share opens to. */
export function distributionCommand(deps: SettlementDeps): CommandHandler<DistributionPayload> {
  return {
    type: 'distribution.run',
    parse: readDistribution,
    async apply(tx, command, { year, lines, correction }) {
      const allowed = mustHold(tx, [...SETTLERS, 'finance-clerk', 'consortium-office']);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      if (correction) {
        const open = await mustNotBePaid(tx, year);
        if (!open.ok) return open;
      }
      const budget = await adoptedBudget(tx, year);
      if (!budget.ok) return budget;
      const [cleared] = await reportsOf<YearReport>(tx, 'clearing', year);
      const rules = must(deps.rulesOf(budget.value.report.ruleSet));
      if (cleared === undefined || rules.consortium === null || cleared.report.result === null) {
        const detail = { zh: '年度清算尚未完成', en: 'the year has not been cleared' };
        return refuse('not-cleared', detail, { at: 'payload.year' });
      }
      const drawn = [...(await drawnByPackages(tx, year)).values()].reduce((sum, one) => sum + one, 0n);
      if (drawn !== (cleared.report.packagesFen ?? 0n)) {
        const detail = {
          zh: '打包在清算之后有变动，须先更正清算',
          en: 'packages have changed since the clearing: clear again first',
        };
        return refuse('clearing-outdated', detail, { at: 'payload.year', rule: 'L16' });
      }
      const { payee } = budget.value.report;
      const { surplusFen, groupBearsFen } = cleared.report.result;
      const work = lines ?? (await deps.healthWork(year));
      const packagePoolFen = await dualPoolOf(tx, year);
      const packageSurplus = await packageSurplusOf(tx, year, rules.consortium, groupBearsFen);
      const sources = { surplusFen, packagePoolFen, packageSurplus, payee };
      const plan = planDistribution(year, sources, work, rules.consortium);
      if (!plan.ok) return plan;
      const { postings, ...report } = plan.value;
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'distribution',
        scope: payee,
        postings,
        report: { ...report, year },
        correction,
      });
      if (!receipt.ok) return receipt;
      const run = receipt.value.run;
      if (!receipt.value.wasThere) {
        const shares = plan.value.pool.shares.map(({ person, shareFen }) => ({
          code: 'staff-share',
          amountFen: shareFen,
          ...(/^(Practitioner|PractitionerRole|Organization)\//.test(person) ? { payee: person } : {}),
        }));
        const parties = Object.entries(plan.value.parties).map(([code, amountFen]) => ({ code, amountFen }));
        const payment = paymentReconciliation(`${year}/surplus/${payee}`, {
          issuer: 'insurer',
          house: payee,
          on: localDate(`${year}-12-31`),
          period: { start: `${year}-01-01`, end: `${year}-12-31` },
          amountFen: surplusFen + packagePoolFen + (plan.value.packageSurplusFen ?? 0n),
          lines: [...shares, ...parties],
          run,
        });
        await tx.update(payment, { engine: ENGINE });
      }
      return ok({ ...receipt.value, year, people: plan.value.pool.shares.length });
    },
  };
}

function readDistribution(value: unknown): Result<DistributionPayload> {
  const payload = payloadOf(value, ['year', 'lines', 'correction']);
  if (!payload.ok) return payload;
  const year = textOf(payload.value, 'year', YEAR);
  if (!year.ok) return year;
  const lines = linesOf(payload.value);
  if (!lines.ok) return lines;
  return ok({
    year: year.value,
    lines: lines.value,
    correction: payload.value['correction'] === true,
  });
}

/** Null where none are written: then the work that the record has counts. */
function linesOf({ lines }: Payload): Result<readonly WorkLine[] | null> {
  if (lines === undefined) return ok(null);
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > 50_000)
    return wrong('payload.lines', '应有工作记录', 'work records are needed');
  const read: WorkLine[] = [];
  for (const [index, one] of lines.entries()) {
    const { record, person, points, isPrimaryCare } = (one ?? {}) as Record<string, unknown>;
    const amount = typeof points === 'string' ? parseE4(points) : null;
    if (typeof record !== 'string' || typeof person !== 'string' || amount === null || !amount.ok)
      return wrong(
        `payload.lines[${index}]`,
        '工作记录、人员或工分不对',
        'record, person or points are wrong',
      );
    read.push({ record, person, points: amount.value, isPrimaryCare: isPrimaryCare === true });
  }
  return ok(read);
}
