// Follow-ups of people in programmes (随访): blood pressure and glucose four times a year, some late, some missed.
import type { Resource } from '@yimai/fhir';
import type { LocalDate } from '@yimai/kit';
import { villageDoctorAt } from './doctors.ts';
import { isEnrolled } from './files.ts';
import type { Random } from './random.ts';
import type { Resident } from './residents.ts';
import { at, reference, tagged } from './stay-resources.ts';
import { figureCode } from './systems.ts';

const DATA_KIND = 'https://yimai.example/fhir/CodeSystem/data-kind';
const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const meta = { tag: [...tagged.tag, { system: DATA_KIND, code: 'public-health' }] };

/** A follow-up is due every 13 weeks; one in ten is missed. */
export function followUps(random: Random, resident: Resident, week: number, on: LocalDate): Resource[] {
  if ((week + resident.index) % 13 !== 0) return [];
  const found: Resource[] = [];
  for (const disease of resident.diseases) {
    if (!isEnrolled(resident, disease) || random.chance(0.1)) continue;
    if (disease === 'hypertension') found.push(bloodPressure(random, resident, week, on));
    if (disease === 'diabetes') found.push(glucose(random, resident, week, on));
    if (week >= 39 && (disease === 'hypertension' || disease === 'diabetes'))
      found.push(review(random, resident, disease, on));
  }
  return found;
}

/** At the last follow-up of the year the township says whether the person was managed to the norm (规范管理). */
function review(random: Random, resident: Resident, disease: string, on: LocalDate): Resource {
  return {
    resourceType: 'Task',
    id: `${resident.id}-${disease}-review`,
    meta: tagged,
    identifier: [{ value: `${resident.id}-${disease}-review` }],
    status: 'completed',
    intent: 'order',
    code: figureCode('loop-kind', 'chronic-review'),
    businessStatus: figureCode('loop-outcome', random.chance(0.72) ? 'to-norm' : 'not-to-norm'),
    for: reference('Patient', resident.id),
    requester: reference('Organization', resident.clinic.parent!),
    owner: reference('Organization', resident.clinic.id),
    authoredOn: at(on, 9),
    executionPeriod: { start: at(on, 9), end: at(on, 10) },
  };
}

function common(resident: Resident, id: string, on: LocalDate, minute: number): Resource {
  return {
    resourceType: 'Observation',
    id,
    meta,
    status: 'final',
    subject: reference('Patient', resident.id),
    performer: [
      reference('Organization', resident.clinic.id),
      reference('Practitioner', villageDoctorAt(resident.clinic.id)),
    ],
    effectiveDateTime: at(on, 9, minute),
  };
}

const quantity = (value: number, unit: string) => ({
  valueQuantity: { value, unit, system: UCUM, code: unit },
});

function bloodPressure(random: Random, resident: Resident, week: number, on: LocalDate): Resource {
  const isHigh = random.chance(0.34);
  const systolic = isHigh ? random.between(140, 182) : random.between(112, 139);
  const diastolic = Math.min(118, Math.round(systolic * 0.6) + random.between(-8, 6));
  const part = (code: string, value: number) => ({
    code: { coding: [{ system: LOINC, code }] },
    ...quantity(value, 'mm[Hg]'),
  });
  return {
    ...common(resident, `${resident.id}-bp-${week}`, on, random.between(0, 59)),
    code: { coding: [{ system: LOINC, code: '85354-9', display: '血压' }] },
    component: [part('8480-6', systolic), part('8462-4', diastolic)],
  };
}

function glucose(random: Random, resident: Resident, week: number, on: LocalDate): Resource {
  const tenths = random.chance(0.45) ? random.between(70, 150) : random.between(46, 69);
  return {
    ...common(resident, `${resident.id}-glucose-${week}`, on, random.between(0, 59)),
    code: { coding: [{ system: LOINC, code: '14771-0', display: '空腹血糖' }] },
    ...quantity(tenths / 10, 'mmol/L'),
  };
}
