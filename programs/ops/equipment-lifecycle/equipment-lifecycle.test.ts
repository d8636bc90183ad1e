// Acceptance of the life of a device: one file, states only forward, cost and use by year, overdue checks stop booking.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { registerOn, storyOf } from '@yimai/runtime';
import { type As, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
await smallCounty(county);
const DOCTOR: As = { role: 'hospital-doctor', org: 'county', person: 'expert-1' };
const begin = (serial: string) => ({
  loop: 'equipment-life',
  answers: { serial, name: 'DR（合成）', grounds: '日均检查量超过现有能力' },
});
const open = async (serial: string): Promise<string> =>
  (await county.apply(OFFICE, 'loop.open', begin(serial))).case;
const act = (id: string, event: string, answers: object = {}) =>
  county.apply(OFFICE, 'loop.act', { case: id, event, answers });
const code = async (id: string, event: string, answers: object = {}) =>
  (await county.refuse(OFFICE, 'loop.act', { case: id, event, answers })).code;
const BOUGHT = { supplier: '某公司（合成）', 'price-fen': 98_000_000 };
const CHECKS = { 'upkeep-due': '2026-06-01', 'metrology-due': '2026-05-01' };
async function inUse(serial: string): Promise<string> {
  const id = await open(serial);
  await act(id, 'purchase', BOUGHT);
  await act(id, 'accept', CHECKS);
  return id;
}

test('[equipment-lifecycle/1] a device has one file from purchase to retirement and moves only along allowed paths', async () => {
  const id = await open('DR-1');
  assert.equal((await county.refuse(OFFICE, 'loop.open', begin('DR-1'))).code, 'device-exists');
  assert.equal(await code(id, 'accept', CHECKS), 'event-not-here');
  assert.equal(await code(id, 'purchase', { supplier: 'x' }), 'field-missing');
  const day = () => county.clock.advanceBy(86_400_000);
  day();
  await act(id, 'purchase', BOUGHT);
  day();
  await act(id, 'accept', CHECKS);
  assert.equal(await code(id, 'purchase', BOUGHT), 'event-not-here');
  day();
  await act(id, 'fault', { fault: '高压发生器故障' });
  assert.equal(await code(id, 'upkeep', { 'upkeep-due': '2026-09-01' }), 'event-not-here');
  day();
  await act(id, 'repaired');
  day();
  await act(id, 'retire', { disposal: '拆解回收' });
  assert.equal(await code(id, 'fault', { fault: 'x' }), 'loop-closed');
  assert.equal((await county.refuse(OFFICE, 'loop.open', begin('DR-1'))).code, 'device-exists');
  const story = await storyOf(county.database, 'equipment', 'DR-1');
  assert.deepEqual(
    story.map((one) => one.data['status']),
    ['justified', 'purchased', 'in-use', 'in-repair', 'in-use', 'retired'],
  );
  assert.equal(story.filter((one) => one.to === null).length, 1);
});

test('[equipment-lifecycle/2] running cost for a device and year, and its utilisation, are computed', async () => {
  const id = await inUse('CT-1');
  const year = {
    year: 2025,
    'repairs-fen': 3_000_000,
    'upkeep-fen': 2_500_000,
    'supplies-fen': 2_000_000,
    'energy-fen': 500_000,
    'hours-open': 2000,
    'hours-used': 1500,
    'hours-down': 120,
  };
  assert.equal(await code(id, 'year', { ...year, 'hours-used': 1900 }), 'hours-contradict');
  const { 'energy-fen': _, ...less } = year;
  assert.equal(await code(id, 'year', less), 'form-invalid');
  await act(id, 'year', { ...year, utilisation: 99 });
  await act(id, 'year', { ...year, year: 2026, 'hours-used': 667 });
  const years = await registerOn(county.database, 'equipment-years', '2026-03-10');
  assert.deepEqual(
    years.map((one) => [one.key, one.data['running-cost-fen'], one.data['utilisation']]),
    [
      ['CT-1|2025', 8_000_000, 75],
      ['CT-1|2026', 8_000_000, 33.35],
    ],
  );
});

test('[equipment-lifecycle/3] overdue upkeep or metrology raises an alarm and blocks booking', async () => {
  const id = await inUse('MR-1');
  const book = (day: string) => ({
    loop: 'equipment-booking',
    answers: { serial: 'MR-1', day, purpose: '增强扫描' },
  });
  await county.apply(DOCTOR, 'loop.open', book('2026-05-02'));
  const twice = await county.refuse(DOCTOR, 'loop.open', book('2026-05-02'));
  assert.equal(twice.code, 'double-booked');
  const alarms = async () => {
    const { rows } = await county.database.run<{ about: string }>(
      sql`select about from notice where case_id = ${id} and about in ('overdue', 'escalate')`,
    );
    return rows.map((row) => row.about).sort();
  };
  county.clock.advanceTo(new Date('2026-05-01T15:00:00Z'));
  await county.due.fireDue();
  assert.deepEqual(await alarms(), [], 'the last day still counts');
  await county.apply(DOCTOR, 'loop.open', book('2026-05-03'));
  await county.advance(2 * 3_600_000);
  assert.deepEqual(await alarms(), ['escalate', 'overdue']);
  assert.equal((await county.refuse(DOCTOR, 'loop.open', book('2026-05-10'))).code, 'metrology-overdue');
  assert.equal(await code(id, 'metrology', { 'metrology-due': '2026-05-01' }), 'deadline-past');
  await act(id, 'metrology', { 'metrology-due': '2027-05-01' });
  await county.apply(DOCTOR, 'loop.open', book('2026-05-10'));
  await county.advance(32 * 86_400_000);
  assert.equal((await county.refuse(DOCTOR, 'loop.open', book('2026-06-10'))).code, 'upkeep-overdue');
  await act(id, 'upkeep', { 'upkeep-due': '2026-09-01' });
  await act(id, 'fault', { fault: '冷头故障' });
  assert.equal((await county.refuse(DOCTOR, 'loop.open', book('2026-06-10'))).code, 'device-not-in-use');
});
