// The demo's sign-ins: one synthetic person for each chair of the county, with a password that is printed on purpose.
import type { Resource } from '@yimai/fhir';
import { personName } from './names.ts';
import { seeded } from './random.ts';
import { SYNTHETIC_TAG } from './systems.ts';

export interface StaffUser {
  readonly login: string;
  readonly role: string;
  readonly org: string;
  readonly name: string;
  readonly practitioner: string;
  readonly resource: Resource;
  readonly position: Resource;
}

export const DEMO_PASSWORD = 'yimai-demo-2026';

const CHAIRS: readonly (readonly [login: string, role: string, org: string, sex: 'male' | 'female'])[] = [
  ['director', 'bureau-director', 'bureau', 'female'],
  ['president', 'consortium-president', 'consortium', 'male'],
  ['office', 'consortium-office', 'consortium', 'female'],
  ['hr', 'hr-clerk', 'hr-centre', 'male'],
  ['finance', 'finance-clerk', 'consortium', 'female'],
  ['insurer', 'insurer-clerk', 'insurer', 'male'],
  ['inspector', 'inspector', 'supervision', 'female'],
  ['doctor', 'hospital-doctor', 'county-hospital', 'male'],
  ['nurse', 'hospital-nurse', 'county-hospital', 'female'],
  ['technician', 'technician', 'county-hospital', 'male'],
  ['coder', 'coder', 'county-hospital', 'female'],
  ['referral', 'referral-desk', 'county-hospital', 'female'],
  ['beds', 'bed-desk', 'county-hospital', 'male'],
  ['pharmacist', 'pharmacist', 'county-hospital', 'female'],
  ['township', 'township-director', 'township-1', 'male'],
  ['township-doctor', 'township-doctor', 'township-1', 'female'],
  ['public-health', 'public-health-worker', 'township-1', 'male'],
  ['village', 'village-doctor', 'clinic-1-1', 'male'],
  ['village-two', 'village-doctor', 'clinic-2-1', 'female'],
  ['expert', 'expert', 'county-hospital', 'female'],
  ['administrator-demo', 'administrator', 'consortium', 'male'],
  ['security', 'security-officer', 'consortium', 'female'],
  ['auditor', 'auditor', 'consortium', 'male'],
];

export function staffUsers(seed = 20_260_101): StaffUser[] {
  const random = seeded(seed).fork('staff');
  return CHAIRS.map(([login, role, org, sex]) => {
    const name = personName(random, sex);
    const practitioner = `staff-${login}`;
    return {
      login,
      role,
      org,
      name: name.text,
      practitioner,
      resource: {
        resourceType: 'Practitioner',
        id: practitioner,
        meta: { tag: SYNTHETIC_TAG },
        active: true,
        name: [{ text: name.text, family: name.family, given: [name.given] }],
        gender: sex,
      },
      position: {
        resourceType: 'PractitionerRole',
        id: `position-${login}`,
        meta: { tag: SYNTHETIC_TAG },
        active: true,
        practitioner: { reference: `Practitioner/${practitioner}` },
        organization: { reference: `Organization/${org}` },
      },
    };
  });
}
