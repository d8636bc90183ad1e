// Signing in: lock-out, second factor, sessions, roles; and the same work for users that do not exist.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must, type Uuid, uuidv7 } from '@yimai/kit';
import { Secret, TOTP } from 'otpauth';
import type { CommandAnswer } from '../types.ts';
import { type ActingAs, actorOf } from './actor.ts';
import { type County, testCounty } from './county.fixture.ts';
import { ensureFirstUsers } from './first-users.ts';
import { checkPassword, hashPassword } from './password.ts';
import { adoptToken, issueLocalToken, sessionsOf, signOut } from './session.ts';
import { type Credentials, signIn } from './sign-in.ts';
import { confirmTotp, enrolTotp } from './totp.ts';
import { createUser, findUser, rolesOf, setPassword } from './users.ts';

const PASSWORD = '白日依山尽 2026';

async function attempt(county: County, given: Credentials): Promise<string> {
  const { database, policy, keyring, clock } = county;
  const signed = await database.tx({}, (run) => signIn(run, policy, keyring, given, clock.now()));
  return signed.ok ? signed.value.token : signed.refusal.code;
}

async function countyWithDoctor(t: Parameters<typeof testCounty>[0]): Promise<County> {
  const county = await testCounty(t);
  await county.put({ resourceType: 'Organization', id: 'h', name: '县医院' });
  await county.user('wang', [{ role: 'hospital-doctor', org: 'h' }], { password: PASSWORD });
  return county;
}

test('[access A8] a password is kept as argon2id only, typed in any width, never as text', async () => {
  const kept = await hashPassword('Ｓafe-密码-9');
  assert.match(kept, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await checkPassword('Safe-密码-9', kept), true);
  assert.equal(await checkPassword('Safe-密码-8', kept), false);
  assert.equal(await checkPassword('anything', null), false);
});

test('[access A9] the fifth failure in a row locks for fifteen minutes, the right password included', async (t) => {
  const county = await countyWithDoctor(t);
  for (let turn = 1; turn <= 4; turn += 1)
    assert.equal(await attempt(county, { login: 'wang', password: 'wrong' }), 'sign-in-failed');
  assert.match(
    await attempt(county, { login: ' WANG ', password: PASSWORD }),
    /^ym_/,
    'four failures lock nobody',
  );
  for (let turn = 1; turn <= 5; turn += 1) await attempt(county, { login: 'wang', password: 'wrong' });
  assert.equal(await attempt(county, { login: 'wang', password: PASSWORD }), 'sign-in-failed');
  const { rows } = await county.database.text<{ action: string; n: number }>(
    `select action, count(*)::int as n from (select action from audit_pending union all select action from audit) a
      where action like 'sign%' group by 1 order by 1`,
  );
  assert.deepEqual(rows, [
    { action: 'sign-in', n: 1 },
    { action: 'sign-in-failed', n: 9 },
    { action: 'sign-in-locked', n: 1 },
  ]);
  county.clock.advanceBy(15 * 60_000 - 1);
  assert.equal(await attempt(county, { login: 'wang', password: PASSWORD }), 'sign-in-failed');
  county.clock.advanceBy(1);
  assert.match(await attempt(county, { login: 'wang', password: PASSWORD }), /^ym_/);
});

test('[access A9] simultaneous failures are all counted', async (t) => {
  const county = await countyWithDoctor(t);
  await Promise.all(Array.from({ length: 5 }, () => attempt(county, { login: 'wang', password: 'wrong' })));
  assert.equal(await attempt(county, { login: 'wang', password: PASSWORD }), 'sign-in-failed');
});

test('[access A9] unknown users get the same answer after the same work', async (t) => {
  const county = await countyWithDoctor(t);
  const { database, policy, clock } = county;
  must(await createUser(database, policy, { login: 'nopassword', name: '无口令' }, clock.now()));
  const time = async (login: string): Promise<number> => {
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const start = performance.now();
      assert.equal(await attempt(county, { login, password: 'wrong' }), 'sign-in-failed');
      times.push(performance.now() - start);
    }
    return Math.min(...times);
  };
  const [unknown, without, known] = [await time('nobody'), await time('nopassword'), await time('wang')];
  for (const other of [unknown, without])
    assert.ok(other > known / 3 && other < known * 3, `${other} ms beside ${known} ms`);
});

