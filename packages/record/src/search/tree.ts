// The nouns of a search: what a query string means, before anything is known about tables.
import type { SearchParameterDef } from '@yimai/fhir';
import type { Refusal } from '@yimai/kit';

export interface SearchTree {
  /** The resource types searched; null: every type (a system search without `_type`). */
  readonly types: readonly string[] | null;
  /** All of them must hold. */
  readonly filters: readonly Filter[];
  readonly includes: readonly Include[];
  /** Empty: newest first. */
  readonly sort: readonly SortKey[];
  /** Rows a page; 0 asks for the total alone. */
  readonly count: number;
  readonly total: TotalMode;
  readonly projection: Projection;
  /** Parameters that were not understood and left out (lenient handling). */
  readonly omitted: readonly Refusal[];
  /** The query as understood, for the self link. */
  readonly self: string;
}

export const TOTAL_MODES = ['none', 'estimate', 'accurate'] as const;
export type TotalMode = (typeof TOTAL_MODES)[number];

export const SUMMARY_MODES = ['true', 'text', 'data', 'count', 'false'] as const;
export type SummaryMode = (typeof SUMMARY_MODES)[number];

export interface Projection {
  readonly summary: SummaryMode;
  readonly elements: readonly string[] | null;
}

/** A search parameter with its numbers in the index tables: one for each type searched that has it. */
export interface Parameter {
  readonly code: string;
  readonly kind: SearchParameterDef['kind'];
  readonly ids: readonly number[];
  /** The resource types that its references may point to; empty: any. */
  readonly targets: readonly string[];
}

export type Filter =
  | { readonly kind: 'id'; readonly keys: readonly string[]; readonly not: boolean }
  | { readonly kind: 'updated'; readonly values: readonly DateValue[] }
  | { readonly kind: 'near'; readonly values: readonly NearValue[] }
  | { readonly kind: 'test'; readonly parameter: Parameter; readonly test: Test; readonly not: boolean }
  /** A value is there if the rows of one way are: of all of its parameters. */
  | {
      readonly kind: 'missing';
      readonly ways: readonly (readonly Parameter[])[];
      readonly missing: boolean;
    }
  | { readonly kind: 'chain'; readonly via: Parameter; readonly type: string; readonly filter: Filter }
  | { readonly kind: 'has'; readonly via: Parameter; readonly type: string; readonly filter: Filter }
  /** Members of the List with this row key, through the parameter `List.item`. */
  | { readonly kind: 'member'; readonly list: string; readonly via: Parameter }
  | { readonly kind: 'any'; readonly of: readonly Filter[] };

/** What an index row of one kind must be; one of the values is enough. */
export type Test =
  | {
      readonly kind: 'string';
      readonly op: 'starts' | 'exact' | 'contains';
      readonly values: readonly string[];
    }
  | { readonly kind: 'token'; readonly values: readonly TokenValue[]; readonly sensitive: boolean }
  | { readonly kind: 'display'; readonly values: readonly string[] }
  | { readonly kind: 'date'; readonly values: readonly DateValue[] }
  | { readonly kind: 'number'; readonly values: readonly NumberValue[] }
  | { readonly kind: 'quantity'; readonly values: readonly QuantityValue[] }
  | { readonly kind: 'reference'; readonly values: readonly ReferenceValue[] }
  | { readonly kind: 'uri'; readonly op: 'is' | 'above' | 'below'; readonly values: readonly string[] }
  | {
      readonly kind: 'composite';
      readonly ways: readonly CompositeWay[];
      readonly values: readonly (readonly Test[])[];
    };

/** One of the places where the pairs of a composite stand: a parameter for each component. */
export interface CompositeWay {
  readonly parts: readonly Parameter[];
  /** Rows of one element share their `part`; else every row of a resource belongs to every other. */
  readonly byPart: boolean;
}

/** `system` undefined: any; null: none (`|code`). `code` undefined: any of that system (`system|`). */
export interface TokenValue {
  readonly system?: string | null;
  readonly code?: string;
  /** How the code must match: itself, a code that it begins (`:below`), or one that begins it (`:above`). */
  readonly reach: 'is' | 'below' | 'above';
}

export const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof PREFIXES)[number];

/** From `low` up to but without `high`, as instants of PostgreSQL text. */
export interface DateValue {
  readonly prefix: Prefix;
  readonly low: string;
  readonly high: string;
}

/** The number as written and the range that its digits stand for, as decimal texts; `high` is outside. */
export interface NumberValue {
  readonly prefix: Prefix;
  readonly value: string;
  readonly low: string;
  readonly high: string;
}

export interface QuantityValue extends NumberValue {
  readonly system?: string;
  /** Compared with the code, and without a system also with the unit that people read. */
  readonly unit?: string;
  /** The same amount in units that measure the same, itself among them; empty: only the unit as written. */
  readonly inUnits: readonly (Omit<NumberValue, 'prefix'> & { readonly codes: readonly string[] })[];
}

export type ReferenceValue =
  | { readonly kind: 'target'; readonly keys: readonly string[] }
  | { readonly kind: 'url'; readonly url: string; readonly version?: string }
  | { readonly kind: 'identifier'; readonly system?: string | null; readonly value: string };

/** Around a point of the earth. */
export interface NearValue {
  readonly latitude: number;
  readonly longitude: number;
  readonly kilometres: number;
}

export interface Include {
  readonly direction: 'forward' | 'reverse';
  /** The type that holds the reference. */
  readonly source: string | null;
  /** Null: every reference (`*`). */
  readonly via: Parameter | null;
  readonly target: string | null;
  readonly iterate: boolean;
}

export interface SortKey {
  readonly by: 'updated' | 'id' | Parameter;
  readonly descending: boolean;
}
