// Tables that people build: under their own reach, masked, saved, shared, made on appointed days, sent as files.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { TestServer } from '../server.fixture.ts';
import { loadAlertRules } from './alert-rules.ts';
import { FigureShelf } from './figure-shelf.ts';
import { caughtUp, coded, county, signedIn, write } from './figures.fixture.ts';
import type { FiguresDeps } from './figures-deps.ts';
import { makeDueTables } from './table-schedule.ts';
import { viewsFolder } from './view-keeper.ts';

const ended: (() => unknown)[] = [];
let server: TestServer;
const tokens: Record<string, string> = {};

before(async () => {
  server = await county({ after: (fn: () => unknown) => void ended.push(fn) } as never);
  await caughtUp(server, '/desk/figures/age');
  tokens['doctor'] = await signedIn(server, 'doctor-a', 'township-doctor', 'town-a');
  tokens['director'] = await signedIn(server, 'director', 'bureau-director', 'county');
  tokens['office'] = await signedIn(server, 'office', 'consortium-office', 'county');
  tokens['head'] = await signedIn(server, 'head-a', 'township-director', 'town-a');
});
after(async () => {
  for (const fn of ended.reverse()) await fn();
});

const as = (who: string): TestServer => {
  server.token = tokens[who]!;
  return server;
};
const BY_ORG = {
  view: 'encounter',
  rows: [{ column: 'org', by: 'self' }],
  columns: [{ column: 'started_at', by: 'year' }],
  value: { count: 'rows' },
  filters: [{ column: 'class', operator: 'is', values: ['AMB'] }],
  period: null,
};
const JSON_TYPE = { 'content-type': 'application/json' };
const run = async (who: string, table: object) =>
  (await as(who).request('POST', '/desk/tables/run', { table }, JSON_TYPE)).json;
const cellsOf = (answer: { cells: { at: string[]; value: number | null; masked: boolean }[] }) =>
  Object.fromEntries(answer.cells.map((cell) => [cell.at.join(' '), cell.masked ? 'hidden' : cell.value]));

test('[figures F9] a table counts what the reader reaches; small counts of persons are hidden from who sees none', async () => {
  assert.deepEqual(cellsOf(await run('director', BY_ORG)), {
    'hospital 2025': 'hidden',
    'hospital 2026': 9,
    'town-a 2025': 'hidden',
    'town-a 2026': 13,
    'town-b 2026': 6,
    'village-a 2026': 'hidden',
  });
  assert.deepEqual(cellsOf(await run('doctor', BY_ORG)), {
    'town-a 2025': 1,
    'town-a 2026': 13,
    'village-a 2026': 3,
  });
  const distinct = { ...BY_ORG, columns: [], value: { count: 'distinct', column: 'patient' } };
  assert.deepEqual(
    cellsOf(await run('doctor', { ...distinct, period: { column: 'started_at', name: 'this-year' } })),
    { 'town-a': 12, 'village-a': 3 },
  );
  const byTownship = { ...BY_ORG, rows: [{ column: 'org', by: 'township' }], columns: [] };
  assert.deepEqual(cellsOf(await run('doctor', byTownship)), { 'town-a': 17 });
});

test('[figures F9] small counts are shown to whom the policy opens these very records, not to whoever sees others', async () => {
  const residents = {
    view: 'resident',
    rows: [{ column: 'org', by: 'self' }],
    columns: [],
    value: { count: 'rows' },
    filters: [],
    period: null,
  };
  assert.deepEqual(cellsOf(await run('doctor', residents)), { 'town-a': 12, 'village-a': 3 });
  assert.equal(
    cellsOf(await run('head', BY_ORG))['village-a 2026'],
    3,
    'a director sees the load of the house',
  );
  assert.deepEqual(
    cellsOf(await run('head', residents)),
    { 'town-a': 12, 'village-a': 'hidden' },
    'but not who its residents are',
  );
  const telling = { ...residents, view: 'programme_member', rows: [{ column: 'programme', by: null }] };
  await write(server, [
    {
      resourceType: 'EpisodeOfCare',
      id: 'locked',
      status: 'active',
      type: [coded('programme', 'psychosis')],
      patient: { reference: 'Patient/p-village-a-1' },
      managingOrganization: { reference: 'Organization/village-a' },
      period: { start: '2026-01-05' },
    },
  ]);
  await caughtUp(server, '/desk/figures/age');
  for (let tries = 0; tries < 40 && (await run('doctor', telling)).cells.length === 0; tries += 1)
    await sleep(100);
  assert.deepEqual(
    cellsOf(await run('doctor', telling)),
    { psychosis: 'hidden' },
    'what a person has may be locked: one is hidden from who does not open every lock',
  );
});

test('[figures F9] behind a cell stand the cases that the reader may see, and no others', async () => {
  const ask = async (who: string, cell: string[]) =>
    (await as(who).request('POST', '/desk/tables/cases', { table: BY_ORG, cell }, JSON_TYPE)).json.cases;
  assert.equal((await ask('doctor', ['village-a', '2026'])).length, 3);
  assert.equal((await ask('doctor', ['hospital', '2026'])).length, 0);
  assert.equal((await ask('director', ['hospital', '2026'])).length, 0, 'no single record');
});

