// Acceptance of town-owned, city-managed: who may appoint, who may dispose of assets, who holds each right on any day.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rightsOn } from '@yimai/runtime';
import { type As, DIRECTOR_A, OFFICE, PRESIDENT, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
await smallCounty(county);
const OWNER: As = DIRECTOR_A;
const OPERATOR: As = PRESIDENT;
const parties = { owner: 'Organization/town-a', operator: 'Organization/county' };
const draft = (more: object = {}) => ({
  agreement: 'operating-agreement',
  parties,
  from: '2026-04-01',
  to: '2029-03-31',
  ...more,
});
const { agreement: id } = await county.apply(OFFICE, 'agreement.draft', draft());
const use = (right: string) => ({ id, right, what: `${right}（合成）` });

test('[town-owned-city-managed/1] an appointment by the owner is rejected and one by the operator accepted', async () => {
  assert.equal(
    (await county.refuse(OFFICE, 'agreement.draft', draft({ parties: { owner: 'Organization/town-a' } })))
      .code,
    'party-missing',
  );
  assert.equal(
    (await county.refuse(OFFICE, 'agreement.draft', draft({ to: '2036-04-02' }))).code,
    'term-too-long',
  );
  await county.apply(OPERATOR, 'agreement.sign', { id });
  assert.equal(
    (await county.refuse(OPERATOR, 'agreement.exercise', use('appointment'))).code,
    'agreement-not-in-force',
  );
  assert.equal((await county.apply(OWNER, 'agreement.sign', { id })).inForce, true);
  assert.equal(
    (await county.refuse(OPERATOR, 'agreement.exercise', use('appointment'))).code,
    'agreement-not-in-force',
  );
  await county.advance(31 * 86_400_000);
  assert.equal(
    (await county.refuse(OWNER, 'agreement.exercise', use('appointment'))).code,
    'right-held-by-other',
  );
  assert.equal((await county.apply(OPERATOR, 'agreement.exercise', use('appointment'))).right, 'appointment');
});

test('[town-owned-city-managed/2] disposal of assets by the operator is rejected', async () => {
  assert.equal(
    (await county.refuse(OPERATOR, 'agreement.exercise', use('asset-ownership'))).code,
    'right-held-by-other',
  );
  await county.apply(OWNER, 'agreement.exercise', use('asset-ownership'));
  assert.equal((await county.refuse(OFFICE, 'agreement.sign', { id })).code, 'not-a-party');
});

test('[town-owned-city-managed/3] the matrix of rights shows who holds each of the 3 rights on any date', async () => {
  const holders = async (on: string) =>
    Object.fromEntries(
      (await rightsOn(county.runtime.context, county.database, id, on)).map((one) => [one.right, one.holder]),
    );
  const inForce = {
    'asset-ownership': 'Organization/town-a',
    operation: 'Organization/county',
    appointment: 'Organization/county',
  };
  assert.deepEqual(await holders('2026-03-31'), {});
  assert.deepEqual(await holders('2026-04-01'), inForce);
  assert.deepEqual(await holders('2029-03-31'), inForce);
  assert.deepEqual(await holders('2029-04-01'), {});
  await county.apply(OFFICE, 'agreement.end', { id, on: '2026-12-31', reason: '提前终止' });
  assert.deepEqual([await holders('2026-12-31'), await holders('2027-01-01')], [inForce, {}]);
});
