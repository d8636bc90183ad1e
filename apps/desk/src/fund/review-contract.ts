// Special-case reviews (特例单议). Types only, used by desk and server.
import type { FundHouse, Yuan } from './money-contract.ts';

/** One application for special-case review (特例单议). */
export interface FundReview {
  readonly case: string;
  readonly number: string;
  readonly stay: string;
  readonly house: FundHouse;
  readonly month: string;
  readonly state: string;
  readonly result: string;
  readonly appliedAt: string;
  readonly dueAt: string | null;
  readonly cost: Yuan | null;
  readonly pay: Yuan | null;
  readonly decision: string | null;
}

export interface FundReviewList {
  readonly years: readonly string[];
  readonly year: string;
  readonly withinDays: number;
  /** Per cent of the cost that a review by item pays. */
  readonly share: string;
  readonly items: readonly FundReview[];
  readonly quotas: readonly {
    readonly house: FundHouse;
    readonly stays: number;
    readonly allowed: number;
    readonly used: number;
  }[];
  readonly may: { readonly apply: boolean; readonly decide: boolean };
}
