// Periods of figures: a year (2025), a quarter (2025-Q3), a month (2025-03); half-open in local dates.
import { type LocalDate, localDate, ok, type Result, refuse } from '@yimai/kit';

export interface Period {
  readonly name: string;
  readonly from: LocalDate;
  /** The first day after it. */
  readonly until: LocalDate;
}

export const PERIOD_KINDS = ['month', 'quarter', 'year'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** `2025Q1` is read as `2025-Q1`. */
const FORM = /^(\d{4})(?:-(0[1-9]|1[0-2])|-?Q([1-4]))?$/;

export function parsePeriod(text: string): Result<Period> {
  const match = FORM.exec(text);
  if (!match) {
    const detail = {
      zh: `“${text}”不是统计期（如 2025、2025-Q3、2025-03）`,
      en: `"${text}" is not a period (2025, 2025-Q3, 2025-03)`,
    };
    return refuse('wrong-period', detail, { at: 'period', rule: 'M4' });
  }
  const year = Number(match[1]);
  if (match[2]) return ok(ofMonths(text, year, Number(match[2]), 1));
  if (match[3]) return ok(ofMonths(`${match[1]}-Q${match[3]}`, year, Number(match[3]) * 3 - 2, 3));
  return ok(ofMonths(text, year, 1, 12));
}

/** The period of the same length just before. */
export function previousPeriod(period: Period): Period {
  const [year, month] = [Number(period.name.slice(0, 4)), Number(period.from.slice(5, 7))];
  if (period.name.includes('Q')) {
    const quarter = (month + 2) / 3;
    return quarter === 1 ? must(`${year - 1}-Q4`) : must(`${year}-Q${quarter - 1}`);
  }
  if (period.name.length === 4) return must(String(year - 1).padStart(4, '0'));
  return month === 1 ? must(`${year - 1}-12`) : must(`${year}-${String(month - 1).padStart(2, '0')}`);
}

/** The period of the same length just after. */
export function nextPeriod({ name, until }: Period): Period {
  const [year, month] = [until.slice(0, 4), Number(until.slice(5, 7))];
  if (name.includes('Q')) return must(`${year}-Q${(month + 2) / 3}`);
  return must(name.length === 4 ? year : until.slice(0, 7));
}

export function samePeriodLastYear(period: Period): Period {
  return must(`${String(Number(period.name.slice(0, 4)) - 1).padStart(4, '0')}${period.name.slice(4)}`);
}

function ofMonths(name: string, year: number, month: number, months: number): Period {
  const day = (index: number): LocalDate => {
    const y = year + Math.floor((index - 1) / 12);
    return localDate(`${String(y).padStart(4, '0')}-${String(((index - 1) % 12) + 1).padStart(2, '0')}-01`);
  };
  return { name, from: day(month), until: day(month + months) };
}

function must(name: string): Period {
  const period = parsePeriod(name);
  if (!period.ok) throw new Error(`fault: ${name} is not a period`);
  return period.value;
}
