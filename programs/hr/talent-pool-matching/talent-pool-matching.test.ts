// Acceptance of the talent pool: matching by specialty and fit, no overlap, unmet orders with reason, explained ranking.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { must } from '@yimai/kit';
import { planMatch } from '@yimai/runtime';
import { DIRECTOR_A, DIRECTOR_B, expert, HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const home = 'Organization/county';
const pool = [
  {
    person: 'Practitioner/expert-1',
    name: '甲（合成）',
    home,
    specialty: ['儿科'],
    grade: 3,
    skills: ['超声'],
  },
  {
    person: 'Practitioner/expert-2',
    name: '乙（合成）',
    home: 'Organization/tcm',
    specialty: ['儿科'],
    grade: 2,
  },
  { person: 'Practitioner/expert-3', name: '丙（合成）', home, specialty: ['内科'], grade: 4 },
];
await county.apply(HR, 'register.import', { register: 'talent-pool', rows: pool });

async function listed(director: typeof DIRECTOR_A, answers: object): Promise<string> {
  const order = {
    techniques: ['超声'],
    specialty: '儿科',
    from: '2026-04-01',
    to: '2026-09-30',
    goals: '开展超声检查',
  };
  const { case: id } = await county.apply(director, 'loop.open', {
    loop: 'order-dispatch',
    answers: { ...order, ...answers },
  });
  await county.apply(HR, 'loop.act', { case: id, event: 'review', answers: { class: 'gap' } });
  await county.apply(HR, 'loop.act', { case: id, event: 'list', answers: { batch: 1 } });
  return id;
}

const kids = await listed(DIRECTOR_A, {});
const eyes = await listed(DIRECTOR_B, { specialty: '眼科' });
const plan = async () => must(await planMatch(county.runtime.context, county, 'order-dispatch-plan'));

test('[talent-pool-matching/1] nobody of another specialty is proposed', async () => {
  const { assignments } = await plan();
  assert.deepEqual(
    assignments.map((one) => [one.order, one.person]),
    [[kids, 'Practitioner/expert-1']],
  );
});

test('[talent-pool-matching/2] one person is never assigned to overlapping periods', async () => {
  await county.apply(HR, 'loop.act', {
    case: kids,
    event: 'match',
    answers: { expert: 'Practitioner/expert-1' },
  });
  const second = await listed(DIRECTOR_B, { from: '2026-09-30', to: '2026-12-31' });
  const clash = await county.refuse(HR, 'loop.act', {
    case: second,
    event: 'match',
    answers: { expert: 'Practitioner/expert-1' },
  });
  assert.equal(clash.code, 'double-booked');
  const proposed = (await plan()).assignments.find((one) => one.order === second);
  assert.equal(proposed?.person, 'Practitioner/expert-2');
  const later = await listed(DIRECTOR_B, { from: '2026-10-01', to: '2026-12-31' });
  await county.apply(HR, 'loop.act', {
    case: later,
    event: 'match',
    answers: { expert: 'Practitioner/expert-1' },
  });
  await county.apply(expert(1), 'loop.act', { case: later, event: 'decline', reason: '家中有事' });
  await county.apply(HR, 'loop.act', {
    case: later,
    event: 'match',
    answers: { expert: 'Practitioner/expert-1' },
  });
});

test('[talent-pool-matching/3] an order without a candidate is reported as unmet with its reason', async () => {
  const unmet = (await plan()).unmet.find((one) => one.order === eyes);
  assert.deepEqual([unmet?.code, unmet?.barred], ['no-candidate', { 'other-specialty': 3 }]);
  assert.match(unmet?.because.zh ?? '', /没有该专业/);
});

test('[talent-pool-matching/4] the ranking is the same each time and explains each score', async () => {
  const hearts = await listed(DIRECTOR_A, { specialty: '内科', techniques: ['心电图'] });
  const [one, two] = [await plan(), await plan()];
  assert.deepEqual(one, two);
  assert.equal(one.assignments.find(({ order }) => order === hearts)?.person, 'Practitioner/expert-3');
  for (const choice of one.assignments) {
    const sum = choice.parts.reduce((total, part) => total + part.points, 0);
    assert.equal(choice.score, Math.round(sum * 100) / 100);
    for (const part of choice.parts) assert.ok(part.because.zh.length > 0 && part.because.en.length > 0);
  }
});
