// Tests of the turn of the year: work that reaches past the last notice, and what happens on the day the notice comes.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { addDays, type LocalDate, must } from '@yimai/kit';
import {
  type CalendarYear,
  createCalendar,
  dayOfDate,
  deadlineOf,
  startOfDay,
  type WorkCalendar,
} from '@yimai/loops';
import { sql } from '@yimai/postgres';
import { loadCalendar } from './load.ts';
import {
  type As,
  countyOn,
  DIRECTOR_A,
  HR,
  INSPECTOR_1,
  OFFICE,
  PRESIDENT,
  REPOSITORY,
  repositoryProgrammes,
  smallCounty,
  type TestCounty,
  testPlace,
} from './testing.ts';
import { timeline } from './work.ts';

const kept = loadCalendar(join(REPOSITORY, 'rules/calendar'));
const HOURS = ['08:30-12:00', '14:30-18:00'];
const known = kept.tables.filter(({ basis }) => basis === 'notice');
/** A notice made up for the test: 2 to 4 January off as well, 9 January worked, eleven days at the Spring Festival. */
const NOTICE: CalendarYear = {
  year: 2027,
  basis: 'notice',
  source: '2027 年部分节假日安排的通知（测试虚构）',
  off: [
    { name: '元旦', from: '2027-01-01', to: '2027-01-04' },
    { name: '春节', from: '2027-02-03', to: '2027-02-13' },
  ],
  work: ['2027-01-09', '2027-02-14'],
};
const calendarOf = (...tables: CalendarYear[]): WorkCalendar =>
  must(createCalendar([...known, ...tables], HOURS));
const byLaw = kept.tables.filter(({ basis }) => basis === 'statute');
const announced = calendarOf(NOTICE, ...byLaw.filter(({ year }) => year !== 2027));

const place = await testPlace();
const START = '2026-12-29T01:00:00Z';
const before = countyOn({ after }, place, { start: START });
await smallCounty(before);
const withNotice = countyOn({ after }, place, { start: '2026-12-30T01:00:00Z', calendar: announced });
after(() => place.close());

const ORDER = {
  techniques: ['腹腔镜胆囊切除'],
  specialty: '外科',
  from: '2027-03-01',
  to: '2027-08-31',
  goals: '独立开展 1 项新技术',
};
const file = async (): Promise<string> =>
  (await before.apply(DIRECTOR_A, 'loop.open', { loop: 'order-dispatch', answers: ORDER })).case;
const act = (county: TestCounty, as: As, id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: id, event, answers, ...(reason === undefined ? {} : { reason }) });
const due = async (id: string) => {
  const [position] = (await before.caseState(id)).positions;
  return [china(position?.due ?? 0), position?.provisional?.year];
};
const china = (instant: number | Date) =>
  new Date(Number(instant) + 8 * 3_600_000).toISOString().slice(0, 10);
const timers = async (id: string) =>
  (
    await before.database.run<{ key: string; at: Date }>(
      sql`select key, at from due_time where target = ${id} order by at, key`,
    )
  ).rows.map(({ key, at }) => `${key.split('|').slice(2).join('|')} ${china(at)}`);

/** The house starts with these holidays: what it does first, then nothing more. */
async function start(county: TestCounty): Promise<void> {
  await county.due.start();
  await county.due.stop();
  assert.deepEqual(county.faults, []);
}

test('[runtime Y1] no deadline of any programme is refused from now to the end of next year', () => {
  const { programmes } = repositoryProgrammes();
  let counted = 0;
  for (const { declaration, states } of programmes.flatMap(({ loops }) => loops)) {
    for (const [name, state] of states) {
      if (!state.due) continue;
      for (let day = '2026-11-22' as LocalDate; day < '2027-12-31'; day = addDays(day, 5)) {
        const from = startOfDay(dayOfDate(day)) + 9 * 3_600_000;
        const end = deadlineOf(state.due.deadline, from, kept);
        assert.ok(end.ok, `${declaration.id}.${name} from ${day}`);
        counted += 1;
      }
    }
  }
  assert.ok(counted > 10_000);
  assert.deepEqual(kept.provisionalYears, [2027, 2028]);
});

