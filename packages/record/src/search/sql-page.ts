// Writes the rows of one page in their order. There are several ways to the same answer; which one is fast follows from
// the order asked and from whether the criteria name few rows.
import { resourceTypes } from '@yimai/fhir';
import { assertNever } from '@yimai/kit';
import { and, type Fragment, join, raw, sql } from '@yimai/postgres';
import { ROW_COLUMNS } from '../store/rows.ts';
import { parameterIs } from './sql-filters.ts';
import { isAfter, type OrderColumn, orderBy, orderByKeys, orderColumns } from './sql-sort.ts';
import { tableIn, type World } from './sql-then.ts';
import type { Filter, Parameter, SearchTree } from './tree.ts';

/** Where a later page stands: after the last row seen. */
export interface Place {
  readonly keys: readonly (string | null)[];
  readonly id: string;
}

interface Shape {
  readonly columns: readonly OrderColumn[];
  readonly place: Place | undefined;
  readonly limit: number;
}

/** `few`: the condition names its rows by key. `first`: only so many first rows of the order are looked at. */
export type Way = 'all' | 'few' | { readonly first: number };

/** The conditions on row `r`; `then` where versions of then are among the rows (sql-then.ts). */
export interface Matching {
  readonly now: Fragment;
  readonly then: Fragment | null;
}

/** At most one row more than a page holds, each with its sort keys as texts. */
export function pageRows(
  tree: SearchTree,
  matching: Matching,
  place: Place | undefined,
  way: Way = 'all',
): Fragment {
  const first = typeof way === 'object' ? way.first : null;
  const shape: Shape = { columns: orderColumns(tree.sort), place, limit: tree.count + 1 };
  const rows = rowsOfNow(tree, shape, matching.now, first);
  if (!matching.then) return rows;
  return withThen(shape, rows, rowsIn('then', tree, shape, matching.then), first !== null);
}

function rowsOfNow(tree: SearchTree, shape: Shape, matching: Fragment, first: number | null): Fragment {
  if (isDated(tree)) {
    const date = first === null ? null : datesWalked(tree);
    return date && first !== null
      ? firstDates(shape, date, matching, first)
      : rowsIn('now', tree, shape, matching);
  }
  if (spansTypes(tree)) return typeByType(tree, shape, matching);
  return first === null
    ? rowsIn('now', tree, shape, matching)
    : ordered(shape, firstRows(tree, shape, first), [matching], true);
}

