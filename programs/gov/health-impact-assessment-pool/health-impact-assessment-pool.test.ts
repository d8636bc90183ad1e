// Acceptance of the expert pool: draws without conflict, an assessment that keeps every opinion, complaints that propose one.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { INSPECTOR_1, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const FIELDS = ['public-health', 'policy', 'healthy-city', 'law', 'smart-care'];
const rows = Array.from({ length: 25 }, (_, n) => ({
  person: `Practitioner/scholar-${n}`,
  field: FIELDS[n % 5],
  ties: n < 10 ? ['Organization/town-a'] : ['Organization/tcm'],
}));
await county.apply(OFFICE, 'register.import', { register: 'impact-experts', rows });
const ask = (seed: string) => ({
  draw: 'impact-draw',
  seed,
  field: 'policy',
  count: 3,
  conflicts: ['Organization/town-a'],
});

test('[health-impact-assessment-pool/1] a draw in a field never includes one from the drafting unit', async () => {
  const tied = rows.filter((row) => row.ties[0] === 'Organization/town-a').map((row) => row.person);
  for (let n = 0; n < 10; n += 1) {
    const drawn = await county.apply(OFFICE, 'draw.make', ask(`seed-2026-${n}`));
    assert.equal(drawn.chosen.length, 3);
    assert.deepEqual(
      drawn.chosen.filter((one: string) => tied.includes(one)),
      [],
    );
    assert.deepEqual(
      await county.apply(OFFICE, 'draw.make', ask(`seed-2026-${n}`)).then((again) => again.chosen),
      drawn.chosen,
    );
  }
  assert.equal(
    (await county.refuse(OFFICE, 'draw.make', { ...ask('seed-2026-x'), count: 4 })).code,
    'pool-too-small',
  );
  assert.equal((await county.refuse(INSPECTOR_1, 'draw.make', ask('seed-2026-y'))).code, 'role-not-allowed');
});

test('[health-impact-assessment-pool/2] an assessment runs draft, experts, report, adoption and keeps every opinion', async () => {
  const { case: id } = await county.apply(OFFICE, 'loop.open', {
    loop: 'impact-assessment',
    answers: { draft: '道路规划' },
  });
  const { draw } = await county.apply(OFFICE, 'draw.make', ask('seed-2026-z'));
  const act = (event: string, answers: object) =>
    county.apply(OFFICE, 'loop.act', { case: id, event, answers });
  await act('draw', { draw: `Basic/${draw}` });
  await act('opinion', { opinion: '意见一' });
  await act('opinion', { opinion: '意见二' });
  assert.equal(
    (await county.refuse(OFFICE, 'loop.act', { case: id, event: 'report', answers: { report: '报告' } }))
      .code,
    'opinions-missing',
  );
  await act('opinion', { opinion: '意见三' });
  await act('report', { report: '评估报告' });
  await act('adopt', { adopted: true, 'adoption-note': '采纳两条' });
  assert.deepEqual((await county.caseState(id)).data['opinions'], ['意见一', '意见二', '意见三']);
});

test('[health-impact-assessment-pool/3] complaints above a set count in one theme propose an assessment', async () => {
  const complain = (count: number) =>
    county.apply(OFFICE, 'alert.reading', { alert: 'complaint-cluster', object: 'noise', values: { count } });
  assert.equal((await complain(10)).alert, null);
  const proposed = await complain(11);
  assert.equal(proposed.opened, true);
  assert.deepEqual(
    (await county.caseState(proposed.alert)).positions.map((one) => one.state),
    ['drafted'],
  );
  assert.equal((await complain(12)).opened, false);
});
