// Dates, ages and working time as the screens write them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TFunction } from 'i18next';
import { isQuiet, spokenOf } from '../app/quiet.ts';
import { ageOf, dateTime, since, when, workingTime } from './time.ts';

/** Shows the key and what is put into it. */
const t = ((key: string, values?: object) => `${key}${JSON.stringify(values ?? {})}`) as unknown as TFunction;
const at = (text: string) => Date.parse(text);

test('[desk D12] instants are written in China time, whatever the device says', () => {
  assert.equal(dateTime('2026-03-04T16:20:00Z'), '2026-03-05 00:20');
});

test('[desk D12] ages: days under 28 days, months under 2 years, then years, each turned on the day itself', () => {
  assert.equal(ageOf('2026-02-06', at('2026-03-05T02:00:00Z'), t), 'age.days{"n":27}');
  assert.equal(ageOf('2026-02-05', at('2026-03-05T02:00:00Z'), t), 'age.months{"n":1}');
  assert.equal(ageOf('2024-03-06', at('2026-03-05T02:00:00Z'), t), 'age.months{"n":23}');
  assert.equal(ageOf('2024-03-05', at('2026-03-05T02:00:00Z'), t), 'age.years{"n":2}');
  // In China the day has begun while it is still yesterday in UTC.
  assert.equal(ageOf('1954-03-05', at('2026-03-04T16:30:00Z'), t), 'age.years{"n":72}');
});

test('[desk D12] relative words only under a day', () => {
  const now = at('2026-03-05T02:00:00Z');
  assert.equal(when('2026-03-05T01:59:40Z', now, t), 'time.justNow{}');
  assert.equal(when('2026-03-05T01:01:00Z', now, t), 'time.minutesAgo{"n":59}');
  assert.equal(when('2026-03-04T02:01:00Z', now, t), 'time.hoursAgo{"n":23}');
  assert.equal(when('2026-03-04T02:00:00Z', now, t), '2026-03-04 10:00');
  assert.equal(since('2026-03-03T02:00:00Z', now, t), 'time.days{"n":2}');
});

test('[desk D12] working time counts eight hours to a day', () => {
  assert.equal(workingTime(480, t), 'time.workDays{"days":1}');
  assert.equal(workingTime(-660, t), 'time.workDaysHours{"days":1,"hours":3}');
  assert.equal(workingTime(59, t), 'time.minutes{"n":59}');
});

test('[desk D13] quiet hours pass midnight in China time; the first hour counts, the last does not', () => {
  const night = { from: 20, to: 7 };
  const china = (hour: number) => new Date(Date.UTC(2026, 2, 5, hour - 8));
  assert.deepEqual(
    [19, 20, 23, 30, 31].map((hour) => isQuiet(night, china(hour))),
    [false, true, true, true, false],
  );
  assert.equal(isQuiet(null, china(23)), false);
  assert.equal(isQuiet({ from: 12, to: 14 }, china(13)), true);
});

test('[desk D13] a critical notice speaks in quiet hours also when a lesser one came after it; else the newest speaks', () => {
  const notices = [
    { at: '2026-03-05T03:00:02Z', kind: 'arrived' },
    { at: '2026-03-05T03:00:01Z', kind: 'critical' },
    { at: '2026-03-05T02:00:00Z', kind: 'late' },
  ] as const;
  const [arrived, critical, late] = notices;
  assert.equal(spokenOf(notices, late.at, true), critical);
  assert.equal(spokenOf(notices, late.at, false), critical);
  assert.equal(spokenOf(notices, critical.at, true), undefined);
  assert.equal(spokenOf(notices, critical.at, false), arrived);
  assert.equal(spokenOf(notices, arrived.at, false), undefined);
});
