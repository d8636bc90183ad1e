// Pay that follows work: `pay.freeze` posts a pool's shares and keeps their slips; nothing overwrites them but an appeal
// that was granted, and that as a new version.
import { rowKey } from '@yimai/fhir';
import { type PayPlan, type Posting, parseE4, transfer } from '@yimai/fund';
import { ok, parseYuan, type Result, refuse } from '@yimai/kit';
import type { CommandHandler } from '@yimai/record';
import { GROUP_BOOKS } from '../books.ts';
import { MONTH, NAME, type Payload, payloadOf, textOf, wrong } from '../settlement/deps.ts';
import { lastDayOf } from '../settlement/plan-month.ts';
import { holdPeriod, postWithReport } from '../settlement/post.ts';
import { appealCommands, carriedOut, grantedAppeal } from './appeal-commands.ts';
import {
  FROZEN_KINDS,
  frozenPay,
  mustKeep,
  type PayAsk,
  type PayDeps,
  type PayReport,
  scopeOf,
} from './pay-deps.ts';

export function payCommands(deps: PayDeps): readonly CommandHandler[] {
  const handlers: readonly unknown[] = [freezeCommand(deps), ...appealCommands(deps)];
  return handlers as readonly CommandHandler[];
}

interface FreezePayload extends PayAsk {
  readonly appeal: string | null;
}

function freezeCommand(deps: PayDeps): CommandHandler<FreezePayload> {
  return {
    type: 'pay.freeze',
    parse: readFreeze,
    async apply(tx, command, { appeal, ...ask }) {
      const allowed = mustKeep(tx, ask.org);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, ask.month);
      const before = await frozenPay(tx, ask);
      if (appeal !== null) {
        const granted = await grantedAppeal(tx, appeal, before);
        if (!granted.ok) return granted;
      }
      const plan = await deps.planPay(ask);
      if (!plan.ok) return plan;
      const { kind, org, month, deductions } = ask;
      const receipt = await postWithReport(tx, command, {
        period: month,
        kind: 'pay',
        scope: scopeOf(ask),
        postings: postingsOf(ask, plan.value),
        report: { ...plan.value, kind, org, month, deductions, appeal } satisfies PayReport,
        correction: appeal !== null,
      });
      if (!receipt.ok) return receipt.refusal.code === 'already-settled' ? frozen() : receipt;
      if (appeal !== null) await carriedOut(tx, appeal, receipt.value.version);
      return ok({ ...receipt.value, people: plan.value.slips.length });
    },
  };
}

const frozen = (): Result<never> =>
  refuse(
    'result-frozen',
    {
      zh: '结果已冻结，只能经申诉形成新版本',
      en: 'the result is frozen: only an appeal makes a new version',
    },
    { at: 'payload.appeal', rule: 'F12' },
  );

/** One entry a slip: it names the slip, not the person, so that a reader of the ledger learns nobody's pay. */
function postingsOf({ kind, org, month }: PayAsk, { slips }: PayPlan): Posting[] {
  return slips.flatMap(({ person, shareFen }) => {
    const slip = slipIdOf(kind, org, month, person);
    const made = transfer(
      {
        key: `${month}/1/pay/${kind}/${slip}`,
        kind: 'pay',
        source: 'special',
        purpose: 'staff-pay',
        period: month,
        on: lastDayOf(month),
        caseId: slip,
        row: `pool/${kind}`,
        text: { zh: '绩效分配：按工作记录', en: 'pay by work records' },
      },
      `${GROUP_BOOKS}pay-pool/${org}`,
      `${GROUP_BOOKS}pay-due/${org}`,
      shareFen,
    );
    return made === null ? [] : [made];
  });
}

export const slipIdOf = (kind: string, org: string, month: string, person: string): string =>
  rowKey('Basic', `pay-slip/${kind}/${org}/${month}/${person}`);

const FIELDS = ['kind', 'org', 'month', 'pool', 'scores', 'deductions', 'appeal'];

function readFreeze(value: unknown): Result<FreezePayload> {
  const payload = payloadOf(value, FIELDS);
  if (!payload.ok) return payload;
  const ask = readAsk(payload.value);
  if (!ask.ok) return ask;
  const { appeal = null } = payload.value;
  if (appeal !== null && (typeof appeal !== 'string' || !NAME.test(appeal)))
    return wrong('payload.appeal', '申诉编号不对', 'expected the id of an appeal');
  return ok({ ...ask.value, appeal });
}

export function readAsk(payload: Payload): Result<PayAsk> {
  const kind = FROZEN_KINDS.find((one) => one === payload['kind']);
  if (kind === undefined) return wrong('payload.kind', '绩效类别不对', 'unknown kind of pay');
  const org = textOf(payload, 'org', NAME);
  if (!org.ok) return org;
  const month = textOf(payload, 'month', MONTH);
  if (!month.ok) return month;
  const pool = typeof payload['pool'] === 'string' ? parseYuan(payload['pool']) : null;
  if (pool === null || !pool.ok || pool.value <= 0n)
    return wrong('payload.pool', '应为大于零的金额（元）', 'expected an amount above zero in yuan');
  const scores = readScores(payload);
  if (!scores.ok) return scores;
  const deductions = readDeductions(payload);
  if (!deductions.ok) return deductions;
  return ok({
    kind,
    org: org.value,
    month: month.value,
    poolFen: pool.value,
    scores: scores.value,
    deductions: deductions.value,
  });
}

function readScores({ scores = {} }: Payload): Result<ReadonlyMap<string, bigint>> {
  if (typeof scores !== 'object' || scores === null || Array.isArray(scores))
    return wrong('payload.scores', '应为对象', 'expected an object');
  const read = new Map<string, bigint>();
  for (const [person, text] of Object.entries(scores)) {
    const score = typeof text === 'string' ? parseE4(text) : null;
    if (score === null || !score.ok || score.value < 0n || score.value > 1_000_000n)
      return wrong(
        `payload.scores.${person.slice(0, 64)}`,
        '得分应在 0 与 100 之间',
        'a score lies between 0 and 100',
      );
    read.set(person, score.value);
  }
  return ok(read);
}

function readDeductions({ deductions = [] }: Payload): Result<PayAsk['deductions']> {
  if (!Array.isArray(deductions)) return wrong('payload.deductions', '应为列表', 'expected a list');
  const read: PayAsk['deductions'][number][] = [];
  for (const [index, one] of deductions.entries()) {
    const { record, points, reason } = (one ?? {}) as Record<string, unknown>;
    const amount = typeof points === 'string' ? parseE4(points) : null;
    if (typeof record !== 'string' || typeof reason !== 'string' || reason.trim() === '' || !amount?.ok)
      return wrong(
        `payload.deductions[${index}]`,
        '记录、扣分或原因不对',
        'record, points or reason are wrong',
      );
    if (amount.value <= 0n)
      return wrong(`payload.deductions[${index}].points`, '扣分应大于零', 'a deduction is above zero');
    read.push({ record, points: amount.value, reason: reason.trim() });
  }
  return ok(read);
}
