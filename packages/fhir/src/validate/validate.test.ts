// Each rule of the validator on small cases of our own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNationalId } from '@yimai/terms';
import { parseResourceText } from '../json/resource-text.ts';
import { SAMPLES } from '../samples.ts';
import type { Issue, Resource } from '../types.ts';
import { validate } from './validate.ts';

const errors = (resource: unknown): Issue[] =>
  validate(resource as Resource).filter((issue) => issue.severity === 'error');
const found = (resource: unknown): string[] =>
  errors(resource).map(({ code, at, rule }) => `${code} ${at} ${rule}`);
const patient = (more: object): object => ({ resourceType: 'Patient', ...more });
const observation = (more: object): object => ({ ...SAMPLES.Observation, ...more });

test('[fhir F4] our samples are right, and a field that the type does not have is not', () => {
  for (const sample of Object.values(SAMPLES)) assert.deepEqual(validate(sample), []);
  assert.deepEqual(found(patient({ nickname: 'a' })), ['structure Patient F4']);
  assert.deepEqual(found(patient({ name: [{ resourceType: 'Patient', text: 'a' }] })), [
    'structure Patient.name[0] F4',
  ]);
  assert.deepEqual(found(patient({ _name: [{ id: 'a' }] })), ['structure Patient F4']);
  assert.deepEqual(found(patient({ constructor: {}, active: true })), ['structure Patient F4']);
});

test('[fhir F5] shapes, required elements and maximum', () => {
  assert.deepEqual(found(patient({ name: { text: 'a' } })), ['structure Patient.name F5']);
  assert.deepEqual(found(patient({ gender: ['male'] })), ['structure Patient.gender F5']);
  assert.deepEqual(found(patient({ name: ['a'] })), ['structure Patient.name[0] F5']);
  const { status: _status, ...without } = SAMPLES.Observation;
  assert.deepEqual(found(without), ['required Observation F5']);
  assert.deepEqual(
    found({ ...without, _status: { extension: [{ url: 'http://x/y', valueCode: 'unknown' }] } }),
    [],
  );
});

test('[fhir F6] a choice has one type', () => {
  assert.deepEqual(found(observation({ valueString: 'a' })), ['structure Observation.value F6']);
});

test('[fhir F7] empty things and null are refused except where a sibling aligns', () => {
  assert.deepEqual(found(patient({ name: [] })), ['structure Patient.name F7']);
  assert.deepEqual(found(patient({ name: [{}] })), ['structure Patient.name[0] ele-1']);
  assert.deepEqual(found(patient({ name: [{ text: '' }] })), ['value Patient.name[0].text F8']);
  assert.deepEqual(found(patient({ gender: null })), ['structure Patient.gender F7']);
  assert.deepEqual(found(patient({ name: [{ given: ['a', null] }] })), [
    'structure Patient.name[0].given[1] F7',
  ]);
  const extension = { extension: [{ url: 'http://x/y', valueString: 'b' }] };
  assert.deepEqual(found(patient({ name: [{ given: ['a', null], _given: [null, extension] }] })), []);
  assert.deepEqual(found(patient({ name: [{ given: ['a'], _given: [null, null] }] })), [
    'structure Patient.name[0].given[1] F7',
  ]);
  // An id says something of a value that is there, and nothing alone.
  assert.deepEqual(found(patient({ birthDate: '1970', _birthDate: { id: 'a1' } })), []);
  assert.deepEqual(found(patient({ birthDate: '1970', _birthDate: {} })), [
    'structure Patient.birthDate ele-1',
  ]);
  assert.deepEqual(found(patient({ _birthDate: { id: 'a1' } })), ['structure Patient.birthDate ele-1']);
});

test('[fhir F8] a whole number has no point and no exponent; an element id stands once in its resource', () => {
  const birth = (digits: string) => {
    const parsed = parseResourceText(`{"resourceType":"Patient","multipleBirthInteger":${digits}}`);
    assert.ok(parsed.ok);
    return found(parsed.value.resource);
  };
  assert.deepEqual(birth('12'), []);
  for (const digits of ['12.0', '1e1', '1E0'])
    assert.deepEqual(birth(digits), ['value Patient.multipleBirth.ofType(integer) F8'], digits);
  const twice = {
    name: [{ id: 'n', text: 'a' }],
    contact: [{ id: 'n', gender: 'male', name: { text: 'b' } }],
  };
  assert.deepEqual(found(patient(twice)), ['duplicate Patient.contact[0].id F8']);
  const inside = {
    resourceType: 'Organization',
    id: 'o',
    name: 'c',
    contact: [{ id: 'n', name: { text: 'd' } }],
  };
  const reference = { managingOrganization: { reference: '#o' } };
  assert.deepEqual(found(patient({ name: [{ id: 'n', text: 'a' }], contained: [inside], ...reference })), []);
});

