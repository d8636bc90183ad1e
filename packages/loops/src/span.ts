// Periods written in words ("5 working days", "24 hours"), and the last instant that is still in time.
import { addMonths, ok, type Result } from '@yimai/kit';
import {
  calendarMissing,
  dateOfDay,
  dayOf,
  dayOfDate,
  endOfDay,
  missingYear,
  plusWorkingDays,
  plusWorkingMinutes,
  provisionalYear,
  rollToWorkingDay,
  startOfDay,
  type WorkCalendar,
} from './calendar.ts';
import type { Instant } from './types.ts';

export type SpanUnit = 'minute' | 'hour' | 'working-hour' | 'day' | 'working-day' | 'month';

export interface Span {
  readonly count: number;
  readonly unit: SpanUnit;
}

export interface Deadline {
  readonly span: Span;
  readonly including: boolean;
  readonly roll: boolean;
}

const FORM = /^(\d{1,4}) (minute|hour|working hour|day|working day|month)s?$/;
const MINUTE_MS = 60_000;

export function parseSpan(text: unknown): Span | undefined {
  const match = typeof text === 'string' ? FORM.exec(text) : null;
  if (!match) return undefined;
  return { count: Number(match[1]), unit: match[2]!.replace(' ', '-') as SpanUnit };
}

/** `{count: 5, unit: 'working-day'}` -> `5个工作日`. */
export function spanText(span: Span): { zh: string; en: string } {
  const zh: Record<SpanUnit, string> = {
    minute: '分钟',
    hour: '小时',
    'working-hour': '个工作小时',
    day: '日',
    'working-day': '个工作日',
    month: '个月',
  };
  return {
    zh: `${span.count}${zh[span.unit]}`,
    en: `${span.count} ${span.unit.replace('-', ' ')}${span.count === 1 ? '' : 's'}`,
  };
}

/**
 * The last instant in time. Days and months end with their last day at 24:00; with the edge excluded one day (or one
 * millisecond) sooner. A last day without work moves to the next working day where `roll` says so.
 */
export function deadlineOf(deadline: Deadline, from: Instant, calendar: WorkCalendar): Result<Instant> {
  const { span, including } = deadline;
  switch (span.unit) {
    case 'minute':
    case 'hour': {
      const minutes = span.unit === 'hour' ? span.count * 60 : span.count;
      return ok(from + minutes * MINUTE_MS - (including ? 0 : 1));
    }
    case 'working-hour': {
      const end = plusWorkingMinutes(calendar, from, span.count * 60);
      return end === undefined
        ? calendarMissing(missingYear(calendar, dayOf(from)))
        : ok(end - (including ? 0 : 1));
    }
    case 'working-day': {
      const day = plusWorkingDays(calendar, dayOf(from), Math.max(span.count - (including ? 0 : 1), 0));
      return day === undefined ? calendarMissing(missingYear(calendar, dayOf(from))) : ok(endOfDay(day));
    }
    case 'day':
    case 'month': {
      const last = lastDayOf(span, including, dayOf(from));
      if (!deadline.roll) return ok(endOfDay(last));
      const rolled = rollToWorkingDay(calendar, last);
      return rolled === undefined
        ? calendarMissing(missingYear(calendar, Math.min(last, calendar.lastDay)))
        : ok(endOfDay(rolled));
    }
  }
}

function lastDayOf(span: Span, including: boolean, start: number): number {
  const last = span.unit === 'day' ? start + span.count : dayOfDate(addMonths(dateOfDay(start), span.count));
  return including ? last : last - 1;
}

/** The year planned by law alone that a deadline leans on: its working days are counted, or its last day rolled, in it. */
export function leansOn(
  { span, including, roll }: Deadline,
  from: Instant,
  due: Instant,
  calendar: WorkCalendar,
): number | undefined {
  if (span.unit === 'minute' || span.unit === 'hour') return undefined;
  if (provisionalYear(calendar, dayOf(due), dayOf(due)) === undefined) return undefined;
  if (span.unit === 'working-hour' || span.unit === 'working-day')
    return provisionalYear(calendar, dayOf(from), dayOf(due));
  return roll ? provisionalYear(calendar, lastDayOf(span, including, dayOf(from)), dayOf(due)) : undefined;
}

/** So long before an instant. Before the end of a day, reminders come at the opening of the office. */
export function before(at: Instant, span: Span, calendar: WorkCalendar): Instant {
  if (span.unit === 'minute') return at - span.count * MINUTE_MS;
  if (span.unit === 'hour' || span.unit === 'working-hour') return at - span.count * 60 * MINUTE_MS;
  const day = dayOf(at);
  const target =
    span.unit === 'working-day'
      ? (plusWorkingDays(calendar, day, -span.count) ?? day - span.count)
      : span.unit === 'day'
        ? day - span.count
        : dayOfDate(addMonths(dateOfDay(day), -span.count));
  const opening = (calendar.hours[0]?.[0] ?? 0) * MINUTE_MS;
  return startOfDay(target) + (at === endOfDay(day) ? opening : at - startOfDay(day));
}

/** So long after an instant, for escalation past a deadline. */
export function after(at: Instant, span: Span, calendar: WorkCalendar): Result<Instant> {
  if (span.count === 0) return ok(at);
  return deadlineOf({ span, including: true, roll: false }, at, calendar);
}
