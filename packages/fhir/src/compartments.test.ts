// Patients of a resource, references and row keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compartmentPatients } from './compartments.ts';
import { rowKey } from './row-key.ts';
import { SAMPLES } from './samples.ts';
import { referencesOf } from './search/references.ts';

test('[fhir F24] the subject comes first, other roles of the compartment after it, strangers not at all', () => {
  assert.deepEqual(compartmentPatients(SAMPLES.Patient), [{ type: 'Patient', id: 'resident-1' }]);
  assert.deepEqual(compartmentPatients(SAMPLES.Observation), [{ type: 'Patient', id: 'resident-1' }]);
  const observation = { ...SAMPLES.Observation, performer: [{ reference: 'Patient/performer' }] };
  assert.deepEqual(
    compartmentPatients(observation).map((one) => one.id),
    ['resident-1', 'performer'],
  );
  const appointment = {
    resourceType: 'Appointment',
    participant: [{ actor: { reference: 'Practitioner/d' } }, { actor: { reference: 'Patient/a' } }],
  };
  assert.deepEqual(
    compartmentPatients(appointment).map((one) => one.id),
    ['a'],
  );
  assert.deepEqual(compartmentPatients(SAMPLES.Organization), []);
});

test('[fhir F10] every literal reference is told with its place, contained ones of no use left out', () => {
  const found = referencesOf({
    resourceType: 'Encounter',
    contained: [{ resourceType: 'Observation', subject: { reference: 'Patient/2' } }],
    subject: { reference: 'Patient/1' },
    participant: [
      { individual: { reference: '#x' } },
      { individual: { reference: 'http://e.example/Practitioner/3' } },
    ],
  });
  assert.deepEqual(
    found.map(({ at, targetType, targetId, url }) => [at, targetType, targetId, url]),
    [
      ['Encounter.contained[0].subject', 'Patient', '2', null],
      ['Encounter.subject', 'Patient', '1', null],
      ['Encounter.participant[1].individual', 'Practitioner', null, 'http://e.example/Practitioner/3'],
    ],
  );
});

test('[fhir F25] row keys are UUIDs that depend on type and id only; a UUIDv7 keeps its time', () => {
  const v8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(rowKey('Patient', 'example'), v8);
  assert.equal(rowKey('Patient', 'example'), rowKey('Patient', 'example'));
  assert.notEqual(rowKey('Patient', 'example'), rowKey('Group', 'example'));
  const id = '019aa5f0-1234-7abc-8def-0123456789ab';
  assert.match(rowKey('Patient', id), /^019aa5f0-1234-7abc-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(rowKey('Patient', id), rowKey('Group', id));
  assert.match(rowKey('Patient', '0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'), v8);
});
