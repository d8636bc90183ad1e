// The working calendar: which days are worked in China, and when a period of days, hours or months ends.
import { isLocalDate, type LocalDate, ok, type Result, refuse } from '@yimai/kit';
import type { Instant } from './types.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const CHINA_MS = 8 * 3_600_000;

/** One year as it stands in `rules/calendar/cn-<year>.yaml`. */
export interface CalendarYear {
  readonly year: number;
  /** `notice`: as the State Council arranged it; `statute`: by law alone, until the notice comes. */
  readonly basis: 'statute' | 'notice';
  readonly source: string;
  readonly off: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly work: readonly string[];
}

/** Days are counted from 1970-01-01 in China time. */
export interface WorkCalendar {
  readonly years: readonly number[];
  /** The table of each year as it was given. */
  readonly tables: readonly CalendarYear[];
  /** Years that are planned by law until their notice comes. */
  readonly provisionalYears: readonly number[];
  readonly firstDay: number;
  readonly lastDay: number;
  /** 0 no table, 1 off, 2 worked; index is day - firstDay. */
  readonly kind: Uint8Array;
  /** Worked days up to and including the day. */
  readonly worked: Int32Array;
  /** Days without a table up to and including the day. */
  readonly unknown: Int32Array;
  /** The n-th worked day (from 1) -> day. */
  readonly nth: Int32Array;
  /** Office hours as minutes of the day. */
  readonly hours: readonly (readonly [number, number])[];
}

export const dayOf = (instant: Instant): number => Math.floor((instant + CHINA_MS) / DAY_MS);
export const startOfDay = (day: number): Instant => day * DAY_MS - CHINA_MS;
export const endOfDay = (day: number): Instant => startOfDay(day + 1) - 1;
export const dayOfDate = (date: LocalDate): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
export const dateOfDay = (day: number): LocalDate =>
  new Date(day * DAY_MS).toISOString().slice(0, 10) as LocalDate;

/** Builds the calendar from the yearly tables and the office hours (`08:30-12:00`). */
export function createCalendar(
  tables: readonly CalendarYear[],
  hours: readonly string[],
): Result<WorkCalendar> {
  const parsedHours = parseHours(hours);
  if (!parsedHours) {
    return refuse(
      'calendar-invalid',
      { zh: '办公时间写法不对', en: 'office hours are not like 08:30-12:00' },
      { at: 'hours' },
    );
  }
  const years = tables.map((table) => table.year).sort((a, b) => a - b);
  const first = years[0];
  const last = years.at(-1);
  if (first === undefined || last === undefined) return calendarMissing(undefined);
  const firstDay = dayOfDate(`${first}-01-01` as LocalDate);
  const lastDay = dayOfDate(`${last}-12-31` as LocalDate);
  const kind = new Uint8Array(lastDay - firstDay + 1);
  for (const year of years) {
    for (
      let day = dayOfDate(`${year}-01-01` as LocalDate);
      day <= dayOfDate(`${year}-12-31` as LocalDate);
      day += 1
    ) {
      const weekday = (day + 4) % 7;
      kind[day - firstDay] = weekday === 0 || weekday === 6 ? 1 : 2;
    }
  }
  for (const table of tables) {
    const problem = checkYear(table, years) ?? markYear(table, kind, firstDay, lastDay);
    if (problem) return problem;
  }
  const provisionalYears = tables.flatMap(({ basis, year }) => (basis === 'statute' ? [year] : [])).sort();
  const known = { years, tables, provisionalYears, firstDay, lastDay, kind, hours: parsedHours };
  return ok({ ...known, ...countDays(kind, firstDay) });
}

/** A year has one table, which says what it rests on; the law exchanges no weekend for a working day. */
function checkYear(table: CalendarYear, years: readonly number[]) {
  if (table.basis !== 'statute' && table.basis !== 'notice') return badTable(table.year, 'basis');
  if (years.filter((year) => year === table.year).length > 1) return badTable(table.year, 'year');
  return table.basis === 'statute' && table.work.length > 0 ? badTable(table.year, 'work') : undefined;
}

/** `off` may begin in December of the year before (元旦); days outside the loaded years are left out. */
function markYear(table: CalendarYear, kind: Uint8Array, firstDay: number, lastDay: number) {
  const mark = (day: number, value: number) => {
    if (day >= firstDay && day <= lastDay && kind[day - firstDay] !== 0) kind[day - firstDay] = value;
  };
  for (const [index, { from, to }] of table.off.entries()) {
    if (!isLocalDate(from) || !isLocalDate(to) || from > to) return badTable(table.year, `off[${index}]`);
    for (let day = dayOfDate(from); day <= dayOfDate(to); day += 1) mark(day, 1);
  }
  for (const [index, date] of table.work.entries()) {
    if (!isLocalDate(date)) return badTable(table.year, `work[${index}]`);
    mark(dayOfDate(date), 2);
  }
  return undefined;
}

function badTable(year: number, at: string) {
  return refuse(
    'calendar-invalid',
    { zh: `${year} 年节假日表有误`, en: `the holiday table of ${year} is wrong` },
    { at },
  );
}

function countDays(kind: Uint8Array, firstDay: number) {
  const worked = new Int32Array(kind.length);
  const unknown = new Int32Array(kind.length);
  const nth: number[] = [0];
  let missing = 0;
  for (let index = 0; index < kind.length; index += 1) {
    if (kind[index] === 2) nth.push(firstDay + index);
    if (kind[index] === 0) missing += 1;
    worked[index] = nth.length - 1;
    unknown[index] = missing;
  }
  return { worked, unknown, nth: Int32Array.from(nth) };
}

