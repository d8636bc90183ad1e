// What the desk and the server say to each other about pay: types only. Money is yuan as a text with two decimals.
import type { Text } from '@yimai/kit';
import type { FundHouse, Yuan } from './money-contract.ts';

export type PayKindName = 'rbrvs' | 'posts' | 'merit' | 'teams' | 'surplus';

/** `POST /desk/pay` with {org?, month?}: what finance can freeze, has frozen, and is asked to answer. */
export interface PayBoard {
  readonly houses: readonly FundHouse[];
  readonly months: readonly string[];
  readonly runs: readonly PayRun[];
  readonly appeals: readonly PayAppealRow[];
  readonly rules: Text;
}

export interface PayRun {
  readonly kind: PayKindName;
  readonly house: FundHouse;
  readonly month: string;
  readonly version: number;
  readonly people: number;
  readonly pool: Yuan;
  readonly at: string;
  /** Appeals against the version that are not settled. */
  readonly openAppeals: number;
}

export interface PayAppealRow {
  readonly id: string;
  readonly kind: PayKindName;
  readonly house: FundHouse;
  readonly month: string;
  readonly version: number;
  readonly person: string;
  readonly reason: string;
  readonly at: string;
  readonly state: 'open' | 'granted' | 'denied' | 'carried-out';
  readonly answer: string | null;
}

/** `POST /desk/pay/preview` with {kind, org, month, pool?, scores?, deductions?}: as it would be, nothing is posted. */
export interface PayResult {
  readonly kind: PayKindName;
  readonly house: FundHouse;
  readonly month: string;
  readonly pool: Yuan;
  /** Where the suggested pool comes from; null where a pool was written or no income was reported. */
  readonly suggestion: { readonly income: Yuan; readonly share: string; readonly source: string } | null;
  readonly people: readonly PayShare[];
  readonly sum: Yuan;
  readonly departments: readonly {
    readonly name: string;
    readonly people: number;
    readonly points: string;
    readonly pay: Yuan;
  }[];
  readonly groups: readonly {
    readonly group: Text;
    readonly heads: number;
    readonly pay: Yuan;
    readonly perHead: Yuan;
    readonly ratio: string;
    readonly target: string;
    readonly distance: string;
  }[];
  readonly teams: readonly {
    readonly team: string;
    readonly stays: number;
    readonly caseMix: string;
    readonly pay: Yuan;
  }[];
  readonly isEqualShare: boolean;
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[];
  /** The version that is frozen; null while there is none. What is shown is the frozen one unless a correction is tried. */
  readonly frozen: {
    readonly version: number;
    readonly at: string;
    readonly until: string;
    readonly appeal: string | null;
  } | null;
  readonly isDraft: boolean;
}

export interface PayShare {
  readonly person: string;
  readonly name: string;
  readonly department: string;
  readonly points: string;
  readonly share: Yuan;
  readonly records: number;
}

/** `POST /desk/pay/slip` with {kind, org, month, person}: a frozen slip; the own one, or any to finance. */
export interface PaySlipSheet {
  readonly kind: PayKindName;
  readonly house: FundHouse;
  readonly month: string;
  readonly version: number;
  readonly at: string;
  readonly name: string;
  readonly department: string;
  readonly points: string;
  readonly pool: Yuan;
  readonly poolPoints: string;
  readonly share: Yuan;
  readonly items: readonly {
    readonly item: Text;
    readonly count: number;
    readonly quantity: string;
    readonly points: string;
  }[];
  readonly lines: readonly {
    readonly record: string;
    readonly item: Text;
    readonly on: string | null;
    readonly quantity: string;
    readonly points: string;
    readonly deducted: { readonly points: string; readonly reason: string } | null;
  }[];
  /** Lines beyond those listed; the XLSX has all. */
  readonly more: number;
}

/** `POST /desk/pay/mine` */
export interface MyPay {
  readonly name: string;
  readonly slips: readonly {
    readonly kind: PayKindName;
    readonly house: FundHouse;
    readonly month: string;
    readonly version: number;
    readonly points: string;
    readonly share: Yuan;
    readonly at: string;
    /** The last day for an appeal; null once it is over or there was one. */
    readonly appealUntil: string | null;
  }[];
  readonly appeals: readonly PayAppealRow[];
  readonly keeps: boolean;
}
