// Turns a date or number as written into the range that its precision stands for, exactly and without floats.
import { daysInMonth } from '@yimai/kit';

/** Milliseconds; `high` is the first instant after the range. */
export interface InstantRange {
  readonly low: number;
  readonly high: number;
}

const DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;
const CHINA_MINUTES = 480;

/** `2024-05` is all of May in China time; null if it is not a date that exists. */
export function dateRange(text: string): InstantRange | null {
  // A plus sign of a time zone arrives as a space when a client did not escape it.
  const match = DATE.exec(text.replace(/ (?=\d{2}:\d{2}$)/, '+'));
  if (!match) return null;
  const [, y, mo, d, h, mi, s, fraction, zone] = match;
  const year = Number(y);
  const month = Number(mo ?? 1);
  const day = Number(d ?? 1);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const [hour, minute, second] = [Number(h ?? 0), Number(mi ?? 0), Number(s ?? 0)];
  const shift = zone === undefined ? CHINA_MINUTES : zoneMinutes(zone);
  if (hour > 23 || minute > 59 || second > 59 || shift === null) return null;
  const at = (yy: number, mm: number, dd: number, ms = 0) => wall(yy, mm, dd) + ms - shift * 60_000;
  if (mo === undefined) return { low: at(year, 1, 1), high: at(year + 1, 1, 1) };
  if (d === undefined) return { low: at(year, month, 1), high: at(year, month + 1, 1) };
  if (h === undefined) return { low: at(year, month, day), high: at(year, month, day + 1) };
  const low = at(year, month, day, ((hour * 60 + minute) * 60 + second) * 1000 + millis(fraction));
  return { low, high: low + width(s, fraction) };
}

function wall(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

const millis = (fraction: string | undefined) => Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));

function width(second: string | undefined, fraction: string | undefined): number {
  if (second === undefined) return 60_000;
  return fraction === undefined ? 1000 : 10 ** Math.max(0, 3 - fraction.length);
}

function zoneMinutes(zone: string): number | null {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

const FIRST = wall(1, 1, 1);

/** An instant as PostgreSQL reads it: years past 9999 have five digits and no sign; nothing is before year 1. */
export function instantText(ms: number): string {
  const iso = new Date(Math.max(ms, FIRST)).toISOString();
  return iso.startsWith('+') ? iso.slice(1).replace(/^0+/, '') : iso;
}

/** Decimal texts as PostgreSQL reads them. */
export interface NumberRange {
  readonly value: string;
  readonly low: string;
  readonly high: string;
}

const NUMBER = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** `5.40` stands for 5.395 up to but without 5.405; null if it is not a decimal. */
export function numberRange(text: string): NumberRange | null {
  const number = decimal(text);
  return number && around(number, 5n);
}

/** `value` less and plus a tenth of it (prefix `ap`). */
export function tenthAround(text: string): NumberRange | null {
  const number = decimal(text);
  return number && around(number, number.digits < 0n ? -number.digits : number.digits);
}

interface Decimal {
  readonly digits: bigint;
  readonly power: number;
}

function decimal(text: string): Decimal | null {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}`);
  return { digits: sign === '-' ? -digits : digits, power: Number(exponent) - fraction.length };
}

/** `reach` counts tenths of the last digit. */
function around({ digits, power }: Decimal, reach: bigint): NumberRange {
  const text = (value: bigint, exponent: number) => (exponent === 0 ? `${value}` : `${value}e${exponent}`);
  return {
    value: text(digits, power),
    low: text(digits * 10n - reach, power - 1),
    high: text(digits * 10n + reach, power - 1),
  };
}
