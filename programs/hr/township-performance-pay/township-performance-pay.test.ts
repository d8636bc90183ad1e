// Acceptance of the plans of township performance pay: twelve counties of twelve, and what does not count.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { coverageOf } from '@yimai/runtime';
import { BUREAU, DIRECTOR_A, HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const counties = Array.from({ length: 12 }, (_, n) => `county-${String(n + 1).padStart(2, '0')}`);
await county.apply(BUREAU, 'register.import', {
  register: 'merit-pay-counties',
  rows: counties.map((id, n) => ({ county: id, name: `第${n + 1}县（合成）` })),
});
const plan = (id: string, state = 'adopted', share = 60) => ({
  register: 'merit-pay-plans',
  entry: { county: id, state, 'merit-share': share, document: '绩效工资分配办法（合成）' },
});
const coverage = () =>
  coverageOf(
    county.database,
    { register: 'merit-pay-counties' },
    { register: 'merit-pay-plans', field: 'county', where: { state: 'adopted' } },
    '2026-03-02',
  );

test('[township-performance-pay/3] twelve counties of twelve have a plan; a draft, an equal share or a stranger do not count', async () => {
  for (const id of counties.slice(0, 11)) await county.apply(HR, 'register.put', plan(id));
  assert.equal(
    (await county.refuse(HR, 'register.put', plan(counties[11]!, 'adopted', 0))).code,
    'plan-shares-equally',
  );
  assert.equal(
    (await county.refuse(DIRECTOR_A, 'register.put', plan(counties[11]!))).code,
    'role-not-allowed',
  );
  await county.apply(HR, 'register.put', plan(counties[11]!, 'draft'));
  await county.apply(HR, 'register.put', plan('county-99'));
  assert.deepEqual(await coverage(), { covered: 11, all: 12, missing: [counties[11]!] });
  await county.apply(HR, 'register.put', plan(counties[11]!));
  assert.deepEqual(await coverage(), { covered: 12, all: 12, missing: [] });
});
