// Acceptance of the four checks: due lists from the calendar, completion by kind, contradicted self-checks, period totals.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { completion, overdueObjects, periodOf } from '@yimai/runtime';
import { INSPECTOR_1, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-06-15T01:00:00Z' });
await smallCounty(county);
const objects = Array.from({ length: 20 }, (_, n) => ({
  code: `o-${n}`,
  name: `对象${n}（合成）`,
  trade: 'pool',
  status: n === 19 ? 'closed' : 'open',
}));
await county.apply(INSPECTOR_1, 'register.import', {
  register: 'supervised-objects',
  rows: objects,
  from: '2026-01-01',
});
const generate = (plan: string, on: string) => county.apply(INSPECTOR_1, 'recurring.generate', { plan, on });
const done = (plan: string, object: string, on: string, answers: object = { problem: false }) =>
  county.apply(INSPECTOR_1, 'recurring.done', { plan, object, on, answers });

test('[four-checks/1] due checks are made from the calendar for each object and kind, once', async () => {
  assert.deepEqual(
    ['day', 'week', 'month', 'quarter', 'year'].map((every) => periodOf(every as 'day', '2026-06-14').to),
    ['2026-06-14', '2026-06-14', '2026-06-30', '2026-06-30', '2026-12-31'],
  );
  for (const plan of ['daily-self-check', 'weekly-patrol', 'monthly-clearing']) {
    const made = await generate(plan, '2026-06-10');
    assert.deepEqual([made.objects, made.added], [19, 19], plan);
    assert.equal((await generate(plan, '2026-06-10')).added, 0);
  }
});

test('[four-checks/2] completion is done over due by kind, and the overdue objects are named', async () => {
  for (let n = 0; n < 15; n += 1) await done('weekly-patrol', `o-${n}`, '2026-06-10');
  assert.equal((await done('weekly-patrol', 'o-1', '2026-06-11')).outcome, 'again');
  assert.equal((await done('weekly-patrol', 'o-19', '2026-06-11')).outcome, 'extra');
  const [weekly] = await completion(
    county.database,
    ['weekly-patrol'],
    '2026-06-01',
    '2026-06-30',
    '2026-06-15',
  );
  assert.deepEqual(weekly, { plan: 'weekly-patrol', due: 19, done: 15, overdue: 4 });
  assert.deepEqual(await overdueObjects(county.database, 'weekly-patrol', '2026-06-15'), [
    'o-15',
    'o-16',
    'o-17',
    'o-18',
  ]);
  const future = await county.refuse(INSPECTOR_1, 'recurring.done', {
    plan: 'weekly-patrol',
    object: 'o-1',
    on: '2026-06-20',
    answers: { problem: false },
  });
  assert.equal(future.code, 'date-in-future');
  const silent = await county.refuse(INSPECTOR_1, 'recurring.done', {
    plan: 'weekly-patrol',
    object: 'o-2',
    on: '2026-06-12',
    answers: { problem: true },
  });
  assert.equal(silent.code, 'form-invalid');
});

test('[four-checks/3] a self-check without a problem that a patrol contradicts within 7 days is marked', async () => {
  const log = (object: string, kind: string, day: string, problem: boolean) =>
    county.apply(INSPECTOR_1, 'register.put', {
      register: 'check-log',
      from: day,
      entry: { object, kind, day, problem, households: 1 },
    });
  await log('o-3', 'self', '2026-06-01', false);
  await log('o-3', 'patrol', '2026-06-08', true);
  await log('o-4', 'self', '2026-06-01', false);
  await log('o-4', 'patrol', '2026-06-09', true);
  await log('o-5', 'self', '2026-06-01', true);
  await log('o-5', 'patrol', '2026-06-02', true);
  await log('o-6', 'patrol', '2026-06-01', true);
  await log('o-6', 'self', '2026-06-02', false);
  const { total, named } = await county.report('contradicted-self-checks', '2026-06-15');
  assert.deepEqual(
    total,
    [3, 1],
    'the eighth day, a problem that was told and a patrol before do not contradict',
  );
  assert.deepEqual(
    named.map((one) => one.key),
    ['o-3|self|2026-06-01'],
  );
});

test('[four-checks/4] period totals are 8325 household-times of patrols and 802 of special actions', async () => {
  const rows = (kind: string, day: string, total: number, parts: number) =>
    Array.from({ length: parts }, (_, n) => ({
      object: `${kind}-${n}`,
      kind,
      day,
      problem: false,
      households: n === 0 ? total - (parts - 1) * 5 : 5,
    }));
  await county.apply(INSPECTOR_1, 'register.import', {
    register: 'check-log',
    from: '2026-05-04',
    rows: rows('patrol', '2026-05-04', 8325, 500),
  });
  await county.apply(INSPECTOR_1, 'register.import', {
    register: 'check-log',
    from: '2026-05-05',
    rows: rows('special', '2026-05-05', 802, 100),
  });
  const totals = await county.report('check-totals', '2026-05-31', '2026-05-01');
  assert.deepEqual(
    totals.rows.map(({ of, cells }) => [of[0], cells]),
    [
      ['patrol', [500, 8325, 0]],
      ['special', [100, 802, 0]],
    ],
    'the checks of June are of another period',
  );
});
