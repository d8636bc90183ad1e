// Tells whether a name or a text asked for leaves few rows: then a search starts from those, instead of walking the order
// until it has met enough of them.
import { and, type Fragment, or, raw, sql } from '@yimai/postgres';
import type { Ask } from './moment.ts';
import { parameterIs } from './sql-filters.ts';
import { alternatives, type Blind } from './sql-values.ts';
import type { SearchTree } from './tree.ts';

/** Up to so many index rows are looked up one by one; where more match, a page is found soon along the order. */
const NAMED_MAX = 5000;

/** The keys of the rows that hold what is asked, or null: many of them, or nothing of the kind is asked. */
export async function namedRows(ask: Ask, tree: SearchTree, blind: Blind): Promise<Fragment | null> {
  for (const filter of tree.filters) {
    if (filter.kind !== 'test' || filter.not || filter.test.kind !== 'string') continue;
    const { test, parameter } = filter;
    const { rows } = await ask<{ resource: string }>(
      sql`select x.resource from idx_string x
        where ${and([parameterIs('x', parameter), or(alternatives(test, 'x', blind))])}
        limit ${raw(String(NAMED_MAX + 1))}`,
    );
    // A text anywhere in a name is looked for in every name: once, so the keys themselves are what is found.
    if (rows.length <= NAMED_MAX)
      return sql`select unnest(${[...new Set(rows.map((row) => row.resource))]}::uuid[])`;
  }
  return null;
}
