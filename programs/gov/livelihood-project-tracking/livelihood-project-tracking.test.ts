// Acceptance of livelihood items: three years in a row are one linked story, target and actual stand with the public text.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn, storyOf } from '@yimai/runtime';
import { type As, BUREAU, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2024-01-15T01:00:00Z' });
await smallCounty(county);
const LEAD: As = { role: 'consortium-president', org: 'county', person: 'president' };
const list = (item: string, year: number) => ({
  loop: 'livelihood-item',
  answers: {
    item,
    year,
    target: 300_000,
    unit: '人',
    lead: 'Organization/county',
    due: `${year}-12-31`,
  },
});
const CANCER = '癌症防治行动';
const nextYear = (year: number) => county.clock.advanceTo(new Date(`${year}-01-15T01:00:00Z`));
const current = async (item: string) => {
  const on = county.clock.now().toISOString().slice(0, 10);
  return (await registerOn(county.database, 'livelihood-items', on)).find((one) => one.key === item)?.data;
};

test('[livelihood-project-tracking/1] the same item in consecutive years is linked: 3 years in a row', async () => {
  await county.apply(BUREAU, 'loop.open', list(CANCER, 2024));
  await county.apply(BUREAU, 'loop.open', list('口袋公园', 2024));
  assert.equal((await county.refuse(BUREAU, 'loop.open', list(CANCER, 2024))).code, 'item-twice');
  nextYear(2025);
  await county.apply(BUREAU, 'loop.open', list(CANCER, 2025));
  nextYear(2026);
  await county.apply(BUREAU, 'loop.open', list(CANCER, 2026));
  await county.apply(BUREAU, 'loop.open', list('口袋公园', 2026));
  assert.equal((await current(CANCER))?.['years-in-row'], 3);
  assert.equal((await current('口袋公园'))?.['years-in-row'], 1, 'a year left out begins anew');
  const story = await storyOf(county.database, 'livelihood-items', CANCER);
  assert.deepEqual(
    story.map((one) => [one.data['year'], one.data['years-in-row']]),
    [
      [2024, 1],
      [2025, 2],
      [2026, 3],
    ],
  );
});

test('[livelihood-project-tracking/2] target and actual are shown with the public text', async () => {
  const { case: id } = await county.apply(OFFICE, 'loop.open', list('检查检验结果互认', 2026));
  const progress = { case: id, event: 'progress', answers: { month: '2026-01', actual: 75_000 } };
  assert.equal((await county.refuse(OFFICE, 'loop.act', progress)).code, 'not-your-turn');
  await county.apply(LEAD, 'loop.act', progress);
  const publish = (answers: object) => ({ case: id, event: 'publish', answers });
  assert.equal((await county.refuse(OFFICE, 'loop.act', publish({}))).at, 'payload.answers.public-text');
  await county.apply(OFFICE, 'loop.act', publish({ 'public-text': '一月完成四分之一' }));
  const shown = await current('检查检验结果互认');
  assert.deepEqual(
    [shown?.['target'], shown?.['actual'], shown?.['rate'], shown?.['public-text']],
    [300_000, 75_000, 25, '一月完成四分之一'],
  );
});
