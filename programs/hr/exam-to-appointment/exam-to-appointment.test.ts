// Acceptance of appointment by appraisal: the age rule with its edge, remote townships, the licence, each refusal named.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
await smallCounty(county);
await county.apply(HR, 'register.put', {
  register: 'remote-townships',
  entry: { township: 'Organization/town-a', remote: true },
});
await county.apply(HR, 'register.put', {
  register: 'remote-townships',
  entry: { township: 'Organization/town-b', remote: false },
});

const FACTS = { licence: 'physician', birth: '1981-03-02', willing: true, remote: true };
const ask = (facts: object, settings: object = {}) => ({
  entitlement: 'exam-to-appointment',
  facts: { ...FACTS, ...facts },
  settings,
});
const APPLICATION = {
  applicant: 'Practitioner/expert-1',
  township: 'Organization/town-a',
  licence: 'physician',
  birth: '1980-03-03',
  willing: true,
};
const open = (answers: object = {}) => ({
  loop: 'exam-to-appointment',
  answers: { ...APPLICATION, ...answers },
});

test('[exam-to-appointment/1] 45 is accepted and 46 refused; with the edge excluded 45 is refused', async () => {
  // Born on 1981-03-02: turns 45 on the day of the application; born a year sooner: turns 46 on that day.
  assert.equal((await county.apply(HR, 'entitlement.ask', ask({}))).granted, true);
  assert.equal((await county.apply(HR, 'entitlement.ask', ask({ birth: '1980-03-03' }))).granted, true);
  assert.equal((await county.refuse(HR, 'entitlement.ask', ask({ birth: '1980-03-02' }))).code, 'age');
  assert.equal(
    (await county.refuse(HR, 'entitlement.ask', ask({}, { 'age-edge': 'excluding' }))).code,
    'age',
  );
  assert.equal(
    (await county.apply(HR, 'entitlement.ask', ask({ birth: '1981-03-03' }, { 'age-edge': 'excluding' })))
      .granted,
    true,
  );
  assert.equal((await county.refuse(HR, 'loop.open', open({ birth: '1980-03-02' }))).code, 'age');
});

test('[exam-to-appointment/2] a township that is not marked remote is refused', async () => {
  assert.equal(
    (await county.refuse(HR, 'loop.open', open({ township: 'Organization/town-b' }))).code,
    'remote-township',
  );
  assert.equal(
    (await county.refuse(HR, 'loop.open', open({ township: 'Organization/county', remote: true }))).code,
    'remote-township',
  );
  assert.equal((await county.refuse(HR, 'entitlement.ask', ask({ remote: false }))).code, 'remote-township');
});

test('[exam-to-appointment/3] a missing licence is refused, and each refusal names its rule', async () => {
  const { licence: _, ...without } = APPLICATION;
  const missing = await county.refuse(HR, 'loop.open', { loop: 'exam-to-appointment', answers: without });
  assert.deepEqual([missing.code, missing.at], ['field-missing', 'payload.answers.licence']);
  const refusals = await Promise.all([
    county.refuse(HR, 'loop.open', open({ licence: 'none' })),
    county.refuse(HR, 'loop.open', open({ willing: false })),
    county.refuse(HR, 'loop.open', open({ birth: '1960-01-01' })),
  ]);
  assert.deepEqual(
    refusals.map((one) => one.code),
    ['licence', 'willing', 'age'],
  );
  const { case: id } = await county.apply(HR, 'loop.open', open());
  await county.apply(HR, 'loop.act', { case: id, event: 'appraise', answers: { appraisal: 88 } });
  const { states } = await county.apply(HR, 'loop.act', { case: id, event: 'place' });
  assert.deepEqual(states, ['placed']);
});
