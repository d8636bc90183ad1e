// The public notice of a distribution: what desk and server say to each other, and which staff it is for.
import type { Text } from '@yimai/kit';
import type { FundDistribution } from './clearing-contract.ts';
import type { Yuan } from './money-contract.ts';

/** Whom a distribution concerns without having the fund: they read its notice, each with the own share alone. */
export const NOTICE_ROLES: readonly string[] = [
  'hospital-doctor',
  'hospital-nurse',
  'technician',
  'pharmacist',
  'referral-desk',
  'bed-desk',
  'township-doctor',
  'public-health-worker',
  'village-doctor',
  'hr-clerk',
  'expert',
];

/** The public notice of a year's distribution, what was objected to, and whether it may be paid. */
export interface FundNotice {
  readonly years: readonly string[];
  readonly year: string;
  readonly today: string;
  readonly days: number | null;
  readonly distribution: {
    readonly run: string;
    readonly version: number;
    readonly at: string;
    readonly surplus: Yuan;
    readonly pool: Yuan;
    readonly people: number;
  } | null;
  /** What everyone is to receive; to staff without the fund once it is published, with their own share alone. */
  readonly shares: FundDistribution | null;
  readonly notices: readonly {
    readonly run: string;
    readonly version: number;
    readonly starts: string;
    readonly ends: string;
    readonly isLatest: boolean;
  }[];
  readonly objections: readonly {
    readonly case: string;
    readonly number: string;
    readonly run: string;
    readonly state: string;
    readonly at: string;
  }[];
  readonly paid: { readonly at: string; readonly amount: Yuan; readonly version: number } | null;
  /** Why nothing may be paid today; null when it may. */
  readonly bar: Text | null;
  readonly may: { readonly settle: boolean; readonly object: boolean; readonly clear: boolean };
}
