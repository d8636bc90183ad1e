// R4's vital signs: a right one of each kind passes, and each thing that the profile asks for is missed when it is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../types.ts';
import { validate } from '../validate/validate.ts';
import { VITAL_SIGN_PROFILES } from './vital-signs.ts';

const UCUM = 'http://unitsofmeasure.org';
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const quantity = (code: string) => ({ value: 1, unit: code, system: UCUM, code });
const vital = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
};
const sign = (profile: string, code: string, more: object) => ({
  resourceType: 'Observation',
  meta: { profile: [`http://hl7.org/fhir/StructureDefinition/${profile}`] },
  status: 'final',
  category: [vital],
  code: loinc(code),
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2026-11-22',
  ...more,
});
const component = (code: string, unit = 'mm[Hg]') => ({ code: loinc(code), valueQuantity: quantity(unit) });
const pressure = (more: object) =>
  sign('bp', '85354-9', { component: [component('8480-6'), component('8462-4')], ...more });
const found = (resource: object): string[] =>
  validate(resource as Resource)
    .filter((issue) => issue.severity === 'error')
    .map(({ at }) => at);

const RIGHT: Readonly<Record<string, object>> = {
  vitalsigns: sign('vitalsigns', '3140-1', { valueQuantity: quantity('m2') }),
  vitalspanel: sign('vitalspanel', '85353-1', { hasMember: [{ reference: 'Observation/2' }] }),
  resprate: sign('resprate', '9279-1', { valueQuantity: quantity('/min') }),
  heartrate: sign('heartrate', '8867-4', { valueQuantity: quantity('/min') }),
  oxygensat: sign('oxygensat', '2708-6', { valueQuantity: quantity('%') }),
  bodytemp: sign('bodytemp', '8310-5', { valueQuantity: quantity('Cel') }),
  bodyheight: sign('bodyheight', '8302-2', { valueQuantity: quantity('cm') }),
  headcircum: sign('headcircum', '9843-4', { dataAbsentReason: { text: '未测' } }),
  bodyweight: sign('bodyweight', '29463-7', { valueQuantity: quantity('kg') }),
  bmi: sign('bmi', '39156-5', { valueQuantity: quantity('kg/m2') }),
  bp: pressure({}),
};

test('[fhir F14] a vital sign that claims its R4 profile has category, subject, day, code and unit', () => {
  assert.deepEqual(VITAL_SIGN_PROFILES.map((url) => url.split('/').at(-1)).sort(), Object.keys(RIGHT).sort());
  for (const [name, right] of Object.entries(RIGHT)) {
    assert.deepEqual(found(right), [], name);
    assert.deepEqual(found({ ...right, category: undefined }), ['Observation'], name);
    assert.deepEqual(found({ ...right, subject: undefined }), ['Observation'], name);
    assert.deepEqual(found({ ...right, effectiveDateTime: undefined }), ['Observation'], name);
    const month = found({ ...right, effectiveDateTime: '2026-11' });
    assert.deepEqual(month, ['Observation.effective.ofType(dateTime)'], name);
    const other = found({ ...right, code: loinc('1-8') });
    assert.deepEqual(other, name === 'vitalsigns' ? [] : ['Observation.code'], name);
    assert.deepEqual(found({ ...right, meta: undefined, category: undefined }), [], name);
  }
});

test('[fhir F14] values of vital signs have the units of their profile, and stand where it says', () => {
  const rate = (more: object) => found({ ...RIGHT['heartrate'], ...more });
  const place = 'Observation.value.ofType(Quantity)';
  assert.deepEqual(rate({ valueQuantity: quantity('/h') }), [place]);
  assert.deepEqual(rate({ valueQuantity: { value: 1, unit: 'bpm' } }), [place]);
  assert.deepEqual(rate({ valueQuantity: { unit: '/min', system: UCUM, code: '/min' } }), [place]);
  assert.deepEqual(rate({ valueQuantity: undefined }), ['Observation']);
  assert.deepEqual(found({ ...RIGHT['bmi'], valueQuantity: undefined, dataAbsentReason: { text: '-' } }), [
    'Observation',
  ]);
  assert.deepEqual(found(pressure({ component: [component('8480-6')] })), ['Observation']);
  assert.deepEqual(found(pressure({ component: [component('8480-6'), component('8462-4', 'kPa')] })), [
    'Observation.component[1].value.ofType(Quantity)',
  ]);
  assert.deepEqual(found(pressure({ valueQuantity: quantity('mm[Hg]') })), ['Observation.value']);
  const claimed = { resourceType: 'Patient', meta: { profile: VITAL_SIGN_PROFILES.slice(0, 1) } };
  assert.deepEqual(found(claimed), ['Patient.meta.profile[0]']);
});
