// Writes a search tree as one SQL statement: the page of matches, what comes along with them, and the total.
import { and, empty, type Fragment, join, raw, sql } from '@yimai/postgres';
import { ROW_COLUMNS } from '../store/rows.ts';
import type { Access } from '../types.ts';
import { predicate, type SqlContext } from './sql-filters.ts';
import { includeStatements } from './sql-includes.ts';
import { isAfter, type OrderColumn, orderBy, orderColumns } from './sql-sort.ts';
import type { Blind } from './sql-values.ts';
import type { SearchTree } from './tree.ts';

/** Where a later page stands: when the first was made, and the last row seen. */
export interface Place {
  readonly moment: string;
  readonly keys: readonly (string | null)[];
  readonly id: string;
}

export interface CompileOptions {
  readonly blind: Blind;
  readonly place?: Place;
  /** Whether the total is wanted of this page. */
  readonly total?: boolean;
}

/**
 * Rows come out with `mode` `match`, `include` or `total`; matches in their order, one more than a page holds if there
 * is a next one, with their sort keys as texts in `keys`.
 */
export function compileSearch(
  tree: SearchTree,
  access: Pick<Access, 'readable'>,
  options: CompileOptions,
): Fragment {
  const context: SqlContext = { access, blind: options.blind };
  const matching = matchingRows(tree, context);
  const total = options.total ? countStatement(matching) : null;
  if (tree.count === 0) return countStatement(matching);
  const page = pageStatement(tree, access, matching, options.place);
  if (tree.includes.length === 0 && !total) return page;
  const includes = tree.includes.length === 0 ? null : includeStatements(tree, access, tree.count);
  return sql`with recursive page as materialized (${page})${includes ? includes.ctes : empty}
    select * from page
    ${includes ? sql`union all ${includes.rows}` : empty}
    ${total ? sql`union all ${total}` : empty}`;
}

/** The condition on row `r`: type, not deleted, the reader's predicate, every filter. */
export function matchingRows(tree: SearchTree, context: SqlContext): Fragment {
  const parts: Fragment[] = [];
  if (tree.types?.length === 1) parts.push(sql`r.type = ${tree.types[0]}`);
  else if (tree.types) parts.push(sql`r.type = any(${[...tree.types]}::text[])`);
  parts.push(raw('not r.deleted'), context.access.readable('r'));
  for (const filter of tree.filters) parts.push(predicate(filter, 'r', context));
  return and(parts);
}

function countStatement(matching: Fragment): Fragment {
  return sql`select 'total' as mode, count(*)::int as ord, null::text[] as keys, ${NO_ROW}
    from resource r where ${matching}`;
}

const NO_ROW = raw(
  'null::uuid as id, null::text as type, null::text as fhir_id, null::int as version, null::timestamptz as updated_at, ' +
    'null::boolean as deleted, null::text as kind, null::text[] as locks, null::uuid as org, null::uuid as patient, ' +
    'null::text as engine, null::text as content',
);

function pageStatement(
  tree: SearchTree,
  access: Pick<Access, 'readable'>,
  matching: Fragment,
  place: Place | undefined,
): Fragment {
  const columns = orderColumns(tree.sort);
  // The default order reads the index by time; nothing may stand between it and the table.
  const plain = tree.sort.every((key) => typeof key.by === 'string');
  const from = plain ? raw('resource r') : computed(columns, matching);
  const conditions = plain ? [matching] : [];
  if (place) conditions.push(sql`r.updated_at <= ${place.moment}::timestamptz`);
  const shape: Shape = { columns, plain, place, limit: tree.count + 1 };
  const rows = ordered(shape, from, conditions);
  const all = place && plain ? withChanged(shape, place, rows, matching, access) : rows;
  return sql`select 'match' as mode, row_number() over ()::int as ord, r.* from (${all}) r`;
}

interface Shape {
  readonly columns: readonly OrderColumn[];
  readonly plain: boolean;
  readonly place: Place | undefined;
  readonly limit: number;
}

function ordered(
  { columns, plain, place, limit }: Shape,
  from: Fragment,
  conditions: readonly Fragment[],
): Fragment {
  const texts = columns.map((column) => sql`${plain ? column.value : raw(`r.${column.name}`)}::text`);
  const where = place ? [...conditions, isAfter(columns, place, plain)] : conditions;
  return sql`select array[${join(texts, ', ')}] as keys, ${ROW_COLUMNS} from ${from}
    where ${and(where)} order by ${orderBy(columns, plain)} limit ${raw(String(limit))}`;
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
  const then = sql`(select ${raw('h.*')} from resource r cross join lateral (
      select ${THEN_COLUMNS} from history h where h.id = r.id and h.updated_at <= ${moment}::timestamptz
      order by h.version desc limit 1) h
    where ${matching} and r.updated_at > ${moment}::timestamptz) r`;
  const changed = ordered(shape, then, [raw('not r.deleted'), access.readable('r')]);
  return sql`select * from ((${rows}) union all (${changed})) r
    order by ${orderBy(shape.columns, true)} limit ${raw(String(shape.limit))}`;
}

const THEN_COLUMNS = raw(
  'h.id, h.type, h.fhir_id, h.version, h.updated_at, h.deleted, h.kind, h.locks, h.org, h.patient, h.engine, h.content',
);

/** The matching rows with their sort keys beside them. */
function computed(columns: readonly OrderColumn[], matching: Fragment): Fragment {
  const keys = columns.map((column) => sql`${column.value} as ${raw(column.name)}`);
  return sql`(select ${ROW_COLUMNS}, ${join(keys, ', ')} from resource r where ${matching}) r`;
}

/** At most `limit` rows in any order: what a conditional interaction asks. */
export function compileMatches(
  tree: SearchTree,
  access: Pick<Access, 'readable'>,
  blind: Blind,
  limit: number,
): Fragment {
  return sql`select ${ROW_COLUMNS} from resource r where ${matchingRows(tree, { access, blind })} limit ${raw(String(limit))}`;
}
