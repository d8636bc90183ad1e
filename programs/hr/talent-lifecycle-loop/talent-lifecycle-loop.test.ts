// Acceptance of the talent loop: the chain of each of 387 experts, retention by intake year, next year's plan of gaps.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { type As, HR, PRESIDENT, smallCounty, testCounty } from '@yimai/runtime/testing';

const DAY = 86_400_000;
const county = await testCounty({ after }, { start: '2026-01-05T01:00:00Z' });
await smallCounty(county);
const person = (n: number) => `Practitioner/brought-${String(n).padStart(3, '0')}`;
const entry = (n: number) => ({
  person: person(n),
  hospital: n % 3 === 0 ? 'Organization/tcm' : 'Organization/county',
  'intake-year': n < 120 ? 2023 : n < 270 ? 2024 : 2025,
  kind: n % 2 === 0 ? 'full' : 'flexible',
  status: 'here',
});
const load = (register: string, rows: readonly object[]) =>
  county.apply(HR, 'register.import', { register, rows, from: '2026-01-01' });
await load(
  'introduced-experts',
  Array.from({ length: 387 }, (_, n) => entry(n)),
);
// All arrived; 380 trained a team, 372 left a technique, 360 have their specialty.
const HELD = { attract: 387, train: 380, keep: 372, use: 360 };
for (const [link, held] of Object.entries(HELD))
  await load(
    'talent-links',
    Array.from({ length: held }, (_, n) => ({ expert: person(n), link, evidence: `${link} 佐证（合成）` })),
  );

const on = () => county.clock.now().toISOString().slice(0, 10);
const chain = async (link: string) => {
  const { total, named } = await county.report(`without-${link}`, on());
  return { all: total[0], covered: total[1], missing: named.map(({ key }) => key) };
};
const gaps = async () =>
  Object.fromEntries(
    await Promise.all(Object.keys(HELD).map(async (link) => [link, (await chain(link)).missing] as const)),
  );
const act = (as: As, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
const planning = (year: number, more: object) => ({
  loop: 'talent-plan',
  answers: { year, ends: `${year}-12-31`, ...more },
});
const planned = async (plan: string) =>
  (
    await county.database.run<{ id: string }>(
      sql`select id from loop_case where loop = 'talent-gap' and parent = ${plan} and outcome = 'open'`,
    )
  ).rows.map((row) => row.id);

test('[talent-lifecycle-loop/1] the chain of each of 387 experts shows its four links, and empty links are listed', async () => {
  // A link of somebody who was never brought in fills nobody's chain.
  await load('talent-links', [{ expert: 'Practitioner/stranger', link: 'use', evidence: 'x' }]);
  const { rows, total } = await county.report('expert-chains', on());
  assert.deepEqual([rows.length, total], [387, Object.values(HELD)]);
  assert.deepEqual(rows.find(({ of }) => of[0] === person(365))?.cells, [1, 1, 1, 0]);
  for (const [link, held] of Object.entries(HELD)) {
    const { covered, all, missing } = await chain(link);
    assert.deepEqual([covered, all, missing.length], [held, 387, 387 - held]);
    assert.equal(missing[0], held === 387 ? undefined : person(held));
  }
  const empty = { expert: person(386), link: 'use' };
  assert.equal(
    (await county.refuse(HR, 'register.put', { register: 'talent-links', entry: empty })).code,
    'field-missing',
  );
});

test('[talent-lifecycle-loop/2] retention is computed for each intake year', async () => {
  const leave = { ...entry(0), status: 'left' };
  assert.equal(
    (await county.refuse(HR, 'register.put', { register: 'introduced-experts', entry: leave })).code,
    'leaving-day-missing',
  );
  for (const n of [0, 1, 2, 3, 4, 5, 120, 121, 122])
    await county.apply(HR, 'register.put', {
      register: 'introduced-experts',
      entry: { ...entry(n), status: 'left', 'left-on': '2026-01-05' },
    });
  const retention = async (day: string) =>
    (await county.report('retention-by-intake', day)).rows.map(({ of, cells }) => [
      of[0],
      cells[0],
      cells[2],
    ]);
  assert.deepEqual(await retention('2026-01-05'), [
    ['2023', 120, 95],
    ['2024', 150, 98],
    ['2025', 117, 100],
  ]);
  assert.deepEqual(
    (await retention('2026-01-04')).map((one) => one[2]),
    [100, 100, 100],
  );
});

test("[talent-lifecycle-loop/3] next year's plan lists the open gaps", async () => {
  const open = await gaps();
  const refused = async (more: object, year = 2026) =>
    (await county.refuse(HR, 'loop.open', planning(year, more))).code;
  assert.equal(await refused({}), 'no-gaps');
  assert.equal(await refused({ use: [person(10)] }), 'link-exists');
  assert.equal(await refused({ use: [person(0)] }), 'expert-not-here');
  assert.equal(await refused({ ...open, ends: '2027-12-31' }), 'other-year');
  const { case: plan } = await county.apply(HR, 'loop.open', planning(2026, open));
  assert.equal(await refused(open), 'year-planned');
  const listed: string[] = [];
  for (const id of await planned(plan)) {
    const { data } = await county.caseState(id);
    listed.push(`${data['link']} ${data['expert']}`);
    // One gap is filled in the year, by the hospital that has the expert.
    if (data['link'] !== 'use' || data['expert'] !== person(385)) continue;
    const short = await county.refuse(PRESIDENT, 'loop.act', { case: id, event: 'fill' });
    assert.equal(short.code, 'field-missing');
    await act(PRESIDENT, id, 'fill', { evidence: '市级重点专科（合成）' });
  }
  const wanted = Object.entries(open).flatMap(([link, experts]) => experts.map((one) => `${link} ${one}`));
  assert.equal(listed.length, 7 + 15 + 27);
  assert.deepEqual(listed.sort(), wanted.sort());
  // The year ends: what is left is carried over, the year is evaluated, and the next plan lists it.
  await county.advance(362 * DAY);
  assert.deepEqual(await planned(plan), []);
  assert.equal((await county.caseState(plan)).positions[0]?.state, 'evaluating');
  await act(HR, plan, 'evaluate', { evaluation: '补链 1 项，结转 48 项' });
  const rest = await gaps();
  assert.equal(Object.values(rest).flat().length, 48);
  assert.ok(!rest['use']?.includes(person(385)));
  const next = await county.apply(HR, 'loop.open', planning(2027, rest));
  assert.equal((await planned(next.case)).length, 48);
});
