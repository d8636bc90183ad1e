// Acceptance of grading: marks sum to 100, a key item vetoes, lower grades are checked more often, grades have dates.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadForm } from '@yimai/forms';
import { storyOf } from '@yimai/runtime';
import { INSPECTOR_1, INSPECTOR_2, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
await smallCounty(county);
const GOOD = { permit: 'yes', water: 38, staff: 18, cleaning: 18, ventilation: 'yes' };

async function grade(object: string, answers: object, reason = 'yearly'): Promise<string> {
  const { case: id } = await county.apply(INSPECTOR_1, 'loop.open', {
    loop: 'grading',
    answers: { object, reason },
  });
  await county.apply(INSPECTOR_1, 'loop.act', { case: id, event: 'score', answers });
  assert.equal(
    (await county.refuse(INSPECTOR_1, 'loop.act', { case: id, event: 'sign' })).code,
    'second-inspector',
  );
  await county.apply(INSPECTOR_2, 'loop.act', { case: id, event: 'sign' });
  return String((await county.caseState(id)).data['tier']);
}

test('[quantitative-grading/1] full marks sum to 100 and a key item that fails forces the lowest grade', async () => {
  const [form] = county.runtime.context.forms.get('grading-pool') ?? [];
  assert.equal(
    form?.scoring?.items.reduce((sum, item) => sum + (item.full ?? 0), 0),
    100,
  );
  const short = loadForm({
    id: 'x',
    version: '1',
    title: form?.title,
    items: [form?.items[1]],
    score: { ...form?.scoring?.declaration, 'veto-tier': undefined },
  });
  assert.ok(short.issues.some((one) => one.code === 'full-marks'));
  assert.equal(await grade('p-1', GOOD), 'A');
  assert.equal(await grade('p-2', { ...GOOD, permit: 'no', water: 40, staff: 20, cleaning: 20 }), 'none');
  // 78 of 90 applicable marks is 86.7 per cent: grade B.
  assert.equal(
    await grade('p-3', { permit: 'yes', water: 34, staff: 17, cleaning: 17, ventilation: 'na' }),
    'B',
  );
});

test('[quantitative-grading/2] a lower grade is checked more often', async () => {
  assert.equal(
    await grade('p-4', { permit: 'yes', water: 25, staff: 13, cleaning: 12, ventilation: 'no' }),
    'C',
  );
  const months = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];
  const due = async (plan: string) => {
    let added = 0;
    for (const month of months)
      added += (await county.apply(INSPECTOR_1, 'recurring.generate', { plan, on: `2027-${month}-10` }))
        .added;
    return added;
  };
  assert.deepEqual(
    [await due('graded-checks-a'), await due('graded-checks-b'), await due('graded-checks-c')],
    [1, 4, 24],
  );
});

test('[quantitative-grading/3] the history of grades is kept and a grade after an event has its date', async () => {
  county.clock.advanceTo(new Date('2026-07-01T01:00:00Z'));
  assert.equal(await grade('p-1', { ...GOOD, water: 20 }, 'event'), 'B');
  const story = await storyOf(county.database, 'object-grades', 'p-1');
  assert.deepEqual(
    story.map((one) => [one.data['tier'], one.from, one.to, one.data['reason']]),
    [
      ['A', '2026-03-02', '2026-06-30', 'yearly'],
      ['B', '2026-07-01', null, 'event'],
    ],
  );
});
