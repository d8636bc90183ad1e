// A pool of pay shared among people: by work points, by posts, by merit, by attending teams, from the surplus. Pure.
//
// Every plan has slips that sum to its pool to the fen, and every slip the lines (work records, posts, stays) that made it.
import { allocate, type Fen, type LocalDate, ok, type Result, refuse, roundHalfUp } from '@yimai/kit';
import { payTeams } from './attending-teams.ts';
import { type E4, ONE, ratioE4 } from './decimal.ts';
import { postRatio, shareByMerit, shareByPosts } from './pay-pool.ts';
import type { PayRules, TeamRole } from './pay-rules.ts';
import { type ServiceRecord, workPoints } from './work-points.ts';

export interface SlipLine {
  /** The record it came from: `Encounter/1`, `PractitionerRole/7`. */
  readonly record: string;
  readonly item: string;
  readonly on: LocalDate | null;
  readonly quantity: E4;
  readonly points: E4;
}

export interface PaySlip {
  readonly person: string;
  readonly department: string;
  readonly points: E4;
  readonly shareFen: Fen;
  readonly lines: readonly SlipLine[];
}

export interface GroupPay {
  readonly group: string;
  readonly heads: number;
  readonly payFen: Fen;
  readonly perHeadFen: Fen;
  /** Average pay per head with the last group as 1, and what is missing to the target. */
  readonly ratio: E4;
  readonly target: E4;
  readonly distance: E4;
}

export interface TeamPay {
  readonly team: string;
  readonly stays: number;
  readonly caseMixIndex: E4;
  readonly payFen: Fen;
}

export interface PayPlan {
  readonly poolFen: Fen;
  readonly slips: readonly PaySlip[];
  readonly groups: readonly GroupPay[];
  readonly teams: readonly TeamPay[];
  /** All shares are the same: what merit pay is not meant to be. */
  readonly isEqualShare: boolean;
  /** Records that could not be counted, by reason. */
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[];
}

export interface PersonWork extends Omit<ServiceRecord, 'role' | 'adjustments' | 'deduction'> {
  readonly department: string;
}

/** Lowers the points of one record, with the reason that stands on the slip's appeal. */
export interface Deduction {
  readonly record: string;
  readonly points: E4;
}

/** Work points (RBRVS): value × quantity, less the deductions that name the record. */
export function planWorkPay(
  poolFen: Fen,
  work: readonly PersonWork[],
  rules: Pick<PayRules, 'values'>,
  deductions: readonly Deduction[] = [],
): Result<PayPlan> {
  const lowered = new Map(deductions.map(({ record, points }) => [record, points]));
  const unknown = deductions.findIndex(({ record }) => !work.some(({ id }) => id === record));
  if (unknown >= 0) {
    const detail = { zh: '扣分所指的工作记录不存在', en: 'the deduction names no work record' };
    return refuse('deduction-without-record', detail, { at: `deductions[${unknown}]`, rule: 'F12' });
  }
  const lines = workPoints(
    work.map((one) => ({ ...one, role: ONE, adjustments: [], deduction: lowered.get(one.id) ?? 0n })),
    rules.values,
  );
  if (!lines.ok) return lines;
  return shareOut(
    poolFen,
    work.map((one, index) => ({ ...one, points: lines.value[index]!.points })),
  );
}

/** `exact` is what the pool is shared by where points are rounded for reading. */
type Pointed = PersonWork & { readonly points: E4; readonly exact?: bigint };

