// Acceptance of the three systems: review before a major decision, another reviewer, masked in time, records that stay.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn, storyOf, workList } from '@yimai/runtime';
import { type As, BUREAU, INSPECTOR_1, INSPECTOR_2, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const CASE = {
  object: 'pool-1',
  offender: '张合成',
  matter: '水质不合格',
  certificate: '99-0001',
  'notice-given': true,
};
const act = (as: As, id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: id, event, answers, ...(reason === undefined ? {} : { reason }) });
const refused = async (as: As, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;
const where = async (id: string) => (await county.caseState(id)).positions[0]?.state;

async function investigated(): Promise<string> {
  const { case: id } = await county.apply(INSPECTOR_1, 'loop.open', {
    loop: 'enforcement-case',
    answers: CASE,
  });
  await act(INSPECTOR_1, id, 'record', {
    stage: '现场检查',
    content: '现场笔录一份',
    file: 'Binary/photo-1',
  });
  return id;
}

const MAJOR = { sanction: 'revoke', draft: '拟吊销卫生许可证' };
const SMALL = { sanction: 'fine', fine: 999_999, draft: '拟罚款' };

test('[enforcement-three-systems/1] a major decision without legal review cannot be issued', async () => {
  const bare = await county.refuse(INSPECTOR_1, 'loop.open', {
    loop: 'enforcement-case',
    answers: { ...CASE, 'notice-given': false },
  });
  assert.equal(bare.code, 'notice-missing');
  const id = await investigated();
  // Whether a decision is major follows from the sanction: saying otherwise does not help.
  await act(INSPECTOR_1, id, 'draft', { ...MAJOR, major: false, reviewer: 'Practitioner/inspector-2' });
  assert.deepEqual([await where(id), (await county.caseState(id)).data['major']], ['legal-review', true]);
  assert.equal(await refused(BUREAU, id, 'decide', { number: '合卫罚〔2026〕1号' }), 'event-not-here');
  const limit = await investigated();
  await act(INSPECTOR_1, limit, 'draft', { ...SMALL, fine: 1_000_000 });
  assert.equal(await where(limit), 'legal-review');
  const small = await investigated();
  await act(INSPECTOR_1, small, 'draft', SMALL);
  await act(BUREAU, small, 'decide', { number: '合卫罚〔2026〕2号' });
  assert.equal(await where(small), 'decided');
  await act(INSPECTOR_2, id, 'approve', { opinion: '事实清楚，程序合法' });
  await act(BUREAU, id, 'decide', { number: '合卫罚〔2026〕1号' });
  assert.equal(await where(id), 'decided');
});

test('[enforcement-three-systems/2] the legal reviewer is not the handler', async () => {
  const id = await investigated();
  await act(INSPECTOR_1, id, 'draft', MAJOR);
  assert.equal(await refused(INSPECTOR_1, id, 'approve', { opinion: '同意' }), 'reviewer-is-handler');
  assert.equal(await refused(BUREAU, id, 'approve', { opinion: '同意' }), 'not-your-turn');
  assert.equal(await refused(INSPECTOR_2, id, 'approve'), 'field-missing');
  await act(INSPECTOR_2, id, 'object', {}, '证据不足');
  assert.deepEqual([await where(id), (await county.caseState(id)).returns], ['investigating', 1]);
  await act(INSPECTOR_1, id, 'draft', MAJOR);
  await act(INSPECTOR_2, id, 'approve', { opinion: '补正后同意' });
  assert.equal((await county.caseState(id)).data['reviewer'], 'Practitioner/inspector-2');
});

test('[enforcement-three-systems/3] a decision is published within 7 working days with the name masked', async () => {
  const id = await investigated();
  await act(INSPECTOR_1, id, 'draft', SMALL);
  await act(BUREAU, id, 'decide', { number: '合卫罚〔2026〕3号' });
  // Decided on Monday 2 March; the seventh working day is Wednesday 11 March.
  assert.equal(
    new Date((await county.caseState(id)).positions[0]?.due ?? 0).toISOString(),
    '2026-03-11T15:59:59.999Z',
  );
  const publish = (name: string, text: string) => ({ 'public-name': name, 'public-text': text });
  for (const open of [
    publish('张合成', '罚款'),
    publish('张合成某', '罚款'),
    publish('张某', '对张合成罚款'),
  ])
    assert.equal(await refused(INSPECTOR_1, id, 'publish', open), 'name-not-masked');
  await county.advance(10 * 86_400_000);
  const late = await workList(county.database, county.actor(INSPECTOR_1), county.clock.now(), {
    limit: 50,
    late: true,
  });
  assert.deepEqual(
    late.filter((one) => one.case === id).map((one) => [one.state, one.escalated]),
    [['decided', 1]],
  );
  await act(INSPECTOR_1, id, 'publish', publish('张某', '对张某罚款'));
  const [shown] = (await registerOn(county.database, 'enforcement-publications', '2026-03-12')).map(
    (one) => one.data,
  );
  assert.deepEqual(
    [shown?.['number'], shown?.['name'], shown?.['day']],
    ['合卫罚〔2026〕3号', '张某', '2026-03-12'],
  );
  assert.ok(!JSON.stringify(shown).includes(CASE.offender));
});

test('[enforcement-three-systems/4] records cannot be changed afterwards', async () => {
  const id = await investigated();
  assert.equal(await refused(INSPECTOR_1, id, 'record', { stage: '询问' }), 'record-empty');
  await act(INSPECTOR_1, id, 'record', { stage: '询问', content: '询问笔录一份', no: 1 });
  const key = `Task/${id}|1`;
  const [first] = await storyOf(county.database, 'enforcement-records', key);
  assert.equal(first?.data['content'], '现场笔录一份');
  const changed = { ...first?.data, content: '改动' };
  for (const who of [INSPECTOR_1, BUREAU]) {
    for (const type of ['register.put', 'register.add'])
      assert.equal(
        (await county.refuse(who, type, { register: 'enforcement-records', entry: changed })).code,
        'role-not-allowed',
      );
    assert.equal(
      (await county.refuse(who, 'register.end', { register: 'enforcement-records', key })).code,
      'role-not-allowed',
    );
  }
  await act(INSPECTOR_1, id, 'draft', SMALL);
  await act(BUREAU, id, 'decide', { number: '合卫罚〔2026〕4号' });
  await act(INSPECTOR_1, id, 'publish', { 'public-name': '张某', 'public-text': '罚款' });
  assert.equal(
    await refused(INSPECTOR_1, id, 'record', { stage: '补记', content: '事后补记' }),
    'loop-closed',
  );
  const kept = await storyOf(county.database, 'enforcement-records', key);
  assert.deepEqual([kept.length, kept[0]?.to, kept[0]?.data], [1, null, first?.data]);
});
