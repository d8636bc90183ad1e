// A house at the end of a year, from outside: deadlines past the last notice, the notice comes, the house starts again.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { must, SimulatedClock, uuidv7 } from '@yimai/kit';
import { testDatabase } from '@yimai/postgres/testing';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { SYSTEMS } from '@yimai/runtime';
import { openConsortium } from '../consortium.ts';
import { startServer } from '../start-server.ts';

const RULES = fileURLToPath(new URL('../../../../rules/calendar/', import.meta.url));
const place = await testDatabase();
after(() => place.close());
const silent = () => {};
const PASSWORD = 'synthetic-sign-in-1';
const PEOPLE = {
  township: ['township-director', 'town-a'],
  hr: ['hr-clerk', 'hr-centre'],
} as const;
const ORDER = {
  techniques: ['心脏彩超'],
  specialty: '超声诊断',
  from: '2027-03-01',
  to: '2027-12-31',
  goals: '独立开展 200 例',
};

/** Opens the house on the same data at a time, with the holidays of a folder; what it does first is done. */
async function openHouse(at: string, calendar: string) {
  process.env['YIMAI_CALENDAR'] = calendar;
  const consortium = await openConsortium({
    dataDir: join(place.dir, 'data'),
    databaseUrls: { owner: place.ownerUrl, app: place.appUrl },
    schema: place.schema,
    keyFile: join(place.dir, 'keys.json'),
    log: silent,
    clock: new SimulatedClock(at),
  });
  delete process.env['YIMAI_CALENDAR'];
  const server = await startServer(consortium, { port: 0, keepsViews: false, firesDue: false, log: silent });
  await consortium.due.start();
  const ask = async (login: keyof typeof PEOPLE, path: string, body?: unknown) => {
    const json = { 'content-type': 'application/json' };
    const post = (url: string, given: unknown, more = {}) =>
      fetch(`${server.url}${url}`, {
        method: 'POST',
        headers: { ...json, ...more },
        body: JSON.stringify(given),
      });
    const signedIn = await post('/auth/sign-in', { login, password: PASSWORD });
    const authorization = `Bearer ${((await signedIn.json()) as { token: string }).token}`;
    const reply =
      body === undefined
        ? await fetch(`${server.url}${path}`, { headers: { authorization } })
        : await post(path, body, { authorization });
    assert.equal(reply.status, 200, path);
    // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape and asserts what it reads
    return (await reply.json()) as any;
  };
  const send = async (login: keyof typeof PEOPLE, type: string, payload: unknown) => {
    const [role, org] = PEOPLE[login];
    const occurredAt = consortium.clock.now().toISOString();
    return ask(login, '/commands', { id: uuidv7(), type, occurredAt, actingAs: { org, role }, payload });
  };
  const close = async () => {
    await server.close();
    await consortium.close();
  };
  return { consortium, ask, send, close };
}

async function peopleIt(house: Awaited<ReturnType<typeof openHouse>>): Promise<void> {
  const { record, database, policy, clock } = house.consortium;
  const organisation = (id: string, partOf?: string): Resource => ({
    resourceType: 'Organization',
    id,
    name: `${id}（虚构）`,
    ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : {}),
    ...(id === 'hr-centre' ? { identifier: [{ system: SYSTEMS.office, value: id }] } : {}),
  });
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    await tx.update(organisation('county'));
    await tx.update(organisation('hr-centre', 'county'));
    await tx.update(organisation('town-a', 'county'));
  });
  for (const [login, [role, org]] of Object.entries(PEOPLE)) {
    const user = must(
      await createUser(database, policy, { login, name: login, password: PASSWORD }, clock.now()),
    );
    must(await assignRole(database, policy, { user: user.id, role, org }, clock.now()));
  }
}

test('[desk D45] a case past the last notice opens, says that its date is provisional, and is counted again when the notice is there', async () => {
  const december = await openHouse('2026-12-29T01:00:00Z', RULES);
  await peopleIt(december);
  const opened = await december.send('township', 'loop.open', { loop: 'order-dispatch', answers: ORDER });
  assert.equal(opened.outcome, 'applied', JSON.stringify(opened.refusal));
  const path = `/desk/cases/${opened.result.case}`;
  const first = (await december.ask('hr', path)).item.deadline;
  assert.deepEqual([first.at, first.provisional], ['2027-01-06T15:59:59.999Z', true]);
  await december.close();

  const folder = mkdtempSync(join(tmpdir(), 'holidays-'));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(RULES, folder, { recursive: true });
  const source = '2027 年部分节假日安排的通知（测试虚构）';
  writeFileSync(
    join(folder, 'cn-2027.yaml'),
    `year: 2027\nbasis: notice\nsource: ${source}\noff:\n  - { name: 元旦, from: 2027-01-01, to: 2027-01-04 }\nwork: [2027-01-09]\n`,
  );
  const later = await openHouse('2026-12-30T01:00:00Z', folder);
  after(() => later.close());
  const kase = await later.ask('hr', path);
  assert.deepEqual(
    [kase.item.deadline.at, kase.item.deadline.provisional],
    ['2027-01-07T15:59:59.999Z', undefined],
  );
  const line = kase.timeline.find(
    (entry: { title: { zh: string } }) => entry.title.zh === '期限按节假日安排重排',
  );
  assert.deepEqual([line?.note, line?.who], [source, null]);
  const notices = JSON.stringify(await later.ask('hr', '/desk/notices'));
  assert.match(notices, /期限由 2027-01-06 改为 2027-01-07/);
});
