// Events that every loop has: claim, release, hand over, timers that went off, sub-loops that closed.
import { type No, refuse } from '@yimai/kit';
import type { WorkCalendar } from './calendar.ts';
import type { Loop } from './compile.ts';
import { extendDigest } from './digest.ts';
import { notYourTurn } from './may-act.ts';
import { isOwner, resolveParty } from './party.ts';
import { redatePositions } from './redate.ts';
import { spanText } from './span.ts';
import { type StepResult, stepDeclared } from './step.ts';
import {
  type Effect,
  type Instant,
  type LoopEvent,
  type LoopState,
  type Owner,
  type Position,
  SYSTEM,
} from './types.ts';

export function stepBuiltIn(
  loop: Loop,
  state: LoopState,
  event: LoopEvent,
  now: Instant,
  calendar: WorkCalendar,
): StepResult {
  switch (event.event) {
    case '$timer':
      return timerFired(loop, state, event, now, calendar);
    case '$child-closed':
      return childClosed(loop, state, event, now, calendar);
    case '$redate':
      return redate(loop, state, event, now, calendar);
    case '$claim':
    case '$release':
    case '$hand-over':
      return changeOwner(loop, state, event, now);
    default:
      return refuse(
        'event-unknown',
        { zh: `没有“${event.event}”这个操作`, en: `there is no event "${event.event}"` },
        { at: 'payload.event' },
      );
  }
}

function redate(
  loop: Loop,
  state: LoopState,
  event: LoopEvent,
  now: Instant,
  calendar: WorkCalendar,
): StepResult {
  if (event.actor.role !== 'system') return notYourTurn(event.event);
  const again = redatePositions(loop, state, now, calendar);
  if (!again.ok) return again;
  const { positions, effects } = again.value;
  return { ok: true, state: { ...touch(state, event, now), positions }, effects };
}

function changeOwner(loop: Loop, state: LoopState, event: LoopEvent, now: Instant): StepResult {
  if (state.closed !== null)
    return refuse('loop-closed', { zh: '流程已办结', en: 'the case is closed' }, { at: 'payload.event' });
  const owned = state.positions.filter((position) => position.owner !== null);
  const candidates = owned.filter(
    (position) => event.branch === undefined || position.branch === event.branch,
  );
  const position =
    candidates.length === 1 ? candidates[0]! : candidates.find((one) => mayTouch(loop, state, one, event));
  if (!position?.owner)
    return refuse(
      'branch-needed',
      { zh: '须指明是哪一支', en: 'say which branch is meant' },
      { at: 'payload.branch' },
    );
  if (!mayTouch(loop, state, position, event)) {
    const claimed = position.owner.person !== null && event.event !== '$release';
    return claimed
      ? refuse(
          'claimed-by-other',
          { zh: '已由他人认领', en: 'someone else has claimed this work' },
          { at: 'actingAs' },
        )
      : notYourTurn(event.event);
  }
  const person = newPerson(loop, state, position, event);
  if (typeof person === 'object' && person !== null) return person;
  const owner: Owner = { ...position.owner, person };
  const next = withPosition(touch(state, event, now), { ...position, owner });
  return {
    ok: true,
    state: next,
    effects: [{ kind: 'assign', branch: position.branch, state: position.state, owner, due: position.due }],
  };
}

/** Unclaimed work may be taken by anyone of the owning party; claimed work is touched only by its holder. */
function mayTouch(loop: Loop, state: LoopState, position: Position, event: LoopEvent): boolean {
  const owner = position.owner;
  if (!owner) return false;
  if (owner.person !== null) return owner.person === event.actor.person;
  return isOwner(resolveParty(loop, state, owner.party), event.actor);
}

function newPerson(loop: Loop, state: LoopState, position: Position, event: LoopEvent): string | null | No {
  if (event.event === '$claim') return event.actor.person;
  if (event.event === '$release') return resolveParty(loop, state, position.owner!.party).person;
  const to = event.answers?.['to'];
  if (typeof to !== 'string' || to === '') {
    return refuse(
      'field-missing',
      { zh: '须指明移交给谁', en: 'say to whom the work is handed' },
      { at: 'payload.answers.to' },
    );
  }
  if (event.reason === undefined || event.reason.trim() === '') {
    return refuse(
      'reason-missing',
      { zh: '移交须写明原因', en: 'handing over needs a reason' },
      { at: 'payload.reason' },
    );
  }
  return to;
}

