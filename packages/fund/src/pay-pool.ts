// Pools of pay and their shares: by points, by posts, by merit, by team, from the surplus. Shares sum to the pool to the fen.
import { allocate, type Fen, ok, type Result, refuse, roundHalfUp } from '@yimai/kit';
import { type E4, larger, ONE, ratioE4, smaller } from './decimal.ts';
import type { PointLine } from './work-points.ts';

export interface PoolShare {
  readonly person: string;
  readonly points: E4;
  readonly shareFen: Fen;
  /** The work records behind the share. */
  readonly records: readonly string[];
}

export interface PoolResult {
  readonly poolFen: Fen;
  readonly version: number;
  readonly shares: readonly PoolShare[];
  readonly isFrozen: boolean;
}

/** A person's points are the sum of the lines; who has none gets nothing. In order of persons, whatever the input's. */
export function shareByPoints(poolFen: Fen, lines: readonly PointLine[], version = 1): Result<PoolResult> {
  const byPerson = new Map<string, { points: E4; records: string[] }>();
  for (const { person, points, record } of lines) {
    if (points <= 0n) continue;
    const sum = byPerson.get(person) ?? { points: 0n, records: [] };
    sum.points += points;
    sum.records.push(record);
    byPerson.set(person, sum);
  }
  const people = [...byPerson].sort(([left], [right]) => (left < right ? -1 : 1));
  if (people.length === 0) {
    return refuse(
      'no-points',
      { zh: '没有可分配的工分', en: 'there are no points to share by' },
      { at: 'lines', rule: 'F12' },
    );
  }
  const parts = allocate(
    poolFen,
    people.map(([, { points }]) => points),
  );
  const shares = people.map(([person, { points, records }], index) => ({
    person,
    points,
    shareFen: parts[index]!,
    records: records.sort(),
  }));
  return ok({ poolFen, version, shares, isFrozen: false });
}

/** One unit per head and weight: `unit = pool / Σ heads × weight` (岗位薪酬比), rounded down; the rest by largest remainder. */
export function shareByPosts(
  poolFen: Fen,
  groups: readonly { readonly group: string; readonly heads: bigint; readonly weight: E4 }[],
): { group: string; totalFen: Fen; perHeadFen: Fen }[] {
  const parts = allocate(
    poolFen,
    groups.map(({ heads, weight }) => heads * weight),
  );
  return groups.map(({ group, heads }, index) => ({
    group,
    totalFen: parts[index]!,
    perHeadFen: heads === 0n ? 0n : parts[index]! / heads,
  }));
}

/** Unit money = pool × base × score (乡镇绩效、成员单位分配); a spread of zero among different scores cannot happen. */
export function shareByMerit(
  poolFen: Fen,
  units: readonly { readonly unit: string; readonly base: E4; readonly score: E4 }[],
): Result<{ shares: { unit: string; shareFen: Fen }[]; isEqualShare: boolean }> {
  if (units.every(({ base, score }) => base * score === 0n)) {
    return refuse(
      'no-scores',
      { zh: '没有考核得分', en: 'there are no scores' },
      { at: 'units', rule: 'F12' },
    );
  }
  const parts = allocate(
    poolFen,
    units.map(({ base, score }) => base * score),
  );
  const shares = units.map(({ unit }, index) => ({ unit, shareFen: parts[index]! }));
  const amounts = shares.map(({ shareFen }) => shareFen);
  const spread = amounts.reduce(larger) - amounts.reduce(smaller);
  return ok({ shares, isEqualShare: units.length > 1 && spread <= 1n });
}

/** The surplus pool for primary-care staff: only they, only with recorded health-management work. */
export function shareSurplusPool(
  poolFen: Fen,
  lines: readonly (PointLine & { readonly isPrimaryCare: boolean })[],
  version = 1,
): Result<PoolResult> {
  return shareByPoints(
    poolFen,
    lines.filter(({ isPrimaryCare }) => isPrimaryCare),
    version,
  );
}

export function freeze(result: PoolResult): PoolResult {
  return { ...result, isFrozen: true };
}

/** A frozen result stays as it is: an appeal that is granted makes the next version of it. */
export function revise(
  result: PoolResult,
  lines: readonly PointLine[],
  appeal: string | null,
): Result<PoolResult> {
  if (result.isFrozen && appeal === null) {
    const detail = {
      zh: '结果已冻结，只能经申诉形成新版本',
      en: 'the result is frozen: only an appeal makes a new version',
    };
    return refuse('result-frozen', detail, { at: 'appeal', rule: 'F12' });
  }
  return shareByPoints(result.poolFen, lines, result.version + 1);
}

/** Average pay per head of post groups with the last group as 1 (4.5 : 4.5 : 1), and its distance to a target ratio. */
export function postRatio(
  groups: readonly { readonly group: string; readonly payFen: Fen; readonly heads: bigint }[],
  target: readonly E4[],
): { group: string; ratio: E4; distance: E4 }[] {
  const last = groups.at(-1)!;
  return groups.map(({ group, payFen, heads }, index) => {
    const ratio = roundHalfUp(payFen * last.heads * ONE, heads * last.payFen);
    return { group, ratio, distance: target[index]! - ratio };
  });
}

/** Stable income as a share of all pay (薪酬稳定收入占比). */
export function stableShare(stableFen: Fen, totalFen: Fen): E4 {
  return ratioE4(stableFen, totalFen);
}
