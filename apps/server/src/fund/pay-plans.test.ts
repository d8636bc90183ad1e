// Tests of the time for appeals: working days across the turn of the year, and beyond the last table.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { must } from '@yimai/kit';
import { loadCalendar } from '@yimai/runtime';
import type { FundHouseDoor } from './fund-house.ts';
import { payDeps } from './pay-plans.ts';

const calendar = loadCalendar(fileURLToPath(new URL('../../../../rules/calendar/', import.meta.url)));
// The time for appeals asks nothing of the house.
const { appealUntil } = payDeps({} as FundHouseDoor, calendar);
const until = (frozen: string) => must(appealUntil(new Date(`${frozen}T18:00:00+08:00`)));

test('[fund F12] five working days for an appeal pass over the holidays of a year that is planned by law', () => {
  assert.equal(until('2026-09-30'), '2026-10-13', '1 to 7 October are off, the 10th is made up');
  assert.equal(until('2026-12-29'), '2027-01-06', '1 January is off');
  assert.equal(until('2027-02-04'), '2027-02-17', '5 to 10 February are off by law');
});

test('[fund F12] beyond every table Monday to Friday stand for working days, so that an appeal always has its time', () => {
  const last = Math.max(...calendar.years) + 1;
  assert.equal(last, 2029);
  assert.equal(until('2029-01-08'), '2029-01-15');
});
