// Acceptance of drills: every finding a task, closed only when all are, scenarios without a drill in the months listed.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { addMonths, type LocalDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { coverageOf, listValue } from '@yimai/runtime';
import { type As, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const WARD: As = { role: 'hospital-doctor', org: 'county', person: 'expert-1' };
for (const scenario of ['危重孕产妇后出血', '大型多发伤', '群体性中毒'])
  await county.apply(OFFICE, 'register.put', { register: 'drill-scenarios', entry: { scenario } });
const plan = (scenario: string, date: string) => ({
  loop: 'emergency-drill',
  answers: { scenario, date, hospital: 'Organization/county' },
});
const act = (as: As, id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: id, event, answers, ...(reason ? { reason } : {}) });
const code = async (id: string, event: string, answers: object = {}) =>
  (await county.refuse(OFFICE, 'loop.act', { case: id, event, answers })).code;
async function drilled(scenario: string, date: string): Promise<string> {
  const { case: id } = await county.apply(OFFICE, 'loop.open', plan(scenario, date));
  await act(OFFICE, id, 'drill', { 'minutes-to-arrive': 4, 'minutes-to-treat': 9 });
  return id;
}

test('[emergency-drill/1] every finding becomes a task and the drill is closed only when all are', async () => {
  const unknown = await county.refuse(OFFICE, 'loop.open', plan('火灾', '2026-03-02'));
  assert.equal(unknown.code, 'scenario-unknown');
  const { case: early } = await county.apply(OFFICE, 'loop.open', plan('大型多发伤', '2026-03-09'));
  const times = { 'minutes-to-arrive': 9, 'minutes-to-treat': 4 };
  assert.equal(await code(early, 'drill', times), 'drill-to-come');
  const id = await drilled('危重孕产妇后出血', '2026-03-02');
  const findings = ['备血不足', '通知延迟', '分工不清'];
  await act(OFFICE, id, 'review', { findings, review: '总体有序' });
  const { rows } = await county.database.run<{ id: string }>(
    sql`select id from loop_case where parent = ${id} order by id`,
  );
  assert.equal(rows.length, 3);
  const elsewhere: As = { role: 'hospital-doctor', org: 'tcm', person: 'expert-2' };
  const solve = { case: rows[0]?.id, event: 'solve', answers: { solution: 'x' } };
  assert.equal((await county.refuse(elsewhere, 'loop.act', solve)).code, 'not-your-turn');
  for (const [index, finding] of rows.entries()) {
    assert.equal(await code(id, 'close'), 'findings-open', `before ${index}`);
    await act(WARD, finding.id, 'solve', { solution: '已整改' });
    if (index === 0) {
      await act(OFFICE, finding.id, 'send-back', {}, '备血清单未更新');
      await act(WARD, finding.id, 'solve', { solution: '清单已更新' });
    }
    assert.equal((await county.caseState(id)).closed, null, 'solved is not yet verified');
    await act(OFFICE, finding.id, 'verify');
  }
  assert.equal((await county.caseState(id)).positions[0]?.state, 'closed');
});

test('[emergency-drill/2] a scenario not drilled within the set months is listed', async () => {
  const clean = await drilled('大型多发伤', '2026-03-02');
  await act(OFFICE, clean, 'review', { review: '未发现问题' });
  assert.equal((await county.caseState(clean)).positions[0]?.state, 'closed');
  const listed = async (on: string): Promise<readonly string[]> => {
    const list = county.runtime.context.lists.get('drill-interval');
    assert.ok(list);
    const months = listValue(list, 'months', on);
    assert.ok(months.ok);
    const since = addMonths(on as LocalDate, -Number(months.value));
    const drills = { register: 'drills', field: 'scenario', since };
    return (await coverageOf(county.database, { register: 'drill-scenarios' }, drills, on)).missing;
  };
  assert.deepEqual(await listed('2026-03-02'), ['群体性中毒']);
  assert.deepEqual(await listed('2026-09-02'), ['群体性中毒'], 'six months to the day still count');
  assert.deepEqual(await listed('2026-09-03'), ['危重孕产妇后出血', '大型多发伤', '群体性中毒']);
  county.clock.advanceTo(new Date('2026-08-03T01:00:00Z'));
  await act(OFFICE, await drilled('群体性中毒', '2026-08-03'), 'review', { review: '未发现问题' });
  assert.deepEqual(await listed('2026-09-03'), ['危重孕产妇后出血', '大型多发伤']);
});