test('[access A9] the second factor: asked only of who knows the password, each code good once', async (t) => {
  const county = await countyWithDoctor(t);
  const { database, keyring, clock } = county;
  const user = (await findUser(database, 'wang'))!.id;
  const { secret } = await enrolTotp(database, keyring, user);
  const code = () =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });
  const wrong = await confirmTotp(database, keyring, user, '000000', clock.now());
  assert.equal(wrong.ok ? '' : wrong.refusal.code, 'totp-wrong');
  assert.match(await attempt(county, { login: 'wang', password: PASSWORD }), /^ym_/, 'not yet confirmed');
  must(await confirmTotp(database, keyring, user, code(), clock.now()));
  const kept = await database.text<{ totp_secret: string }>(
    'select totp_secret from app_user where id = $1',
    [user],
  );
  assert.ok(kept.rows[0]!.totp_secret.startsWith('enc:v1:') && !kept.rows[0]!.totp_secret.includes(secret));

  clock.advanceBy(60_000);
  assert.equal(await attempt(county, { login: 'wang', password: PASSWORD }), 'totp-needed');
  assert.equal(await attempt(county, { login: 'wang', password: 'wrong' }), 'sign-in-failed');
  const used = code();
  assert.match(await attempt(county, { login: 'wang', password: PASSWORD, totp: used }), /^ym_/);
  assert.equal(
    await attempt(county, { login: 'wang', password: PASSWORD, totp: used }),
    'sign-in-failed',
    'replay',
  );
  clock.advanceBy(30_000);
  assert.match(await attempt(county, { login: 'wang', password: PASSWORD, totp: code() }), /^ym_/);
});

test('[access A10] a session ends by time, by signing out, by a new password; the token is not in the database', async (t) => {
  const county = await countyWithDoctor(t);
  const { database, policy, clock } = county;
  const answer = async (token: string): Promise<string> => {
    const signed = await actorOf(database, policy, token, clock.now());
    return signed.ok ? 'ok' : signed.refusal.code;
  };
  const user = (await findUser(database, 'wang'))!.id;
  const first = await attempt(county, { login: 'wang', password: PASSWORD });
  const second = await attempt(county, { login: 'wang', password: PASSWORD });
  const found = await database.text('select 1 from session where encode(token_hash, $1) like $2', [
    'escape',
    `%${first}%`,
  ]);
  assert.equal(found.rowCount, 0);
  assert.deepEqual([await answer(first), await answer(second)], ['ok', 'ok']);
  await signOut(database, first, clock.now());
  assert.deepEqual([await answer(first), await answer(second)], ['token-invalid', 'ok']);
  clock.advanceBy(12 * 3_600_000 - 1);
  assert.equal(await answer(second), 'ok');
  clock.advanceBy(1);
  assert.equal(await answer(second), 'token-invalid', 'a session lasts 12 hours, the end not included');
  const third = await attempt(county, { login: 'wang', password: PASSWORD });
  must(await setPassword(database, policy, user, '欲穷千里目 2026', clock.now()));
  assert.equal(await answer(third), 'token-invalid');
  for (const forged of ['', 'ym_', `${third}x`, `ym_${'A'.repeat(43)}`])
    assert.equal(await answer(forged), 'token-invalid');
});

test('[access A10] acting in a role that is not held is refused, also at another organisation', async (t) => {
  const county = await countyWithDoctor(t);
  const { database, policy, clock } = county;
  const token = await attempt(county, { login: 'wang', password: PASSWORD });
  const act = async (actingAs: ActingAs): Promise<string> => {
    const signed = await actorOf(database, policy, token, clock.now(), actingAs);
    return signed.ok ? signed.value.actor.role : signed.refusal.code;
  };
  assert.equal(await act({ role: 'hospital-doctor', org: 'h' }), 'hospital-doctor');
  assert.equal(await act({ role: 'hospital-doctor', org: 'other' }), 'role-not-held');
  assert.equal(await act({ role: 'administrator', org: 'h' }), 'role-not-held');
});

test('[access A8] a fresh house has an administrator without a password and a script user; twice is once', async (t) => {
  const county = await testCounty(t);
  const { database, policy, clock } = county;
  await ensureFirstUsers(database, policy, clock.now());
  await ensureFirstUsers(database, policy, clock.now());
  assert.equal(await attempt(county, { login: 'administrator', password: '' }), 'sign-in-failed');
  const token = must(await issueLocalToken(database, policy, 'script', clock.now())).token;
  assert.equal((await county.actor(token)).role, 'script');
  const admin = (await findUser(database, 'administrator'))!.id;
  assert.deepEqual(
    (await rolesOf(database, admin)).map((role) => role.role),
    ['administrator'],
  );
  assert.equal((await sessionsOf(database, admin, clock.now())).length, 0);
});

