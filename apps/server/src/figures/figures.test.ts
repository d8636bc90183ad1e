// Figures of a small county through the running server: from the record to the tile, down to the cases, under access.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, SimulatedClock } from '@yimai/kit';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { SYSTEMS } from '@yimai/runtime';
import { type Reply, type TestServer, testServer } from '../server.fixture.ts';
import { loadAlertRules } from './alert-rules.ts';
import { watchFigures } from './figure-alerts.ts';
import { FigureShelf } from './figure-shelf.ts';
import { viewsFolder } from './view-keeper.ts';

const CODES = 'https://yimai.example/fhir/CodeSystem/';
const coded = (word: string, code: string) => ({ coding: [{ system: `${CODES}${word}`, code }] });
const NOW = '2026-11-20T02:00:00Z';

const org = (id: string, name: string, level: string, kind: string, parent?: string): Resource => ({
  resourceType: 'Organization',
  id,
  active: true,
  name,
  type: [coded('organisation-level', level), coded('institution-class', kind)],
  ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
});
const patient = (id: string, managed: string): Resource => ({
  resourceType: 'Patient',
  id,
  active: true,
  name: [{ text: `虚构${id}` }],
  birthDate: '1960-01-01',
  managingOrganization: { reference: `Organization/${managed}` },
});
const visit = (id: string, at: string, who: string, on: string): Resource => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  identifier: [{ system: 'https://yimai.example/visit', value: id }],
  subject: { reference: `Patient/${who}` },
  serviceProvider: { reference: `Organization/${at}` },
  period: { start: `${on}T09:00:00+08:00`, end: `${on}T09:20:00+08:00` },
});

const HOUSES = [
  org('county', '清江县医共体（虚构）', 'county', 'county'),
  org('hospital', '清江县人民医院（虚构）', 'county', 'hospital', 'county'),
  org('town-a', '柳溪镇卫生院（虚构）', 'township', 'township-hospital', 'county'),
  org('town-b', '双河乡卫生院（虚构）', 'township', 'township-hospital', 'county'),
  org('village-a', '上坪村卫生室（虚构）', 'village', 'village-clinic', 'town-a'),
];

/** 12 visits at town A (one twice under the same number), 3 in its village, 6 at town B, 9 at the hospital; one last year. */
function visits(): Resource[] {
  const many = (at: string, count: number, on = '2026-03-05') =>
    Array.from({ length: count }, (_, index) => visit(`${at}-${index + 1}`, at, `p-${at}-${index + 1}`, on));
  const repeated = {
    ...visit('town-a-1-again', 'town-a', 'p-town-a-1', '2026-03-06'),
    identifier: [{ system: 'https://yimai.example/visit', value: 'town-a-1' }],
  };
  return [
    ...many('town-a', 12),
    repeated,
    ...many('village-a', 3),
    ...many('town-b', 6),
    ...many('hospital', 9),
    visit('last-year', 'hospital', 'p-hospital-1', '2025-03-05'),
    visit('last-year-2', 'town-a', 'p-town-a-1', '2025-03-05'),
  ];
}

async function write(server: TestServer, resources: readonly Resource[]): Promise<void> {
  const { record } = server.consortium;
  await record.transaction(record.systemAccess(), { via: 'import' }, async (tx) => {
    for (const resource of resources) await tx.update(resource);
  });
}

async function signedIn(server: TestServer, login: string, role: string, at: string): Promise<string> {
  const { database, policy, clock, accounts } = server.consortium;
  const user = must(
    await createUser(
      database,
      policy,
      { login, name: login, password: 'synthetic-sign-in-1', demo: true },
      clock.now(),
    ),
  );
  must(await assignRole(database, policy, { user: user.id, role, org: at }, clock.now()));
  return must(await accounts.localToken(login, clock.now())).token;
}

async function county(t: TestContext): Promise<TestServer> {
  const server = await testServer(t, { clock: new SimulatedClock(NOW), keepsViews: true });
  const people = visits().flatMap((each) => {
    const who = String((each['subject'] as { reference: string }).reference.split('/')[1]);
    return patient(who, String((each['serviceProvider'] as { reference: string }).reference.split('/')[1]));
  });
  await write(server, HOUSES);
  await write(server, [...new Map(people.map((each) => [each['id'], each])).values()]);
  await write(server, visits());
  return server;
}

