// What a path needs of a resource: nothing that it could find is passed over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTree } from '../path/compile.ts';
import { resourceNode } from '../path/node.ts';
import { parsePath } from '../path/parse.ts';
import { SAMPLES } from '../samples.ts';
import { neededProperties } from './needs.ts';
import { searchParameters } from './parameters.ts';
import { piecesFor } from './pieces.ts';
import { referredNode } from './reference-rows.ts';

const needs = (type: string, path: string) => neededProperties(type, parsePath(path));

test('[fhir F19] a path needs its first element, in the type that it asks for', () => {
  assert.deepEqual(needs('Patient', 'Patient.birthDate'), ['birthDate', '_birthDate']);
  assert.deepEqual(needs('Patient', "Patient.telecom.where(system='phone')"), ['telecom', '_telecom']);
  assert.deepEqual(needs('Observation', 'Observation.value.ofType(Quantity)'), [
    'valueQuantity',
    '_valueQuantity',
  ]);
  assert.deepEqual(needs('Observation', '(Observation.value as string)'), ['valueString', '_valueString']);
  assert.ok(needs('Observation', 'Observation.effective')?.includes('effectivePeriod'));
  assert.deepEqual(needs('Patient', 'Resource.meta.tag'), ['meta', '_meta']);
});

test('[fhir F19] a path that may find something in nothing needs nothing', () => {
  for (const path of [
    'Patient',
    'Patient.deceased.exists()',
    'Patient.active = true',
    'name',
    'Patient.name.empty()',
  ])
    assert.equal(needs('Patient', path), null, path);
});

test('[fhir F19] where what a path needs is missing, it finds nothing', () => {
  let passed = 0;
  for (const resource of Object.values(SAMPLES)) {
    const node = resourceNode(resource);
    const scope = { resource: node, root: node, context: node, resolve: referredNode };
    for (const { code, expression } of searchParameters(resource.resourceType)) {
      for (const tree of piecesFor(resource.resourceType, parsePath(expression))) {
        const needed = neededProperties(resource.resourceType, tree);
        if (!needed || needed.some((name) => (resource as { [key: string]: unknown })[name] !== undefined))
          continue;
        assert.deepEqual(compileTree(tree)(scope, [node]), [], `${resource.resourceType} ${code}`);
        passed += 1;
      }
    }
  }
  assert.ok(passed > 50, `${passed} passed over`);
});
