// Acceptance of the four actions: four streams each with its status, problems that become tasks of another stream.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Task } from '@medplum/fhirtypes';
import { treeStatus } from '@yimai/runtime';
import { DIRECTOR_A, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const tasks = [
  {
    id: 'r-1',
    area: 'research',
    title: '滇东北中心医院建设调研',
    lead: 'Organization/bureau',
    due: '2026-06-30',
  },
  {
    id: 'r-2',
    area: 'research',
    title: '基本药物与集采程序调研',
    lead: 'Organization/county',
    due: '2026-03-01',
  },
  { id: 'i-1', area: 'integration', title: '编制统筹', lead: 'Organization/hr-centre', due: '2026-12-31' },
];
const loaded = await county.apply(OFFICE, 'tree.load', { tree: 'four-actions', tasks });
const status = async () =>
  Object.fromEntries(
    (await treeStatus(county.database, 'four-actions', '2026-03-02'))
      .filter((one) => one.parent === null)
      .map((one) => [one.node, [one.tasks, one.done, one.overdue, one.progress]]),
  );

test('[four-actions-programme/1] the four actions are four streams of one programme, each with its own status', async () => {
  assert.deepEqual(loaded, { areas: 4, tasks: 3 });
  await county.apply(OFFICE, 'task.report', {
    task: 'four-actions-r-1',
    progress: 100,
    evidence: ['DocumentReference/report'],
  });
  await county.apply(OFFICE, 'task.close', { task: 'four-actions-r-1' });
  assert.deepEqual(await status(), {
    research: [2, 1, 1, 50],
    integration: [1, 0, 0, 0],
    experience: [0, 0, 0, 0],
    upgrade: [0, 0, 0, 0],
  });
  const fifth = [{ id: 'x', area: 'fifth', title: '第五行动' }];
  assert.equal(
    (await county.refuse(OFFICE, 'tree.load', { tree: 'four-actions', tasks: fifth })).code,
    'area-missing',
  );
  const bare = await county.refuse(OFFICE, 'task.close', { task: 'four-actions-i-1' });
  assert.equal(bare.code, 'evidence-missing');
});

test('[four-actions-programme/2] a problem found becomes a task of another stream with a link back', async () => {
  const answers = { stream: 'experience', problem: '检查预约要跑两次', place: 'Organization/county' };
  const { case: id } = await county.apply(DIRECTOR_A, 'loop.open', { loop: 'four-actions-finding', answers });
  const make = (more: object) => ({
    case: id,
    event: 'make-task',
    answers: {
      'to-stream': 'upgrade',
      task: '一次完成检查预约',
      lead: 'Organization/county',
      due: '2026-05-31',
      ...more,
    },
  });
  assert.equal((await county.refuse(DIRECTOR_A, 'loop.act', make({}))).code, 'not-your-turn');
  const same = await county.refuse(OFFICE, 'loop.act', make({ 'to-stream': 'experience' }));
  assert.equal(same.code, 'same-stream');
  assert.equal((await county.refuse(OFFICE, 'loop.act', make({ due: '2026-03-01' }))).code, 'due-past');
  await county.apply(OFFICE, 'loop.act', make({}));
  assert.deepEqual((await status())['upgrade'], [1, 0, 0, 0]);
  const task = (await county.resource('Task', `four-actions-from-${id}`)) as unknown as Task;
  assert.deepEqual([task.description, task.basedOn], ['一次完成检查预约', [{ reference: `Task/${id}` }]]);
  const other = { stream: 'integration', problem: 'x' };
  const refused = await county.refuse(OFFICE, 'loop.open', { loop: 'four-actions-finding', answers: other });
  assert.equal(refused.code, 'code-unknown');
});
