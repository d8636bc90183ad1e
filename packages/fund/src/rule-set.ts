// The nouns of a payment rule set: dated values of one region, each with its row id, its source and its edge rule.
import type { Fen, LocalDate, Text } from '@yimai/kit';
import type { E4 } from './decimal.ts';

export const METHODS = ['drg-rate', 'drg-points', 'global-budget'] as const;
export type Method = (typeof METHODS)[number];
export const PAYERS = ['employee', 'resident'] as const;
export type Payer = (typeof PAYERS)[number];
export const LEVELS = ['tertiary', 'secondary', 'primary'] as const;
export type Level = (typeof LEVELS)[number];
export const BED_DAY_CATEGORIES = ['psychiatric', 'rehabilitation', 'hospice', 'long-term-care'] as const;
export type BedDayCategory = (typeof BED_DAY_CATEGORIES)[number];
export const PARTIES = ['county', 'township', 'village'] as const;
export type Party = (typeof PARTIES)[number];

/** Every value is a row that an amount can be traced to. */
export interface Row {
  readonly id: string;
  readonly source: string;
}

/** 以上/以下/以内 include their edge, 超过/不满 do not (民法典 1259). */
export interface Threshold {
  readonly value: E4;
  readonly includesEdge: boolean;
}

export interface BaseRate extends Row {
  readonly payer: Payer;
  readonly level: Level;
  /** Payment for a relative weight of 1. */
  readonly rateFen: Fen;
}

export interface LevelCoefficient extends Row {
  readonly level: Level;
  readonly value: E4;
}

export interface OrgCoefficient extends Row {
  readonly org: string;
  readonly value: E4;
}

export interface HighBand extends Row {
  /** Highest weight of the band; null for the last band. */
  readonly weightUpTo: Threshold | null;
  readonly above: Threshold;
  /** The share of the excess over `above × standard` that is paid. */
  readonly excessShare: E4;
}

export interface Outliers {
  readonly low: Row & { readonly below: Threshold };
  readonly high: readonly HighBand[];
  /** At most this share of a hospital's DRG stays is paid as high outlier, ranked by ratio; null for no cap. */
  readonly highCap: (Row & { readonly atMost: E4 }) | null;
}

/** A payment by item: actual cost times a share. */
export interface ByItem extends Row {
  readonly share: E4;
}

export interface StayLimits {
  readonly short: Row & { readonly upTo: Threshold };
  readonly long: Row & { readonly from: Threshold };
  readonly pay: ByItem;
}

export const READMISSION_SCOPES = ['same-hospital', 'any-hospital'] as const;

export interface Readmission extends Row {
  readonly scope: (typeof READMISSION_SCOPES)[number];
  readonly withinDays: Threshold;
  readonly earlierShare: E4;
}

export interface BedDayPhase extends Row {
  readonly category: BedDayCategory;
  readonly fromDay: number;
  /** Last day of the phase, included; null for the last phase. */
  readonly toDay: number | null;
  readonly dayFen: Fen;
}

export interface Settlement {
  /** Share of the computed amount that is paid monthly. */
  readonly monthly: Row & { readonly share: E4 };
  /** Share kept as quality deposit until the assessment. */
  readonly deposit: Row & { readonly share: E4 };
  /** A score from `fullFrom` counts as 100 %. */
  readonly assessment: Row & { readonly fullFrom: Threshold };
  readonly specialReviewCap: Row & { readonly atMost: E4 };
  /** Special-case review (特例单议): applied for within so many days of the discharge; by item it pays this share of the cost. */
  readonly specialReview: Row & { readonly withinDays: Threshold; readonly share: E4 };
  /** Public notice (公示): whole days after the day of publication; nothing is paid before they are over. */
  readonly publicNotice: Row & { readonly days: number };
}

/** One band of cost / payment; money inside the band is shared as it says. Bands do not overlap and lie side by side. */
export interface ShareBand extends Row {
  readonly from: E4;
  readonly to: E4 | null;
  /** Below 1 the share of the surplus that the hospital keeps; above 1 the share of the overrun that the fund bears. */
  readonly share: E4;
}

export interface Capitation extends Row {
  readonly payer: Payer;
  readonly perHeadFen: Fen;
}

