// What the desk and the server say to each other about warnings of stays: types only.
import type { Text } from '@yimai/kit';
import type { FundHouse } from './money-contract.ts';

/** `POST /desk/fund/warnings` with {month?} */
export interface FundWarningList {
  readonly month: string;
  readonly months: readonly string[];
  /** Of the year as a whole: spending against the calendar, shares of outliers and of short stays by house. */
  readonly overall: readonly Text[];
  readonly items: readonly FundWarning[];
  readonly more: number;
  readonly may: { readonly answer: boolean };
}

export interface FundWarning {
  readonly stage: 'in-stay' | 'discharge' | 'after';
  readonly code: string;
  readonly stay: string;
  readonly house: FundHouse;
  /** The group, or the candidate group of a stay that goes on. */
  readonly group: string;
  readonly text: Text;
  readonly answer: { readonly reason: string; readonly by: string; readonly at: string } | null;
}

/** `POST /desk/pay/in-stay`: the patients whom the reader treats and who lie in a ward; those with warnings first. */
export interface OwnStays {
  readonly items: readonly OwnStay[];
}

export interface OwnStay {
  /** The resident's page, where the reader may open it. */
  readonly patient: string | null;
  readonly name: string | null;
  readonly house: FundHouse;
  readonly admittedOn: string;
  readonly days: number;
  readonly diagnosis: string;
  readonly warnings: readonly { readonly code: string; readonly text: Text }[];
}
