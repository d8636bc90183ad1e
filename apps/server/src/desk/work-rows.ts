// Which cases stand in a work list: rows of the engine's lists by owner, opener and loop. They hold no person data; what
// a row shows beyond its number is read from its Task under the reader's access (work-items.ts).
import type { WorkQuery } from '@yimai/desk/contract';
import type { Actor } from '@yimai/loops';
import { and, type Database, type Fragment, join, or, sql } from '@yimai/postgres';

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

export const COUNT_MAX = 999;

/** Work given to the person, or to the role at the organisation. */
const waitsForMe = (
  actor: Actor,
): Fragment => sql`(s.owner_person = ${actor.person} or (s.owner_person is null
  and (s.owner_org = ${actor.organisation} or s.owner_org is null)
  and (cardinality(s.owner_roles) = 0 or ${actor.role} = any(s.owner_roles))))`;

/**
 * The same in parts, each of which an index gives in the order of the list: what is mine by name, what waits at my office,
 * what waits for my role anywhere. Nothing is in two of them.
 */
function partsOf(actor: Actor, tab: WorkQuery['tab']): readonly Fragment[] {
  const { organisation, person, role } = actor;
  const forRole = sql`s.owner_person is null and (cardinality(s.owner_roles) = 0 or ${role} = any(s.owner_roles))`;
  switch (tab) {
    case 'mine':
      return [
        sql`s.owner_person = ${person}`,
        sql`s.owner_org = ${organisation} and ${forRole}`,
        sql`s.owner_org is null and ${forRole}`,
      ];
    case 'office':
      return [sql`s.owner_org = ${organisation}`];
    case 'waiting-for':
      return [sql`s.opener_org = ${organisation} and ${waitsForMe(actor)} is not true`];
    case 'closed':
      return [
        sql`(c.opener_org = ${organisation} or exists (select 1 from loop_stay o where o.case_id = c.id
        and (o.owner_org = ${organisation} or o.owner_person = ${person})))`,
      ];
  }
}

/** Without whose it is: the parts say that. */
function conditions(query: RowQuery, now: Date): Fragment[] {
  const parts: Fragment[] = [query.tab === 'closed' ? sql`c.outcome <> 'open'` : sql`s.until_at is null`];
  if (query.state) parts.push(sql`s.state = ${query.state}`);
  if (query.late) parts.push(sql`s.due_at < ${now}::timestamptz`);
  if (query.text) {
    parts.push(sql`(${calledBy(query.text)} or c.subject = any(${[...(query.subjects ?? [])]}::text[]))`);
  }
  return parts;
}

/** By loop and number as they are said, "考核聘用 2026-00001": every part stands in the title. */
function calledBy(text: string): Fragment {
  const parts = text.toLowerCase().match(/\p{Script=Han}+|[^\s\p{Script=Han}]+/gu) ?? [];
  return and(parts.map((part) => sql`position(${part}::text in lower(c.title)) > 0`));
}

const from = (tab: WorkQuery['tab']): Fragment =>
  tab === 'closed'
    ? sql`loop_case c left join lateral (select null::text as branch, null::timestamptz as since_at,
        null::timestamptz as due_at, null::text as state, c.id as case_id, c.loop) s on true`
    : sql`loop_stay s join loop_case c on c.id = s.case_id`;

