// Writes the tables of then: versions that the first page saw and that were written over since, with their index rows. A
// search asks them what it asks the tables of now, and the rows of now that were written since do not count.
import type { IndexRows } from '@yimai/fhir';
import { and, type Fragment, raw, sql } from '@yimai/postgres';
import { logicalKey, targetKey } from '../store/flush.ts';
import type { Access } from '../types.ts';

/** In which tables a row and its index rows stand. */
export type World = 'now' | 'then';

export interface ThenRow {
  readonly id: string;
  readonly version: number;
  /** Its number in the tables of then. */
  readonly entry: number;
}

/** What was written after the first page. */
export interface Past {
  /** No row that was written after this instant counts; nor do those that were written before it and yet not seen. */
  readonly until: string;
  readonly late: readonly string[];
  readonly rows: readonly ThenRow[];
  readonly index: readonly { readonly row: ThenRow; readonly rows: IndexRows }[];
  blind(value: string): string;
}

export const worldsOf = (past: Past | null): readonly World[] =>
  past && past.rows.length > 0 ? ['now', 'then'] : ['now'];

export const tableIn = (world: World, table: string): Fragment =>
  raw(world === 'now' ? table : `then_${table.replace(/^idx_/, '')}`);

/** A row of now that is what the first page saw. */
export function unchanged(alias: string, { until, late }: Past): Fragment {
  const r = raw(alias);
  const before = sql`${r}.updated_at <= ${until}::timestamptz`;
  return late.length === 0 ? before : and([before, sql`${r}.id <> all(${late}::uuid[])`]);
}

/** The tables of then as parts of a `with`. */
export function thenTables(past: Past, access: Pick<Access, 'readable'>): Fragment {
  const { rows } = past;
  return sql`then_resource as materialized (select h.*, n.entry from unnest(${rows.map((row) => row.id)}::uuid[],
      ${rows.map((row) => row.version)}::int[], ${rows.map((row) => row.entry)}::bigint[]) n(id, version, entry)
      join history h on h.id = n.id and h.version = n.version where ${access.readable('h')}),
    ${tokens(past)}, ${strings(past)}, ${dates(past)}, ${references(past)}, ${quantities(past)}`;
}

function gather<T>({ index }: Past, pick: (rows: IndexRows) => readonly T[]) {
  const all = index.flatMap(({ row, rows }) => pick(rows).map((one) => ({ row, one })));
  return {
    entry: all.map(({ row }) => row.entry),
    resource: all.map(({ row }) => row.id),
    rows: all.map(({ one }) => one),
  };
}

function tokens(past: Past): Fragment {
  const { entry, resource, rows } = gather(past, (index) => index.tokens);
  return sql`then_token as materialized (select entry, resource, param, value collate "C" as value, system, display, part
    from unnest(${entry}::bigint[], ${resource}::uuid[],
    ${rows.map((row) => row.param)}::int[],
    ${rows.map((row) => (row.sensitive ? past.blind(row.value) : row.value))}::text[],
    ${rows.map((row) => row.system)}::text[], ${rows.map((row) => row.text ?? null)}::text[],
    ${rows.map((row) => row.part)}::int[]) x(entry, resource, param, value, system, display, part))`;
}

function strings(past: Past): Fragment {
  const { entry, resource, rows } = gather(past, (index) => index.strings);
  return sql`then_string as materialized (select entry, resource, param, value collate "C" as value,
    exact collate "C" as exact, part from unnest(${entry}::bigint[],
    ${resource}::uuid[], ${rows.map((row) => row.param)}::int[], ${rows.map((row) => row.value)}::text[],
    ${rows.map((row) => row.exact)}::text[], ${rows.map((row) => row.part)}::int[])
    x(entry, resource, param, value, exact, part))`;
}

function dates(past: Past): Fragment {
  const { entry, resource, rows } = gather(past, (index) => index.dates);
  return sql`then_date as materialized (select entry, resource, param, coalesce(low::timestamptz, '-infinity') as low,
    coalesce(high::timestamptz, 'infinity') as high, part from unnest(${entry}::bigint[], ${resource}::uuid[],
    ${rows.map((row) => row.param)}::int[], ${rows.map((row) => row.low)}::text[],
    ${rows.map((row) => row.high)}::text[], ${rows.map((row) => row.part)}::int[])
    x(entry, resource, param, low, high, part))`;
}

function references(past: Past): Fragment {
  const { entry, resource, rows } = gather(past, (index) => index.references);
  return sql`then_reference as materialized (select entry, resource, param, target, target_type, url collate "C" as url,
    url_version, identifier, part from unnest(${entry}::bigint[], ${resource}::uuid[],
    ${rows.map((row) => row.param)}::int[], ${rows.map(targetKey)}::uuid[],
    ${rows.map((row) => row.targetType)}::text[], ${rows.map((row) => row.url)}::text[],
    ${rows.map((row) => row.version ?? null)}::text[],
    ${rows.map((row) => logicalKey(row, past.blind))}::text[], ${rows.map((row) => row.part)}::int[])
    x(entry, resource, param, target, target_type, url, url_version, identifier, part))`;
}

function quantities(past: Past): Fragment {
  const { entry, resource, rows } = gather(past, (index) => index.quantities);
  return sql`then_quantity as materialized (select * from unnest(${entry}::bigint[], ${resource}::uuid[],
    ${rows.map((row) => row.param)}::int[], ${rows.map((row) => row.value)}::numeric[],
    ${rows.map((row) => row.low)}::numeric[], ${rows.map((row) => row.high)}::numeric[],
    ${rows.map((row) => row.system)}::text[], ${rows.map((row) => row.code)}::text[],
    ${rows.map((row) => row.unit)}::text[], ${rows.map((row) => row.part)}::int[])
    x(entry, resource, param, value, low, high, system, code, unit, part))`;
}
