// What people read: work lists, what they wait for, the time line of a case, figures of a loop, register pages.

import type { Task } from '@medplum/fhirtypes';
import { ok, type Result, refuse } from '@yimai/kit';
import {
  type Actor,
  type AvailableEvent,
  availableEvents,
  type LoopFigures,
  type LoopState,
  loopFigures,
} from '@yimai/loops';
import { and, type Database, type Fragment, join, sql } from '@yimai/postgres';
import { stateOf } from './case-task.ts';
import { loopVersion, type RuntimeContext } from './context.ts';

export interface WorkItem {
  readonly case: string;
  readonly title: string;
  readonly loop: string;
  readonly state: string;
  readonly branch: string;
  readonly since: Date;
  readonly due: Date | null;
  readonly late: boolean;
  readonly ownerOrg: string | null;
  readonly ownerPerson: string | null;
  readonly subject: string | null;
  readonly escalated: number;
}

export interface WorkFilter {
  readonly loop?: string;
  readonly state?: string;
  readonly late?: boolean;
  readonly mine?: boolean;
  /** Keyset: the last row of the page before. */
  readonly after?: { readonly due: Date | null; readonly case: string };
  readonly limit: number;
}

interface Row {
  case_id: string;
  title: string;
  loop: string;
  state: string;
  branch: string;
  since_at: Date;
  due_at: Date | null;
  owner_org: string | null;
  owner_person: string | null;
  subject: string | null;
  escalated: number;
}

/** Work that waits for this actor: given to the person, or to the role at the organisation; the nearest deadline first. */
export async function workList(
  database: Database,
  actor: Actor,
  now: Date,
  filter: WorkFilter,
): Promise<WorkItem[]> {
  const mayDo = sql`s.owner_person is null and (cardinality(s.owner_roles) = 0 or ${actor.role} = any(s.owner_roles))`;
  const whose = filter.mine
    ? [sql`s.owner_person = ${actor.person}`]
    : [
        sql`s.owner_person = ${actor.person}`,
        sql`s.owner_org = ${actor.organisation} and ${mayDo}`,
        sql`s.owner_org is null and ${mayDo}`,
      ];
  const rest = and([sql`s.until_at is null`, ...conditionsOf(filter, now)]);
  // Each way of being mine has an index in the order of the list, so each gives its first page without sorting.
  const pages = whose.map(
    (mine) =>
      sql`(select s.* from loop_stay s where ${mine} and ${rest} order by s.due_at, s.case_id limit ${filter.limit})`,
  );
  const { rows } =
    await database.run<Row>(sql`select s.case_id, c.title, s.loop, s.state, s.branch, s.since_at, s.due_at,
      s.owner_org, s.owner_person, c.subject, s.escalated
    from (${join(pages, ' union all ')}) s join loop_case c on c.id = s.case_id
    order by s.due_at, s.case_id limit ${filter.limit}`);
  return rows.map((row) => toItem(row, now));
}

/** Stays without a deadline come last, so they follow every page that ended at one with a deadline. */
function conditionsOf(filter: WorkFilter, now: Date): Fragment[] {
  const parts: Fragment[] = [];
  if (filter.loop !== undefined) parts.push(sql`s.loop = ${filter.loop}`);
  if (filter.state !== undefined) parts.push(sql`s.state = ${filter.state}`);
  if (filter.late) parts.push(sql`s.due_at < ${now}`);
  if (filter.after?.due === null) parts.push(sql`s.due_at is null and s.case_id > ${filter.after.case}`);
  else if (filter.after) {
    const { due, case: last } = filter.after;
    parts.push(sql`s.due_at is null or s.due_at > ${due} or (s.due_at = ${due} and s.case_id > ${last})`);
  }
  return parts;
}

/** What this organisation has opened and still waits for. */
export async function waitingFor(
  database: Database,
  organisation: string,
  now: Date,
  limit: number,
): Promise<WorkItem[]> {
  const { rows } =
    await database.run<Row>(sql`select s.case_id, c.title, s.loop, s.state, s.branch, s.since_at, s.due_at,
      s.owner_org, s.owner_person, c.subject, s.escalated
    from loop_stay s join loop_case c on c.id = s.case_id
    where s.opener_org = ${organisation} and s.until_at is null
    order by s.due_at, s.case_id limit ${limit}`);
  return rows.map((row) => toItem(row, now));
}

function toItem(row: Row, now: Date): WorkItem {
  return {
    case: row.case_id,
    title: row.title,
    loop: row.loop,
    state: row.state,
    branch: row.branch,
    since: row.since_at,
    due: row.due_at,
    late: row.due_at !== null && row.due_at < now,
    ownerOrg: row.owner_org,
    ownerPerson: row.owner_person,
    subject: row.subject,
    escalated: row.escalated,
  };
}

export interface TimelineEntry {
  readonly seq: number;
  readonly event: string;
  readonly person: string;
  readonly org: string;
  readonly role: string;
  readonly at: Date;
  readonly reason: string | null;
  readonly response: string | null;
}

export async function timeline(database: Database, caseId: string): Promise<TimelineEntry[]> {
  const { rows } =
    await database.run<TimelineEntry>(sql`select seq, event, person, org, role, at, reason, response
    from loop_event where case_id = ${caseId} order by seq`);
  return rows;
}

export interface CaseView {
  readonly state: LoopState;
  readonly acts: readonly AvailableEvent[];
}

/** The case page's centre: where it stands and what this actor may do next. The Task was read under the actor's access. */
export function caseView(context: RuntimeContext, task: Task, actor: Actor, now: Date): Result<CaseView> {
  const isCase = task.extension?.some((one) => one.url.endsWith('/loop-state'));
  if (!isCase)
    return refuse('case-unknown', { zh: '这不是流程任务', en: 'this Task is not a case of a loop' });
  const state = stateOf(task);
  const loop = loopVersion(context, state.loop, state.version);
  if (!loop.ok) return loop;
  return ok({ state, acts: availableEvents(loop.value, state, actor, now.getTime()) });
}

/** Figures of a loop over the cases opened in a period; both days belong to it. */
export async function figuresOf(
  database: Database,
  loop: string,
  from: Date,
  to: Date,
  now: Date,
): Promise<LoopFigures> {
  const cases = await database.run<{
    id: string;
    outcome: 'open' | 'closed' | 'closed-without-result';
    rating: number | null;
  }>(
    sql`select id, outcome, rating from loop_case where loop = ${loop} and opened_at >= ${from} and opened_at <= ${to}`,
  );
  const stays = await database.run<{
    case_id: string;
    state: string;
    owner: string | null;
    since_at: Date;
    until_at: Date | null;
    due_at: Date | null;
  }>(
    sql`select s.case_id, s.state, coalesce(s.owner_person, s.owner_org) as owner, s.since_at, s.until_at, s.due_at
      from loop_stay s join loop_case c on c.id = s.case_id
      where c.loop = ${loop} and c.opened_at >= ${from} and c.opened_at <= ${to}`,
  );
  return loopFigures(
    cases.rows.map((row) => ({ caseId: row.id, outcome: row.outcome, rating: row.rating })),
    stays.rows.map((row) => ({
      caseId: row.case_id,
      state: row.state,
      owner: row.owner,
      since: row.since_at.getTime(),
      until: row.until_at?.getTime() ?? null,
      due: row.due_at?.getTime() ?? null,
    })),
    now.getTime(),
  );
}
