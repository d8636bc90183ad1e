// Acceptance of the exchange with the national platform: checked first, sent once, everything accounted for; all synthetic.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { uuidv7 } from '@yimai/kit';
import { registerOn, storyOf } from '@yimai/runtime';
import { type As, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const house = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
await smallCounty(house);
const PLATFORM: As = { role: 'integration-client', org: 'bureau', person: 'officer' };
const row = (n: number, more: object = {}) => ({
  number: `S${String(n).padStart(4, '0')}`,
  'screened-on': '2026-03-01',
  cancer: 'lung',
  stage: ['assessment', 'follow-up', 'intervention'][n % 3],
  age: 60,
  result: '阴性',
  ...more,
});
const bring = (rows: object[]) =>
  house.apply(OFFICE, 'register.import', { register: 'national-screening-records', rows });
const waiting = async () =>
  (await registerOn(house.database, 'national-screening-records', '2026-03-02')).map((one) => one.key);
const batch = (name: string, numbers: string[]) => ({
  loop: 'national-batch',
  answers: { batch: name, numbers, sent: numbers.length },
});

test('[national-platform-exchange/1] invalid records are rejected with their reason before anything is sent', async () => {
  const good = Array.from({ length: 10 }, (_, n) => row(n + 1));
  const wrong = [
    row(11, { age: 34 }),
    row(12, { age: 75 }),
    row(13, { cancer: 'elbow' }),
    row(14, { result: '' }),
    row(15, { 'screened-on': '2026-03-03' }),
  ];
  const edges = [row(16, { age: 35 }), row(17, { age: 74 })];
  const answer = await bring([...good, ...wrong, ...edges]);
  assert.equal(answer.added, 12);
  assert.deepEqual(
    answer.refused.map(({ row: line, code }: { row: number; code: string }) => [line, code]),
    [
      [11, 'age-out-of-range'],
      [12, 'age-out-of-range'],
      [13, 'code-unknown'],
      [14, 'field-missing'],
      [15, 'date-in-future'],
    ],
  );
  assert.ok(answer.refused.every(({ detail }: { detail: { zh: string } }) => detail.zh !== ''));
  const numbers = await waiting();
  assert.equal(numbers.length, 12);
  assert.ok(!numbers.includes('S0011') && numbers.includes('S0016'));
});

test('[national-platform-exchange/2] sending again does not duplicate: not the record, the batch, nor the message', async () => {
  const again = await bring([row(1), row(2, { result: '阳性，已转诊' })]);
  assert.deepEqual([again.added, again.unchanged, again.amended], [0, 1, 1]);
  assert.equal((await waiting()).length, 12);
  const message = uuidv7();
  const first = await house.send(OFFICE, 'loop.open', batch('2026-03-02', await waiting()), { id: message });
  const second = await house.send(OFFICE, 'loop.open', batch('2026-03-02', await waiting()), { id: message });
  assert.equal(first.outcome, 'applied');
  assert.deepEqual(second.result, first.result, 'the same message has the effect of one');
  assert.equal((await house.refuse(OFFICE, 'loop.open', batch('2026-03-02', ['S0001']))).code, 'batch-sent');
  const { case: id } = first.result as { case: string };
  await house.apply(OFFICE, 'loop.act', { case: id, event: 'resend' });
  assert.equal((await house.caseState(id)).data['attempts'], 2);
  assert.equal((await registerOn(house.database, 'national-batches', '2026-03-02')).length, 1);
});

test('[national-platform-exchange/3] sent is received and rejected together, or the receipt is refused', async () => {
  const numbers = ['S0003', 'S0004', 'S0005', 'S0006'];
  const miscounted = { ...batch('2026-03-02-b', numbers), answers: { batch: 'x', numbers, sent: 5 } };
  assert.equal((await house.refuse(OFFICE, 'loop.open', miscounted)).code, 'count-differs');
  const { case: id } = await house.apply(OFFICE, 'loop.open', batch('2026-03-02-b', numbers));
  const receipt = (answers: object) => ({ case: id, event: 'receipt', answers });
  const short = receipt({ received: 2, rejected: 1, reasons: ['S0006 证件不符'] });
  assert.equal((await house.refuse(PLATFORM, 'loop.act', short)).code, 'receipt-does-not-balance');
  const mute = receipt({ received: 3, rejected: 1 });
  assert.equal((await house.refuse(PLATFORM, 'loop.act', mute)).at, 'payload.answers.reasons');
  const byMyself = receipt({ received: 4, rejected: 0 });
  assert.equal((await house.refuse(OFFICE, 'loop.act', byMyself)).code, 'not-your-turn');
  await house.apply(PLATFORM, 'loop.act', receipt({ received: 3, rejected: 1, reasons: ['S0006 证件不符'] }));
  assert.equal((await house.caseState(id)).positions[0]?.state, 'returned');
  await house.apply(OFFICE, 'loop.act', { case: id, event: 'resend' });
  await house.apply(PLATFORM, 'loop.act', receipt({ received: 4, rejected: 0 }));
  const [entry] = (await storyOf(house.database, 'national-batches', '2026-03-02-b')).slice(-1);
  const { sent, received, rejected, status } = entry!.data;
  assert.deepEqual([sent, received, rejected, status], [4, 4, 0, 'settled']);
});
