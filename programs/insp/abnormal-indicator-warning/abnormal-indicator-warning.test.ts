// Acceptance of warnings: one for a run of bad readings, only to the right supervisor, counted, silence told.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { workList } from '@yimai/runtime';
import { INSPECTOR_1, INSPECTOR_2, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const monitor = (code: string, specialty: string, supervisor: string) =>
  county.apply(INSPECTOR_1, 'register.put', {
    register: 'monitors',
    entry: { code, specialty, supervisor: `Practitioner/${supervisor}` },
  });
await monitor('pool-1', '公共场所', 'inspector-1');
await monitor('pool-2', '公共场所', 'clerk');
await monitor('plant-1', '饮用水', 'inspector-2');
const read = (alert: string, object: string, values: object) =>
  county.apply(INSPECTOR_1, 'alert.reading', { alert, object, values });
const mine = async (as: typeof INSPECTOR_1) =>
  (
    await workList(county.database, county.actor(as), county.clock.now(), {
      limit: 20,
      loop: 'indicator-warning',
    })
  ).map((one) => one.case);

test('[abnormal-indicator-warning/1] a reading over the limit gives one warning at once and not one for each reading', async () => {
  assert.equal((await read('pool-chlorine', 'pool-1', { chlorine: 0.3 })).alert, null);
  assert.equal((await read('pool-chlorine', 'pool-1', { chlorine: 1.0 })).alert, null);
  const first = await read('pool-chlorine', 'pool-1', { chlorine: 0.29 });
  assert.equal(first.opened, true);
  const together = await Promise.all(
    Array.from({ length: 6 }, () => read('pool-chlorine', 'pool-2', { chlorine: 2 })),
  );
  assert.equal(together.filter((one) => one.opened).length, 1);
  for (let n = 2; n <= 5; n += 1)
    assert.deepEqual(await read('pool-chlorine', 'pool-1', { chlorine: 0.1 }), {
      alert: first.alert,
      readings: n,
      opened: false,
    });
  assert.deepEqual(await mine(INSPECTOR_1), [first.alert]);
});

test('[abnormal-indicator-warning/2] only the supervisor of that specialty and place receives it', async () => {
  const water = await read('water-turbidity', 'plant-1', { turbidity: 1.2 });
  assert.ok(!(await mine(INSPECTOR_1)).includes(water.alert));
  assert.deepEqual(await mine(INSPECTOR_2), [water.alert]);
  const notices = await county.database.run<{ person: string }>(
    sql`select person from notice where case_id = ${water.alert}`,
  );
  assert.deepEqual(
    notices.rows.map((row) => row.person),
    ['Practitioner/inspector-2'],
  );
  assert.equal(
    (await county.refuse(INSPECTOR_1, 'loop.act', { case: water.alert, event: 'acknowledge' })).code,
    'not-your-turn',
  );
});

test('[abnormal-indicator-warning/3] handled over all is counted by specialty', async () => {
  const [id] = await mine(INSPECTOR_2);
  await county.apply(INSPECTOR_2, 'loop.act', { case: id, event: 'acknowledge' });
  await county.apply(INSPECTOR_2, 'loop.act', { case: id, event: 'handle', answers: { result: '更换滤料' } });
  const { rows, total } = await county.report('warnings-handled', '2026-03-02');
  assert.deepEqual(
    rows.map(({ of, cells }) => [of[0], cells]),
    [
      ['公共场所', [2, 0, 0]],
      ['饮用水', [1, 1, 100]],
    ],
    'a warning that is only acknowledged is not handled',
  );
  assert.deepEqual(total, [3, 1, 33.33]);
});

test('[abnormal-indicator-warning/4] missing data is itself a warning, given once', async () => {
  await read('water-turbidity', 'plant-1', { turbidity: 0.5 });
  await county.advance(2 * 3_600_000);
  assert.deepEqual(await mine(INSPECTOR_2), []);
  await county.advance(60_000);
  const [silent] = await mine(INSPECTOR_2);
  assert.equal((await county.caseState(String(silent))).data['missing'], true);
  await county.advance(3 * 3_600_000);
  assert.equal((await mine(INSPECTOR_2)).length, 1);
});
