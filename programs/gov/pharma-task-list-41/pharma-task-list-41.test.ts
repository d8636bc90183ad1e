// Acceptance of the 41-task list: the counts of the list, completion by area and lead, overdue told to lead and supervisor.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { overdueTasks, treeByLead, treeStatus } from '@yimai/runtime';
import { type As, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const LEADS = ['Organization/bureau', 'Organization/county', 'Organization/tcm'];
const tasks = Array.from({ length: 41 }, (_, n) => ({
  id: `task-${n + 1}`,
  area: `area-${(n % 7) + 1}`,
  title: `任务${n + 1}`,
  lead: LEADS[n % 3],
  due: n < 5 ? '2026-03-10' : '2026-12-31',
}));
const load = (rows: readonly object[]) => ({ tree: 'pharma-tasks', tasks: rows });
const TCM: As = { role: 'hospital-doctor', org: 'tcm', person: 'expert-3' };

test('[pharma-task-list-41/1] the list gives 7 areas and 41 tasks; a task without an area or a short list is refused', async () => {
  const homeless = await county.refuse(
    OFFICE,
    'tree.load',
    load([{ ...tasks[0], area: '' }, ...tasks.slice(1)]),
  );
  assert.deepEqual([homeless.code, homeless.at], ['area-missing', 'payload.tasks[0].area']);
  assert.equal((await county.refuse(OFFICE, 'tree.load', load(tasks.slice(1)))).code, 'count-wrong');
  assert.equal((await treeStatus(county.database, 'pharma-tasks', '2026-03-02')).length, 0);
  assert.deepEqual(await county.apply(OFFICE, 'tree.load', load(tasks)), { areas: 7, tasks: 41 });
});

test('[pharma-task-list-41/2] completion is closed over 41, by area and by lead', async () => {
  assert.equal(
    (await county.refuse(OFFICE, 'task.close', { task: 'pharma-tasks-task-1' })).code,
    'evidence-missing',
  );
  for (const n of [1, 8]) {
    await county.apply(OFFICE, 'task.report', {
      task: `pharma-tasks-task-${n}`,
      progress: 100,
      evidence: ['DocumentReference/x'],
    });
    await county.apply(OFFICE, 'task.close', { task: `pharma-tasks-task-${n}` });
  }
  const status = await treeStatus(county.database, 'pharma-tasks', '2026-03-02');
  const area = status.find((one) => one.node === 'area-1');
  assert.deepEqual([area?.tasks, area?.done], [6, 2]);
  const areas = status.filter((one) => one.parent === null);
  assert.deepEqual(
    [areas.reduce((sum, one) => sum + one.tasks, 0), areas.reduce((sum, one) => sum + one.done, 0)],
    [41, 2],
  );
  const leads = await treeByLead(county.database, 'pharma-tasks', '2026-03-02');
  assert.deepEqual(
    leads.map((one) => [one.lead, one.tasks, one.done]),
    [
      ['Organization/bureau', 14, 1],
      ['Organization/county', 14, 1],
      ['Organization/tcm', 13, 0],
    ],
  );
  assert.equal(
    (await county.refuse(TCM, 'task.report', { task: 'pharma-tasks-task-2', progress: 10 })).code,
    'not-your-task',
  );
});

test('[pharma-task-list-41/3] a task past its due date turns overdue and is told to lead and supervisor', async () => {
  await county.advance(8 * 86_400_000);
  assert.deepEqual(await overdueTasks(county.database, 'pharma-tasks', '2026-03-10'), []);
  await county.advance(86_400_000);
  const late = await overdueTasks(county.database, 'pharma-tasks', '2026-03-11');
  assert.deepEqual(
    late.map((one) => one.node),
    ['task-2', 'task-3', 'task-4', 'task-5'],
  );
  const notices = await county.database.run<{ org: string | null; roles: string[] }>(
    sql`select org, roles from notice where about = 'overdue'`,
  );
  assert.equal(notices.rows.length, 8);
  assert.ok(notices.rows.some((row) => row.org === 'Organization/county'));
  assert.ok(notices.rows.some((row) => row.roles.includes('bureau-director')));
});
