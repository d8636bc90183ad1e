// Writes a search tree as one SQL statement: the page of matches, what comes along with them, and the total.
import { and, empty, type Fragment, join, raw, sql } from '@yimai/postgres';
import { ROW_COLUMNS } from '../store/rows.ts';
import type { Access } from '../types.ts';
import { momentKeys } from './moment.ts';
import { predicate, type SqlContext } from './sql-filters.ts';
import { includeStatements } from './sql-includes.ts';
import { leavesMany, type Place, pageRows } from './sql-page.ts';
import { type Past, thenTables, unchanged, type World } from './sql-then.ts';
import type { Blind } from './sql-values.ts';
import type { SearchTree } from './tree.ts';

export interface CompileOptions {
  readonly blind: Blind;
  readonly place?: Place;
  /** Keys of all rows that the reader could see, where they are few: the statement starts from them. */
  readonly near?: Fragment | null;
  /** Only so many first rows of the order are asked; if they do not fill the page, nothing is said of the rest. */
  readonly walk?: number;
  /** Asked of all rows, with room in memory for the sets of keys that the reader's predicate names. */
  readonly whole?: boolean;
  /** Whether the total is wanted of this page. */
  readonly total?: boolean;
  /** On a later page, what was written since the first. */
  readonly past?: Past | null;
  /** Whether to say, if there is a next page, what this one saw of the change feed. */
  readonly moment?: boolean;
}

/**
 * Rows come out with `mode` `match`, `include`, `total` or `moment`; matches in their order, one more than a page holds if
 * there is a next one, with their sort keys as texts in `keys`.
 */
export function compileSearch(
  tree: SearchTree,
  access: Pick<Access, 'readable' | 'readableOfMany'>,
  options: CompileOptions,
): Fragment {
  const near = options.near ?? null;
  const { walk } = options;
  const past = options.past ?? null;
  const each = walk !== undefined || near !== null;
  const whole = options.whole ?? false;
  const context: SqlContext = { access, blind: options.blind, each, whole, past };
  const open = matchingRows(tree, context, readableRows(tree, access, whole));
  const matching = near ? and([sql`r.id = any(array(${near}))`, open]) : open;
  if (tree.count === 0) return countStatement(matching);
  const way = near ? 'few' : walk === undefined ? 'all' : { first: walk };
  const later = past !== null && past.rows.length > 0;
  const then = later ? matchingRows(tree, { ...context, each: false }, access.readable('r'), 'then') : null;
  const rows = pageRows(tree, { now: matching, then }, options.place, way);
  const page = sql`select 'match' as mode, row_number() over ()::int as ord, r.* from (${rows}) r`;
  const tables = later ? thenTables(past, access) : null;
  const beside: Fragment[] = [];
  const includes = tree.includes.length === 0 ? null : includeStatements(tree, access, tree.count);
  if (includes) beside.push(includes.rows);
  if (options.total) beside.push(countStatement(matching));
  if (options.moment) beside.push(momentStatement(tree));
  if (beside.length === 0) return tables ? sql`with ${tables} ${page}` : page;
  return sql`with recursive ${tables ? sql`${tables}, ` : empty}page as materialized (${page})${includes ? includes.ctes : empty}
    select * from page union all ${join(beside, ' union all ')}`;
}

function momentStatement(tree: SearchTree): Fragment {
  return sql`select 'moment' as mode, null::int as ord, ${momentKeys(tree)} as keys, ${NO_ROW}
    from sequencer s where s.one and (select count(*) from page) > ${raw(String(tree.count))}`;
}

/** The reader's predicate on row `r`: as sets where wide criteria leave every row of a type, else by key. */
function readableRows(
  tree: SearchTree,
  access: Pick<Access, 'readable' | 'readableOfMany'>,
  whole: boolean,
): Fragment {
  const many = whole && tree.filters.every(leavesMany) ? access.readableOfMany?.('r') : undefined;
  return many ?? access.readable('r');
}

/** The condition on row `r`: type, not deleted, the reader's predicate, every filter. */
function matchingRows(
  tree: SearchTree,
  context: SqlContext,
  readable: Fragment = context.access.readable('r'),
  world: World = 'now',
): Fragment {
  const parts: Fragment[] = [];
  if (tree.types?.length === 1) parts.push(sql`r.type = ${tree.types[0]}`);
  else if (tree.types) parts.push(sql`r.type = any(${[...tree.types]}::text[])`);
  parts.push(raw('not r.deleted'), readable);
  if (context.past && world === 'now') parts.push(unchanged('r', context.past));
  for (const filter of tree.filters) parts.push(predicate(filter, 'r', context, 1, world));
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

/** At most `limit` rows in any order: what a conditional interaction asks. */
export function compileMatches(
  tree: SearchTree,
  access: Pick<Access, 'readable'>,
  blind: Blind,
  limit: number,
): Fragment {
  return sql`select ${ROW_COLUMNS} from resource r where ${matchingRows(tree, { access, blind })} limit ${raw(String(limit))}`;
}
