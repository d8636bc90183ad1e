// Resources of our own for tests and benches. All persons are synthetic.
import {
  ETHNICITY_EXTENSION,
  ETHNICITY_SYSTEM,
  ICD_10_SYSTEM,
  ORGANISATION_LEVEL_EXTENSION,
  ORGANISATION_LEVEL_SYSTEM,
  PROFILE_BASE,
  REGION_EXTENSION,
  REGION_SYSTEM,
} from './profiles/systems.ts';
import type { Resource } from './types.ts';

const claims = (name: string) => ({ profile: [`${PROFILE_BASE}${name}`] });
const coded = (system: string, code: string, display: string) => ({
  coding: [{ system, code, display }],
  text: display,
});
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

export const SAMPLES = {
  Patient: {
    resourceType: 'Patient',
    id: 'resident-1',
    meta: claims('yimai-patient'),
    extension: [
      { url: ETHNICITY_EXTENSION, valueCoding: { system: ETHNICITY_SYSTEM, code: '03', display: '回族' } },
      { url: REGION_EXTENSION, valueCoding: { system: REGION_SYSTEM, code: '532301001002' } },
    ],
    identifier: [{ system: 'https://yimai.example/id/national-id', value: '11010519491231002X' }],
    name: [{ use: 'official', text: '单小三', family: '单', given: ['小三'] }],
    telecom: [{ system: 'phone', value: '13800138000', use: 'mobile' }],
    gender: 'female',
    birthDate: '1949-12-31',
    address: [{ text: '示例县示例乡示例村 1 号', district: '示例县' }],
    managingOrganization: { reference: 'Organization/township-1' },
  },
  Observation: {
    resourceType: 'Observation',
    id: 'glucose-1',
    status: 'final',
    category: [coded(CATEGORY, 'laboratory', 'Laboratory')],
    code: coded('http://loinc.org', '15074-8', 'Glucose [Moles/volume] in Blood'),
    subject: { reference: 'Patient/resident-1' },
    encounter: { reference: 'Encounter/visit-1' },
    effectiveDateTime: '2026-11-20T08:30:00+08:00',
    performer: [{ reference: 'Practitioner/doctor-1' }],
    valueQuantity: { value: 5.4, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    referenceRange: [{ low: { value: 3.9, unit: 'mmol/L' }, high: { value: 6.1, unit: 'mmol/L' } }],
  },
  Encounter: {
    resourceType: 'Encounter',
    id: 'visit-1',
    meta: claims('yimai-encounter'),
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: 'Patient/resident-1' },
    participant: [{ individual: { reference: 'Practitioner/doctor-1' } }],
    period: { start: '2026-11-20T08:00:00+08:00', end: '2026-11-20T09:00:00+08:00' },
    serviceProvider: { reference: 'Organization/township-1' },
  },
  Condition: {
    resourceType: 'Condition',
    id: 'condition-1',
    meta: claims('yimai-condition'),
    clinicalStatus: coded(CLINICAL, 'active', 'Active'),
    code: coded(ICD_10_SYSTEM, 'I10.x00', '特发性（原发性）高血压'),
    subject: { reference: 'Patient/resident-1' },
    onsetDateTime: '2020-03',
  },
  Organization: {
    resourceType: 'Organization',
    id: 'township-1',
    meta: claims('yimai-organization'),
    extension: [
      {
        url: ORGANISATION_LEVEL_EXTENSION,
        valueCoding: { system: ORGANISATION_LEVEL_SYSTEM, code: 'township' },
      },
    ],
    identifier: [{ system: 'https://www.cods.org.cn', value: '91350100M000100Y43' }],
    name: '示例乡卫生院',
  },
  ServiceRequest: {
    resourceType: 'ServiceRequest',
    id: 'referral-1',
    meta: claims('yimai-servicerequest-referral'),
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/resident-1' },
    requester: { reference: 'Organization/township-1' },
    performer: [{ reference: 'Organization/county-1' }],
    authoredOn: '2026-11-20',
    reasonCode: [{ text: '血压控制不佳' }],
  },
} as const satisfies Record<string, Resource>;
