// `settlement.adjust`: a locked month corrected from a later open one; every entry leads back to the one that it replaces.
import type { Posting } from '@yimai/fund';
import { must, ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { CommandHandler } from '@yimai/record';
import { readEntries } from '../ledger.ts';
import type { Statements } from '../types.ts';
import { MONTH, type MonthDeps, mustHold, payloadOf, type SettlementDeps, textOf } from './deps.ts';
import { type MonthReport, monthPlan, storeCases } from './month-command.ts';
import {
  type AdjustedCase,
  type AdjustmentPlan,
  planAdjustment,
  REVERSED_IN,
  sumStatements,
} from './plan-adjustment.ts';
import type { HouseStatement } from './plan-month.ts';
import { holdPeriod, postWithReport } from './post.ts';
import { reportsOf, type StoredReport } from './reports.ts';
import { adoptedBudget, SETTLERS } from './settle-commands.ts';

export interface AdjustmentReport {
  readonly month: string;
  readonly corrects: string;
  readonly number: number;
  readonly ruleSet: string;
  /** By how much each house's statement of the corrected month changes. */
  readonly statements: readonly HouseStatement[];
  readonly cases: readonly AdjustedCase[];
}

interface AdjustPayload {
  readonly month: string;
  readonly corrects: string;
}

export function adjustCommand(deps: SettlementDeps): CommandHandler<AdjustPayload> {
  return {
    type: 'settlement.adjust',
    parse(value) {
      const payload = payloadOf(value, ['month', 'corrects']);
      if (!payload.ok) return payload;
      const month = textOf(payload.value, 'month', MONTH);
      if (!month.ok) return month;
      const corrects = textOf(payload.value, 'corrects', MONTH);
      return corrects.ok ? ok({ month: month.value, corrects: corrects.value }) : corrects;
    },
    async apply(tx, command, { month, corrects }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      // The corrected month first, then the one that carries it: all who adjust queue in one order.
      await holdPeriod(tx, corrects);
      const found = await adjustmentPlan(tx, deps, { month, corrects });
      if (!found.ok) return found;
      const { plan, number, payee, ruleSet, runs } = found.value;
      const report: AdjustmentReport = {
        month,
        corrects,
        number,
        ruleSet,
        statements: plan.differences,
        cases: plan.cases,
      };
      const receipt = await postWithReport(tx, command, {
        period: month,
        kind: 'adjustment',
        scope: `${payee}/${corrects}/${number}`,
        postings: plan.postings,
        report,
        correction: false,
      });
      if (!receipt.ok) return receipt;
      for (const run of runs) {
        await tx.run(sql`insert into ledger_correction (run, corrects) values (${receipt.value.run}, ${run})
          on conflict do nothing`);
      }
      const changed = new Set(plan.cases.map(({ id }) => id));
      const cases = found.value.cases.filter(({ list }) => changed.has(list.stay.id));
      await storeCases(tx, cases, corrects, receipt.value.run);
      return ok({ ...receipt.value, month, corrects, cases: plan.cases.length });
    },
  };
}

/** What a correction of that month would post now; the preview and the command ask the same. */
export async function adjustmentPlan(
  tx: Statements,
  deps: MonthDeps,
  { month, corrects }: AdjustPayload,
): Promise<Result<AdjustmentFound>> {
  const state = await stateOf(tx, corrects);
  const [settled] = await reportsOf<MonthReport>(tx, 'settlement', corrects);
  if (settled === undefined) {
    const detail = { zh: `${corrects} 尚未结算`, en: `${corrects} has not been settled` };
    return refuse('not-settled', detail, { at: 'payload.corrects' });
  }
  if (state !== 'locked') {
    const detail = {
      zh: `${corrects} 尚未锁定，可直接更正`,
      en: `${corrects} is not locked: correct it in place`,
    };
    return refuse('period-open', detail, { at: 'payload.corrects', rule: 'L12' });
  }
  if (month <= corrects) {
    const detail = { zh: '只能由之后的期间更正', en: 'only a later period can carry the correction' };
    return refuse('period-not-later', detail, { at: 'payload.month', rule: 'L12' });
  }
  const budget = await adoptedBudget(tx, corrects.slice(0, 4));
  if (!budget.ok) return budget;
  const { ruleSet, payee } = budget.value.report;
  const earlier = await adjustmentsOf(tx, corrects);
  const now = await monthPlan(deps, corrects, budget.value.report);
  const plan = planAdjustment(
    {
      period: month,
      corrects,
      number: earlier.length + 1,
      inForce: await inForceOf(tx, settled.run, earlier),
      statements: sumStatements([settled, ...earlier].flatMap(({ report }) => report.statements)),
      now,
    },
    must(deps.rulesOf(ruleSet, corrects)),
  );
  if (plan.cases.length === 0 && plan.differences.length === 0) {
    const detail = { zh: `${corrects} 没有需要更正的差异`, en: `nothing of ${corrects} is to be corrected` };
    return refuse('nothing-to-adjust', detail, { at: 'payload.corrects' });
  }
  const runs = [settled.run, ...earlier.map(({ run }) => run)];
  return ok({ plan, number: earlier.length + 1, payee, ruleSet, runs, cases: now.cases });
}

export interface AdjustmentFound {
  readonly plan: AdjustmentPlan;
  readonly number: number;
  readonly payee: string;
  readonly ruleSet: string;
  readonly runs: readonly Uuid[];
  readonly cases: Awaited<ReturnType<typeof monthPlan>>['cases'];
}

async function stateOf(tx: Statements, period: string): Promise<string | undefined> {
  const { rows } = await tx.run<{ state: string }>(
    sql`select state from ledger_period where period = ${period}`,
  );
  return rows[0]?.state;
}

/** Corrections of a month, in their order, whichever period carries them. */
export async function adjustmentsOf(
  tx: Statements,
  corrects: string,
): Promise<StoredReport<AdjustmentReport>[]> {
  const all = await reportsOf<AdjustmentReport>(tx, 'adjustment', '');
  return all
    .filter(({ report }) => report.corrects === corrects)
    .sort((left, right) => left.report.number - right.report.number);
}

/** Postings of cases of the month and of its corrections that no later correction has reversed. */
async function inForceOf(
  tx: Statements,
  run: Uuid,
  earlier: readonly StoredReport<AdjustmentReport>[],
): Promise<readonly Posting[]> {
  const posted = [];
  for (const one of [run, ...earlier.map((adjustment) => adjustment.run)])
    posted.push(...(await readEntries(tx, { run: one })));
  const ofCases = posted.filter(({ caseId }) => caseId !== null);
  const reversed = new Set(
    ofCases.filter(({ kind }) => kind === 'reversal').map(({ key }) => key.split(REVERSED_IN)[0]!),
  );
  return ofCases
    .filter(({ kind, key }) => kind !== 'reversal' && !reversed.has(key))
    .map(({ debit, credit, amountFen, zh, en, ...head }) => ({
      ...head,
      period: '',
      text: { zh, en },
      lines: [
        { account: debit, amountFen },
        { account: credit, amountFen: -amountFen },
      ],
    }));
}