function rowsIn(world: World, tree: SearchTree, shape: Shape, matching: Fragment): Fragment {
  const table = sql`${tableIn(world, 'resource')} r`;
  if (!isDated(tree)) return ordered(shape, table, [matching], true);
  const columns = orderColumns(tree.sort, world);
  return ordered({ ...shape, columns }, computed(columns, table, matching), [], false);
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

/** At least some pages' worth, however few were asked for. */
const walkedRows = (count: number, limit: number): Fragment => raw(String(Math.max(count, limit * 4)));

/** The first rows of one type in their order, or those after a place: the condition is asked of them afterwards. */
function firstRows(tree: SearchTree, { columns, place, limit }: Shape, count: number): Fragment {
  const last = place?.keys[0] ?? null;
  // The bound stands by itself, so that the index is entered at the place.
  const after = place
    ? sql` and r.updated_at <= ${last}::timestamptz and (r.updated_at < ${last}::timestamptz or r.id > ${place.id}::uuid)`
    : raw('');
  return sql`(select r.* from resource r where r.type = ${tree.types?.[0]} and not r.deleted${after}
    order by ${orderBy(columns, true)} limit ${walkedRows(count, limit)}) r`;
}

function firstDates(shape: Shape, date: Parameter, matching: Fragment, count: number): Fragment {
  const [column, ...rest] = shape.columns;
  // Read from the index row instead of computed.
  const dated = { ...shape, columns: [{ ...column!, value: raw('s.low'), nullable: false }, ...rest] };
  const [up, beyond] = dated.columns[0]!.descending ? ['desc', '<'] : ['asc', '>'];
  const low = sql`${shape.place?.keys[0] ?? null}::timestamptz`;
  const after = shape.place
    ? sql` and (s.low ${raw(beyond)} ${low} or s.low = ${low} and s.resource > ${shape.place.id}::uuid)`
    : raw('');
  const first = sql`(select s.*, s.ctid as at from idx_date s where ${parameterIs('s', date)}${after}
    order by s.low ${raw(up)}, s.resource limit ${walkedRows(count, shape.limit)})`;
  const from = sql`${first} s join resource r on r.id = s.resource`;
  return ordered(dated, from, [isFirst(dated, date), matching], true);
}

/**
 * Whether the order is one that a walk along an index follows, and the criteria may leave many rows. Rows without a date
 * come after the walk and are not among its rows; nor is the way up by time, on which a later page begins elsewhere.
 */
export function mayWalk(tree: SearchTree, place: Place | null): boolean {
  if (tree.types?.length !== 1 || !tree.filters.every(leavesMany)) return false;
  if (tree.sort.every((key) => key.by === 'updated')) return place === null || isNewestFirst(tree);
  return tree.sort.length === 1 && place?.keys[0] !== null && datesWalked(tree) !== null;
}

/** Whether the order is that of a parameter, not of a column of the row itself. */
export const isDated = (tree: SearchTree): boolean => tree.sort.some((key) => typeof key.by !== 'string');

/** The order of a search that names none. */
const isNewestFirst = (tree: SearchTree): boolean =>
  tree.sort.length === 0 || (tree.sort.length === 1 && tree.sort[0]!.descending);

/** The matching rows with their sort keys beside them: as dear as there are matches. */
function computed(columns: readonly OrderColumn[], table: Fragment, matching: Fragment): Fragment {
  const keys = columns.map((column) => sql`${column.value} as ${raw(column.name)}`);
  return sql`(select ${ROW_COLUMNS}, ${join(keys, ', ')} from ${table} where ${matching}) r`;
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
 * Rows of now and versions of then in one order. Of a walk along the first rows (`full`) the versions of then are told
 * only if it fills the page: what it did not reach might come before them.
 */
function withThen({ columns, limit }: Shape, now: Fragment, then: Fragment, full: boolean): Fragment {
  const most = raw(String(limit));
  const both = full
    ? sql`with walked as materialized (${now}) (select * from walked)
        union all (select * from (${then}) c where (select count(*) from walked) = ${most})`
    : sql`(${now}) union all (${then})`;
  return sql`select * from (${both}) r order by ${orderByKeys(columns)} limit ${most}`;
}

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

/** Types that a county has few of: what points to one of them is many rows. */
const HUBS = new Set([
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'HealthcareService',
  'Group',
]);

/** Whether a criterion may leave many rows: not an id, an identifier, one resident's key. */
export function leavesMany(filter: Filter): boolean {
  switch (filter.kind) {
    case 'updated':
    case 'missing':
      return true;
    case 'test':
      if (filter.not) return true;
      if (filter.test.kind === 'composite') return false;
      if (filter.test.kind === 'token') return !filter.test.sensitive;
      if (filter.test.kind !== 'reference') return true;
      return filter.parameter.targets.length > 0 && filter.parameter.targets.every((type) => HUBS.has(type));
    case 'chain':
    case 'has':
      return leavesMany(filter.filter);
    case 'any':
      return filter.of.some(leavesMany);
    case 'id':
    case 'near':
    case 'member':
      return false;
    default:
      return assertNever(filter);
  }
}

/** Of several dates the lowest counts going up, the highest going down; the place in the table decides between equals. */
function isFirst(shape: Shape, date: Parameter): Fragment {
  const better = raw(shape.columns[0]!.descending ? '>' : '<');
  return sql`not exists (select 1 from idx_date o where o.entry = s.entry and ${parameterIs('o', date)}
    and (o.low, o.ctid) ${better} (s.low, s.at))`;
}
