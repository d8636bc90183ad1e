// Measures this room: checks and index rows per second for the common types, strict reading, row keys.

import { parseResourceText, renderStored } from './json/resource-text.ts';
import { rowKey } from './row-key.ts';
import { SAMPLES } from './samples.ts';
import { extractIndexRows } from './search/extract.ts';
import { validate } from './validate/validate.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
}

const RUN_MS = 300;

function perSecond(work: () => void): number {
  for (let warm = 0; warm < 500; warm++) work();
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < RUN_MS) {
    for (let inner = 0; inner < 20; inner++) work();
    count += 20;
  }
  return Math.round((count / (performance.now() - start)) * 1000);
}

export async function benchFhir(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [type, resource] of Object.entries(SAMPLES)) {
    const text = JSON.stringify(resource);
    figures.push(
      { name: `fhir validate ${type}`, value: perSecond(() => validate(resource)), unit: '/s', target: 4000 },
      {
        name: `fhir index rows ${type}`,
        value: perSecond(() => extractIndexRows(resource)),
        unit: '/s',
        target: 5000,
      },
      { name: `fhir strict read ${type}`, value: perSecond(() => parseResourceText(text)), unit: '/s' },
    );
  }
  const exact = JSON.stringify(SAMPLES['Observation']).replace('5.4', '5.40');
  const parsed = parseResourceText(exact);
  if (!parsed.ok) throw new Error('fault: the sample does not parse');
  const identity = { id: 'a', versionId: '1', lastUpdated: '2026-11-21T00:00:00Z' };
  figures.push({
    name: 'fhir stored text, digit for digit',
    value: perSecond(() => renderStored(exact, parsed.value, identity)),
    unit: '/s',
  });
  figures.push({ name: 'fhir row key', value: perSecond(() => rowKey('Patient', 'example-1')), unit: '/s' });
  return figures;
}