interface Key {
  /** Null: among those without a deadline. */
  readonly at: string | null;
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
  const kept = conditions(query, now);
  if (query.loop) kept.push(sql`c.loop = ${query.loop}`);
  const order = orderOf(query);
  const after = query.cursor ? readCursor(query.cursor) : null;
  const select = (
    whose: Fragment,
    beyond: Fragment,
  ): Fragment => sql`(select c.id as case_id, c.loop, s.branch,
      s.since_at, s.due_at, ${order.by} as sorted from ${from(query.tab)} where ${and([whose, ...kept, beyond])}
      order by ${order.by} ${order.way}, ${order.id} ${order.way} limit ${count + 1})`;
  const pieces = partsOf(actor, query.tab).flatMap((whose) =>
    order.pieces(after).map((beyond) => select(whose, beyond)),
  );
  const { rows } = await database.run<
    CaseRow & { sorted: Date | string | null }
  >(sql`select * from (${join(pieces, ' union all ')}) w
    order by w.sorted ${order.way} nulls last, w.case_id ${order.way} limit ${count + 1}`);
  const page = rows.slice(0, count);
  const last = page.at(-1);
  const next =
    rows.length > count && last ? writeCursor({ at: asText(last.sorted), id: last.case_id }) : null;
  return { rows: page, next };
}

interface Order {
  readonly by: Fragment;
  readonly id: Fragment;
  readonly way: Fragment;
  /** What comes after the cursor, in pieces that an index finds each by itself. */
  readonly pieces: (after: Key | null) => readonly Fragment[];
}

const EVERYTHING = sql`true`;

function orderOf(query: WorkQuery): Order {
  const up = { way: sql`asc`, id: sql`s.case_id` };
  if (query.tab === 'closed')
    return {
      by: sql`c.closed_at`,
      id: sql`c.id`,
      way: sql`desc`,
      pieces: (after) => [
        after ? sql`(c.closed_at, c.id) < (${after.at}::timestamptz, ${after.id})` : EVERYTHING,
      ],
    };
  if (query.sort === 'age')
    return {
      ...up,
      by: sql`s.since_at`,
      pieces: (after) => [
        after ? sql`(s.since_at, s.case_id) > (${after.at}::timestamptz, ${after.id})` : EVERYTHING,
      ],
    };
  // Cases of one loop are numbered in the order of their ids.
  if (query.sort === 'number')
    return {
      ...up,
      by: sql`s.loop`,
      pieces: (after) => [after ? sql`(s.loop, s.case_id) > (${after.at}::text, ${after.id})` : EVERYTHING],
    };
  return {
    ...up,
    by: sql`s.due_at`,
    pieces(after) {
      if (!after) return [EVERYTHING];
      const withoutDue = sql`s.due_at is null`;
      if (after.at === null) return [sql`${withoutDue} and s.case_id > ${after.id}`];
      return [sql`(s.due_at, s.case_id) > (${after.at}::timestamptz, ${after.id})`, withoutDue];
    },
  };
}

const asText = (value: Date | string | null): string | null =>
  value instanceof Date ? value.toISOString() : value;
const writeCursor = (key: Key): string => Buffer.from(JSON.stringify(key)).toString('base64url');

function readCursor(text: string): Key | null {
  try {
    const key = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Key>;
    const at = key.at === null || typeof key.at === 'string' ? key.at : undefined;
    return at !== undefined && typeof key.id === 'string' ? { at, id: key.id } : null;
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

/** The case itself is read only where a condition speaks of it. */
const counted = (query: RowQuery): Fragment =>
  query.text || query.tab === 'closed' ? from(query.tab) : sql`loop_stay s`;

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
    from (select s.loop, s.due_at from ${counted(query)} where ${and([
      or(partsOf(actor, query.tab)),
      ...conditions(query, now),
    ])} limit ${20_000}) w group by w.loop order by late desc, open desc, w.loop`);
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
    from loop_case c where ${calledBy(text)}
    order by c.opened_at desc, c.id limit ${count}`);
  return rows;
}

/** What cases are called by, without who they are about. */
export async function spokenCases(
  database: Database,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly loop: string; readonly number: string }[]> {
  if (ids.length === 0) return [];
  const { rows } = await database.run<{ id: string; loop: string; number: string }>(sql`select id, loop,
      coalesce(substring(title from '[0-9]{4}-[0-9]+$'), '') as number
    from loop_case where id = any(${[...ids]}::text[])`);
  return rows;
}
