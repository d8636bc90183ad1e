// The index rows that a resource yields; the store writes them, search reads them.

export type Sensitive = 'national-id' | 'phone';

export interface TokenRow {
  readonly param: number;
  readonly system: string | null;
  readonly value: string;
  /** What people read: display of a Coding, text of a CodeableConcept (for `:text`). */
  readonly text?: string | null;
  /** Which element of a composite this row belongs to; null outside composites. */
  readonly part: number | null;
  readonly sensitive?: Sensitive;
}

export interface StringRow {
  readonly param: number;
  /** NFKC, lower case, accents folded, white space collapsed. */
  readonly value: string;
  /** As written; null for rows that only help finding (pinyin, initials, ends of a name). */
  readonly exact: string | null;
  readonly part: number | null;
}

export interface DateRow {
  readonly param: number;
  /** First instant; `0001-01-01T00:00:00.000Z` for a period without a start. */
  readonly low: string;
  /** First instant after the range; null for a period without an end. */
  readonly high: string | null;
  readonly part: number | null;
}

export interface ReferenceRow {
  readonly param: number;
  readonly targetType: string | null;
  /** Set for references on this server (`Patient/1`); absolute ones have `url` instead. */
  readonly targetId: string | null;
  readonly url: string | null;
  /** From `|version` of a canonical or `/_history/version` of a reference. */
  readonly version: string | null;
  readonly identifierSystem?: string | null;
  readonly identifierValue?: string;
  readonly part: number | null;
}

export interface QuantityRow {
  readonly param: number;
  readonly value: string;
  /** Value minus and plus half of its last digit (implicit precision). */
  readonly low: string;
  readonly high: string;
  readonly system: string | null;
  readonly code: string | null;
  readonly unit: string | null;
  readonly part: number | null;
}

export interface IndexRows {
  readonly tokens: TokenRow[];
  readonly strings: StringRow[];
  readonly dates: DateRow[];
  readonly references: ReferenceRow[];
  readonly quantities: QuantityRow[];
}
