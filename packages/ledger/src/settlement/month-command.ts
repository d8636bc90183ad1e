// `settlement.run`: the monthly pre-settlement; statements and entries, a response to each list, a payment for each house.
import { chinaDate, must, ok, refuse } from '@yimai/kit';
import type { CommandHandler, RecordTx } from '@yimai/record';
import { MONTH, type MonthDeps, mustHold, payloadOf, type SettlementDeps, textOf } from './deps.ts';
import { type HouseStatement, lastDayOf, type MonthPlan, planMonth } from './plan-month.ts';
import type { AdoptedBudget } from './plan-year.ts';
import { holdPeriod, postWithReport } from './post.ts';
import { claimResponse, ENGINE, paymentReconciliation } from './resources.ts';
import { adoptedBudget, SETTLERS } from './settle-commands.ts';

export interface MonthReport {
  readonly month: string;
  readonly ruleSet: string;
  readonly statements: readonly HouseStatement[];
  readonly cases: number;
  /** Lists that no rule could price, with the reason. */
  readonly refused: readonly { readonly id: string; readonly code: string }[];
}

interface MonthPayload {
  readonly month: string;
  readonly correction: boolean;
}

const INSURER = 'insurer';

export function monthCommand(deps: SettlementDeps): CommandHandler<MonthPayload> {
  return {
    type: 'settlement.run',
    parse(value) {
      const payload = payloadOf(value, ['month', 'correction']);
      if (!payload.ok) return payload;
      const month = textOf(payload.value, 'month', MONTH);
      if (!month.ok) return month;
      return ok({ month: month.value, correction: payload.value['correction'] === true });
    },
    async apply(tx, command, { month, correction }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      if (month > chinaDate(tx.recordedAt).slice(0, 7)) {
        const detail = { zh: '该月尚未开始', en: 'the month has not begun' };
        return refuse('month-in-future', detail, { at: 'payload.month' });
      }
      await holdPeriod(tx, month);
      const budget = await adoptedBudget(tx, month.slice(0, 4));
      if (!budget.ok) return budget;
      const plan = await monthPlan(deps, month, budget.value.report);
      const { ruleSet, payee } = budget.value.report;
      const receipt = await postWithReport(tx, command, {
        period: month,
        kind: 'settlement',
        scope: payee,
        postings: plan.postings,
        report: reportOf(plan, ruleSet),
        correction,
      });
      if (!receipt.ok) return receipt;
      if (!receipt.value.wasThere) await store(tx, plan, receipt.value.run);
      return ok({
        ...receipt.value,
        month,
        stays: plan.cases.length,
        refused: plan.refused.length,
        houses: plan.statements.length,
      });
    },
  };
}

/** What the month would settle as of now; the preview and the command ask the same. */
export async function monthPlan(
  deps: MonthDeps,
  month: string,
  { ruleSet, instalmentsFen }: AdoptedBudget,
): Promise<MonthPlan> {
  const [stays, reviews, memberships] = await Promise.all([
    deps.staysOf(month),
    deps.reviews(),
    deps.memberships(),
  ]);
  const rules = must(deps.rulesOf(ruleSet, month));
  const scheme = must(deps.schemeOf(rules.scheme));
  const returns = await deps.returnsAfter(month, rules);
  const borne = stays.reduce(
    (sum, { list, isOutside }) => (isOutside ? sum : sum + list.patientBorneFen),
    0n,
  );
  const instalment = instalmentsFen[Number(month.slice(5)) - 1] ?? 0n;
  const poolFen = rules.method === 'drg-points' ? instalment + borne : null;
  return planMonth(month, stays, { rules, scheme, poolFen, reviews, memberships, returns });
}

export function reportOf({ month, statements, cases, refused }: MonthPlan, ruleSet: string): MonthReport {
  return {
    month,
    ruleSet,
    statements,
    cases: cases.length,
    refused: refused.map(({ id, refusal }) => ({ id, code: refusal.code })),
  };
}

async function store(tx: RecordTx, plan: MonthPlan, run: string): Promise<void> {
  const on = lastDayOf(plan.month);
  await storeCases(tx, plan.cases, plan.month, run);
  for (const statement of plan.statements) {
    const { org, fundFen, depositFen, paidFen, heldFen } = statement;
    await tx.update(
      paymentReconciliation(`${plan.month}/${org}`, {
        issuer: INSURER,
        house: org,
        on,
        period: { start: `${plan.month}-01`, end: on },
        amountFen: paidFen,
        lines: [
          { code: 'due', amountFen: fundFen },
          { code: 'deposit', amountFen: -depositFen },
          { code: 'held', amountFen: -heldFen },
        ],
        run,
      }),
      { engine: ENGINE },
    );
  }
}

/** The response to each list: settled anew it is a new version of the same resource. */
export async function storeCases(
  tx: RecordTx,
  cases: MonthPlan['cases'],
  month: string,
  run: string,
): Promise<void> {
  const on = lastDayOf(month);
  for (const one of cases) {
    const claim = await tx.readAsSystem('Claim', one.list.stay.id);
    if (claim === null) continue;
    const patient = claim.resource['patient'];
    const { locks, patient: person } = claim.row;
    await tx.update(claimResponse(one, { patient, insurer: INSURER, on, run }), {
      engine: ENGINE,
      labels: { kind: 'claim', locks, patient: person, org: claim.row.org },
    });
  }
}
