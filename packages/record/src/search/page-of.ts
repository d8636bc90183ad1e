// Turns the rows of a statement into a page: matches in their order, what comes along, the total, the link to the next.
import type { Refusal } from '@yimai/kit';
import { type RawRow, toStoredRow } from '../store/rows.ts';
import type { StoredRow } from '../types.ts';
import { type Moment, momentOf } from './moment.ts';
import { PAGE_PARAMETER, type PageState, sealPage } from './page-link.ts';
import { no } from './refusals.ts';
import { INCLUDES_MAX } from './sql-includes.ts';
import type { Blind } from './sql-values.ts';
import type { Projection, SearchTree } from './tree.ts';

export interface SearchPage {
  readonly matches: readonly StoredRow[];
  readonly includes: readonly StoredRow[];
  readonly total?: number;
  /** Relative to the address of the FHIR interface. */
  readonly self: string;
  readonly next?: string;
  /** What was left out or cut off: entries with `search.mode` `outcome`. */
  readonly warnings: readonly Refusal[];
  readonly projection: Projection;
}

export const isMatch = (row: FoundRow): boolean => row.mode === 'match';

export interface FoundRow extends RawRow {
  mode: 'match' | 'include' | 'total' | 'moment';
  ord: number | null;
  keys: (string | null)[] | null;
}

export function pageOf(
  rows: readonly FoundRow[],
  tree: SearchTree,
  about: { path: string; now: Date; state: PageState | null; blind: Blind },
): SearchPage {
  const found = rows.filter(isMatch).sort((a, b) => (a.ord ?? 0) - (b.ord ?? 0));
  const shown = found.slice(0, tree.count);
  const includes = rows.filter((row) => row.mode === 'include').map(toStoredRow);
  const counted = rows.find((row) => row.mode === 'total')?.ord ?? about.state?.total ?? null;
  const last = shown.at(-1);
  const more = found.length > shown.length && last !== undefined;
  const feed = rows.find((row) => row.mode === 'moment')?.keys;
  const moment = about.state?.moment ?? (feed ? momentOf(feed, about.now, shown) : null);
  const state = (row: FoundRow, since: Moment): PageState => ({
    path: about.path,
    query: tree.self,
    now: about.now.toISOString(),
    total: counted,
    moment: since,
    place: { keys: row.keys ?? [], id: row.id },
  });
  return {
    matches: shown.map(toStoredRow),
    includes: includes.slice(0, INCLUDES_MAX),
    ...(counted === null ? {} : { total: counted }),
    self: linkTo(about.path, tree.self),
    ...(more && moment
      ? { next: `${about.path}?${PAGE_PARAMETER}=${sealPage(state(last, moment), about.blind)}` }
      : {}),
    warnings: includes.length > INCLUDES_MAX ? [...tree.omitted, CUT_OFF] : tree.omitted,
    projection: tree.projection,
  };
}

const CUT_OFF: Refusal = no('search-too-long', '_include', {
  zh: `附带资源超过 ${INCLUDES_MAX} 个，只给出其中一部分`,
  en: `more than ${INCLUDES_MAX} resources come along; only some of them are given`,
}).refusal;

const linkTo = (path: string, query: string): string => (query === '' ? path : `${path}?${query}`);
