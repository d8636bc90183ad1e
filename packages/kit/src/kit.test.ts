// Shows the rules of the small nouns: refusals, money to the fen, calendar days, ids in order, the clock that is moved by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SimulatedClock } from './clock.ts';
import {
  addDays,
  addMonths,
  chinaDate,
  chinaInstant,
  daysBetween,
  fullYears,
  isLocalDate,
  localDate,
} from './local-date.ts';
import { allocate, formatYuan, parseYuan, roundHalfUp } from './money.ts';
import { assert as assertThat, must, ok, RefusalError, refuse } from './result.ts';
import { isUuid, uuidv7 } from './uuid.ts';

const SEED = 20_261_122;
const run = { seed: SEED, numRuns: 300 };

test('[kit K1] must gives the value, or throws the refusal as it is; an assertion is no refusal', () => {
  assert.equal(must(ok(7)), 7);
  const no = refuse('loop-closed', { zh: '已关闭', en: 'closed' }, { at: 'payload.loop', rule: 'L7' });
  assert.throws(
    () => must(no),
    (error) => error instanceof RefusalError && error.refusal === no.refusal,
  );
  assert.throws(
    () => assertThat(false, 'it holds'),
    (error) => !(error instanceof RefusalError) && /^Error: fault: it holds$/.test(String(error)),
  );
});

test(`[kit K2] parts add up to the whole and are within a fen of their share (seed ${SEED})`, () => {
  const shares = fc
    .array(fc.bigInt(0n, 10n ** 9n), { minLength: 1, maxLength: 12 })
    .filter((all) => all.some((share) => share > 0n));
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 13n), 10n ** 13n), shares, (total, all) => {
      const parts = allocate(total, all);
      const sum = all.reduce((a, b) => a + b, 0n);
      assert.equal(
        parts.reduce((a, b) => a + b, 0n),
        total,
      );
      for (const [index, part] of parts.entries()) {
        const off = part * sum - total * all[index]!;
        assert.ok((off < 0n ? -off : off) < sum, `${part} of ${total} for ${all[index]} of ${sum}`);
      }
    }),
    run,
  );
});

test('[kit K2] the largest remainder first, the earlier of two equal ones first', () => {
  assert.deepEqual(allocate(100n, [1n, 1n, 1n]), [34n, 33n, 33n]);
  assert.deepEqual(allocate(-100n, [1n, 1n, 1n]), [-34n, -33n, -33n]);
  assert.deepEqual(allocate(10n, [1n, 5n, 3n]), [1n, 6n, 3n]);
  assert.deepEqual(allocate(1n, [0n, 1n]), [0n, 1n]);
  for (const shares of [[], [0n, 0n], [2n, -1n]]) assert.throws(() => allocate(1n, shares), /^Error: fault:/);
});

test('[kit K3] half is rounded away from zero', () => {
  const rounded = [
    [5n, 10n, 1n],
    [-5n, 10n, -1n],
    [5n, -10n, -1n],
    [4n, 10n, 0n],
    [-4n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 3n],
  ] as const;
  for (const [n, d, expected] of rounded) assert.equal(roundHalfUp(n, d), expected, `${n}/${d}`);
  assert.throws(() => roundHalfUp(1n, 0n), /division by zero/);
});

test(`[kit K4] yuan text is read to the fen or refused, and what is written is read back (seed ${SEED})`, () => {
  assert.deepEqual(parseYuan('1,234.5'), ok(123_450n));
  assert.deepEqual(parseYuan('-0.05'), ok(-5n));
  for (const text of [
    '',
    '1.234',
    '1,23',
    '12,34.5',
    '1e3',
    '0x1',
    '１',
    '1.',
    '.5',
    '--1',
    '+1',
    'NaN',
    '1 000',
  ]) {
    const read = parseYuan(text);
    assert.equal(read.ok ? '' : read.refusal.code, 'not-an-amount', text);
  }
  const money = fc.bigInt(-(10n ** 15n), 10n ** 15n);
  fc.assert(
    fc.property(money, (fen) => assert.deepEqual(parseYuan(formatYuan(fen)), ok(fen))),
    run,
  );
});

test('[kit K5] a date exists, months end where they end, and years are full on the birthday', () => {
  for (const good of ['2024-02-29', '2000-02-29', '0099-12-31', '0004-02-29'])
    assert.ok(isLocalDate(good), good);
  for (const bad of [
    '2023-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-1-1',
    '2024-01-01T00',
    20240101,
  ])
    assert.ok(!isLocalDate(bad), String(bad));
  assert.throws(() => localDate('2026-02-30'), /fault/);
  const day = localDate;
  assert.equal(addMonths(day('2024-01-31'), 1), '2024-02-29');
  assert.equal(addMonths(day('2024-03-31'), -1), '2024-02-29');
  assert.equal(addMonths(day('2024-02-29'), 12), '2025-02-28');
  assert.equal(addMonths(day('2024-11-30'), 3), '2025-02-28');
  assert.equal(addDays(day('2024-02-28'), 2), '2024-03-01');
  assert.equal(daysBetween(day('2024-02-28'), day('2024-03-01')), 2);
  assert.equal(fullYears(day('2000-02-29'), day('2025-02-28')), 24);
  assert.equal(fullYears(day('2000-02-29'), day('2025-03-01')), 25);
  assert.equal(fullYears(day('2000-06-15'), day('2024-06-15')), 24);
  assert.equal(fullYears(day('2000-06-15'), day('2024-06-14')), 23);
});

test(`[kit K5] days that are added are counted again (seed ${SEED})`, () => {
  const days = fc.integer({ min: -200_000, max: 200_000 });
  fc.assert(
    fc.property(days, days, (from, more) => {
      const start = addDays(localDate('2026-01-01'), from);
      const end = addDays(start, more);
      assert.ok(isLocalDate(start) && isLocalDate(end));
      assert.equal(daysBetween(start, end), more);
    }),
    run,
  );
});

test('[kit K6] a day in China begins at 16:00 UTC of the day before', () => {
  assert.equal(chinaDate(new Date('2026-11-21T15:59:59.999Z')), '2026-11-21');
  assert.equal(chinaDate(new Date('2026-11-21T16:00:00.000Z')), '2026-11-22');
  assert.equal(chinaInstant(localDate('2026-11-22')).toISOString(), '2026-11-21T16:00:00.000Z');
  assert.equal(chinaInstant(localDate('2026-11-22'), '08:30').toISOString(), '2026-11-22T00:30:00.000Z');
});

test('[kit K7] ids are in the order in which they were made, also when the clock is set back', () => {
  const now = Date.now() + 3_600_000;
  const ids = Array.from({ length: 10_000 }, (_, index) =>
    uuidv7(index % 3 === 0 ? now : now - 60_000 * (index % 7)),
  );
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every((id) => isUuid(id) && /^.{14}7.{4}[89ab]/.test(id)));
  assert.ok(!isUuid(ids[0]!.toUpperCase()) && !isUuid(`${ids[0]} `) && !isUuid(7));
});

test('[kit K8] a simulated clock moves only when told to and never backwards', () => {
  const clock = new SimulatedClock('2026-01-01T00:00:00Z');
  clock.now().setFullYear(1999);
  assert.equal(clock.now().toISOString(), '2026-01-01T00:00:00.000Z');
  clock.advanceBy(1_500);
  assert.equal(clock.now().toISOString(), '2026-01-01T00:00:01.500Z');
  assert.throws(() => clock.advanceTo(new Date('2025-12-31T23:59:59Z')), /backwards/);
});
