// Runs a search as its reader: one statement, rows turned into a page with its links.
import { ok, RefusalError, type Result } from '@yimai/kit';
import { and, type Database, type Fragment, type Sql } from '@yimai/postgres';
import { Luck } from '../store/luck.ts';
import { type RawRow, toStoredRow } from '../store/rows.ts';
import type { Access, StoredRow } from '../types.ts';
import { type CompileOptions, compileMatches, compileSearch } from './compile.ts';
import { fewRows } from './few-rows.ts';
import { isLookup } from './lookup.ts';
import { type Ask, pastOf, type Rereading } from './moment.ts';
import { namedRows } from './named-rows.ts';
import { openPage, PAGE_PARAMETER, type PageState } from './page-link.ts';
import { type FoundRow, isMatch, pageOf, type SearchPage } from './page-of.ts';
import { COUNT_MAX, type ParseOptions, parseSearch } from './parse.ts';
import { no } from './refusals.ts';
import { predicate } from './sql-filters.ts';
import { isDated, mayWalk } from './sql-page.ts';
import type { Blind } from './sql-values.ts';
import type { SearchTree } from './tree.ts';
import { valueSetsOf } from './value-sets.ts';
import type { CodeOfSet } from './values.ts';

export type { SearchPage } from './page-of.ts';

/** What search is given from outside. */
export interface SearchHelpers extends Rereading {
  /** The blind index of a sensitive value. */
  readonly blind: Blind;
  expandValueSet?(url: string): readonly CodeOfSet[] | undefined;
  /** Addresses under which this record is known, each with a slash at its end. */
  readonly bases?: readonly string[];
}

export interface SearchDeps extends SearchHelpers {
  readonly database: Database;
}

export interface SearchOptions {
  readonly strict?: boolean;
  readonly compartment?: { readonly type: string; readonly id: string };
  /** Addresses under which this record is known to who asks, each with a slash at its end. */
  readonly bases?: readonly string[];
}

/** A page of matches as the reader may see them. */
export function runSearch(
  deps: SearchDeps,
  access: Access,
  type: string | null,
  query: URLSearchParams | string,
  options: SearchOptions = {},
): Promise<Result<SearchPage>> {
  const nearBy =
    (run: Run): NearOf =>
    async (tree, one) => {
      const ask: Ask = (statement) => run(statement, 'once');
      return (await fewRows(ask, deps.database, access, one)) ?? namedRows(ask, tree, deps.blind);
    };
  if (linkOf(query) === null) {
    const run: Run = (statement, plan) => deps.database.read(access.settings, statement, PLANS[plan]);
    return searchWith(run, deps, access, type, query, options, nearBy(run));
  }
  return deps.database.tx(access.settings, async (sql) => {
    await sql.text('set transaction isolation level repeatable read, read only');
    const run = oneByOne(sql);
    return searchWith(run, deps, access, type, query, options, nearBy(run));
  });
}

const linkOf = (query: URLSearchParams | string): string | null =>
  (typeof query === 'string' ? new URLSearchParams(query) : query).get(PAGE_PARAMETER);

/** Statements of one transaction, each under the settings of its plan. */
function oneByOne(sql: Sql): Run {
  return async (statement, plan) => {
    const kept = plan === 'kept' || plan === 'look-up';
    await sql.text(`set local plan_cache_mode = ${kept ? 'force_generic_plan' : 'auto'}`);
    if (plan === 'whole') await sql.text("set local work_mem = '256MB'");
    return sql.run(statement, { prepare: kept });
  };
}

/** The same within a transaction that is under way, so that it sees what was written in it. */
export function searchPageInTx(
  sql: Sql,
  access: Access,
  helpers: SearchHelpers,
  type: string | null,
  query: URLSearchParams | string,
  options: SearchOptions = {},
): Promise<Result<SearchPage>> {
  return searchWith((statement) => sql.run(statement, UNPREPARED), helpers, access, type, query, options);
}

/** How common a code is decides the plan, and a plan for the average code would be wrong. */
const UNPREPARED = { prepare: false } as const;

