// Acceptance of the roster of visiting experts: empty days alarm, residents book a named expert, activity by expert.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { addDays, type LocalDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { registerOn, workList } from '@yimai/runtime';
import { type As, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const experts = Array.from({ length: 76 }, (_, n) => ({
  person: `Practitioner/visiting-${n}`,
  name: `专家${n}（合成）`,
  specialty: `专科${(n % 20) + 1}`,
  home: '上海市第一人民医院',
}));
await county.put(
  ...experts.map((one) => ({
    resourceType: 'Practitioner' as const,
    id: one.person.slice('Practitioner/'.length),
  })),
);
await county.apply(OFFICE, 'register.import', { register: 'visiting-experts', rows: experts });
const DAYS = Array.from({ length: 30 }, (_, n) => addDays('2026-04-01' as LocalDate, n) as string);
const { case: month } = await county.apply(OFFICE, 'loop.open', {
  loop: 'visiting-month',
  answers: { month: '2026-04', place: 'Organization/county', days: DAYS },
});
const cases = new Map<string, string>();
const opened = await county.database.run<{ id: string }>(
  sql`select id from loop_case where parent = ${month}`,
);
for (const { id } of opened.rows) cases.set(String((await county.caseState(id)).data['day']), id);
const expert = (n: number): As => ({ role: 'expert', org: 'county', person: `visiting-${n}` });
const ref = (n: number) => `Practitioner/visiting-${n}`;
const act = (as: As, day: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: cases.get(day), event, answers, ...(reason ? { reason } : {}) });
const emptyDays = async () => ({
  missing: (await county.report('days-without-expert', '2026-03-31')).named.map(({ key }) => key),
});
const alarms = async () =>
  (
    await county.database.run<{ id: string }>(
      sql`select distinct case_id as id from notice where about in ('overdue', 'escalate') or text_zh like '当日无专家%'`,
    )
  ).rows.map((row) => row.id);

test('[visiting-expert-roster/1] a day without an expert raises an alarm', async () => {
  const specialties = await county.report('experts-by-specialty', '2026-03-02');
  assert.deepEqual([specialties.rows.length, specialties.total], [20, [76]]);
  assert.equal((await emptyDays()).missing.length, 30);
  for (const [n, day] of DAYS.entries())
    if (day !== '2026-04-05') await act(OFFICE, day, 'assign', { expert: ref(n) });
  assert.deepEqual((await emptyDays()).missing, ['2026-04-05']);
  const twice = { case: cases.get('2026-04-05'), event: 'assign', answers: { expert: 'Practitioner/clerk' } };
  assert.equal((await county.refuse(OFFICE, 'loop.act', twice)).code, 'expert-unknown');
  assert.deepEqual(await alarms(), []);
  await county.advance(28 * 86_400_000);
  assert.deepEqual(await alarms(), [cases.get('2026-04-05')]);
  await act(OFFICE, '2026-04-05', 'assign', { expert: ref(40) });
  assert.deepEqual((await emptyDays()).missing, []);
  await act(expert(9), '2026-04-10', 'vacate', {}, '临时手术');
  assert.deepEqual((await emptyDays()).missing, ['2026-04-10']);
  assert.ok((await alarms()).includes(String(cases.get('2026-04-10'))));
  const waiting = await workList(county.database, county.actor(OFFICE), county.clock.now(), {
    loop: 'visiting-day',
    limit: 50,
  });
  assert.deepEqual(
    waiting.map((one) => one.case),
    [cases.get('2026-04-10')],
  );
  await act(OFFICE, '2026-04-10', 'assign', { expert: ref(41) });
});

test('[visiting-expert-roster/2] residents see the next weeks and book a named expert', async () => {
  const roster = await registerOn(county.database, 'visiting-roster', '2026-03-31', {
    limit: 1000,
    where: { status: 'planned' },
  });
  const next = roster.filter((one) => String(one.data['day']) <= '2026-04-14');
  assert.deepEqual(
    next.map((one) => one.data['day']),
    DAYS.slice(0, 14),
  );
  const resident: As = { role: 'resident', org: 'town-a', person: 'resident-1' };
  const seen = async (register: string) =>
    (
      await county.record.search(
        county.access(resident),
        'Basic',
        `code=https://yimai.example/fhir/CodeSystem/register|${register}&_count=200`,
      )
    ).matches.map((row) => row.content ?? '');
  const shown = await seen('visiting-roster');
  for (const { data } of next)
    assert.ok(
      shown.some((entry) => entry.includes(String(data['day'])) && entry.includes(String(data['expert']))),
    );
  assert.deepEqual(await seen('visiting-activity'), [], 'how much an expert did is not for residents');
  const ask = (patient: number, n: number, day: string) => ({
    loop: 'visiting-booking',
    subject: `Patient/p-${patient}`,
    answers: { patient: `Patient/p-${patient}`, day, expert: ref(n) },
  });
  await county.apply(OFFICE, 'pool.unit', {
    pool: 'visiting-slots',
    unit: `${ref(2)}@2026-04-03`,
    title: '四月三日专家号',
    capacity: 2,
  });
  const first = await county.apply(resident, 'loop.open', ask(1, 2, '2026-04-03'));
  await county.apply(resident, 'loop.open', ask(2, 2, '2026-04-03'));
  const full = await county.refuse(resident, 'loop.open', ask(3, 2, '2026-04-03'));
  assert.equal(full.code, 'pool-exhausted');
  const absent = await county.refuse(resident, 'loop.open', ask(3, 9, '2026-04-10'));
  assert.equal(absent.code, 'not-on-roster', 'an expert who fell out cannot be booked');
  await county.apply(resident, 'loop.act', { case: first.case, event: 'cancel', reason: '有事' });
  await county.apply(resident, 'loop.open', ask(3, 2, '2026-04-03'));
});

test('[visiting-expert-roster/3] activity is counted by expert: visits, operations, teaching', async () => {
  const work = { visits: 20, operations: 2, teaching: 1 };
  const early = { case: cases.get('2026-04-01'), event: 'log', answers: work };
  assert.equal((await county.refuse(expert(0), 'loop.act', early)).code, 'day-to-come');
  county.clock.advanceTo(new Date('2026-04-03T09:00:00Z'));
  assert.equal((await county.refuse(expert(1), 'loop.act', early)).code, 'not-your-turn');
  await act(expert(0), '2026-04-01', 'log', work);
  await act(expert(1), '2026-04-02', 'log', { ...work, visits: 31 });
  await act(OFFICE, '2026-04-03', 'log', { visits: 12, operations: 0, teaching: 2 });
  const { rows } = await county.report('activity-by-expert', '2026-04-03');
  const by = (column: 'visits' | 'operations' | 'teaching') =>
    rows.map(({ of, cells }) => [
      of[0]?.split('-')[1],
      cells[['visits', 'operations', 'teaching'].indexOf(column)],
    ]);
  assert.deepEqual(by('visits'), [
    ['0', 20],
    ['1', 31],
    ['2', 12],
  ]);
  assert.deepEqual(by('operations'), [
    ['0', 2],
    ['1', 2],
    ['2', 0],
  ]);
  assert.deepEqual(by('teaching'), [
    ['0', 1],
    ['1', 1],
    ['2', 2],
  ]);
});
