// Stays with their group and payment: list, page, what-if. Types only, used by desk and server.
import type { Text } from '@yimai/kit';
import type { FundEntry } from './ledger-contract.ts';
import type { FundHouse, Yuan } from './money-contract.ts';

/** `POST /desk/fund/cases` */
export interface FundCaseQuery {
  readonly year: string;
  readonly month?: string;
  readonly house?: string;
  readonly kind?: string;
  readonly text?: string;
  readonly sort?: 'loss' | 'cost' | 'date';
  readonly offset?: number;
}

export interface FundCaseRow {
  readonly id: string;
  readonly house: string;
  readonly dischargedOn: string;
  readonly days: number;
  readonly diagnosis: string;
  readonly drg: string;
  readonly drgName: string;
  readonly kind: string;
  readonly cost: Yuan;
  readonly pay: Yuan;
  readonly fund: Yuan;
  readonly result: Yuan;
}

export interface FundCasePage {
  readonly items: readonly FundCaseRow[];
  readonly total: number;
  readonly sum: { readonly cost: Yuan; readonly pay: Yuan; readonly fund: Yuan; readonly result: Yuan };
  readonly houses: readonly FundHouse[];
  readonly kinds: readonly string[];
  readonly months: readonly string[];
}

export interface CodeName {
  readonly code: string;
  readonly name: string;
}

/** `GET /desk/fund/cases/:id`, and the answer of its what-if. */
export interface FundCase {
  readonly id: string;
  readonly house: FundHouse;
  readonly level: string;
  readonly payer: string;
  readonly person: { readonly sex: string; readonly age: string };
  readonly admittedOn: string;
  readonly dischargedOn: string;
  readonly days: number;
  readonly diagnoses: readonly CodeName[];
  readonly procedures: readonly CodeName[];
  readonly cost: Yuan;
  readonly borne: Yuan;
  readonly answer: FundAnswer;
  readonly entries: readonly FundEntry[];
  readonly settled: { readonly month: string; readonly version: number } | null;
  readonly ruleSet: string;
  readonly scheme: string;
}

export interface FundAnswer {
  readonly status: string;
  readonly mdc: string;
  readonly adrg: string;
  readonly drg: string;
  readonly drgName: string;
  readonly kind: string;
  readonly weight: string;
  readonly standard: Yuan;
  readonly pay: Yuan;
  readonly fund: Yuan;
  readonly result: Yuan;
  readonly trail: readonly FundStep[];
  readonly reasons: readonly (Text & { readonly row: string; readonly source: string | null })[];
}

/** One rule on the way to the group. */
export interface FundStep extends Text {
  readonly kind: string;
  readonly rule: string;
  readonly because: readonly (Text & {
    readonly code?: string;
    readonly name?: string;
    readonly row?: string;
  })[];
}
