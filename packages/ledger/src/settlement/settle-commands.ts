// The commands of the insurer's year: adopt a budget, settle a month, clear the year, lock a period, share the surplus.
import { rowKey } from '@yimai/fhir';
import {
  type BudgetPlan,
  consortiumPostings,
  ONE,
  PAYERS,
  parseE4,
  planBudget,
  type RuleSet,
} from '@yimai/fund';
import { allocate, localDate, ok, parseYuan, type Result, refuse } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { CommandHandler } from '@yimai/record';
import { datedInstalments } from '../books.ts';
import type { Statements } from '../types.ts';
import { mustHold, NAME, type Payload, payloadOf, type SettlementDeps, textOf, wrong, YEAR } from './deps.ts';
import type { AdoptedBudget } from './plan-year.ts';
import { holdPeriod, postWithReport } from './post.ts';
import { reportsOf, type StoredReport } from './reports.ts';
import { ENGINE } from './resources.ts';

export const SETTLERS = ['insurer-clerk'];

interface BudgetPayload {
  readonly year: string;
  readonly ruleSet: string;
  readonly payee: string;
  readonly insured: readonly { readonly payer: (typeof PAYERS)[number]; readonly memberMonths: bigint }[];
  readonly amountFen: bigint | null;
  readonly correction: boolean;
}

/** `budget.adopt`: by heads and member months where the rule set has an amount per head, else a written amount. */
export function budgetCommand(deps: SettlementDeps): CommandHandler<BudgetPayload> {
  return {
    type: 'budget.adopt',
    parse: readBudget,
    async apply(tx, command, payload) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      const rules = deps.rulesOf(payload.ruleSet);
      if (!rules.ok) return rules;
      const plan = planOf(payload, rules.value);
      if (!plan.ok) return plan;
      const { year, ruleSet, payee, correction } = payload;
      if (String(rules.value.year) !== year)
        return wrong('payload.ruleSet', '规则集不是这一年的', 'the rule set is of another year');
      await holdPeriod(tx, year);
      const budget: AdoptedBudget = { ...plan.value, year, ruleSet, payee };
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'budget',
        scope: payee,
        postings: adoptionPostings(budget, rules.value),
        report: budget,
        correction,
      });
      if (!receipt.ok) return receipt;
      await tx.update(budgetResource(budget, command.id), { engine: ENGINE, labels: { kind: 'settlement' } });
      return ok({ ...receipt.value, budgetFen: `${budget.budgetFen}` });
    },
  };
}

function readBudget(value: unknown): Result<BudgetPayload> {
  const payload = payloadOf(value, ['year', 'ruleSet', 'payee', 'insured', 'amount', 'correction']);
  if (!payload.ok) return payload;
  const year = textOf(payload.value, 'year', YEAR);
  if (!year.ok) return year;
  const ruleSet = textOf(payload.value, 'ruleSet', NAME);
  if (!ruleSet.ok) return ruleSet;
  const payee = textOf({ payee: 'consortium', ...payload.value }, 'payee', NAME);
  if (!payee.ok) return payee;
  const insured = insuredOf(payload.value);
  if (!insured.ok) return insured;
  const { amount, correction } = payload.value;
  const amountFen = typeof amount === 'string' ? parseYuan(amount) : ok(null);
  if (!amountFen.ok) return wrong('payload.amount', '应为金额（元）', 'expected an amount in yuan');
  return ok({
    year: year.value,
    ruleSet: ruleSet.value,
    payee: payee.value,
    insured: insured.value,
    amountFen: amountFen.value,
    correction: correction === true,
  });
}

function insuredOf(payload: Payload): Result<BudgetPayload['insured']> {
  const list = payload['insured'] ?? [];
  if (!Array.isArray(list)) return wrong('payload.insured', '应为列表', 'expected a list');
  const read: { payer: (typeof PAYERS)[number]; memberMonths: bigint }[] = [];
  for (const [index, one] of list.entries()) {
    const payer = PAYERS.find((each) => each === one?.payer);
    if (payer === undefined || !Number.isSafeInteger(one.memberMonths) || one.memberMonths < 0)
      return wrong(`payload.insured[${index}]`, '险种或人月数不对', 'payer or member months are wrong');
    read.push({ payer, memberMonths: BigInt(one.memberMonths) });
  }
  return ok(read);
}

