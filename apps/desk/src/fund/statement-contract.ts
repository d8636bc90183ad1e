// A house's statement of a month. Types only, used by desk and server.
import type { Text } from '@yimai/kit';
import type { FundCaseRow } from './case-contract.ts';
import type { FundHouse, Yuan } from './money-contract.ts';

/** `POST /desk/fund/statement` with {month, house} */
export interface FundStatement {
  readonly house: FundHouse;
  readonly month: string;
  readonly version: number | null;
  readonly postedAt: string | null;
  readonly command: string | null;
  readonly ruleSet: { readonly name: string; readonly title: Text };
  readonly stays: number;
  readonly cost: Yuan;
  readonly pay: Yuan;
  readonly borne: Yuan;
  readonly fund: Yuan;
  readonly deposit: Yuan;
  readonly paid: Yuan;
  readonly held: Yuan;
  /** Whether the lines add up to the heads; false is a fault to be shown. */
  /** What later months have corrected of this one. */
  readonly adjustments: readonly {
    readonly month: string;
    readonly fund: Yuan;
    readonly paid: Yuan;
    readonly command: string;
  }[];
  readonly addsUp: boolean;
  readonly lines: readonly (FundCaseRow & { readonly borne: Yuan })[];
}

export interface FundStatementList {
  readonly months: readonly string[];
  readonly month: string;
  readonly houses: readonly FundHouse[];
}
