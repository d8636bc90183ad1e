// Reports over HTTP: counted over what the reader may see, with names and words, refused where the question is wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ReportPage } from '@yimai/desk/contract';
import { must, uuidv7 } from '@yimai/kit';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { type TestServer, testServer } from '../server.fixture.ts';

const PASSWORD = 'synthetic-sign-in-1';
const JSON_TYPE = { 'content-type': 'application/json' };
const PEOPLE = {
  'health-a': ['public-health-worker', 'town-a'],
  'health-b': ['public-health-worker', 'town-b'],
  inspector: ['inspector', 'county'],
} as const;
type Login = keyof typeof PEOPLE;

let server: TestServer;
const tokens = new Map<Login, string>();
const closers: (() => Promise<void>)[] = [];

before(async () => {
  server = await testServer({ after: (fn) => void closers.push(fn) });
  const { record, database, policy, clock } = server.consortium;
  const house = (id: string, name: string, parent?: string): Resource => ({
    resourceType: 'Organization',
    id,
    name: `${name}（虚构）`,
    ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
  });
  const resident = (id: string, town: string): Resource => ({
    resourceType: 'Patient',
    id,
    name: [{ text: `${id}（合成）` }],
    managingOrganization: { reference: `Organization/${town}` },
  });
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    await tx.update(house('county', '总医院'));
    await tx.update(house('town-a', '甲镇卫生院', 'county'));
    await tx.update(house('town-b', '乙镇卫生院', 'county'));
    for (const n of [1, 2, 3]) await tx.update(resident(`a-${n}`, 'town-a'));
    await tx.update(resident('b-1', 'town-b'));
  });
  for (const [login, [role, org]] of Object.entries(PEOPLE) as [Login, (typeof PEOPLE)[Login]][]) {
    const user = must(
      await createUser(database, policy, { login, name: login, password: PASSWORD }, clock.now()),
    );
    must(await assignRole(database, policy, { user: user.id, role, org }, clock.now()));
    server.token = '';
    const signedIn = await server.request('POST', '/auth/sign-in', { login, password: PASSWORD }, JSON_TYPE);
    tokens.set(login, signedIn.json.token);
  }
  const row = (id: string, village: string, more: object = {}) => ({
    resident: `Patient/${id}`,
    year: 2025,
    village,
    screened: 1,
    suspect: 0,
    referred: 0,
    'to-county': 0,
    ...more,
  });
  await send('health-a', [row('a-1', '甲一村'), row('a-2', '甲一村', { referred: 1 }), row('a-3', '甲二村')]);
  await send('health-b', [row('b-1', '乙一村')]);
});
after(async () => {
  for (const close of closers) await close();
});

async function ask(login: Login, path: string, body?: unknown) {
  server.token = tokens.get(login)!;
  return server.request(body === undefined ? 'GET' : 'POST', path, body, body === undefined ? {} : JSON_TYPE);
}

async function send(login: Login, rows: readonly object[]): Promise<void> {
  const payload = { register: 'screening-funnel', rows, from: '2025-06-01' };
  const command = { id: uuidv7(), type: 'register.import', occurredAt: new Date().toISOString(), payload };
  const reply = await ask(login, '/commands', {
    ...command,
    actingAs: { role: PEOPLE[login][0], org: PEOPLE[login][1] },
  });
  assert.deepEqual([reply.status, reply.json.result?.added], [200, rows.length], reply.text);
}

const REPORT = '/desk/mechanisms/reports/screening-by-village';
async function page(login: Login, query = '?to=2025-12-31'): Promise<ReportPage> {
  const reply = await ask(login, REPORT + query);
  assert.equal(reply.status, 200, reply.text);
  return reply.json as ReportPage;
}

test('[desk D43] a report counts what its reader may see, and says how much that is', async () => {
  const own = await page('health-a');
  assert.deepEqual(
    own.rows.map(({ of, cells }) => [...of.map(({ zh }) => zh), cells[0], cells[2]]),
    [
      ['2025', '甲一村', 2, 1],
      ['2025', '甲二村', 1, 0],
    ],
  );
  assert.deepEqual([own.counted, own.total.slice(0, 5)], [3, [3, 0, 1, 0, 33.33]]);
  const neighbour = await page('health-b');
  assert.deepEqual([neighbour.counted, neighbour.rows.map(({ of }) => of[1]?.zh)], [1, ['乙一村']]);
  const stranger = await page('inspector');
  assert.deepEqual([stranger.counted, stranger.rows, stranger.named], [0, [], []]);
});

test('[desk D43] a report as of a day before its entries holds none; wrong days and unknown reports are refused', async () => {
  assert.equal((await page('health-a', '?to=2025-05-31')).counted, 0);
  for (const query of ['?to=2025-02-30', '?to=yesterday', '?from=2026-01-01&to=2025-01-01']) {
    const reply = await ask('health-a', REPORT + query);
    assert.equal(reply.status, 400, query);
  }
  assert.equal((await ask('health-a', '/desk/mechanisms/reports/nowhere')).status, 404);
});

test('[desk D43] the spreadsheet of a report holds its rows and its total, of the same reader', async () => {
  const reply = await ask('health-a', `${REPORT}/export`, { to: '2025-12-31', kind: 'csv' });
  assert.equal(reply.status, 200);
  assert.match(reply.text, /甲一村/);
  assert.doesNotMatch(reply.text, /乙一村/);
  assert.match(reply.text, /合计/);
});
