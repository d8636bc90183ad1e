// A small made-up county behind the server, for the tests of the desk's routes: houses, one person for each part, requests.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { must, uuidv7 } from '@yimai/kit';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { SYSTEMS } from '@yimai/runtime';
import { type TestServer, testServer } from '../server.fixture.ts';

export const PASSWORD = 'synthetic-sign-in-1';
export const PEOPLE: Readonly<Record<string, readonly [role: string, org: string]>> = {
  township: ['township-director', 'town-a'],
  neighbour: ['township-director', 'town-b'],
  hr: ['hr-clerk', 'hr-centre'],
  doctor: ['township-doctor', 'town-a'],
  keeper: ['administrator', 'county'],
  stranger: ['township-doctor', 'town-b'],
  security: ['security-officer', 'county'],
  office: ['consortium-office', 'county'],
  inspector: ['inspector', 'county'],
};
const ORDER = {
  techniques: ['心脏彩超'],
  specialty: '超声诊断',
  from: '2099-01-04',
  to: '2099-12-31',
  goals: '独立开展 200 例',
};

export let server: TestServer;
export const tokens = new Map<string, string>();
const closers: (() => Promise<void>)[] = [];

/** Starts the county for the tests of this file, and ends it after them. */
export function deskCounty(): void {
  before(start);
  after(async () => {
    for (const close of closers) await close();
  });
}

async function start(): Promise<void> {
  server = await testServer({ after: (fn) => void closers.push(fn) });
  const { record, database, policy, clock } = server.consortium;
  const house = (id: string, name: string, parent?: string, office?: string): Resource => ({
    resourceType: 'Organization',
    id,
    name: `${name}（虚构）`,
    ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
    ...(office ? { identifier: [{ system: SYSTEMS.office, value: office }] } : {}),
  });
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    await tx.update(house('county', '总医院'));
    await tx.update(house('hr-centre', '人力资源中心', 'county', 'hr-centre'));
    await tx.update(house('town-a', '甲镇卫生院', 'county'));
    await tx.update(house('town-b', '乙镇卫生院', 'county'));
    for (const login of Object.keys(PEOPLE))
      await tx.update({ resourceType: 'Practitioner', id: login, name: [{ text: `${login}（虚构）` }] });
    await tx.update({
      resourceType: 'Patient',
      id: 'resident-1',
      name: [{ text: '王桂兰' }],
      gender: 'female',
      birthDate: '1954-07-02',
      managingOrganization: { reference: 'Organization/town-a' },
    });
  });
  for (const [login, [role, org]] of Object.entries(PEOPLE)) {
    const person = await record.read(record.systemAccess(), 'Practitioner', login);
    const user = must(
      await createUser(
        database,
        policy,
        { login, name: login, password: PASSWORD, practitioner: person!.id },
        clock.now(),
      ),
    );
    must(await assignRole(database, policy, { user: user.id, role, org }, clock.now()));
    server.token = '';
    const signedIn = await server.request('POST', '/auth/sign-in', { login, password: PASSWORD }, JSON_TYPE);
    tokens.set(login, signedIn.json.token);
  }
}

export const JSON_TYPE = { 'content-type': 'application/json' };

export async function ask<T>(login: string, path: string, body?: unknown): Promise<T> {
  server.token = tokens.get(login)!;
  const reply = await server.request(
    body === undefined ? 'GET' : 'POST',
    path,
    body,
    body === undefined ? {} : JSON_TYPE,
  );
  assert.equal(reply.status, 200, `${login} ${path}: ${reply.text}`);
  return reply.json as T;
}

export async function refused(login: string, path: string, body?: unknown): Promise<string> {
  server.token = tokens.get(login)!;
  const reply = await server.request(
    body === undefined ? 'GET' : 'POST',
    path,
    body,
    body === undefined ? {} : JSON_TYPE,
  );
  assert.ok(reply.status >= 400, `${login} ${path} should be refused`);
  return reply.json.code;
}

export async function send(login: string, type: string, payload: unknown): Promise<{ case: string }> {
  const [role, org] = PEOPLE[login]!;
  const command = {
    id: uuidv7(),
    type,
    occurredAt: new Date().toISOString(),
    actingAs: { org, role },
    payload,
  };
  const answer = await ask<{ outcome: string; result: { case: string } }>(login, '/commands', command);
  assert.equal(answer.outcome, 'applied', JSON.stringify(answer));
  return answer.result;
}

/** An order that the township files. */
export const fileOrder = () => send('township', 'loop.open', { loop: 'order-dispatch', answers: ORDER });
