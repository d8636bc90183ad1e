// Acceptance of the network: two assistants pass and one does not, one grid and officer for each object, clinics without.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import { INSPECTOR_1, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const TODAY = '2026-03-02';
const put = (register: string, entry: object) =>
  county.apply(INSPECTOR_1, 'register.put', { register, entry });

test('[grid-supervision-network/1] a station with one assistant is flagged, with two it passes', async () => {
  await put('supervision-stations', { station: '甲站', head: 'Practitioner/h1', assistants: ['a'] });
  await put('supervision-stations', { station: '乙站', head: 'Practitioner/h2', assistants: ['a', 'b'] });
  const { total, named } = await county.report('stations-short-staffed', TODAY);
  assert.deepEqual(total, [2, 1]);
  assert.deepEqual(
    named.map((one) => [one.key, one.lacks.map(({ code }) => code)]),
    [['甲站', ['assistants-few']]],
  );
});

test('[grid-supervision-network/2] every object belongs to one grid and one responsible officer', async () => {
  await put('grid-objects', { object: 'pool-1', grid: '一网格', officer: 'Practitioner/inspector-1' });
  const second = { object: 'pool-1', grid: '二网格', officer: 'Practitioner/inspector-2' };
  assert.equal(
    (await county.refuse(INSPECTOR_1, 'register.add', { register: 'grid-objects', entry: second })).code,
    'entry-exists',
  );
  assert.equal(
    (
      await county.refuse(INSPECTOR_1, 'register.put', {
        register: 'grid-objects',
        entry: { object: 'pool-2', grid: '一网格' },
      })
    ).code,
    'field-missing',
  );
  county.clock.advanceBy(86_400_000);
  await put('grid-objects', second);
  const now = (await registerOn(county.database, 'grid-objects', '2026-03-03')).map(
    (one) => one.data['grid'],
  );
  assert.deepEqual(now, ['二网格']);
});

test('[grid-supervision-network/3] a village clinic without an information officer is listed', async () => {
  for (const clinic of ['甲村', '乙村', '丙村']) await put('village-clinics', { clinic });
  await put('information-officers', { person: 'Practitioner/v1', clinic: '甲村' });
  await put('information-officers', { person: 'Practitioner/v2', clinic: '丙村' });
  const { total, named } = await county.report('clinics-without-officer', '2026-03-03');
  assert.deepEqual([total, named.map((one) => one.key)], [[3, 2, 66.67], ['乙村']]);
});