test('[fhir F8] primitives have their form and dates exist', () => {
  const bad: readonly (readonly [object, string])[] = [
    [{ birthDate: '2023-02-29' }, 'Patient.birthDate'],
    [{ birthDate: '2023-13-01' }, 'Patient.birthDate'],
    [{ birthDate: '0000' }, 'Patient.birthDate'],
    [{ birthDate: 19900101 }, 'Patient.birthDate'],
    [{ active: 'true' }, 'Patient.active'],
    [{ id: 'a/b' }, 'Patient.id'],
    [{ id: 'a'.repeat(65) }, 'Patient.id'],
    [{ multipleBirthInteger: 1.5 }, 'Patient.multipleBirth.ofType(integer)'],
    [{ multipleBirthInteger: 2 ** 31 }, 'Patient.multipleBirth.ofType(integer)'],
    [{ deceasedDateTime: '2020-01-01T10:00:00' }, 'Patient.deceased.ofType(dateTime)'],
    [{ deceasedDateTime: '2020-01-01T24:00:00Z' }, 'Patient.deceased.ofType(dateTime)'],
    [{ meta: { lastUpdated: '2020-01-01' } }, 'Patient.meta.lastUpdated'],
    [{ photo: [{ contentType: 'image/png', data: 'abc.' }] }, 'Patient.photo[0].data'],
    [{ implicitRules: 'a b' }, 'Patient.implicitRules'],
    [{ name: [{ text: 'a\u0000b' }] }, 'Patient.name[0].text'],
    [{ name: [{ text: 'a\ud800' }] }, 'Patient.name[0].text'],
    [{ identifier: [{ system: 'urn:uuid:XYZ', value: 'a' }] }, 'Patient.identifier[0].system'],
    [{ identifier: [{ system: 'urn:oid:9.1', value: 'a' }] }, 'Patient.identifier[0].system'],
    [{ language: ' zh' }, 'Patient.language'],
  ];
  for (const [more, at] of bad) assert.deepEqual(found(patient(more)), [`value ${at} F8`]);
  assert.deepEqual(
    found(patient({ birthDate: '2024-02-29', deceasedDateTime: '2025-06-30T23:59:60+08:00' })),
    [],
  );
});

test('[fhir F9] codes of a required binding come from their value set', () => {
  assert.deepEqual(found(patient({ gender: 'M' })), ['code-invalid Patient.gender F9']);
  const system = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
  const condition = (clinicalStatus: object) => ({
    resourceType: 'Condition',
    subject: { reference: 'Patient/1' },
    clinicalStatus,
  });
  assert.deepEqual(found(condition({ coding: [{ system, code: 'active' }] })), []);
  assert.deepEqual(found(condition({ coding: [{ system, code: 'actif' }] })), [
    'code-invalid Condition.clinicalStatus F9',
  ]);
  assert.deepEqual(found(condition({ text: 'active' })), ['code-invalid Condition.clinicalStatus F9']);
});

test('[fhir F10] references lead to allowed types in the right form', () => {
  const about = (subject: object) => found(observation({ subject }));
  assert.deepEqual(about({ reference: 'Practitioner/1' }), ['structure Observation.subject F10']);
  assert.deepEqual(about({ reference: 'http://elsewhere.example/fhir/Practitioner/1' }), [
    'structure Observation.subject F10',
  ]);
  assert.deepEqual(about({ reference: 'patient-1' }), ['value Observation.subject F10']);
  assert.deepEqual(about({ reference: 'Patient/1', type: 'Group' }), ['value Observation.subject F10']);
  for (const reference of [
    'Patient/1',
    'Patient/1/_history/2',
    'Patient?identifier=a|b',
    'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
  ]) {
    assert.deepEqual(about({ reference }), []);
  }
});

test('[fhir F11] contained resources are named, used and plain', () => {
  const holding = (one: object, reference = '#p') =>
    observation({ contained: [one], subject: { reference } });
  assert.deepEqual(found(holding({ resourceType: 'Patient', id: 'p', active: true })), []);
  assert.deepEqual(found(holding({ resourceType: 'Patient', id: 'p', active: true }, 'Patient/1')), [
    'invariant Observation dom-3',
  ]);
  assert.deepEqual(found(holding({ resourceType: 'Patient', id: 'p', active: true }, '#q')), [
    'invariant Observation.subject ref-1',
    'invariant Observation dom-3',
  ]);
  assert.deepEqual(found(holding({ resourceType: 'Patient', id: 'p', meta: { versionId: '1' } })), [
    'invariant Observation dom-4',
  ]);
  assert.deepEqual(found(holding({ resourceType: 'Patient', id: 'p', gender: 'x' })), [
    'code-invalid Observation.contained[0].gender F9',
  ]);
});

