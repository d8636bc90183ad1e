// Control at spending (全面预算): a budget line is not overspent without an approved adjustment; members sum to the consortium.
import { type Fen, ok, type Result, refuse } from '@yimai/kit';
import { type E4, ratioE4 } from './decimal.ts';

export interface BudgetLine {
  readonly id: string;
  readonly member: string;
  readonly department: string;
  readonly plannedFen: Fen;
  /** Sum of approved adjustments, which may be negative. */
  readonly adjustedFen: Fen;
  readonly spentFen: Fen;
}

export function chargeLine(line: BudgetLine, amountFen: Fen): Result<BudgetLine> {
  const spentFen = line.spentFen + amountFen;
  if (amountFen > 0n && spentFen <= line.plannedFen + line.adjustedFen) return ok({ ...line, spentFen });
  const detail = {
    zh: '超出预算额度，须先批准调整',
    en: 'above the budget line: an approved adjustment is needed first',
  };
  return refuse('budget-exceeded', detail, { at: 'amountFen', rule: 'F15' });
}

export function executionRate({ plannedFen, adjustedFen, spentFen }: BudgetLine): E4 {
  return ratioE4(spentFen, plannedFen + adjustedFen);
}

/** The sum of the members less what they only pass to each other. */
export function consortiumBudget(lines: readonly BudgetLine[], internalTransfersFen: Fen): Fen {
  return (
    lines.reduce((sum, { plannedFen, adjustedFen }) => sum + plannedFen + adjustedFen, 0n) -
    internalTransfersFen
  );
}
