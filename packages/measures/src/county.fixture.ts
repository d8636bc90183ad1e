// A small county of one year for the tests of figures: visits at three levels, reported lines, four hospitals.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { must } from '@yimai/kit';
import { viewsOf } from '@yimai/views/testing';
import { MeasureEngine } from './engine.ts';
import { parsePeriod } from './period.ts';
import { resourcesOf } from './testing/case-file.ts';
import type { Resource } from './testing/resources.ts';
import { MEASURES, VIEWS } from './testing/rules.ts';
import type { MeasureValue } from './values.ts';

export const period = must(parsePeriod('2024'));
export const visits = (
  org: string,
  times: number,
  on = '{year}-06-15',
): { make: string; [field: string]: unknown } => ({
  make: 'encounter',
  org,
  times,
  on,
});
export const COUNTY = resourcesOf({
  row: 'c',
  data: [
    visits('village', 3),
    visits('township', 40),
    visits('hospital', 57),
    visits('township', 20, '{last}-06-15'),
    visits('hospital', 80, '{last}-06-15'),
    { make: 'line', org: 'hospital', line: 'medical-income', value: 1000 },
    { make: 'line', org: 'hospital', line: 'performance-score', value: 900 },
    { make: 'org', name: 'h2', level: 'county', class: 'hospital' },
    { make: 'line', org: 'h2', line: 'performance-score', value: 950 },
    { make: 'org', name: 'h3', level: 'county', class: 'hospital' },
    { make: 'line', org: 'h3', line: 'performance-score', value: 900 },
    { make: 'org', name: 'h4', level: 'county', class: 'hospital' },
  ],
  expect: {},
});

export async function open(
  t: TestContext,
  resources: readonly Resource[],
): Promise<{ engine: MeasureEngine; folder: string }> {
  const views = await viewsOf(resources, VIEWS);
  t.after(() => views.close());
  return { engine: await MeasureEngine.open(views.snapshot, MEASURES), folder: views.folder };
}

export async function one(
  engine: MeasureEngine,
  id: string,
  scope: string,
  name = '2024',
): Promise<MeasureValue> {
  const [value] = await engine.compute(must(parsePeriod(name)), [scope], [id]);
  assert.ok(value);
  return value;
}
