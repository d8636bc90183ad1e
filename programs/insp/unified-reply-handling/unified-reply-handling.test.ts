// Acceptance of unified handling: same matter offered for merging, one approved reply, closed when every part is solved.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import {
  type As,
  BUREAU,
  DIRECTOR_A,
  INSPECTOR_1,
  INSPECTOR_2,
  smallCounty,
  testCounty,
} from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const act = (as: As, id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: id, event, answers, ...(reason === undefined ? {} : { reason }) });
const refused = async (as: As, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;
const complain = async (object: string, subject: string, answers: object = {}): Promise<string> =>
  (
    await county.apply(DIRECTOR_A, 'loop.open', {
      loop: 'public-complaint',
      answers: { object, subject, text: '请处理（合成）', formation: 'township', ...answers },
    })
  ).case;
const data = async (id: string) => (await county.caseState(id)).data;
const packaging = (object: string, subject: string, parts: readonly string[]) => ({
  loop: 'problem-package',
  answers: { object, subject, parts, handler: 'Practitioner/inspector-1' },
});
const open = async (object: string, subject: string, parts: readonly string[]): Promise<string> =>
  (await county.apply(INSPECTOR_1, 'loop.open', packaging(object, subject, parts))).case;

async function events(parent: string): Promise<string[]> {
  const { rows } = await county.database.run<{ id: string }>(
    sql`select id from loop_case where loop = 'inspection-event' and parent = ${parent} and outcome = 'open' order by id`,
  );
  return rows.map((row) => row.id);
}

async function solve(id: string): Promise<void> {
  await act(INSPECTOR_1, id, 'dispatch', { handler: 'Practitioner/inspector-2' });
  await act(INSPECTOR_2, id, 'handle', { result: '已整改' });
  await act(INSPECTOR_1, id, 'verify');
  await act(BUREAU, id, 'evaluate', { evaluation: 5 });
}

const first = await complain('pool-1', 'water');
const pack = await open('pool-1', 'water', ['换水消毒', '公示检测结果']);
const second = await complain('pool-1', 'water', { offer: 'Task/elsewhere' });
const REPLY = '已责令停业换水，检测合格后恢复开放';

test('[unified-reply-handling/1] two complaints on one object and subject are offered for merging and get the same reply', async () => {
  assert.deepEqual([(await data(first))['offer'], (await data(second))['offer']], ['', `Task/${pack}`]);
  for (const [object, subject] of [
    ['pool-2', 'water'],
    ['pool-1', 'permit'],
  ] as const) {
    const other = await complain(object, subject);
    assert.equal((await data(other))['offer'], '');
    assert.equal(await refused(INSPECTOR_1, other, 'merge'), 'package-missing');
  }
  const twice = await county.refuse(INSPECTOR_2, 'loop.open', packaging('pool-1', 'water', ['另案']));
  assert.equal(twice.code, 'package-exists');
  for (const id of [first, second]) await act(INSPECTOR_1, id, 'merge');
  await act(INSPECTOR_1, pack, 'draft', { reply: REPLY });
  await act(BUREAU, pack, 'approve');
  await act(INSPECTOR_1, first, 'answer', { reply: '各说各话' });
  await act(INSPECTOR_2, second, 'answer', { approved: '另一种说法' });
  assert.deepEqual([(await data(first))['reply'], (await data(second))['reply']], [REPLY, REPLY]);
});

test('[unified-reply-handling/2] a reply is sent only after its wording is approved', async () => {
  const id = await complain('shop-1', 'permit');
  const own = await open('shop-1', 'permit', ['补办许可']);
  await act(INSPECTOR_1, id, 'merge');
  assert.equal(await refused(INSPECTOR_1, id, 'answer', { reply: '口头答复' }), 'reply-not-approved');
  assert.equal(await refused(INSPECTOR_2, own, 'draft', { reply: '草稿' }), 'not-your-turn');
  await act(INSPECTOR_1, own, 'draft', { reply: '草稿' });
  assert.equal(await refused(INSPECTOR_1, id, 'answer'), 'reply-not-approved');
  assert.equal(await refused(INSPECTOR_1, own, 'approve'), 'approver-is-handler');
  await act(BUREAU, own, 'send-back', {}, '用语不准确');
  assert.equal(await refused(INSPECTOR_1, id, 'answer'), 'reply-not-approved');
  await act(INSPECTOR_1, own, 'draft', { reply: '正在补办许可，期间停止营业' });
  await act(BUREAU, own, 'approve');
  await act(INSPECTOR_1, id, 'answer');
  assert.equal((await data(id))['reply'], '正在补办许可，期间停止营业');
});

test('[unified-reply-handling/3] the package closes only when all its parts are solved', async () => {
  assert.equal(await refused(INSPECTOR_1, pack, 'close'), 'parts-unsolved');
  assert.equal(await refused(INSPECTOR_1, pack, 'add-part', { part: '换水消毒' }), 'part-known');
  await act(INSPECTOR_1, pack, 'add-part', { part: '救生员健康证' });
  const parts = await events(pack);
  assert.equal(parts.length, 3);
  for (const id of parts.slice(1)) await solve(id);
  assert.equal(await refused(INSPECTOR_1, pack, 'close'), 'parts-unsolved');
  await solve(parts[0] ?? '');
  await act(INSPECTOR_1, pack, 'close');
  assert.equal((await county.caseState(pack)).positions[0]?.state, 'closed');
  // A closed package is offered to nobody; a new complaint begins a new one.
  assert.equal((await data(await complain('pool-1', 'water')))['offer'], '');
});
