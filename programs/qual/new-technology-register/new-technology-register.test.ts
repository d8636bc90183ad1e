// Acceptance of new techniques: the trial limit blocks, each links to its source, counts by institution and source.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import { DIRECTOR_A, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const TODAY = '2026-03-02';
const county = await testCounty({ after });
await smallCounty(county);
const open = (answers: object) => ({
  loop: 'new-technique',
  answers: { technique: '无痛胃镜', origin: 'dispatch', 'origin-ref': 'Task/order-1', ...answers },
});
const { case: id } = await county.apply(DIRECTOR_A, 'loop.open', open({}));
const admit = (more: object = {}) => ({
  case: id,
  event: 'admit',
  answers: { ethics: true, ability: true, limit: 3, ...more },
});
const tried = (wentWell: boolean) => ({ case: id, event: 'case', answers: { 'went-well': wentWell } });

test('[new-technology-register/1] a technique in trial above its limit is blocked', async () => {
  assert.equal((await county.refuse(DIRECTOR_A, 'loop.act', tried(true))).code, 'event-not-here');
  assert.equal((await county.refuse(OFFICE, 'loop.act', admit({ ethics: false }))).code, 'review-failed');
  assert.equal((await county.refuse(OFFICE, 'loop.act', admit({ limit: 0 }))).code, 'limit-missing');
  await county.apply(OFFICE, 'loop.act', admit());
  for (const wentWell of [true, false, true]) await county.apply(DIRECTOR_A, 'loop.act', tried(wentWell));
  const fourth = await Promise.all([1, 2].map(() => county.refuse(DIRECTOR_A, 'loop.act', tried(true))));
  assert.deepEqual(
    fourth.map((one) => one.code),
    ['trial-limit', 'trial-limit'],
  );
  await county.apply(OFFICE, 'loop.act', { case: id, event: 'make-routine' });
  const { data } = await county.caseState(id);
  assert.deepEqual([data['cases'], data['good-outcomes']], [3, 2]);
});

test('[new-technology-register/2] each technique links to its source: an order or a study', async () => {
  const loose = await county.refuse(DIRECTOR_A, 'loop.open', open({ 'origin-ref': '' }));
  assert.equal(loose.code, 'origin-missing');
  const [made] = await registerOn(county.database, 'techniques', TODAY);
  assert.deepEqual(
    [made?.data['origin'], made?.data['origin-ref'], made?.data['case'], made?.data['status']],
    ['dispatch', 'Task/order-1', `Task/${id}`, 'routine'],
  );
  await county.apply(DIRECTOR_A, 'loop.open', open({ technique: '针刀', origin: 'own', 'origin-ref': '' }));
});

test('[new-technology-register/3] counts by institution and source are 112, 57 and 23', async () => {
  const rows = (institution: string, origin: string, n: number) =>
    Array.from({ length: n }, (_, k) => ({
      technique: `${origin}-${k}`,
      institution: `Organization/${institution}`,
      origin,
      status: 'routine',
      ...(origin === 'own' ? {} : { 'origin-ref': `Task/${origin}-${k}` }),
    }));
  const all = [
    ...rows('jintan', 'own', 112),
    ...rows('shiping', 'dispatch', 57),
    ...rows('taian', 'study', 23),
  ];
  const wrong = { technique: 'x', institution: 'Organization/taian', origin: 'study' };
  const result = await county.apply(OFFICE, 'register.import', {
    register: 'techniques',
    rows: [...all, wrong, all[0]],
  });
  assert.deepEqual(
    [result.added, result.refused.map((one: { code: string }) => one.code)],
    [192, ['origin-missing', 'row-twice']],
  );
  const counted = (await county.report('techniques-by-origin', TODAY)).rows;
  assert.deepEqual(
    counted.map(({ of, cells }) => [...of, cells[0]]),
    [
      ['Organization/jintan', 'own', 112],
      ['Organization/shiping', 'dispatch', 57],
      ['Organization/taian', 'study', 23],
      ['Organization/town-a', 'dispatch', 1],
    ],
  );
});
