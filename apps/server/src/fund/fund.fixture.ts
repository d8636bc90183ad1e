// For the tests of the fund: a house of six institutions, lists as text, files, commands, and people with roles.
import assert from 'node:assert/strict';
import { rowKey } from '@yimai/fhir';
import { must, SimulatedClock, uuidv7 } from '@yimai/kit';
import { assignRole, createUser } from '@yimai/record';
import { type TestServer, testServer } from '../server.fixture.ts';

export const NOW = '2026-12-20T02:00:00Z';
export const HEAD =
  'id,patient,org,level,payer,gender,birthDate,weight,dept,admittedOn,dischargedOn,leavingType,dx,proc,cost,patientBorne';
export const JSON_BODY = { 'content-type': 'application/json' };
export const BUDGET = {
  year: '2026',
  ruleSet: 'consortium-county/2026',
  insured: [{ payer: 'resident', memberMonths: 12_000 }],
};

interface ListChanges {
  readonly org?: string;
  readonly month?: string;
  readonly dx?: string;
  readonly cost?: string;
}

export const line = (id: string, changes: ListChanges = {}) => {
  const {
    org = 'county-hospital',
    month = '2026-03',
    dx = 'J18.000|I10.x00x002',
    cost = '8000.50',
  } = changes;
  return `${id},made-up-${id},${org},secondary,resident,2,1960-05-01,,,${month}-02,${month}-12,1,${dx},,${cost},2000.00`;
};

export interface FundHouseServer extends TestServer {
  readonly clock: SimulatedClock;
}

export async function house(t: Parameters<typeof testServer>[0], now = NOW): Promise<FundHouseServer> {
  const clock = new SimulatedClock(now);
  const server = await testServer(t, { clock });
  const level = 'https://yimai.example/fhir/CodeSystem/organisation-level';
  for (const [id, code] of [
    ['consortium', 'county'],
    ['insurer', 'county'],
    ['bureau', 'county'],
    ['county-hospital', 'county'],
    ['township-1', 'township'],
    ['city-hospital', 'city'],
  ]) {
    const office = { system: 'https://yimai.example/fhir/office', value: id };
    const body = {
      resourceType: 'Organization',
      id,
      name: `${id}（虚构）`,
      ...(id === 'insurer' || id === 'bureau' ? { identifier: [office] } : {}),
      type: [{ coding: [{ system: level, code }] }],
    };
    const made = await server.fhir('PUT', `Organization/${id}`, body);
    assert.equal(made.status, 201, made.text);
  }
  return Object.assign(server, { clock });
}

/** Somebody with a role; what follows with this token is done by that person. */
export async function signIn(server: TestServer, login: string, role: string, org: string): Promise<string> {
  const { consortium } = server;
  const now = consortium.clock.now();
  const made = await server.fhir('PUT', `Practitioner/${login}`, {
    resourceType: 'Practitioner',
    id: login,
    name: [{ text: `${login}（虚构）` }],
  });
  assert.equal(made.status, 201, made.text);
  const user = must(
    await createUser(
      consortium.database,
      consortium.policy,
      {
        login,
        name: `${login}（虚构）`,
        password: 'synthetic-sign-in-1',
        practitioner: rowKey('Practitioner', login),
        demo: true,
      },
      now,
    ),
  );
  must(await assignRole(consortium.database, consortium.policy, { user: user.id, role, org }, now));
  return signInAgain(server, login);
}

/** A session ends after some hours: who acts on a later day signs in again. */
export async function signInAgain(server: TestServer, login: string): Promise<string> {
  const body = { login, password: 'synthetic-sign-in-1' };
  const signedIn = await server.request('POST', '/auth/sign-in', body, JSON_BODY);
  assert.equal(signedIn.status, 200, signedIn.text);
  return signedIn.json.token;
}

export async function file(server: TestServer, path: string, content: string | Buffer, name = 'lists.csv') {
  const body = new FormData();
  body.append('file', new Blob([content as string]), name);
  const answer = await fetch(`${server.server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}` },
    body,
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it reads
  return { status: answer.status, json: (await answer.json()) as any };
}

export async function command(
  server: TestServer,
  type: string,
  payload: unknown,
  { id = uuidv7(), token }: { readonly id?: string; readonly token?: string } = {},
) {
  const before = server.token;
  if (token !== undefined) server.token = token;
  try {
    const { org, role } = (await server.request('GET', '/auth/me')).json.roles[0];
    const occurredAt = server.consortium.clock.now().toISOString();
    const envelope = { id, type, occurredAt, actingAs: { org, role }, payload };
    return (await server.request('POST', '/commands', envelope, JSON_BODY)).json;
  } finally {
    server.token = before;
  }
}

/** A command that must be applied; its result. */
export async function applied(server: TestServer, type: string, payload: unknown, token?: string) {
  const answer = await command(server, type, payload, token === undefined ? {} : { token });
  assert.equal(answer.outcome, 'applied', `${type}: ${JSON.stringify(answer)}`);
  return answer.result;
}

/** A command that must be refused; the code of its refusal. */
export async function refused(server: TestServer, type: string, payload: unknown, token?: string) {
  const answer = await command(server, type, payload, token === undefined ? {} : { token });
  assert.equal(answer.outcome, 'refused', `${type}: ${JSON.stringify(answer)}`);
  return answer.refusal.code as string;
}

export const post = async (server: TestServer, path: string, body: unknown, token?: string) => {
  const before = server.token;
  if (token !== undefined) server.token = token;
  const answer = await server.request('POST', path, body, JSON_BODY);
  server.token = before;
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
