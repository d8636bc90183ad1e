// Acceptance of key specialties: counts by level, a level lost from the day of the failed review, grants by level.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import { type As, BUREAU, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const TODAY = '2026-03-02';
const county = await testCounty({ after });
await smallCounty(county);
const HOSPITAL: As = { role: 'hospital-doctor', org: 'county', person: 'expert-1' };
/** The bulletin gives 2.8 million yuan in all; how it is spread over the levels is ours. */
const GRANTS = {
  national: 40_000_000,
  'provincial-discipline': 35_000_000,
  provincial: 15_000_000,
  nurturing: 5_000_000,
};
for (const [level, grant] of Object.entries(GRANTS))
  await county.apply(BUREAU, 'register.put', {
    register: 'specialty-grant-standards',
    entry: { level, grant },
  });
const GOOD = { team: 22, skill: 30, quality: 20, research: 8 };
const act = (id: string, event: string, answers: object = {}) =>
  county.apply(BUREAU, 'loop.act', { case: id, event, answers });

async function award(region: string, level: string, n: number): Promise<void> {
  const answers = { specialty: `${level}-${n}`, region, level };
  const { case: id } = await county.apply(HOSPITAL, 'loop.open', { loop: 'specialty-round', answers });
  await act(id, 'score', GOOD);
  await act(id, 'award');
}
const counts = async (region: string, on = TODAY) =>
  Object.fromEntries(
    (await county.report('specialties-by-level', on)).rows
      .filter(({ of }) => of[0] === region)
      .map(({ of, cells }) => [of[1], cells[0]]),
  );

test('[key-specialty-register/1] counts by level are 8, 40, 10, 50 and 2, 1, 11', async () => {
  const of = (level: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      hospital: `Organization/taiyuan-${n % 9}`,
      specialty: `${level}-${n}`,
      region: '太原',
      level,
    }));
  const rows = [
    ...of('national', 8),
    ...of('provincial', 40),
    ...of('city-top', 10),
    ...of('city-excellent', 50),
  ];
  const wrong = { ...rows[0], specialty: 'x', level: 'world' };
  const imported = await county.apply(OFFICE, 'register.import', {
    register: 'key-specialties',
    rows: [...rows, wrong],
    from: '2025-01-01',
  });
  assert.deepEqual([imported.added, imported.refused[0]?.code], [108, 'code-unknown']);
  assert.deepEqual(await counts('太原'), {
    national: 8,
    provincial: 40,
    'city-top': 10,
    'city-excellent': 50,
  });
  for (const [level, count] of [
    ['national', 2],
    ['provincial-discipline', 1],
    ['provincial', 11],
  ] as const)
    for (let n = 0; n < count; n += 1) await award('长治', level, n);
  assert.deepEqual(await counts('长治'), { national: 2, 'provincial-discipline': 1, provincial: 11 });
});

test('[key-specialty-register/2] a specialty that fails its review loses its level from that date', async () => {
  await county.advance(30 * 86_400_000);
  const ask = (specialty: string) => ({
    loop: 'specialty-review',
    answers: { hospital: 'Organization/county', specialty },
  });
  assert.equal((await county.refuse(BUREAU, 'loop.open', ask('皮肤科'))).code, 'not-a-key-specialty');
  assert.equal((await county.refuse(HOSPITAL, 'loop.open', ask('national-1'))).code, 'not-your-turn');
  const kept = await county.apply(BUREAU, 'loop.open', ask('national-0'));
  await act(kept.case, 'score', GOOD);
  await act(kept.case, 'conclude');
  const lost = await county.apply(BUREAU, 'loop.open', ask('national-1'));
  await act(lost.case, 'score', { ...GOOD, skill: 29 });
  await act(lost.case, 'conclude');
  const levelOn = async (on: string) =>
    (await registerOn(county.database, 'key-specialties', on)).find(
      (one) => one.key === 'Organization/county|national-1',
    )?.data['level'];
  assert.deepEqual([await levelOn('2026-03-31'), await levelOn('2026-04-01')], ['national', 'none']);
  assert.equal((await counts('长治', '2026-04-01'))['national'], 1);
  assert.equal((await county.refuse(BUREAU, 'loop.open', ask('national-1'))).code, 'not-a-key-specialty');
});

test('[key-specialty-register/3] the grant follows the level: 2.8 million yuan for the 14 of the bulletin', async () => {
  const grants = await county.report('grants-by-level', TODAY);
  assert.deepEqual(
    grants.rows.map(({ of, cells }) => [...of, cells[1]]),
    [
      ['长治', 'national', 80_000_000],
      ['长治', 'provincial', 165_000_000],
      ['长治', 'provincial-discipline', 35_000_000],
    ],
  );
  assert.equal(grants.total[1], 280_000_000);
  const tried = async (level: string, answers: object): Promise<string> => {
    const opened = await county.apply(HOSPITAL, 'loop.open', {
      loop: 'specialty-round',
      answers: { specialty: `tried-${level}`, region: '长治', level },
    });
    await act(opened.case, 'score', answers);
    return (await county.refuse(BUREAU, 'loop.act', { case: opened.case, event: 'award' })).code;
  };
  assert.equal(await tried('provincial', { ...GOOD, skill: 29 }), 'score-below');
  assert.equal(await tried('city-top', GOOD), 'standard-missing');
});
