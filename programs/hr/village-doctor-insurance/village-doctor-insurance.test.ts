// Acceptance of the pension of village doctors: exactly one scheme each, 42 and 144, a dated move between schemes.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { storyOf } from '@yimai/runtime';
import { HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-06-01T01:00:00Z' });
await smallCounty(county);
const row = (n: number) => ({
  doctor: `Practitioner/village-${n}`,
  eligible: n < 42,
  scheme: n < 42 ? 'employee' : 'resident',
});
const rows = Array.from({ length: 186 }, (_, n) => row(n));
const counts = async (on: string) =>
  Object.fromEntries(
    (await county.report('pension-schemes', on)).rows.map(({ of, cells }) => [of[0], cells[0]]),
  );

test('[village-doctor-insurance/2] the county report is 42 in the employee scheme and 144 in the resident scheme', async () => {
  const wrong = [
    { doctor: 'Practitioner/x', eligible: true, scheme: 'resident' },
    { doctor: 'Practitioner/y', eligible: true },
  ];
  const result = await county.apply(HR, 'register.import', {
    register: 'village-doctor-pension',
    rows: [...rows, ...wrong],
    from: '2026-01-01',
  });
  assert.equal(result.added, 186);
  assert.deepEqual(
    result.refused.map((one: { row: number; code: string }) => [one.row, one.code]),
    [
      [187, 'scheme-wrong'],
      [188, 'field-missing'],
    ],
  );
  assert.deepEqual(await counts('2026-06-01'), { employee: 42, resident: 144 });
  const again = await county.apply(HR, 'register.import', {
    register: 'village-doctor-pension',
    rows,
    from: '2026-01-01',
  });
  assert.deepEqual([again.added, again.unchanged], [0, 186]);
});

test('[village-doctor-insurance/1] each village doctor is in exactly one scheme', async () => {
  const second = await county.refuse(HR, 'register.add', {
    register: 'village-doctor-pension',
    entry: { ...row(0), eligible: false, scheme: 'resident' },
  });
  assert.equal(second.code, 'entry-exists');
  assert.deepEqual(
    (await storyOf(county.database, 'village-doctor-pension', 'Practitioner/village-0')).filter(
      (one) => one.to === null,
    ).length,
    1,
  );
  const neither = await county.refuse(HR, 'register.put', {
    register: 'village-doctor-pension',
    entry: { ...row(0), scheme: 'none' },
  });
  assert.equal(neither.code, 'code-unknown');
});

test('[village-doctor-insurance/3] a doctor who becomes eligible moves schemes with a date', async () => {
  await county.apply(HR, 'register.put', {
    register: 'village-doctor-pension',
    from: '2026-05-01',
    entry: { ...row(100), eligible: true, scheme: 'employee' },
  });
  const story = await storyOf(county.database, 'village-doctor-pension', 'Practitioner/village-100');
  assert.deepEqual(
    story.map((one) => [one.data['scheme'], one.from, one.to]),
    [
      ['resident', '2026-01-01', '2026-04-30'],
      ['employee', '2026-05-01', null],
    ],
  );
  assert.deepEqual(await counts('2026-04-30'), { employee: 42, resident: 144 });
  assert.deepEqual(await counts('2026-05-01'), { employee: 43, resident: 143 });
});
