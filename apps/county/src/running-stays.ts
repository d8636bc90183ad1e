// Patients who lie in the wards on the last day: drafts of their lists, with what they have cost so far.
import type { Resource } from '@yimai/fhir';
import { addDays, type LocalDate } from '@yimai/kit';
import { seeded } from './random.ts';
import type { Resident } from './residents.ts';
import { at, careTeamOf, claimOfStay, reference, tagged } from './stay-resources.ts';
import { type Admission, admissionOf, departmentOf } from './stays.ts';
import { ENCOUNTER_CLASS_SYSTEM, VISIT_NUMBER_SYSTEM } from './systems.ts';

interface Fact {
  readonly category: { readonly coding: readonly { readonly code: string }[] };
}

/** One in two hundred lies in a house of the county, in a small county some more; some cost more than their group is paid. */
export function runningStays(people: readonly Resident[], until: LocalDate): Resource[] {
  const every = Math.max(20, Math.min(200, Math.round(people.length / 12)));
  return people
    .filter(({ index, payer, age }) => index % every === 7 && payer !== null && age > 0)
    .flatMap((resident) => {
      const random = seeded(resident.index + 1).fork('running');
      const admittedOn = addDays(until, -random.between(2, 16));
      const stay = admissionOf(random, resident, admittedOn);
      if (stay.site === 'O') return [];
      const id = `running-${resident.index + 1}`;
      const soFar = { ...stay, costFen: (stay.costFen * BigInt(random.between(40, 190))) / 100n };
      const claim = claimOfStay(soFar, id);
      const facts = (claim['supportingInfo'] as Fact[]).filter(
        ({ category }) => category.coding[0]?.code !== 'stay-days',
      );
      return [
        {
          resourceType: 'Encounter',
          id,
          meta: tagged,
          identifier: [{ system: VISIT_NUMBER_SYSTEM, value: id }],
          status: 'in-progress',
          class: { system: ENCOUNTER_CLASS_SYSTEM, code: 'IMP' },
          subject: reference('Patient', resident.id),
          serviceProvider: reference('Organization', departmentOf(stay)),
          period: { start: at(admittedOn, 9, 20) },
        },
        {
          ...claim,
          ...careTeamOf(wardOf(stay)),
          resourceType: 'Claim',
          id: `${id}-list`,
          status: 'draft',
          created: until,
          billablePeriod: { start: admittedOn },
          supportingInfo: facts,
        },
      ];
    });
}

/** Who signs in as the county hospital's doctor has the ward of internal medicine: see `doctorsOfStay`. */
const wardOf = (stay: Admission): Admission => ({ ...stay, costFen: stay.costFen - (stay.costFen % 3n) });
