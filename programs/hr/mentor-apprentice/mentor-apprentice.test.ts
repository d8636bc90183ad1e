// Acceptance of mentoring: sessions by mentor, site and technique above 560; left behind only when done alone n times.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { must } from '@yimai/kit';
import { countBy, decide, registerOn, sumOf } from '@yimai/runtime';
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
  const total = await sumOf(county.database, 'mentoring-sessions', 'sessions', '2026-01-01', '2026-12-31');
  assert.equal(total, 561);
  assert.ok(total > 560);
  const bySite = await countBy(county.database, 'mentoring-sessions', 'site', '2026-06-01');
  assert.deepEqual(
    bySite.map((one) => one.entries),
    [16, 17],
  );
  assert.equal((await countBy(county.database, 'mentoring-sessions', 'mentor', '2026-06-01')).length, 33);
});

test('[mentor-apprentice/2] a technique counts as left behind only when the apprentice has done it alone n times', async () => {
  const rule = county.runtime.context.entitlements.get('technique-left-behind');
  assert.ok(rule);
  const alone = async () =>
    (await registerOn(county.database, 'solo-practice', '2026-06-01')).filter(
      (one) => one.data['apprentice'] === 'Practitioner/a1',
    ).length;
  for (let day = 1; day <= 5; day += 1) {
    const before = decide(rule, { alone: await alone() }, '2026-06-01');
    assert.ok(!before.ok && before.refusal.code === 'too-few-alone');
    await county.apply(HR, 'register.add', {
      register: 'solo-practice',
      from: '2026-05-01',
      entry: { apprentice: 'Practitioner/a1', technique: '超声', day: `2026-05-0${day}` },
    });
  }
  must(decide(rule, { alone: await alone() }, '2026-06-01'));
  assert.ok(!decide(rule, { alone: await alone() }, '2026-06-01', { least: 6 }).ok);
});
