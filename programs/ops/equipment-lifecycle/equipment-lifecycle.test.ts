// Acceptance of the life of a device: one file, states only forward, cost and use, overdue upkeep told and blocking.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { overdueObjects, registerOn, storyOf } from '@yimai/runtime';
import { OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
await smallCounty(county);
const open = async (serial: string) =>
  (
    await county.apply(OFFICE, 'loop.open', {
      loop: 'equipment-life',
      answers: { serial, name: 'DR（合成）' },
    })
  ).case;
const act = (id: string, event: string, answers: object = {}) =>
  county.apply(OFFICE, 'loop.act', { case: id, event, answers });
const code = async (id: string, event: string) =>
  (await county.refuse(OFFICE, 'loop.act', { case: id, event, answers: {} })).code;

test('[equipment-lifecycle/1] a device has one file from purchase to retirement and moves only along allowed paths', async () => {
  const id = await open('DR-1');
  assert.equal(await code(id, 'accept'), 'event-not-here');
  await act(id, 'purchase');
  await act(id, 'accept');
  assert.equal(await code(id, 'purchase'), 'event-not-here');
  await act(id, 'fault', { fault: '高压发生器故障' });
  county.clock.advanceBy(3 * 86_400_000);
  await act(id, 'repaired');
  county.clock.advanceBy(86_400_000);
  await act(id, 'retire');
  assert.equal(await code(id, 'fault'), 'loop-closed');
  const story = await storyOf(county.database, 'equipment', 'DR-1');
  assert.deepEqual(
    story.map((one) => one.data['status']),
    ['in-use', 'in-repair', 'in-use', 'retired'],
  );
  assert.equal(story.filter((one) => one.to === null).length, 1);
});

test('[equipment-lifecycle/2] running cost for a device and year, and its utilisation, are computed', async () => {
  const use = (serial: string, year: string, used: number, cost: number) =>
    county.apply(OFFICE, 'register.put', {
      register: 'equipment-use',
      entry: { serial, year, 'hours-used': used, 'hours-open': 2000, 'cost-fen': cost },
    });
  await use('DR-1', '2025', 1500, 8_000_000);
  await use('DR-1', '2026', 500, 2_000_000);
  const year = (await registerOn(county.database, 'equipment-use', '2026-03-10')).find(
    (one) => one.key === 'DR-1|2025',
  );
  assert.equal(year?.data['cost-fen'], 8_000_000);
  assert.equal(Number(year?.data['hours-used']) / Number(year?.data['hours-open']), 0.75);
  assert.equal(
    (
      await county.refuse(OFFICE, 'register.put', {
        register: 'equipment-use',
        entry: { serial: 'DR-1', year: '2027' },
      })
    ).code,
    'field-missing',
  );
});

test('[equipment-lifecycle/3] overdue upkeep is named, and only devices in use are due', async () => {
  const id = await open('CT-1');
  await act(id, 'purchase');
  await act(id, 'accept');
  assert.equal(
    (await county.apply(OFFICE, 'recurring.generate', { plan: 'upkeep', on: '2026-03-10' })).objects,
    1,
  );
  assert.deepEqual(await overdueObjects(county.database, 'upkeep', '2026-03-31'), []);
  assert.deepEqual(await overdueObjects(county.database, 'upkeep', '2026-04-01'), ['CT-1']);
  await county.apply(OFFICE, 'recurring.done', { plan: 'upkeep', object: 'CT-1', on: '2026-03-06' });
  assert.deepEqual(await overdueObjects(county.database, 'upkeep', '2026-04-01'), []);
});
