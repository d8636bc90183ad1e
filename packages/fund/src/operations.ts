// Operations figures from priced stays: case-mix index and cost per output, from the whole down to the doctor.
import type { Fen } from '@yimai/kit';
import { type E4, ONE, ratioE4 } from './decimal.ts';

export interface OperationsCase {
  readonly hospital: string;
  readonly department: string;
  readonly doctor: string;
  /** 0 for a stay without a group: such stays are left out of the index. */
  readonly weight: E4;
  readonly costFen: Fen;
}

export interface OperationsFigure {
  readonly name: string;
  readonly stays: number;
  readonly weightSum: E4;
  /** Mean weight of the grouped stays (病例组合指数 CMI). */
  readonly caseMixIndex: E4;
  /** Cost of a weight of 1. */
  readonly costPerWeightFen: Fen;
}

/** `figuresBy(cases, (stay) => stay.department)`; with a constant name the figure of the whole. */
export function figuresBy(
  cases: readonly OperationsCase[],
  nameOf: (stay: OperationsCase) => string,
): OperationsFigure[] {
  const sums = new Map<string, { stays: number; weightSum: E4; costFen: Fen }>();
  for (const stay of cases) {
    if (stay.weight === 0n) continue;
    const name = nameOf(stay);
    const sum = sums.get(name) ?? { stays: 0, weightSum: 0n, costFen: 0n };
    sum.stays += 1;
    sum.weightSum += stay.weight;
    sum.costFen += stay.costFen;
    sums.set(name, sum);
  }
  return [...sums]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { stays, weightSum, costFen }]) => ({
      name,
      stays,
      weightSum,
      caseMixIndex: ratioE4(weightSum, BigInt(stays) * ONE),
      costPerWeightFen: weightSum === 0n ? 0n : (costFen * ONE) / weightSum,
    }));
}

/** Departments below their target in each of the last `months` months: those that get a task. */
export function belowTarget(
  months: readonly ReadonlyMap<string, E4>[],
  targets: ReadonlyMap<string, E4>,
  inARow: number,
): string[] {
  const last = months.slice(-inARow);
  if (last.length < inARow) return [];
  return [...targets]
    .filter(([department, target]) => last.every((month) => (month.get(department) ?? target) < target))
    .map(([department]) => department);
}

/** Level-2 and higher hospitals paid by DRG among all of them (二级以上 includes level 2). */
export function drgCoverage(hospitals: readonly { level: 1 | 2 | 3; isPaidByDrg: boolean }[]): E4 {
  const asked = hospitals.filter(({ level }) => level >= 2);
  return ratioE4(BigInt(asked.filter(({ isPaidByDrg }) => isPaidByDrg).length), BigInt(asked.length));
}