function planOf({ insured, amountFen }: BudgetPayload, rules: RuleSet): Result<BudgetPlan> {
  if (rules.consortium !== null && amountFen === null) return planBudget(insured, rules.consortium);
  if (amountFen === null || amountFen <= 0n)
    return wrong('payload.amount', '该规则集须写明预算金额', 'this rule set needs an amount');
  const { share, id } = rules.consortium?.reserve ?? rules.reserve;
  const reserveFen = (amountFen * share) / ONE;
  const budgetFen = amountFen - reserveFen;
  return ok({
    grossFen: amountFen,
    reserveFen,
    budgetFen,
    instalmentsFen: allocate(budgetFen, Array<bigint>(12).fill(1n)),
    rows: [id],
  });
}

const NOTHING = {
  chargedFen: 0n,
  packagesFen: 0n,
  surplusFen: 0n,
  overrunFen: 0n,
  insurerAddsFen: 0n,
  groupBearsFen: 0n,
  row: '',
};

/** Reserve and instalments where a consortium holds the budget; elsewhere the budget is a plan, no payment. */
function adoptionPostings(budget: AdoptedBudget, rules: RuleSet) {
  if (rules.consortium === null) return [];
  const { year, payee } = budget;
  const all = consortiumPostings(payee, budget, NOTHING, { year, on: localDate(`${year}-01-01`), rules });
  const now = all.filter(({ kind }) => kind === 'reserve-kept' || kind === 'instalment');
  return datedInstalments(now, year);
}

function budgetResource(
  { year, ruleSet, payee, budgetFen, grossFen, reserveFen }: AdoptedBudget,
  command: string,
) {
  const url = 'https://yimai.example/fhir/StructureDefinition/fund-budget';
  const amount = (name: string, fen: bigint) => ({
    url: name,
    valueMoney: { value: Number(fen) / 100, currency: 'CNY' },
  });
  return {
    resourceType: 'Basic' as const,
    id: rowKey('Basic', `fund-budget/${payee}/${year}`),
    identifier: [{ system: 'https://yimai.example/id/command', value: command }],
    code: { coding: [{ system: 'https://yimai.example/fhir/CodeSystem/fund', code: 'budget' }] },
    extension: [
      {
        url,
        extension: [
          { url: 'year', valueString: year },
          { url: 'rule-set', valueString: ruleSet },
          { url: 'payee', valueReference: { reference: `Organization/${payee}` } },
          amount('gross', grossFen),
          amount('reserve', reserveFen),
          amount('budget', budgetFen),
        ],
      },
    ],
  };
}

/** The budget of a year, or why there is nothing to settle by. */
export async function adoptedBudget(
  tx: Statements,
  year: string,
): Promise<Result<StoredReport<AdoptedBudget>>> {
  const [found] = await reportsOf<AdoptedBudget>(tx, 'budget', year);
  if (found !== undefined) return ok(found);
  const detail = { zh: `${year} 年预算尚未确定`, en: `no budget has been adopted for ${year}` };
  return refuse('budget-not-adopted', detail, { at: 'payload.year', rule: 'F8' });
}

/** `period.lock`: nothing is posted into it any more, not even a correction. */
export function lockCommand(): CommandHandler<{ readonly period: string }> {
  return {
    type: 'period.lock',
    parse(value) {
      const payload = payloadOf(value, ['period']);
      if (!payload.ok) return payload;
      const period = textOf(payload.value, 'period', /^20\d\d(-(0[1-9]|1[0-2]))?$/);
      return period.ok ? ok({ period: period.value }) : period;
    },
    async apply(tx, command, { period }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      const { rowCount } = await tx.run(sql`
        update ledger_period set state = 'locked', locked_at = ${tx.recordedAt}, locked_by = ${command.id}
        where period = ${period} and state = 'open'`);
      if (rowCount === 1) return ok({ period });
      const detail = {
        zh: `期间 ${period} 不存在或已锁定`,
        en: `period ${period} does not exist or is locked`,
      };
      return refuse('period-not-open', detail, { at: 'payload.period', rule: 'L4' });
    },
  };
}

/** `0.97` by house; a share above 1 or below 0 is refused. */
export function scoresOf(payload: Payload): Result<ReadonlyMap<string, bigint>> {
  const { scores = {} } = payload;
  if (typeof scores !== 'object' || scores === null)
    return wrong('payload.scores', '应为对象', 'expected an object');
  const read = new Map<string, bigint>();
  for (const [org, text] of Object.entries(scores)) {
    const score = typeof text === 'string' ? parseE4(text) : wrong('', '', '');
    if (!score.ok || score.value < 0n || score.value > ONE)
      return wrong(
        `payload.scores.${org.slice(0, 64)}`,
        '得分应在 0 与 1 之间',
        'a score lies between 0 and 1',
      );
    read.set(org, score.value);
  }
  return ok(read);
}
