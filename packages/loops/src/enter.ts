// Entering a state: who owns it now, until when, which timers run, which branches begin or join.
import { ok, type Result, refuse } from '@yimai/kit';
import { dayOfDate, startOfDay, type WorkCalendar } from './calendar.ts';
import type { CompiledState, Loop } from './compile.ts';
import { resolveParty } from './party.ts';
import { after, before, deadlineOf, leansOn } from './span.ts';
import type { Effect, Instant, LoopState, Position, Provisional } from './types.ts';

export const timerPrefix = (position: { branch: string; entry: number }): string =>
  `${position.branch}|${position.entry}|`;

/** Moves `from` to the state `to`; branches begin, join and end here. */
export function enter(
  loop: Loop,
  state: LoopState,
  from: Position,
  to: string,
  now: Instant,
  calendar: WorkCalendar,
  effects: Effect[],
): Result<LoopState> {
  const target = loop.states.get(to);
  if (!target) return refuse('state-unknown', { zh: `没有“${to}”状态`, en: `there is no state "${to}"` });
  const home = loop.branchHome.get(from.branch);
  const staysInBranch = home !== undefined && branchHolds(loop, home, to);
  if (target.declaration.kind === 'branch-end' && staysInBranch) {
    return endBranch(loop, state, from, target, now, calendar, effects);
  }
  const leaving = staysInBranch ? [from] : state.positions;
  for (const position of leaving) cancelTimers(position, effects);
  if (target.declaration.kind === 'closed' || target.declaration.kind === 'closed-without-result') {
    return ok(closeCase(state, target, now, effects));
  }
  if (target.branches.length > 0) return beginBranches(loop, state, target, now, calendar, effects);
  const placed = place(loop, state, staysInBranch ? from.branch : 'main', target, now, calendar, effects);
  if (!placed.ok) return placed;
  const positions = staysInBranch
    ? state.positions.map((position) => (position.branch === from.branch ? placed.value : position))
    : [placed.value];
  return ok({ ...state, positions });
}

/** A state belongs to the branches of `home` when it can be reached from a branch start without leaving them. */
function branchHolds(loop: Loop, home: string, to: string): boolean {
  const holder = loop.states.get(home);
  if (!holder) return false;
  return branchStates(loop, holder).has(to);
}

const branchCache = new WeakMap<CompiledState, ReadonlySet<string>>();

export function branchStates(loop: Loop, holder: CompiledState): ReadonlySet<string> {
  const cached = branchCache.get(holder);
  if (cached) return cached;
  const inside = new Set<string>();
  const queue = holder.branches.map(([, start]) => start);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (inside.has(name) || name === holder.declaration.join || name === holder.name) continue;
    const state = loop.states.get(name);
    if (!state || state.declaration.kind.startsWith('closed')) continue;
    inside.add(name);
    for (const choices of state.events.values())
      for (const { to } of choices) if (to !== null) queue.push(to);
  }
  branchCache.set(holder, inside);
  return inside;
}

function beginBranches(
  loop: Loop,
  state: LoopState,
  holder: CompiledState,
  now: Instant,
  calendar: WorkCalendar,
  effects: Effect[],
): Result<LoopState> {
  const positions: Position[] = [];
  for (const [branch, start] of holder.branches) {
    const target = loop.states.get(start);
    if (!target)
      return refuse('state-unknown', { zh: `没有“${start}”状态`, en: `there is no state "${start}"` });
    const placed = place(loop, state, branch, target, now, calendar, effects);
    if (!placed.ok) return placed;
    positions.push(placed.value);
  }
  return ok({ ...state, positions });
}

function endBranch(
  loop: Loop,
  state: LoopState,
  from: Position,
  target: CompiledState,
  now: Instant,
  calendar: WorkCalendar,
  effects: Effect[],
): Result<LoopState> {
  const holder = loop.states.get(loop.branchHome.get(from.branch) ?? '');
  if (!holder?.declaration.join)
    return refuse('state-unknown', { zh: '分支没有汇合处', en: 'the branch has nowhere to join' });
  const ended: Position = {
    branch: from.branch,
    state: target.name,
    entry: state.seq,
    since: now,
    due: null,
    escalated: 0,
    owner: null,
  };
  const positions = state.positions.map((position) => (position.branch === from.branch ? ended : position));
  const done = positions.filter(
    (position) => loop.states.get(position.state)?.declaration.kind === 'branch-end',
  ).length;
  if (done < holder.need) {
    cancelTimers(from, effects);
    return ok({ ...state, positions });
  }
  return enter(
    loop,
    { ...state, positions: state.positions },
    { ...from, branch: 'main' },
    holder.declaration.join,
    now,
    calendar,
    effects,
  );
}

