// Figures of a small county through the running server: from the record to the tile, down to the cases, under access.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, SimulatedClock, uuidv7 } from '@yimai/kit';
import { rounded } from '@yimai/measures';
import { runMeasuresCommand } from '@yimai/measures/cli';
import { entry } from '@yimai/measures/testing';
import { sql } from '@yimai/postgres';
import type { Resource } from '@yimai/record';
import { SYSTEMS } from '@yimai/runtime';
import { testServer } from '../server.fixture.ts';
import { loadAlertRules } from './alert-rules.ts';
import { figureReader } from './command-reader.ts';
import { isTrend, watchFigures } from './figure-alerts.ts';
import { FigureShelf } from './figure-shelf.ts';
import {
  caughtUp,
  county,
  HOUSES,
  NOW,
  org,
  patient,
  signedIn,
  tile,
  visit,
  write,
} from './figures.fixture.ts';
import { watchQuality } from './quality-watch.ts';
import { viewsFolder } from './view-keeper.ts';

interface Tile {
  readonly id: string;
  readonly measure: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly masked: boolean;
}

test('[figures F1] a value follows the record: visits share of primary care, counted once, compared in points', async (t) => {
  const server = await county(t);
  const first = await caughtUp(server, '/desk/figures?period=2026&scope=county');
  const share = tile(first, 'primary-visit-share');
  assert.deepEqual(
    [share.value, share.numerator, share.denominator, share.masked],
    [70, 21, 30, false],
    'twelve, three and six of thirty; the repeated number counts once',
  );
  assert.deepEqual(
    share.onYear,
    { kind: 'points', value: 20, good: true, partial: true },
    'the record begins in March of last year, and says so',
  );
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

test('[figures F6] the command gives a reader the values of the desk, for every measure and scope, while the server runs', async (t) => {
  const server = await county(t);
  await caughtUp(server, '/desk/figures/age');
  const folder = viewsFolder(server.consortium.dataDir);
  const command = async (...argv: string[]) => {
    let [out, err] = ['', ''];
    const exit = await runMeasuresCommand(
      argv,
      { stdout: { write: (text) => (out += text) }, stderr: { write: (text) => (err += text) } },
      { snapshots: folder, readerOf: (login) => figureReader(server.consortium, login) },
    );
    return { exit, out, err };
  };
  await signedIn(server, 'doctor-a', 'township-doctor', 'town-a');
  let [compared, hidden] = [0, 0];
  for (const [user, asked, period, scope] of [
    ['administrator', '2026Q1', '2026-Q1', 'county'],
    ['administrator', '2026Q1', '2026-Q1', 'village-a'],
    ['script', '2026Q1', '2026-Q1', 'village-a'],
    ['doctor-a', '2025', '2025', 'county'],
  ] as const) {
    const { accounts, clock } = server.consortium;
    server.token = must(await accounts.localToken(user, clock.now())).token;
    // Nobody named is the administrator of this machine.
    const named = user === 'administrator' ? [] : ['--user', user];
    const { exit, out, err } = await command('run', '--period', asked, '--scope', scope, ...named);
    assert.equal(exit, 0, err);
    const printed = JSON.parse(out) as { period: string; values: Tile[] };
    assert.equal(printed.period, period);
    const shown = new Map<string, Tile>();
    for (const group of ['', '&group=headline']) {
      const { json } = await server.request('GET', `/desk/figures?period=${period}&scope=${scope}${group}`);
      for (const each of json.tiles as Tile[]) shown.set(each.id, each);
    }
    assert.deepEqual(printed.values.map(({ measure }) => measure).sort(), [...shown.keys()].sort());
    for (const { measure, value, numerator, denominator } of printed.values) {
      const tile = shown.get(measure)!;
      const own = [value, rounded(numerator, 4), rounded(denominator, 4)];
      assert.deepEqual([tile.value, tile.numerator, tile.denominator], own, `${measure} ${period} ${scope}`);
      compared += 1;
    }
    for (const { measure, masked } of printed.values) {
      assert.equal(shown.get(measure)!.masked, masked, `${user} ${measure}`);
      if (masked) hidden += 1;
    }
  }
  t.diagnostic(
    `${compared} values of the command stand on the desk, ${hidden} of them hidden from the reader`,
  );
  assert.ok(hidden > 0);
  const share = await command(
    'run',
    '--period',
    '2026',
    '--scope',
    'COUNTY',
    '--measure',
    'primary-visit-share',
  );
  assert.equal(JSON.parse(share.out).values[0].value, 70);
  for (const [argv, code] of [
    [['--period', '2026-02-30', '--scope', 'COUNTY'], 'wrong-period'],
    [['--period', '2026Q5', '--scope', 'COUNTY'], 'wrong-period'],
    [['--period', '2026', '--scope', 'nowhere'], 'unknown-scope'],
    [['--period', '2026', '--scope', 'COUNTY', '--measure', 'nothing'], 'unknown-measure'],
    [['--period', '2026', '--scope', 'COUNTY', '--user', 'nobody'], 'user-unknown'],
  ] as const) {
    const { exit, out, err } = await command('run', ...argv);
    assert.deepEqual([exit, out], [2, ''], err);
    assert.match(err, new RegExp(`^${code}[ :].* / .*[\\u4e00-\\u9fff]`), 'the reason in both languages');
  }
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
  const { caseId } = pulse.json.alerts[0];
  server.token = await signedIn(server, 'office', 'consortium-office', 'consortium-office');
  const act = async (event: string, answers: object = {}) => {
    const reply = await server.request(
      'POST',
      '/commands',
      {
        id: uuidv7(),
        type: 'loop.act',
        occurredAt: clock.now().toISOString(),
        actingAs: { org: 'consortium-office', role: 'consortium-office' },
        payload: { case: caseId, event, answers },
      },
      { 'content-type': 'application/json' },
    );
    assert.equal(reply.json.outcome, 'applied', reply.text);
  };
  await act('acknowledge');
  await act('order', { department: 'Organization/town-a' });
  const { rows: orders } = await consortium.database.run<{ n: number }>(
    sql`select count(*)::int as n from loop_case where loop = 'command-order' and parent = ${caseId}`,
  );
  assert.equal(orders[0]?.n, 1, 'the order to the township stands under the alert');
  const share = await caughtUp(server, '/desk/figures/alert-acknowledged-share?period=2026&scope=county');
  assert.deepEqual([share.json.tile.numerator, share.json.tile.denominator], [1, 2]);
  await write(server, october('town-a', 'c', 12));
  await caughtUp(server, '/desk/figures/age');
  // The shelf takes up a published snapshot in its own time.
  let seen = await watchFigures(deps);
  for (let tries = 0; seen.ended === 0 && tries < 40; tries++) {
    await sleep(250);
    seen = await watchFigures(deps);
  }
  assert.deepEqual(seen, { opened: 0, ended: 1 });
});

test('[figures F8] a trend is so many steps the same way, together at least so far; the edge counts', () => {
  assert.equal(isTrend([70, 69, 68.5, 68], 'down', 2), true);
  assert.equal(isTrend([70, 69, 69, 67], 'down', 2), false, 'a step that stands still breaks it');
  assert.equal(isTrend([70, 69.9, 69.8, 69.7], 'down', 2), false, 'together too little');
  assert.equal(isTrend([0.1, 0.2, 0.3], 'up', 0.2), true, 'the edge in decimals');
  const rules = loadAlertRules();
  assert.ok(rules.some(({ test }) => test.kind === 'trend'));
  assert.throws(() => loadAlertRules('- { id: a, measure: b, level: county, over: last-month, source: x }'));
});

test('[figures F10] checks run on what is published; each finding opens one correction for its owner', async (t) => {
  const server = await county(t);
  const { consortium } = server;
  const script = server.token;
  await write(server, [
    entry('wrong', {
      make: 'settlement',
      org: 'town-a',
      on: '2026-11-10',
      disease: 'J18',
      drg: 'ES2',
      days: 0,
      weight: 1,
      plain: true,
    }) as Resource,
  ]);
  await caughtUp(server, '/desk/figures/age');
  const shelf = new FigureShelf(viewsFolder(consortium.dataDir));
  t.after(async () => shelf.close());
  const deps = {
    ...consortium,
    runtime: consortium.runtime.context,
    shelf,
    alertRules: [],
    log: (_level: string, message: string, fields?: object) => {
      server.logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
    },
  } as unknown as Parameters<typeof watchQuality>[0];
  assert.equal(await watchQuality(deps), 1, server.logged.join('\n'));
  assert.equal(await watchQuality({ ...deps }), 0, 'one correction, however often it is looked at');
  server.token = await signedIn(server, 'doctor-a', 'township-doctor', 'town-a');
  const page = await server.request('GET', '/desk/quality?period=2026-11');
  assert.deepEqual(
    page.json.findings.map((each: { check: string; owner: { id: string }; rows: number }) => [
      each.check,
      each.owner.id,
      each.rows,
    ]),
    [['stay-days-impossible', 'town-a', 1]],
  );
  assert.equal(page.json.findings[0].case.state, '已退回责任单位');
  const rows = '/desk/quality/rows?period=2026-11&check=stay-days-impossible&owner=town-a';
  assert.deepEqual((await server.request('GET', rows)).json.cases, [], 'settlements are not for the ward');
  server.token = script;
  assert.deepEqual(
    (await server.request('GET', rows)).json.cases.map((each: { id: string }) => each.id),
    ['wrong'],
  );
  server.token = await signedIn(server, 'doctor-b', 'township-doctor', 'town-b');
  assert.deepEqual((await server.request('GET', '/desk/quality?period=2026-11')).json.findings, []);
  assert.deepEqual((await server.request('GET', rows)).json.cases, []);
});
