// The nouns of the ledger: a run of postings, its entries, and what can be read back.

import type { FundSource, Posting } from '@yimai/fund';
import type { Fen, LocalDate, Uuid } from '@yimai/kit';
import type { Fragment } from '@yimai/postgres';

/** What the ledger needs of a transaction: its own, or that of a command with its resources and its audit. */
export interface Statements {
  run<T = Record<string, unknown>>(fragment: Fragment): Promise<{ rows: T[]; rowCount: number }>;
}

/** One settlement to be posted as a whole: a month, a year, a correction. */
export interface RunRequest {
  readonly command: Uuid;
  readonly period: string;
  readonly kind: string;
  readonly scope: string;
  readonly postings: readonly Posting[];
}

export interface RunReceipt {
  readonly run: Uuid;
  readonly version: number;
  readonly entryCount: number;
  readonly digest: string;
  /** True when the run had been posted before, by the same command or by another one with the same result. */
  readonly wasThere: boolean;
}

/** A row of the ledger: one amount from its credit to its debit account. */
export interface Entry {
  readonly key: string;
  readonly kind: string;
  readonly source: FundSource;
  readonly purpose: string;
  readonly on: LocalDate;
  readonly debit: string;
  readonly credit: string;
  readonly amountFen: Fen;
  readonly caseId: string | null;
  readonly row: string;
  readonly zh: string;
  readonly en: string;
}

export interface Balance {
  readonly account: string;
  readonly balanceFen: Fen;
}

export type Side = 'any' | 'debit' | 'credit';