test('[figures F9] what is wrong is refused at its place', async () => {
  const refused = async (change: object) => {
    const { code, at } = await run('office', { ...BY_ORG, ...change });
    return [code, at];
  };
  assert.deepEqual(await refused({ view: 'frozen_figure' }), ['wrong-table', 'view']);
  assert.deepEqual(await refused({ rows: [] }), ['wrong-table', 'rows']);
  assert.deepEqual(await refused({ rows: [{ column: 'patient' }] }), ['wrong-table', 'rows[0].column']);
  assert.deepEqual(await refused({ rows: [{ column: 'org', by: 'day' }] }), ['wrong-table', 'rows[0].by']);
  assert.deepEqual(await refused({ value: { count: 'sum', column: 'class' } }), [
    'wrong-table',
    'value.column',
  ]);
  assert.deepEqual(await refused({ filters: [{ column: 'patient', operator: 'is', values: ['p'] }] }), [
    'wrong-table',
    'filters[0].column',
  ]);
  assert.deepEqual(await refused({ period: { column: 'started_at', name: '20x6' } }), [
    'wrong-period',
    'period.name',
  ]);
  server.token = '';
  assert.equal((await server.request('POST', '/desk/tables/run', { table: BY_ORG }, JSON_TYPE)).status, 401);
});

test('[figures F9] a table is saved once, shared and opened under the eyes of whoever opens it', async () => {
  const id = uuidv7();
  const body = {
    title: '各机构门诊',
    table: BY_ORG,
    shares: [{ kind: 'organisation', id: 'town-a' }],
    every: null,
  };
  for (const _ of [1, 2]) {
    const saved = await as('office').request('POST', `/desk/tables/${id}`, body, JSON_TYPE);
    assert.equal(saved.status, 200, saved.text);
  }
  const list = async (who: string) => (await as(who).request('GET', '/desk/tables')).json.items;
  assert.equal((await list('office')).length, 1);
  assert.deepEqual((await list('office'))[0].shares[0].name.zh, '柳溪镇卫生院（虚构）');
  for (const share of [
    { kind: 'organisation', id: 'nowhere' },
    { kind: 'role', id: 'resident' },
    { kind: 'person', id: 'Practitioner/nobody' },
  ]) {
    const wrong = { ...body, shares: [...body.shares, share] };
    const refused = await as('office').request('POST', `/desk/tables/${uuidv7()}`, wrong, JSON_TYPE);
    assert.equal(refused.json.at, 'shares[1]', refused.text);
  }
  const { json: offered } = await as('office').request('GET', '/desk/tables/views');
  assert.ok(offered.roles.some(({ code }: { code: string }) => code === 'bureau-director'));
  assert.equal((await list('doctor')).length, 1);
  assert.equal((await list('director')).length, 0, 'not shared with the bureau');
  const opened = await as('doctor').request('GET', `/desk/tables/${id}`);
  assert.deepEqual(Object.keys(cellsOf(opened.json.answer)).sort(), [
    'town-a 2025',
    'town-a 2026',
    'village-a 2026',
  ]);
  assert.equal((await as('director').request('GET', `/desk/tables/${id}`)).status, 404);
  const foreign = await as('doctor').request('POST', `/desk/tables/${id}`, body, JSON_TYPE);
  assert.equal(foreign.json.code, 'not-permitted');
  const notices = await as('doctor').request('GET', '/desk/notices');
  assert.match(notices.text, /共享了统计表“各机构门诊”/);
  assert.deepEqual(notices.json.items[0].link, { kind: 'table', id });
  const sheet = await as('office').request(
    'POST',
    '/desk/tables/export',
    { table: BY_ORG, title: '表' },
    JSON_TYPE,
  );
  assert.match(sheet.headers.get('content-type') ?? '', /spreadsheetml/, sheet.text);
});

test('[figures F9] on its day a table is made once, kept with small counts hidden, and told', async (t) => {
  const id = uuidv7();
  const body = {
    title: '每日门诊',
    table: { ...BY_ORG, period: { column: 'started_at', name: 'this-year' } },
    shares: [{ kind: 'organisation', id: 'town-a' }],
    every: 'day',
  };
  const saved = await as('office').request('POST', `/desk/tables/${id}`, body, JSON_TYPE);
  assert.equal(saved.json.due, '2026-11-21');
  const { consortium } = server;
  const shelf = new FigureShelf(viewsFolder(consortium.dataDir));
  t.after(() => shelf.close());
  const deps = {
    ...consortium,
    runtime: consortium.runtime.context,
    shelf,
    alertRules: loadAlertRules(),
    log: () => {},
  } as unknown as FiguresDeps;
  assert.equal(await makeDueTables(deps), 0, 'not before its day');
  const clock = consortium.clock as unknown as { advanceBy(ms: number): void };
  clock.advanceBy(86_400_000);
  assert.deepEqual([await makeDueTables(deps), await makeDueTables(deps)], [1, 0]);
  tokens['office'] = await signedIn(server, 'office-2', 'consortium-office', 'county');
  await sleep(10);
  const kept = await consortium.record.read(consortium.record.systemAccess(), 'Basic', id);
  assert.doesNotMatch(
    kept?.content ?? '',
    /"at":\["village-a","2026"\],"value":3/,
    'nothing small is stored',
  );
  const own = await as('doctor').request('GET', `/desk/tables/${id}`);
  assert.equal(cellsOf(own.json.answer)['village-a 2026'], 3, 'the doctor of these people sees the count');
  assert.ok(own.json.answer.madeAt);
  const { rows } = await consortium.database.run<{ n: number }>(
    sql`select count(*)::int as n from notice where about = 'figure-table' and text_zh like '%每日门诊%已按时生成%'`,
  );
  assert.equal(rows[0]?.n, 2, 'the owner and the township');
});