/** `kept`: the plan may be kept for the next search of this shape; `look-up`: and it finds few rows by key. */
const PLANS = {
  once: UNPREPARED,
  whole: { ...UNPREPARED, hashesSets: true },
  kept: { keepPlan: true },
  'look-up': { lookUp: true },
} as const;
type Run = <T = FoundRow>(statement: Fragment, plan: keyof typeof PLANS) => Promise<{ rows: T[] }>;

type Way = Pick<CompileOptions, 'near' | 'walk' | 'whole' | 'moment'>;

/** Keys of few rows among which all matches are, or null where none such are known. */
type NearOf = (tree: SearchTree, type: string) => Promise<Fragment | null>;

async function searchWith(
  run: Run,
  helpers: SearchHelpers,
  access: Access,
  type: string | null,
  query: URLSearchParams | string,
  options: SearchOptions,
  nearOf: NearOf | null = null,
): Promise<Result<SearchPage>> {
  const path = pathOf(type, options);
  const link = linkOf(query);
  const page = link === null ? null : openPage(link, path, helpers.blind);
  if (page && !page.ok) return page;
  const state = page?.value ?? null;
  const now = state ? new Date(state.now) : access.now;
  const asked = state?.query ?? query;
  const sets = await namedSets((statement) => run(statement, 'once'), helpers, access, asked);
  const tree = parseSearch(type, asked, { ...parseOptions(helpers, now, sets), ...options });
  if (!tree.ok) return tree;
  const ask = <T>(statement: Fragment) => run<T>(statement, 'once');
  const past = state && (await pastOf(ask, tree.value, access, state.moment, { ...helpers, ...options }));
  if (past && !past.ok) return past;
  const compiled = (way: Way) =>
    compileSearch(tree.value, access, {
      blind: helpers.blind,
      moment: state === null,
      ...way,
      total: tree.value.total !== 'none' && state === null,
      ...(state && past ? { place: state.place, past: past.value } : {}),
    });
  const rows = await found(run, tree.value, compiled, state, nearOf);
  return ok(pageOf(rows, tree.value, { path, now, state, blind: helpers.blind }));
}

/**
 * So many first rows of the order are looked at before the whole: a reader who sees half of them finds a page among the
 * first; one whose rows come late in the order, among ten thousand, which still cost less than all rows of a county. By
 * date many rows share an instant, and the newest may hold nothing that the reader sees: there a hundred thousand are tried.
 */
const WALKS = [300, 10_000] as const;
const DATED_WALKS = [...WALKS, 100_000] as const;
const walks = new Luck();

/**
 * A look-up by one thing; or of the few rows that the reader can see, or that bear the name; or among the first rows of
 * the order; or, if those do not fill the page, of all rows.
 */
async function found(
  run: Run,
  tree: SearchTree,
  compiled: (way: Way) => Fragment,
  state: PageState | null,
  nearOf: NearOf | null,
): Promise<FoundRow[]> {
  if (isLookup(tree) && state === null) {
    const { rows } = await run(compiled({ moment: false }), 'look-up');
    // One thing seldom fills a page: what the feed is like is asked when it does, of the same rows again.
    return rows.filter(isMatch).length <= tree.count ? rows : (await run(compiled({}), 'once')).rows;
  }
  if (isLookup(tree) || nearOf === null) return (await run(compiled({}), 'once')).rows;
  const near = tree.types?.length === 1 ? await nearOf(tree, tree.types[0]!) : null;
  if (near) return (await run(compiled({ near }), 'kept')).rows;
  if (tree.count > 0 && tree.total === 'none' && mayWalk(tree, state?.place ?? null)) {
    for (const first of isDated(tree) ? DATED_WALKS : WALKS) {
      const walk = compiled({ walk: first });
      const shape = walk.compile().text;
      if (!walks.worthTrying(shape)) continue;
      const { rows } = await run(walk, 'kept');
      const filled = rows.filter(isMatch).length > tree.count;
      walks.tried(shape, filled);
      if (filled) return rows;
    }
  }
  return (await run(compiled({ whole: true }), 'whole')).rows;
}

function pathOf(type: string | null, options: SearchOptions): string {
  const owner = options.compartment ? `${options.compartment.type}/${options.compartment.id}/` : '';
  return `${owner}${type ?? (options.compartment ? '*' : '')}`;
}