async function command(
  county: County,
  token: string,
  type: string,
  payload: unknown,
): Promise<CommandAnswer> {
  const access = await county.as(token);
  const envelope = {
    id: uuidv7(),
    type,
    occurredAt: county.clock.now().toISOString(),
    actingAs: { org: 'h', role: access.actor.role },
    payload,
  };
  return county.record.commands.execute(envelope, () => Promise.resolve({ ok: true, value: access }));
}

test('[access A8] separation of duties: users by the administrator, locked classes by the security officer, no role to oneself', async (t) => {
  const county = await countyWithDoctor(t);
  const admin = await county.user('admin', [{ role: 'administrator', org: 'h' }]);
  const officer = await county.user('officer', [{ role: 'security-officer', org: 'h' }]);
  const doctor = await county.user('doctor', [{ role: 'hospital-doctor', org: 'h' }]);
  const code = async (token: string, type: string, payload: unknown): Promise<string> => {
    const answer = await command(county, token, type, payload);
    return answer.outcome === 'applied' ? 'ok' : (answer.refusal?.code ?? answer.outcome);
  };
  const made = await command(county, admin, 'user.create', {
    login: 'new',
    name: '新人',
    password: PASSWORD,
  });
  const user = (made.result as { user: Uuid }).user;
  const role = { user, role: 'hospital-doctor', org: 'h' };
  assert.equal(await code(doctor, 'user.create', { login: 'x', name: 'x' }), 'command-not-allowed');
  assert.equal(await code(doctor, 'user.assign-role', role), 'command-not-allowed');
  assert.equal(
    await code(admin, 'user.assign-role', { ...role, rights: ['lock:hiv'] }),
    'command-not-allowed',
  );
  assert.equal(await code(officer, 'user.assign-role', { ...role, rights: ['lock:hiv'] }), 'ok');
  assert.equal(await code(officer, 'user.assign-role', role), 'command-not-allowed');
  assert.equal(await code(admin, 'user.assign-role', { ...role, org: 'nowhere' }), 'organisation-unknown');
  assert.equal(await code(admin, 'user.assign-role', { ...role, role: 'king' }), 'role-unknown');
  const self = (await county.actor(admin)).user;
  assert.equal(await code(admin, 'user.assign-role', { ...role, user: self }), 'own-role');
  assert.equal(await code(doctor, 'user.set-password', { user, password: PASSWORD }), 'command-not-allowed');
  assert.equal(await code(doctor, 'user.set-password', { password: 'short' }), 'password-too-short');
  assert.equal(await code(admin, 'user.create', { login: 'new', name: '重名' }), 'login-taken');
  assert.equal(await code(admin, 'user.create', { login: 'a b', name: '空格' }), 'login-invalid');
  assert.equal(await code(admin, 'user.create', { name: '缺' }), 'payload-invalid');

  const session = (
    await sessionsOf(county.database, (await county.actor(doctor)).user, county.clock.now())
  )[0]!.id;
  assert.equal(
    await code(await county.user('other', [{ role: 'coder', org: 'h' }]), 'session.revoke', { session }),
    'session-unknown',
  );
  assert.equal(await code(officer, 'session.revoke', { session }), 'ok');
});

test('[access A11] a token of the OpenID provider without a scope for the record opens nothing of it', async (t) => {
  const county = await countyWithDoctor(t);
  const { database, clock, record } = county;
  await county.put({
    resourceType: 'Patient',
    id: 'p',
    managingOrganization: { reference: 'Organization/h' },
  });
  const user = (await findUser(database, 'wang'))!.id;
  const token = 'A'.repeat(43);
  await adoptToken(database, { token, user, client: 'his', scopes: [], now: clock.now(), seconds: 60 });
  assert.equal((await county.actor(token)).role, 'hospital-doctor', 'who it is may be asked');
  assert.equal(await record.read(await county.as(token), 'Patient', 'p'), null);
  const answer = await command(county, token, 'user.set-password', { password: PASSWORD });
  assert.equal(answer.refusal?.code, 'scope-too-narrow');
  clock.advanceBy(60_000);
  assert.equal((await actorOf(database, county.policy, token, clock.now())).ok, false);
});
