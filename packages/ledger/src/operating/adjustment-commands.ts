// `operating-budget.adjust` and `operating-budget.decide`: money moved between lines or added, once another person has granted it.
import { adjustLines, transfer } from '@yimai/fund';
import { chinaDate, type LocalDate, ok, parseYuan, type Result, refuse } from '@yimai/kit';
import type { CommandHandler, RecordTx } from '@yimai/record';
import { postRunIn } from '../post-run.ts';
import { payloadOf, textOf, wrong } from '../settlement/deps.ts';
import { actOf, keyOf, mustApprove, mustKeepHouse } from './budget-access.ts';
import {
  accountsOf,
  keepBudget,
  linesAt,
  mustReadBudget,
  type OperatingAdjustment,
  type OperatingBudget,
  type OperatingKey,
  operatingPeriod,
} from './budget-store.ts';

interface AdjustPayload extends OperatingKey, Pick<OperatingAdjustment, 'changes' | 'reason'> {}

const ALWAYS = '9999-12-31' as LocalDate;

export function proposeCommand(): CommandHandler<AdjustPayload> {
  return {
    type: 'operating-budget.adjust',
    parse: readAdjust,
    async apply(tx, _command, { changes, reason, ...key }) {
      const allowed = mustKeepHouse(tx, key.house);
      if (!allowed.ok) return allowed;
      const found = await mustReadBudget(tx, key);
      if (!found.ok) return found;
      const budget = found.value;
      if (budget.state !== 'approved') {
        const detail = { zh: '预算尚未批准，可直接修改草案', en: 'not approved yet: change the draft' };
        return refuse('budget-not-approved', detail, { at: 'payload.department', rule: 'F15' });
      }
      const possible = adjustLines(await linesAt(tx, budget, ALWAYS), changes);
      if (!possible.ok) return possible;
      const adjustment: OperatingAdjustment = {
        number: budget.adjustments.length + 1,
        changes,
        reason,
        by: tx.access.actor.user,
        at: tx.recordedAt.toISOString(),
        state: 'proposed',
        answer: null,
      };
      await keepBudget(tx, {
        ...budget,
        adjustments: [...budget.adjustments, adjustment],
        acts: [...budget.acts, actOf(tx, 'adjust', reason)],
      });
      return ok({ ...key, number: adjustment.number });
    },
  };
}

function readAdjust(value: unknown): Result<AdjustPayload> {
  const payload = payloadOf(value, ['year', 'house', 'department', 'changes', 'reason']);
  if (!payload.ok) return payload;
  const key = keyOf(payload.value);
  if (!key.ok) return key;
  const reason = textOf(payload.value, 'reason', /^\S[\s\S]{1,499}$/);
  if (!reason.ok) return reason;
  const { changes } = payload.value;
  if (!Array.isArray(changes) || changes.length === 0 || changes.length > 50)
    return wrong('payload.changes', '没有调整', 'there is no change');
  const read: { line: string; amountFen: bigint }[] = [];
  for (const [index, one] of changes.entries()) {
    const { line, amount } = (one ?? {}) as Record<string, unknown>;
    const fen = typeof amount === 'string' ? parseYuan(amount) : null;
    if (typeof line !== 'string' || !fen?.ok)
      return wrong(`payload.changes[${index}]`, '应有项目与金额（元）', 'needs a line and an amount in yuan');
    read.push({ line, amountFen: fen.value });
  }
  return ok({ ...key.value, changes: read, reason: reason.value });
}

interface DecidePayload extends OperatingKey {
  readonly number: number;
  readonly granted: boolean;
  readonly answer: string;
}

export function decideCommand(): CommandHandler<DecidePayload> {
  return {
    type: 'operating-budget.decide',
    parse(value) {
      const payload = payloadOf(value, ['year', 'house', 'department', 'number', 'granted', 'answer']);
      if (!payload.ok) return payload;
      const key = keyOf(payload.value);
      if (!key.ok) return key;
      const { number, granted, answer = '' } = payload.value;
      if (!Number.isSafeInteger(number)) return wrong('payload.number', '应为调整序号', 'expected a number');
      if (typeof granted !== 'boolean') return wrong('payload.granted', '应为是或否', 'expected yes or no');
      if (typeof answer !== 'string' || answer.length > 500 || (!granted && answer.trim() === ''))
        return wrong('payload.answer', '请写明理由', 'a reason is needed');
      return ok({ ...key.value, number: number as number, granted, answer: answer.trim() });
    },
    async apply(tx, command, { number, granted, answer, ...key }) {
      const early = mustApprove(tx, null);
      if (!early.ok) return early;
      const found = await mustReadBudget(tx, key);
      if (!found.ok) return found;
      const budget = found.value;
      const adjustment = budget.adjustments.find((one) => one.number === number);
      if (adjustment?.state !== 'proposed') {
        const detail = { zh: '没有待批准的调整', en: 'there is no adjustment that waits' };
        return refuse('no-proposal', detail, { at: 'payload.number' });
      }
      const allowed = mustApprove(tx, adjustment.by);
      if (!allowed.ok) return allowed;
      if (granted) {
        // Spending went on since the proposal: it is checked against the lines of now.
        const possible = adjustLines(await linesAt(tx, budget, ALWAYS), adjustment.changes);
        if (!possible.ok) return possible;
        const posted = await postAdjustment(tx, command.id, budget, adjustment);
        if (!posted.ok) return posted;
      }
      const state = granted ? ('granted' as const) : ('refused' as const);
      await keepBudget(tx, {
        ...budget,
        adjustments: budget.adjustments.map((one) =>
          one.number === number ? { ...one, state, answer } : one,
        ),
        acts: [...budget.acts, actOf(tx, state, answer)],
      });
      return ok({ ...key, number, state });
    },
  };
}

function postAdjustment(
  tx: RecordTx,
  command: Parameters<typeof postRunIn>[1]['command'],
  budget: OperatingBudget,
  { number, changes, reason }: OperatingAdjustment,
) {
  const { year, house, department } = budget;
  const period = operatingPeriod(year);
  const postings = changes.map(({ line, amountFen }, index) => {
    const { appropriation, allotment } = accountsOf(budget, line);
    const head = {
      key: `${year}/operating/${house}/${department}/adjustment/${number}/${index}`,
      kind: 'operating-adjustment',
      source: 'fiscal' as const,
      purpose: 'operating-budget',
      period,
      on: chinaDate(tx.recordedAt),
      caseId: null,
      row: `operating-budget/${department}/${line}`,
      text: { zh: `预算调整：${reason}`, en: `budget adjusted: ${reason}` },
    };
    return transfer(head, appropriation, allotment, amountFen);
  });
  const request = {
    command,
    period,
    kind: 'operating-adjustment',
    scope: `${house}/${department}/adjustment/${number}`,
    postings: postings.filter((made) => made !== null),
  };
  return postRunIn(tx, request, tx.recordedAt);
}
