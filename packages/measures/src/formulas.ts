// Formulas that need more than two sums: premature mortality, consumption index, most frequent values.
import type { TopItem } from './values.ts';

interface GroupedRow {
  readonly org: string;
  readonly key: string;
  readonly rows: number;
  readonly sum: number;
}

interface Result {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly items?: readonly TopItem[];
}

const BANDS = [30, 35, 40, 45, 50, 55, 60, 65] as const;

/**
 * Probability (%) of dying between the exact ages 30 and 70, by the WHO life-table short cut: 5Mx = deaths / people of a
 * five-year band, 5qx = 5·5Mx / (1 + 2.5·5Mx), 1 - Π(1 - 5qx) over eight bands. A band without people gives no answer.
 */
export function prematureMortality(
  deaths: readonly GroupedRow[],
  people: readonly GroupedRow[],
  orgs: ReadonlySet<string>,
): Result | null {
  const bandOf = (age: number): number => Math.floor(age / 5) * 5;
  const died = new Map<number, number>();
  const alive = new Map<number, number>();
  for (const { org, key, rows } of deaths) {
    if (orgs.has(org)) died.set(bandOf(Number(key)), (died.get(bandOf(Number(key))) ?? 0) + rows);
  }
  for (const { org, key, sum } of people) {
    const first = Number(/(\d+)-\d+$/.exec(key)?.[1] ?? Number.NaN);
    if (orgs.has(org) && !Number.isNaN(first)) alive.set(first, (alive.get(first) ?? 0) + sum);
  }
  if (BANDS.some((band) => !alive.get(band))) return null;
  let survive = 1;
  for (const band of BANDS) {
    const rate = (died.get(band) ?? 0) / alive.get(band)!;
    survive *= 1 - (5 * rate) / (1 + 2.5 * rate);
  }
  const total = (counts: ReadonlyMap<number, number>): number =>
    BANDS.reduce((sum, band) => sum + (counts.get(band) ?? 0), 0);
  return { value: (1 - survive) * 100, numerator: total(died), denominator: total(alive) };
}

/**
 * Σ k·n / Σ n over the groups that the scope treats, k = own mean / mean of everybody in that group, n = own cases
 * (费用消耗指数、时间消耗指数). Below 1 it needs less than the region for the same groups.
 */
export function consumptionIndex(rows: readonly GroupedRow[], orgs: ReadonlySet<string>): Result | null {
  const all = new Map<string, { rows: number; sum: number }>();
  const own = new Map<string, { rows: number; sum: number }>();
  for (const row of rows) {
    add(all, row);
    if (orgs.has(row.org)) add(own, row);
  }
  let weighted = 0;
  let cases = 0;
  for (const [key, mine] of own) {
    const everybody = all.get(key)!;
    if (everybody.sum === 0) continue;
    weighted += (mine.sum / mine.rows / (everybody.sum / everybody.rows)) * mine.rows;
    cases += mine.rows;
  }
  return cases === 0 ? null : { value: weighted / cases, numerator: weighted, denominator: cases };
}

/** The most frequent values; equal counts in the order of the value. The value is their share of all cases in percent. */
export function topItems(
  rows: readonly GroupedRow[],
  orgs: ReadonlySet<string>,
  most: number,
  weighed: 'rows' | 'sum' = 'rows',
): Result | null {
  const counts = new Map<string, { rows: number; sum: number }>();
  for (const row of rows) if (orgs.has(row.org)) add(counts, row);
  if (counts.size === 0) return null;
  const items = [...counts].map(([key, group]) => ({ key, count: group[weighed] }));
  items.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  const denominator = items.reduce((sum, item) => sum + item.count, 0);
  const shown = items.slice(0, most);
  const numerator = shown.reduce((sum, item) => sum + item.count, 0);
  return { value: (numerator / denominator) * 100, numerator, denominator, items: shown };
}

function add(groups: Map<string, { rows: number; sum: number }>, row: GroupedRow): void {
  const group = groups.get(row.key) ?? { rows: 0, sum: 0 };
  groups.set(row.key, { rows: group.rows + row.rows, sum: group.sum + row.sum });
}
