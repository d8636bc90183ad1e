// Acceptance of the six aspects: sub-scores and weighted total by station and year, training out of hours, lowest listed.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import {
  type As,
  DIRECTOR_A,
  DIRECTOR_B,
  INSPECTOR_1,
  smallCounty,
  testCounty,
} from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-12-01T01:00:00Z' });
await smallCounty(county);
const begin = async (station: string, officers: number): Promise<string> =>
  (
    await county.apply(INSPECTOR_1, 'loop.open', {
      loop: 'six-methods-year',
      answers: { station: `Organization/${station}`, year: 2026, ends: '2026-12-31', officers },
    })
  ).case;
const act = (as: As, id: string, event: string, answers: object) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
const refused = async (as: As, id: string, event: string, answers: object) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;
const results = async () =>
  (await registerOn(county.database, 'six-methods-results', '2026-12-01')).map((one) => one.data);

const townA = await begin('town-a', 2);
const townB = await begin('town-b', 3);
const SHEET = { grid: 90, appraisal: 80, files: 70, rules: 85, service: 95 };

test('[six-methods/2] training hours per officer feed the score of regular training', async () => {
  const log = { officer: '协管员甲（合成）', course: '游泳场所监督', day: '2026-05-06', hours: 16 };
  await act(DIRECTOR_A, townA, 'log-training', log);
  assert.equal(await refused(DIRECTOR_A, townA, 'log-training', log), 'training-twice');
  assert.equal(await refused(DIRECTOR_A, townA, 'log-training', { ...log, day: '2025-05-06' }), 'other-year');
  assert.equal(await refused(DIRECTOR_A, townA, 'log-training', { ...log, hours: 0 }), 'form-invalid');
  assert.equal(await refused(DIRECTOR_B, townA, 'log-training', log), 'not-your-turn');
  await act(DIRECTOR_A, townA, 'log-training', { ...log, officer: '协管员乙（合成）', hours: 8 });
  const perOfficer = (await county.report('training-hours', '2026-12-01')).rows;
  assert.deepEqual(
    perOfficer.map(({ of, cells }) => [of[0], of[2], cells[0]]),
    [
      ['2026', '协管员乙（合成）', 8],
      ['2026', '协管员甲（合成）', 16],
    ],
  );
  await act(INSPECTOR_1, townA, 'score', SHEET);
  // 24 hours over 2 officers are 12 of the 20 hours asked: 60 marks. Station B logged nothing.
  await act(INSPECTOR_1, townB, 'score', { ...SHEET, grid: 50 });
  assert.deepEqual(
    (await results()).map((one) => one['training']),
    [60, 0],
  );
});

test('[six-methods/1] six sub-scores and a weighted total are kept for each station and year, and ranked', async () => {
  const early = await begin('county', 1);
  const { service: _service, ...five } = SHEET;
  assert.equal(await refused(INSPECTOR_1, early, 'score', five), 'form-invalid');
  assert.equal(await refused(INSPECTOR_1, early, 'score', { ...SHEET, grid: 101 }), 'form-invalid');
  assert.equal(await refused(DIRECTOR_A, early, 'score', SHEET), 'not-your-turn');
  const all = await results();
  const weighed = (grid: number, training: number) =>
    (grid * 20 + training * 15 + 80 * 20 + 70 * 15 + 85 * 15 + 95 * 15) / 100;
  assert.deepEqual(
    all
      .sort((a, b) => Number(b['total']) - Number(a['total']))
      .map((one) => [one['station'], one['year'], one['total']]),
    [
      ['Organization/town-a', 2026, weighed(90, 60)],
      ['Organization/town-b', 2026, weighed(50, 0)],
    ],
  );
  for (const aspect of ['grid', 'training', 'appraisal', 'files', 'rules', 'service'])
    assert.ok(all.every((one) => typeof one[aspect] === 'number'));
});

test('[six-methods/3] the lowest aspect of each station is listed for improvement', async () => {
  const third = await begin('tcm', 1);
  const log = { officer: '协管员丙（合成）', course: '生活饮用水', day: '2026-06-01', hours: 40 };
  await act(INSPECTOR_1, third, 'log-training', log);
  await act(INSPECTOR_1, third, 'score', { ...SHEET, rules: 69.5 });
  const lowest = (await county.report('six-method-scores', '2026-12-01')).rows;
  assert.deepEqual(
    lowest.map(({ of }) => of),
    [
      ['2026', 'Organization/tcm', '工作制度化'],
      ['2026', 'Organization/town-a', '培训常态化'],
      ['2026', 'Organization/town-b', '培训常态化'],
    ],
  );
  assert.equal(await refused(DIRECTOR_A, townA, 'improve', {}), 'field-missing');
  await act(DIRECTOR_A, townA, 'improve', { measure: '每月集中培训 4 学时' });
  assert.equal((await county.caseState(townA)).positions[0]?.state, 'closed');
});
