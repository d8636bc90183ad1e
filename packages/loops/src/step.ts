// The one pure step of every loop: (loop, state, event, now) gives the next state and effects as data, or a refusal.
import { type No, ok, type Result, refuse } from '@yimai/kit';
import { stepBuiltIn } from './built-in.ts';
import type { WorkCalendar } from './calendar.ts';
import { dateOfDay, dayOf } from './calendar.ts';
import type { CompiledTransition, Loop } from './compile.ts';
import { extendDigest } from './digest.ts';
import { runActions } from './effects.ts';
import { enter } from './enter.ts';
import { mayAct, needsReason, notYourTurn, timeBackwards } from './may-act.ts';
import { isParty } from './party.ts';
import { after } from './span.ts';
import { runSets, takeAnswers } from './take-answers.ts';
import type { Actor, CaseData, Effect, Instant, LoopEvent, LoopState, Places, Position } from './types.ts';

export type StepResult =
  | { readonly ok: true; readonly state: LoopState; readonly effects: readonly Effect[] }
  | No;

/** What expressions may read. */
export interface StepScope {
  readonly [name: string]: unknown;
  data: CaseData;
}

const NO_ANSWERS: CaseData = {};

/** Applies one event. Runs nothing: the runner stores the state and carries the effects out in one transaction. */
export function step(
  loop: Loop,
  state: LoopState,
  event: LoopEvent,
  now: Instant,
  calendar: WorkCalendar,
): StepResult {
  if (event.event.charCodeAt(0) === 36) return stepBuiltIn(loop, state, event, now, calendar);
  return stepDeclared(loop, state, event, now, calendar);
}

/** A declared transition; also used by timers and sub-loops that fire one as the system. */
export function stepDeclared(
  loop: Loop,
  state: LoopState,
  event: LoopEvent,
  now: Instant,
  calendar: WorkCalendar,
): StepResult {
  const found = findPosition(loop, state, event);
  if (!found.ok) return found;
  const { position, choices } = found.value;
  if (now < position.since) return timeBackwards();
  const scope = scopeOf(state, event, choices, now);
  const transition = choose(choices, scope);
  if (!transition)
    return guardFailed('no-way-on', {
      zh: '当前条件下没有可走的去向',
      en: 'no transition fits the present data',
    });
  const refused = mayAct(loop, state, position, transition, event.actor) ?? needsReason(transition, event);
  if (refused) return refused;
  const taken = takeAnswers(loop, state.data, transition, event.answers ?? NO_ANSWERS);
  if (!taken.ok) return taken;
  scope.data = taken.value;
  const blocked = firstGuard(transition, scope);
  if (blocked) return blocked;
  if (transition.kind === 'reopen') {
    const late = tooLateToReopen(state, transition, now, calendar);
    if (late) return late;
  }
  return apply(loop, state, position, transition, event, scope, now, calendar);
}

function apply(
  loop: Loop,
  state: LoopState,
  position: Position,
  transition: CompiledTransition,
  event: LoopEvent,
  scope: StepScope,
  now: Instant,
  calendar: WorkCalendar,
): StepResult {
  const data = runSets(transition, scope);
  scope.data = data;
  const rating = rate(loop, transition, scope, state.rating);
  if (rating !== null && typeof rating !== 'number') return rating;
  const seq = state.seq + 1;
  const next: LoopState = {
    loop: state.loop,
    version: state.version,
    seq,
    digest: extendDigest(state.digest, seq, event.event, event.actor.person, now),
    positions: state.positions,
    opened: state.opened,
    closed: transition.kind === 'reopen' ? null : state.closed,
    opener: state.opener,
    places: state.places,
    data,
    returns: transition.kind === 'return' ? state.returns + 1 : state.returns,
    reopened: transition.kind === 'reopen' ? state.reopened + 1 : state.reopened,
    children: state.children,
    rating,
  };
  const effects: Effect[] = [];
  const moved =
    transition.to === null ? ok(next) : enter(loop, next, position, transition.to, now, calendar, effects);
  if (!moved.ok) return moved;
  runActions(loop, moved.value, transition.actions, scope, effects);
  return { ok: true, state: moved.value, effects };
}

/** Opens a case: the opening's rules are those of a transition into the initial state. */
export function initialState(
  loop: Loop,
  opening: { readonly actor: Actor; readonly places: Places; readonly answers?: CaseData },
  now: Instant,
  calendar: WorkCalendar,
): StepResult {
  const blank: LoopState = {
    loop: loop.declaration.id,
    version: loop.declaration.version,
    seq: 0,
    digest: '',
    positions: [],
    opened: now,
    closed: null,
    opener: opening.actor,
    places: opening.places,
    data: loop.defaults,
    returns: 0,
    reopened: 0,
    children: { open: 0, closed: 0, withoutResult: 0 },
    rating: null,
  };
  const transition = loop.opening;
  if (!transition.by.some((party) => isParty(loop, blank, party, opening.actor)))
    return notYourTurn(transition.event);
  const event: LoopEvent = { event: 'open', actor: opening.actor, answers: opening.answers ?? NO_ANSWERS };
  const scope = scopeOf(blank, event, [transition], now);
  const taken = takeAnswers(loop, blank.data, transition, opening.answers ?? NO_ANSWERS);
  if (!taken.ok) return taken;
  scope.data = taken.value;
  const blocked = firstGuard(transition, scope);
  if (blocked) return blocked;
  const position: Position = {
    branch: 'main',
    state: '',
    entry: 0,
    since: now,
    due: null,
    escalated: 0,
    owner: null,
  };
  return apply(loop, blank, position, transition, event, scope, now, calendar);
}

