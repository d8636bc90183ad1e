// Acceptance of the survey on supervision: satisfied over valid, each low answer an event, too few answers not publishable.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { surveyRate, timeline } from '@yimai/runtime';
import { INSPECTOR_1, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const answer = (overall: string) =>
  county.apply(INSPECTOR_1, 'survey.answer', { survey: 'community-satisfaction', answers: { overall } });
const rate = () =>
  surveyRate(
    county.runtime.context,
    county.database,
    'community-satisfaction',
    new Date('2026-01-01'),
    new Date('2026-12-31'),
  );

test('[community-satisfaction/3] a rate from fewer answers than the least is not publishable', async () => {
  for (let n = 0; n < 29; n += 1) await answer('very');
  assert.deepEqual([(await rate()).rate, (await rate()).publishable], [100, false]);
  await answer('unknown');
  assert.equal((await rate()).publishable, false);
  await answer('satisfied');
  assert.equal((await rate()).publishable, true);
});

test('[community-satisfaction/1] the rate is satisfied over valid answers: 41 of 42 is 97.62 per cent', async () => {
  for (let n = 0; n < 11; n += 1) await answer('satisfied');
  await answer('fair');
  const { answers, valid, satisfied, rate: value } = await rate();
  assert.deepEqual([answers, valid, satisfied, value], [43, 42, 41, 97.62]);
});

test('[community-satisfaction/2] each low answer opens an event', async () => {
  const low = await answer('poor');
  assert.deepEqual([low.satisfied, typeof low.followUp], [false, 'string']);
  assert.equal((await county.caseState(low.followUp)).data['found-by'], 'survey');
  assert.deepEqual(
    (await timeline(county.database, low.followUp)).map((one) => one.event),
    ['open'],
  );
  assert.equal((await answer('fair')).followUp, null);
  assert.equal((await rate()).followUps, 1);
});
