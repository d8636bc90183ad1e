// Acceptance of special actions: objects drawn by rule and none twice, progress, a report by trade, 802 household-times.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { workList } from '@yimai/runtime';
import {
  type As,
  DIRECTOR_A,
  DIRECTOR_B,
  INSPECTOR_1,
  smallCounty,
  testCounty,
} from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
await county.apply(INSPECTOR_1, 'register.import', {
  register: 'supervised-objects',
  rows: Array.from({ length: 24 }, (_, n) => ({
    code: `o-${String(n).padStart(2, '0')}`,
    name: `对象${n}（合成）`,
    trade: n % 2 === 0 ? 'pool' : 'hair',
    status: n === 0 ? 'closed' : 'open',
  })),
});
const SUMMER = '2026年夏季游泳专项';
const draw = async (count: number, exclude: readonly string[] = ['o-00']) =>
  county.apply(INSPECTOR_1, 'draw.make', {
    draw: 'special-action-draw',
    seed: 'published-2026-03-01',
    field: 'pool',
    count,
    exclude,
  });
const plan = (objects: readonly string[], more: object = {}) => ({
  loop: 'special-action',
  answers: {
    action: SUMMER,
    level: 'joint',
    team: 'Organization/town-a',
    objects,
    starts: '2026-03-03',
    ends: '2026-03-20',
    ...more,
  },
});
const act = (as: As, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
const refused = async (as: As, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;
const checks = async () =>
  (
    await workList(county.database, county.actor(DIRECTOR_A), county.clock.now(), {
      limit: 50,
      loop: 'special-check',
      state: 'planned',
    })
  ).map((one) => one.case);
const progress = async (action: string) => {
  const { rows } = await county.report('special-action-progress', '2026-03-02');
  const [planned = 0, checked = 0] = rows.find(({ of }) => of[0] === action)?.cells ?? [];
  return [checked, planned];
};

const first: string[] = (await draw(8)).chosen;
let action = '';

test('[joint-special-action/1] objects are drawn by rule and none is repeated', async () => {
  assert.deepEqual((await draw(8)).chosen, first);
  assert.equal(new Set(first).size, 8);
  assert.ok(first.every((one) => Number(one.slice(2)) % 2 === 0 && one !== 'o-00'));
  const next: string[] = (await draw(3, ['o-00', ...first])).chosen;
  assert.ok(next.every((one) => !first.includes(one)));
  const tooMany = { draw: 'special-action-draw', seed: 'published-2026-03-01', field: 'pool', count: 4 };
  assert.equal(
    (await county.refuse(INSPECTOR_1, 'draw.make', { ...tooMany, exclude: ['o-00', ...first] })).code,
    'pool-too-small',
  );
  const open = async (objects: readonly string[], more?: object) =>
    (await county.refuse(INSPECTOR_1, 'loop.open', plan(objects, more))).code;
  assert.equal(await open([...first, first[0] ?? '']), 'object-repeated');
  assert.equal(await open([...first, 'o-00']), 'object-not-open');
  assert.equal(await open([...first, 'unknown']), 'object-not-open');
  assert.equal(await open([]), 'field-missing');
  // A refused plan leaves nothing behind.
  assert.deepEqual(await progress(SUMMER), [0, 0]);
  action = (await county.apply(INSPECTOR_1, 'loop.open', plan(first))).case;
  assert.equal(await open([first[0] ?? ''], { team: 'Organization/town-b' }), 'object-repeated');
  assert.equal((await checks()).length, 8);
});

test('[joint-special-action/2] progress is checked over planned objects', async () => {
  assert.deepEqual(await progress(SUMMER), [0, 8]);
  const [one, two, three, four] = await checks();
  assert.equal(await refused(DIRECTOR_B, one ?? '', 'check', { problem: false }), 'not-your-turn');
  assert.equal(await refused(DIRECTOR_A, one ?? '', 'check', { problem: true }), 'field-missing');
  assert.equal(await refused(DIRECTOR_A, one ?? '', 'check', {}), 'no-way-on');
  await act(DIRECTOR_A, one ?? '', 'check', { problem: true, what: '余氯不合格' });
  await act(DIRECTOR_A, two ?? '', 'check', { problem: true, what: '未公示检测结果' });
  await act(DIRECTOR_A, three ?? '', 'check', { problem: false });
  // What could not be checked does not count as checked.
  await act(DIRECTOR_A, four ?? '', 'not-found', { why: '已停业' });
  assert.deepEqual(await progress(SUMMER), [3, 8]);
  assert.equal((await county.caseState(action)).children.open, 7 - 1);
});

test('[joint-special-action/3] the closing report sums problems and corrections by trade', async () => {
  for (const id of await checks()) await act(DIRECTOR_A, id, 'check', { problem: false });
  assert.equal(await refused(INSPECTOR_1, action, 'close', { report: '总结' }), 'event-not-here');
  const open = await workList(county.database, county.actor(DIRECTOR_A), county.clock.now(), {
    limit: 50,
    loop: 'special-check',
  });
  assert.equal(open.length, 2);
  assert.equal(await refused(DIRECTOR_A, open[0]?.case ?? '', 'correct'), 'field-missing');
  for (const one of open) await act(DIRECTOR_A, one.case, 'correct', { proof: 'DocumentReference/photo' });
  assert.equal(await refused(INSPECTOR_1, action, 'close'), 'field-missing');
  await act(INSPECTOR_1, action, 'close', { report: '检查 7 户，发现问题 2 户，整改 2 户' });
  const report = async (action: string) =>
    (await county.report('special-action-results', '2026-03-02')).rows
      .filter(({ of }) => of[0] === action)
      .map(({ of, cells }) => [of[1], ...cells]);
  assert.deepEqual(await report(SUMMER), [['pool', 7, 2, 2, 100]]);
  const log = await county.report('check-totals', '2026-03-02', '2026-03-02');
  assert.deepEqual(
    log.rows.map(({ of, cells }) => [of[0], cells[1]]),
    [['special', 7]],
  );
  // The actions of the year before, brought in as a list: 802 household-times.
  const rows = Array.from({ length: 802 }, (_, n) => ({
    action: '2025年专项行动',
    object: `past-${n}`,
    trade: n < 300 ? 'pool' : 'hair',
    day: '2025-08-01',
    problem: n % 10 === 0,
    corrected: n % 20 === 0,
    households: 1,
  }));
  const wrong = { ...rows[1], object: 'past-x', corrected: true };
  const imported = await county.apply(INSPECTOR_1, 'register.import', {
    register: 'special-action-checks',
    rows: [...rows, wrong],
    from: '2025-08-01',
  });
  assert.deepEqual([imported.added, imported.refused[0]?.code], [802, 'nothing-to-correct']);
  assert.deepEqual(await report('2025年专项行动'), [
    ['hair', 502, 51, 26, 50.98],
    ['pool', 300, 30, 15, 50],
  ]);
});
