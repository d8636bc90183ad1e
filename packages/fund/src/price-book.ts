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
  /** The highest cost in whole fen that is a low outlier, and the lowest that is a high one; the edge rule is in them. */
  readonly lowUpToFen: Fen;
  readonly highFromFen: Fen;
  /** Standard times the limit of high outliers, in ten-thousandths of a fen: what excess is counted from. */
  readonly highE4: bigint;
  readonly high: HighBand;
}

interface StandardOf {
  readonly payer: string;
  readonly level: string;
  readonly standard: Standard | null;
}

export class PriceBook {
  readonly rules: RuleSet;
  /** By hospital and group; within it by payer and level, of which there are few. */
  readonly #standards = new Map<string, Map<string, StandardOf[]>>();
  /** Whole days: up to the first a stay is short, from the second on it is long. */
  readonly shortUpToDays: number;
  readonly longFromDays: number;

  constructor(rules: RuleSet) {
    this.rules = rules;
    const { short, long } = rules.stays;
    this.shortUpToDays = Number(highestWithin(short.upTo.value, short.upTo.includesEdge));
    this.longFromDays = Number(lowestFrom(long.from.value, long.from.includesEdge));
  }

  /** Null when the group has no weight: an unstable group, paid by item. */
  standardOf({ group, payer, level, org }: StayCase): Standard | null {
    let ofHospital = this.#standards.get(org);
    if (ofHospital === undefined) {
      ofHospital = new Map();
      this.#standards.set(org, ofHospital);
    }
    let known = ofHospital.get(group.drg);
    if (known === undefined) {
      known = [];
      ofHospital.set(group.drg, known);
    }
    for (const one of known) if (one.payer === payer && one.level === level) return one.standard;
    const standard = this.#compute(group.drg, payer, level, org);
    known.push({ payer, level, standard });
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
    const highE4 = standardFen * high.above.value;
    const { low } = rules.outliers;
    return {
      weight,
      rateRow,
      rateFen,
      coefficient,
      coefficientRow,
      standardFen,
      lowUpToFen: highestWithin(standardFen * low.below.value, low.below.includesEdge),
      highFromFen: lowestFrom(highE4, high.above.includesEdge),
      highE4,
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

/** The highest whole number within a limit that is given in ten-thousandths. */
function highestWithin(limitE4: bigint, includesEdge: boolean): bigint {
  return includesEdge || limitE4 % ONE !== 0n ? limitE4 / ONE : limitE4 / ONE - 1n;
}

/** The lowest whole number from a limit on that is given in ten-thousandths. */
function lowestFrom(limitE4: bigint, includesEdge: boolean): bigint {
  return includesEdge && limitE4 % ONE === 0n ? limitE4 / ONE : limitE4 / ONE + 1n;
}

/** `value` lies within `limit`, whose edge counts or not. */
export function isUpTo(value: bigint, limit: Threshold): boolean {
  return limit.includesEdge ? value <= limit.value : value < limit.value;
}

export function isFrom(value: bigint, limit: Threshold): boolean {
  return limit.includesEdge ? value >= limit.value : value > limit.value;
}
