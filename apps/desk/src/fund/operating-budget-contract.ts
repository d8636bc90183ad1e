// The houses' own yearly budgets (全面预算) as the server tells them: `POST /desk/fund/operating-budget` { year?, on? }.
//
// Commands: operating-budget.draft { year, house, department, title, lines: [{ id, title, planned, internal? }] };
// .submit, .approve, .return { year, house, department, note? }; .spend { year, house, department, line, record, amount, on,
// text, correction? }; .adjust { year, house, department, changes: [{ line, amount }], reason };
// .decide { year, house, department, number, granted, answer? }. Amounts are texts in yuan.
import type { FundHouse, Yuan } from './money-contract.ts';

/** One line of a department's budget at a day; `rate` is spent / budgeted in per cent, `left` what may still be spent. */
export interface OperatingBudgetLine {
  readonly id: string;
  readonly title: string;
  readonly internal: boolean;
  readonly planned: Yuan;
  readonly adjusted: Yuan;
  readonly spent: Yuan;
  readonly left: Yuan;
  readonly rate: string;
}

export interface OperatingBudgetSum {
  readonly budget: Yuan;
  readonly spent: Yuan;
  readonly left: Yuan;
  readonly rate: string;
}

export interface OperatingBudgetAdjustment {
  readonly number: number;
  readonly state: 'proposed' | 'granted' | 'refused';
  readonly reason: string;
  readonly answer: string | null;
  readonly at: string;
  readonly changes: readonly { readonly line: string; readonly amount: Yuan }[];
  /** The reader proposed it and so does not decide it. */
  readonly own: boolean;
}

export interface OperatingBudgetDepartment extends OperatingBudgetSum {
  readonly house: FundHouse;
  readonly department: string;
  readonly title: string;
  readonly state: 'draft' | 'submitted' | 'returned' | 'approved';
  readonly lines: readonly OperatingBudgetLine[];
  readonly adjustments: readonly OperatingBudgetAdjustment[];
  readonly acts: readonly { readonly act: string; readonly at: string; readonly note: string }[];
  readonly may: {
    readonly draft: boolean;
    readonly submit: boolean;
    readonly approve: boolean;
    readonly spend: boolean;
    readonly adjust: boolean;
    readonly decide: boolean;
  };
}

export interface OperatingBudgetBoard {
  readonly year: string;
  readonly on: string;
  /** The departments that the reader may see. */
  readonly departments: readonly OperatingBudgetDepartment[];
  /** Sum of the members, what they only pass to each other, and the consortium's own; null for a reader of one house. */
  readonly consortium: (OperatingBudgetSum & { readonly members: Yuan; readonly internal: Yuan }) | null;
  /** Houses for which the reader may draft. */
  readonly houses: readonly FundHouse[];
}
