// Acceptance of 3+6+N: fixed nodes, any number of tasks, progress that rolls up, no closing without evidence.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { treeStatus } from '@yimai/runtime';
import { OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const NAMES = ['政府办医责任', '信息平台与健康教育平台', '人才队伍', '薪酬待遇', '医养结合', '家医模式'];
const MEASURES = [
  'measure-mechanism',
  'measure-integrated',
  'measure-three-level',
  'measure-pay',
  'measure-prevention',
  'measure-prevention',
];
const tasks = NAMES.map((title, n) => ({ id: `n-${n + 1}`, area: MEASURES[n], title, due: '2026-12-31' }));
await county.apply(OFFICE, 'tree.load', { tree: 'three-six-n', tasks });
const status = () => treeStatus(county.database, 'three-six-n', '2026-03-02');

test('[reform-three-six-n/1] the tree has exactly 3 linkages and 6 measures and any number of tasks', async () => {
  const all = await status();
  assert.equal(all.filter((one) => one.node.startsWith('linkage-')).length, 3);
  assert.equal(all.filter((one) => one.node.startsWith('measure-')).length, 6);
  assert.equal(all.filter((one) => one.leaf).length, 6);
  await county.apply(OFFICE, 'tree.load', {
    tree: 'three-six-n',
    tasks: [{ id: 'n-7', area: 'measure-tcm', title: '中医馆' }],
  });
  assert.equal((await status()).filter((one) => one.leaf).length, 7);
  assert.equal(
    (
      await county.refuse(OFFICE, 'tree.load', {
        tree: 'three-six-n',
        tasks: [{ id: 'n-8', area: 'measure-ten', title: 'x' }],
      })
    ).code,
    'area-missing',
  );
  const loose = { tree: 'three-six-n', tasks: [{ id: 'n-9', area: 'reform', title: '不属于任何举措' }] };
  assert.equal((await county.refuse(OFFICE, 'tree.load', loose)).code, 'area-missing');
});

test('[reform-three-six-n/2] progress of a task rolls up to its measure and to the whole', async () => {
  await county.apply(OFFICE, 'task.report', { task: 'three-six-n-n-5', progress: 40, evidence: ['a'] });
  await county.apply(OFFICE, 'task.report', { task: 'three-six-n-n-6', progress: 60 });
  const all = await status();
  assert.equal(all.find((one) => one.node === 'measure-prevention')?.progress, 50);
  assert.equal(all.find((one) => one.node === 'reform')?.progress, 14);
  assert.equal(all.find((one) => one.node === 'reform')?.tasks, 7);
});

test('[reform-three-six-n/3] a task without evidence cannot be set to done', async () => {
  assert.equal(
    (await county.refuse(OFFICE, 'task.close', { task: 'three-six-n-n-6' })).code,
    'evidence-missing',
  );
  await county.apply(OFFICE, 'task.report', {
    task: 'three-six-n-n-6',
    progress: 100,
    evidence: ['DocumentReference/plan'],
  });
  await county.apply(OFFICE, 'task.close', { task: 'three-six-n-n-6' });
  assert.equal((await status()).find((one) => one.node === 'measure-prevention')?.done, 1);
});