export function closeCase(
  state: LoopState,
  target: CompiledState,
  now: Instant,
  effects: Effect[],
): LoopState {
  effects.push({ kind: 'closed', withResult: target.declaration.kind === 'closed' });
  const position: Position = {
    branch: 'main',
    state: target.name,
    entry: state.seq,
    since: now,
    due: null,
    escalated: 0,
    owner: null,
  };
  return { ...state, positions: [position], closed: now };
}

function cancelTimers(position: Position, effects: Effect[]): void {
  if (position.due !== null) effects.push({ kind: 'cancel', prefix: timerPrefix(position) });
}

function place(
  loop: Loop,
  state: LoopState,
  branch: string,
  target: CompiledState,
  now: Instant,
  calendar: WorkCalendar,
  effects: Effect[],
): Result<Position> {
  const due = dueOf(state, target, now, calendar);
  if (!due.ok) return due;
  const owner = target.declaration.owner ? resolveParty(loop, state, target.declaration.owner) : null;
  const position: Position = {
    branch,
    state: target.name,
    entry: state.seq,
    since: now,
    due: due.value.at,
    escalated: 0,
    owner,
    ...provisionalOf(target, due.value, calendar),
  };
  if (owner) effects.push({ kind: 'assign', branch, state: target.name, owner, due: due.value.at });
  if (due.value.at !== null) {
    const timers = schedule(target, position, due.value.at, now, calendar, effects);
    if (!timers.ok) return timers;
  }
  return ok(position);
}

/** A deadline, and from when it was counted. */
interface Counted {
  readonly from: Instant;
  readonly at: Instant | null;
}

export function provisionalOf(
  target: CompiledState,
  { from, at }: Counted,
  calendar: WorkCalendar,
): { readonly provisional?: Provisional } {
  if (at === null || !target.due) return {};
  const year = leansOn(target.due.deadline, from, at, calendar);
  return year === undefined ? {} : { provisional: { from, year } };
}

function dueOf(
  state: LoopState,
  target: CompiledState,
  now: Instant,
  calendar: WorkCalendar,
): Result<Counted> {
  const due = target.due;
  if (!due) return ok({ from: now, at: null });
  if (due.fromField === null) {
    const end = deadlineOf(due.deadline, now, calendar);
    return end.ok ? ok({ from: now, at: end.value }) : end;
  }
  const date = state.data[due.fromField];
  if (typeof date !== 'string') {
    return refuse(
      'deadline-date-missing',
      { zh: '计算期限所用的日期未填', en: 'the date from which the deadline runs is empty' },
      { at: `payload.answers.${due.fromField}` },
    );
  }
  const from = startOfDay(dayOfDate(date as never));
  const end = deadlineOf(due.deadline, from, calendar);
  if (!end.ok) return end;
  if (end.value >= now) return ok({ from, at: end.value });
  return refuse(
    'deadline-past',
    { zh: `按 ${date} 计算的期限已经过去`, en: `the deadline counted from ${date} has already passed` },
    { at: `payload.answers.${due.fromField}` },
  );
}

/** The timers of a stay: reminders that still lie ahead, the passing of its deadline, what follows it. */
export function schedule(
  target: CompiledState,
  position: Position,
  due: Instant,
  now: Instant,
  calendar: WorkCalendar,
  effects: Effect[],
): Result<void> {
  const declared = target.due!;
  const prefix = timerPrefix(position);
  for (let index = 0; index < declared.remind.length; index += 1) {
    const at = before(due, declared.remind[index]!, calendar);
    if (at > now) effects.push({ kind: 'schedule', key: `${prefix}remind|${index}`, timer: 'remind', at });
  }
  effects.push({ kind: 'schedule', key: `${prefix}due|0`, timer: 'due', at: due + 1 });
  for (let index = 0; index < declared.escalate.length; index += 1) {
    const at = after(due, declared.escalate[index]!.after, calendar);
    if (!at.ok) return at;
    effects.push({
      kind: 'schedule',
      key: `${prefix}escalate|${index}`,
      timer: 'escalate',
      at: at.value + 1,
    });
  }
  return ok(undefined);
}
