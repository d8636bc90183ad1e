// The ledger: trial balance, runs, entries. Types only, used by desk and server.
import type { Text } from '@yimai/kit';
import type { Yuan } from './money-contract.ts';

export interface FundEntry extends Text {
  readonly run: string;
  readonly number: number;
  readonly on: string;
  readonly period: string;
  readonly debit: string;
  readonly credit: string;
  readonly debitName: Text;
  readonly creditName: Text;
  readonly amount: Yuan;
  readonly caseId: string | null;
  readonly row: string;
  readonly command: string;
  /** The run and period of the entry that this one reverses. */
  readonly reverses: { readonly run: string; readonly period: string } | null;
}

/** `GET /desk/fund/ledger` */
export interface FundLedger {
  readonly accounts: readonly {
    readonly account: string;
    readonly name: Text;
    readonly books: 'insurer' | 'group';
    readonly debit: Yuan | null;
    readonly credit: Yuan | null;
  }[];
  readonly debit: Yuan;
  readonly credit: Yuan;
  readonly balanced: boolean;
  /** Accounts whose kept balance is not the sum of their entries: none, or a fault. */
  readonly faults: readonly string[];
  readonly runs: readonly {
    readonly run: string;
    readonly period: string;
    readonly kind: string;
    readonly version: number;
    readonly entries: number;
    readonly total: Yuan;
    readonly at: string;
    readonly command: string;
    /** Periods of the runs that this one corrects. */
    readonly corrects: readonly string[];
    readonly locked: boolean;
  }[];
  readonly may: { readonly lock: boolean };
}

/** `POST /desk/fund/entries` with {run?, account?, caseId?, offset?} */
export interface FundEntries {
  readonly items: readonly FundEntry[];
  readonly total: number;
  readonly sum: Yuan;
}
