// The numbers of search parameters never collide, and every type has its parameters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceTypes } from '../definitions/load.ts';
import { fnv1a32, ofTypeParameterId, searchParameter, searchParameters } from './parameters.ts';

test('[fhir F18] no two parameters or components of R4 share a number', () => {
  const seen = new Map<number, string>();
  const add = (id: number, name: string): void => {
    assert.ok(Number.isInteger(id) && id >= -(2 ** 31) && id < 2 ** 31);
    assert.equal(seen.get(id) ?? name, name);
    seen.set(id, name);
  };
  for (const type of resourceTypes()) {
    for (const { code, paramId, components = [] } of searchParameters(type)) {
      add(paramId, `${type}.${code}`);
      add(ofTypeParameterId(type, code), `${type}.${code}:of-type`);
      components.forEach((one, at) => {
        add(one.paramId, `${type}.${code}.${at}`);
      });
    }
  }
  assert.equal(resourceTypes().length, 146);
  assert.ok(seen.size > 3000);
});

test('[fhir F18] parameters of a type, of all types, and none of strangers', () => {
  assert.equal(fnv1a32(''), 0x811c9dc5 | 0);
  assert.equal(searchParameter('Patient', 'birthdate')?.kind, 'date');
  assert.deepEqual(searchParameter('Observation', 'subject')?.targets, [
    'Group',
    'Device',
    'Patient',
    'Location',
  ]);
  for (const code of ['_id', '_lastUpdated', '_tag', '_profile', '_security', '_source']) {
    assert.ok(searchParameter('Observation', code), code);
  }
  const composite = searchParameter('Observation', 'code-value-quantity');
  assert.deepEqual(
    composite?.components?.map((one) => one.kind),
    ['token', 'quantity'],
  );
  assert.equal(searchParameter('Patient', 'toString'), undefined);
  assert.deepEqual(searchParameters('Nobody'), []);
});
