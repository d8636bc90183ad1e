// Calendar dates without a time zone. County rules count days in China Standard Time (UTC+8, no summer time since 1991).
import type { Brand } from './brand.ts';
import { assert } from './result.ts';

/** `YYYY-MM-DD`, a date that exists. */
export type LocalDate = Brand<string, 'LocalDate'>;

const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;
const CHINA_OFFSET_MS = 8 * 3_600_000;

export function isLocalDate(text: unknown): text is LocalDate {
  if (typeof text !== 'string') return false;
  const match = FORM.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

export function localDate(text: string): LocalDate {
  assert(isLocalDate(text), `"${text}" is not a date`);
  return text;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The date on a wall calendar in China at that instant. */
export function chinaDate(instant: Date): LocalDate {
  return new Date(instant.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 10) as LocalDate;
}

/** The instant at which that day begins in China; `time` is `HH:MM` or `HH:MM:SS`. */
export function chinaInstant(date: LocalDate, time = '00:00:00'): Date {
  return new Date(`${date}T${time.length === 5 ? `${time}:00` : time}+08:00`);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as LocalDate;
}

/** Adds months and keeps the day where it exists, else the last day of the month (31 January + 1 month = 28/29 February). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const year = Number(date.slice(0, 4));
  const month0 = Number(date.slice(5, 7)) - 1 + months;
  const targetYear = year + Math.floor(month0 / 12);
  const targetMonth = (((month0 % 12) + 12) % 12) + 1;
  const day = Math.min(Number(date.slice(8)), daysInMonth(targetYear, targetMonth));
  return `${String(targetYear).padStart(4, '0')}-${String(targetMonth).padStart(2, '0')}-${String(day).padStart(2, '0')}` as LocalDate;
}

/** Days from `from` to `to`; the first day is not counted (民法典 201). */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** Full years (周岁): counted as reached on the birthday itself; someone born on 29 February turns a year older on 1 March. */
export function fullYears(birth: LocalDate, on: LocalDate): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4));
  return on.slice(5) < birth.slice(5) ? years - 1 : years;
}
