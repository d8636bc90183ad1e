// FHIRPath Patch: every operation on elements of every shape, and what it refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyFhirPathPatch } from './fhirpath-patch.ts';

type Part = { readonly name: string; readonly [value: string]: unknown };
const operation = (...part: Part[]) => ({ name: 'operation', part });
const step = (type: string, path: string, ...more: Part[]) =>
  operation({ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more);
const patch = (text: string, ...parameter: object[]) =>
  applyFhirPathPatch(text, JSON.stringify({ resourceType: 'Parameters', parameter }));

const PATIENT =
  '{"resourceType":"Patient","id":"p","active":true,"name":[{"family":"甲","given":["一","二"],' +
  '"_given":[null,{"id":"g"}]}],"deceasedBoolean":false,"contact":[{"gender":"male"}]}';

test('[fhir F27] add, insert, replace, delete and move change the element that the path finds, and nothing else', () => {
  const cases: [object, object][] = [
    [
      step(
        'add',
        'Patient',
        { name: 'name', valueString: 'birthDate' },
        { name: 'value', valueDate: '2000' },
      ),
      { birthDate: '2000' },
    ],
    [
      step(
        'add',
        'Patient.name[0]',
        { name: 'name', valueString: 'given' },
        { name: 'value', valueString: '三' },
      ),
      { name: [{ family: '甲', given: ['一', '二', '三'], _given: [null, { id: 'g' }, null] }] },
    ],
    [
      step(
        'add',
        'Patient',
        { name: 'name', valueString: 'contact' },
        {
          name: 'value',
          part: [
            { name: 'gender', valueCode: 'female' },
            { name: 'name', valueHumanName: { text: '乙' } },
            { name: 'telecom', valueContactPoint: { value: '1' } },
          ],
        },
      ),
      {
        contact: [{ gender: 'male' }, { gender: 'female', name: { text: '乙' }, telecom: [{ value: '1' }] }],
      },
    ],
    [
      step(
        'insert',
        'Patient.name.given',
        { name: 'index', valueInteger: 0 },
        { name: 'value', valueString: '零' },
      ),
      { name: [{ family: '甲', given: ['零', '一', '二'], _given: [null, null, { id: 'g' }] }] },
    ],
    [
      step(
        'insert',
        'Patient.address',
        { name: 'index', valueInteger: 0 },
        { name: 'value', valueAddress: { city: '丙' } },
      ),
      { address: [{ city: '丙' }] },
    ],
    [step('replace', 'Patient.active', { name: 'value', valueBoolean: false }), { active: false }],
    [
      step('replace', 'Patient.deceased', { name: 'value', valueDateTime: '2020' }),
      { deceasedBoolean: undefined, deceasedDateTime: '2020' },
    ],
    [
      step('replace', "Patient.name.given.where($this = '二')", { name: 'value', valueString: '贰' }),
      { name: [{ family: '甲', given: ['一', '贰'], _given: [null, { id: 'g' }] }] },
    ],
    [
      step('delete', 'Patient.name[0].given[0]'),
      { name: [{ family: '甲', given: ['二'], _given: [{ id: 'g' }] }] },
    ],
    [step('delete', 'Patient.contact.gender'), { contact: undefined }],
    [step('delete', 'Patient.photo'), {}],
    [
      step(
        'move',
        'Patient.name.given',
        { name: 'source', valueInteger: 1 },
        { name: 'destination', valueInteger: 0 },
      ),
      { name: [{ family: '甲', given: ['二', '一'], _given: [{ id: 'g' }, null] }] },
    ],
  ];
  for (const [one, change] of cases) {
    const patched = patch(PATIENT, one);
    assert.ok(patched.ok, JSON.stringify(patched));
    const expected = JSON.parse(JSON.stringify({ ...JSON.parse(PATIENT), ...change }));
    assert.deepEqual(JSON.parse(patched.value), expected, JSON.stringify(one));
  }
});

test('[fhir F27] untouched numbers keep their digits, and so do those that come with the patch', () => {
  const text =
    '{"resourceType":"Observation","status":"final","valueQuantity":{"value":1.00},"component":[]}';
  const body =
    '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},' +
    '{"name":"path","valueString":"Observation.value.value"},{"name":"value","valueDecimal":2.50}]},' +
    '{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Observation.status"},' +
    '{"name":"value","valueCode":"amended"}]}]}';
  const patched = applyFhirPathPatch(text, body);
  assert.ok(patched.ok && patched.value.includes('"value":2.50') && patched.value.includes('"amended"'));
  const other = patch(text, step('replace', 'Observation.status', { name: 'value', valueCode: 'amended' }));
  assert.ok(other.ok && other.value.includes('"value":1.00'));
});

test('[fhir F27] a step that does not fit is refused with its place', () => {
  const given = { name: 'value', valueString: 'x' };
  const refused: [object, string][] = [
    [step('replace', 'Patient.name.given', given), 'patch-failed'],
    [step('replace', 'Patient.photo', given), 'patch-failed'],
    [step('add', 'Patient', { name: 'name', valueString: 'shoeSize' }, given), 'patch-failed'],
    [step('add', 'Patient', { name: 'name', valueString: '__proto__' }, given), 'patch-failed'],
    [step('add', 'Patient', { name: 'name', valueString: 'active' }, given), 'patch-failed'],
    [step('insert', 'Patient.name.given', { name: 'index', valueInteger: 9 }, given), 'patch-failed'],
    [step('insert', 'Patient.active', { name: 'index', valueInteger: 0 }, given), 'patch-failed'],
    [step('delete', 'Patient.name.given'), 'patch-failed'],
    [step('delete', "Patient.name.given.matches('(a+)+$')"), 'patch-failed'],
    [step('delete', 'Patient.('), 'patch-failed'],
    [step('replace', 'Patient.active'), 'patch-malformed'],
    [step('fold', 'Patient.active', given), 'patch-malformed'],
    [{ name: 'operation' }, 'patch-malformed'],
  ];
  for (const [one, code] of refused) {
    const answer = patch(PATIENT, one);
    assert.ok(!answer.ok, JSON.stringify(one));
    assert.equal(answer.refusal.code, code, JSON.stringify(one));
    assert.equal(answer.refusal.at, 'Parameters.parameter[0]');
  }
  assert.equal(applyFhirPathPatch(PATIENT, '{"resourceType":"Patient"}').ok, false);
});
