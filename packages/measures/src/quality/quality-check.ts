// The nouns of data quality: a check over the rows of a view, and what it finds.
import type { Text } from '@yimai/kit';

export type Cell = string | number | boolean | null;
/** A row of a view; `resource_id` names the resource it comes from. */
export type Row = Readonly<Record<string, Cell>> & { readonly resource_id: string };

/** What is wrong with a row, or with rows together. Every limit says whether its edge counts. */
export type Rule =
  /** The column has no value. */
  | { readonly kind: 'missing'; readonly column: string }
  /** A number outside its bounds (both edges are allowed values), or two moments in the wrong order. */
  | {
      readonly kind: 'impossible';
      readonly column: string;
      readonly atLeast?: number;
      readonly atMost?: number;
    }
  | { readonly kind: 'out-of-order'; readonly columns: readonly [earlier: string, later: string] }
  /** Several resources agree in all of these columns. */
  | { readonly kind: 'duplicated'; readonly columns: readonly string[] }
  /** More than that many days from one moment to the other; the last day is in time. */
  | { readonly kind: 'late'; readonly from: string; readonly to: string; readonly days: number }
  /** Values crowd on the good side of a threshold, beside an empty bad side. */
  | {
      readonly kind: 'bunched';
      readonly column: string;
      readonly threshold: number;
      /** `at-or-above`: the threshold itself is good; `below`: it is bad. */
      readonly good: 'at-or-above' | 'below';
      readonly width: number;
      readonly least: number;
      readonly share: number;
    }
  /** What an organisation reported is not the sum of what those directly below it reported for the same time. */
  | {
      readonly kind: 'adds-up';
      readonly line: string;
      readonly value: string;
      readonly period: readonly string[];
      readonly of: string;
    };

export interface QualityCheck {
  readonly id: string;
  readonly name: Text;
  readonly source: string;
  readonly view: string;
  /** Only rows whose columns hold one of these values. */
  readonly where: Readonly<Record<string, readonly Cell[]>>;
  /** The moment that places a row in the period. */
  readonly on: string;
  /** The column that names the organisation that must correct. */
  readonly owner: string;
  readonly rule: Rule;
  readonly file: string;
}

export interface Finding {
  readonly check: string;
  /** The organisation that must correct it. */
  readonly owner: string;
  /** Ids of the resources, in order. */
  readonly rows: readonly string[];
  /** Counts and limits in words; never the content of a row. */
  readonly detail: Text;
}