test('[fhir F12] extensions, systems and attachments', () => {
  assert.deepEqual(found(patient({ extension: [{ url: 'http://x/y' }] })), [
    'invariant Patient.extension[0] ext-1',
  ]);
  const birthPlace = 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace';
  assert.deepEqual(found(patient({ extension: [{ url: birthPlace, valueString: 'a' }] })), [
    'structure Patient.extension[0] F12',
  ]);
  assert.deepEqual(found(patient({ identifier: [{ system: 'mine', value: '1' }] })), [
    'value Patient.identifier[0].system F12',
  ]);
  assert.deepEqual(found(patient({ identifier: [{ system: 'urn:ietf:rfc:3986', value: '1' }] })), [
    'value Patient.identifier[0].value F12',
  ]);
  assert.deepEqual(found(patient({ photo: [{ contentType: 'image/png', data: 'aGVsbG8=', size: 6 }] })), [
    'value Patient.photo[0] F12',
  ]);
  assert.deepEqual(found(patient({ photo: [{ contentType: 'image/png', data: 'aGVsbG8=', size: 5 }] })), []);
});

test('[fhir F13] bundles', () => {
  const entry = { fullUrl: 'http://x.example/Patient/1', resource: { resourceType: 'Patient', id: '1' } };
  const bundle = (more: object) => found({ resourceType: 'Bundle', type: 'collection', ...more });
  assert.deepEqual(bundle({ entry: [entry] }), []);
  assert.deepEqual(bundle({ entry: [entry, entry] }), ['duplicate Bundle.entry[1] bdl-7']);
  assert.deepEqual(bundle({ entry: [{ ...entry, fullUrl: 'Patient/1' }] }), ['value Bundle.entry[0] F13']);
  assert.deepEqual(bundle({ entry: [{ ...entry, fullUrl: 'http://x.example/Patient/2' }] }), [
    'value Bundle.entry[0] F13',
  ]);
  assert.deepEqual(bundle({ type: 'transaction', entry: [entry] }), ['invariant Bundle.entry[0] bdl-3']);
  assert.deepEqual(
    bundle({
      link: [
        { relation: 'self', url: 'u:1' },
        { relation: 'self', url: 'u:2' },
      ],
    }),
    ['duplicate Bundle.link[1] F13'],
  );
  assert.deepEqual(
    bundle({ entry: [{ ...entry, resource: { resourceType: 'Patient', id: '1', gender: 'x' } }] }),
    ['code-invalid Bundle.entry[0].resource.gender F9'],
  );
  assert.deepEqual(
    bundle({ entry: [{ ...entry, resource: { resourceType: 'Nobody' } }] })[0],
    'structure Bundle.entry[0].resource undefined',
  );
});

test('[fhir F13] a document holds together', () => {
  const subject = { reference: 'Patient/1' };
  const coded = { coding: [{ system: 'http://loinc.org', code: '11503-0' }] };
  const composition = {
    resourceType: 'Composition',
    id: 'c',
    status: 'final',
    type: coded,
    date: '2026-11-20',
    title: 'a',
    author: [{ reference: 'Patient/1' }],
    subject,
  };
  const entry = (resource: { resourceType: string; id: string }) => ({
    fullUrl: `http://x.example/${resource.resourceType}/${resource.id}`,
    resource,
  });
  const person = entry({ resourceType: 'Patient', id: '1' });
  const goal = {
    resourceType: 'Goal',
    id: 'g',
    lifecycleStatus: 'active',
    description: { text: 'a' },
    subject,
  };
  const document = (...entries: object[]) =>
    found({
      resourceType: 'Bundle',
      type: 'document',
      identifier: { system: 'http://s', value: '1' },
      timestamp: '2026-11-20T08:00:00Z',
      entry: [entry(composition), ...entries],
    });
  assert.deepEqual(document(person, entry(goal)), []);
  assert.deepEqual(document(person, entry({ resourceType: 'Patient', id: '2' })), [
    'not-found Bundle.entry[2] F13',
  ]);
  assert.deepEqual(document(), [
    'not-found Bundle.entry[0].resource.subject F13',
    'not-found Bundle.entry[0].resource.author[0] F13',
  ]);
  assert.deepEqual(document(person, person), [
    'duplicate Bundle.entry[2] bdl-7',
    'duplicate Bundle.entry[0].resource.subject F13',
    'duplicate Bundle.entry[0].resource.author[0] F13',
  ]);
});

