// `operating-budget.*`: a department drafts and submits, the consortium approves or returns, spending stays within its line, an
// adjustment is decided by another person before it counts.
import { type OperatingAct, operatingAfter, transfer } from '@yimai/fund';
import { localDate, ok, parseYuan, type Result } from '@yimai/kit';
import type { CommandEnvelope, CommandHandler, RecordTx } from '@yimai/record';
import { postRunIn } from '../post-run.ts';
import { payloadOf, textOf, wrong } from '../settlement/deps.ts';
import { decideCommand, proposeCommand } from './adjustment-commands.ts';
import { actOf, KEY, keyOf, mustApprove, mustKeepHouse } from './budget-access.ts';
import {
  accountsOf,
  keepBudget,
  mustReadBudget,
  type OperatingBudget,
  type OperatingKey,
  type OperatingLine,
  operatingPeriod,
  readBudget,
} from './budget-store.ts';
import { spendCommand } from './spending-command.ts';

export function operatingCommands(): readonly CommandHandler[] {
  const handlers: readonly unknown[] = [
    draftCommand(),
    moveCommand('submit'),
    moveCommand('approve'),
    moveCommand('return'),
    spendCommand(),
    proposeCommand(),
    decideCommand(),
  ];
  return handlers as readonly CommandHandler[];
}

const LINES_MAX = 200;

interface DraftPayload extends OperatingKey {
  readonly title: string;
  readonly lines: readonly OperatingLine[];
}

function draftCommand(): CommandHandler<DraftPayload> {
  return {
    type: 'operating-budget.draft',
    parse: readDraft,
    async apply(tx, _command, draft) {
      const allowed = mustKeepHouse(tx, draft.house);
      if (!allowed.ok) return allowed;
      const house = await tx.readAsSystem('Organization', draft.house);
      if (house === null) return wrong('payload.house', '没有这个机构', 'there is no such house');
      const there = await readBudget(tx, draft);
      const next = operatingAfter(there?.state ?? 'draft', 'draft');
      if (!next.ok) return next;
      const acts = [...(there?.acts ?? []), actOf(tx, 'draft')];
      await keepBudget(tx, { ...draft, state: next.value, adjustments: [], submittedBy: null, acts });
      return ok({ ...keyIn(draft), state: next.value, lines: draft.lines.length });
    },
  };
}

const keyIn = ({ year, house, department }: OperatingKey): OperatingKey => ({ year, house, department });

function readDraft(value: unknown): Result<DraftPayload> {
  const payload = payloadOf(value, ['year', 'house', 'department', 'title', 'lines']);
  if (!payload.ok) return payload;
  const key = keyOf(payload.value);
  if (!key.ok) return key;
  const title = textOf(payload.value, 'title', /^\S.{0,59}$/u);
  if (!title.ok) return title;
  const { lines } = payload.value;
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > LINES_MAX)
    return wrong('payload.lines', `应为 1 至 ${LINES_MAX} 项`, `1 to ${LINES_MAX} lines`);
  const read: OperatingLine[] = [];
  for (const [index, one] of lines.entries()) {
    const { id, title: name, planned, internal } = (one ?? {}) as Record<string, unknown>;
    const amount = typeof planned === 'string' ? parseYuan(planned) : null;
    const isNew = typeof id === 'string' && KEY.test(id) && read.every((line) => line.id !== id);
    if (!isNew || typeof name !== 'string' || name.trim() === '' || name.length > 60)
      return wrong(`payload.lines[${index}]`, '项目编号或名称不对或重复', 'id or title is wrong or repeated');
    if (!amount?.ok || amount.value <= 0n)
      return wrong(`payload.lines[${index}].planned`, '应为正的金额（元）', 'expected an amount in yuan');
    read.push({ id, title: name.trim(), plannedFen: amount.value, isInternal: internal === true });
  }
  return ok({ ...key.value, title: title.value, lines: read });
}

interface MovePayload extends OperatingKey {
  readonly note: string;
}

function moveCommand(act: Exclude<OperatingAct, 'draft'>): CommandHandler<MovePayload> {
  return {
    type: `operating-budget.${act}`,
    parse(value) {
      const payload = payloadOf(value, ['year', 'house', 'department', 'note']);
      if (!payload.ok) return payload;
      const key = keyOf(payload.value);
      if (!key.ok) return key;
      const { note = '' } = payload.value;
      if (typeof note !== 'string' || note.length > 500 || (act === 'return' && note.trim() === ''))
        return wrong('payload.note', '请写明理由', 'a reason is needed');
      return ok({ ...key.value, note: note.trim() });
    },
    async apply(tx, command, { note, ...key }) {
      // Who may: first by role, so that nobody learns of a budget that is not theirs.
      const early = act === 'submit' ? mustKeepHouse(tx, key.house) : mustApprove(tx, null);
      if (!early.ok) return early;
      const found = await mustReadBudget(tx, key);
      if (!found.ok) return found;
      const budget = found.value;
      const allowed = act === 'submit' ? ok(null) : mustApprove(tx, budget.submittedBy);
      if (!allowed.ok) return allowed;
      const next = operatingAfter(budget.state, act);
      if (!next.ok) return next;
      if (act === 'approve') {
        const posted = await allot(tx, command, budget);
        if (!posted.ok) return posted;
      }
      const submittedBy = act === 'submit' ? tx.access.actor.user : budget.submittedBy;
      const acts = [...budget.acts, actOf(tx, act, note)];
      await keepBudget(tx, { ...budget, state: next.value, submittedBy, acts });
      return ok({ ...key, state: next.value });
    },
  };
}

/** Approved is allotted: from now on the ledger itself lets no line fall below nothing. */
async function allot(tx: RecordTx, command: CommandEnvelope, budget: OperatingBudget) {
  const { year, house, department, lines } = budget;
  const postings = lines.map(({ id, title, plannedFen }) => {
    const { appropriation, allotment } = accountsOf(budget, id);
    const head = {
      key: `${year}/operating/${house}/${department}/${id}`,
      kind: 'operating-budget',
      source: 'fiscal' as const,
      purpose: 'operating-budget',
      period: operatingPeriod(year),
      on: localDate(`${year}-01-01`),
      caseId: null,
      row: `operating-budget/${department}/${id}`,
      text: { zh: `预算批复：${title}`, en: `budget approved: ${title}` },
    };
    return transfer(head, appropriation, allotment, plannedFen);
  });
  const request = {
    command: command.id,
    period: operatingPeriod(year),
    kind: 'operating-budget',
    scope: `${house}/${department}/budget`,
    postings: postings.filter((made) => made !== null),
  };
  return postRunIn(tx, request, tx.recordedAt);
}