function shareOut(poolFen: Fen, work: readonly Pointed[]): Result<PayPlan> {
  const people = new Map<string, { department: string; points: E4; exact: bigint; lines: SlipLine[] }>();
  for (const { id, person, department, item, on, quantity, points, exact = points } of work) {
    if (points <= 0n) continue;
    const one = people.get(person) ?? { department, points: 0n, exact: 0n, lines: [] };
    one.points += points;
    one.exact += exact;
    one.lines.push({ record: id, item, on, quantity: quantity * ONE, points });
    people.set(person, one);
  }
  const ordered = [...people].sort(([left], [right]) => (left < right ? -1 : 1));
  if (ordered.length === 0) return noPoints();
  const parts = allocate(
    poolFen,
    ordered.map(([, { exact }]) => exact),
  );
  const slips = ordered.map(([person, { department, points, lines }], index) => ({
    person,
    department,
    points,
    shareFen: parts[index]!,
    lines: lines.sort((left, right) => (left.record < right.record ? -1 : 1)),
  }));
  return ok({ ...NOTHING, poolFen, slips, isEqualShare: isEqual(parts) });
}

const NOTHING = { groups: [], teams: [], isEqualShare: false, leftOut: [] } as const;

function noPoints(): Result<never> {
  const detail = { zh: '没有可分配的工分', en: 'there are no points to share by' };
  return refuse('no-points', detail, { at: 'lines', rule: 'F12' });
}

function isEqual(parts: readonly Fen[]): boolean {
  const sorted = [...parts].sort((left, right) => (left < right ? -1 : 1));
  return sorted.length > 1 && sorted.at(-1)! - sorted[0]! <= 1n;
}

/** Township merit: each person's work counts by the appraisal score; who was not appraised gets nothing. */
export function planMeritPay(
  poolFen: Fen,
  work: readonly PersonWork[],
  scores: ReadonlyMap<string, E4>,
  rules: Pick<PayRules, 'values'>,
): Result<PayPlan> {
  const made = planWorkPay(poolFen, work, rules);
  if (!made.ok) return made;
  const missing = made.value.slips.find(({ person }) => !scores.has(person));
  if (missing !== undefined) {
    const detail = { zh: '有人员尚未考核', en: 'somebody has not been appraised' };
    return refuse('not-appraised', detail, { at: `scores.${missing.person}`, rule: 'F12' });
  }
  const shared = shareByMerit(
    poolFen,
    made.value.slips.map(({ person, points }) => ({
      unit: person,
      base: points,
      score: scores.get(person)!,
    })),
  );
  if (!shared.ok) return shared;
  const { shares, isEqualShare } = shared.value;
  const slips = made.value.slips.map((slip, index) => ({ ...slip, shareFen: shares[index]!.shareFen }));
  return ok({ ...made.value, slips, isEqualShare });
}

export interface PersonPost {
  readonly id: string;
  readonly person: string;
  readonly department: string;
  /** A kind of post of the rules, such as `nurse`. */
  readonly kind: string;
}

/** Post ratio: a unit per head and weight; a group's sum is shared evenly, the fen by order of the persons. */
export function planPostPay(
  poolFen: Fen,
  posts: readonly PersonPost[],
  rules: Pick<PayRules, 'posts'>,
): Result<PayPlan> {
  const groupOf = new Map(
    rules.posts.flatMap(({ group, kinds }) => kinds.map((kind) => [kind, group] as const)),
  );
  const inGroup = rules.posts.map((group) => ({
    ...group,
    people: [
      ...new Map(
        posts.filter(({ kind }) => groupOf.get(kind) === group.group).map((one) => [one.person, one]),
      ),
    ]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, one]) => one),
  }));
  const filled = inGroup.filter(({ people }) => people.length > 0);
  if (filled.length === 0) return noPoints();
  const shared = shareByPosts(
    poolFen,
    filled.map(({ group, people, weight }) => ({ group, heads: BigInt(people.length), weight })),
  );
  const slips = filled.flatMap(({ people, weight }, index) => {
    const parts = allocate(
      shared[index]!.totalFen,
      people.map(() => 1n),
    );
    return people.map((one, nth) => ({
      person: one.person,
      department: one.department,
      points: weight,
      shareFen: parts[nth]!,
      lines: [{ record: one.id, item: one.kind, on: null, quantity: ONE, points: weight }],
    }));
  });
  const pays = filled.map(({ group, people }, index) => ({
    group,
    payFen: shared[index]!.totalFen,
    heads: BigInt(people.length),
  }));
  const ratios = postRatio(
    pays,
    filled.map(({ target }) => ratioE4(target, filled.at(-1)!.target)),
  );
  const unknown = posts.filter(({ kind }) => !groupOf.has(kind)).length;
  return ok({
    ...NOTHING,
    poolFen,
    slips: slips.sort((left, right) => (left.person < right.person ? -1 : 1)),
    groups: filled.map(({ group, people, target }, index) => ({
      group,
      heads: people.length,
      payFen: shared[index]!.totalFen,
      perHeadFen: shared[index]!.perHeadFen,
      ratio: ratios[index]!.ratio,
      target: ratioE4(target, filled.at(-1)!.target),
      distance: ratios[index]!.distance,
    })),
    leftOut: unknown === 0 ? [] : [{ reason: 'post-without-group', count: unknown }],
  });
}

