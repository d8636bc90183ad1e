// The resources of the benchmark: organisations, residents and blood pressures of a synthetic county, by running number.

/** Every fifth resource is a Patient; the four after it are observations of that person. */
export const PATIENTS_SHARE = 5;

/** Half of all residents belong to the first hospital, one in a thousand to the last clinic, the others in between. */
export const HOSPITAL = 'bench-org-0';
export const CLINIC = 'bench-org-19';
const ORGANIZATIONS = 20;

export const resourceId = (index: number): string => `bench-${index}`;
export const patientOf = (index: number): number => index - (index % PATIENTS_SHARE);

export function organizationOf(patient: number): string {
  const turn = patient / PATIENTS_SHARE;
  if (turn % 1000 === 999) return CLINIC;
  return turn % 2 === 0 ? HOSPITAL : `bench-org-${1 + (((turn - 1) / 2) % (ORGANIZATIONS - 2))}`;
}

/** A resident of the hospital that the benchmark's doctor works at, near the one given. */
export const hospitalPatient = (index: number): number => index - (index % (2 * PATIENTS_SHARE));

export function organizationTexts(): string[] {
  return Array.from({ length: ORGANIZATIONS }, (_, index) =>
    JSON.stringify({ resourceType: 'Organization', id: `bench-org-${index}`, name: `合成机构${index}` }),
  );
}

export function resourceText(index: number): string {
  return index % PATIENTS_SHARE === 0 ? patientText(index) : observationText(index);
}

function patientText(index: number): string {
  return JSON.stringify({
    resourceType: 'Patient',
    id: resourceId(index),
    identifier: [{ system: 'urn:yimai:bench', value: `B${index}` }],
    name: [{ text: `测试${index}`, family: '测', given: [`试${index}`] }],
    gender: index % 2 === 0 ? 'female' : 'male',
    birthDate: `${1930 + (index % 80)}-0${1 + (index % 9)}-1${index % 10}`,
    address: [{ text: '合成县合成镇', district: '合成县' }],
    managingOrganization: { reference: `Organization/${organizationOf(index)}` },
  });
}

export function observationText(index: number): string {
  const patient = patientOf(index);
  return JSON.stringify({
    resourceType: 'Observation',
    id: resourceId(index),
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '8480-6', display: '收缩压' }] },
    subject: { reference: `Patient/${resourceId(patient)}` },
    effectiveDateTime: `2026-0${1 + (index % 9)}-1${index % 10}T08:00:00+08:00`,
    performer: [{ reference: `Organization/${organizationOf(patient)}` }],
    valueQuantity: {
      value: 100 + (index % 90),
      unit: 'mmHg',
      system: 'http://unitsofmeasure.org',
      code: 'mm[Hg]',
    },
  });
}

/** What a client posts: an observation of a resident of the hospital, without an id. */
export const postedText = (turn: number, resources: number): string =>
  observationText(hospitalPatient((turn * 7919) % resources) + 1).replace(/"id":"[^"]*",/, '');
