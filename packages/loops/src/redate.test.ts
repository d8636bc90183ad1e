// Tests of deadlines across a year whose holidays are not announced: planned by law, counted again when the notice comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { createCalendar, type WorkCalendar } from './calendar.ts';
import { compileLoop } from './compile.ts';
import { DIRECTOR, OFFICER, PLACES, repositoryCalendar, SAMPLE, SAMPLE_HOURS } from './sample.ts';
import { statuteTable } from './statute.ts';
import { initialState, step } from './step.ts';
import { type LoopState, SYSTEM } from './types.ts';

const { loop } = compileLoop(SAMPLE);
const HOUR = 3_600_000;
const NOTICES = repositoryCalendar([2023, 2024, 2025, 2026]).tables;
const BY_LAW = must(createCalendar([...NOTICES, statuteTable(2027)], SAMPLE_HOURS));
const announced = (off: readonly (readonly [string, string])[], work: readonly string[]) =>
  must(
    createCalendar(
      [
        ...NOTICES,
        {
          year: 2027,
          basis: 'notice',
          source: 'a notice made up for the test',
          off: off.map(([from, to]) => ({ name: 'x', from, to })),
          work,
        },
      ],
      SAMPLE_HOURS,
    ),
  );
const dateOf = (instant: number) => new Date(instant + 8 * HOUR).toISOString().slice(0, 10);
const china = (text: string) => Date.parse(`${text}+08:00`);
const openedOn = (text: string, by = BY_LAW): LoopState => {
  const opening = { actor: DIRECTOR, places: PLACES, answers: { specialty: '儿科' } };
  const opened = initialState(loop, opening, china(text), by);
  assert.ok(opened.ok);
  return opened.state;
};
const redate = (state: LoopState, on: string, by: WorkCalendar, actor = SYSTEM) =>
  step(loop, state, { event: '$redate', actor, reason: 'the notice' }, china(on), by);
const dueOf = (state: LoopState) => {
  const due = state.positions[0]?.due;
  return due ? dateOf(due) : null;
};

test('[loops L23] a deadline in a year without a notice is set by law and says so; a year without a table refuses', () => {
  const state = openedOn('2027-02-03T09:00:00');
  // 5 to 10 February are off by law: 4, 11, 12, 15, 16 are worked.
  assert.deepEqual([dueOf(state), state.positions[0]?.provisional?.year], ['2027-02-16', 2027]);
  assert.equal(openedOn('2026-12-22T09:00:00').positions[0]?.provisional, undefined);
  const opening = { actor: DIRECTOR, places: PLACES, answers: { specialty: '儿科' } };
  const beyond = initialState(loop, opening, china('2027-12-29T09:00:00'), BY_LAW);
  assert.ok(!beyond.ok);
  assert.deepEqual(
    [beyond.refusal.code, beyond.refusal.detail?.zh.includes('2028')],
    ['calendar-missing', true],
  );
  const place = { event: 'place', actor: OFFICER, answers: { expert: 'p' } };
  const next = step(loop, state, place, china('2027-02-04T09:00:00'), BY_LAW);
  assert.ok(next.ok);
  assert.equal(next.state.positions[0]?.provisional, undefined, 'twenty-four hours hang on no holiday');
});

test('[loops L24] when the notice has come the deadline is counted from the same start, its timers with it, its owner told', () => {
  const state = openedOn('2027-02-03T09:00:00');
  const longer = announced(
    [
      ['2027-01-01', '2027-01-01'],
      ['2027-02-05', '2027-02-13'],
    ],
    ['2027-02-14'],
  );
  const later = redate(state, '2027-02-03T10:00:00', longer);
  assert.ok(later.ok);
  // 4, 14 (made up), 15, 16, 17 February are worked.
  assert.deepEqual([dueOf(later.state), later.state.positions[0]?.provisional], ['2027-02-17', undefined]);
  assert.equal(later.state.seq, state.seq + 1);
  const timers = later.effects.flatMap((one) =>
    one.kind === 'schedule' ? [[one.timer, dateOf(one.at)]] : [],
  );
  assert.deepEqual(timers, [
    ['remind', '2027-02-16'],
    ['due', '2027-02-18'],
    ['escalate', '2027-02-18'],
    ['escalate', '2027-02-20'],
  ]);
  const told = later.effects.flatMap((one) => (one.kind === 'notify' ? [[one.to.party, one.text.zh]] : []));
  assert.deepEqual(told, [['centre', '节假日安排已公布，“已点单”的期限由 2027-02-16 改为 2027-02-17']]);
});

test('[loops L24] a date that the notice confirms is only no longer provisional; without a notice nothing happens', () => {
  const state = openedOn('2026-12-29T09:00:00');
  const same = announced([['2027-01-01', '2027-01-01']], []);
  const confirmed = redate(state, '2026-12-30T09:00:00', same);
  assert.ok(confirmed.ok);
  assert.deepEqual(
    [dueOf(confirmed.state), confirmed.state.positions[0]?.provisional],
    [dueOf(state), undefined],
  );
  assert.deepEqual(confirmed.effects, []);
  for (const [given, by] of [
    [state, BY_LAW],
    [confirmed.state, same],
    [openedOn('2026-12-01T09:00:00'), same],
  ] as const) {
    const stands = redate(given, '2026-12-30T09:00:00', by);
    assert.ok(!stands.ok && stands.refusal.code === 'deadline-stands');
  }
  const byHand = redate(state, '2026-12-30T09:00:00', same, OFFICER);
  assert.ok(!byHand.ok && byHand.refusal.code === 'not-your-turn');
});

test('[loops L25] a deadline that comes nearer leaves the next working day; one that passed unjustly is in time again', () => {
  const state = openedOn('2027-02-03T09:00:00');
  const shorter = announced([['2027-02-08', '2027-02-09']], ['2027-02-06', '2027-02-07']);
  // Counted again it would be 10 February (4, 5, 6, 7 and 10 are worked).
  const inTime = redate(state, '2027-02-03T10:00:00', shorter);
  assert.ok(inTime.ok && dueOf(inTime.state) === '2027-02-10');
  const late = redate(state, '2027-02-12T10:00:00', shorter);
  assert.ok(late.ok && dueOf(late.state) === '2027-02-15', 'not before the working day after it was told');
  const last = redate(state, '2027-02-16T10:00:00', shorter);
  assert.ok(last.ok && dueOf(last.state) === '2027-02-16', 'nor later than it was');
  const escalated: LoopState = {
    ...state,
    positions: state.positions.map((position) => ({ ...position, escalated: 1 })),
  };
  const longer = announced([['2027-02-05', '2027-02-20']], []);
  const again = redate(escalated, '2027-02-18T10:00:00', longer);
  assert.ok(again.ok);
  assert.deepEqual([dueOf(again.state), again.state.positions[0]?.escalated], ['2027-02-25', 0]);
});