/** Asks until the views have come as far as the record. */
async function caughtUp(server: TestServer, path: string): Promise<Reply> {
  await server.consortium.record.sequencer.settle();
  const head = await server.consortium.record.feedHead();
  const started = performance.now();
  for (;;) {
    const reply = await server.request('GET', path);
    if (reply.status === 200 && reply.json.seq >= head) return reply;
    assert.ok(performance.now() - started < 30_000, `behind: ${reply.status} ${reply.text.slice(0, 300)}`);
    await sleep(100);
  }
}

const tile = (reply: Reply, id: string) => reply.json.tiles.find((each: { id: string }) => each.id === id);

test('[figures F1] a value follows the record: visits share of primary care, counted once, compared in points', async (t) => {
  const server = await county(t);
  const first = await caughtUp(server, '/desk/figures?period=2026&scope=county');
  const share = tile(first, 'primary-visit-share');
  assert.deepEqual(
    [share.value, share.numerator, share.denominator, share.masked],
    [70, 21, 30, false],
    'twelve, three and six of thirty; the repeated number counts once',
  );
  assert.deepEqual(share.onYear, { kind: 'points', value: 20, good: true });
  assert.equal(share.spark.length, 12);
  assert.equal(tile(first, 'case-mix-index').value, null, 'not collected is null');
  assert.equal(first.json.period.running, true);

  const started = performance.now();
  await write(server, [patient('new', 'hospital'), visit('new', 'hospital', 'new', '2026-11-19')]);
  const second = await caughtUp(server, '/desk/figures/primary-visit-share?period=2026&scope=county');
  const behindMs = performance.now() - started;
  t.diagnostic(`a new visit stood in the value after ${Math.round(behindMs)} ms`);
  assert.equal(second.json.tile.denominator, 31);
  assert.ok(behindMs < 5_000, `${behindMs} ms`);
});

test('[figures F2] a township reader sees the county as counts and cases only of its own people', async (t) => {
  const server = await county(t);
  await caughtUp(server, '/desk/figures/age');
  const path = '/desk/figures/primary-visit-share/cases?period=2026&scope=county&part=denominator';
  const script = await server.request('GET', path);
  assert.equal(script.json.cases.length, 30, 'whoever holds the machine sees all');

  server.token = await signedIn(server, 'doctor-a', 'township-doctor', 'town-a');
  const own = await server.request('GET', path);
  assert.equal(own.json.count, 30);
  const orgs = new Set(own.json.cases.map((each: { org: string }) => each.org));
  assert.deepEqual(orgs, new Set(['柳溪镇卫生院（虚构）', '上坪村卫生室（虚构）']));
  assert.equal(own.json.cases.length, 15);
  assert.equal(own.json.unseen, 15);
  assert.doesNotMatch(own.text, /p-town-b|p-hospital/);

  server.token = await signedIn(server, 'director', 'bureau-director', 'county');
  const director = await server.request('GET', path);
  assert.deepEqual([director.json.count, director.json.cases], [30, []], 'counts, no case');
  server.token = '';
  assert.equal((await server.request('GET', path)).status, 401);
});

test('[figures F3] small counts are hidden after the scope, except from those who treat these people', async (t) => {
  const server = await county(t);
  await caughtUp(server, '/desk/figures/age');
  // Home visits of village A: none; visits of village A: three. A count measure at village level:
  const detail = '/desk/figures/primary-visit-share?period=2025&scope=county';
  server.token = await signedIn(server, 'director', 'bureau-director', 'county');
  const hidden = await server.request('GET', detail);
  assert.deepEqual(
    [hidden.json.tile.masked, hidden.json.tile.value, hidden.json.tile.numerator],
    [true, null, null],
    'one of two visits of last year names a person',
  );
  const cases = await server.request('GET', detail.replace('?', '/cases?').concat('&part=numerator'));
  assert.deepEqual([cases.json.count, cases.json.masked, cases.json.unseen], [null, true, 0]);
});

test('[figures F4] a killed view process is started again and goes on; the server answers meanwhile', async (t) => {
  const server = await county(t);
  await caughtUp(server, '/desk/figures/age');
  for (let kill = 1; kill <= 3; kill += 1) {
    const { readFile } = await import('node:fs/promises');
    const pid = Number(await readFile(`${server.consortium.dataDir}/views/owner.pid`, 'utf8'));
    assert.notEqual(pid, process.pid, 'the views are kept outside of the request thread');
    process.kill(pid, 'SIGKILL');
    await write(server, [
      patient(`k${kill}`, 'town-a'),
      visit(`k${kill}`, 'town-a', `k${kill}`, '2026-11-18'),
    ]);
    assert.equal((await server.request('GET', '/desk/figures/age')).status, 200);
    await caughtUp(server, '/desk/figures/age');
  }
  const reply = await caughtUp(server, '/desk/figures?period=2026&scope=county');
  assert.equal(tile(reply, 'primary-visit-share').denominator, 33);
});

