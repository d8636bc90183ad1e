// The nouns of pricing: a settled stay as the fund sees it, and what it is paid with the reasons.

import type { Codes, Status } from '@yimai/grouping';
import type { Fen, LocalDate, Text } from '@yimai/kit';
import type { E4 } from './decimal.ts';
import type { BedDayCategory, Level, Payer } from './rule-set.ts';

/** What a special-case review (特例单议) granted; a stay without one has null. */
export type ReviewDecision =
  | { readonly kind: 'by-item'; readonly review: string }
  | { readonly kind: 'amount'; readonly review: string; readonly payFen: Fen };

export interface BedDaySegment {
  readonly category: BedDayCategory;
  readonly days: number;
  /** Days away from the ward; not paid. */
  readonly absenceDays: number;
}

/** One stay of the settlement list (医保结算清单), grouped. `patient` is a pseudonym, the same in all stays of a person. */
export interface StayCase {
  readonly id: string;
  readonly patient: string;
  readonly org: string;
  readonly level: Level;
  readonly payer: Payer;
  readonly admittedOn: LocalDate;
  readonly dischargedOn: LocalDate;
  readonly stayDays: number;
  readonly group: Codes & { readonly status: Status };
  readonly costFen: Fen;
  /** What the patient and other payers bear: deductible, own share, items outside the catalogue. */
  readonly patientBorneFen: Fen;
  /** Cost found unreasonable by audit; never paid as excess. */
  readonly unreasonableFen: Fen;
  /** Not empty for a stay under bed-day payment. */
  readonly bedDays: readonly BedDaySegment[];
  readonly review: ReviewDecision | null;
  /** The chronic package that pays this stay; left out where none does. */
  readonly package?: string;
}

export const PRICE_KINDS = [
  'normal',
  'low-outlier',
  'high-outlier',
  'ambiguous',
  'ungrouped',
  'unstable',
  'short-stay',
  'long-stay',
  'bed-day',
  'special-review',
  'package',
] as const;
export type PriceKind = (typeof PRICE_KINDS)[number];

/** One step on the way to an amount; `row` is the row of the rule set that it follows. */
export interface Reason extends Text {
  readonly row: string;
}

export interface PricedStay {
  readonly stay: StayCase;
  readonly kind: PriceKind;
  /** The row of the rule set that decided. */
  readonly row: string;
  /** The payment standard of the group, 0 where none applies. */
  readonly standardFen: Fen;
  /** What the stay is paid in all, before the patient's part. */
  readonly payFen: Fen;
  /** What the fund owes: never negative. */
  readonly fundFen: Fen;
  /** The hospital's result on the stay: pay minus cost. */
  readonly resultFen: Fen;
  readonly weight: E4;
}
