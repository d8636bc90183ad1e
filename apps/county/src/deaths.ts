// Deaths of the year with their cause: the person's file is closed and the certificate (居民死亡医学证明) comes in.
import type { Resource } from '@yimai/fhir';
import type { LocalDate } from '@yimai/kit';
import type { Random } from './random.ts';
import type { Resident } from './residents.ts';
import { at, reference, tagged } from './stay-resources.ts';

const CAUSES: readonly (readonly [code: string, weight: number])[] = [
  ['I63.900', 20],
  ['I61.900', 12],
  ['I25.103', 16],
  ['I21.900', 10],
  ['J44.900', 14],
  ['C34.900', 12],
  ['C22.000', 5],
  ['C16.900', 5],
  ['E11.900', 3],
  ['J18.900', 5],
  ['V89.200', 4],
  ['R54.x00', 8],
];

/** Probability of dying within a year. */
export function mortality(age: number): number {
  if (age < 1) return 0.004;
  if (age < 30) return 0.0004;
  if (age < 50) return 0.0016;
  if (age < 65) return 0.006;
  return age < 75 ? 0.019 : age < 85 ? 0.055 : 0.14;
}

export function deathResources(random: Random, resident: Resident, on: LocalDate): Resource[] {
  let left = random.next() * CAUSES.reduce((sum, [, weight]) => sum + weight, 0);
  const cause = CAUSES.find(([, weight]) => {
    left -= weight;
    return left < 0;
  })![0];
  const age = { code: { coding: [{ code: 'age' }] }, valueQuantity: { value: resident.age } };
  return [
    { ...resident.resource, deceasedDateTime: on },
    {
      resourceType: 'Observation',
      id: `${resident.id}-death`,
      meta: tagged,
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '69453-9', display: '根本死因' }] },
      subject: reference('Patient', resident.id),
      performer: [reference('Organization', resident.clinic.parent!)],
      effectiveDateTime: at(on, 6),
      // One in thirty certificates lacks the cause.
      ...(random.chance(0.03) ? {} : { valueCodeableConcept: { coding: [{ code: cause }] } }),
      component: [age],
    },
  ];
}
