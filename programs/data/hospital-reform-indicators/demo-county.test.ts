// The demo county, played small: the monitoring and core indicators against plain loops over its raw resources, and the
// figures of every programme whose story is told there.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadCounty } from '@yimai/county';
import { localDate } from '@yimai/kit';
import { figuresOf, PLAIN, PlainCounty } from '@yimai/measures/testing';
import { sql } from '@yimai/postgres';
import { loadPolicy } from '@yimai/record';
import { testCounty } from '@yimai/runtime/testing';

const place = await testCounty({ after }, { start: '2025-11-23T00:00:00+08:00' });
const refused = await loadCounty(
  { ...place, policy: loadPolicy(), fireDue: () => place.due.fireDue(), programmes: place.runtime.context },
  { residents: 200, until: localDate('2026-11-22'), objects: 20 },
);
const figures = await figuresOf(place);
after(() => figures.close());
type Raw = ConstructorParameters<typeof PlainCounty>[0];
const { rows } = await place.database.tx({ 'app.reach': 'all' }, (run) =>
  run.run<{ content: string }>(sql`select content::text as content from resource where not deleted`),
);
const resources = rows.map(({ content }) => JSON.parse(content)) as unknown as Raw;

const SCOPES = ['consortium', 'county-hospital', 'tcm-hospital', 'township-1', 'county-hospital-internal'];
const period = { name: '2026', from: '2026-01-01', until: '2027-01-01' } as Parameters<
  typeof figures.engine.compute
>[0];

test('[hospital-reform-indicators/1] on the demo county every monitoring and core indicator agrees with a plain computation', (t) => {
  assert.deepEqual(refused, []);
  return Promise.all(Object.keys(PLAIN).map(agrees)).then((found) => {
    const values = found.flat();
    t.diagnostic(`${values.length} values of ${Object.keys(PLAIN).length} indicators`);
    assert.ok(values.length > 130, `${values.length} values were compared`);
  });
});

async function agrees(id: string): Promise<string[]> {
  const compared: string[] = [];
  for (const value of await figures.engine.compute(period, SCOPES, [id])) {
    const [now, last] = [2026, 2025].map((year) => new PlainCounty(resources, year, value.scope));
    const expected = PLAIN[id]!(now!, last!);
    const seen = `${id} of ${value.scope}: ${value.value} (${value.numerator}/${value.denominator}) against ${expected}`;
    if (value.value === null) {
      assert.ok(expected === null || expected === 0, seen);
      continue;
    }
    assert.ok(
      expected !== null && Math.abs(value.value - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
      seen,
    );
    compared.push(value.scope);
  }
  return compared;
}

test('[hospital-reform-indicators/1] the figures of the programmes that the demo county plays have values', async (t) => {
  const played = [
    'dispatch-experts',
    'dispatch-batches',
    'dispatch-patients',
    'dispatch-teaching',
    'dispatch-operations',
    'down-referrals',
    'referral-closure-rate',
    'screened-count',
    'screen-referral-rate',
    'patrol-visits',
    'special-visits',
    'files-count',
    'task-completion',
    'remote-ecg-reports',
    'chronic-managed-to-norm',
    'in-county-fund-share',
    'resident-outflow-rate',
  ];
  const values = await figures.engine.compute(period, ['consortium']);
  const known = new Map(values.map(({ measure, value }) => [measure, value]));
  assert.deepEqual(
    played.filter((id) => known.get(id) === null || known.get(id) === undefined),
    [],
  );
  const missing = values.filter(({ value }) => value === null).map(({ measure }) => measure);
  t.diagnostic(
    `${values.length - missing.length} of ${values.length} have a value; 未采集: ${missing.join(' ')}`,
  );
  const counties = [...figures.engine.tree.orgs.values()].filter(({ scopeLevel }) => scopeLevel === 'county');
  assert.deepEqual(
    counties.map(({ id }) => id),
    ['consortium'],
    'the offices of the county are no counties',
  );
});
