// What happens to the residents in one week: births, visits, stays, follow-ups, deaths. The same week is always the same.
import type { Resource } from '@yimai/fhir';
import { addDays, type LocalDate } from '@yimai/kit';
import { deathResources, mortality } from './deaths.ts';
import { contractOf, fileResources } from './files.ts';
import { followUps } from './follow-ups.ts';
import { type Random, seeded } from './random.ts';
import type { Resident } from './residents.ts';
import { stayResources } from './stay-resources.ts';
import { type Admission, admissionOf, admissionsAYear, birthOf } from './stays.ts';
import { type Visit, visitOf, visitResources, visitsAYear } from './visits.ts';

export const WEEKS = 52;
const WEEKS_A_YEAR = 365.25 / 7;

export interface Year {
  /** The first day of week 0. */
  readonly begins: LocalDate;
  readonly seed: number;
  /** Residents who have died so far. */
  readonly dead: Set<number>;
  onVisit(visit: Visit): void;
  onStay(stay: Admission, id: string): void;
}

/** The day of week `week` on which a year of 52 weeks that ends on `until` has it. */
export const yearBefore = (until: LocalDate): LocalDate => addDays(until, -7 * WEEKS);

export function isBornBefore(resident: Resident, day: LocalDate): boolean {
  return resident.birth < day;
}

export function* opening(resident: Resident, year: Year): Generator<Resource> {
  if (!isBornBefore(resident, year.begins)) return;
  yield* fileResources(resident, year.begins);
  const contract = contractOf(resident, year.begins);
  if (contract) yield contract;
}

export interface Week {
  readonly week: number;
  readonly monday: LocalDate;
  readonly next: LocalDate;
}

export function weekAt(year: Year, week: number): Week {
  const monday = addDays(year.begins, 7 * week);
  return { week, monday, next: addDays(monday, 7) };
}

export function* weekOf(resident: Resident, { week, monday, next }: Week, year: Year): Generator<Resource> {
  if (!isBornBefore(resident, next) || year.dead.has(resident.index)) return;
  const random = seeded(
    Math.imul(resident.index + 1, 2_654_435_761) ^ Math.imul(week + 1, 40_503) ^ year.seed,
  );
  const day = () => addDays(monday, random.between(0, 6));
  if (!isBornBefore(resident, monday) && !isBornBefore(resident, year.begins)) {
    yield* birth(random, resident, year);
    return;
  }
  for (
    let nth = times(random, visitsAYear(resident.age, resident.diseases.length) / WEEKS_A_YEAR);
    nth > 0;
    nth -= 1
  ) {
    const visit = visitOf(random, resident, day());
    year.onVisit(visit);
    yield* visitResources(visit, `visit-${resident.index + 1}-${week}-${nth}`);
  }
  yield* followUps(random, resident, week, day());
  if (random.chance(admissionsAYear(resident.age, resident.diseases.length) / WEEKS_A_YEAR)) {
    const stay = admissionOf(random, resident, day());
    const id = `stay-${resident.index + 1}-${week}`;
    year.onStay(stay, id);
    yield* stayResources(stay, id);
    if (stay.dischargeWay === '5') yield* death(random, resident, stay.dischargedOn, year);
  } else if (random.chance((mortality(resident.age) * 0.85) / WEEKS_A_YEAR)) {
    yield* death(random, resident, day(), year);
  }
}

function* birth(random: Random, resident: Resident, year: Year): Generator<Resource> {
  yield* fileResources(resident, year.begins);
  if (!random.chance(0.75)) return;
  const stay = birthOf(random, resident);
  // Who is still in the ward when the year ends has no discharge to settle.
  if (stay.dischargedOn >= addDays(year.begins, 7 * WEEKS)) return;
  const id = `stay-${resident.index + 1}-birth`;
  year.onStay(stay, id);
  yield* stayResources(stay, id);
}

function* death(random: Random, resident: Resident, on: LocalDate, year: Year): Generator<Resource> {
  year.dead.add(resident.index);
  yield* deathResources(random, resident, on);
}

/** How often something happens in a week that happens `mean` times on average (Poisson). */
function times(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  return count;
}
