// The rows beside a case's Task: work lists, time line and due times, written in one statement.
import type { Uuid } from '@yimai/kit';
import type { Actor, Effect, Loop, LoopState, Position } from '@yimai/loops';
import { type Fragment, join, raw, sql } from '@yimai/postgres';
import type { CaseHead, LastAct } from './case-task.ts';
import { outcomeOf } from './case-task.ts';

export interface CaseWrite {
  readonly loop: Loop;
  readonly head: CaseHead;
  /** Null when the case opens. */
  readonly before: LoopState | null;
  readonly state: LoopState;
  readonly effects: readonly Effect[];
  readonly act: LastAct;
  readonly actor: Actor;
  readonly at: Date;
  readonly command: Uuid | null;
}

const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** Ends the stays that are over, writes those that began or changed hands, the event, and the timers that came and went. */
export function caseRows(write: CaseWrite): Fragment {
  const [last, ...others] = [caseRow(write), eventRow(write), ...stayRows(write), ...timerRows(write)];
  const beside = others.map((one, at) => sql`${raw(`w${at}`)} as (${one})`);
  return sql`with ${join(beside, ', ')} ${last!}`;
}

function caseRow(write: CaseWrite): Fragment {
  const { head, state } = write;
  const outcome = outcomeOf(write.loop, state);
  const subject = head.subject ?? objectOf(write);
  if (write.before)
    return sql`update loop_case set seq = ${state.seq}, outcome = ${outcome}, closed_at = ${instant(state.closed)},
      subject = ${subject}, rating = ${state.rating} where id = ${head.id}`;
  return sql`insert into loop_case (id, loop, loop_version, seq, outcome, opened_at, closed_at, opener_org, opener_person,
      subject, parent, rating, title)
    values (${head.id}, ${state.loop}, ${state.version}, ${state.seq}, ${outcome}, ${instant(state.opened)},
      ${instant(state.closed)}, ${state.opener.organisation}, ${state.opener.person}, ${subject}, ${head.parent ?? null},
      ${state.rating}, ${`${write.loop.declaration.title.zh} ${head.number}`})`;
}

function eventRow({ head, state, act, actor, at, command }: CaseWrite): Fragment {
  return sql`insert into loop_event (case_id, seq, event, person, org, role, at, command, reason, response)
    values (${head.id}, ${state.seq}, ${act.event}, ${actor.person}, ${actor.organisation}, ${actor.role}, ${at},
      ${command}, ${act.reason ?? null}, ${act.response ?? null})`;
}

const entryOf = (stay: Position): string => `${stay.branch}|${stay.entry}`;

function stayRows(write: CaseWrite): Fragment[] {
  const { loop, head, state, at } = write;
  const open = (of: LoopState | null) =>
    (of?.positions ?? []).filter((stay) => loop.states.get(stay.state)?.declaration.kind === 'open');
  const was = new Map(open(write.before).map((stay) => [entryOf(stay), stay]));
  const stays = open(state);
  const lasting = new Set(stays.map(entryOf));
  const rows = stays.flatMap((stay): Fragment[] => {
    const before = was.get(entryOf(stay));
    if (!before) return [newStay(write, stay)];
    if (before.due !== stay.due || before.provisional !== stay.provisional)
      return [redatedStay(head.id, stay)];
    return sameHands(before, stay) ? [] : [handedStay(head.id, stay)];
  });
  if ([...was.keys()].every((entry) => lasting.has(entry))) return rows;
  const ended = sql`update loop_stay set until_at = ${at}::timestamptz where case_id = ${head.id} and until_at is null
    and not (branch || '|' || entry = any(${[...lasting]}::text[]))`;
  return [ended, ...rows];
}

function newStay({ head, state }: CaseWrite, stay: Position): Fragment {
  const { owner } = stay;
  return sql`insert into loop_stay (case_id, branch, entry, loop, state, since_at, due_at, owner_party, owner_roles,
      owner_org, owner_person, escalated, opener_org, provisional_year)
    values (${head.id}, ${stay.branch}, ${stay.entry}, ${state.loop}, ${stay.state}, ${instant(stay.since)},
      ${instant(stay.due)}, ${owner?.party ?? null}, ${[...(owner?.roles ?? [])]}, ${owner?.organisation ?? null},
      ${owner?.person ?? null}, ${stay.escalated}, ${state.opener.organisation}, ${stay.provisional?.year ?? null})`;
}

function redatedStay(id: string, { branch, entry, due, escalated, provisional }: Position): Fragment {
  return sql`update loop_stay set due_at = ${instant(due)}, escalated = ${escalated},
      provisional_year = ${provisional?.year ?? null}
    where case_id = ${id} and branch = ${branch} and entry = ${entry}`;
}

function handedStay(id: string, { branch, entry, owner, escalated }: Position): Fragment {
  return sql`update loop_stay set owner_party = ${owner?.party ?? null}, owner_roles = ${[...(owner?.roles ?? [])]},
      owner_org = ${owner?.organisation ?? null}, owner_person = ${owner?.person ?? null}, escalated = ${escalated}
    where case_id = ${id} and branch = ${branch} and entry = ${entry}`;
}

const sameHands = (one: Position, other: Position): boolean =>
  one.escalated === other.escalated && JSON.stringify(one.owner) === JSON.stringify(other.owner);

function timerRows(write: CaseWrite): Fragment[] {
  const { head, state, effects, act } = write;
  const timers = effects.flatMap((effect) => (effect.kind === 'schedule' ? [effect] : []));
  const ended = effects.flatMap((effect) => (effect.kind === 'cancel' ? [`${effect.prefix}%`] : []));
  const rows: Fragment[] = [];
  // Only a deadline counted again keeps its keys: its timers move, and those that fell away are deleted.
  const again = act.event === '$redate';
  if (ended.length > 0 || state.closed !== null)
    rows.push(sql`delete from due_time where target = ${head.id}
      ${again ? sql`and not (key = any(${timers.map((timer) => timer.key)}::text[]))` : sql``}
      and (key like any(${ended}::text[]) or ${state.closed !== null}::boolean)`);
  if (timers.length === 0) return rows;
  const mechanisms = timers.map((timer) =>
    onlyTells(write, timer.key, timer.timer) ? 'loop-notice' : 'loop',
  );
  rows.push(sql`insert into due_time (id, mechanism, at, target, key)
    select ${head.id} || '|' || t.key, t.mechanism, t.at, ${head.id}, t.key
    from unnest(${mechanisms}::text[], ${timers.map((timer) => timer.key)}::text[],
      ${timers.map((timer) => instant(timer.at))}::timestamptz[]) as t(mechanism, key, at)
    ${again ? sql`on conflict (id) do update set at = excluded.at` : sql``}`);
  return rows;
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
