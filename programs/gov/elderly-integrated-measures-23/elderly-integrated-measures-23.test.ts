// Acceptance of the 23 measures: the tree of seven aspects, 19 departments see their own, co-leads report before closing.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { treeStatus } from '@yimai/runtime';
import { type As, DIRECTOR_A, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const loaded = await county.apply(OFFICE, 'tree.load', { tree: 'elderly-measures' });
const status = (seenBy?: string) => treeStatus(county.database, 'elderly-measures', '2026-03-02', seenBy);

test('[elderly-integrated-measures-23/1] seven aspects hold 2, 2, 4, 4, 6, 2 and 3 measures, 23 in all', async () => {
  assert.deepEqual(loaded, { areas: 7, tasks: 23 });
  const aspects = Object.fromEntries(
    (await status()).filter((one) => one.parent === null).map((one) => [one.node, one.tasks]),
  );
  assert.deepEqual(aspects, {
    home: 2,
    community: 2,
    institutions: 4,
    links: 4,
    policy: 6,
    workforce: 2,
    supervision: 3,
  });
});

test('[elderly-integrated-measures-23/2] 19 departments each see only their own measures', async () => {
  const [tree] = county.runtime.context.trees.values();
  const declared = county.runtime.context.trees.get('elderly-measures') ?? tree;
  const departments = new Set(
    declared?.nodes.flatMap((area) =>
      (area.nodes ?? []).flatMap((one) => [one.lead ?? '', ...(one.with ?? [])]),
    ),
  );
  assert.equal(departments.size, 19);
  const taxes = (await status('税务')).filter((one) => one.leaf && one.tasks > 0);
  assert.deepEqual(
    taxes.map((one) => one.node),
    ['policy-2'],
  );
  const land = (await status('自然资源')).filter((one) => one.leaf && one.tasks > 0);
  assert.deepEqual(
    land.map((one) => one.node),
    ['community-1', 'policy-4'],
  );
});

test('[elderly-integrated-measures-23/3] a measure has one lead and needs the report of each co-lead before closing', async () => {
  const task = 'elderly-measures-institutions-1';
  await county.apply(OFFICE, 'task.report', { task, progress: 80, by: '卫生健康' });
  await county.apply(OFFICE, 'task.report', { task, progress: 90, by: '民政' });
  const early = await county.refuse(OFFICE, 'task.close', { task });
  assert.equal(early.code, 'report-missing');
  await county.apply(OFFICE, 'task.report', { task, progress: 100, by: '国资' });
  await county.apply(OFFICE, 'task.close', { task });
  const node = (await status()).find((one) => one.node === 'institutions-1');
  assert.deepEqual([node?.lead, node?.done], ['卫生健康', 1]);
  assert.equal((await county.refuse(OFFICE, 'task.report', { task, progress: 1 })).code, 'task-closed');
  const second = 'elderly-measures-links-3';
  const given = { task: second, lead: 'Organization/bureau', with: ['Organization/tcm'], due: '2026-12-31' };
  const CIVIL: As = { role: 'hospital-doctor', org: 'tcm', person: 'expert-1' };
  assert.equal((await county.refuse(DIRECTOR_A, 'task.assign', given)).code, 'not-your-task');
  await county.apply(OFFICE, 'task.assign', given);
  assert.equal((await county.refuse(CIVIL, 'task.assign', given)).code, 'role-not-allowed');
  const forOther = { task: second, progress: 50, by: 'Organization/bureau' };
  assert.equal((await county.refuse(CIVIL, 'task.report', forOther)).code, 'reports-for-other');
  assert.equal((await county.refuse(OFFICE, 'task.close', { task: second })).code, 'report-missing');
  await county.apply(CIVIL, 'task.report', { task: second, progress: 100 });
  await county.apply(OFFICE, 'task.close', { task: second });
  const own = await status('Organization/tcm');
  assert.deepEqual(
    own.map((one) => [one.node, one.tasks, one.done]),
    [
      ['links', 1, 1],
      ['links-3', 1, 1],
    ],
  );
});