export interface Points {
  /** Average cost of a stay in the region, from the years before; a relative weight of 1. */
  readonly averageCost: Row & { readonly costFen: Fen };
  /** Points of a DRG are its relative weight times this. */
  readonly perWeight: Row & { readonly points: E4 };
}

export interface Distribution extends Row {
  readonly shares: Readonly<Record<Party, E4>>;
}

export interface ResultPayment extends Row {
  readonly disease: string;
  readonly amountFen: Fen;
  readonly evidence: readonly string[];
}

export interface Milestone extends Row {
  readonly disease: string;
  readonly milestone: string;
  readonly amountFen: Fen;
}

export interface ChronicPackage extends Row {
  readonly disease: string;
  readonly complications: readonly string[];
  readonly priceFen: Fen;
  /** Share of what is left of the package that joins the year's surplus (结余分享); the rest stays with it. Null keeps all. */
  readonly surplus: (Row & { readonly share: E4 }) | null;
  /** Sources of the price and their shares, e.g. insurance surplus and public health. */
  readonly sources: Readonly<Record<string, E4>>;
}

export interface Consortium {
  readonly capitation: readonly Capitation[];
  readonly reserve: Row & { readonly share: E4 };
  /** Share of the reasonable overrun that the insurer bears. */
  readonly overrunShare: Row & { readonly share: E4 };
  /** Share of the surplus that goes to primary-care staff. */
  readonly staffPool: Row & { readonly share: E4 };
  readonly distribution: Distribution;
  readonly prepaidFund: Row & { readonly openingFen: Fen };
  readonly red: readonly ResultPayment[];
  readonly mes: readonly Milestone[];
  readonly packages: readonly ChronicPackage[];
}

/** Limits of warnings; reaching the cost shares warns, the shares of a hospital warn above them, days include their edge. */
export interface WarningLimits {
  readonly running: Row & {
    readonly costNear: E4;
    readonly costReached: E4;
    readonly drugShareAbove: E4;
    /** Fewer settled stays of a group are no baseline of its days. */
    readonly leastCases: number;
    /** From this share of the group's usual days on a stay's cost at discharge is predicted; null predicts nothing. */
    readonly predictFrom: E4 | null;
  };
  readonly hospital: Row & {
    readonly leastCases: number;
    readonly highShareAbove: E4;
    readonly lowShareAbove: E4;
    readonly ungroupedShareAbove: E4;
    readonly shortShareAbove: E4;
  };
  readonly after: Row & {
    readonly splitDays: number;
    readonly readmissionDays: number;
    readonly longReadmissionDays: number;
    /** Spending ahead of the time passed by more than this share of the budget. */
    readonly paceAbove: E4;
  };
  /** A stay coded with complications that costs less than this share of what those without them cost (高编高套). */
  readonly coding: (Row & { readonly leastCases: number; readonly costBelow: E4 }) | null;
  /** Bills beside a stay: outpatient ones so many days before and after it (院前、门诊转嫁), others while it lasts (院外购药). */
  readonly around: (Row & { readonly days: number; readonly fromFen: Fen }) | null;
}

export interface RuleSet {
  readonly region: string;
  readonly year: number;
  readonly title: Text;
  readonly effectiveFrom: LocalDate;
  readonly effectiveTo: LocalDate;
  readonly scheme: string;
  readonly method: Method;
  readonly weights: Row & { readonly byDrg: ReadonlyMap<string, E4> };
  readonly baseRates: readonly BaseRate[];
  readonly levelCoefficients: readonly LevelCoefficient[];
  readonly orgCoefficients: readonly OrgCoefficient[];
  /** Groups paid with coefficient 1 at every level (同病同价的基层病种). */
  readonly sameEverywhere: Row & { readonly drgs: readonly string[] };
  readonly outliers: Outliers;
  readonly ambiguous: ByItem;
  readonly ungrouped: ByItem;
  readonly unstable: ByItem;
  readonly stays: StayLimits;
  readonly readmission: Readmission;
  readonly bedDays: readonly BedDayPhase[];
  readonly points: Points | null;
  readonly reserve: Row & { readonly share: E4 };
  readonly prepayment: Row & { readonly months: E4 };
  readonly settlement: Settlement;
  readonly sharing: readonly ShareBand[];
  readonly consortium: Consortium | null;
  /** Null where the region has set no limits: then nothing warns. */
  readonly warnings: WarningLimits | null;
}
