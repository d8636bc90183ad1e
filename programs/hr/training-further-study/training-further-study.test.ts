// Acceptance of training: persons and person-times apart, techniques linked to the study, 936 and 12,000 from records.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
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
const report = async () =>
  Object.fromEntries(
    (await county.report('training-persons', '2025-12-31')).rows.map(({ of, cells }) => [of[0], cells]),
  );

test('[training-further-study/3] 936 key staff and 12,000 person-times are reproduced from the records', async () => {
  await send(Array.from({ length: 936 }, (_, n) => row(n)));
  const primary = await send(
    Array.from({ length: 600 }, (_, n) =>
      row(n, { course: '基层培训', kind: 'primary', 'person-times': 20 }),
    ),
  );
  assert.equal(primary.added, 600);
  // A course of the year before is of another report.
  await county.apply(HR, 'register.import', {
    register: 'training-records',
    rows: [row(7, { start: '2024-12-31' })],
    from: '2024-12-31',
  });
  assert.deepEqual(await report(), { 'key-staff': [936, 936], primary: [600, 12_000] });
});

test('[training-further-study/1] persons and person-times are kept apart', async () => {
  await send([
    row(0, { course: '进修一', kind: 'study', start: '2025-05-01' }),
    row(0, { course: '进修二', kind: 'study', start: '2025-09-01' }),
  ]);
  assert.deepEqual((await report())['study'], [1, 2]);
  const again = await send([row(0, { course: '进修一', kind: 'study', start: '2025-05-01' })]);
  assert.deepEqual([again.added, again.unchanged], [0, 1]);
});

test("[training-further-study/2] a learner's return links to the techniques started", async () => {
  const answers = {
    learner: 'Practitioner/l900',
    course: '消化内镜',
    host: '上海进修基地（合成）',
    start: '2026-03-05',
    end: '2026-06-30',
  };
  const open = { loop: 'further-study', answers };
  const backwards = { ...open, answers: { ...answers, end: '2026-03-01' } };
  assert.equal((await county.refuse(HR, 'loop.open', backwards)).code, 'period-empty');
  // 2026 has no 29 February: neither a case nor a register nor a command's own day takes it.
  for (const day of ['2026-02-29', '2026-04-31', '2026-13-01']) {
    const opened = await county.refuse(HR, 'loop.open', { ...open, answers: { ...answers, end: day } });
    assert.deepEqual([opened.code, opened.at], ['answer-type', 'payload.answers.end'], day);
    const put = { register: 'training-records', entry: row(1, { start: day }) };
    assert.equal((await county.refuse(HR, 'register.put', put)).at, 'payload.entry.start');
    const from = { register: 'training-records', entry: row(1), from: day };
    assert.equal((await county.refuse(HR, 'register.put', from)).at, 'payload.from');
  }
  const { case: id } = await county.apply(HR, 'loop.open', open);
  const act = (event: string, more: object = {}) =>
    county.apply(HR, 'loop.act', { case: id, event, answers: more });
  const refused = async (event: string, more: object = {}) =>
    (await county.refuse(HR, 'loop.act', { case: id, event, answers: more })).code;
  await act('depart');
  assert.equal((await county.refuse(HR, 'loop.open', open)).code, 'study-known');
  // Nothing is brought back before the learner is back and has passed.
  assert.equal(await refused('start-technique', { technique: '无痛胃镜' }), 'event-not-here');
  assert.equal(await refused('return'), 'field-missing');
  await act('return', { assessment: 'passed' });
  await act('start-technique', { technique: '无痛胃镜' });
  await act('start-technique', { technique: '内镜下止血' });
  assert.equal(await refused('start-technique', { technique: '无痛胃镜' }), 'technique-known');
  assert.deepEqual((await act('close')).states, ['closed']);
  const loose = { learner: 'Practitioner/l901', technique: '超声引导穿刺' };
  const unlinked = await county.refuse(HR, 'register.add', {
    register: 'techniques-brought-back',
    entry: loose,
  });
  assert.deepEqual([unlinked.code, unlinked.at], ['field-missing', 'payload.entry.study']);
  const back = await registerOn(county.database, 'techniques-brought-back', '2026-03-02');
  assert.equal(back.length, 2);
  const studies = new Set(
    (await registerOn(county.database, 'training-records', '2026-03-02')).map((one) => one.key),
  );
  for (const one of back) assert.ok(studies.has(String(one.data['study'])));
});

test('[training-further-study/2] a learner who did not pass brings no technique back', async () => {
  const answers = {
    learner: 'Practitioner/l902',
    course: '重症医学',
    host: '上海进修基地（合成）',
    start: '2026-03-05',
    end: '2026-04-30',
  };
  const { case: id } = await county.apply(HR, 'loop.open', { loop: 'further-study', answers });
  const act = (event: string, more: object = {}) =>
    county.apply(HR, 'loop.act', { case: id, event, answers: more });
  await act('depart');
  await act('return', { assessment: 'failed' });
  const early = await county.refuse(HR, 'loop.act', {
    case: id,
    event: 'start-technique',
    answers: { technique: '床旁超声' },
  });
  assert.equal(early.code, 'assessment-failed');
  assert.deepEqual((await act('close')).states, ['without-result']);
});
