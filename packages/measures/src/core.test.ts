// The 14 monitoring indicators and the hospital core on a county of raw resources: SQL over views against plain loops.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { must } from '@yimai/kit';
import type { Snapshot } from '@yimai/views';
import { viewsOf } from '@yimai/views/testing';
import { MeasureEngine } from './engine.ts';
import { readYamlFile } from './load-measures.ts';
import { parsePeriod } from './period.ts';
import { type Case, resourcesOf } from './testing/case-file.ts';
import { PlainCounty } from './testing/plain.ts';
import { PLAIN } from './testing/plain-measures.ts';
import { loosened, MEASURES, usesPopulation, VIEWS } from './testing/rules.ts';

const file = readYamlFile(fileURLToPath(new URL('../cases', import.meta.url)), 'core.yaml') as Case;
const resources = resourcesOf(file);

describe('monitoring indicators and hospital core', () => {
  let engine: MeasureEngine;
  let close: () => void;
  let snapshot: Snapshot;
  before(async () => {
    const views = await viewsOf(resources, VIEWS);
    snapshot = views.snapshot;
    engine = await MeasureEngine.open(views.snapshot, MEASURES);
    close = views.close;
  });
  after(() => close());

  const shipped = MEASURES.definitions.filter((each) =>
    ['monitoring-2024.yaml', 'hospital-core.yaml'].includes(each.file),
  );

  test('[measures M21] every shipped indicator of the two sets has a plain computation', () => {
    assert.deepEqual(shipped.map((each) => each.id).sort(), Object.keys(PLAIN).sort());
  });

  for (const definition of shipped) {
    test(`[measures M21] ${definition.id} (${definition.name.zh}) agrees with the plain computation`, async () => {
      const period = must(parsePeriod('2025'));
      let found = 0;
      for (const name of ['county', 'hospital', 'tcm-hospital', 'township', 'department']) {
        const scope = `core.${name}`;
        const [value] = await engine.compute(period, [scope], [definition.id]);
        if (!value) continue;
        const [now, last] = [2025, 2024].map((year) => new PlainCounty(resources, year, scope));
        const expected = PLAIN[definition.id]!(now!, last!);
        const seen = `${scope}: ${JSON.stringify(value)} against ${expected}`;
        if (value.value === null) {
          assert.ok(expected === null || expected === 0, seen);
          continue;
        }
        found += 1;
        assert.ok(
          expected !== null && Math.abs(value.value - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
          seen,
        );
      }
      assert.ok(found > 0, 'at least one scope has a value');
    });
  }

  for (const id of ['death', 'managed-chronic', 'discharge', 'insured-case', 'line', 'visit', 'posting']) {
    for (const [what, loose] of loosened(MEASURES.populations.get(id)!)) {
      test(`[measures M21] the data notices ${id} without its ${what}`, async () => {
        const populations = new Map([...MEASURES.populations, [id, loose]]);
        const other = await MeasureEngine.open(snapshot, { ...MEASURES, populations });
        const ids = shipped.map((each) => each.id).filter((each) => usesPopulation(each, id));
        const [right, wrong] = await Promise.all(
          [engine, other].map((each) => each.compute(must(parsePeriod('2025')), ['core.county'], ids)),
        );
        const values = (list: typeof right): unknown => list?.map((each) => each.value);
        assert.notDeepEqual(values(wrong), values(right));
      });
    }
  }

  test('[measures M14] the worked example of premature mortality gives 15.6 %', async () => {
    const [value] = await engine.compute(must(parsePeriod('2025')), ['core.county'], ['premature-mortality']);
    assert.equal(value?.value?.toFixed(1), '15.6');
    assert.deepEqual([value?.numerator, value?.denominator], [340, 80_000]);
  });
});
