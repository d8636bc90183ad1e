// The 116 headline rows: each has a class and measures, and comes out of its data set, which holds what must not count.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { must } from '@yimai/kit';
import type { Snapshot } from '@yimai/views';
import { viewsOf } from '@yimai/views/testing';
import { MeasureEngine } from './engine.ts';
import { definitionOn, readYamlFile } from './load-measures.ts';
import { parsePeriod } from './period.ts';
import { type Case, resourcesOf } from './testing/case-file.ts';
import { loosened, MEASURES, MEASURES_FOLDER, usesPopulation, VIEWS } from './testing/rules.ts';
import { rounded } from './values.ts';

interface Headline {
  readonly class: 'value' | 'inequality' | 'rule' | 'rank' | 'none';
  readonly measures: readonly string[];
}

const rows = readYamlFile(MEASURES_FOLDER, 'headline.yaml') as Readonly<Record<string, Headline>>;
const cases = readYamlFile(
  fileURLToPath(new URL('../cases', import.meta.url)),
  'headline.yaml',
) as readonly Case[];

test('[measures M20] all 116 rows have a class; every measure named exists', () => {
  assert.equal(Object.keys(rows).length, 116);
  for (const [key, row] of Object.entries(rows)) {
    assert.ok(['value', 'inequality', 'rule', 'rank', 'none'].includes(row.class), key);
    for (const id of row.measures)
      assert.ok(
        MEASURES.definitions.some((measure) => measure.id === id),
        `${key}: ${id}`,
      );
  }
});

test('[measures M20] every row with a figure has a case for each of its measures', () => {
  for (const [key, row] of Object.entries(rows)) {
    if (row.class === 'none' || row.class === 'rule') continue;
    const own = cases.filter((each) => each.row === key);
    const expected = new Set(own.flatMap((each) => Object.keys(each.expect)));
    for (const id of row.measures) assert.ok(expected.has(id), `${key} has no case for ${id}`);
  }
});

test('[measures M20] no definition names the figure that it should give', () => {
  let looked = 0;
  for (const { row, expect } of cases) {
    for (const [id, figure] of Object.entries(expect)) {
      // Whole numbers up to 100 are thresholds as often as figures (80 points, 65 years).
      if (figure === null || (Number.isInteger(figure) && figure <= 100)) continue;
      looked += 1;
      for (const { formula, name, purpose, exclusions, edge } of MEASURES.definitions.filter(
        (each) => each.id === id,
      )) {
        const numbers =
          JSON.stringify({ formula, name, purpose, exclusions, edge }).match(/\d+(\.\d+)?/g) ?? [];
        assert.ok(!numbers.map(Number).includes(Math.abs(figure)), `${row}: ${id} knows ${figure}`);
      }
    }
  }
  assert.ok(looked > 60, `${looked} figures`);
});

const root =
  process.env['YIMAI_TEST_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const list = `${root}/../mission/90-headline-figures.md`;
test('[measures M20] the rows are those of the catalogue', {
  skip: existsSync(list) ? false : 'no catalogue here',
}, () => {
  const keys = [...readFileSync(list, 'utf8').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((match) => match[1]!);
  assert.deepEqual(Object.keys(rows).sort(), keys.sort());
});

// Populations that no headline row asks for; core.test.ts does the same with them.
const IN_CORE = new Set(['death', 'managed-chronic']);

describe('headline rows', () => {
  let engine: MeasureEngine;
  let close: () => void;
  let snapshot: Snapshot;
  before(async () => {
    const views = await viewsOf(cases.flatMap(resourcesOf), VIEWS);
    snapshot = views.snapshot;
    engine = await MeasureEngine.open(views.snapshot, MEASURES);
    close = views.close;
  });
  after(() => close());

  // A data set that no wrong definition could fail proves nothing: each loosened population must spoil some figure.
  for (const [id, population] of MEASURES.populations) {
    if (IN_CORE.has(id)) continue;
    for (const [what, loose] of loosened(population)) {
      test(`[measures M20] the data sets notice ${id} without its ${what}`, async () => {
        const populations = new Map([...MEASURES.populations, [id, loose]]);
        const other = await MeasureEngine.open(snapshot, { ...MEASURES, populations });
        const users = cases.filter((each) =>
          Object.keys(each.expect).some((measure) => usesPopulation(measure, id)),
        );
        assert.ok(users.length > 0, 'some case uses this population');
        let spoiled = 0;
        for (const each of users) if (!(await comesOut(other, each))) spoiled += 1;
        assert.ok(spoiled > 0, `${users.length} cases did not notice`);
      });
    }
  }

  for (const each of cases) {
    test(`[measures M20] ${each.row}: ${JSON.stringify(each.expect)}`, async () => {
      const period = must(parsePeriod(each.period ?? '2024'));
      const scope = `${each.row}.${each.scope ?? 'county'}`;
      const values = await engine.compute(period, [scope], Object.keys(each.expect));
      for (const [id, expected] of Object.entries(each.expect)) {
        const value = values.find((candidate) => candidate.measure === id);
        assert.ok(value, `${id} has a value for ${scope}`);
        const { digits } = definitionOn(MEASURES, id, '2025-12-31' as never)!;
        assert.equal(rounded(value.value, digits), expected, `${id} ${JSON.stringify(value)}`);
      }
    });
  }
});

async function comesOut(engine: MeasureEngine, each: Case): Promise<boolean> {
  const period = must(parsePeriod(each.period ?? '2024'));
  const scope = `${each.row}.${each.scope ?? 'county'}`;
  const values = await engine.compute(period, [scope], Object.keys(each.expect));
  return values.every((value) => {
    const { digits } = definitionOn(MEASURES, value.measure, '2025-12-31' as never)!;
    return rounded(value.value, digits) === each.expect[value.measure];
  });
}
