// Writes the rows of one page in their order. There are four ways to the same answer; which one is fast follows from
// the order asked and from whether the criteria name few rows.
import { resourceTypes } from '@yimai/fhir';
import { and, type Fragment, join, raw, sql } from '@yimai/postgres';
import { ROW_COLUMNS } from '../store/rows.ts';
import type { Access } from '../types.ts';
import { parameterIs } from './sql-filters.ts';
import { isAfter, type OrderColumn, orderBy, orderColumns } from './sql-sort.ts';
import type { Filter, Parameter, SearchTree } from './tree.ts';

/** Where a later page stands: when the first was made, and the last row seen. */
export interface Place {
  readonly moment: string;
  readonly keys: readonly (string | null)[];
  readonly id: string;
}

interface Shape {
  readonly columns: readonly OrderColumn[];
  readonly place: Place | undefined;
  readonly limit: number;
}

/** At most one row more than a page holds, each with its sort keys as texts. `matching` is a condition on row `r`. */
export function pageRows(
  tree: SearchTree,
  access: Pick<Access, 'readable'>,
  matching: Fragment,
  place: Place | undefined,
): Fragment {
  const shape: Shape = { columns: orderColumns(tree.sort), place, limit: tree.count + 1 };
  const pinned = place ? and([matching, sql`r.updated_at <= ${place.moment}::timestamptz`]) : matching;
  const ownColumns = tree.sort.every((key) => typeof key.by === 'string');
  if (!ownColumns) {
    const date = datesWalked(tree);
    return date
      ? alongDates(shape, date, pinned)
      : ordered(shape, computed(shape.columns, pinned), [], false);
  }
  const rows = spansTypes(tree) ? typeByType(tree, shape, pinned) : ordered(shape, ROWS, [pinned], true);
  return place ? withChanged(shape, place, rows, matching, access) : rows;
}

const ROWS = raw('resource r');

/** `direct`: the order is that of columns or expressions on `r`; else of columns `k0`, `k1`, … */
function ordered(
  { columns, place, limit }: Shape,
  from: Fragment,
  conditions: readonly Fragment[],
  direct: boolean,
): Fragment {
  const texts = columns.map((column) => sql`${direct ? column.value : raw(`r.${column.name}`)}::text`);
  const where = place ? [...conditions, isAfter(columns, place, direct)] : conditions;
  return sql`select array[${join(texts, ', ')}] as keys, ${ROW_COLUMNS} from ${from}
    where ${and(where)} order by ${orderBy(columns, direct)} limit ${raw(String(limit))}`;
}

/** The matching rows with their sort keys beside them: as dear as there are matches. */
function computed(columns: readonly OrderColumn[], matching: Fragment): Fragment {
  const keys = columns.map((column) => sql`${column.value} as ${raw(column.name)}`);
  return sql`(select ${ROW_COLUMNS}, ${join(keys, ', ')} from resource r where ${matching}) r`;
}

/** The index by time is kept by type; a search over several types takes the first rows of each. */
const spansTypes = (tree: SearchTree): boolean =>
  tree.types?.length !== 1 &&
  tree.sort.every((key) => key.by === 'updated') &&
  tree.filters.every((filter) => filter.kind === 'updated');

function typeByType(tree: SearchTree, shape: Shape, matching: Fragment): Fragment {
  const types = [...(tree.types ?? resourceTypes())];
  const each = ordered(shape, ROWS, [raw('r.type = t.type'), matching], true);
  return sql`select r.* from unnest(${types}::text[]) t(type) cross join lateral (${each}) r
    order by ${orderBy(shape.columns, true)} limit ${raw(String(shape.limit))}`;
}

/**
 * Rows that were written again after the first page keep their place and their version of then: the walk neither
 * skips them nor shows what came later. Only orders that history knows can do this (time, id).
 */
function withChanged(
  shape: Shape,
  { moment }: Place,
  rows: Fragment,
  matching: Fragment,
  access: Pick<Access, 'readable'>,
): Fragment {
  const then = sql`(select h.* from resource r cross join lateral (
      select ${THEN_COLUMNS} from history h where h.id = r.id and h.updated_at <= ${moment}::timestamptz
      order by h.version desc limit 1) h
    where ${matching} and r.updated_at > ${moment}::timestamptz) r`;
  const changed = ordered(shape, then, [raw('not r.deleted'), access.readable('r')], true);
  return sql`select * from ((${rows}) union all (${changed})) r
    order by ${orderBy(shape.columns, true)} limit ${raw(String(shape.limit))}`;
}

const THEN_COLUMNS = raw(
  'h.id, h.type, h.fhir_id, h.version, h.updated_at, h.deleted, h.kind, h.locks, h.org, h.patient, h.engine, h.content',
);

/**
 * The date parameter that comes first in the order, if the criteria may leave many rows: then its index is walked from
 * the end asked for. Criteria that name few rows (a patient, an id, a chain) are looked up first and sorted after.
 */
function datesWalked(tree: SearchTree): Parameter | null {
  const first = tree.sort[0]?.by;
  if (first === undefined || typeof first === 'string' || first.kind !== 'date' || first.ids.length !== 1)
    return null;
  return tree.types?.length === 1 && tree.filters.every(leavesMany) ? first : null;
}

const LOOKED_UP = new Set(['reference', 'composite']);
const leavesMany = (filter: Filter): boolean =>
  filter.kind === 'updated' ||
  (filter.kind === 'test' && !filter.not && !LOOKED_UP.has(filter.test.kind) && !namesPerson(filter));
const namesPerson = (filter: Filter & { kind: 'test' }): boolean =>
  filter.test.kind === 'token' && filter.test.sensitive;

/** Dated rows along the index; if they do not fill the page, those without a date follow. */
function alongDates(shape: Shape, date: Parameter, matching: Fragment): Fragment {
  const [first, ...rest] = shape.columns;
  const at = (value: string, nullable: boolean): Shape => ({
    ...shape,
    columns: [{ ...first!, value: raw(value), nullable }, ...rest],
  });
  // Of several dates the lowest counts going up, the highest going down; `ctid` decides between equal ones.
  const better = raw(first!.descending ? '>' : '<');
  const isFirst = sql`not exists (select 1 from idx_date o where o.resource = s.resource and ${parameterIs('o', date)}
    and (o.low, o.ctid) ${better} (s.low, s.ctid))`;
  const from = raw('idx_date s join resource r on r.id = s.resource');
  const dated = ordered(at('s.low', false), from, [parameterIs('s', date), isFirst, matching], true);
  const hasNone = sql`not exists (select 1 from idx_date o where o.resource = r.id and ${parameterIs('o', date)})`;
  const short = sql`(select count(*) from dated) < ${raw(String(shape.limit))}`;
  const undated = ordered(at('null::timestamptz', true), ROWS, [matching, hasNone, short], true);
  return sql`with dated as materialized (${dated}), undated as materialized (${undated}),
      walked as (select row_number() over () as place, d.* from dated d
        union all select ${raw(String(shape.limit))} + row_number() over (), u.* from undated u)
    select r.keys, ${ROW_COLUMNS} from walked r order by r.place limit ${raw(String(shape.limit))}`;
}
