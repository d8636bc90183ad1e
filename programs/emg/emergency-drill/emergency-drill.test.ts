// Acceptance of drills: every finding a task, closed only when all are, scenarios without a drill listed.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { coverageOf } from '@yimai/runtime';
import { OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const drill = async (scenario: string) =>
  (
    await county.apply(OFFICE, 'loop.open', {
      loop: 'emergency-drill',
      answers: { scenario, date: '2026-03-03' },
    })
  ).case;
const act = (id: string, event: string, answers: object = {}) =>
  county.apply(OFFICE, 'loop.act', { case: id, event, answers });

test('[emergency-drill/1] every finding becomes a task and the drill closes only when all are solved', async () => {
  const id = await drill('危重孕产妇后出血');
  await act(id, 'review', { findings: ['备血不足', '通知延迟', '分工不清'] });
  const { rows } = await county.database.run<{ id: string }>(
    sql`select id from loop_case where parent = ${id} order by id`,
  );
  assert.equal(rows.length, 3);
  assert.equal(
    (await county.refuse(OFFICE, 'loop.act', { case: id, event: 'finish' })).code,
    'findings-open',
  );
  for (const [index, finding] of rows.entries()) {
    assert.equal((await county.caseState(id)).closed, null, `closed after ${index}`);
    await act(finding.id, 'solve', { solution: '已整改' });
  }
  assert.notEqual((await county.caseState(id)).closed, null);
  const clean = await drill('大型多发伤');
  await act(clean, 'review', { findings: [] });
  assert.deepEqual((await act(clean, 'finish')).states, ['closed']);
});

test('[emergency-drill/2] a scenario that was not drilled is listed', async () => {
  for (const scenario of ['危重孕产妇后出血', '大型多发伤', '群体性中毒'])
    await county.apply(OFFICE, 'register.put', { register: 'scenarios', entry: { scenario } });
  const coverage = await coverageOf(
    county.database,
    { register: 'scenarios' },
    { register: 'drills', field: 'scenario' },
    '2026-03-02',
  );
  assert.deepEqual(coverage, { covered: 2, all: 3, missing: ['群体性中毒'] });
});