interface Found {
  readonly position: Position;
  readonly choices: readonly CompiledTransition[];
}

/** The branch in which the event is known here; an event of the state that holds the branches acts on the whole case. */
function findPosition(loop: Loop, state: LoopState, event: LoopEvent): Result<Found> {
  let found: Found | undefined;
  for (const position of state.positions) {
    if (event.branch !== undefined && event.branch !== position.branch) continue;
    const choices = loop.states.get(position.state)?.events.get(event.event);
    if (!choices) continue;
    if (found) {
      return refuse(
        'branch-needed',
        { zh: '有多个并行分支，须指明是哪一支', en: 'say which branch is meant' },
        { at: 'payload.branch' },
      );
    }
    found = { position, choices };
  }
  if (found) return ok(found);
  const first = state.positions[0];
  const home = first && loop.branchHome.get(first.branch);
  const whole = home === undefined ? undefined : loop.states.get(home)?.events.get(event.event);
  if (first && whole) return ok({ position: first, choices: whole });
  return notHere(loop, state, event);
}

function notHere(loop: Loop, state: LoopState, event: LoopEvent): No {
  if (!loop.eventNames.has(event.event)) {
    return refuse(
      'event-unknown',
      { zh: `没有“${event.event}”这个操作`, en: `there is no event "${event.event}"` },
      { at: 'payload.event' },
    );
  }
  if (state.closed !== null)
    return refuse('loop-closed', { zh: '流程已办结', en: 'the case is closed' }, { at: 'payload.event' });
  const here = state.positions.map((position) => loop.states.get(position.state)?.declaration.title);
  return refuse(
    'event-not-here',
    {
      zh: `当前环节（${here.map((title) => title?.zh).join('、')}）不能做“${event.event}”`,
      en: `"${event.event}" cannot be done at ${here.map((title) => title?.en).join(', ')}`,
    },
    { at: 'payload.event' },
  );
}

export function scopeOf(
  state: LoopState,
  event: LoopEvent,
  choices: readonly CompiledTransition[],
  now: Instant,
): StepScope {
  let today: string | null = null;
  for (const choice of choices) if (choice.usesToday) today = dateOfDay(dayOf(now));
  return {
    data: state.data,
    answers: event.answers ?? NO_ANSWERS,
    actor: event.actor,
    opener: state.opener,
    children: state.children,
    returns: state.returns,
    reopened: state.reopened,
    rating: state.rating,
    reason: event.reason ?? null,
    today,
  };
}

function choose(choices: readonly CompiledTransition[], scope: StepScope): CompiledTransition | undefined {
  for (const choice of choices) if (choice.when === null || choice.when.run(scope) === true) return choice;
  return undefined;
}

function firstGuard(transition: CompiledTransition, scope: StepScope): No | undefined {
  for (const guard of transition.guards) {
    if (guard.expr.run(scope) !== true) return guardFailed(guard.code, guard.otherwise);
  }
  return undefined;
}

function guardFailed(code: string, otherwise: { readonly zh: string; readonly en: string }): No {
  return refuse(code, otherwise, { at: 'payload.event' });
}

function rate(
  loop: Loop,
  transition: CompiledTransition,
  scope: StepScope,
  before: number | null,
): number | null | No {
  const declared = loop.declaration.rating;
  if (!loop.rating || !declared || transition.kind !== 'rate') return before;
  const value = loop.rating.run(scope);
  if (value === null) return before;
  if (typeof value === 'number' && value >= declared.least && value <= declared.most) return value;
  return refuse(
    'rating-out-of-range',
    {
      zh: `评分应在 ${declared.least} 至 ${declared.most} 之间`,
      en: `a rating is between ${declared.least} and ${declared.most}`,
    },
    { at: 'payload.answers' },
  );
}

function tooLateToReopen(
  state: LoopState,
  transition: CompiledTransition,
  now: Instant,
  calendar: WorkCalendar,
): No | undefined {
  if (transition.within === null || state.closed === null) return undefined;
  const last = after(state.closed, transition.within, calendar);
  if (!last.ok) return last;
  if (now <= last.value) return undefined;
  return refuse(
    'reopen-too-late',
    { zh: '已过可重开的期限', en: 'the time to re-open has passed' },
    { at: 'payload.event' },
  );
}
