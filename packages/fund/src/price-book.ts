// A rule set made ready for pricing many stays: the standard of each group, payer, level and hospital is computed once.
import { assert, type Fen, roundHalfUp } from '@yimai/kit';
import { type E4, ONE } from './decimal.ts';
import type { BedDayPhase, HighBand, Row, RuleSet, Threshold } from './rule-set.ts';
import type { StayCase } from './stay-case.ts';

export interface Standard {
  readonly weight: E4;
  readonly rateRow: string;
  readonly rateFen: Fen;
  readonly coefficient: E4;
  readonly coefficientRow: string;
  readonly standardFen: Fen;
  /** Limits as fen times 10,000: compared without rounding. */
  readonly lowE4: bigint;
  readonly highE4: bigint;
  readonly high: HighBand;
}

export class PriceBook {
  readonly rules: RuleSet;
  readonly #standards = new Map<string, Standard | null>();

  constructor(rules: RuleSet) {
    this.rules = rules;
  }

  /** Null when the group has no weight: an unstable group, paid by item. */
  standardOf({ group, payer, level, org }: StayCase): Standard | null {
    const key = `${group.drg} ${payer} ${level} ${org}`;
    let standard = this.#standards.get(key);
    if (standard === undefined) {
      standard = this.#compute(group.drg, payer, level, org);
      this.#standards.set(key, standard);
    }
    return standard;
  }

  phasesOf(category: string): readonly BedDayPhase[] {
    return this.rules.bedDays.filter((phase) => phase.category === category);
  }

  #compute(drg: string, payer: string, level: string, org: string): Standard | null {
    const { rules } = this;
    const weight = rules.weights.byDrg.get(drg);
    if (weight === undefined) return null;
    const { id: rateRow, rateFen } = rateOf(rules, payer, level);
    const { value: coefficient, row: coefficientRow } = coefficientOf(rules, drg, level, org);
    const standardFen = roundHalfUp(weight * rateFen * coefficient, ONE * ONE);
    const high = highBandOf(rules, weight);
    return {
      weight,
      rateRow,
      rateFen,
      coefficient,
      coefficientRow,
      standardFen,
      lowE4: standardFen * rules.outliers.low.below.value,
      highE4: standardFen * high.above.value,
      high,
    };
  }
}

/** What a weight of 1 is worth: the base rate, or under the point method the average cost that points are made from. */
function rateOf(rules: RuleSet, payer: string, level: string): Row & { rateFen: Fen } {
  if (rules.points !== null)
    return { ...rules.points.averageCost, rateFen: rules.points.averageCost.costFen };
  const rate = rules.baseRates.find((row) => row.payer === payer && row.level === level);
  assert(rate, `no base rate for ${payer} at level ${level}: priceable() refuses such stays before`);
  return rate;
}

/** A group of the same price everywhere has 1; else the level's coefficient times that of the hospital, if it has one. */
export function coefficientOf(
  rules: RuleSet,
  drg: string,
  level: string,
  org: string,
): { value: E4; row: string } {
  if (rules.sameEverywhere.drgs.includes(drg)) return { value: ONE, row: rules.sameEverywhere.id };
  const byLevel = rules.levelCoefficients.find((row) => row.level === level);
  const byOrg = rules.orgCoefficients.find((row) => row.org === org);
  if (byLevel === undefined) return { value: byOrg?.value ?? ONE, row: byOrg?.id ?? 'coefficient/none' };
  if (byOrg === undefined) return { value: byLevel.value, row: byLevel.id };
  return { value: roundHalfUp(byLevel.value * byOrg.value, ONE), row: `${byLevel.id} × ${byOrg.id}` };
}

export function highBandOf(rules: RuleSet, weight: E4): HighBand {
  const band = rules.outliers.high.find(
    ({ weightUpTo }) => weightUpTo === null || isUpTo(weight, weightUpTo),
  );
  assert(band, 'the last band of high outliers is open');
  return band;
}

/** `value` lies within `limit`, whose edge counts or not. */
export function isUpTo(value: bigint, limit: Threshold): boolean {
  return limit.includesEdge ? value <= limit.value : value < limit.value;
}

export function isFrom(value: bigint, limit: Threshold): boolean {
  return limit.includesEdge ? value >= limit.value : value > limit.value;
}
