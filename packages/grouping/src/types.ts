// The nouns of grouping: a stay, a scheme in its two written forms, an answer and its trail.
import type { Text } from '@yimai/kit';

/** One inpatient stay, with the field names of the neutral format (`dx[0]` principal, `proc[0]` main). */
export interface Stay {
  readonly id: string;
  /** "1" male, "2" female; anything else fails the input check. */
  readonly gender: string | null;
  /** Full years. */
  readonly age: number | null;
  readonly ageDays: number | null;
  /** Birth weight of a newborn in grams. */
  readonly weight: number | null;
  readonly dept: string;
  readonly los: number;
  readonly leavingType: string;
  readonly icuHours?: number;
  readonly dx: readonly string[];
  readonly proc: readonly string[];
}

export const STATUS = {
  grouped: '分组成功',
  ambiguous: '歧义病案',
  ungrouped: '无法入组',
  checkFailed: '信息校验不通过',
  notARecord: '输入错误',
} as const;

export type Status = (typeof STATUS)[keyof typeof STATUS];

export interface Codes {
  readonly mdc: string;
  readonly adrg: string;
  readonly drg: string;
}

export interface GroupResult extends Codes {
  readonly status: Status;
}

export const TEXT_FIELDS = ['gender', 'dept', 'leavingType'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export const NUMBER_FIELDS = ['age', 'ageDays', 'weight', 'los', 'icuHours'] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];
export const COMPARISONS = ['<', '<=', '>', '>=', '=='] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const LIST_TESTS = ['mainDx', 'otherDx', 'anyDx', 'mainProc', 'otherProc', 'anyProc'] as const;
export type ListTest = (typeof LIST_TESTS)[number];

export interface Site {
  readonly site: string;
  readonly dx: string;
}

/** A condition as both written forms hold it once read: `kind` names the one key of the written object. */
export type Predicate =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Predicate[] }
  | { readonly kind: 'not'; readonly part: Predicate }
  | { readonly kind: 'list'; readonly test: ListTest; readonly list: string }
  | { readonly kind: 'prefix'; readonly prefixes: readonly string[] }
  | { readonly kind: 'complication'; readonly level: ComplicationLevel }
  | { readonly kind: 'in'; readonly field: TextField; readonly values: readonly string[] }
  | { readonly kind: 'cmp'; readonly field: NumberField; readonly op: Comparison; readonly bound: number }
  | { readonly kind: 'sites'; readonly min: number; readonly sites: readonly Site[] };

export type ComplicationLevel = 'mcc' | 'cc';

export interface DrgRule {
  readonly drg: string;
  readonly when: Predicate;
}

export type Step =
  | {
      readonly kind: 'adrg';
      readonly adrg: string;
      readonly rule: string;
      readonly when: Predicate;
      readonly drgs: readonly DrgRule[];
    }
  | { readonly kind: 'ambiguous'; readonly drg: string; readonly when: Predicate };

export interface Mdc {
  readonly mdc: string;
  readonly when: Predicate;
  readonly steps: readonly Step[];
}

/** The rules of a scheme once read: everything but the code tables. */
export interface SchemeRules {
  readonly scheme: string;
  readonly title: string;
  readonly retrySecondaryProcedures: boolean;
  readonly results: { readonly checkFailed: Codes; readonly ungrouped: Codes };
  readonly mdcs: readonly Mdc[];
  readonly drgNames: Readonly<Record<string, string>>;
}

/** The code tables of a scheme: codes in order of their characters, every list as ascending positions in them. */
export interface SchemeTables {
  readonly codes: readonly string[];
  readonly lists: ReadonlyMap<string, Int32Array>;
  readonly mcc: ReadonlyMap<string, Int32Array>;
  readonly cc: ReadonlyMap<string, Int32Array>;
  readonly exclusion: ReadonlyMap<string, Int32Array>;
}

/** Names of ICD codes for people; without them the trail shows bare codes. */
export interface CodeNames {
  readonly diagnosis: (code: string) => string | undefined;
  readonly procedure: (code: string) => string | undefined;
}

/** One code (or figure) that made a rule true, and the table row it stands in. */
export interface Evidence extends Text {
  readonly code?: string;
  readonly name?: string;
  /** `d16:123` is row 123 of list d16; `mcc/12:3` is row 3 of MCC table 12; rows in order of the codes. */
  readonly row?: string;
}

export const TRAIL_KINDS = [
  'check-failed',
  'mdc-entered',
  'mdc-left',
  'adrg-met',
  'adrg-left',
  'complication-counted',
  'complication-excluded',
  'drg-passed-over',
  'drg-chosen',
  'ambiguous',
  'retry',
  'ungrouped',
] as const;
export type TrailKind = (typeof TRAIL_KINDS)[number];

/** One rule that decided, in the order of deciding, readable in both languages. */
export interface TrailEntry extends Text {
  readonly kind: TrailKind;
  /** The rule row: `check-2`, `MDCB`, `MDCB/BR2`, `MDCB/BR2/BR21`, `MDCB/BQY`. */
  readonly rule: string;
  readonly because: readonly Evidence[];
}
