// A small set of our own for the full FHIRPath engine; HL7's suite runs in official-suite.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLES } from '../samples.ts';
import { evaluateFhirPath } from './full-engine.ts';

const CASES: readonly (readonly [expression: string, expected: readonly unknown[]])[] = [
  ["name.where(use = 'official').given", ['小三']],
  ["telecom.where(system = 'phone').value.startsWith('138')", [true]],
  ['birthDate < @1950-01-01', [true]],
  ['name.family & name.given', ['单小三']],
  ['deceased.exists()', [false]],
  ["iif(gender = 'female', 1, 2) + 1", [2]],
  ['%resource.id = id', [true]],
  ['%`vs-administrative-gender`', ['http://hl7.org/fhir/ValueSet/administrative-gender']],
  ["conformsTo('http://hl7.org/fhir/StructureDefinition/DomainResource')", [true]],
  ['1.580.precision()', [3]],
  ['@2026-11.precision()', [6]],
  ['%older + 1', [43]],
  ['nothing.there', []],
];

test('[fhir F23] expressions of forms and measures, with variables', () => {
  for (const [expression, expected] of CASES) {
    assert.deepEqual(evaluateFhirPath(expression, SAMPLES.Patient, { older: 42 }), expected, expression);
  }
});

test('[fhir F23] a wrong expression throws, and the resource stays as it was', () => {
  const before = JSON.stringify(SAMPLES.Patient);
  assert.throws(() => evaluateFhirPath('name.where(', SAMPLES.Patient));
  assert.throws(() => evaluateFhirPath('%unknown', SAMPLES.Patient));
  evaluateFhirPath('Patient.descendants().count()', SAMPLES.Patient);
  assert.equal(JSON.stringify(SAMPLES.Patient), before);
});
