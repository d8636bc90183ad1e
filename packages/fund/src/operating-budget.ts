// The house's own yearly budget (全面预算): drafted by a department, submitted, approved by another, controlled at spending, adjusted.
import { type Fen, ok, type Result, refuse, type Text } from '@yimai/kit';
import type { BudgetLine } from './spending-control.ts';

export const OPERATING_STATES = ['draft', 'submitted', 'returned', 'approved'] as const;
export type OperatingState = (typeof OPERATING_STATES)[number];
export type OperatingAct = 'draft' | 'submit' | 'approve' | 'return';

const NEXT: Readonly<Record<OperatingAct, { from: readonly OperatingState[]; to: OperatingState }>> = {
  draft: { from: ['draft', 'returned'], to: 'draft' },
  submit: { from: ['draft', 'returned'], to: 'submitted' },
  approve: { from: ['submitted'], to: 'approved' },
  return: { from: ['submitted'], to: 'returned' },
};

const STATE: Readonly<Record<OperatingState, Text>> = {
  draft: { zh: '为草案', en: 'a draft' },
  submitted: { zh: '已提交', en: 'submitted' },
  returned: { zh: '已退回', en: 'returned' },
  approved: { zh: '已批准', en: 'approved' },
};
const ACT: Readonly<Record<OperatingAct, Text>> = {
  draft: { zh: '修改', en: 'draft' },
  submit: { zh: '提交', en: 'submission' },
  approve: { zh: '批准', en: 'approval' },
  return: { zh: '退回', en: 'return' },
};

/** Where a budget stands after an act, or why the act is not open to it; an approved one changes by adjustment only. */
export function operatingAfter(state: OperatingState, act: OperatingAct): Result<OperatingState> {
  const { from, to } = NEXT[act];
  if (from.includes(state)) return ok(to);
  const detail: Text =
    state === 'approved'
      ? { zh: '预算已批准，只能调整', en: 'the budget is approved: it changes by adjustment only' }
      : {
          zh: `预算${STATE[state].zh}，不能${ACT[act].zh}`,
          en: `the budget is ${STATE[state].en}: no ${ACT[act].en}`,
        };
  return refuse(state === 'approved' ? 'budget-approved' : 'wrong-state', detail, {
    at: 'state',
    rule: 'F15',
  });
}

export interface LineChange {
  readonly line: string;
  /** Negative where the line gives up money. */
  readonly amountFen: Fen;
}

/** An adjustment never takes from a line what is spent already. */
export function adjustLines(
  lines: readonly BudgetLine[],
  changes: readonly LineChange[],
): Result<BudgetLine[]> {
  const no = (code: string, index: number, detail: Text) =>
    refuse(code, detail, { at: `changes[${index}]`, rule: 'F15' });
  const adjusted = new Map(lines.map((line) => [line.id, line]));
  for (const [index, { line: id, amountFen }] of changes.entries()) {
    const line = adjusted.get(id);
    if (line === undefined)
      return no('line-unknown', index, { zh: '没有这一预算项目', en: 'there is no such budget line' });
    if (amountFen === 0n)
      return no('nothing-to-adjust', index, { zh: '调整额为零', en: 'the adjustment is zero' });
    const adjustedFen = line.adjustedFen + amountFen;
    if (line.plannedFen + adjustedFen < line.spentFen)
      return no('below-spent', index, {
        zh: '调减后低于已执行数',
        en: 'the line would fall below what is spent',
      });
    adjusted.set(id, { ...line, adjustedFen });
  }
  return ok([...adjusted.values()]);
}
