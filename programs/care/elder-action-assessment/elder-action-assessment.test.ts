// Acceptance of the assessment of four actions: 14 x 4 cells, weights of 100, experts change a score with a trail.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn, storyOf, timeline } from '@yimai/runtime';
import { type As, BUREAU, expert, smallCounty, testCounty } from '@yimai/runtime/testing';

const house = await testCounty({ after }, { start: '2025-01-06T01:00:00Z' });
await smallCounty(house);
const ACTIONS = ['nutrition', 'dementia', 'oral', 'mind'];
const PREFECTURES = Array.from({ length: 14 }, (_, n) => `prefecture-${String(n + 1).padStart(2, '0')}`);
await house.put(
  ...PREFECTURES.map((id) => ({ resourceType: 'Organization', id, name: `${id}（合成）` }) as never),
);
const today = () => house.clock.now().toISOString().slice(0, 10);
const keyOf = (prefecture: string, action: string) => `2025|Organization/${prefecture}|${action}`;
const scoring = (
  prefecture: string,
  action: string,
  score: number,
  evidence: string[] = ['DocumentReference/e'],
) => ({
  loop: 'elder-action-score',
  answers: { year: '2025', prefecture: `Organization/${prefecture}`, action, score, evidence },
});

test('[elder-action-assessment/2] scoring opens only when the weights sum to 100', async () => {
  const early = await house.refuse(BUREAU, 'loop.open', scoring('prefecture-01', 'oral', 80));
  assert.equal(early.code, 'scoring-not-open');
  const weights = { nutrition: 30, dementia: 30, oral: 20, mind: 19 };
  const { case: id } = await house.apply(BUREAU, 'loop.open', {
    loop: 'elder-assessment-year',
    answers: { year: '2025', ...weights },
  });
  const opening = { case: id, event: 'open-scoring' };
  assert.equal((await house.refuse(BUREAU, 'loop.act', opening)).code, 'weights-not-100');
  await house.apply(BUREAU, 'loop.act', { case: id, event: 'weigh', answers: { mind: 21 } });
  assert.equal((await house.refuse(BUREAU, 'loop.act', opening)).code, 'weights-not-100');
  await house.apply(BUREAU, 'loop.act', { case: id, event: 'weigh', answers: { mind: 20 } });
  await house.apply(BUREAU, 'loop.act', opening);
});

test('[elder-action-assessment/1] 56 cells show score and evidence; the empty ones are named', async () => {
  const rows = PREFECTURES.flatMap((prefecture) =>
    ACTIONS.map((action) => ({ year: '2025', prefecture: `Organization/${prefecture}`, action })),
  );
  const brought = await house.apply(BUREAU, 'register.import', { register: 'elder-action-cells', rows });
  assert.deepEqual([brought.added, brought.refused.length], [56, 0]);
  for (const prefecture of PREFECTURES)
    for (const action of ACTIONS) {
      if (prefecture === 'prefecture-14' && action !== 'nutrition') continue;
      await house.apply(BUREAU, 'loop.open', scoring(prefecture, action, 87));
    }
  const bare = await house.refuse(BUREAU, 'loop.open', scoring('prefecture-14', 'oral', 87, []));
  assert.equal(bare.at, 'payload.answers.evidence', 'no score without evidence');
  const matrix = await house.report('elder-cells-unscored', today());
  assert.deepEqual(matrix.total, [56, 53, 94.64]);
  assert.deepEqual(
    matrix.named.map(({ key }) => key),
    ['dementia', 'mind', 'oral'].map((action) => keyOf('prefecture-14', action)),
  );
  const cells = await registerOn(house.database, 'elder-action-scores', today());
  assert.equal(cells.length, 53);
  assert.ok(cells.every(({ data }) => data['score'] === 87 && (data['evidence'] as string[]).length === 1));
  const totals = (await house.report('elder-action-totals', today())).rows;
  const points = (prefecture: string) =>
    totals.find(({ of }) => of[1] === `Organization/${prefecture}`)?.cells[1] ?? Number.NaN;
  assert.equal(points('prefecture-01'), 87, 'weighted: 87 points');
  assert.ok(points('prefecture-14') < 87);
});

test('[elder-action-assessment/3] a second look by experts changes the score and leaves a trail', async () => {
  for (const action of ['dementia', 'mind'])
    await house.apply(BUREAU, 'loop.open', scoring('prefecture-14', action, 80));
  const { case: id } = await house.apply(BUREAU, 'loop.open', scoring('prefecture-14', 'oral', 90));
  const again = await house.refuse(BUREAU, 'loop.open', scoring('prefecture-14', 'oral', 99));
  assert.equal(again.code, 'cell-scored');
  await house.advance(86_400_000);
  const look = (score: number, more: object = {}) => ({
    case: id,
    event: 'recheck',
    answers: { score, evidence: ['DocumentReference/sample'], ...more },
  });
  assert.equal((await house.refuse(BUREAU, 'loop.act', look(70, { reason: 'x' }))).code, 'not-your-turn');
  assert.equal((await house.refuse(expert(1), 'loop.act', look(70))).at, 'payload.answers.reason');
  const over = await house.refuse(expert(1), 'loop.act', look(101, { reason: 'x' }));
  assert.equal(over.code, 'score-out-of-range');
  await house.apply(expert(1), 'loop.act', look(70, { reason: '抽查 20 份档案，6 份不实' }));
  const story = await storyOf(house.database, 'elder-action-scores', keyOf('prefecture-14', 'oral'));
  assert.deepEqual(
    story.map(({ data }) => [data['score'], data['points'], data['scored-by']]),
    [
      [90, 18, 'commission'],
      [70, 14, 'expert'],
    ],
  );
  assert.equal(story[1]?.data['reason'], '抽查 20 份档案，6 份不实');
  const steps = await timeline(house.database, id);
  assert.deepEqual(steps.map(({ event, person }) => [event, person]).at(-1), [
    'recheck',
    'Practitioner/expert-1',
  ]);
  const office: As = { role: 'consortium-office', org: 'prefecture-14', person: 'clerk' };
  assert.equal((await house.refuse(office, 'loop.act', look(99, { reason: 'x' }))).code, 'not-your-turn');
});
