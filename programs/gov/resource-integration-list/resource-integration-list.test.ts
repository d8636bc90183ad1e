// Acceptance of the nine-area list: every task in one area and one tier, progress by area and tier.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { treeStatus } from '@yimai/runtime';
import { DIRECTOR_A, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const task = (id: string, area: string, title: string) => ({
  id,
  area,
  title,
  lead: 'Organization/hr-centre',
  due: '2026-12-31',
});
const TASKS = [
  task('t1', 'establishment-city', '市内编制统筹'),
  task('t2', 'establishment-city', '编制周转池'),
  task('t3', 'establishment-beyond', '省外引才用编'),
  task('t4', 'staff-province', '省级专家柔性引进'),
  task('t5', 'consortium-city', '医共体集中采购'),
];
const load = (tasks: readonly object[]) => ({ tree: 'resource-integration', tasks });
const status = () => treeStatus(county.database, 'resource-integration', '2026-03-02');

test('[resource-integration-list/1] each task belongs to one of 9 areas and one of 3 tiers', async () => {
  for (const area of ['', 'establishment', 'abroad', 'establishment-abroad']) {
    const refused = await county.refuse(OFFICE, 'tree.load', load([TASKS[0]!, task('x', area, '无层级')]));
    assert.deepEqual([refused.code, refused.at], ['area-missing', 'payload.tasks[1].area'], area);
  }
  assert.deepEqual(await status(), [], 'nothing of a wrong list is kept');
  assert.equal((await county.refuse(DIRECTOR_A, 'tree.load', load(TASKS))).code, 'role-not-allowed');
  assert.deepEqual(await county.apply(OFFICE, 'tree.load', load(TASKS)), { areas: 36, tasks: 5 });
  const nodes = await status();
  const areas = nodes.filter((one) => one.parent === null).map((one) => one.node);
  assert.equal(areas.length, 9);
  for (const area of areas) assert.equal(nodes.filter((one) => one.parent === area).length, 3);
});

test('[resource-integration-list/2] progress is listed by area and tier', async () => {
  const report = (id: string, progress: number) =>
    county.apply(OFFICE, 'task.report', {
      task: `resource-integration-${id}`,
      progress,
      evidence: ['DocumentReference/plan'],
    });
  await report('t1', 100);
  await county.apply(OFFICE, 'task.close', { task: 'resource-integration-t1' });
  await report('t2', 30);
  await report('t3', 20);
  const cells = Object.fromEntries(
    (await status())
      .filter((one) => !one.leaf && one.tasks > 0)
      .map((one) => [one.node, [one.tasks, one.done, one.progress]]),
  );
  assert.deepEqual(cells, {
    establishment: [3, 1, 50],
    'establishment-city': [2, 1, 65],
    'establishment-beyond': [1, 0, 20],
    staff: [1, 0, 0],
    'staff-province': [1, 0, 0],
    consortium: [1, 0, 0],
    'consortium-city': [1, 0, 0],
  });
});
