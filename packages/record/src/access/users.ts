// Users and the roles they hold: made, given a password, a second factor, roles with a beginning and an end.
import { isUuid, ok, type Result, refuse, type Uuid, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { LOCKS } from '../types.ts';
import { orgKey } from './org-tree.ts';
import { hashPassword } from './password.ts';
import type { Policy } from './policy.ts';
import { lockRight } from './rights.ts';
import type { Runner } from './runner.ts';

export interface User {
  readonly id: Uuid;
  readonly login: string;
  readonly name: string;
  readonly practitioner: Uuid | null;
  readonly patient: Uuid | null;
  readonly demo: boolean;
  readonly active: boolean;
}

export interface NewUser {
  readonly login: string;
  readonly name: string;
  readonly password?: string;
  /** Row keys of the Practitioner and the Patient that the user is. */
  readonly practitioner?: Uuid | null;
  readonly patient?: Uuid | null;
  readonly demo?: boolean;
  readonly outsideSubject?: string;
}

/** Letters of any script, digits, `.`, `_`, `-`, `@`; sign-in does not tell upper from lower case. */
const LOGIN = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;

export const loginKey = (login: string): string => login.normalize('NFKC').trim().toLowerCase();

export async function createUser(
  run: Runner,
  policy: Policy,
  user: NewUser,
  now: Date,
): Promise<Result<User>> {
  const login = loginKey(user.login);
  if (!LOGIN.test(login))
    return refuse(
      'login-invalid',
      {
        zh: '登录名只能用文字、数字和 . _ - @，至多64位',
        en: 'a login has letters, digits and . _ - @, 64 at most',
      },
      { at: 'login', rule: 'A8' },
    );
  const password =
    user.password === undefined ? ok(null) : await acceptPassword(policy, login, user.password);
  if (!password.ok) return password;
  const id = uuidv7(now.getTime());
  const added = await run.run(sql`insert into app_user
      (id, login, name, practitioner, patient, password, demo, outside_subject, created_at)
    values (${id}, ${login}, ${user.name}, ${user.practitioner ?? null}, ${user.patient ?? null}, ${password.value},
      ${user.demo ?? false}, ${user.outsideSubject ?? null}, ${now})
    on conflict (login) do nothing`);
  if (added.rowCount === 0)
    return refuse(
      'login-taken',
      { zh: '登录名已被使用', en: 'the login is taken' },
      { at: 'login', rule: 'A8' },
    );
  const { practitioner = null, patient = null, demo = false } = user;
  return ok({ id, login, name: user.name, practitioner, patient, demo, active: true });
}

export async function findUser(run: Runner, login: string): Promise<User | null> {
  const { rows } = await run.run<User>(sql`select id, login, name, practitioner, patient, demo, active
    from app_user where login = ${loginKey(login)}`);
  return rows[0] ?? null;
}

export async function listUsers(run: Runner): Promise<User[]> {
  const { rows } = await run.run<User>(
    sql`select id, login, name, practitioner, patient, demo, active from app_user order by login`,
  );
  return rows;
}

/** Who the user is at the outside provider; null for nobody. */
export async function setOutsideSubject(
  run: Runner,
  user: Uuid,
  subject: string | null,
): Promise<Result<null>> {
  const taken = await run.run(
    sql`select 1 from app_user where outside_subject = ${subject}::text and id <> ${user}`,
  );
  if (taken.rowCount > 0)
    return refuse(
      'subject-taken',
      { zh: '该外部账号已属于另一用户', en: 'another user is that person at the outside provider' },
      { at: 'subject', rule: 'A12' },
    );
  await run.run(sql`update app_user set outside_subject = ${subject} where id = ${user}`);
  return ok(null);
}

/** Sets the password and ends every session: whoever knew the old one is out. */
export async function setPassword(
  run: Runner,
  policy: Policy,
  user: Uuid,
  password: string,
  now: Date,
): Promise<Result<null>> {
  const { rows } = await run.run<{ login: string }>(sql`select login from app_user where id = ${user}`);
  if (!rows[0]) return unknownUser();
  const accepted = await acceptPassword(policy, rows[0].login, password);
  if (!accepted.ok) return accepted;
  await run.run(
    sql`update app_user set password = ${accepted.value}, failures = 0, locked_until = null where id = ${user}`,
  );
  await revokeSessions(run, user, now);
  return ok(null);
}

async function acceptPassword(policy: Policy, login: string, password: string): Promise<Result<string>> {
  const least = policy.settings.passwordLengthMin;
  if ([...password].length < least || password.length > 1024)
    return refuse(
      'password-too-short',
      { zh: `口令至少 ${least} 位`, en: `a password has at least ${least} characters` },
      { at: 'password', rule: 'A8' },
    );
  const plain = loginKey(password);
  if (plain.includes(login) || new Set(plain).size < 4)
    return refuse(
      'password-too-simple',
      {
        zh: '口令不能含登录名，也不能只有几个重复的字符',
        en: 'a password may not hold the login or repeat a few characters',
      },
      { at: 'password', rule: 'A8' },
    );
  return ok(await hashPassword(password));
}

export interface NewRole {
  readonly user: Uuid;
  readonly role: string;
  /** FHIR id of the Organization. */
  readonly org: string;
  /** Personal rights: `lock:<class>`. */
  readonly rights?: readonly string[];
  readonly from?: Date;
  readonly until?: Date | null;
}

export async function assignRole(
  run: Runner,
  policy: Policy,
  role: NewRole,
  now: Date,
): Promise<Result<{ id: Uuid }>> {
  if (!policy.roles.has(role.role))
    return refuse('role-unknown', { zh: '没有此岗位', en: 'no such role' }, { at: 'role', rule: 'A8' });
  const rights = role.rights ?? [];
  const known = LOCKS.map(lockRight);
  if (!rights.every((right) => known.includes(right)))
    return refuse('right-unknown', { zh: '没有此权限', en: 'no such right' }, { at: 'rights', rule: 'A8' });
  const user = await run.run(sql`select 1 from app_user where id = ${role.user} and active`);
  if (user.rowCount === 0) return unknownUser();
  const id = uuidv7(now.getTime());
  await run.run(sql`insert into role_assignment (id, user_id, role, org, org_fhir_id, rights, from_at, until_at)
    values (${id}, ${role.user}, ${role.role}, ${orgKey(role.org)}, ${role.org}, ${rights}, ${role.from ?? now},
      ${role.until ?? null})`);
  return ok({ id });
}

export interface HeldRole {
  readonly id: Uuid;
  readonly role: string;
  readonly org: string;
  readonly rights: readonly string[];
  readonly from: Date;
  readonly until: Date | null;
}

export async function rolesOf(run: Runner, user: Uuid): Promise<HeldRole[]> {
  const { rows } = await run.run<HeldRole>(sql`select id, role, org_fhir_id as org, rights, from_at as "from",
      until_at as until from role_assignment where user_id = ${user} order by from_at, id`);
  return rows;
}

/** Ends a role at once: the next request of any session no longer holds it. */
export async function endRole(run: Runner, assignment: Uuid, now: Date): Promise<Result<null>> {
  const ended = isUuid(assignment)
    ? await run.run(sql`update role_assignment set until_at = ${now}
        where id = ${assignment} and (until_at is null or until_at > ${now}::timestamptz)`)
    : { rowCount: 0 };
  return ended.rowCount > 0
    ? ok(null)
    : refuse(
        'role-not-held',
        { zh: '此任职不存在或已结束', en: 'no such role in force' },
        { at: 'assignment', rule: 'A8' },
      );
}

/** Switches a user off or on; off ends every session. */
export async function setActive(run: Runner, user: Uuid, active: boolean, now: Date): Promise<Result<null>> {
  const found = await run.run(sql`update app_user set active = ${active} where id = ${user}`);
  if (found.rowCount === 0) return unknownUser();
  if (!active) await revokeSessions(run, user, now);
  return ok(null);
}

export async function revokeSessions(run: Runner, user: Uuid, now: Date): Promise<number> {
  const ended = await run.run(
    sql`update session set revoked_at = ${now} where user_id = ${user} and revoked_at is null`,
  );
  return ended.rowCount;
}

/** Whether any demo sign-in exists: then the server does not open to the network. */
export async function hasDemoUsers(run: Runner): Promise<boolean> {
  const { rows } = await run.run<{ found: boolean }>(
    sql`select exists (select 1 from app_user where demo and active) as found`,
  );
  return rows[0]?.found === true;
}

export const unknownUser = () =>
  refuse('user-unknown', { zh: '没有此用户', en: 'no such user' }, { at: 'user', rule: 'A8' });
