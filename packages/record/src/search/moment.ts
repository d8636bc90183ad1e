// Holds the later pages of a search to what its first page saw: finds what was written since, and reads the versions of then.
import { extractIndexRows, type IndexRows, parseResourceText, withOwnReferences } from '@yimai/fhir';
import { must, ok, type Result } from '@yimai/kit';
import { type Fragment, raw, sql } from '@yimai/postgres';
import type { Access, Resource } from '../types.ts';
import { no } from './refusals.ts';
import type { Past, ThenRow } from './sql-then.ts';
import type { Filter, SearchTree } from './tree.ts';

/** The writes that a page saw. Times do not tell: who writes takes the time before the row can be seen. */
export interface Moment {
  /** The last number of the change feed. */
  readonly seq: number;
  /** Transactions that had no number yet, 32 digits each. */
  readonly unnumbered: string;
  /** Nothing that it saw was written after this instant. */
  readonly until: string;
}

/** A mark in a link that a browser still takes: so many transactions under way are told from later ones. */
const UNNUMBERED_MAX = 200;
/** Rows of one moment carry times that lie apart by what a statement takes, or by what two clocks do. */
const SLACK_MS = 30_000;
/** Versions of then whose index rows are made again for one page; where more was changed, the search is asked anew. */
const REREAD_MAX = 5000;
const AT_A_STRETCH = 250;

/** The columns `keys` of a row that says what the statement sees of the feed. */
export function momentKeys(tree: SearchTree): Fragment {
  return sql`array[s.change_seq::text] || array(select replace(t.tx::text, '-', '')
    from (select distinct p.tx from change_pending p where ${ofTypes('p', typesTouched(tree))}) t
    limit ${raw(String(UNNUMBERED_MAX))})`;
}

export function momentOf(
  keys: readonly (string | null)[],
  now: Date,
  shown: readonly { readonly updated_at: Date }[],
): Moment {
  const [seq, ...unnumbered] = keys;
  const latest = Math.max(now.getTime(), ...shown.map((row) => row.updated_at.getTime()));
  return {
    seq: Number(seq),
    unnumbered: unnumbered.join(''),
    until: new Date(latest + SLACK_MS).toISOString(),
  };
}

/** A question planned for the values at hand. */
export type Ask = <T>(statement: Fragment) => Promise<{ rows: T[] }>;

/** What must be known of a version of then. */
export interface Rereading {
  blind(value: string): string;
  openFields(content: string, clear: boolean): string;
  readonly bases?: readonly string[];
}

interface Written {
  id: string;
  version: number;
  early: boolean;
  shown: boolean;
}

/**
 * What was written since, of the types that the search touches. It holds as long as nothing else comes in between: the
 * page is asked of the same snapshot.
 */
export async function pastOf(
  ask: Ask,
  tree: SearchTree,
  access: Pick<Access, 'readable'>,
  moment: Moment,
  rereading: Rereading,
): Promise<Result<Past>> {
  const { rows: written } = await ask<Written>(writtenSince(typesTouched(tree), access, moment));
  const late = written.filter((row) => row.early).map((row) => row.id);
  const rows = written
    .filter((row) => row.shown)
    .map(({ id, version }, at): ThenRow => ({ id, version, entry: at + 1 }));
  const params = paramsAsked(tree);
  if (params.size > 0 && rows.length > REREAD_MAX) return no('search-page-invalid', '_page');
  const index = params.size === 0 ? [] : await indexOfThen(ask, rows, access, params, rereading);
  return ok({ until: moment.until, late, rows, index, blind: rereading.blind });
}

/**
 * Of each resource the first change that the page did not see; `shown` if the version before it and the present one may be
 * seen. A row written for the first time matters only where its time does not tell that it is later.
 */