/** Timer keys are `branch|entry|kind|index`; a timer of a stay that is over is stale and changes nothing. */
function timerFired(
  loop: Loop,
  state: LoopState,
  event: LoopEvent,
  now: Instant,
  calendar: WorkCalendar,
): StepResult {
  const key = event.answers?.['key'];
  const [branch, entry, kind, index] = typeof key === 'string' ? key.split('|') : [];
  const position = state.positions.find((one) => one.branch === branch && one.entry === Number(entry));
  const due = position && loop.states.get(position.state)?.due;
  if (!position || !due || position.due === null) {
    return refuse(
      'timer-stale',
      { zh: '该时点已不适用', en: 'the timer belongs to an earlier stay' },
      { at: 'payload.key' },
    );
  }
  const effects: Effect[] = [];
  const title = loop.states.get(position.state)!.declaration.title;
  if (kind === 'remind') {
    const left = spanText(due.remind[Number(index)] ?? due.deadline.span);
    tell(
      effects,
      position.owner,
      'remind',
      `“${title.zh}”还有 ${left.zh} 到期`,
      `"${title.en}" is due in ${left.en}`,
    );
    return { ok: true, state: touch(state, event, now), effects };
  }
  const step = kind === 'escalate' ? due.escalate[Number(index)] : undefined;
  if (step)
    tell(
      effects,
      resolveParty(loop, state, step.to),
      'escalate',
      `“${title.zh}”已逾期`,
      `"${title.en}" is overdue`,
    );
  else tell(effects, position.owner, 'overdue', `“${title.zh}”已逾期`, `"${title.en}" is overdue`);
  const escalated = step ? Number(index) + 1 : position.escalated;
  const marked = withPosition(touch(state, event, now), { ...position, escalated });
  const fires = step ? step.event : due.event;
  if (fires === null) return { ok: true, state: marked, effects };
  const moved = stepDeclared(
    loop,
    marked,
    { event: fires, actor: SYSTEM, branch: position.branch, reason: 'overdue' },
    now,
    calendar,
  );
  // What the declaration's guard keeps from moving stays where it is, late and told.
  return moved.ok
    ? { ...moved, effects: [...effects, ...moved.effects] }
    : { ok: true, state: marked, effects };
}

function tell(
  effects: Effect[],
  to: Owner | null,
  about: 'remind' | 'escalate' | 'overdue',
  zh: string,
  en: string,
): void {
  if (to) effects.push({ kind: 'notify', to, about, text: { zh, en } });
}

/** Sub-loops report their end; when the last has closed the transition `$children-done` is taken, if there is one. */
function childClosed(
  loop: Loop,
  state: LoopState,
  event: LoopEvent,
  now: Instant,
  calendar: WorkCalendar,
): StepResult {
  if (event.actor.role !== 'system') return notYourTurn(event.event);
  if (state.children.open === 0)
    return refuse('no-open-child', { zh: '没有未办结的子流程', en: 'no sub-loop is open' });
  const withResult = event.answers?.['withResult'] === true;
  const children = {
    open: state.children.open - 1,
    closed: state.children.closed + (withResult ? 1 : 0),
    withoutResult: state.children.withoutResult + (withResult ? 0 : 1),
  };
  const next = { ...touch(state, event, now), children };
  if (children.open > 0) return { ok: true, state: next, effects: [] };
  const done = stepDeclared(loop, next, { event: '$children-done', actor: SYSTEM }, now, calendar);
  return done.ok ? done : { ok: true, state: next, effects: [] };
}

/** Called by the runner when it has opened sub-loops for a case. */
export function withOpenedChildren(state: LoopState, opened: number): LoopState {
  return { ...state, children: { ...state.children, open: state.children.open + opened } };
}

function touch(state: LoopState, event: LoopEvent, now: Instant): LoopState {
  const seq = state.seq + 1;
  return { ...state, seq, digest: extendDigest(state.digest, seq, event.event, event.actor.person, now) };
}

function withPosition(state: LoopState, changed: Position): LoopState {
  const positions = state.positions.map((position) =>
    position.branch === changed.branch ? changed : position,
  );
  return { ...state, positions };
}
