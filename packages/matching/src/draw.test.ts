// Tests of draws and pools: fair and repeatable, conflicts out, no double booking.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commitmentOf, type Drawable, draw } from './draw.ts';
import { type Booking, checkBooking, peak, type Unit } from './pool.ts';

const pool: Drawable[] = Array.from({ length: 12 }, (_, index) => ({
  id: `expert-${index}`,
  field: index < 9 ? 'policy' : 'law',
  ties: index === 0 ? ['bureau-a'] : [],
}));
const request = {
  seed: '2026-11-21 总第 118 期',
  field: 'policy',
  count: 3,
  reserves: 2,
  conflicts: ['bureau-a'],
  exclude: ['expert-1'],
};

test('[matching D1] the same seed gives the same draw in any order of the list; another seed another', () => {
  const one = draw(pool, request);
  assert.ok(one.ok);
  assert.deepEqual(draw([...pool].reverse(), request), one);
  assert.equal(one.value.commitment, commitmentOf(request.seed));
  assert.deepEqual([one.value.chosen.length, one.value.reserves.length, one.value.pool.length], [3, 2, 7]);
  const seeds = new Set(
    Array.from({ length: 20 }, (_, n) => {
      const other = draw(pool, { ...request, seed: `seed-number-${n}` });
      return other.ok ? other.value.chosen.join() : '';
    }),
  );
  assert.ok(seeds.size > 15);
});

test('[matching D2] those with a tie, of another field, or excluded are never drawn and are listed with the reason', () => {
  for (let n = 0; n < 50; n += 1) {
    const result = draw(pool, { ...request, seed: `seed-number-${n}`, reserves: 10 });
    assert.ok(result.ok);
    const all = [...result.value.chosen, ...result.value.reserves];
    assert.ok(!all.includes('expert-0') && !all.includes('expert-1') && !all.includes('expert-9'));
    assert.equal(result.value.excluded.find((one) => one.id === 'expert-0')?.code, 'conflict');
  }
});

test('[matching D3] each is drawn about as often as any other (chi-square over 3,000 seeds)', () => {
  const times = new Map<string, number>();
  for (let n = 0; n < 3000; n += 1) {
    const result = draw(pool, { ...request, seed: `fairness-${n}` });
    assert.ok(result.ok);
    for (const id of result.value.chosen) times.set(id, (times.get(id) ?? 0) + 1);
  }
  const expected = (3000 * 3) / 7;
  const chi = [...times.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  assert.equal(times.size, 7);
  assert.ok(chi < 22.5, `chi-square ${chi}`);
});

test('[matching D4] too few candidates and too short a seed are refused', () => {
  const few = draw(pool, { ...request, count: 8 });
  assert.ok(!few.ok);
  assert.deepEqual([few.refusal.code, few.refusal.at], ['pool-too-small', 'payload.count']);
  const short = draw(pool, { ...request, seed: 'x' });
  assert.ok(!short.ok);
  assert.equal(short.refusal.code, 'seed-too-short');
});

const bed: Unit = { id: 'bed-1', capacity: 1, tags: ['icu'], open: true };
const booking = (from: number, to: number | null, more: Partial<Booking> = {}): Booking => ({
  id: `${from}`,
  unit: 'bed-1',
  holder: `h${from}`,
  from,
  to,
  state: 'confirmed',
  expires: null,
  ...more,
});
const ask = (from: number, to: number | null, more = {}) => ({
  unit: 'bed-1',
  holder: 'new',
  from,
  to,
  tags: [],
  onePerHolder: true,
  ...more,
});
const code = (unit: Unit, others: Booking[], want: ReturnType<typeof ask>, now = 0) => {
  const result = checkBooking(unit, others, want, now);
  return result.ok ? 'ok' : result.refusal.code;
};

test('[matching P1] periods that touch do not overlap; those that overlap are double-booked', () => {
  assert.equal(code(bed, [booking(10, 20)], ask(20, 30)), 'ok');
  assert.equal(code(bed, [booking(10, 20)], ask(19, 30)), 'double-booked');
  assert.equal(code(bed, [booking(10, null)], ask(500, 600)), 'double-booked');
  assert.equal(code(bed, [], ask(20, 20)), 'period-empty');
});

test('[matching P2] a lapsed hold and a released booking no longer count', () => {
  const hold = booking(10, 20, { state: 'held', expires: 5 });
  assert.equal(code(bed, [hold], ask(12, 15), 4), 'double-booked');
  assert.equal(code(bed, [hold], ask(12, 15), 5), 'ok');
  assert.equal(code(bed, [booking(10, 20, { state: 'released' })], ask(12, 15)), 'ok');
});

test('[matching P3] a pool of 100 takes 100 at once and refuses the 101st; one holder has one place', () => {
  const posts: Unit = { ...bed, id: 'posts', capacity: 100 };
  const full = Array.from({ length: 100 }, (_, n) => booking(n, null, { unit: 'posts', holder: `p${n}` }));
  assert.equal(code(posts, full.slice(1), ask(200, null, { unit: 'posts' })), 'ok');
  assert.equal(code(posts, full, ask(200, null, { unit: 'posts' })), 'pool-exhausted');
  assert.equal(code(posts, full.slice(1), ask(200, null, { unit: 'posts', holder: 'p5' })), 'holder-booked');
});

test('[matching P4] a closed or unfit unit is refused', () => {
  assert.equal(code({ ...bed, open: false }, [], ask(1, 2)), 'unit-closed');
  assert.equal(code(bed, [], ask(1, 2, { tags: ['negative-pressure'] })), 'unit-unfit');
});

test('[matching P5] bookings accepted one by one never exceed the capacity at any moment (seed 11)', () => {
  const wish = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(wish, { maxLength: 40 }), (capacity, wishes) => {
      const unit = { ...bed, capacity };
      const made: Booking[] = [];
      for (const [index, [from, length]] of wishes.entries()) {
        const want = ask(from, from + length, { holder: `h${index}` });
        if (checkBooking(unit, made, want, 0).ok)
          made.push(booking(from, from + length, { id: `${index}`, holder: `h${index}` }));
      }
      for (let at = 0; at < 75; at += 1) assert.ok(peak(made, at, at + 1, 0) <= capacity);
    }),
    { seed: 11, numRuns: 200 },
  );
});