type ValueSets = ReadonlyMap<string, readonly CodeOfSet[]> | null;

function parseOptions(helpers: SearchHelpers, now: Date, sets: ValueSets = null): ParseOptions {
  return {
    now,
    bases: helpers.bases ?? [],
    expandValueSet: (url) => sets?.get(url) ?? helpers.expandValueSet?.(url),
  };
}

/** The value sets that the query names, read as the reader sees them. */
function namedSets(
  run: (statement: Fragment) => Promise<{ rows: FoundRow[] }>,
  helpers: SearchHelpers,
  access: Access,
  query: URLSearchParams | string,
): Promise<ValueSets> {
  return valueSetsOf(String(query), async (type, criterion) => {
    const tree = parseSearch(type, `${criterion}&_count=1`, parseOptions(helpers, access.now));
    if (!tree.ok) return null;
    const { rows } = await run(compileSearch(tree.value, access, { blind: helpers.blind }));
    const row = rows.find(({ mode }) => mode === 'match');
    return row ? toStoredRow(row) : null;
  });
}

/**
 * Inside a transaction: every match (up to 1000 unless `_count` says otherwise), then what comes along. A refusal is
 * thrown, so that the transaction rolls back.
 */
export async function searchInTx(
  sql: Sql,
  access: Access,
  helpers: SearchHelpers,
  type: string | null,
  query: URLSearchParams | string,
): Promise<StoredRow[]> {
  const asked = new URLSearchParams(query);
  if (!asked.has('_count')) asked.set('_count', String(COUNT_MAX));
  const sets = await namedSets((statement) => sql.run(statement, UNPREPARED), helpers, access, asked);
  const tree = parseSearch(type, asked, { ...parseOptions(helpers, access.now, sets), strict: true });
  if (!tree.ok) throw new RefusalError(tree.refusal);
  if (tree.value.count === 0) return [];
  const statement = compileSearch(tree.value, access, { blind: helpers.blind });
  const { rows } = await sql.run<FoundRow>(statement, UNPREPARED);
  const { matches, includes } = pageOf(rows, tree.value, {
    path: type ?? '',
    now: access.now,
    state: null,
    blind: helpers.blind,
  });
  return [...matches, ...includes];
}

/** The condition that a query's criteria put on rows `r` of a type. What would order or page them, or bring others, is refused. */
export async function criteriaOf(
  deps: SearchDeps,
  access: Access,
  type: string,
  query: string,
): Promise<Result<Fragment>> {
  const ask: Ask = (statement) => deps.database.read(access.settings, statement, UNPREPARED);
  const sets = await namedSets(ask, deps, access, query);
  const tree = parseSearch(type, query, { ...parseOptions(deps, access.now, sets), strict: true });
  if (!tree.ok) return tree;
  const { includes, sort, filters } = tree.value;
  if (includes.length > 0) return no('search-parameter-unsupported', '_include');
  if (sort.length > 0) return no('search-parameter-unsupported', '_sort');
  const context = { access, blind: deps.blind, each: true };
  return ok(and(filters.map((filter) => predicate(filter, 'r', context))));
}

/** At most two of the rows that match: none, the one, or too many. Criteria that say nothing are refused. */
export async function matchesForConditional(
  sql: Sql,
  access: Access,
  helpers: SearchHelpers,
  type: string,
  query: URLSearchParams | string,
): Promise<StoredRow[]> {
  const sets = await namedSets((statement) => sql.run(statement, UNPREPARED), helpers, access, query);
  const tree = parseSearch(type, query, { ...parseOptions(helpers, access.now, sets), strict: true });
  if (!tree.ok) throw new RefusalError(tree.refusal);
  if (tree.value.filters.length === 0)
    throw new RefusalError(
      no('search-value-invalid', 'query', {
        zh: '条件操作须给出检索条件',
        en: 'a conditional interaction needs a criterion',
      }).refusal,
    );
  const { rows } = await sql.run<RawRow>(compileMatches(tree.value, access, helpers.blind, 2));
  return rows.map(toStoredRow);
}