test('[figures F5] the pulse counts care by level and day; tables go out as spreadsheets; wrong words are refused', async (t) => {
  const server = await county(t);
  await write(server, [visit('today', 'town-b', 'p-town-b-1', '2026-11-20')]);
  await caughtUp(server, '/desk/figures/age');
  const pulse = await server.request('GET', '/desk/pulse?days=7');
  assert.equal(pulse.status, 200, pulse.text);
  assert.equal(pulse.json.visits.find((each: { level: string }) => each.level === 'township').visits, 1);
  assert.deepEqual(pulse.json.line.at(-1), { day: '2026-11-20', visits: 1 });
  assert.deepEqual(
    pulse.json.townships.map((each: { id: string; visits: number }) => [each.id, each.visits]),
    [
      ['town-a', 0],
      ['town-b', 1],
    ],
  );
  assert.equal(pulse.json.fund, null, 'nothing was posted: there is no picture of the fund');
  const sheet = await server.request(
    'POST',
    '/desk/figures/export?period=2026&scope=county',
    {},
    {
      'content-type': 'application/json',
    },
  );
  assert.match(sheet.headers.get('content-type') ?? '', /spreadsheetml/, sheet.text);
  assert.equal((await server.request('GET', '/desk/figures?period=20x6')).json.code ?? 400, 'wrong-period');
  assert.equal((await server.request('GET', '/desk/figures/no-such-measure?scope=county')).status, 404);
  assert.equal((await server.request('GET', '/desk/figures?scope=nowhere')).status, 404);
});

test('[figures F8] a figure out of its limit opens one case for its rule and organisation, and ends when it is back', async (t) => {
  const clock = new SimulatedClock(NOW);
  const server = await testServer(t, { clock, keepsViews: true });
  const { consortium } = server;
  const office = (id: string, name: string): Resource => ({
    ...org(id, name, 'department', 'county', 'county'),
    identifier: [{ system: SYSTEMS.office, value: id }],
  });
  await write(server, [...HOUSES, office('consortium-office', '医共体办公室'), office('bureau', '卫健局')]);
  const people = ['a', 'b', 'c'].map((each) => patient(each, 'town-a'));
  const october = (at: string, who: string, count: number) =>
    Array.from({ length: count }, (_, index) => visit(`${at}-${who}-${index}`, at, who, '2026-10-05'));
  await write(server, [...people, ...october('hospital', 'a', 8), ...october('town-a', 'b', 2)]);
  await caughtUp(server, '/desk/figures/age');
  const shelf = new FigureShelf(viewsFolder(consortium.dataDir));
  t.after(async () => shelf.close());
  const deps = {
    record: consortium.record,
    accounts: consortium.accounts,
    database: consortium.database,
    runtime: consortium.runtime.context,
    policy: consortium.policy,
    clock,
    shelf,
    alertRules: loadAlertRules().filter(({ id }) => id === 'primary-visit-share-low'),
    demo: false,
    demoSignIns: [],
    publicUrl: null,
    deskFolder: null,
    bodyLimit: 1,
    log: (_level: string, message: string, fields?: object) => {
      server.logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
    },
  };
  assert.deepEqual(await watchFigures(deps), { opened: 1, ended: 0 }, server.logged.join('\n'));
  assert.deepEqual(
    await watchFigures(deps),
    { opened: 0, ended: 0 },
    'one alert, however often it is looked at',
  );
  const pulse = await server.request('GET', '/desk/pulse');
  assert.equal(pulse.json.alerts.length, 1);
  assert.match(pulse.json.alerts[0].name.zh, /诊疗人次占比 · 清江县/);
  assert.equal(pulse.json.alerts[0].acknowledged, false);
  await write(server, october('town-a', 'c', 12));
  await caughtUp(server, '/desk/figures/age');
  await sleep(600);
  assert.deepEqual(await watchFigures(deps), { opened: 0, ended: 1 });
});
