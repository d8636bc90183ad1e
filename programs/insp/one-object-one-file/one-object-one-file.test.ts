// Acceptance of one file for each object: no second file, the story in order, 2,604 files, closed ones kept and not due.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { registerOn, storyOf, timeline } from '@yimai/runtime';
import { BUREAU, INSPECTOR_1, INSPECTOR_2, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-06-01T01:00:00Z' });
await smallCounty(county);
const row = (n: number, more: object = {}) => ({
  code: `object-${String(n).padStart(4, '0')}`,
  name: `对象${n}（合成）`,
  trade: 'hair',
  status: 'open',
  ...more,
});

test('[one-object-one-file/3] the number of active files is 2604', async () => {
  const rows = Array.from({ length: 2610 }, (_, n) => row(n, { status: n < 2604 ? 'open' : 'closed' }));
  const result = await county.apply(INSPECTOR_1, 'register.import', {
    register: 'supervised-objects',
    rows,
    from: '2026-01-01',
  });
  assert.deepEqual([result.added, result.refused.length], [2610, 0]);
  const { total } = await county.report('files-by-trade', '2026-06-01');
  assert.deepEqual(total, [2604, 6]);
});

test('[one-object-one-file/1] no object has two files', async () => {
  const second = await county.refuse(INSPECTOR_1, 'register.add', {
    register: 'supervised-objects',
    entry: row(1, { name: '另一名称' }),
  });
  assert.equal(second.code, 'entry-exists');
  const twice = await county.apply(INSPECTOR_1, 'register.import', {
    register: 'supervised-objects',
    rows: [row(5000), row(5000)],
  });
  assert.deepEqual([twice.added, twice.refused[0]?.code], [1, 'row-twice']);
  await county.apply(INSPECTOR_1, 'register.end', { register: 'supervised-objects', key: 'object-5000' });
});

test('[one-object-one-file/2] the time line shows changes, warnings and events in order', async () => {
  const { case: id } = await county.apply(INSPECTOR_1, 'loop.open', {
    loop: 'inspection-event',
    answers: { object: 'object-0001', kind: '无证经营', 'found-by': 'patrol' },
  });
  await county.apply(INSPECTOR_1, 'loop.act', {
    case: id,
    event: 'dispatch',
    answers: { handler: 'Practitioner/inspector-2' },
  });
  await county.apply(INSPECTOR_2, 'loop.act', { case: id, event: 'handle', answers: { result: '责令改正' } });
  await county.apply(INSPECTOR_1, 'loop.act', { case: id, event: 'verify' });
  await county.apply(BUREAU, 'loop.act', { case: id, event: 'evaluate', answers: { evaluation: 5 } });
  await county.apply(INSPECTOR_1, 'register.put', {
    register: 'supervised-objects',
    entry: row(1, { grade: 'B' }),
  });
  const story = await storyOf(county.database, 'supervised-objects', 'object-0001');
  assert.deepEqual(
    story.map((one) => [one.from, one.data['grade'] ?? null]),
    [
      ['2026-01-01', null],
      ['2026-06-01', 'B'],
    ],
  );
  const events = (await registerOn(county.database, 'object-events', '2026-06-01')).filter(
    (one) => one.data['object'] === 'object-0001',
  );
  assert.deepEqual(
    events.map((one) => one.data['result']),
    ['责令改正'],
  );
  const steps = (await timeline(county.database, id)).map((one) => one.at.getTime());
  assert.deepEqual(
    steps,
    [...steps].sort((a, b) => a - b),
  );
});

test('[one-object-one-file/2] a check, a warning and a penalty stand in the file of their object, in order', async () => {
  const [object, other] = ['object-0010', 'object-0011'];
  const monitor = { code: object, specialty: '公共场所', supervisor: 'Practitioner/inspector-1' };
  await county.apply(INSPECTOR_1, 'register.put', { register: 'monitors', entry: monitor });
  const hourLater = () => county.clock.advanceBy(3_600_000);
  const check = (of: string) =>
    county.apply(INSPECTOR_1, 'recurring.done', {
      plan: 'weekly-patrol',
      object: of,
      on: '2026-06-01',
      answers: { problem: false },
    });
  const file = async (of: string) => {
    const { rows } = await county.database.run<{ what: string; at: Date }>(
      sql`select loop as what, opened_at as at from loop_case where subject = ${of}`,
    );
    const group = `https://yimai.example/fhir/work-object|${of}`;
    const asked = `group-identifier=${encodeURIComponent(group)}&_count=50`;
    const { matches } = await county.record.search(county.record.systemAccess(), 'Task', asked);
    const checks = matches.map((row) => ({ what: 'check', at: row.updatedAt }));
    return [...rows, ...checks].sort((a, b) => a.at.getTime() - b.at.getTime()).map((one) => one.what);
  };
  await check(object);
  await check(other);
  hourLater();
  const alert = { alert: 'pool-chlorine', object, values: { chlorine: 0.1 } };
  await county.apply(INSPECTOR_1, 'alert.reading', alert);
  hourLater();
  const answers = {
    object,
    offender: '张合成',
    matter: '水质不合格',
    certificate: '99-0001',
    'notice-given': true,
  };
  const { case: penalty } = await county.apply(INSPECTOR_1, 'loop.open', {
    loop: 'enforcement-case',
    answers,
  });
  const act = (as: typeof BUREAU, event: string, more: object) =>
    county.apply(as, 'loop.act', { case: penalty, event, answers: more });
  await act(INSPECTOR_1, 'record', { stage: '现场检查', content: '现场笔录', file: 'Binary/photo-1' });
  await act(INSPECTOR_1, 'draft', { sanction: 'fine', fine: 1000, draft: '拟罚款' });
  await act(BUREAU, 'decide', { number: '合卫罚〔2026〕9号' });
  assert.deepEqual(await file(object), ['check', 'indicator-warning', 'enforcement-case']);
  assert.deepEqual(await file(other), ['check'], 'nothing of another object');
});

test('[one-object-one-file/4] closed objects are kept and are not due for checks', async () => {
  await county.apply(INSPECTOR_1, 'register.put', {
    register: 'supervised-objects',
    entry: row(2, { status: 'closed' }),
  });
  assert.equal((await storyOf(county.database, 'supervised-objects', 'object-0002')).length, 2);
  const due = await county.apply(INSPECTOR_1, 'recurring.generate', {
    plan: 'weekly-patrol',
    on: '2026-06-10',
  });
  assert.equal(due.objects, 2603);
});
