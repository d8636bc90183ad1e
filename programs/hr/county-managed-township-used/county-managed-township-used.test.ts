// Acceptance of posts apart from establishment: two sides at one date, both head counts, the roster of any past day.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import { HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-06-01T01:00:00Z' });
await smallCounty(county);
const put = (person: string, establishment: string, post: string, from: string) =>
  county.apply(HR, 'register.put', {
    register: 'post-roster',
    from,
    entry: {
      person: `Practitioner/${person}`,
      establishment: `Organization/${establishment}`,
      post: `Organization/${post}`,
    },
  });
await put('a', 'county', 'town-a', '2026-01-01');
await put('b', 'county', 'town-a', '2026-01-01');
await put('c', 'tcm', 'tcm', '2026-01-01');
await put('a', 'county', 'town-b', '2026-03-01');
await put('a', 'county', 'county', '2026-05-01');

test('[county-managed-township-used/1] a person has one establishment unit and another work post on the same day', async () => {
  const [a] = await registerOn(county.database, 'post-roster', '2026-03-01');
  assert.deepEqual(
    [a?.data['establishment'], a?.data['post']],
    ['Organization/county', 'Organization/town-b'],
  );
});

test('[county-managed-township-used/2] head counts by establishment and by post are both right', async () => {
  const count = async (field: string, on: string) =>
    Object.fromEntries(
      (await county.report(`headcount-by-${field}`, on)).rows.map(({ of, cells }) => [of[0], cells[0]]),
    );
  assert.deepEqual(await count('establishment', '2026-02-28'), {
    'Organization/county': 2,
    'Organization/tcm': 1,
  });
  assert.deepEqual(await count('post', '2026-02-28'), { 'Organization/town-a': 2, 'Organization/tcm': 1 });
  assert.deepEqual(await count('post', '2026-04-30'), {
    'Organization/town-a': 1,
    'Organization/town-b': 1,
    'Organization/tcm': 1,
  });
});

test('[county-managed-township-used/3] the roster of any past day follows from the moves', async () => {
  const postOfA = async (on: string) =>
    (await registerOn(county.database, 'post-roster', on)).find((one) => one.key === 'Practitioner/a')?.data[
      'post'
    ];
  assert.deepEqual(
    await Promise.all(
      ['2025-12-31', '2026-01-01', '2026-02-28', '2026-03-01', '2026-04-30', '2026-05-01'].map(postOfA),
    ),
    [
      undefined,
      'Organization/town-a',
      'Organization/town-a',
      'Organization/town-b',
      'Organization/town-b',
      'Organization/county',
    ],
  );
  const back = await county.refuse(HR, 'register.put', {
    register: 'post-roster',
    from: '2026-02-01',
    entry: { person: 'Practitioner/a', establishment: 'Organization/county', post: 'Organization/tcm' },
  });
  assert.equal(back.code, 'entry-too-early');
});
