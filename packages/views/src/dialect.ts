// What the compiler asks of an SQL engine: how to walk JSON, hold lists, read scalars and say no at run time.
import type { Form } from './elements.ts';

export interface PlainStep {
  readonly name: string;
  readonly many: boolean;
}

/** SQL texts in, SQL text out. A list is the engine's own: `json[]` in DuckDB, a jsonb array in PostgreSQL. */
export interface Dialect {
  readonly name: 'duckdb' | 'postgresql';
  param(number: number, form: Form): string;
  /** One value along single elements. */
  child(json: string, names: readonly string[]): string;
  childText(json: string, names: readonly string[]): string;
  /** A list along steps of which at least one repeats. */
  children(json: string, steps: readonly PlainStep[]): string;
  /** A list of an element of which it is not known whether it repeats. */
  spread(json: string, name: string): string;
  filter(list: string, variable: string, criteria: (element: string) => string): string;
  /** Maps each element to one JSON value; missing ones fall away. */
  map(list: string, variable: string, body: (element: string) => string): string;
  flatMap(list: string, variable: string, body: (element: string) => string): string;
  asList(json: string): string;
  nullList(): string;
  concat(lists: readonly string[]): string;
  at(list: string, index: number): string;
  last(list: string): string;
  size(list: string): string;
  join(list: string, separator: string): string;
  sameLists(left: string, right: string): string;
  /** Reads a native value; a JSON value of another type gives null. */
  scalar(json: string, form: Exclude<Form, 'json'>): string;
  toJson(native: string): string;
  convert(native: string, from: Form, to: Form): string;
  jsonType(json: string, type: 'boolean'): string;
  /** Adds, takes off, multiplies or divides two numbers; by 0 gives nothing. */
  arithmetic(left: string, operator: string, right: string): string;
  /** Compares two times given as text; `operator` is an SQL operator. */
  compareTimes(left: string, operator: string, right: string): string;
  boundary(text: string, type: string, side: 'low' | 'high'): string;
  referenceKey(reference: string, resource: string | null): string;
  /** Stops the statement with that message when evaluated; `witness` keeps the engine from evaluating it early. */
  fail(message: string, witness: string, form: Form): string;
  /** The type of a column that holds such values. */
  columnType(type: string | null, collection: boolean): string;
  /** A list column's value from a JSON list. */
  collection(list: string, type: string | null, variable: string): string;
  /** `select` that gives one row per element with columns `element` and `index` (from 0). */
  unnest(input: UnnestInput): string;
  /** The common table expressions of a depth-first walk, of which the last is called `name`. */
  repeat(input: RepeatInput): readonly string[];
}

/** Moments compare as such; `2024` and `2024-05` are compared as far as both go, and give no answer when that is equal. */
export function timesInOrder(
  left: string,
  operator: string,
  right: string,
  how: { hasClock(text: string): string; moment(text: string): string },
): string {
  const both = `least(length(${left}), length(${right}), ${'YYYY-MM-DD'.length})`;
  const [a, b] = [`left(${left}, ${both})`, `left(${right}, ${both})`];
  return `(case when ${how.hasClock(left)} and ${how.hasClock(right)}
    then ${how.moment(left)} ${operator} ${how.moment(right)}
    when length(${left}) = length(${right}) then ${left} ${operator} ${right}
    when ${a} <> ${b} then ${a} ${operator} ${b} end)`;
}

export interface UnnestInput {
  readonly from: string;
  readonly columns: readonly string[];
  readonly list: string;
  readonly orNull: boolean;
  readonly element: string;
  readonly index: string;
}

export interface RepeatInput {
  readonly from: string;
  readonly columns: readonly string[];
  readonly name: string;
  /** The children of a JSON value given as an SQL text. */
  readonly childrenOf: (json: string) => string;
  readonly node: string;
  readonly element: string;
  readonly index: string;
}
