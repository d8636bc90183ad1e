// Synthetic residents in households: age and sex as in a county of the south-west, ID numbers of region 99 with a right
// check digit, phones that cannot be dialled.
import type { Resource } from '@yimai/fhir';
import { addDays, fullYears, type LocalDate } from '@yimai/kit';
import { nationalIdCheckDigit } from '@yimai/terms';
import { type Disease, diseasesOf } from './diseases.ts';
import { familyName, personName } from './names.ts';
import { COUNTY_NAME, type Place, places, REGION } from './places.ts';
import { type Random, seeded } from './random.ts';
import { figureExtension, SYNTHETIC_TAG } from './systems.ts';

const NATIONAL_ID_SYSTEM = 'https://yimai.example/id/national-id';
const HOUSEHOLD_SYSTEM = 'https://yimai.example/id/household';

export interface Resident {
  readonly index: number;
  readonly id: string;
  readonly sex: 'male' | 'female';
  readonly birth: LocalDate;
  readonly clinic: Place;
  readonly village: string;
  /** Full years on the day that the county is shown. */
  readonly age: number;
  /** Diseases that the person knows of. */
  readonly diseases: readonly Disease[];
  readonly payer: 'employee' | 'resident' | null;
  readonly resource: Resource;
}

/** Shares of ten-year age groups, youngest first (third census group figures of the sources in docs: 20 % over 60). */
const AGE_SHARES = [0.11, 0.12, 0.11, 0.13, 0.15, 0.17, 0.11, 0.06, 0.03, 0.01];

/** `count` residents as of `today`, household by household, spread over the clinics by turns. */
export function* residents(count: number, today: LocalDate, seed = 20_260_101): Generator<Resident> {
  const random = seeded(seed).fork('residents');
  const clinics = places().filter((place) => place.kind === 'village-clinic');
  let index = 0;
  for (let household = 0; index < count; household += 1) {
    const clinic = clinics[household % clinics.length]!;
    const village = random.pick(clinic.villages);
    const size = Math.min(1 + Math.floor(random.next() * random.next() * 7), count - index);
    const family = familyName(random);
    for (let member = 0; member < size; member += 1) {
      const married = member === 1 || random.chance(0.2);
      yield resident(random, {
        index,
        household,
        clinic,
        village,
        today,
        family: married ? familyName(random) : family,
      });
      index += 1;
    }
  }
}

interface Draft {
  readonly index: number;
  readonly household: number;
  readonly clinic: Place;
  readonly village: string;
  readonly today: LocalDate;
  readonly family: string;
}

function resident(random: Random, draft: Draft): Resident {
  const sex = random.chance(0.515) ? 'male' : 'female';
  const birth = birthDate(random, draft.today);
  const name = personName(random, sex, draft.family);
  const id = `resident-${draft.index + 1}`;
  const identity = nationalId(draft.index, sex, birth);
  const age = fullYears(birth, draft.today);
  const luck = seeded(draft.index + 1).fork('health');
  const payer = luck.chance(0.97) ? (age >= 22 && luck.chance(0.14) ? 'employee' : 'resident') : null;
  const resource: Resource = {
    resourceType: 'Patient',
    id,
    meta: { tag: SYNTHETIC_TAG },
    identifier: [
      { system: NATIONAL_ID_SYSTEM, value: identity },
      { system: HOUSEHOLD_SYSTEM, value: `H${String(draft.household + 1).padStart(6, '0')}` },
    ],
    extension: [figureExtension('insured', { valueBoolean: payer !== null })],
    active: true,
    name: [{ text: name.text, family: name.family, given: [name.given] }],
    ...(random.chance(0.85)
      ? {
          telecom: [
            { system: 'phone', use: 'mobile', value: `000${String(draft.index + 1).padStart(8, '0')}` },
          ],
        }
      : {}),
    gender: sex,
    birthDate: birth,
    address: [{ text: `${COUNTY_NAME}${draft.village}${random.between(1, 12)}组（虚构）`, district: REGION }],
    managingOrganization: { reference: `Organization/${draft.clinic.id}` },
  };
  return {
    index: draft.index,
    id,
    sex,
    birth,
    clinic: draft.clinic,
    village: draft.village,
    age,
    diseases: diseasesOf(luck, sex, age),
    payer,
    resource,
  };
}

function birthDate(random: Random, today: LocalDate): LocalDate {
  const at = random.next();
  let upTo = 0;
  const decade = AGE_SHARES.findIndex((share) => {
    upTo += share;
    return at < upTo;
  });
  const years = (decade < 0 ? 9 : decade) * 10 + random.next() * 10;
  return addDays(today, -Math.floor(years * 365.2425) - 1);
}

/** Region 99…: no real person can have it; the sequence tells residents born on one day apart. */
export function nationalId(index: number, sex: 'male' | 'female', birth: LocalDate): string {
  const sequence = ((index * 2) % 998) + (sex === 'male' ? 1 : 2);
  const township = String(1 + (Math.floor(index / 499) % 79)).padStart(2, '0');
  const first17 = `${REGION.slice(0, 4)}${township}${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  return first17 + nationalIdCheckDigit(first17);
}
