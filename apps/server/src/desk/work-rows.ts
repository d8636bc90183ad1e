// Which cases stand in a work list: rows of the engine's lists by owner, opener and loop. They hold no person data; what
// a row shows beyond its number is read from its Task under the reader's access (work-items.ts).
import type { WorkQuery } from '@yimai/desk/contract';
import type { Actor } from '@yimai/loops';
import { and, type Database, type Fragment, sql } from '@yimai/postgres';

/** What is asked, with the people whose name fits the text, as far as the reader may see them. */
export interface RowQuery extends WorkQuery {
  readonly subjects?: readonly string[];
}

export interface CaseRow {
  readonly case_id: string;
  readonly loop: string;
  readonly branch: string | null;
  readonly since_at: Date | null;
  readonly due_at: Date | null;
}

const FAR = new Date('9999-01-01T00:00:00Z');
export const COUNT_MAX = 999;

/** Work given to the person, or to the role at the organisation. */
const waitsForMe = (
  actor: Actor,
): Fragment => sql`(s.owner_person = ${actor.person} or (s.owner_person is null
  and (s.owner_org = ${actor.organisation} or s.owner_org is null)
  and (cardinality(s.owner_roles) = 0 or ${actor.role} = any(s.owner_roles))))`;

function whose(actor: Actor, tab: WorkQuery['tab']): Fragment {
  const { organisation } = actor;
  switch (tab) {
    case 'mine':
      return waitsForMe(actor);
    case 'office':
      return sql`s.owner_org = ${organisation}`;
    case 'waiting-for':
      return sql`c.opener_org = ${organisation} and ${waitsForMe(actor)} is not true`;
    case 'closed':
      return sql`(c.opener_org = ${organisation} or exists (select 1 from loop_stay o where o.case_id = c.id
        and (o.owner_org = ${organisation} or o.owner_person = ${actor.person})))`;
  }
}

function conditions(actor: Actor, query: RowQuery, now: Date): Fragment[] {
  const parts: Fragment[] = [whose(actor, query.tab)];
  if (query.tab === 'closed') parts.push(sql`c.outcome <> 'open'`);
  else parts.push(sql`s.until_at is null`);
  if (query.state) parts.push(sql`s.state = ${query.state}`);
  if (query.late) parts.push(sql`s.due_at < ${now}::timestamptz`);
  if (query.text) {
    parts.push(sql`(position(lower(${query.text}::text) in lower(c.title)) > 0
      or c.subject = any(${[...(query.subjects ?? [])]}::text[]))`);
  }
  return parts;
}

const from = (tab: WorkQuery['tab']): Fragment =>
  tab === 'closed'
    ? sql`loop_case c left join lateral (select null::text as branch, null::timestamptz as since_at,
        null::timestamptz as due_at, null::text as state) s on true`
    : sql`loop_stay s join loop_case c on c.id = s.case_id`;

interface Key {
  readonly at: string;
  readonly id: string;
}

/** One page by keyset: the cursor is the last row's sorting value and case. */
export async function workRows(
  database: Database,
  actor: Actor,
  query: RowQuery,
  now: Date,
  count: number,
): Promise<{ rows: CaseRow[]; next: string | null }> {
  const parts = conditions(actor, query, now);
  if (query.loop) parts.push(sql`c.loop = ${query.loop}`);
  const order = orderOf(query);
  const after = query.cursor ? readCursor(query.cursor) : null;
  if (after) parts.push(sql`(${order.by}, c.id) ${order.beyond} (${order.typed(after.at)}, ${after.id})`);
  const { rows } = await database.run<
    CaseRow & { sorted: Date | string }
  >(sql`select c.id as case_id, c.loop, s.branch,
      s.since_at, s.due_at, ${order.by} as sorted
    from ${from(query.tab)} where ${and(parts)} order by ${order.by} ${order.way}, c.id ${order.way} limit ${count + 1}`);
  const page = rows.slice(0, count);
  const last = page.at(-1);
  const next =
    rows.length > count && last ? writeCursor({ at: asText(last.sorted), id: last.case_id }) : null;
  return { rows: page, next };
}

interface Order {
  readonly by: Fragment;
  readonly way: Fragment;
  readonly beyond: Fragment;
  readonly typed: (at: string) => Fragment;
}

function orderOf(query: WorkQuery): Order {
  const time = (at: string) => sql`${at}::timestamptz`;
  const up = { way: sql`asc`, beyond: sql`>`, typed: time };
  if (query.tab === 'closed') return { by: sql`c.closed_at`, way: sql`desc`, beyond: sql`<`, typed: time };
  if (query.sort === 'age') return { ...up, by: sql`s.since_at` };
  if (query.sort === 'number') return { ...up, by: sql`c.title`, typed: (at) => sql`${at}::text` };
  return { ...up, by: sql`coalesce(s.due_at, ${FAR}::timestamptz)` };
}

const asText = (value: Date | string): string => (value instanceof Date ? value.toISOString() : value);
const writeCursor = (key: Key): string => Buffer.from(JSON.stringify(key)).toString('base64url');

function readCursor(text: string): Key | null {
  try {
    const key = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Key>;
    return typeof key.at === 'string' && typeof key.id === 'string' ? { at: key.at, id: key.id } : null;
  } catch {
    return null;
  }
}

export interface LoopCount {
  readonly loop: string;
  readonly open: number;
  readonly late: number;
  readonly soon: number;
}

/** Counts by loop in a tab, each at most one above what is shown exactly. */
export async function countByLoop(
  database: Database,
  actor: Actor,
  query: RowQuery,
  now: Date,
): Promise<LoopCount[]> {
  const soon = new Date(now.getTime() + 24 * 3_600_000);
  const { rows } = await database.run<LoopCount>(sql`select w.loop, count(*)::int as open,
      (count(*) filter (where w.due_at < ${now}::timestamptz))::int as late,
      (count(*) filter (where w.due_at >= ${now}::timestamptz and w.due_at < ${soon}::timestamptz))::int as soon
    from (select c.loop, s.due_at from ${from(query.tab)} where ${and(conditions(actor, query, now))}
      limit ${20_000}) w group by w.loop order by late desc, open desc, w.loop`);
  return rows;
}

/** All cases about a person, place or thing, newest first. */
export async function casesAbout(database: Database, subject: string, count = 30): Promise<CaseRow[]> {
  const { rows } = await database.run<CaseRow>(sql`select c.id as case_id, c.loop, null::text as branch,
      null::timestamptz as since_at, null::timestamptz as due_at
    from loop_case c where c.subject = ${subject} order by c.opened_at desc, c.id limit ${count}`);
  return rows;
}

/** Sub-cases and the parent of a case. */
export async function casesAround(database: Database, id: string, parent: string | null): Promise<CaseRow[]> {
  const { rows } = await database.run<CaseRow>(sql`select c.id as case_id, c.loop, null::text as branch,
      null::timestamptz as since_at, null::timestamptz as due_at
    from loop_case c where c.parent = ${id} or c.id = ${parent ?? ''} order by c.opened_at, c.id limit 30`);
  return rows;
}

/** Cases by a part of their number. */
export async function casesNumbered(database: Database, text: string, count: number): Promise<CaseRow[]> {
  const { rows } = await database.run<CaseRow>(sql`select c.id as case_id, c.loop, null::text as branch,
      null::timestamptz as since_at, null::timestamptz as due_at
    from loop_case c where position(lower(${text}::text) in lower(c.title)) > 0
    order by c.opened_at desc, c.id limit ${count}`);
  return rows;
}
