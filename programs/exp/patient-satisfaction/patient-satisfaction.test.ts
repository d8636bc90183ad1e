// Acceptance of satisfaction: satisfied over valid, change in points against the baseline, low scores open a task.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { surveyRate, workList } from '@yimai/runtime';
import { DIRECTOR_A, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const answer = (survey: string, overall: number, comment?: string) =>
  county.apply(DIRECTOR_A, 'survey.answer', {
    survey,
    answers: { overall, environment: 4, attitude: 4, ...(comment ? { comment } : {}) },
  });
const rate = (survey: string) =>
  surveyRate(county.runtime.context, county.database, survey, new Date('2026-01-01'), new Date('2026-12-31'));

test('[patient-satisfaction/1] the rate is satisfied over valid answers; an answer out of range or half given does not count', async () => {
  for (let n = 0; n < 40; n += 1) await answer('patient-satisfaction', n < 38 ? 5 : 3);
  assert.equal(
    (
      await county.refuse(DIRECTOR_A, 'survey.answer', {
        survey: 'patient-satisfaction',
        answers: { overall: 6 },
      })
    ).code,
    'form-invalid',
  );
  const partial = { survey: 'patient-satisfaction', answers: { overall: 1 } };
  assert.equal((await county.apply(DIRECTOR_A, 'survey.answer', partial)).valid, false);
  const { answers, valid, satisfied, rate: value } = await rate('patient-satisfaction');
  assert.deepEqual([answers, valid, satisfied, value], [41, 40, 38, 95]);
});

test('[patient-satisfaction/2] the change is shown in points against the baseline: 90 to 95, 85 to 90', async () => {
  for (let n = 0; n < 20; n += 1) await answer('staff-satisfaction', n < 18 ? 4 : 3);
  assert.equal((await rate('patient-satisfaction')).points, 5);
  assert.deepEqual(
    [(await rate('staff-satisfaction')).rate, (await rate('staff-satisfaction')).points],
    [90, 5],
  );
});

test('[patient-satisfaction/3] a low score opens a task, a fair one does not', async () => {
  assert.equal((await answer('patient-satisfaction', 3)).followUp, null);
  const { followUp } = await answer('patient-satisfaction', 2, '等候太久');
  const waiting = await workList(county.database, county.actor(OFFICE), county.clock.now(), {
    limit: 10,
    loop: 'low-score',
  });
  assert.deepEqual(
    waiting.map((one) => one.case),
    [followUp],
  );
  assert.equal(
    (await county.refuse(OFFICE, 'loop.act', { case: followUp, event: 'answer' })).code,
    'field-missing',
  );
  await county.apply(OFFICE, 'loop.act', {
    case: followUp,
    event: 'answer',
    answers: { reply: '已致歉并增开窗口' },
  });
});
