// The rows beside a case's Task: work lists, time line and due times, written in one statement.
import type { Uuid } from '@yimai/kit';
import type { Actor, Effect, Loop, LoopState } from '@yimai/loops';
import { type Fragment, sql } from '@yimai/postgres';
import type { CaseHead, LastAct } from './case-task.ts';
import { outcomeOf } from './case-task.ts';

export interface CaseWrite {
  readonly loop: Loop;
  readonly head: CaseHead;
  readonly state: LoopState;
  readonly effects: readonly Effect[];
  readonly act: LastAct;
  readonly actor: Actor;
  readonly at: Date;
  readonly command: Uuid | null;
}

const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** Ends the stays that are over, writes those that last, the event, and the timers that came and went. */
export function caseRows(write: CaseWrite): Fragment {
  const { head, state, act, actor, at } = write;
  const stays = state.positions.filter(
    (position) => write.loop.states.get(position.state)?.declaration.kind === 'open',
  );
  const timers = write.effects.flatMap((effect) => (effect.kind === 'schedule' ? [effect] : []));
  const mechanisms = timers.map((timer) =>
    onlyTells(write, timer.key, timer.timer) ? 'loop-notice' : 'loop',
  );
  const ended = write.effects.flatMap((effect) => (effect.kind === 'cancel' ? [`${effect.prefix}%`] : []));
  const entries = stays.map((stay) => `${stay.branch}|${stay.entry}`);
  return sql`with
    c as (insert into loop_case (id, loop, loop_version, seq, outcome, opened_at, closed_at, opener_org, opener_person,
        subject, parent, rating, title)
      values (${head.id}, ${state.loop}, ${state.version}, ${state.seq}, ${outcomeOf(write.loop, state)},
        ${instant(state.opened)}, ${instant(state.closed)}, ${state.opener.organisation}, ${state.opener.person},
        ${head.subject ?? objectOf(write)}, ${head.parent ?? null}, ${state.rating}, ${`${write.loop.declaration.title.zh} ${head.number}`})
      on conflict (id) do update set seq = excluded.seq, outcome = excluded.outcome, closed_at = excluded.closed_at,
        subject = excluded.subject, rating = excluded.rating),
    e as (insert into loop_event (case_id, seq, event, person, org, role, at, command, reason, response)
      values (${head.id}, ${state.seq}, ${act.event}, ${actor.person}, ${actor.organisation}, ${actor.role}, ${at},
        ${write.command}, ${act.reason ?? null}, ${act.response ?? null})),
    ended as (update loop_stay set until_at = ${at}::timestamptz where case_id = ${head.id} and until_at is null
      and not (branch || '|' || entry = any(${entries}::text[]))),
    lasting as (insert into loop_stay (case_id, branch, entry, loop, state, since_at, due_at, owner_party, owner_roles,
        owner_org, owner_person, escalated, opener_org)
      select ${head.id}, s.branch, s.entry, ${state.loop}, s.state, s.since_at, s.due_at, s.party,
        string_to_array(s.roles, ','), s.org, s.person, s.escalated, ${state.opener.organisation}
      from unnest(${stays.map((stay) => stay.branch)}::text[], ${stays.map((stay) => stay.entry)}::int[],
        ${stays.map((stay) => stay.state)}::text[], ${stays.map((stay) => instant(stay.since))}::timestamptz[],
        ${stays.map((stay) => instant(stay.due))}::timestamptz[], ${stays.map((stay) => stay.owner?.party ?? null)}::text[],
        ${stays.map((stay) => stay.owner?.roles.join(',') ?? '')}::text[],
        ${stays.map((stay) => stay.owner?.organisation ?? null)}::text[],
        ${stays.map((stay) => stay.owner?.person ?? null)}::text[], ${stays.map((stay) => stay.escalated)}::int[])
        as s(branch, entry, state, since_at, due_at, party, roles, org, person, escalated)
      on conflict (case_id, branch, entry) do update set owner_party = excluded.owner_party,
        owner_roles = excluded.owner_roles, owner_org = excluded.owner_org, owner_person = excluded.owner_person,
        escalated = excluded.escalated),
    gone as (delete from due_time where target = ${head.id}
      and (key like any(${ended}::text[]) or ${state.closed !== null}::boolean))
    insert into due_time (id, mechanism, at, target, key)
      select ${head.id} || '|' || t.key, t.mechanism, t.at, ${head.id}, t.key
      from unnest(${mechanisms}::text[], ${timers.map((timer) => timer.key)}::text[], ${timers.map((timer) => instant(timer.at))}::timestamptz[])
        as t(mechanism, key, at)`;
}

/** The key of the object's file that the case is about, where the loop keeps it in a field `object`. */
function objectOf({ loop, state }: CaseWrite): string | null {
  const object = state.data['object'];
  return loop.declaration.fields['object']?.type === 'text' && typeof object === 'string' && object !== ''
    ? object
    : null;
}

/** A reminder, or a deadline that fires no transition: it tells its owner and changes nothing in the case. */
function onlyTells(write: CaseWrite, key: string, timer: string): boolean {
  if (timer === 'remind') return true;
  if (timer !== 'due') return false;
  const [branch, entry] = key.split('|');
  const position = write.state.positions.find((one) => one.branch === branch && one.entry === Number(entry));
  return position !== undefined && write.loop.states.get(position.state)?.due?.event === null;
}
