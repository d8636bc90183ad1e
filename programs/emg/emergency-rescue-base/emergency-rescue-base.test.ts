// Acceptance of rescue bases: six items before any building, issues with a named department and a reply date, 31 of 31.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { coverageOf, workList } from '@yimai/runtime';
import { BUREAU, OFFICE, PRESIDENT, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);

const PROVINCES = [
  ...[
    '北京',
    '天津',
    '河北',
    '山西',
    '内蒙古',
    '辽宁',
    '吉林',
    '黑龙江',
    '上海',
    '江苏',
    '浙江',
    '安徽',
    '福建',
    '江西',
  ],
  ...[
    '山东',
    '河南',
    '湖北',
    '湖南',
    '广东',
    '广西',
    '海南',
    '重庆',
    '四川',
    '贵州',
    '云南',
    '西藏',
    '陕西',
    '甘肃',
  ],
  ...['青海', '宁夏', '新疆'],
];
const ITEMS = ['positioning', 'approval', 'site', 'scale', 'plan', 'funding'];
const rows = PROVINCES.map((province) => ({ province }));
await county.apply(OFFICE, 'register.import', { register: 'rescue-base-provinces', rows });

const act = (as: typeof OFFICE, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
const code = async (as: typeof OFFICE, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;
const project = (province: string, hospital: string) => ({
  loop: 'rescue-base-project',
  answers: { province, hospital, until: '2026-12-31' },
});
const state = async (id: string) => (await county.caseState(id)).positions[0]?.state;

const { case: base } = await county.apply(OFFICE, 'loop.open', project('山西', '山西白求恩医院'));

test('[emergency-rescue-base/1] six preliminary items are gates: no building before the last of them is done', async () => {
  assert.equal(
    (await county.refuse(OFFICE, 'loop.open', project('某省', '某医院'))).code,
    'province-unknown',
  );
  for (const [done, item] of ITEMS.entries()) {
    assert.equal(
      await code(OFFICE, base, 'start-building', { until: '2027-12-31' }),
      'preliminary-open',
      `${done} of 6`,
    );
    assert.equal(
      await code(OFFICE, base, 'finish-line', { line: 'premises', evidence: '验收单' }),
      'event-not-here',
    );
    await act(OFFICE, base, 'finish-item', { item, evidence: `批复 ${done + 1} 号` });
    assert.equal(await code(OFFICE, base, 'finish-item', { item, evidence: '再报一次' }), 'already-done');
  }
  assert.equal(await code(OFFICE, base, 'start-building', { until: '2026-03-01' }), 'deadline-past');
  await act(OFFICE, base, 'start-building', { until: '2027-12-31' });
  assert.equal(await state(base), 'building');
});

test('[emergency-rescue-base/2] a major issue goes to the named department with its reply date and comes back to the office', async () => {
  const issue = {
    issue: '配套道路未列入年度计划',
    department: 'Organization/county',
    'reply-by': '2026-03-20',
  };
  assert.equal(
    await code(OFFICE, base, 'raise-issue', { ...issue, 'reply-by': '2026-03-01' }),
    'reply-date-past',
  );
  await act(OFFICE, base, 'raise-issue', issue);
  const { rows: found } = await county.database.run<{ id: string }>(
    sql`select id from loop_case where parent = ${base}`,
  );
  assert.equal(found.length, 1);
  const id = found[0]!.id;
  const now = county.clock.now();
  const waiting = await workList(county.database, county.actor(PRESIDENT), now, { limit: 10 });
  assert.deepEqual(
    waiting.map((one) => one.case),
    [id],
    'the department named finds it among its work',
  );
  assert.equal(await code(BUREAU, id, 'reply', { reply: '不归我管' }), 'not-your-turn');
  const due = (await county.caseState(id)).positions[0]?.due;
  assert.equal(due, Date.parse('2026-03-21T00:00:00+08:00') - 1, 'the reply date itself still counts');
  await act(PRESIDENT, id, 'reply', { reply: '已列入第二批计划' });
  await act(OFFICE, id, 'accept');
  assert.equal(await state(id), 'settled');
  assert.equal((await county.caseState(base)).children.open, 0);
});

test('[emergency-rescue-base/3] coverage is 31 of 31 when every province has its base, and no province has two', async () => {
  const coverage = () =>
    coverageOf(
      county.database,
      { register: 'rescue-base-provinces' },
      { register: 'rescue-bases', field: 'province' },
      '2026-03-02',
    );
  const others = PROVINCES.filter((province) => province !== '山西');
  const bases = others.map((province) => ({ province, hospital: `${province}某医院（虚构）` }));
  await county.apply(OFFICE, 'register.import', { register: 'rescue-bases', rows: bases });
  assert.deepEqual(await coverage(), { covered: 30, all: 31, missing: ['山西'] });
  for (const line of ['premises', 'information'])
    await act(OFFICE, base, 'finish-line', { line, evidence: '竣工验收' });
  assert.equal(await code(OFFICE, base, 'start-enabling', { until: '2028-06-30' }), 'building-open');
  await act(OFFICE, base, 'finish-line', { line: 'equipment', evidence: '设备清单' });
  await act(OFFICE, base, 'start-enabling', { until: '2028-06-30' });
  await act(BUREAU, base, 'show-capability', { capability: 'medical', evidence: '评估报告' });
  assert.equal(await code(BUREAU, base, 'commission'), 'capability-open');
  await act(BUREAU, base, 'show-capability', { capability: 'rescue', evidence: '拉动演练' });
  await act(BUREAU, base, 'commission');
  assert.deepEqual(await coverage(), { covered: 31, all: 31, missing: [] });
  assert.equal(
    (await county.refuse(OFFICE, 'loop.open', project('山西', '另一家医院'))).code,
    'province-has-base',
  );
});