export interface TeamStay {
  readonly id: string;
  readonly on: LocalDate;
  readonly department: string;
  /** Relative weight of the stay's group; 0 without a group. */
  readonly weight: E4;
  readonly members: readonly { readonly person: string; readonly role: TeamRole }[];
}

/** Attending teams: a stay counts for the one doctor responsible; a team's pay is shared by the roles of its stays. */
export function planTeamPay(
  poolFen: Fen,
  stays: readonly TeamStay[],
  rules: Pick<PayRules, 'teamRoles'>,
): Result<PayPlan> {
  const shareOf = new Map(rules.teamRoles.map(({ role, share }) => [role, share]));
  const teams = new Map<string, { points: E4; stays: number; work: Pointed[] }>();
  let without = 0;
  for (const stay of stays) {
    const responsible = stay.members.filter(({ role }) => role === 'responsible');
    if (responsible.length !== 1 || stay.weight <= 0n) {
      if (responsible.length > 1) return manyTeams(stay.id);
      without += 1;
      continue;
    }
    const name = responsible[0]!.person;
    const team = teams.get(name) ?? { points: 0n, stays: 0, work: [] };
    team.points += stay.weight;
    team.stays += 1;
    for (const { person, role } of stay.members) {
      const exact = stay.weight * (shareOf.get(role) ?? 0n);
      const points = roundHalfUp(exact, ONE);
      const { id, on, department } = stay;
      team.work.push({ id, person, on, department, item: `team-${role}`, quantity: 1n, points, exact });
    }
    teams.set(name, team);
  }
  if (teams.size === 0) return noPoints();
  const pays = payTeams(poolFen, new Map([...teams].map(([name, { points }]) => [name, points])));
  const slips = new Map<string, PaySlip>();
  for (const [name, { work }] of [...teams].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const inTeam = shareOut(pays.get(name)!, work);
    if (!inTeam.ok) return inTeam;
    for (const slip of inTeam.value.slips) slips.set(slip.person, joined(slips.get(slip.person), slip));
  }
  const made = [...slips.values()].sort((left, right) => (left.person < right.person ? -1 : 1));
  return ok({
    ...NOTHING,
    poolFen,
    slips: made,
    teams: [...pays].map(([team, payFen]) => ({
      team,
      payFen,
      stays: teams.get(team)!.stays,
      caseMixIndex: teams.get(team)!.points / BigInt(teams.get(team)!.stays),
    })),
    isEqualShare: isEqual(made.map(({ shareFen }) => shareFen)),
    leftOut: without === 0 ? [] : [{ reason: 'stay-without-team-or-group', count: without }],
  });
}

function manyTeams(stay: string): Result<never> {
  const detail = { zh: `住院 ${stay} 有两个责任诊疗组`, en: `stay ${stay} has two responsible teams` };
  return refuse('team-already-responsible', detail, { at: `stays.${stay}`, rule: 'F18' });
}

function joined(before: PaySlip | undefined, slip: PaySlip): PaySlip {
  if (before === undefined) return slip;
  return {
    ...before,
    points: before.points + slip.points,
    shareFen: before.shareFen + slip.shareFen,
    lines: [...before.lines, ...slip.lines],
  };
}
