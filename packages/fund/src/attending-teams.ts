// Attending-physician teams (主诊医师负责制): one responsible team per inpatient at a time, team pay sums to department pay.
import { allocate, type Fen, type LocalDate, ok, type Result, refuse } from '@yimai/kit';
import type { E4 } from './decimal.ts';

export interface Responsibility {
  readonly stay: string;
  readonly team: string;
  readonly from: LocalDate;
  /** The day on which another team takes over, not included; null while it goes on. */
  readonly until: LocalDate | null;
}

/** Hands a stay to a team, or refuses while another is responsible. */
export function assignTeam(all: readonly Responsibility[], next: Responsibility): Result<Responsibility[]> {
  const overlaps = all.some(
    ({ stay, from, until }) =>
      stay === next.stay &&
      (until === null || next.from < until) &&
      (next.until === null || from < next.until),
  );
  if (!overlaps) return ok([...all, next]);
  const detail = { zh: '同一时间只能有一个责任诊疗组', en: 'a stay has one responsible team at a time' };
  return refuse('team-already-responsible', detail, { at: 'team', rule: 'F18' });
}

/** The department's pay by the teams' points; teams in order of their names, parts sum to the pay. */
export function payTeams(departmentFen: Fen, points: ReadonlyMap<string, E4>): Map<string, Fen> {
  const teams = [...points.keys()].sort();
  const parts = allocate(
    departmentFen,
    teams.map((team) => points.get(team)!),
  );
  return new Map(teams.map((team, index) => [team, parts[index]!]));
}
