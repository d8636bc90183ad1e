// Acceptance of the eight items: one form of 5 and 3, change against the first score, items nobody acts upon.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn, storyOf } from '@yimai/runtime';
import { OFFICE, PRESIDENT, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const FIRST = {
  signs: 5,
  facilities: 6,
  booking: 4,
  waiting: 5,
  attitude: 7,
  guidance: 6,
  treatment: 7,
  examination: 3,
};
const open = async (hospital: string): Promise<string> =>
  (
    await county.apply(OFFICE, 'loop.open', {
      loop: 'eight-item-scoring',
      answers: { hospital: `Organization/${hospital}` },
    })
  ).case;
const score = (id: string, answers: object) => ({ case: id, event: 'score', answers });

test('[five-improve-three-raise/1] each hospital is scored on a form of 5 and 3 items', async () => {
  const [form] = county.runtime.context.forms.get('eight-items') ?? [];
  assert.deepEqual(
    form?.items.map((group) => group.items?.length),
    [5, 3],
  );
  for (const hospital of ['county', 'tcm']) {
    const id = await open(hospital);
    const { examination: _, ...seven } = FIRST;
    assert.equal((await county.refuse(OFFICE, 'loop.act', score(id, seven))).code, 'form-invalid');
    const high = score(id, { ...FIRST, signs: 11 });
    assert.equal((await county.refuse(OFFICE, 'loop.act', high)).code, 'form-invalid');
    assert.equal((await county.refuse(PRESIDENT, 'loop.act', score(id, FIRST))).code, 'not-your-turn');
    await county.apply(OFFICE, 'loop.act', score(id, FIRST));
    const { data } = await county.caseState(id);
    assert.deepEqual([data['score'], data['tier']], [53.75, 'poor']);
  }
  assert.equal((await registerOn(county.database, 'eight-item-scores', '2026-03-02')).length, 16);
});

test('[five-improve-three-raise/2] the change of each item against the baseline is shown', async () => {
  county.clock.advanceBy(100 * 86_400_000);
  const second = { ...FIRST, signs: 9, waiting: 4 };
  await county.apply(OFFICE, 'loop.act', score(await open('county'), second));
  county.clock.advanceBy(100 * 86_400_000);
  await county.apply(OFFICE, 'loop.act', score(await open('county'), { ...second, examination: 8 }));
  const changes = Object.fromEntries(
    (
      await registerOn(county.database, 'eight-item-scores', '2026-12-31', {
        limit: 100,
        where: { hospital: 'Organization/county' },
      })
    ).map((one) => [one.data['item'], one.data['change']]),
  );
  assert.deepEqual(changes, {
    signs: 4,
    facilities: 0,
    booking: 0,
    waiting: -1,
    attitude: 0,
    guidance: 0,
    treatment: 0,
    examination: 5,
  });
  const story = await storyOf(county.database, 'eight-item-scores', 'Organization/county|signs');
  assert.deepEqual(
    story.map((one) => [one.data['score'], one.data['baseline']]),
    [
      [5, 5],
      [9, 5],
    ],
  );
});

test('[five-improve-three-raise/3] items without an action are listed', async () => {
  const act = (item: string, more: object = {}) => ({
    register: 'eight-item-actions',
    entry: {
      hospital: 'Organization/county',
      item,
      action: '分时段预约',
      lead: '门诊部',
      due: '2026-12-31',
      ...more,
    },
  });
  assert.equal((await county.refuse(PRESIDENT, 'register.put', act('parking'))).code, 'code-unknown');
  assert.equal(
    (await county.refuse(PRESIDENT, 'register.put', act('booking', { lead: '' }))).code,
    'field-missing',
  );
  for (const item of ['booking', 'waiting', 'examination'])
    await county.apply(PRESIDENT, 'register.put', act(item));
  const found = await county.report('items-without-action', '2026-12-31');
  const own = found.rows.find(({ of }) => of[0] === 'Organization/county');
  assert.deepEqual(own?.cells, [8, 3]);
  assert.deepEqual(
    found.named
      .filter(({ data }) => data['hospital'] === 'Organization/county')
      .map(({ data }) => data['item']),
    ['attitude', 'facilities', 'guidance', 'signs', 'treatment'],
  );
});
