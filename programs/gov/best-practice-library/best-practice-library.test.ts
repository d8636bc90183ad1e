// Acceptance of the case library: four steps, 19 selected cases by theme, adopters counted for each case.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn, timeline } from '@yimai/runtime';
import { DIRECTOR_A, DIRECTOR_B, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const TODAY = '2026-03-02';
async function submit(n: number): Promise<string> {
  const answers = {
    title: `案例${n}（合成）`,
    theme: n % 2 === 0 ? '患者体验' : '医防融合',
    summary: '做法与成效',
  };
  return (await county.apply(DIRECTOR_A, 'loop.open', { loop: 'good-practice', answers })).case;
}
const act = (id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(OFFICE, 'loop.act', { case: id, event, answers, ...(reason ? { reason } : {}) });

test('[best-practice-library/1] a case passes submitted, reviewed, selected, promoted', async () => {
  const id = await submit(0);
  assert.equal(
    (await county.refuse(OFFICE, 'loop.act', { case: id, event: 'promote' })).code,
    'event-not-here',
  );
  assert.equal(
    (await county.refuse(OFFICE, 'loop.act', { case: id, event: 'review' })).code,
    'field-missing',
  );
  await act(id, 'review', { score: 90 });
  await act(id, 'select');
  assert.deepEqual(await registerOn(county.database, 'practice-library', TODAY), []);
  await act(id, 'promote');
  assert.deepEqual(
    (await timeline(county.database, id)).map((one) => one.event),
    ['open', 'review', 'select', 'promote'],
  );
});

test('[best-practice-library/2] a list of 19 selected cases is filtered by theme', async () => {
  for (let n = 1; n < 19; n += 1) {
    const id = await submit(n);
    await act(id, 'review', { score: 80 });
    await act(id, 'select');
    await act(id, 'promote');
  }
  const declined = await submit(99);
  await act(declined, 'review', { score: 40 });
  await act(declined, 'decline', {}, '成效不足');
  assert.equal((await registerOn(county.database, 'practice-library', TODAY)).length, 19);
  const themes = Object.fromEntries(
    (await county.report('practices-by-theme', TODAY)).rows.map(({ of, cells }) => [of[0], cells[0]]),
  );
  assert.deepEqual(themes, { 患者体验: 10, 医防融合: 9 });
  const filtered = await registerOn(county.database, 'practice-library', TODAY, {
    limit: 100,
    where: { theme: '医防融合' },
  });
  assert.deepEqual([filtered.length, new Set(filtered.map((one) => one.data['theme'])).size], [9, 1]);
});

test('[best-practice-library/3] an institution marks adoption and the adopters of each case are counted', async () => {
  const [first] = await registerOn(county.database, 'practice-library', TODAY);
  const practice = first?.key ?? '';
  const adopt = { loop: 'practice-adoption', answers: { practice, note: '已在全院推开' } };
  await county.apply(DIRECTOR_A, 'loop.open', adopt);
  await county.apply(DIRECTOR_B, 'loop.open', adopt);
  assert.equal((await county.refuse(DIRECTOR_A, 'loop.open', adopt)).code, 'adopted-already');
  const strange = { ...adopt, answers: { practice: 'Task/none' } };
  assert.equal((await county.refuse(DIRECTOR_A, 'loop.open', strange)).code, 'practice-unknown');
  const adopted = (await county.report('adoptions-by-practice', TODAY)).rows;
  assert.deepEqual(
    adopted.map(({ of, cells }) => [...of, ...cells]),
    [[practice, 2]],
  );
  const institutions = (await registerOn(county.database, 'practice-adoptions', TODAY)).map(
    (one) => one.data['institution'],
  );
  assert.deepEqual(institutions.sort(), ['Organization/town-a', 'Organization/town-b']);
});
