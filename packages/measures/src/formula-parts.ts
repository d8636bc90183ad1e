// Which parts and periods a formula needs.
import type { Formula, Part } from './definition.ts';
import { type Period, parsePeriod, previousPeriod, samePeriodLastYear } from './period.ts';

export function periodAgainst(against: string, period: Period): Period {
  if (against === 'last-year') return samePeriodLastYear(period);
  if (against === 'last-period') return previousPeriod(period);
  const named = parsePeriod(`${against}${period.name.slice(4)}`);
  if (!named.ok) throw new Error(`fault: ${against} is not a year`);
  return named.value;
}

export function lastPeriods(period: Period, count: number): readonly Period[] {
  const periods = [period];
  while (periods.length < count) periods.push(previousPeriod(periods.at(-1)!));
  return periods;
}

export const isLargest = (part: Part): boolean => part.count.kind === 'max' || part.count.kind === 'max-cut';

/** Every part that a formula counts itself; those of a measure that it asks for are of that one. */
export function partsIn(formula: Formula): readonly Part[] {
  if (formula.kind === 'parts') return [...formula.numerator, ...(formula.denominator ?? [])];
  if (formula.kind === 'quotients')
    return [formula.upper, formula.lower].flatMap((each) => [...each.numerator, ...each.denominator]);
  if ('of' in formula) return [];
  if (formula.kind === 'premature-mortality') return [formula.deaths, formula.people];
  return [formula.part];
}

/** The numbers of cases that a value of this formula gives away; sums of money or days are none. */
export function countsShown(
  formula: Formula,
  numerator: number | null,
  denominator: number | null,
): readonly number[] {
  if (formula.kind !== 'parts') return [];
  const isCount = (parts: readonly Part[]): boolean =>
    parts.every(({ count }) => count.kind === 'rows' || count.kind === 'distinct');
  const counts: (number | null)[] = [];
  const upper = isCount(formula.numerator);
  const lower = formula.denominator !== null && isCount(formula.denominator);
  if (upper) counts.push(numerator);
  if (lower) counts.push(denominator);
  // What is not in the numerator is known as well when it is a part of the denominator.
  const isShare = formula.numerator[0]?.population === formula.denominator?.[0]?.population;
  if (upper && lower && isShare && numerator !== null && denominator !== null)
    counts.push(denominator - numerator);
  return counts.filter((count) => count !== null);
}

/** The parts whose rows stand behind the numerator or the denominator of a formula. */
export function partsBehind(
  formula: Formula,
  which: 'numerator' | 'denominator',
  formulaOf: (id: string) => Formula,
): readonly Part[] {
  if (formula.kind === 'parts')
    return which === 'numerator' ? formula.numerator : (formula.denominator ?? []);
  if (formula.kind === 'quotients') return formula[which === 'numerator' ? 'upper' : 'lower'].numerator;
  if ('of' in formula) return partsBehind(formulaOf(formula.of), which, formulaOf);
  if (formula.kind === 'premature-mortality')
    return which === 'numerator' ? [formula.deaths] : [formula.people];
  return [formula.part];
}
