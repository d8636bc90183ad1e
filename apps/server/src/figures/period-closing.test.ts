// Months, quarters and years close by themselves in the running house: on their day, once, also after a long standstill.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { must, SimulatedClock, uuidv7 } from '@yimai/kit';
import { parsePeriod } from '@yimai/measures';
import { sql } from '@yimai/postgres';
import { SCRIPT_LOGIN } from '@yimai/record';
import { type TestServer, testServer } from '../server.fixture.ts';
import { FigureShelf } from './figure-shelf.ts';
import { caughtUp, HOUSES, patient, signedIn, visit, write } from './figures.fixture.ts';
import { beginClosings, CLOSING, closingOf } from './period-closing.ts';
import { viewsFolder } from './view-keeper.ts';

const ended: (() => unknown)[] = [];
const clock = new SimulatedClock('2026-04-20T02:00:00Z');
let server: TestServer;
let shelf: FigureShelf;

before(async () => {
  server = await testServer({ after: (fn) => void ended.push(fn) }, { clock, keepsViews: true });
  shelf = new FigureShelf(viewsFolder(server.consortium.dataDir));
  ended.push(() => shelf.close());
  const many = (at: string, count: number, on: string) =>
    Array.from({ length: count }, (_, index) => visit(`${at}-${on}-${index}`, at, `p-${at}`, on));
  await write(server, HOUSES);
  await write(server, [patient('p-town-a', 'town-a'), patient('p-hospital', 'hospital')]);
  await write(server, [
    ...many('town-a', 6, '2026-04-08'),
    ...many('hospital', 18, '2026-04-08'),
    ...many('town-a', 2, '2026-06-08'),
    ...many('hospital', 8, '2026-06-08'),
  ]);
  await caughtUp(server, '/desk/figures/age');
});
after(async () => {
  for (const fn of ended.reverse()) await fn();
});

const times = async () => {
  const { rows } = await server.consortium.database.run<{ target: string; key: string; at: Date }>(
    sql`select target, key, at from due_time where mechanism = ${CLOSING} order by target`,
  );
  return rows.map(({ target, key, at }) => `${target} ${key} ${at.toISOString()}`);
};
const shareOf = async (period: string) => {
  // Months pass: each question is asked in a session of its own.
  const { accounts } = server.consortium;
  server.token = must(await accounts.localToken(SCRIPT_LOGIN, clock.now())).token;
  const { json } = await caughtUp(server, `/desk/figures/primary-visit-share?period=${period}&scope=county`);
  return json as { frozenAt: string | null; lateUntil: string | null; tile: { value: number | null } };
};

test('[figures F13] a month closes ten working days after its last day, across holidays; a missing calendar is named', () => {
  const rules = shelf.readRules().closing;
  const { calendar } = server.consortium.runtime.context;
  const at = (kind: 'month' | 'quarter' | 'year', name: string) =>
    closingOf(rules, kind, must(parsePeriod(name)), calendar);
  const shown = (kind: 'month' | 'quarter' | 'year', name: string) =>
    must(at(kind, name))?.toISOString() ?? null;
  assert.equal(
    shown('month', '2026-03'),
    '2026-04-15T16:00:00.000Z',
    'three days of Qingming are not worked',
  );
  assert.equal(shown('month', '2026-04'), '2026-05-18T16:00:00.000Z', 'five days off, 9 May is worked');
  assert.equal(shown('quarter', '2026-Q1'), '2026-04-22T16:00:00.000Z');
  const far = at('year', '2999');
  assert.equal(far.ok ? '' : far.refusal.code, 'calendar-missing');
  assert.equal(must(closingOf([], 'month', must(parsePeriod('2026-03')), calendar)), null, 'by hand only');
});

test('[figures F13] on its day, not before, a period is frozen once; late data change it by a restatement only', async () => {
  const { consortium } = server;
  const deps = { shelf, calendar: consortium.runtime.context.calendar };
  await Promise.all([1, 2].map(() => beginClosings(consortium.database, deps, clock.now())));
  const first = await times();
  assert.deepEqual(
    first.map((line) => line.split(' ').slice(0, 2).join(' ')),
    ['month 2026-04', 'quarter 2026-Q1', 'year 2026'],
    'what closed before the house began is frozen by hand',
  );
  assert.equal((await shareOf('2026-04')).lateUntil, '2026-05-18');
  clock.advanceTo(new Date('2026-05-18T15:59:59Z'));
  await consortium.due.fireDue();
  assert.equal((await shareOf('2026-04')).frozenAt, null, 'the last day of the lag still counts');
  clock.advanceTo(new Date('2026-05-18T16:00:00Z'));
  await Promise.all([1, 2, 3].map(() => consortium.due.fireDue()));
  const frozen = await shareOf('2026-04');
  assert.deepEqual([frozen.tile.value, frozen.frozenAt !== null, frozen.lateUntil], [25, true, null]);
  await write(server, [visit('late', 'town-a', 'p-town-a', '2026-04-30')]);
  assert.equal((await shareOf('2026-04')).tile.value, 25);

  server.token = await signedIn(server, 'office', 'consortium-office', 'county');
  const restated = await server.request(
    'POST',
    '/commands',
    {
      id: uuidv7(),
      type: 'measure.restate',
      occurredAt: clock.now().toISOString(),
      actingAs: { org: 'county', role: 'consortium-office' },
      payload: { measure: 'primary-visit-share', period: '2026-04', scope: 'county', reason: '补录一例' },
    },
    { 'content-type': 'application/json' },
  );
  assert.equal(restated.json.outcome, 'applied', restated.text);
  assert.equal((await shareOf('2026-04')).tile.value, 28);
});

test('[figures F13] after a standstill of months each missed period is closed, one after the other, none twice', async () => {
  const { consortium } = server;
  clock.advanceTo(new Date('2026-08-20T02:00:00Z'));
  await consortium.due.fireDue();
  const left = await times();
  assert.match(left[0]!, /^month 2026-08 2026-09-14/);
  assert.match(left[1]!, /^quarter 2026-Q3 /);
  const june = await shareOf('2026-06');
  assert.deepEqual([june.tile.value, june.frozenAt !== null], [20, true]);
  assert.equal((await shareOf('2026-08')).frozenAt, null);
  const { rows } = await consortium.database.tx({ 'app.reach': 'all' }, (run) =>
    run.run<{ version: number; n: number }>(
      sql`select version, count(*)::int as n from resource where type = 'MeasureReport' and engine = 'measure' group by 1`,
    ),
  );
  const once = new Map(rows.map(({ version, n }) => [version, n]));
  assert.equal(once.get(2), 1, 'the restated one alone has a second version');
  assert.ok(once.get(1)! > 10, JSON.stringify(rows));
});
