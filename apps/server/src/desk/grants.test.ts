// What some offices were given to read or do for their duty, from outside, with what stays closed beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case, PoolPage, RegisterPage } from '@yimai/desk/contract';
import { addDays, chinaDate, must, uuidv7 } from '@yimai/kit';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { SYSTEMS } from '@yimai/runtime';
import { ask, deskCounty, JSON_TYPE, PASSWORD, send, server, tokens } from './desk.fixture.ts';

deskCounty();

/** Staff that the small county does not have by itself. */
const MORE: Readonly<Record<string, readonly [role: string, org: string]>> = {
  insurer: ['insurer-clerk', 'county'],
  technician: ['technician', 'county'],
  pharmacist: ['pharmacist', 'county'],
  referrals: ['referral-desk', 'county'],
  beds: ['bed-desk', 'county'],
};

/** Signs one of them in, for the tests that need them. */
async function joinedBy(login: string): Promise<void> {
  const { database, policy, clock } = server.consortium;
  const [role, org] = MORE[login]!;
  const user = must(
    await createUser(database, policy, { login, name: login, password: PASSWORD }, clock.now()),
  );
  must(await assignRole(database, policy, { user: user.id, role, org }, clock.now()));
  server.token = '';
  const signedIn = await server.request('POST', '/auth/sign-in', { login, password: PASSWORD }, JSON_TYPE);
  tokens.set(login, signedIn.json.token);
}

const office = (value: string): Resource => ({
  resourceType: 'Organization',
  id: value,
  name: `${value}（虚构）`,
  identifier: [{ system: SYSTEMS.office, value }],
});

const rowsOf = async (login: string, register: string) =>
  (await ask<RegisterPage>(login, `/desk/registers/${register}`, {})).items.length;

test('[desk D46] the office that keeps the index of residents reads which files were joined, and no resident', async () => {
  const { record } = server.consortium;
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    await tx.update({ ...office('consortium-office'), id: 'county', name: '总医院（虚构）' });
    const at = { reference: 'Organization/town-a' };
    const name = [{ text: '王桂兰' }];
    await tx.update({ resourceType: 'Patient', id: 'resident-2', name, managingOrganization: at });
  });
  const opened = await send('doctor', 'loop.open', {
    loop: 'resident-merge',
    subject: 'Patient/resident-2',
    answers: {
      resident: 'Patient/resident-2',
      'same-as': 'Patient/resident-1',
      grounds: '同一身份证件（虚构）',
    },
  });
  await send('office', 'loop.act', { case: opened.case, event: 'join' });
  assert.equal(await rowsOf('office', 'resident-identities'), 1);
  assert.equal(await rowsOf('doctor', 'resident-identities'), 1, 'whose resident it is');
  assert.equal(await rowsOf('stranger', 'resident-identities'), 0);
  assert.equal(await rowsOf('hr', 'resident-identities'), 0);
  server.token = tokens.get('office')!;
  assert.ok((await server.fhir('GET', 'Patient/resident-1')).status >= 403);
});

test("[desk D46] the insurer's clerk reads who is in the packages that it pays, and not the record behind it", async () => {
  const entry = { package: '高血压+脑卒中', patient: 'Patient/resident-1' };
  await send('doctor', 'register.put', { register: 'chronic-package-members', entry });
  await joinedBy('insurer');
  assert.equal(await rowsOf('insurer', 'chronic-package-members'), 1);
  assert.equal(await rowsOf('doctor', 'chronic-package-members'), 1);
  for (const login of ['stranger', 'office', 'hr'])
    assert.equal(await rowsOf(login, 'chronic-package-members'), 0, login);
  server.token = tokens.get('insurer')!;
  assert.equal((await server.fhir('GET', 'Observation?patient=Patient/resident-1')).json.total ?? 0, 0);
});

test('[desk D47] a code of a case is shown in its words', async () => {
  const township = 'Organization/town-a';
  await send('hr', 'register.put', { register: 'remote-townships', entry: { township, remote: true } });
  const opened = await send('hr', 'loop.open', {
    loop: 'exam-to-appointment',
    answers: {
      applicant: 'Practitioner/doctor',
      township,
      licence: 'physician',
      birth: '1990-03-03',
      willing: true,
    },
  });
  const kase = await ask<Case>('hr', `/desk/cases/${opened.case}`);
  const licence = JSON.stringify(kase.data.find((line) => JSON.stringify(line).includes('执业证书')));
  assert.match(licence, /执业医师/);
  assert.doesNotMatch(licence, /physician"/);
});

test('[desk D48] of slots by the day those to come are first, the nearest first, and those that are over last', async () => {
  const today = chinaDate(server.consortium.clock.now());
  for (const days of [-40, 30, -2, 3, 0]) {
    const on = addDays(today, days);
    const unit = { unit: `Practitioner/doctor@${on}`, title: `${on} 专家号`, capacity: 2 };
    await send('office', 'pool.unit', { pool: 'visiting-slots', ...unit, tags: [] });
  }
  const page = await ask<PoolPage>('office', '/desk/mechanisms/pools/visiting-slots');
  const days = [0, 3, 30, -40, -2].map((one) => `${addDays(today, one)} 专家号`);
  assert.deepEqual(
    page.units.map((unit) => unit.title),
    days,
  );
});

test('[desk D49] whoever reads the public notice may object to it; an inspector, who is no party, may not', async () => {
  const objection = (role: string, org: string) => ({
    id: uuidv7(),
    type: 'loop.open',
    occurredAt: new Date().toISOString(),
    actingAs: { org, role },
    payload: { loop: 'settlement-objection', answers: { run: 'no-such-run', what: '少计工作量（虚构）' } },
  });
  const { record } = server.consortium;
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    for (const each of ['insurer', 'bureau']) await tx.update(office(each));
  });
  const codeOf = async (login: string, role: string, org: string) => {
    const answer = await ask<{ refusal?: { code: string } }>(login, '/commands', objection(role, org));
    return answer.refusal?.code;
  };
  for (const login of ['technician', 'pharmacist', 'referrals', 'beds']) {
    await joinedBy(login);
    assert.equal(await codeOf(login, ...MORE[login]!), 'notice-unknown', login);
  }
  assert.equal(await codeOf('inspector', 'inspector', 'county'), 'not-your-turn');
});
