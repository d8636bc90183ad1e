// Acceptance of mentoring: sessions by mentor, site and technique above 560; left behind only when done alone n times.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-06-01T01:00:00Z' });
await smallCounty(county);

test('[mentor-apprentice/1] sessions are counted by mentor, site and technique and exceed 560 in the year', async () => {
  const rows = Array.from({ length: 33 }, (_, n) => ({
    mentor: `Practitioner/m${n}`,
    apprentice: `Practitioner/a${n}`,
    technique: n % 2 ? '超声' : '内镜',
    site: `Organization/town-${n % 2 ? 'a' : 'b'}`,
    day: '2026-03-01',
    sessions: 17,
  }));
  const wrong = { ...rows[0], apprentice: 'Practitioner/m0' };
  const result = await county.apply(HR, 'register.import', {
    register: 'mentoring-sessions',
    rows: [...rows, wrong],
    from: '2026-03-01',
  });
  assert.deepEqual([result.added, result.refused[0]?.code], [33, 'same-person']);
  // Sessions of the year before are of another range.
  await county.apply(HR, 'register.import', {
    register: 'mentoring-sessions',
    rows: [{ ...rows[0], day: '2025-12-31', sessions: 100 }],
    from: '2025-12-31',
  });
  const { rows: found, total } = await county.report('sessions-by-site', '2026-12-31', '2026-01-01');
  assert.deepEqual(total, [561, 33, 33]);
  assert.ok(Number(total[0]) > 560);
  assert.equal(found.length, 33);
  const at = (site: string, technique: string) =>
    found.filter(({ of }) => of[0] === `Organization/${site}` && of[1] === technique).length;
  assert.deepEqual([at('town-a', '超声'), at('town-b', '内镜'), at('town-b', '超声')], [16, 17, 0]);
});

test('[mentor-apprentice/2] a technique counts as left behind only when the apprentice has done it alone n times', async () => {
  const left = async () =>
    (await county.report('techniques-left-behind', '2026-06-01')).rows.map((one) => [
      ...one.of,
      ...one.cells,
    ]);
  const alone = (apprentice: string, technique: string, day: number) =>
    county.apply(HR, 'register.add', {
      register: 'solo-practice',
      from: '2026-05-01',
      entry: { apprentice: `Practitioner/${apprentice}`, technique, day: `2026-05-0${day}` },
    });
  for (let day = 1; day <= 5; day += 1) {
    assert.deepEqual(await left(), [], `${day - 1} times are too few`);
    await alone('a1', '超声', day);
  }
  // Five times by two people, or of two techniques, are of nobody.
  for (let day = 1; day <= 4; day += 1) await alone('a2', '内镜', day);
  await alone('a2', '超声', 5);
  assert.deepEqual(await left(), [['Practitioner/a1', '超声', 5]]);
  // The number is the county's to set.
  const facts = { alone: 5 };
  const ask = { entitlement: 'technique-left-behind', facts };
  assert.equal((await county.apply(HR, 'entitlement.ask', ask)).granted, true);
  const more = await county.refuse(HR, 'entitlement.ask', { ...ask, settings: { least: 6 } });
  assert.equal(more.code, 'too-few-alone');
});