test('[fhir F16] narratives hold nothing that runs', () => {
  const told = (inner: string) =>
    found(
      patient({
        text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>` },
      }),
    );
  for (const inner of [
    '<script>alert(1)</script>',
    '<p onclick="a()">x</p>',
    '<a href="java&#115;cript:a()">x</a>',
    '<a href=" java\tscript:a()">x</a>',
    '<iframe src="http://x"></iframe>',
    '<p>x',
    '<p>x</b></p>',
    'a & b',
    '<p style="width:expression(a)">x</p>',
    '</div><div>x',
    '<!DOCTYPE html>x',
  ]) {
    assert.deepEqual(told(inner), ['invariant Patient.text.div txt-1'], inner);
  }
  assert.deepEqual(told('  '), ['invariant Patient.text.div txt-2']);
  assert.deepEqual(told('<p class="a">张三 &amp; <b>x</b><br/><a href="https://x">y</a><!-- c --></p>'), []);
});

test('[fhir F17] invariants hold, with unclear dates in favour of the data', () => {
  const period = (start: string, end: string) => found({ ...SAMPLES.Encounter, period: { start, end } });
  assert.deepEqual(period('2026-02-01', '2026-01-01'), ['invariant Encounter.period per-1']);
  assert.deepEqual(period('2026-01-15', '2026-01'), []);
  assert.deepEqual(period('2026-01-01T23:00:00Z', '2026-01-02T06:00:00+08:00'), [
    'invariant Encounter.period per-1',
  ]);
  assert.deepEqual(found(patient({ telecom: [{ value: '1' }] })), ['invariant Patient.telecom[0] cpt-2']);
  assert.deepEqual(found(observation({ dataAbsentReason: { text: 'a' } })), ['invariant Observation obs-6']);
});

test('[fhir F14] our profiles are checked when claimed', () => {
  const base = SAMPLES.Patient;
  assert.deepEqual(found({ ...base, gender: undefined }), ['required Patient F14']);
  const wrongId = { system: 'https://yimai.example/id/national-id', value: '110105194912310021' };
  assert.deepEqual(found({ ...base, identifier: [wrongId] }), ['value Patient.identifier[0].value F14']);
  assert.deepEqual(found({ ...base, meta: {}, identifier: [wrongId] }), ['structure Patient.meta ele-1']);
  const { meta: _meta, ...unclaimed } = base;
  assert.deepEqual(found({ ...unclaimed, identifier: [wrongId] }), []);
  const [ethnicity, region] = base.extension;
  const people = { ...ethnicity, valueCoding: { ...ethnicity.valueCoding, code: '57' } };
  assert.deepEqual(found({ ...base, extension: [people, region] }), [
    'value Patient.extension[0].value.ofType(Coding).code F14',
  ]);
  const organization = {
    ...SAMPLES.Organization,
    identifier: [{ system: 'https://www.cods.org.cn', value: '91350100M000100Y44' }],
  };
  assert.deepEqual(found(organization), ['value Organization.identifier[0].value F14']);
  const condition = { ...SAMPLES.Condition, code: { text: '高血压' } };
  assert.deepEqual(found(condition), ['value Condition.code.coding F14']);
  const warnings = validate({ ...base, gender: 'male' }).map(({ severity, at }) => `${severity} ${at}`);
  assert.deepEqual(warnings, ['warning Patient.gender']);

  // Days to come are known to who says which day it is.
  const tomorrow = { ...base, identifier: [{ system: 'urn:mrn', value: '1' }], birthDate: '2026-11-23' };
  const errorsOn = (resource: unknown, now?: string) =>
    validate(resource as Resource, now === undefined ? {} : { now: new Date(now) })
      .filter((issue) => issue.severity === 'error')
      .map(({ at }) => at);
  const number = '1101052099123100';
  const last = [...'0123456789X'].find((one) => isNationalId(`${number}2${one}`));
  const unborn = { ...base, identifier: [{ system: wrongId.system, value: `${number}2${last}` }] };
  assert.deepEqual(errorsOn(unborn), []);
  assert.deepEqual(errorsOn(unborn, '2026-11-22T12:00:00Z'), ['Patient.identifier']);
  assert.deepEqual(errorsOn(tomorrow, '2026-11-22T12:00:00Z'), ['Patient.birthDate']);
  assert.deepEqual(errorsOn(tomorrow, '2026-11-22T18:00:00Z'), []);
});

test('[fhir F15] an unknown profile is a warning, and profiles can be left out', () => {
  const claimed = { resourceType: 'Patient', meta: { profile: ['https://other.example/p'] }, active: true };
  assert.deepEqual(
    validate(claimed).map(({ severity, code, at }) => [severity, code, at]),
    [['warning', 'not-supported', 'Patient.meta.profile[0]']],
  );
  assert.deepEqual(validate(claimed, { profiles: false }), []);
});
