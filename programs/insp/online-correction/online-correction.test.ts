// Acceptance of online corrections: a deadline and proof, a visit where none comes, more than 120 counted by trade.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { INSPECTOR_1, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const notice = async (object: string, trade: string) =>
  (
    await county.apply(INSPECTOR_1, 'loop.open', {
      loop: 'online-correction',
      answers: { object, trade, violation: '未公示检测结果' },
    })
  ).case;
const act = (id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(INSPECTOR_1, 'loop.act', { case: id, event, answers, ...(reason ? { reason } : {}) });

test('[online-correction/1] a notice carries a deadline and is answered with proof', async () => {
  const id = await notice('hair-1', '美容美发');
  assert.equal(
    new Date((await county.caseState(id)).positions[0]?.due ?? 0).toISOString(),
    '2026-03-17T15:59:59.999Z',
  );
  assert.equal(
    (await county.refuse(INSPECTOR_1, 'loop.act', { case: id, event: 'prove' })).code,
    'field-missing',
  );
  await act(id, 'prove', { proof: 'DocumentReference/photo' });
  await act(id, 'reject', {}, '照片不清');
  await act(id, 'prove', { proof: 'DocumentReference/photo-2' });
  assert.deepEqual((await act(id, 'accept')).states, ['corrected']);
});

test('[online-correction/2] no proof by the deadline opens a task on site', async () => {
  const id = await notice('hair-2', '美容美发');
  await county.advance(15 * 86_400_000);
  assert.equal((await county.caseState(id)).closed, null);
  await county.advance(86_400_000);
  assert.equal((await county.caseState(id)).positions[0]?.state, 'visit');
  const { rows } = await county.database.run<{ id: string }>(
    sql`select id from loop_case where loop = 'inspection-event' and parent = ${id}`,
  );
  assert.equal((await county.caseState(rows[0]?.id ?? '')).data['object'], 'hair-2');
});

test('[online-correction/3] corrections made on line are counted by trade and exceed 120', async () => {
  for (let n = 0; n < 120; n += 1) {
    const id = await notice(`object-${n}`, n % 3 === 0 ? '住宿' : '游泳');
    await act(id, 'prove', { proof: 'x' });
    await act(id, 'accept');
  }
  await notice('open-one', '住宿');
  const counted = Object.fromEntries(
    (await county.report('corrections-by-trade', '2026-12-31')).rows.map(({ of, cells }) => [
      of[0],
      cells[0],
    ]),
  );
  assert.deepEqual(counted, { 住宿: 40, 游泳: 80, 美容美发: 1 });
});