function parseHours(hours: readonly string[]): (readonly [number, number])[] | undefined {
  const spans: [number, number][] = [];
  for (const text of hours) {
    const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text);
    if (!match) return undefined;
    const from = Number(match[1]) * 60 + Number(match[2]);
    const to = Number(match[3]) * 60 + Number(match[4]);
    if (from >= to || to > 1440 || from < (spans.at(-1)?.[1] ?? 0)) return undefined;
    spans.push([from, to]);
  }
  return spans.length > 0 ? spans : undefined;
}

export function calendarMissing(year: number | undefined) {
  return refuse('calendar-missing', {
    zh:
      year === undefined
        ? '没有装入任何节假日表'
        : `缺少 ${year} 年的节假日表（国务院办公厅通知公布后补入 rules/calendar）`,
    en:
      year === undefined
        ? 'no holiday table is loaded'
        : `the holiday table of ${year} is missing (add it to rules/calendar)`,
  });
}

const yearOfDay = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

function knows(calendar: WorkCalendar, from: number, to: number): number | undefined {
  if (from < calendar.firstDay) return from;
  if (to > calendar.lastDay) return calendar.lastDay + 1;
  const [a, b] = [from - calendar.firstDay, to - calendar.firstDay];
  const before = a === 0 ? 0 : calendar.unknown[a - 1]!;
  if (calendar.unknown[b]! === before) return undefined;
  let day = from;
  while (calendar.kind[day - calendar.firstDay] !== 0) day += 1;
  return day;
}

/** The first year planned by law alone that the days `from` to `to` touch. */
export function provisionalYear(calendar: WorkCalendar, from: number, to: number): number | undefined {
  const last = yearOfDay(to);
  return calendar.provisionalYears.find((year) => year >= yearOfDay(from) && year <= last);
}

export function isWorkingDay(calendar: WorkCalendar, date: LocalDate): Result<boolean> {
  const day = dayOfDate(date);
  const missing = knows(calendar, day, day);
  if (missing !== undefined) return calendarMissing(yearOfDay(missing));
  return ok(calendar.kind[day - calendar.firstDay] === 2);
}

/** The n-th working day after `day`; the first day is not counted (民法典 201). n = 0 is the day itself. */
export function plusWorkingDays(calendar: WorkCalendar, day: number, n: number): number | undefined {
  if (day < calendar.firstDay || day > calendar.lastDay) return undefined;
  if (n === 0) return day;
  const index = calendar.worked[day - calendar.firstDay]! + n;
  if (index < 1 || index >= calendar.nth.length) return undefined;
  const target = calendar.nth[index]!;
  return knows(calendar, Math.min(day, target), Math.max(day, target)) === undefined ? target : undefined;
}

/** The day itself when it is worked, else the next worked day (民法典 203). */
export function rollToWorkingDay(calendar: WorkCalendar, day: number): number | undefined {
  if (day < calendar.firstDay || day > calendar.lastDay) return undefined;
  let rolled = day;
  while (rolled <= calendar.lastDay && calendar.kind[rolled - calendar.firstDay] === 1) rolled += 1;
  return rolled <= calendar.lastDay && calendar.kind[rolled - calendar.firstDay] === 2 ? rolled : undefined;
}

/** Moves forward through office hours only; a start outside them counts from the next opening. */
export function plusWorkingMinutes(
  calendar: WorkCalendar,
  from: Instant,
  minutes: number,
): Instant | undefined {
  let left = minutes;
  let day = dayOf(from);
  let minute = Math.floor((from - startOfDay(day)) / MINUTE_MS);
  for (; day <= calendar.lastDay; day += 1, minute = 0) {
    if (day < calendar.firstDay || calendar.kind[day - calendar.firstDay] === 0) return undefined;
    if (calendar.kind[day - calendar.firstDay] === 1) continue;
    for (const [open, close] of calendar.hours) {
      const start = Math.max(open, minute);
      if (start >= close) continue;
      if (left <= close - start) return startOfDay(day) + (start + left) * MINUTE_MS;
      left -= close - start;
    }
  }
  return undefined;
}

/** Working minutes from one instant to another, for the remaining-time clock on a work list; 0 when already past. */
export function workingMinutesBetween(calendar: WorkCalendar, from: Instant, to: Instant): Result<number> {
  if (to <= from) return ok(0);
  const missing = knows(calendar, dayOf(from), dayOf(to));
  if (missing !== undefined) return calendarMissing(yearOfDay(missing));
  let minutes = 0;
  for (let day = dayOf(from); day <= dayOf(to); day += 1) {
    if (calendar.kind[day - calendar.firstDay] !== 2) continue;
    for (const [open, close] of calendar.hours) {
      const start = Math.max(startOfDay(day) + open * MINUTE_MS, from);
      const end = Math.min(startOfDay(day) + close * MINUTE_MS, to);
      if (end > start) minutes += Math.floor((end - start) / MINUTE_MS);
    }
  }
  return ok(minutes);
}

/** The year whose table a period from `day` runs out of. */
export function missingYear(calendar: WorkCalendar, day: number): number {
  const missing = day > calendar.lastDay ? day : knows(calendar, day, calendar.lastDay);
  return yearOfDay(missing ?? calendar.lastDay + 1);
}
