// Acceptance of incentives: only rated postings count, 5 titles (1 associate) and 2 promotions, each linked to its posting.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import { HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const result = (n: number, rating?: number) => ({
  case: `Task/posting-${n}`,
  expert: `Practitioner/sent-${n}`,
  batch: 1,
  ...(rating === undefined ? {} : { rating }),
});
await county.apply(HR, 'register.import', {
  register: 'dispatch-results',
  rows: [...Array.from({ length: 7 }, (_, n) => result(n, 4.5)), result(7)],
});
const ask = (n: number, kind: string, grade: string) => ({
  loop: 'dispatch-incentive',
  answers: { posting: `Task/posting-${n}`, kind, grade },
});

test('[dispatch-incentives/1] an expert with an unrated posting is not eligible', async () => {
  assert.equal((await county.refuse(HR, 'loop.open', ask(7, 'title', 'attending'))).code, 'posting-unrated');
  assert.equal((await county.refuse(HR, 'loop.open', ask(99, 'title', 'attending'))).code, 'posting-unrated');
  const forged = await county.refuse(HR, 'loop.open', {
    ...ask(7, 'title', 'attending'),
    answers: { ...ask(7, 'title', 'attending').answers, rating: 5 },
  });
  assert.equal(forged.code, 'posting-unrated');
});

test('[dispatch-incentives/2] the report gives 5 title appointments (1 associate senior) and 2 promotions', async () => {
  for (let n = 0; n < 7; n += 1) {
    const { case: id } = await county.apply(
      HR,
      'loop.open',
      ask(n, n < 5 ? 'title' : 'promotion', n === 0 ? 'associate' : n < 5 ? 'attending' : 'none'),
    );
    await county.apply(HR, 'loop.act', { case: id, event: 'grant' });
  }
  // One that is asked for and not yet granted is in no report.
  await county.apply(HR, 'loop.open', ask(6, 'title', 'associate'));
  const { rows } = await county.report('incentives-granted', '2026-12-31');
  assert.deepEqual(
    rows.map(({ of, cells }) => [...of, ...cells]),
    [
      ['promotion', 'none', 2],
      ['title', 'associate', 1],
      ['title', 'attending', 4],
    ],
  );
});

test('[dispatch-incentives/3] each record links to the rated posting that earned it', async () => {
  const rated = new Map(
    (await registerOn(county.database, 'dispatch-results', '2026-03-02')).map((one) => [one.key, one.data]),
  );
  const incentives = await registerOn(county.database, 'incentives', '2026-03-02');
  assert.equal(incentives.length, 7);
  for (const { data } of incentives) {
    const posting = rated.get(String(data['posting']));
    assert.ok(Number(posting?.['rating']) > 0);
    assert.equal(posting?.['expert'], data['expert']);
  }
});
