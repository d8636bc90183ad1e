// Tells whether a reader can see few rows of a type at all: then a search looks those up and asks its criteria of them,
// instead of walking a county's rows for the few that are open.
import { type Database, type Fragment, raw, sql } from '@yimai/postgres';
import type { Access } from '../types.ts';
import type { Ask } from './moment.ts';

/** Up to so many rows are looked up one by one. */
const FEW = 3000;
const REMEMBERED_MS = 30_000;
const REMEMBERED_MAX = 2000;

interface Known {
  readonly at: number;
  readonly few: boolean;
}
const known = new WeakMap<Database, Map<string, Known>>();

/** The keys to start from, or null: many rows, or no index that leads to them. An old answer costs time, nothing else. */
export async function fewRows(
  ask: Ask,
  database: Database,
  access: Access,
  type: string,
): Promise<Fragment | null> {
  const keys = access.candidates?.(type) ?? null;
  if (keys === null) return null;
  const answers = known.get(database) ?? new Map<string, Known>();
  known.set(database, answers);
  const { text, params } = keys.compile();
  const who = JSON.stringify([text, params]);
  const at = performance.now();
  const found = answers.get(who);
  if (found && at - found.at < REMEMBERED_MS) return found.few ? keys : null;
  const { rows } = await ask<{ count: number }>(
    sql`select count(*)::int as count from (select c.id from (${keys}) c limit ${raw(String(FEW + 1))}) c`,
  );
  const few = rows[0]!.count <= FEW;
  if (answers.size >= REMEMBERED_MAX) answers.clear();
  answers.set(who, { at, few });
  return few ? keys : null;
}
