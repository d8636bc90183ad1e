// Tests of the working calendar and of periods: holidays, make-up days, first and last day, missing years.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LocalDate, must } from '@yimai/kit';
import fc from 'fast-check';
import {
  createCalendar,
  dateOfDay,
  dayOf,
  dayOfDate,
  isWorkingDay,
  plusWorkingDays,
  plusWorkingMinutes,
  workingMinutesBetween,
} from './calendar.ts';
import { repositoryCalendar } from './sample.ts';
import { deadlineOf, parseSpan } from './span.ts';

const calendar = repositoryCalendar();
const at = (text: string): number => Date.parse(`${text}+08:00`);
const shown = (instant: number): string =>
  new Date(instant + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

function end(within: string, from: string, more: { including?: boolean; roll?: boolean } = {}): string {
  const span = parseSpan(within);
  assert.ok(span);
  const deadline = { span, including: more.including ?? true, roll: more.roll ?? true };
  const result = deadlineOf(deadline, at(from), calendar);
  return result.ok ? shown(result.value) : result.refusal.code;
}

test('[loops C1] holidays are off, make-up weekends are worked, other days follow the week', () => {
  const works = (date: string) => must(isWorkingDay(calendar, date as LocalDate));
  const days: readonly (readonly [string, boolean])[] = [
    ['2023-01-02', false],
    ['2023-01-28', true],
    ['2023-10-07', true],
    ['2024-02-04', true],
    ['2024-02-09', true],
    ['2024-02-10', false],
    ['2024-09-14', true],
    ['2024-09-17', false],
    ['2025-01-01', false],
    ['2025-01-26', true],
    ['2025-10-08', false],
    ['2025-10-11', true],
    ['2026-01-02', false],
    ['2026-01-04', true],
    ['2026-02-14', true],
    ['2026-02-23', false],
    ['2026-09-20', true],
    ['2026-09-21', true],
    ['2026-10-08', true],
    ['2026-11-21', false],
  ];
  for (const [date, worked] of days) assert.equal(works(date), worked, date);
});

test('[loops C2] each year has the number of working days that the notice leaves', () => {
  const count = (year: number) => {
    let worked = 0;
    for (
      let day = dayOfDate(`${year}-01-01` as LocalDate);
      day <= dayOfDate(`${year}-12-31` as LocalDate);
      day += 1
    ) {
      if (must(isWorkingDay(calendar, dateOfDay(day)))) worked += 1;
    }
    return worked;
  };
  assert.deepEqual([count(2023), count(2024), count(2025), count(2026)], [249, 251, 248, 248]);
});

test('[loops C3] the first day is not counted and the last day runs to midnight', () => {
  assert.equal(end('3 days', '2026-03-03T10:00:00'), '2026-03-06 23:59');
  assert.equal(end('7 working days', '2026-04-29T10:00:00'), '2026-05-12 23:59');
  assert.equal(end('5 working days', '2026-02-13T18:00:00'), '2026-02-27 23:59');
});

test('[loops C4] a last day without work moves to the next working day, unless the declaration says none', () => {
  assert.equal(end('3 days', '2026-04-30T10:00:00'), '2026-05-06 23:59');
  assert.equal(end('3 days', '2026-04-30T10:00:00', { roll: false }), '2026-05-03 23:59');
});

test('[loops C5] with the edge excluded the period ends one day, or one millisecond, sooner', () => {
  assert.equal(end('3 days', '2026-03-03T10:00:00', { including: false }), '2026-03-05 23:59');
  assert.equal(end('5 working days', '2026-03-02T09:00:00', { including: false }), '2026-03-06 23:59');
  const span = { count: 24, unit: 'hour' as const };
  assert.equal(must(deadlineOf({ span, including: false, roll: false }, 0, calendar)), 24 * 3_600_000 - 1);
});

test('[loops C6] months keep the day where it exists, leap day included', () => {
  assert.equal(end('1 month', '2024-01-31T10:00:00', { roll: false }), '2024-02-29 23:59');
  assert.equal(end('12 months', '2024-02-29T10:00:00', { roll: false }), '2025-02-28 23:59');
});

test('[loops C7] working hours run only while the office is open', () => {
  assert.equal(end('2 working hours', '2026-03-03T11:00:00'), '2026-03-03 15:30');
  assert.equal(end('8 working hours', '2026-02-13T17:00:00'), '2026-02-14 18:00');
  assert.equal(shown(plusWorkingMinutes(calendar, at('2026-02-14T17:30:00'), 60)!), '2026-02-24 09:00');
  assert.equal(shown(plusWorkingMinutes(calendar, at('2026-03-07T12:00:00'), 30)!), '2026-03-09 09:00');
});

test('[loops C8] a period that leaves the tables is refused with the missing year', () => {
  assert.equal(end('5 working days', '2026-12-29T09:00:00'), 'calendar-missing');
  const gap = repositoryCalendar([2023, 2025]);
  const result = deadlineOf(
    { span: { count: 2, unit: 'working-day' }, including: true, roll: true },
    at('2023-12-28T09:00:00'),
    gap,
  );
  assert.ok(!result.ok);
  assert.match(result.refusal.detail?.en ?? '', /2024/);
});

test('[loops C9] a table with a date that does not exist is refused at its place', () => {
  const bad = createCalendar(
    [
      {
        year: 2026,
        basis: 'notice',
        source: '',
        off: [{ name: 'x', from: '2026-02-30', to: '2026-03-01' }],
        work: [],
      },
    ],
    ['08:00-12:00'],
  );
  assert.ok(!bad.ok);
  assert.deepEqual([bad.refusal.code, bad.refusal.at], ['calendar-invalid', 'off[0]']);
  const hours = createCalendar([], ['12:00-08:00']);
  assert.ok(!hours.ok);
  assert.equal(hours.refusal.at, 'hours');
});

test('[loops C10] n working days forward are n working days back, and the day reached is worked (seed 7)', () => {
  const first = dayOfDate('2023-06-01' as LocalDate);
  fc.assert(
    fc.property(fc.nat(900), fc.integer({ min: 1, max: 60 }), (offset, n) => {
      const from = first + offset;
      const target = plusWorkingDays(calendar, from, n)!;
      assert.equal(must(isWorkingDay(calendar, dateOfDay(target))), true);
      let counted = 0;
      for (let day = from + 1; day <= target; day += 1)
        if (must(isWorkingDay(calendar, dateOfDay(day)))) counted += 1;
      assert.equal(counted, n);
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('[loops C11] days are cut at midnight in China, wherever the process runs', () => {
  assert.equal(dateOfDay(dayOf(Date.parse('2026-03-02T15:59:59Z'))), '2026-03-02');
  assert.equal(dateOfDay(dayOf(Date.parse('2026-03-02T16:00:00Z'))), '2026-03-03');
  assert.equal(
    must(workingMinutesBetween(calendar, at('2026-03-03T11:30:00'), at('2026-03-03T15:00:00'))),
    60,
  );
});