test('[runtime Y2] at the end of the year an order is filed, reviewed and put on the list; the dates say what they rest on', async (t) => {
  const id = await file();
  // 30, 31 December and 4, 5, 6 January are worked: 1 January is off by law.
  assert.deepEqual(await due(id), ['2027-01-06', 2027]);
  assert.deepEqual(await timers(id), ['remind|0 2027-01-05', 'due|0 2027-01-07', 'escalate|0 2027-01-07']);
  await act(before, HR, id, 'review', { class: 'gap' });
  await act(before, HR, id, 'list', { batch: 1 });
  assert.deepEqual((await due(id))[1], 2027);
  const beyond = countyOn(t, place, { start: START, calendar: calendarOf() });
  const refused = await beyond.refuse(DIRECTOR_A, 'loop.open', { loop: 'order-dispatch', answers: ORDER });
  assert.equal(refused.code, 'calendar-missing', 'a year without any table is refused');
  const cases = await before.database.run(sql`select 1 from loop_case where opened_at = ${new Date(START)}`);
  assert.equal(cases.rowCount, 1, 'and what was refused left nothing behind');
});

test('[runtime Y2] agreements and quarterly work across the turn of the year ask for no holiday', async () => {
  const draft = {
    agreement: 'operating-agreement',
    parties: { owner: 'Organization/town-a', operator: 'Organization/county' },
    from: '2026-12-30',
    to: '2036-12-29',
  };
  const { agreement: id } = await before.apply(OFFICE, 'agreement.draft', draft);
  await before.apply(PRESIDENT, 'agreement.sign', { id });
  assert.equal((await before.apply(DIRECTOR_A, 'agreement.sign', { id })).inForce, true);
  for (const [plan, on] of [...before.runtime.context.recurring.values()].flatMap(({ id: plan, by }) =>
    by.includes('inspector')
      ? ([
          [plan, '2026-12-30'],
          [plan, '2027-02-06'],
        ] as const)
      : [],
  )) {
    assert.equal(
      (await before.send(INSPECTOR_1, 'recurring.generate', { plan, on })).outcome,
      'applied',
      plan,
    );
  }
});

test('[runtime Y3] when the notice comes every open deadline is counted again once; owner, time line and audit say so', async (t) => {
  const moved = await file();
  const closed = await file();
  await act(before, DIRECTOR_A, closed, 'withdraw', {}, '不再需要');
  const asClosed = await before.caseState(closed);
  assert.deepEqual(await due(moved), ['2027-01-06', 2027]);
  await start(withNotice);
  // 30, 31 December, 5, 6, 7 January: 4 January is off now.
  assert.deepEqual(await due(moved), ['2027-01-07', undefined]);
  assert.deepEqual(await timers(moved), ['remind|0 2027-01-06', 'due|0 2027-01-08', 'escalate|0 2027-01-08']);
  const last = (await timeline(before.database, moved)).at(-1);
  assert.deepEqual([last?.event, last?.person, last?.reason], ['$redate', 'system', NOTICE.source]);
  const stays = await before.database.run<{ due_at: Date; provisional_year: number | null }>(
    sql`select due_at, provisional_year from loop_stay where case_id = ${moved}`,
  );
  assert.deepEqual(
    stays.rows.map((row) => [china(row.due_at), row.provisional_year]),
    [['2027-01-07', null]],
  );
  const told = await before.database.run<{ org: string; text_zh: string }>(
    sql`select org, text_zh from notice where case_id = ${moved} and about = 'message' order by at desc, id desc limit 1`,
  );
  assert.deepEqual(told.rows, [
    {
      org: 'Organization/hr-centre',
      text_zh: '节假日安排已公布，“已点单”的期限由 2027-01-06 改为 2027-01-07',
    },
  ]);
  // Numbered already, or waiting to be: in one statement it stands in one of the two.
  const mine = sql`action = 'loop.redate' and body like ${`%${moved}%`}`;
  const entries = await before.database.run(
    sql`select id from audit_pending where ${mine} union all select id from audit where ${mine}`,
  );
  assert.equal(entries.rowCount, 1);
  assert.deepEqual(await before.caseState(closed), asClosed, 'a closed case stays as it was');
  const versions = (await before.caseState(moved)).seq;
  await start(countyOn(t, place, { start: '2026-12-30T02:00:00Z', calendar: announced }));
  assert.equal((await before.caseState(moved)).seq, versions, 'a second start changes nothing');
});