function writtenSince(
  types: readonly string[] | null,
  access: Pick<Access, 'readable'>,
  { seq, unnumbered, until }: Moment,
): Fragment {
  const seen = unnumbered.match(/.{32}/g) ?? [];
  const unseen = (alias: string) =>
    sql`${ofTypes(alias, types)} and ${raw(alias)}.tx <> all(${[...seen]}::uuid[])`;
  return sql`select w.id, w.version - 1 as version, w.early, h.id is not null as shown
    from (select c.resource as id, min(c.version) as version, min(c.recorded_at) <= ${until}::timestamptz as early from (
        select n.resource, n.version, n.recorded_at from change n where n.seq > ${seq}::bigint and ${unseen('n')}
        union all
        select p.resource, p.version, p.recorded_at from change_pending p where ${unseen('p')}) c
      group by c.resource) w
    left join lateral (select h.id from history h join resource r on r.id = h.id
      where h.id = w.id and h.version = w.version - 1 and not h.deleted
      and (${access.readable('h')}) and (${access.readable('r')}) offset 0) h on true
    where w.early or h.id is not null`;
}

const ofTypes = (alias: string, types: readonly string[] | null): Fragment =>
  types === null ? raw('true') : sql`${raw(alias)}.type = any(${[...types]}::text[])`;

/** Index rows of versions whose own are gone, as far as the search asks for them. */
async function indexOfThen(
  ask: Ask,
  rows: readonly ThenRow[],
  access: Pick<Access, 'readable'>,
  params: ReadonlySet<number>,
  rereading: Rereading,
): Promise<Past['index']> {
  const index: { readonly row: ThenRow; readonly rows: IndexRows }[] = [];
  for (let from = 0; from < rows.length; from += AT_A_STRETCH) {
    const some = rows.slice(from, from + AT_A_STRETCH);
    const { rows: found } = await ask<{ id: string; content: string }>(
      sql`select h.id, h.content from unnest(${some.map((row) => row.id)}::uuid[],
          ${some.map((row) => row.version)}::int[]) n(id, version)
        join history h on h.id = n.id and h.version = n.version where ${access.readable('h')}`,
    );
    const contents = new Map(found.map(({ id, content }) => [id, content]));
    for (const row of some) {
      const content = contents.get(row.id);
      if (content !== undefined) index.push({ row, rows: asked(indexRowsOf(content, rereading), params) });
    }
  }
  return index;
}

function indexRowsOf(content: string, { openFields, bases = [] }: Rereading): IndexRows {
  const text = openFields(content, true);
  const written = must(parseResourceText(text)).resource as unknown as Resource;
  const resource = bases
    .filter((base) => text.includes(base))
    .reduce((one, base) => withOwnReferences(one, base.replace(/\/$/, '')), written);
  return extractIndexRows(resource);
}

function asked(rows: IndexRows, params: ReadonlySet<number>): IndexRows {
  const wanted = <T extends { readonly param: number }>(all: readonly T[]) =>
    all.filter(({ param }) => params.has(param));
  return {
    tokens: wanted(rows.tokens),
    strings: wanted(rows.strings),
    dates: wanted(rows.dates),
    references: wanted(rows.references),
    quantities: wanted(rows.quantities),
  };
}

/** The types whose writes can change the answer; null: all. */
function typesTouched(tree: SearchTree): readonly string[] | null {
  return tree.types && [...new Set([...tree.types, ...tree.filters.flatMap(typesBehind)])];
}

function typesBehind(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'chain':
    case 'has':
      return [filter.type, ...typesBehind(filter.filter)];
    case 'any':
      return filter.of.flatMap(typesBehind);
    case 'member':
      return ['List'];
    default:
      return [];
  }
}

function paramsAsked(tree: SearchTree): ReadonlySet<number> {
  const sorted = tree.sort.flatMap(({ by }) => (typeof by === 'string' ? [] : by.ids));
  return new Set([...sorted, ...tree.filters.flatMap(paramsOf)]);
}

function paramsOf(filter: Filter): readonly number[] {
  switch (filter.kind) {
    case 'test': {
      const { test, parameter } = filter;
      return test.kind === 'composite'
        ? test.ways.flatMap((way) => way.parts.flatMap((part) => part.ids))
        : parameter.ids;
    }
    case 'missing':
      return filter.ways.flatMap((parts) => parts.flatMap((part) => part.ids));
    case 'chain':
    case 'has':
      return [...filter.via.ids, ...paramsOf(filter.filter)];
    case 'member':
      return filter.via.ids;
    case 'any':
      return filter.of.flatMap(paramsOf);
    default:
      return [];
  }
}
