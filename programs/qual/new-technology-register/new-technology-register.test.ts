// Acceptance of new techniques: the trial limit blocks, each links to its source, counts by institution and source.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { countBy, registerOn } from '@yimai/runtime';
import { DIRECTOR_A, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const open = (answers: object) => ({
  loop: 'new-technique',
  answers: { technique: '无痛胃镜', origin: 'dispatch', 'origin-ref': 'Task/order-1', ...answers },
});

test('[new-technology-register/1] a technique in trial at its limit is blocked', async () => {
  const { case: id } = await county.apply(DIRECTOR_A, 'loop.open', open({}));
  await county.apply(OFFICE, 'loop.act', { case: id, event: 'admit', answers: { limit: 3 } });
  for (let n = 0; n < 3; n += 1) await county.apply(DIRECTOR_A, 'loop.act', { case: id, event: 'case' });
  assert.equal(
    (await county.refuse(DIRECTOR_A, 'loop.act', { case: id, event: 'case' })).code,
    'trial-limit',
  );
  await county.apply(OFFICE, 'loop.act', { case: id, event: 'make-routine' });
  assert.equal((await county.caseState(id)).data['cases'], 3);
});

test('[new-technology-register/2] each technique links to its source', async () => {
  assert.equal(
    (await county.refuse(DIRECTOR_A, 'loop.open', open({ 'origin-ref': '' }))).code,
    'origin-missing',
  );
  const [made] = await registerOn(county.database, 'techniques', '2026-03-02');
  assert.equal(made?.data['origin-ref'], 'Task/order-1');
});

test('[new-technology-register/3] counts by institution and source are 112, 57 and 23', async () => {
  const rows = (institution: string, origin: string, n: number) =>
    Array.from({ length: n }, (_, k) => ({
      technique: `${origin}-${k}`,
      institution,
      origin,
      ...(origin === 'own' ? {} : { 'origin-ref': `Task/${origin}-${k}` }),
    }));
  const all = [
    ...rows('Organization/county', 'own', 112),
    ...rows('Organization/town-b', 'dispatch', 57),
    ...rows('Organization/tcm', 'study', 23),
  ];
  const wrong = { technique: 'x', institution: 'Organization/tcm', origin: 'study' };
  const result = await county.apply(OFFICE, 'register.import', {
    register: 'techniques',
    rows: [...all, wrong, all[0]],
  });
  assert.deepEqual(
    [result.added, result.refused.map((one: { code: string }) => one.code)],
    [192, ['origin-missing', 'row-twice']],
  );
  const counted = Object.fromEntries(
    (await countBy(county.database, 'techniques', 'institution', '2026-03-02')).map((one) => [
      one.value,
      one.entries,
    ]),
  );
  assert.deepEqual(counted, {
    'Organization/county': 112,
    'Organization/town-b': 57,
    'Organization/tcm': 23,
    'Organization/town-a': 1,
  });
});
