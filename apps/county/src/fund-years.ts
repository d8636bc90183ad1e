// Which years of the fund a played county shows: the last that has closed, and those up to the day on which the play ends.
// Lists of stays before the play begins come as the insurer brings them when it takes the system over: claims without files.

import type { Resource } from '@yimai/fhir';
import { shippedRuleSets } from '@yimai/fund';
import { addDays, type LocalDate, localDate } from '@yimai/kit';
import { seeded } from './random.ts';
import type { Resident } from './residents.ts';
import { claimOfStay } from './stay-resources.ts';
import { admissionOf, admissionsAYear } from './stays.ts';

export const RULES = 'consortium-county';
/** By this day of January the year before has been cleared, published and paid. */
const CLOSED_BY = '01-31';
const WEEKS_A_YEAR = 365.25 / 7;
/** Fewer were admitted than in the played year, so that the closed year has a surplus. */
const FEWER = 0.86;

/** The closed year first, the running one last; only those that have rules. */
export function fundYears(until: LocalDate): readonly string[] {
  const running = Number(until.slice(0, 4));
  const closed = until.slice(5) >= CLOSED_BY ? running - 1 : running - 2;
  const years = Array.from({ length: running - closed + 1 }, (_, nth) => `${closed + nth}`);
  const shipped = shippedRuleSets();
  return years.filter((year) => shipped.includes(`${RULES}/${year}`));
}

/** Lists of stays that ended before the play begins, from the first day of the closed year. */
export function* earlierLists(
  people: readonly Resident[],
  { begins, until, seed }: { readonly begins: LocalDate; readonly until: LocalDate; readonly seed: number },
): Generator<readonly [number, Resource]> {
  const [closed] = fundYears(until);
  if (closed === undefined) return;
  const weeks = weeksBack(begins, localDate(`${closed}-01-01`));
  for (const one of people) {
    if (one.payer === null) continue;
    const random = seeded(Math.imul(one.index + 1, 2_246_822_519) ^ seed);
    const chance = (FEWER * admissionsAYear(one.age, one.diseases.length)) / WEEKS_A_YEAR;
    for (const { week, monday, bornBefore } of weeks) {
      if (one.birth >= bornBefore) break;
      if (!random.chance(chance)) continue;
      const stay = admissionOf(random, one, addDays(monday, random.between(0, 6)));
      yield [one.index, claimOfStay(stay, `earlier-${one.index + 1}-${week}`)];
    }
  }
}

/** The same for everybody, so reckoned once: weeks back to `first`, and who was old enough in them. */
function weeksBack(begins: LocalDate, first: LocalDate) {
  const weeks: { readonly week: number; readonly monday: LocalDate; readonly bornBefore: LocalDate }[] = [];
  for (let week = 1; ; week += 1) {
    const monday = addDays(begins, -7 * week);
    if (monday < first) return weeks;
    weeks.push({ week, monday, bornBefore: addDays(monday, -60) });
  }
}
