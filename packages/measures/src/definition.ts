// What a measure (监测指标) is, as data: question, unit, parts, edge, source and the dates for which it holds.
import type { LocalDate, Text } from '@yimai/kit';

/** Percent, percentage points and relative change are different things and are stored as such. */
export const UNITS = [
  'percent',
  'percentage-point',
  'relative-change',
  'ratio',
  'count',
  'money',
  'days',
  'hours',
  'minutes',
  'per-thousand',
  'per-ten-thousand',
  'index',
  'years',
  'rank',
  'level',
] as const;
export type Unit = (typeof UNITS)[number];

export const DIRECTIONS = ['up', 'down', 'watch'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** The kinds of organisation that a value can be given for. */
export const SCOPE_LEVELS = ['village', 'township', 'hospital', 'department', 'county', 'city'] as const;
export type ScopeLevel = (typeof SCOPE_LEVELS)[number];

export type Scalar = string | number | boolean;

/** Edges are in the words: `from`, `to`, `atLeast`, `atMost` include the value (以上、以下), `above`, `below` do not (超过、不满). */
export type Condition =
  | { readonly kind: 'in'; readonly values: readonly Scalar[]; readonly wanted: boolean }
  | { readonly kind: 'range'; readonly bounds: readonly Bound[] }
  | { readonly kind: 'starts-with'; readonly prefixes: readonly string[] }
  | { readonly kind: 'present'; readonly wanted: boolean }
  /** Full years at the end of the period of somebody born on this date. */
  | { readonly kind: 'age'; readonly bounds: readonly Bound[] }
  /** Days of the period that lie between this date and that of another column. */
  | { readonly kind: 'lasts'; readonly until: string; readonly bounds: readonly Bound[] }
  /** This value stands in the same column of a row of another population. */
  | { readonly kind: 'member-of'; readonly population: string }
  /** The organisation of this column lies in the same county as that of the part's own organisation column. */
  | { readonly kind: 'same-county'; readonly wanted: boolean };

export interface Bound {
  readonly operator: '>' | '>=' | '<' | '<=';
  readonly value: number | string;
}

/** `column` is a column of the view, or `column.level`, `.class`, `.grade`: that of the organisation it names. */
export interface Filter {
  readonly column: string;
  readonly condition: Condition;
}

export type Counting =
  | { readonly kind: 'rows' }
  | { readonly kind: 'distinct'; readonly column: string }
  | { readonly kind: 'sum'; readonly column: string }
  | { readonly kind: 'product'; readonly columns: readonly [string, string] }
  /** The largest value. */
  | { readonly kind: 'max'; readonly column: string }
  /** Σ (old - new) / old over rows, or the largest of them: mean and maximum cut of prices. */
  | { readonly kind: 'cut'; readonly columns: readonly [string, string] }
  | { readonly kind: 'max-cut'; readonly columns: readonly [string, string] }
  /** Σ (old - new) · quantity. */
  | { readonly kind: 'saving'; readonly columns: readonly [string, string, string] }
  /** Time between two columns. */
  | {
      readonly kind: 'between';
      readonly columns: readonly [string, string];
      readonly unit: 'hours' | 'minutes' | 'days';
    };

/** How rows are placed in time: their date lies in the period, or they hold at its end, or at some time in it. */
export type Timing =
  | { readonly kind: 'within'; readonly column: string }
  | { readonly kind: 'at-end'; readonly from: string; readonly to: string | null }
  | { readonly kind: 'during'; readonly from: string; readonly to: string | null }
  | { readonly kind: 'always' };

/** A named set of rows that several measures count from, so that one question has one answer. */
export interface Population {
  readonly id: string;
  readonly view: string;
  readonly filters: readonly Filter[];
  readonly timing: Timing;
  /** Column that names the organisation a row belongs to. */
  readonly org: string;
  /** Rows that agree in these columns are one case; the last by `order` counts. */
  readonly once: { readonly columns: readonly string[]; readonly order: string } | null;
  /** What it means that no row fits a question: nothing happened, or nobody reported it. */
  readonly absent: 'zero' | 'unknown';
  /** The column that says what kind of thing a row is: a kind of which there was never a row is not collected. */
  readonly named: string | null;
}

export interface Part {
  readonly population: string;
  readonly filters: readonly Filter[];
  readonly count: Counting;
  readonly org: string | null;
  readonly timing: Timing | null;
  /** Taken off instead of added (prepaid - settled). */
  readonly isNegative: boolean;
}

export type Formula =
  | {
      readonly kind: 'parts';
      readonly numerator: readonly Part[];
      readonly denominator: readonly Part[] | null;
    }
  /** One quotient over another (income per head here over income per head there). */
  | { readonly kind: 'quotients'; readonly upper: Quotient; readonly lower: Quotient }
  /** Mean of another measure over this period and those before it. */
  | { readonly kind: 'mean-over'; readonly of: string; readonly periods: number }
  /** Change of another measure against another period. */
  | {
      readonly kind: 'change';
      readonly of: string;
      readonly against: string;
      readonly as: 'relative' | 'fall' | 'points';
    }
  /** Mean of another measure over the organisations of one level below the scope. */
  | { readonly kind: 'mean-of'; readonly of: string; readonly level: ScopeLevel }
  /** Place among the organisations of the same level under the same parent (1 = best). */
  | { readonly kind: 'rank'; readonly of: string }
  /** How many values of a column there are, most frequent first; the answer carries the list. */
  | {
      readonly kind: 'top';
      readonly part: Part;
      readonly by: string;
      readonly most: number;
      /** Ordered by the sum of this column instead of by rows. */
      readonly sum?: string;
    }
  /** Probability of dying at 30 to 69 of the counted causes, from deaths and population by five-year age band. */
  | {
      readonly kind: 'premature-mortality';
      readonly deaths: Part;
      readonly people: Part;
      readonly band: string;
    }
  /** Own mean per group against the mean of the whole region, weighted by own cases. */
  | { readonly kind: 'consumption-index'; readonly part: Part; readonly by: string; readonly column: string };

export interface Quotient {
  readonly numerator: readonly Part[];
  readonly denominator: readonly Part[];
}

export interface Definition {
  readonly id: string;
  readonly name: Text;
  readonly purpose: Text;
  readonly unit: Unit;
  readonly digits: number;
  readonly direction: Direction;
  /** In words: does the edge of a threshold count. */
  readonly edge: Text | null;
  readonly levels: readonly ScopeLevel[];
  readonly exclusions: Text | null;
  readonly source: string;
  readonly effectiveFrom: LocalDate;
  readonly effectiveTo: LocalDate | null;
  readonly formula: Formula;
  /** Follows from the definition itself: another question has another version. */
  readonly version: string;
  readonly file: string;
}
