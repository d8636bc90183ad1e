// For the cases of access: the words of a case as FHIR resources of synthetic people.
import { addDays, addMonths, chinaDate } from '@yimai/kit';
import type { Resource } from '../types.ts';

export type Words = Readonly<Record<string, unknown>>;

export interface Names {
  readonly now: Date;
  /** `Type/id` of a name of the case. */
  ref(type: string, name: string): string;
}

const one = (words: Words, key: string): string | undefined => {
  const value = words[key];
  return value === undefined ? undefined : String(value);
};
const concept = (system: string, code: string) => ({ coding: [{ system, code }] });
const idOf = (reference: string): string => reference.slice(reference.indexOf('/') + 1);
const LOCKS = 'https://yimai.example/fhir/CodeSystem/data-lock';
const KINDS = 'https://yimai.example/fhir/CodeSystem/data-kind';

/** The resource that a `record`, `visit`, `referral` … step of a case means; `name` is what the case calls it. */
export function resourceOf(verb: string, name: string, words: Words, names: Names): Resource {
  const kind = verb === 'record' || verb === 'writes' ? one(words, 'kind')! : verb;
  const patient = words['of'] ? { reference: names.ref('Patient', one(words, 'of')!) } : undefined;
  const org = words['at'] ? { reference: names.ref('Organization', one(words, 'at')!) } : undefined;
  const made = BUILD[kind]!({ words, names, patient: patient!, org: org!, name });
  const meta = words['label'] ? { meta: { security: [{ system: LOCKS, code: one(words, 'label')! }] } } : {};
  return { ...meta, ...made, id: idOf(names.ref(made.resourceType, name)) };
}

interface Parts {
  readonly words: Words;
  readonly names: Names;
  readonly patient: { readonly reference: string };
  readonly org: { readonly reference: string };
  readonly name: string;
}

