// RED and MES, agreements, packages. Types only, used by desk and server.
import type { Text } from '@yimai/kit';
import type { FundHouse, Yuan } from './money-contract.ts';

/** A result of RED or MES that can be paid for, with what bars it. */
export interface FundResult {
  readonly key: string;
  readonly case: string;
  readonly number: string;
  readonly kind: 'red' | 'mes';
  readonly row: string;
  readonly disease: string;
  readonly house: FundHouse;
  readonly signatures: number;
  readonly breached: boolean;
  readonly evidence: readonly string[];
  readonly amount: Yuan | null;
  readonly paidOn: string | null;
  /** The year whose fund paid it. */
  readonly paidIn: string | null;
  /** Given back of what was paid; null for nothing. `prepaid-fund.refund` { year, claim, amount?, reason } does it. */
  readonly refunded: Yuan | null;
  /** Why it cannot be paid for; null when it can or has been. */
  readonly bar: Text | null;
}

/** `prepaid-fund.close` { year, carry } ends a year: its rest is carried over or given back. */
export interface FundResults {
  readonly years: readonly string[];
  readonly year: string;
  readonly fund: {
    readonly house: FundHouse;
    readonly on: string;
    readonly opening: Yuan;
    readonly red: Yuan;
    readonly mes: Yuan;
    /** Given back into the fund of what was drawn. */
    readonly refunds: Yuan;
    readonly balance: Yuan;
    /** What became of the rest at the year's end; null while the year is open. */
    readonly closed: { readonly carried: Yuan; readonly returned: Yuan } | null;
  } | null;
  /** What the rule set prepays; null where it pays nothing on result. */
  readonly opening: Yuan | null;
  readonly results: readonly FundResult[];
  readonly agreements: readonly {
    readonly disease: string;
    readonly active: number;
    readonly others: number;
  }[];
  readonly packages: readonly FundPackage[];
  /** Heads and stays in one account, when it has been settled. */
  readonly dual: {
    readonly version: number;
    readonly capitation: Yuan;
    readonly drg: Yuan;
    readonly outpatient: Yuan;
    readonly inpatient: Yuan;
    readonly balance: Yuan;
    readonly pool: Yuan;
  } | null;
  readonly houses: readonly FundHouse[];
  readonly may: { readonly settle: boolean };
}

/** A chronic disease with its complications as one package. */
export interface FundPackage {
  readonly id: string;
  readonly disease: string;
  readonly complications: readonly string[];
  readonly price: Yuan;
  readonly settled: {
    readonly version: number;
    readonly budget: Yuan;
    readonly charged: Yuan;
    readonly balance: Yuan;
    /** Per cent of the members with a listed complication. */
    readonly complicationRate: string;
    readonly bySource: readonly { readonly source: string; readonly amount: Yuan }[];
  } | null;
}
