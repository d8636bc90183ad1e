// Deadlines that were planned by law alone are counted again when the notice of their year has come.
import { ok, type Result, refuse } from '@yimai/kit';
import { dateOfDay, dayOf, endOfDay, plusWorkingDays, startOfDay, type WorkCalendar } from './calendar.ts';
import type { Loop } from './compile.ts';
import { provisionalOf, schedule, timerPrefix } from './enter.ts';
import { deadlineOf } from './span.ts';
import type { Effect, Instant, LoopState, Position } from './types.ts';

/**
 * Every provisional deadline of an open case. A date that moves is told to its owner; one that the notice confirms is
 * only no longer provisional. Nothing to do is `deadline-stands`.
 */
export function redatePositions(
  loop: Loop,
  state: LoopState,
  now: Instant,
  calendar: WorkCalendar,
): Result<{ readonly positions: readonly Position[]; readonly effects: readonly Effect[] }> {
  const effects: Effect[] = [];
  const positions: Position[] = [];
  for (const position of state.positions) {
    const again = redatePosition(loop, position, now, calendar, effects);
    if (!again.ok) return again;
    positions.push(again.value);
  }
  if (positions.some((position, index) => position !== state.positions[index]))
    return ok({ positions, effects });
  return refuse('deadline-stands', {
    zh: '期限不必重排',
    en: 'no deadline of this case has to be counted again',
  });
}

function redatePosition(
  loop: Loop,
  position: Position,
  now: Instant,
  calendar: WorkCalendar,
  effects: Effect[],
): Result<Position> {
  const { provisional, due: old, ...rest } = position;
  const target = loop.states.get(position.state);
  if (!provisional || old === null || !target?.due) return ok(position);
  const end = deadlineOf(target.due.deadline, provisional.from, calendar);
  if (!end.ok) return end;
  const due = neverAtOnce(old, end.value, now, calendar);
  const leans = provisionalOf(target, { from: provisional.from, at: due }, calendar);
  if (due === old && leans.provisional?.year === provisional.year) return ok(position);
  if (due === old) return ok({ ...rest, due, ...leans });
  // A stay that is in time again is no longer escalated; one that is late by both dates has been told so.
  const inTime = due >= now;
  const moved: Position = { ...rest, due, ...leans, escalated: inTime ? 0 : position.escalated };
  if (inTime) {
    effects.push({ kind: 'cancel', prefix: timerPrefix(position) });
    const timers = schedule(target, moved, due, now, calendar, effects);
    if (!timers.ok) return timers;
  }
  if (position.owner) {
    const { zh, en } = target.declaration.title;
    const [from, to] = [shown(old), shown(due)];
    effects.push({
      kind: 'notify',
      to: position.owner,
      about: 'message',
      text: {
        zh: `节假日安排已公布，“${zh}”的期限由 ${from} 改为 ${to}`,
        en: `The holidays have been announced: "${en}" is now due on ${to}, not ${from}`,
      },
    });
  }
  return ok(moved);
}

/** A deadline that comes nearer leaves at least the next working day, or what there was before. */
function neverAtOnce(old: Instant, counted: Instant, now: Instant, calendar: WorkCalendar): Instant {
  if (counted >= old) return counted;
  const next = plusWorkingDays(calendar, dayOf(now), 1);
  return next === undefined ? old : Math.min(old, Math.max(counted, endOfDay(next)));
}

function shown(instant: Instant): string {
  const day = dayOf(instant);
  const date = dateOfDay(day);
  if (instant === endOfDay(day)) return date;
  return `${date} ${new Date(instant - startOfDay(day)).toISOString().slice(11, 16)}`;
}
