// Rows of a compiled view as plain JSON values.
import { DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import type { CompiledColumn } from '../compile-view.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type ViewRow = Readonly<Record<string, JsonValue>>;

export function toRow(values: readonly DuckDBValue[], columns: readonly CompiledColumn[]): ViewRow {
  return Object.fromEntries(
    columns.map((column, index) => [column.name, toJson(values[index] ?? null, column.sqlType)]),
  );
}

function toJson(value: DuckDBValue, sqlType: string): JsonValue {
  if (value === null) return null;
  if (value instanceof DuckDBListValue) return value.items.map((item) => toJson(item, sqlType.slice(0, -2)));
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return sqlType === 'json' ? (JSON.parse(value) as JsonValue) : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error(`fault: a view gives a value of SQL type ${sqlType} that has no JSON form`);
}
