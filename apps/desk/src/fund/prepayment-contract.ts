// What is paid ahead of the year's months. Types only, used by desk and server.
import type { Text } from '@yimai/kit';
import type { FundHouse, Yuan } from './money-contract.ts';

/** `POST /desk/fund/prepayment` with {year, lastYear}: as it would be, nothing is posted. */
export interface FundPrepaymentAnswer {
  /** Null for a year without a budget, or one whose budget is paid by instalments. */
  readonly prepayment: FundPrepayment | null;
}

export interface FundPrepayment {
  /** Of the year before, as the rule set says; decimal text. */
  readonly months: string;
  readonly source: string;
  /** Whether the clearing of the year before says what was due; else it has to be written. */
  readonly isBasisCleared: boolean;
  readonly houses: readonly FundPrepaidHouse[];
  readonly sum: Yuan | null;
  readonly budget: Yuan;
  readonly posted: { readonly version: number; readonly at: string; readonly sum: Yuan } | null;
  /** Why it cannot be paid as it is written; null where it can. */
  readonly bar: Text | null;
  readonly may: { readonly pay: boolean };
}

export interface FundPrepaidHouse {
  readonly house: FundHouse;
  /** What the house was due last year; null while nobody said. */
  readonly lastYear: Yuan | null;
  readonly amount: Yuan | null;
  readonly paid: Yuan | null;
}
