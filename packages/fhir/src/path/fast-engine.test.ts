// The fast engine gives what the full engine gives.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readSearchParameters } from '../definitions/load.ts';
import { SAMPLES } from '../samples.ts';
import { testData } from '../test-data.ts';
import type { Resource } from '../types.ts';
import { compilePath } from './compile.ts';
import { evaluateFhirPath } from './full-engine.ts';
import { resourceNode } from './node.ts';
import { Unsupported } from './parse.ts';

function fast(expression: string, resource: Resource): unknown[] {
  const node = resourceNode(resource);
  const scope = { resource: node, root: node, context: node };
  return compilePath(expression)
    .evaluate(scope, [node])
    .map((found) => found.value ?? null)
    .filter((value) => value !== null);
}
const full = (expression: string, resource: Resource): unknown[] =>
  (JSON.parse(JSON.stringify(evaluateFhirPath(expression, structuredClone(resource)))) as unknown[]).filter(
    (one) => one !== null,
  );

function examples(): Resource[] {
  const folder = testData('fhir');
  if (!folder) return Object.values(SAMPLES);
  const index = JSON.parse(readFileSync(new URL('valid-index.json', folder), 'utf8')) as { file: string }[];
  return [
    ...Object.values(SAMPLES),
    ...index.map(({ file }) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Resource),
  ];
}

test('[fhir F26] both engines agree on every search expression that needs no resolve()', () => {
  const bySample = new Map<string, Resource[]>();
  for (const one of examples())
    bySample.set(one.resourceType, [...(bySample.get(one.resourceType) ?? []), one]);
  let compared = 0;
  for (const { base, expression } of readSearchParameters()) {
    const branch = (type: string) =>
      expression
        .split('|')
        .filter((part) => part.trim().replace(/^\(/, '').startsWith(`${type}.`))
        .join('|')
        .trim();
    for (const type of base) {
      const own = branch(type);
      if (own === '' || own.includes('resolve()')) continue;
      for (const resource of (bySample.get(type) ?? []).slice(0, 3)) {
        assert.deepEqual(
          fast(own, resource),
          full(own, resource),
          `${own} on ${resource.resourceType}/${resource.id}`,
        );
        compared += 1;
      }
    }
  }
  assert.ok(compared > 100);
});

test('[fhir F26] what the fast engine does not know is refused when compiled', () => {
  for (const expression of ['name.aggregate($this)', '%unknown', 'name.', "'a' ~~ 'b'", 'today()']) {
    assert.throws(() => compilePath(expression), Unsupported, expression);
  }
});
