// Whatever JSON comes, the room answers with issues and rows, never with a fault.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { compartmentPatients } from '../compartments.ts';
import { SAMPLES } from '../samples.ts';
import { extractIndexRows } from '../search/extract.ts';
import { referencesOf } from '../search/references.ts';
import { testData } from '../test-data.ts';
import type { Resource } from '../types.ts';
import { validate } from './validate.ts';

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  '',
  'text',
  '#',
  '#x',
  'Patient/1',
  '2020-13-45',
  [],
  {},
  [null],
  [[]],
  [{}],
  { resourceType: 'Patient' },
  { resourceType: 'constructor' },
  { reference: 7 },
  { coding: 'x' },
  { value: '1', system: 3 },
  '\u0000',
  { extension: [{ url: null }] },
];

function examples(): Resource[] {
  const folder = testData('fhir');
  if (!folder) return Object.values(SAMPLES);
  const index = JSON.parse(readFileSync(new URL('valid-index.json', folder), 'utf8')) as {
    file: string;
    bytes: number;
  }[];
  const small = index.filter((one) => one.bytes < 20_000);
  return [
    ...Object.values(SAMPLES),
    ...small.map(({ file }) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Resource),
  ];
}

/** Every holder and key below a value. */
function placesOf(
  value: unknown,
  out: [Record<string, unknown>, string][] = [],
): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return out;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    out.push([holder, key]);
    placesOf(holder[key], out);
  }
  return out;
}

test('[fhir F17] a resource with strange values anywhere is answered, not crashed upon (seed 5, 3000 runs)', () => {
  const pool = examples();
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (which, first, second, strange) => {
      const resource = structuredClone(pool[which % pool.length]) as Resource;
      const { resourceType } = resource;
      for (const at of [first, second]) {
        const places = placesOf(resource);
        const [holder, key] = places[at % places.length] ?? [{}, ''];
        holder[key] = structuredClone(STRANGE[(strange + at) % STRANGE.length]);
      }
      const mutated = { ...resource, resourceType };
      if (validate(mutated).some((issue) => issue.severity === 'error')) refused += 1;
      extractIndexRows(mutated);
      compartmentPatients(mutated);
      referencesOf(mutated);
    }),
    { seed: 5, numRuns: 3000 },
  );
  assert.ok(refused > 2000);
});
