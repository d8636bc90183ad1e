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
