// The plain model's own calendar: counts days one by one from the holiday tables, knows nothing of packages/loops.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addMonths } from '@yimai/kit';
import { parse } from 'yaml';

const DAY_MS = 86_400_000;
const CHINA_MS = 8 * 3_600_000;

/** A day that the tables do not reach. */
export class NoTable extends Error {}

export class PlainCalendar {
  readonly #years = new Set<number>();
  readonly #off = new Set<string>();
  readonly #work = new Set<string>();

  constructor(folder: string) {
    for (const file of readdirSync(folder).filter((name) => /^cn-\d{4}\.yaml$/.test(name))) {
      const table = parse(readFileSync(join(folder, file), 'utf8')) as {
        year: number;
        off: { from: string; to: string }[];
        work: string[];
      };
      this.#years.add(table.year);
      for (const { from, to } of table.off)
        for (let day = from; day <= to; day = next(day, 1)) this.#off.add(day);
      for (const day of table.work) this.#work.add(day);
    }
  }

  /** The last millisecond that is in time: `within` counted from the instant `from`. */
  deadline(within: string, from: number, including: boolean, roll: boolean): number {
    const [count, unit] = spanOf(within);
    if (unit === 'minute') return from + count * 60_000 - (including ? 0 : 1);
    if (unit === 'hour') return from + count * 3_600_000 - (including ? 0 : 1);
    const start = chinaDay(from);
    if (unit === 'working day')
      return endOf(this.#workingDays(start, Math.max(count - (including ? 0 : 1), 0)));
    if (unit !== 'day' && unit !== 'month') throw new Error(`fault: the model does not count in ${unit}`);
    let last = unit === 'day' ? next(start, count) : (addMonths(start as never, count) as string);
    if (!including) last = next(last, -1);
    if (roll) while (!this.#isWorked(last)) last = next(last, 1);
    return endOf(last);
  }

  #workingDays(start: string, count: number): string {
    let day = start;
    for (let left = count; left > 0; ) {
      day = next(day, 1);
      if (this.#isWorked(day)) left -= 1;
    }
    return day;
  }

  #isWorked(day: string): boolean {
    if (!this.#years.has(Number(day.slice(0, 4)))) throw new NoTable(day);
    if (this.#work.has(day)) return true;
    if (this.#off.has(day)) return false;
    return ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  }
}

export function spanOf(text: string): [number, string] {
  const [count, ...unit] = text.split(' ');
  return [Number(count), unit.join(' ').replace(/s$/, '')];
}

export const chinaDay = (at: number): string => new Date(at + CHINA_MS).toISOString().slice(0, 10);
export const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) - CHINA_MS;
const endOf = (day: string): number => startOf(day) + DAY_MS - 1;
const next = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