const BUILD: Readonly<Record<string, (parts: Parts) => Resource>> = {
  resident({ words, names, org, name }) {
    const born = one(words, 'born') ?? bornAgo(words, names.now) ?? '1960-05-06';
    const idNumber = one(words, 'id-number');
    const phone = one(words, 'phone');
    return {
      resourceType: 'Patient',
      name: [{ text: name, family: name[0]!, given: [name.slice(1) || '某'] }],
      gender: 'female',
      birthDate: born,
      managingOrganization: org,
      ...(idNumber
        ? { identifier: [{ system: 'https://yimai.example/id/national-id', value: idNumber }] }
        : {}),
      ...(phone ? { telecom: [{ system: 'phone', value: phone }] } : {}),
      ...(words['link'] ? { link: [{ other: { reference: one(words, 'link')! }, type: 'seealso' }] } : {}),
    };
  },
  visit({ words, names, patient, org }) {
    const state = one(words, 'state') ?? 'open';
    const ended = state === 'ended' ? { end: names.now.toISOString() } : {};
    return {
      resourceType: 'Encounter',
      status: { open: 'in-progress', ended: 'finished', mistake: 'entered-in-error' }[state]!,
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      subject: patient,
      serviceProvider: org,
      period: { start: '2026-03-01T08:00:00+08:00', ...ended },
      ...(words['reason']
        ? { reasonCode: [concept('http://hl7.org/fhir/sid/icd-10', one(words, 'reason')!)] }
        : {}),
      ...(words['diagnosis']
        ? { diagnosis: [{ condition: { reference: names.ref('Condition', one(words, 'diagnosis')!) } }] }
        : {}),
    };
  },
  diagnosis: ({ words, names, patient }) => ({
    resourceType: 'Condition',
    clinicalStatus: concept('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
    code: concept('http://hl7.org/fhir/sid/icd-10', one(words, 'code')!),
    subject: patient,
    ...(words['during'] ? { encounter: { reference: names.ref('Encounter', one(words, 'during')!) } } : {}),
  }),
  note: ({ patient, org, names, name }) => ({
    resourceType: 'Composition',
    status: 'final',
    type: concept('http://loinc.org', '11506-3'),
    date: names.now.toISOString(),
    author: [org],
    custodian: org,
    title: name,
    subject: patient,
  }),
  result: ({ words, patient }) => ({
    resourceType: 'Observation',
    status: 'final',
    code: concept('http://loinc.org', one(words, 'loinc') ?? '718-7'),
    subject: patient,
  }),
  'unnamed-result': () => ({
    resourceType: 'Observation',
    status: 'final',
    code: concept('http://loinc.org', '718-7'),
    subject: { display: '无名氏' },
  }),
  prescription: ({ words, patient }) => ({
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: concept('http://www.whocc.no/atc', one(words, 'atc') ?? 'C09AA02'),
    subject: patient,
  }),
  claim: ({ words, names, patient, org }) => ({
    resourceType: 'Claim',
    status: 'active',
    type: concept('http://terminology.hl7.org/CodeSystem/claim-type', 'institutional'),
    use: 'claim',
    patient,
    created: names.now.toISOString(),
    provider: org,
    priority: concept('http://terminology.hl7.org/CodeSystem/processpriority', 'normal'),
    insurance: [{ sequence: 1, focal: true, coverage: { display: '居民医保' } }],
    ...(words['during']
      ? {
          item: [
            {
              sequence: 1,
              productOrService: { text: '床位费' },
              encounter: [{ reference: names.ref('Encounter', one(words, 'during')!) }],
            },
          ],
        }
      : {}),
  }),
  'follow-up': ({ patient }) => ({
    resourceType: 'QuestionnaireResponse',
    meta: { tag: [{ system: KINDS, code: 'public-health' }] },
    status: 'completed',
    subject: patient,
  }),
  'joined-file': ({ patient }) => entryOf('file-link', 'resident-identities', patient),
  'package-member': ({ patient }) => entryOf('paid-package', 'chronic-package-members', patient),
  check: ({ words, names }) => ({
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    subject: { reference: names.ref('Device', one(words, 'on')!) },
    author: { reference: names.ref('Practitioner', one(words, 'by')!) },
  }),
  object: ({ name }) => ({ resourceType: 'Device', deviceName: [{ name, type: 'user-friendly-name' }] }),
  work: ({ words, names }) => ({
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    requester: { reference: names.ref('Organization', one(words, 'from')!) },
    owner: { reference: names.ref('Organization', one(words, 'to')!) },
    ...(words['about'] ? { for: { reference: names.ref('Patient', one(words, 'about')!) } } : {}),
  }),
  referral: ({ words, names, patient }) => ({
    resourceType: 'ServiceRequest',
    status: one(words, 'state') === 'ended' ? 'completed' : 'active',
    intent: 'order',
    subject: patient,
    authoredOn: '2026-03-01T08:00:00+08:00',
    requester: { reference: names.ref('Organization', one(words, 'from')!) },
    performer: [
      {
        reference: words['to-person']
          ? names.ref('Practitioner', one(words, 'to-person')!)
          : names.ref('Organization', one(words, 'to')!),
      },
    ],
  }),
  consent: consentOf,
  'consent-denial': (parts) => consentOf({ ...parts, words: { is: 'denies' } }),
  guardian: ({ words, names }) => ({
    resourceType: 'RelatedPerson',
    active: one(words, 'state') !== 'ended',
    patient: { reference: names.ref('Patient', one(words, 'child')!) },
  }),
};

/** An entry of a register about a resident, as the registers store it. */
const entryOf = (kind: string, register: string, patient: { readonly reference: string }): Resource => ({
  resourceType: 'Basic',
  meta: { tag: [{ system: KINDS, code: kind }] },
  code: concept('https://yimai.example/fhir/CodeSystem/register', register),
  subject: patient,
});

function consentOf({ words, names, patient, org }: Parts): Resource {
  const is = one(words, 'is')!;
  const days = words['for-days'];
  const denial = {
    type: 'deny',
    ...(org ? { actor: [{ role: { text: '被拒绝的机构' }, reference: org }] } : {}),
    ...(words['kind'] && words['kind'] !== 'consent-denial'
      ? { code: [concept(KINDS, one(words, 'kind')!)] }
      : {}),
    ...(days ? { period: { end: addDays(chinaDate(names.now), Number(days)) } } : {}),
  };
  return {
    resourceType: 'Consent',
    status: is === 'withdrawn' ? 'inactive' : 'active',
    scope: concept('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy'),
    category: [concept('http://loinc.org', '59284-0')],
    patient,
    policyRule: { text: '县域医共体健康信息共享授权书' },
    ...(is === 'denies' ? { provision: denial } : {}),
  };
}

// `born-years-ago: 14, minus-days: -5`: the fourteenth birthday comes in five days.
function bornAgo(words: Words, now: Date): string | undefined {
  if (words['born-years-ago'] === undefined) return undefined;
  const birthday = addDays(chinaDate(now), -Number(words['minus-days'] ?? 0));
  return addMonths(birthday, -12 * Number(words['born-years-ago']));
}
