// The budget board: a year, its months and houses. Types only, used by desk and server.
import type { Text } from '@yimai/kit';
import type { FundHouse, Yuan } from './money-contract.ts';

/** `POST /desk/fund/board` with {year} */
export interface FundBoard {
  readonly years: readonly string[];
  readonly year: string;
  readonly asOf: string;
  readonly ruleSet: { readonly name: string; readonly title: Text } | null;
  readonly ruleSets: readonly { readonly name: string; readonly title: Text; readonly byHeads: boolean }[];
  readonly budget: { readonly gross: Yuan; readonly reserve: Yuan; readonly budget: Yuan } | null;
  readonly months: readonly FundMonth[];
  readonly spent: Yuan;
  readonly outside: Yuan;
  readonly left: Yuan | null;
  /** Shares as per cent with one decimal. */
  readonly spentShare: string | null;
  readonly timeShare: string;
  readonly houses: readonly FundHouseLine[];
  readonly kinds: readonly { readonly kind: string; readonly stays: number; readonly fund: Yuan }[];
  readonly warnings: readonly Text[];
  readonly cleared: boolean;
  readonly may: { readonly settle: boolean; readonly import: boolean; readonly cases: boolean };
}

export interface FundMonth {
  readonly month: string;
  readonly stays: number;
  readonly inCounty: Yuan;
  readonly outside: Yuan;
  /** Spent from the year's beginning to the end of the month; null for a month that has not begun. */
  readonly sum: Yuan | null;
  readonly budgetSum: Yuan | null;
  readonly version: number | null;
  readonly run: string | null;
  readonly locked: boolean;
  /** Lists have come in or changed since the month was settled. */
  readonly changed: boolean;
}

export interface FundHouseLine {
  readonly house: FundHouse;
  readonly stays: number;
  readonly cost: Yuan;
  readonly pay: Yuan;
  readonly borne: Yuan;
  readonly fund: Yuan;
  readonly result: Yuan;
  /** Case-mix index with two decimals; null without a grouped stay. */
  readonly caseMix: string | null;
}
