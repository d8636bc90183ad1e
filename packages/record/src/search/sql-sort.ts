// Writes the order of the answer and the place after which the next page begins.
import { assertNever } from '@yimai/kit';
import { and, type Fragment, join, or, raw, sql } from '@yimai/postgres';
import { parameterIs, tableFor } from './sql-filters.ts';
import { tableIn, type World } from './sql-then.ts';
import type { Parameter, SortKey } from './tree.ts';

/** A sort key as columns: how it is computed of row `r`, its type, and how it is compared. */
export interface OrderColumn {
  readonly name: string;
  readonly value: Fragment;
  readonly cast: 'timestamptz' | 'text' | 'numeric';
  /** `collate …` where the order of people differs from that of bytes. */
  readonly collation: string;
  readonly descending: boolean;
  /** Whether rows may lack it; an order that does not say so can be read from an index in both directions. */
  readonly nullable: boolean;
}

/** Newest first unless asked otherwise; the row key decides between equals. */
export function orderColumns(sort: readonly SortKey[], world: World = 'now'): readonly OrderColumn[] {
  const keys: readonly SortKey[] = sort.length === 0 ? [{ by: 'updated', descending: true }] : sort;
  return keys.map((key, at) => ({
    name: `k${at}`,
    descending: key.descending,
    ...(key.by === 'updated'
      ? { value: raw('r.updated_at'), cast: 'timestamptz' as const, collation: '', nullable: false }
      : key.by === 'id'
        ? { value: raw('r.fhir_id'), cast: 'text' as const, collation: ' collate "C"', nullable: false }
        : { ...parameterColumn(key.by, key.descending, world), nullable: true }),
  }));
}

const NAMES = ' collate "zh-x-icu"';

/** Several values: the lowest counts going up, the highest going down. */
function parameterColumn(
  parameter: Parameter,
  descending: boolean,
  world: World,
): Pick<OrderColumn, 'value' | 'cast' | 'collation'> {
  const pick = descending ? 'max' : 'min';
  const of = (column: string): Fragment =>
    sql`(select ${raw(`${pick}(${column})`)} from ${tableIn(world, tableFor(parameter))} s where s.entry = r.entry
      and ${parameterIs('s', parameter)})`;
  switch (parameter.kind) {
    case 'string':
      return { value: of(`s.exact${NAMES}`), cast: 'text', collation: NAMES };
    case 'token':
    case 'uri':
      return { value: of('s.value'), cast: 'text', collation: ' collate "C"' };
    case 'date':
      return { value: of('s.low'), cast: 'timestamptz', collation: '' };
    case 'number':
    case 'quantity':
      return { value: of('s.value'), cast: 'numeric', collation: '' };
    case 'reference':
      return { value: of('coalesce(s.url, s.target::text)'), cast: 'text', collation: ' collate "C"' };
    case 'composite':
    case 'special':
      throw new Error(`fault: ${parameter.kind} parameters have no order`);
    default:
      return assertNever(parameter.kind);
  }
}

/** `order by` over columns `k0`, `k1`, … of alias `r`; what has no value comes last either way. */
export function orderBy(columns: readonly OrderColumn[], unwrapped: boolean): Fragment {
  const keys = columns.map((column) => {
    const value = unwrapped ? column.value : raw(`r.${column.name}`);
    const nulls = column.nullable ? ' nulls last' : '';
    return sql`${value}${raw(column.collation)} ${raw(column.descending ? 'desc' : 'asc')}${raw(nulls)}`;
  });
  return join([...keys, raw('r.id')], ', ');
}

/** The same of rows that carry their sort keys as texts in `keys`. */
export function orderByKeys(columns: readonly OrderColumn[]): Fragment {
  const keys = columns.map(({ cast, collation, descending }, at) =>
    raw(`(r.keys)[${at + 1}]::${cast}${collation} ${descending ? 'desc' : 'asc'} nulls last`),
  );
  return join([...keys, raw('r.id')], ', ');
}

/** Rows that come after the last one seen. */
export function isAfter(
  columns: readonly OrderColumn[],
  seen: { readonly keys: readonly (string | null)[]; readonly id: string },
  unwrapped: boolean,
): Fragment {
  const cases: Fragment[] = [];
  const equal: Fragment[] = [];
  for (const [at, column] of columns.entries()) {
    const value = unwrapped ? column.value : raw(`r.${column.name}`);
    const last = seen.keys[at] ?? null;
    const same = sql`${last}::${raw(column.cast)}`;
    if (last !== null) {
      const beyond = sql`${value}${raw(column.collation)} ${raw(column.descending ? '<' : '>')} ${same}`;
      cases.push(and([...equal, or([beyond, sql`${value} is null`])]));
      equal.push(sql`${value}${raw(column.collation)} = ${same}`);
    } else equal.push(sql`${value} is null`);
  }
  cases.push(and([...equal, sql`r.id > ${seen.id}::uuid`]));
  return or(cases);
}
