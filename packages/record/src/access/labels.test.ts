// Labels: every R4 type has a kind, locks follow from codes and labels, a tag never widens, no person becomes an object.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceTypes, rowKey } from '@yimai/fhir';
import type { Resource } from '../types.ts';
import { loadKinds } from './kinds.ts';
import { makeLabels } from './labels.ts';

const rules = loadKinds();
const labelsOf = makeLabels(rules);
const KINDS = 'https://yimai.example/fhir/CodeSystem/data-kind';

test('[access A1] every R4 type has a kind of the list, with and without a resident', () => {
  for (const resourceType of resourceTypes()) {
    if (['Resource', 'DomainResource'].includes(resourceType)) continue;
    for (const more of [{}, { subject: { reference: 'Patient/p' } }]) {
      const { kind } = labelsOf({ resourceType, id: 'x', ...more });
      assert.ok(rules.kinds.has(kind), `${resourceType} is ${kind}`);
    }
  }
});

test('[access A1] a resource about a resident is never of a kind without persons', () => {
  const patient = { reference: 'Patient/p' };
  for (const [type, either] of rules.either) {
    assert.ok(rules.kinds.has(either.patient) && rules.kinds.has(either.other), type);
    if (!['ResearchSubject', 'Subscription', 'MessageHeader'].includes(type))
      assert.ok(rules.kinds.get(either.patient)!.person, `${type} about a resident`);
  }
  const subjects: [Record<string, unknown>, string][] = [
    [{ subject: patient }, 'clinical-result'],
    [{ subject: { identifier: { system: 'urn:x', value: '1' } } }, 'clinical-result'],
    [{ subject: { display: '某人' } }, 'clinical-result'],
    [{ subject: { reference: '#p' }, contained: [{ resourceType: 'Patient', id: 'p' }] }, 'clinical-result'],
    [{ subject: { reference: 'urn:uuid:0b4f5b38-7c1c-4c8e-9d8e-111111111111' } }, 'clinical-result'],
    [{}, 'clinical-result'],
    [{ subject: { reference: 'Device/pool' } }, 'object'],
    [{ subject: { reference: 'Location/kitchen' } }, 'object'],
    [{ subject: { reference: '#d' }, contained: [{ resourceType: 'Device', id: 'd' }] }, 'object'],
  ];
  for (const [more, kind] of subjects)
    assert.equal(labelsOf({ resourceType: 'Observation', ...more }).kind, kind, JSON.stringify(more));
});

test('[access A1] a tag chooses among the kinds of its type and never makes a resident’s data data of no one', () => {
  const tagged = (resourceType: string, code: string, more = {}) =>
    labelsOf({
      resourceType,
      meta: { tag: [{ system: KINDS, code }] },
      subject: { reference: 'Patient/p' },
      ...more,
    }).kind;
  assert.equal(tagged('Observation', 'public-health'), 'public-health');
  assert.equal(tagged('Condition', 'public-health'), 'public-health');
  assert.equal(tagged('Observation', 'organisation'), 'clinical-result');
  assert.equal(tagged('Basic', 'figure'), 'clinical-note');
  assert.equal(tagged('Basic', 'figure', { subject: undefined }), 'figure');
  assert.equal(tagged('QuestionnaireResponse', 'work'), 'screening');
});

test('[access A2] locks: the edges of each range, any element, any depth', () => {
  const locksOf = (system: string, code: string) =>
    labelsOf({ resourceType: 'Encounter', reasonCode: [{ coding: [{ system, code }] }] }).locks;
  const icd = 'http://hl7.org/fhir/sid/icd-10';
  const cases: [string, string[]][] = [
    ['B19.9', []],
    ['B20', ['hiv']],
    ['B24', ['hiv']],
    ['B25', []],
    ['Z21', ['hiv']],
    ['Z21.x00', ['hiv']],
    ['E99', []],
    ['F00', ['mental']],
    ['F02.4', ['hiv', 'mental']],
    ['F99', ['mental']],
    ['F99.x01', ['mental']],
    ['G00', []],
    ['O04.9', ['reproductive']],
    ['O09', []],
    ['Z64.0', ['reproductive']],
    ['Z64.1', []],
  ];
  for (const [code, locks] of cases) assert.deepEqual(locksOf(icd, code), locks, code);
  assert.deepEqual(
    locksOf('http://hl7.org/fhir/sid/icd-10-cn', 'b20.1'),
    ['hiv'],
    'any case, any ICD-10 system',
  );
  assert.deepEqual(locksOf('http://example.org/beds', 'B20'), [], 'a bed number is no diagnosis');
  const deep = {
    resourceType: 'Claim',
    diagnosis: [{ diagnosisCodeableConcept: { coding: [{ system: icd, code: 'B23' }] } }],
  };
  assert.deepEqual(labelsOf(deep).locks, ['hiv']);
  const contained = {
    resourceType: 'Observation',
    contained: [{ resourceType: 'Condition', code: { coding: [{ system: icd, code: 'F32' }] } }],
  };
  assert.deepEqual(labelsOf(contained).locks, ['mental']);
  const security = (system: string, code: string) =>
    labelsOf({ resourceType: 'Observation', meta: { security: [{ system, code }] } }).locks;
  assert.deepEqual(security('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'HIV'), ['hiv']);
  assert.deepEqual(security('https://yimai.example/fhir/CodeSystem/data-lock', 'minor'), ['minor']);
  assert.deepEqual(security('urn:other', 'HIV'), []);
});

test('[access A3] owner and resident: by the element of the type, else the keeper; definitions belong to all', () => {
  const keeper = { org: rowKey('Organization', 'mine') };
  const org = (id: string) => ({ reference: `Organization/${id}` });
  const owner = (resource: Resource) => labelsOf(resource, keeper).org;
  assert.equal(owner({ resourceType: 'Encounter', serviceProvider: org('a') }), rowKey('Organization', 'a'));
  assert.equal(
    owner({ resourceType: 'Task', owner: org('b'), requester: org('a') }),
    rowKey('Organization', 'a'),
  );
  assert.equal(
    owner({ resourceType: 'Organization', id: 'a', partOf: org('b') }),
    rowKey('Organization', 'a'),
  );
  assert.equal(owner({ resourceType: 'Condition', subject: { reference: 'Patient/p' } }), keeper.org);
  assert.equal(owner({ resourceType: 'Questionnaire', publisher: 'x' }), null);
  const patient = (resource: Resource) => labelsOf(resource).patient;
  const p = rowKey('Patient', 'p');
  assert.equal(patient({ resourceType: 'Patient', id: 'p' }), p);
  assert.equal(patient({ resourceType: 'Task', for: { reference: 'Patient/p' } }), p);
  assert.equal(patient({ resourceType: 'Coverage', beneficiary: { reference: 'Patient/p/_history/2' } }), p);
  assert.equal(patient({ resourceType: 'Contract', subject: [org('a'), { reference: 'Patient/p' }] }), p);
  assert.equal(
    patient({
      resourceType: 'Appointment',
      participant: [{ actor: org('a') }, { actor: { reference: 'Patient/p' } }],
    }),
    p,
  );
  assert.equal(patient({ resourceType: 'Binary', securityContext: { reference: 'Patient/p' } }), p);
});
