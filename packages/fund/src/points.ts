// The point method (点数法): stays earn points, the pool of the region is divided by them, so that the budget always holds.
import { allocate, assert, type Fen, roundHalfUp } from '@yimai/kit';
import type { E4 } from './decimal.ts';
import type { RuleSet } from './rule-set.ts';
import type { PricedStay } from './stay-case.ts';

/** Points of a stay: what it would be paid at the average cost of the region, as a share of that, times points per weight. */
export function pointsOf(priced: Pick<PricedStay, 'payFen'>, rules: RuleSet): E4 {
  assert(rules.points, 'points are asked of a rule set of the point method only');
  return roundHalfUp(priced.payFen * rules.points.perWeight.points, rules.points.averageCost.costFen);
}

export interface PointShare {
  readonly org: string;
  readonly points: E4;
  readonly totalFen: Fen;
}

/** What a point is worth, in millionths of a yuan: for people to read; money is divided by points, not by this value. */
export function pointValueE6(poolFen: Fen, regionPoints: E4): bigint {
  return roundHalfUp(poolFen * 10_000n * 10_000n, regionPoints);
}

/** Divides the pool (fund budget and what patients bear) by points; the parts are the pool to the fen. */
export function sharePool(poolFen: Fen, hospitals: readonly { org: string; points: E4 }[]): PointShare[] {
  const parts = allocate(
    poolFen,
    hospitals.map(({ points }) => points),
  );
  return hospitals.map((hospital, index) => ({ ...hospital, totalFen: parts[index]! }));
}

/** The stays of the region repriced by points: each hospital's part of the pool falls to its stays by their points. */
export function priceByPoints(priced: readonly PricedStay[], poolFen: Fen, rules: RuleSet): PricedStay[] {
  const points = priced.map((stay) => pointsOf(stay, rules));
  if (points.every((value) => value === 0n)) return [...priced];
  const order = priced
    .map((_, index) => index)
    .sort((left, right) => compareIds(priced[left]!, priced[right]!));
  const parts = allocate(
    poolFen,
    order.map((index) => points[index]!),
  );
  const repriced = [...priced];
  order.forEach((index, position) => {
    const { stay, ...rest } = priced[index]!;
    const payFen = parts[position]!;
    const due = payFen - stay.patientBorneFen;
    repriced[index] = {
      ...rest,
      stay,
      payFen,
      fundFen: due > 0n ? due : 0n,
      resultFen: payFen - stay.costFen,
    };
  });
  return repriced;
}

function compareIds(left: PricedStay, right: PricedStay): number {
  return left.stay.id < right.stay.id ? -1 : 1;
}
