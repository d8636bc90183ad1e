// Acceptance of the pool of establishment posts: 100 and no more, free the day someone leaves, only for the high level.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { figuresOf, poolOn } from '@yimai/runtime';
import { type As, HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const TCM_HR: As = { role: 'hr-clerk', org: 'tcm', person: 'expert-3' };
const facts = { hospital: 'Organization/tcm', 'high-level': true };
const take = (n: number) => ({ pool: 'establishment-posts', holder: `Practitioner/high-${n}`, facts });
const free = async () => {
  const [posts] = await poolOn(county.database, 'establishment-posts', county.clock.now());
  return (posts?.capacity ?? 0) - (posts?.taken ?? 0);
};

test('[establishment-pool/1] the 101st allotment at one time is refused', async () => {
  for (let n = 1; n <= 100; n += 1) await county.apply(HR, 'pool.book', take(n));
  const refusal = await county.refuse(HR, 'pool.book', take(101));
  assert.equal(refusal.code, 'pool-exhausted');
  assert.equal(await free(), 0);
});

test('[establishment-pool/2] when a person leaves the post is free the same day', async () => {
  await county.apply(HR, 'pool.release', { pool: 'establishment-posts', holder: 'Practitioner/high-7' });
  assert.equal(await free(), 1);
  await county.apply(HR, 'pool.book', take(101));
  assert.equal((await county.refuse(HR, 'pool.book', take(102))).code, 'pool-exhausted');
});

test('[establishment-pool/3] the time from request to allotment is reported', async () => {
  await county.apply(HR, 'pool.release', { pool: 'establishment-posts', holder: 'Practitioner/high-8' });
  const answers = { person: 'Practitioner/high-200', 'high-level': true };
  const { case: id } = await county.apply(TCM_HR, 'loop.open', { loop: 'establishment-request', answers });
  county.clock.advanceBy(26 * 3_600_000);
  await county.apply(HR, 'loop.act', { case: id, event: 'allot' });
  const figures = await figuresOf(
    county.database,
    'establishment-request',
    new Date('2026-01-01'),
    new Date('2026-12-31'),
    county.clock.now(),
  );
  assert.equal(figures.timeInState.get('requested')?.meanMs, 26 * 3_600_000);
  assert.equal(await free(), 0);
});

test('[establishment-pool/4] a person who is not classed high-level is refused', async () => {
  await county.apply(HR, 'pool.release', { pool: 'establishment-posts', holder: 'Practitioner/high-9' });
  const ordinary = await county.refuse(HR, 'pool.book', {
    ...take(300),
    facts: { ...facts, 'high-level': false },
  });
  assert.equal(ordinary.code, 'not-high-level');
  const { case: id } = await county.apply(TCM_HR, 'loop.open', {
    loop: 'establishment-request',
    answers: { person: 'Practitioner/low' },
  });
  assert.equal((await county.refuse(HR, 'loop.act', { case: id, event: 'allot' })).code, 'not-high-level');
});
