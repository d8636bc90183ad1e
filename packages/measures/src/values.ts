// What a figure is when it is given out: value with numerator, denominator, period, scope and data version.
import type { Unit } from './definition.ts';

export interface TopItem {
  readonly key: string;
  readonly count: number;
}

export interface MeasureValue {
  readonly measure: string;
  /** Version of the definition that was used. */
  readonly version: string;
  readonly period: string;
  readonly scope: string;
  readonly unit: Unit;
  /** Null when it was not collected (未采集); never 0 for that. */
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** Position of the change feed up to which the data was there. */
  readonly dataVersion: number;
  readonly frozenAt: string | null;
  readonly items: readonly TopItem[] | null;
  /** The numbers of cases that the value gives away, also those of the values that it was made of. */
  readonly counts: readonly number[];
}

/** What a value that was not collected rests on and does not find. */
export interface MissingSource {
  readonly view: string;
  /** The column that says what kind of row is asked for, with the kinds that fit; null: any row of the view. */
  readonly column: string | null;
  readonly kinds: readonly string[];
  /** Whether the record has such rows at all, in whatever period and place. */
  readonly everStored: boolean;
}

const FACTORS: Readonly<Partial<Record<Unit, number>>> = {
  percent: 100,
  'percentage-point': 100,
  'per-thousand': 1_000,
  'per-ten-thousand': 10_000,
};

export function ratio(numerator: number | null, denominator: number | null, unit: Unit): number | null {
  if (numerator === null || denominator === null || denominator === 0) return null;
  return (numerator * (FACTORS[unit] ?? 1)) / denominator;
}

/** 四舍五入 to that many digits; what is shown and frozen, never what is computed on. */
export function rounded(value: number | null, digits: number): number | null {
  if (value === null) return null;
  const factor = 10 ** digits;
  // A tiny push undoes the binary form of decimals such as 1.005.
  return (Math.sign(value) * Math.round(Math.abs(value) * factor * (1 + Number.EPSILON * 4))) / factor;
}

/** Counts from 1 to 4 could name a person. */
export const MASK_BELOW = 5;

/** A count from 1 to `below - 1` could name a person: it is hidden, and with it what it could be worked out from. */
export interface MaskedValue extends MeasureValue {
  readonly masked: boolean;
}

/** Applied after the scope: a small count inside a small scope is hidden, the county's large count is not. */
export function maskSmallCounts(value: MeasureValue, below: number = MASK_BELOW): MaskedValue {
  const isSmall = (count: number | null): boolean => count !== null && count > 0 && count < below;
  const items = value.items?.filter(({ count }) => !isSmall(count)) ?? null;
  if (!value.counts.some(isSmall)) return { ...value, items, masked: false };
  const { denominator } = value;
  return {
    ...value,
    value: null,
    numerator: null,
    denominator: isSmall(denominator) ? null : denominator,
    items: null,
    masked: true,
  };
}
