// Acceptance of training: persons and person-times apart, techniques linked to the study, 936 and 12,000 from records.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn, sumOf } from '@yimai/runtime';
import { HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
await smallCounty(county);
const row = (n: number, more: object = {}) => ({
  learner: `Practitioner/l${n}`,
  course: '六个一批',
  kind: 'key-staff',
  start: '2025-03-01',
  'person-times': 1,
  ...more,
});
const send = (rows: readonly object[]) =>
  county.apply(HR, 'register.import', { register: 'training-records', rows, from: '2025-03-01' });
const of = async (kind: string) =>
  (await registerOn(county.database, 'training-records', '2025-12-31')).filter(
    (one) => one.data['kind'] === kind,
  );

test('[training-further-study/3] 936 key staff and 12,000 person-times are reproduced from the records', async () => {
  await send(Array.from({ length: 936 }, (_, n) => row(n)));
  const primary = await send(
    Array.from({ length: 600 }, (_, n) =>
      row(n, { course: '基层培训', kind: 'primary', 'person-times': 20 }),
    ),
  );
  assert.equal(primary.added, 600);
  assert.equal((await of('key-staff')).length, 936);
  assert.equal(
    await sumOf(county.database, 'training-records', 'person-times', '2025-03-01', '2025-03-01'),
    936 + 12_000,
  );
});

test('[training-further-study/1] persons and person-times are kept apart', async () => {
  await send([
    row(0, { course: '进修一', kind: 'study', start: '2025-05-01' }),
    row(0, { course: '进修二', kind: 'study', start: '2025-09-01' }),
  ]);
  const study = await of('study');
  const times = study.reduce((sum, one) => sum + Number(one.data['person-times']), 0);
  assert.deepEqual([new Set(study.map((one) => one.data['learner'])).size, times], [1, 2]);
  const again = await send([row(0, { course: '进修一', kind: 'study', start: '2025-05-01' })]);
  assert.deepEqual([again.added, again.unchanged], [0, 1]);
});

test("[training-further-study/2] a learner's return links to the techniques started", async () => {
  const entry = {
    learner: 'Practitioner/l0',
    technique: '无痛胃镜',
    study: 'Practitioner/l0|进修一|2025-05-01',
  };
  await county.apply(HR, 'register.add', { register: 'techniques-brought-back', entry });
  const { study: _study, ...loose } = entry;
  assert.equal(
    (
      await county.refuse(HR, 'register.add', {
        register: 'techniques-brought-back',
        entry: { ...loose, technique: 'x' },
      })
    ).code,
    'field-missing',
  );
  const [back] = await registerOn(county.database, 'techniques-brought-back', '2026-03-02');
  const studies = new Set((await of('study')).map((one) => one.key));
  assert.ok(studies.has(String(back?.data['study'])));
});
