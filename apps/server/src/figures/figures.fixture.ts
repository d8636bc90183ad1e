// A small county on a running server, for tests of figures: two townships, a village, a hospital, their visits.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, SimulatedClock } from '@yimai/kit';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { type Reply, type TestServer, testServer } from '../server.fixture.ts';

export const CODES = 'https://yimai.example/fhir/CodeSystem/';
export const coded = (word: string, code: string) => ({ coding: [{ system: `${CODES}${word}`, code }] });
export const NOW = '2026-11-20T02:00:00Z';

export const org = (id: string, name: string, level: string, kind: string, parent?: string): Resource => ({
  resourceType: 'Organization',
  id,
  active: true,
  name,
  type: [coded('organisation-level', level), coded('institution-class', kind)],
  ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
});
export const patient = (id: string, managed: string): Resource => ({
  resourceType: 'Patient',
  id,
  active: true,
  name: [{ text: `虚构${id}` }],
  birthDate: '1960-01-01',
  managingOrganization: { reference: `Organization/${managed}` },
});
export const visit = (id: string, at: string, who: string, on: string): Resource => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  identifier: [{ system: 'https://yimai.example/visit', value: id }],
  subject: { reference: `Patient/${who}` },
  serviceProvider: { reference: `Organization/${at}` },
  period: { start: `${on}T09:00:00+08:00`, end: `${on}T09:20:00+08:00` },
});

export const HOUSES = [
  org('county', '清江县医共体（虚构）', 'county', 'county'),
  org('hospital', '清江县人民医院（虚构）', 'county', 'hospital', 'county'),
  org('town-a', '柳溪镇卫生院（虚构）', 'township', 'township-hospital', 'county'),
  org('town-b', '双河乡卫生院（虚构）', 'township', 'township-hospital', 'county'),
  org('village-a', '上坪村卫生室（虚构）', 'village', 'village-clinic', 'town-a'),
];

/** 12 visits at town A (one twice under the same number), 3 in its village, 6 at town B, 9 at the hospital; one last year. */
export function visits(): Resource[] {
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

export async function write(server: TestServer, resources: readonly Resource[]): Promise<void> {
  const { record } = server.consortium;
  await record.transaction(record.systemAccess(), { via: 'import' }, async (tx) => {
    for (const resource of resources) await tx.update(resource);
  });
}

export async function signedIn(server: TestServer, login: string, role: string, at: string): Promise<string> {
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

export async function county(t: TestContext): Promise<TestServer> {
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
export async function caughtUp(server: TestServer, path: string): Promise<Reply> {
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

export const tile = (reply: Reply, id: string) =>
  reply.json.tiles.find((each: { id: string }) => each.id === id);
