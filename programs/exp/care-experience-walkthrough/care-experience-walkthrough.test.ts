// Acceptance of the walks: problems tied to the five and three, closed by a second visit, times by step, three satisfactions.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn, surveyRate } from '@yimai/runtime';
import { type As, BUREAU, OFFICE, PRESIDENT, smallCounty, testCounty } from '@yimai/runtime/testing';

const TODAY = '2026-03-02';
const county = await testCounty({ after });
await smallCounty(county);
const WALKER: As = { role: 'finance-clerk', org: 'bureau', person: 'expert-3' };
const STEPS = ['挂号', '候诊', '就诊', '检查', '取药'];
const act = (as: As, id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: id, event, answers, ...(reason ? { reason } : {}) });
const refusal = async (as: As, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;

async function walk(hospital: string, minutes: readonly number[]): Promise<string> {
  const answers = {
    hospital: `Organization/${hospital}`,
    route: STEPS,
    walker: 'Practitioner/expert-3',
    'by-date': '2026-03-20',
  };
  const { case: id } = await county.apply(OFFICE, 'loop.open', { loop: 'care-walk', answers });
  for (const [n, took] of minutes.entries())
    await act(WALKER, id, 'record-step', { step: STEPS[n], minutes: took });
  return id;
}
const findings = async () => registerOn(county.database, 'experience-findings', TODAY);
const taskOf = (key: string) => key.replace('Task/', '');
const id = await walk('county', [10, 30, 8, 42, 15]);

test('[care-experience-walkthrough/1] each finding is tied to one of the 5+3 items and a task of the hospital', async () => {
  assert.equal(await refusal(WALKER, id, 'find', { item: 'parking', problem: '停车难' }), 'code-unknown');
  assert.equal(await refusal(WALKER, id, 'find', { problem: '停车难' }), 'field-missing');
  assert.equal(await refusal(PRESIDENT, id, 'find', { item: 'signs', problem: '停车难' }), 'not-your-turn');
  const items = [
    'signs',
    'facilities',
    'booking',
    'waiting',
    'attitude',
    'guidance',
    'treatment',
    'examination',
  ];
  for (const item of items) await act(WALKER, id, 'find', { item, problem: `${item} 的问题` });
  assert.equal((await findings()).length, 8);
  for (const { key, data } of await findings()) {
    const { positions } = await county.caseState(taskOf(key));
    assert.deepEqual(
      [positions[0]?.owner?.organisation, positions[0]?.state, data['hospital']],
      ['Organization/county', 'given', 'Organization/county'],
    );
  }
});

test('[care-experience-walkthrough/2] a finding closes only after a second visit', async () => {
  await act(WALKER, id, 'finish', { summary: '检查环节等候过长' });
  const [first, ...others] = (await findings()).map((one) => taskOf(one.key));
  assert.equal(await refusal(PRESIDENT, String(first), 'approve', {}), 'event-not-here');
  await act(PRESIDENT, String(first), 'mend', { measure: '增设指引' });
  assert.equal(await refusal(PRESIDENT, String(first), 'approve', {}), 'not-your-turn');
  assert.equal(await refusal(WALKER, String(first), 'approve', {}), 'field-missing');
  const seen = { 'visited-again': TODAY, seen: '指引仍不清楚' };
  assert.equal(
    await refusal(WALKER, String(first), 'approve', { ...seen, 'visited-again': '2026-03-03' }),
    'visit-in-future',
  );
  await act(WALKER, String(first), 'send-back', seen, '未改到位');
  for (const one of [String(first), ...others]) {
    assert.equal((await county.caseState(id)).closed, null);
    await act(PRESIDENT, one, 'mend', { measure: '再次整改' });
    await act(WALKER, one, 'approve', { ...seen, seen: '已改' });
  }
  assert.equal((await county.caseState(String(first))).returns, 1);
  assert.equal((await county.caseState(id)).positions[0]?.state, 'closed');
});

test('[care-experience-walkthrough/3] the average time of each step is given by hospital', async () => {
  const second = await walk('county', [20, 10]);
  assert.equal(
    await refusal(WALKER, second, 'record-step', { step: '住院', minutes: 5 }),
    'step-not-on-route',
  );
  assert.equal(await refusal(WALKER, second, 'record-step', { step: '候诊', minutes: 5 }), 'step-twice');
  assert.equal(await refusal(WALKER, second, 'finish', { summary: '未走完' }), 'route-unfinished');
  await walk('tcm', [6]);
  const times = (await county.report('step-times', TODAY)).rows;
  const mean = (hospital: string, step: string) =>
    times.find((one) => one.of[0] === `Organization/${hospital}` && one.of[1] === step)?.cells[1];
  assert.deepEqual(
    [mean('county', '挂号'), mean('county', '候诊'), mean('county', '检查'), mean('tcm', '挂号')],
    [15, 20, 42, 6],
  );
  assert.equal(mean('tcm', '候诊'), undefined);
});

test('[care-experience-walkthrough/4] patients, society and government are shown side by side', async () => {
  const answer = (survey: string, overall: string) =>
    county.apply(BUREAU, 'survey.answer', { survey, answers: { overall }, about: 'Organization/county' });
  for (let n = 0; n < 10; n += 1) await answer('walk-patients', n < 9 ? 'satisfied' : 'poor');
  for (let n = 0; n < 10; n += 1) await answer('walk-society', n < 8 ? 'very' : 'fair');
  for (const overall of ['very', 'satisfied', 'unknown']) await answer('walk-government', overall);
  const rate = async (survey: string) => {
    const { context } = county.runtime;
    const found = await surveyRate(
      context,
      county.database,
      survey,
      new Date('2026-01-01'),
      new Date('2026-12-31'),
    );
    return [found.rate, found.publishable];
  };
  assert.deepEqual(await Promise.all(['walk-patients', 'walk-society', 'walk-government'].map(rate)), [
    [90, true],
    [80, true],
    [100, false],
  ]);
});
