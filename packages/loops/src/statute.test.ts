// Tests of the year by law: its festivals against the notices of four years and known dates, and deadlines across it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addDays, type LocalDate, must } from '@yimai/kit';
import { type CalendarYear, createCalendar, dayOfDate, isWorkingDay, type WorkCalendar } from './calendar.ts';
import { repositoryCalendar, SAMPLE_HOURS } from './sample.ts';
import { deadlineOf, leansOn, parseSpan } from './span.ts';
import { festivalsOf, statuteTable } from './statute.ts';
import { newMoonNear } from './sun-and-moon.ts';

const NOTICES = repositoryCalendar([2023, 2024, 2025, 2026]);
const calendarOf = (...tables: CalendarYear[]): WorkCalendar => must(createCalendar(tables, SAMPLE_HOURS));
const isWeekend = (date: LocalDate) => [0, 6].includes((dayOfDate(date) + 4) % 7);

function days(year: number): LocalDate[] {
  const all: LocalDate[] = [];
  for (let day = `${year}-01-01` as LocalDate; day.startsWith(String(year)); day = addDays(day, 1))
    all.push(day);
  return all;
}

const workedIn = (calendar: WorkCalendar, year: number) =>
  days(year).filter((day) => must(isWorkingDay(calendar, day))).length;

test('[loops C12] every festival that the law names is off in the notices of 2023 to 2026', () => {
  // 除夕 and 2 May became festivals in 2025.
  const later = new Set(['2023-01-21', '2023-05-02', '2024-02-09', '2024-05-02']);
  for (const year of [2023, 2024, 2025, 2026]) {
    const festivals = festivalsOf(year);
    const all = festivals.flatMap(({ from, to }) => days(year).filter((day) => from <= day && day <= to));
    assert.equal(all.length, 13, `${year}`);
    for (const day of all.filter((one) => !later.has(one)))
      assert.equal(must(isWorkingDay(NOTICES, day)), false, day);
  }
});

test('[loops C12] the lunar dates and 清明 are those of the almanac, also where the moon is new minutes before midnight', () => {
  const known: readonly (readonly [number, string, string, string, string])[] = [
    [2023, '2023-01-22', '2023-04-05', '2023-06-22', '2023-09-29'],
    [2024, '2024-02-10', '2024-04-04', '2024-06-10', '2024-09-17'],
    [2025, '2025-01-29', '2025-04-04', '2025-05-31', '2025-10-06'],
    [2026, '2026-02-17', '2026-04-05', '2026-06-19', '2026-09-25'],
    [2027, '2027-02-06', '2027-04-05', '2027-06-09', '2027-09-15'],
    [2028, '2028-01-26', '2028-04-04', '2028-05-28', '2028-10-03'],
  ];
  for (const [year, spring, tombs, dragon, autumn] of known) {
    const on = (name: string) => festivalsOf(year).find((one) => one.name === name)?.from;
    const found = [addDays(on('春节')!, 1), on('清明节'), on('端午节'), on('中秋节')];
    assert.deepEqual(found, [spring, tombs, dragon, autumn], `${year}`);
  }
  const moon = new Date(newMoonNear(Date.parse('2027-02-06T00:00:00Z'))).toISOString();
  assert.equal(moon.slice(0, 16), '2027-02-06T15:55', '23:56 in China; Intl has the month begin a day later');
});

test('[loops C13] by law as many working days fall away as the notice leaves; weekends stay weekends', () => {
  for (const year of [2025, 2026])
    assert.equal(workedIn(calendarOf(statuteTable(year)), year), workedIn(NOTICES, year), `${year}`);
  for (let year = 2027; year <= 2060; year += 1) {
    const calendar = calendarOf(statuteTable(year));
    const weekdays = days(year).filter((day) => !isWeekend(day));
    assert.equal(workedIn(calendar, year), weekdays.length - 13, `${year}`);
    assert.ok(days(year).every((day) => !isWeekend(day) || !must(isWorkingDay(calendar, day))));
  }
});

test('[loops C13] the tables kept for years without a notice are what the law gives, with its number', () => {
  for (const year of [2027, 2028]) {
    const { basis, source, off, work } = statuteTable(year);
    const kept = repositoryCalendar([year]).tables[0];
    assert.deepEqual([kept?.basis, kept?.off, kept?.work], [basis, off, work]);
    const file = readFileSync(new URL(`../../../rules/calendar/cn-${year}.yaml`, import.meta.url), 'utf8');
    assert.ok(file.includes(`source: ${source}\n`) && source.includes('国务院令第795号'));
  }
});

test('[loops C14] a year has one table, which says what it rests on; the law moves no weekend', () => {
  const given = statuteTable(2027);
  const refusalAt = (...tables: unknown[]) => {
    const made = createCalendar(tables as CalendarYear[], SAMPLE_HOURS);
    assert.ok(!made.ok);
    return [made.refusal.code, made.refusal.at];
  };
  assert.deepEqual(refusalAt({ ...given, basis: undefined }), ['calendar-invalid', 'basis']);
  assert.deepEqual(refusalAt({ ...given, basis: 'guess' }), ['calendar-invalid', 'basis']);
  assert.deepEqual(refusalAt(given, { ...given, basis: 'notice' }), ['calendar-invalid', 'year']);
  assert.deepEqual(refusalAt({ ...given, work: ['2027-02-14'] }), ['calendar-invalid', 'work']);
});

test('[loops C15] a deadline leans on a year by law only where its working days, or its roll, are counted in it', () => {
  const calendar = calendarOf(...NOTICES.tables, statuteTable(2027), statuteTable(2028));
  const leans = (within: string, from: string, roll: boolean) => {
    const deadline = { span: parseSpan(within)!, including: true, roll };
    const start = Date.parse(`${from}+08:00`);
    return leansOn(deadline, start, must(deadlineOf(deadline, start, calendar)), calendar);
  };
  assert.equal(leans('5 working days', '2026-12-29T09:00:00', true), 2027);
  assert.equal(leans('2 working days', '2026-12-29T09:00:00', true), undefined, '31 December is known');
  assert.equal(leans('3 days', '2026-12-29T09:00:00', true), 2027, '1 January is rolled to the 4th');
  assert.equal(leans('3 days', '2026-12-29T09:00:00', false), undefined, 'no holiday is asked for');
  assert.equal(leans('48 hours', '2027-02-05T09:00:00', true), undefined);
  assert.equal(leans('8 working hours', '2027-02-04T17:00:00', true), 2027);
  assert.equal(leans('10 working days', '2027-12-28T09:00:00', true), 2027, 'the first of two such years');
});
