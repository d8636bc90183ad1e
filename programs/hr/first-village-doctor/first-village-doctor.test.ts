// Acceptance of first village doctors: one to one over 31 villages in 9 townships, missed duty listed, duty days shown.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { overdueObjects, registerOn } from '@yimai/runtime';
import { type As, DIRECTOR_A, HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-09T01:00:00Z' });
await smallCounty(county);
const rows = Array.from({ length: 31 }, (_, n) => ({
  village: `village-${n}`,
  township: `township-${n % 9}`,
  doctor: `Practitioner/member-${n}`,
  duty: '每周二上午',
}));

test('[first-village-doctor/1] 31 members map one to one to 31 villages in 9 townships', async () => {
  const put = (register: string) =>
    county.apply(HR, 'register.import', { register, rows, from: '2026-03-01' });
  assert.deepEqual(
    [(await put('first-village-doctors')).added, (await put('village-doctor-posts')).added],
    [31, 31],
  );
  const second = {
    village: 'village-0',
    township: 'township-0',
    doctor: 'Practitioner/member-99',
    duty: '周三',
  };
  assert.equal(
    (await county.refuse(HR, 'register.add', { register: 'first-village-doctors', entry: second })).code,
    'entry-exists',
  );
  const twice = { doctor: 'Practitioner/member-0', village: 'village-77' };
  assert.equal(
    (await county.refuse(HR, 'register.add', { register: 'village-doctor-posts', entry: twice })).code,
    'entry-exists',
  );
  const { rows: townships, total } = await county.report('first-doctors-by-township', '2026-03-09');
  assert.deepEqual([townships.length, total], [9, [31, 31]]);
});

test('[first-village-doctor/2] a village with a missed duty day is listed', async () => {
  await county.apply(HR, 'recurring.generate', { plan: 'village-duty', on: '2026-03-03' });
  for (let n = 0; n < 31; n += 1) {
    if (n !== 4)
      await county.apply(DIRECTOR_A, 'recurring.done', {
        plan: 'village-duty',
        object: `village-${n}`,
        on: '2026-03-03',
      });
  }
  assert.deepEqual(await overdueObjects(county.database, 'village-duty', '2026-03-08'), []);
  assert.deepEqual(await overdueObjects(county.database, 'village-duty', '2026-03-09'), ['village-4']);
});

const RESIDENT: As = { role: 'resident', org: 'village-a1', person: 'resident-1' };
/** What a resident of the county reads of a register, under the resident's own permissions. */
const readBy = async (as: As, register: string): Promise<string[]> => {
  const asked = `code=https://yimai.example/fhir/CodeSystem/register|${register}&_count=100`;
  const { matches } = await county.record.search(county.access(as), 'Basic', asked);
  return matches.map((row) => row.content ?? '');
};

test('[first-village-doctor/3] residents see when the doctor sits, and a change from its day on', async () => {
  const seen = await readBy(RESIDENT, 'first-village-doctors');
  assert.equal(seen.length, 31);
  assert.ok(seen.every((entry) => entry.includes('每周二上午') && entry.includes('Practitioner/member-')));
  assert.deepEqual(await readBy(RESIDENT, 'village-doctor-posts'), [], 'the staff file is not for residents');
  await county.apply(HR, 'register.put', {
    register: 'first-village-doctors',
    from: '2026-03-09',
    entry: { ...rows[0], duty: '每周四全天' },
  });
  const duty = async (on: string) =>
    (await registerOn(county.database, 'first-village-doctors', on)).find((one) => one.key === 'village-0')
      ?.data['duty'];
  assert.deepEqual([await duty('2026-03-08'), await duty('2026-03-09')], ['每周二上午', '每周四全天']);
  assert.ok((await readBy(RESIDENT, 'first-village-doctors')).some((entry) => entry.includes('每周四全天')));
  assert.equal(
    (
      await county.refuse(HR, 'register.put', {
        register: 'first-village-doctors',
        entry: { ...rows[0], duty: '' },
      })
    ).code,
    'field-missing',
  );
});
