// First the bars, then the score: who may go to an order at all, and how well each of them fits.
import { daysBetween, type LocalDate } from '@yimai/kit';
import type { BarCode, Barred, Candidate, Order, Period, Person, Rules, ScorePart } from './types.ts';

/** A rest of this many days counts in full. */
const RESTED_DAYS = 365;
const GRADE_MOST = 4;

export const overlaps = (a: Period, b: Period): boolean => a.from <= b.to && b.from <= a.to;

/** The first bar that keeps a person from an order, or null. */
export function barOf(order: Order, person: Person): BarCode | null {
  if (!person.specialties.includes(order.specialty)) return 'other-specialty';
  if (person.grade < order.gradeLeast) return 'grade-below';
  if (person.home === order.site) return 'own-site';
  if (person.away.some((period) => overlaps(period, order))) return 'away';
  return null;
}

function scoreOf(order: Order, person: Person, rules: Rules): Candidate {
  const { weights } = rules;
  const wanted = order.skills.length;
  const has = order.skills.filter((skill) => person.skills.includes(skill)).length;
  const skill = wanted === 0 ? 1 : has / wanted;
  const room = GRADE_MOST - order.gradeLeast;
  const grade = room <= 0 ? 1 : Math.min((person.grade - order.gradeLeast) / room, 1);
  const rest = restDays(person, order.from);
  const rested = rest === null ? 1 : Math.min(rest / RESTED_DAYS, 1);
  const load = 1 / (1 + person.load);
  const parts = [
    part(
      'skill',
      weights.skill,
      skill,
      `所需技能 ${wanted} 项，具备 ${has} 项`,
      `has ${has} of ${wanted} skills asked for`,
    ),
    part(
      'grade',
      weights.grade,
      grade,
      `职称级别 ${person.grade}，要求 ${order.gradeLeast}`,
      `grade ${person.grade}, asked ${order.gradeLeast}`,
    ),
    part(
      'rested',
      weights.rested,
      rested,
      rest === null ? '从未下派' : `距上次下派 ${rest} 天`,
      rest === null ? 'never posted before' : `${rest} days since the last posting`,
    ),
    part('load', weights.load, load, `本年度已下派 ${person.load} 次`, `${person.load} postings this year`),
  ];
  const score = Math.round(parts.reduce((sum, one) => sum + one.points, 0) * 100) / 100;
  return { order: order.id, person: person.id, score, parts };
}

const restDays = (person: Person, from: LocalDate): number | null =>
  person.lastPosted === null ? null : Math.max(daysBetween(person.lastPosted, from), 0);

function part(name: ScorePart['part'], weight: number, fit: number, zh: string, en: string): ScorePart {
  return { part: name, weight, fit, points: Math.round(weight * fit * 100) / 100, because: { zh, en } };
}

/** All candidates of an order, best first; equal scores by person id, so that the ranking never depends on input order. */
export function rankCandidates(
  order: Order,
  people: readonly Person[],
  rules: Rules,
): { readonly candidates: readonly Candidate[]; readonly barred: readonly Barred[] } {
  const candidates: Candidate[] = [];
  const barred: Barred[] = [];
  for (const person of people) {
    const code = barOf(order, person);
    if (code === null) candidates.push(scoreOf(order, person, rules));
    else barred.push({ order: order.id, person: person.id, code });
  }
  candidates.sort((a, b) => b.score - a.score || (a.person < b.person ? -1 : 1));
  return { candidates, barred };
}
