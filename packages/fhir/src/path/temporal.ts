// FHIR dates as ranges of instants: `2026-11` is the whole of November, and a date without a zone is China time (+08:00).

export interface InstantRange {
  /** Milliseconds of the first instant. */
  readonly low: number;
  /** Milliseconds of the first instant after the range. */
  readonly high: number;
}

const FORM =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;
const CHINA_OFFSET_MS = 8 * 3_600_000;
const MINUTE_MS = 60_000;

function offsetMs(zone: string | undefined): number {
  if (zone === undefined) return CHINA_OFFSET_MS;
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}

function utc(year: number, month0: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month0, day);
  return date.getTime();
}

/** The range of a date, dateTime or instant of any precision; null if the text is none. */
export function instantRange(text: string): InstantRange | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [, y, mo, d, h, mi, s, fraction, zone] = match;
  const year = Number(y);
  const shift = offsetMs(zone);
  if (mo === undefined) return { low: utc(year, 0, 1) - shift, high: utc(year + 1, 0, 1) - shift };
  const month0 = Number(mo) - 1;
  if (d === undefined) return { low: utc(year, month0, 1) - shift, high: utc(year, month0 + 1, 1) - shift };
  const day = Number(d);
  if (h === undefined)
    return { low: utc(year, month0, day) - shift, high: utc(year, month0, day + 1) - shift };
  const minute = utc(year, month0, day) + Number(h) * 3_600_000 + Number(mi) * MINUTE_MS - shift;
  if (s === undefined) return { low: minute, high: minute + MINUTE_MS };
  const second = minute + Number(s) * 1000;
  if (fraction === undefined) return { low: second, high: second + 1000 };
  const low = second + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { low, high: low + (fraction.length >= 3 ? 1 : 10 ** (3 - fraction.length)) };
}

/** Negative, zero or positive; NaN if the precisions leave it open; null if either is no date. */
export function compareInstants(a: string, b: string): number | null {
  const [left, right] = [instantRange(a), instantRange(b)];
  if (!left || !right) return null;
  if (left.low === right.low && left.high === right.high) return 0;
  if (left.high <= right.low) return -1;
  if (left.low >= right.high) return 1;
  return Number.NaN;
}
