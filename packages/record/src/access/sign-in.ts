// Signing in with login and password, and the second factor where there is one; failures are counted and lock for a while.
import { ok, type Result, refuse, type Uuid, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { insertAudit } from '../store/audit-buffer.ts';
import type { Keyring } from './keyring.ts';
import { checkPassword } from './password.ts';
import type { Policy } from './policy.ts';
import type { Runner } from './runner.ts';
import { type OpenedSession, openSession } from './session.ts';
import { checkTotp } from './totp.ts';
import { loginKey } from './users.ts';

export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly totp?: string;
}

interface Row {
  id: Uuid;
  password: string | null;
  totp_secret: string | null;
  totp_step: number;
  failures: number;
  locked_until: Date | null;
  active: boolean;
}

/**
 * Unknown user, wrong password, locked and switched-off accounts get one answer after the same work. Only who knows
 * the password learns that a second factor is wanted. Runs in a transaction that must be kept also on refusal:
 * the count of failures is part of it.
 */
export async function signIn(
  run: Runner,
  policy: Policy,
  keyring: Keyring,
  given: Credentials,
  now: Date,
): Promise<Result<OpenedSession & { readonly user: Uuid }>> {
  // The slow work comes first and outside any lock: many attempts at one account do not queue on its row.
  const login = loginKey(given.login);
  const before = await run.run<{ password: string | null }>(
    sql`select password from app_user where login = ${login}`,
  );
  const right = await checkPassword(given.password, before.rows[0]?.password ?? null);
  const { rows } =
    await run.run<Row>(sql`select id, password, totp_secret, totp_step, failures, locked_until, active
    from app_user where login = ${login} for update`);
  const user = rows[0];
  if (!user?.active || isLocked(user, now)) {
    // The login that was typed is not kept: it may be a password in the wrong box.
    await auditSignIn(run, 'sign-in-failed', user?.id ?? null, now);
    return wrong();
  }
  // Changed while we were checking: what was checked no longer counts.
  if (!right || user.password !== before.rows[0]?.password) return failed(run, policy, user, now);
  let step = user.totp_step;
  if (user.totp_secret !== null) {
    if (given.totp === undefined)
      return refuse(
        'totp-needed',
        { zh: '请输入动态口令', en: 'the second factor is needed' },
        { at: 'totp', rule: 'A9' },
      );
    const accepted = checkTotp(keyring, user.totp_secret, given.totp, user.totp_step, now);
    if (accepted === null) return failed(run, policy, user, now);
    step = accepted;
  }
  await run.run(
    sql`update app_user set failures = 0, locked_until = null, totp_step = ${step} where id = ${user.id}`,
  );
  await auditSignIn(run, 'sign-in', user.id, now);
  const session = await openSession(run, {
    user: user.id,
    kind: 'web',
    now,
    expires: new Date(now.getTime() + policy.settings.sessionMinutes * 60_000),
  });
  return ok({ ...session, user: user.id });
}

const isLocked = (user: Row, now: Date): boolean => user.locked_until !== null && user.locked_until > now;

async function failed(run: Runner, policy: Policy, user: Row, now: Date) {
  const failures = user.failures + 1;
  const locks = failures >= policy.settings.lockAfterFailures;
  const until = locks ? new Date(now.getTime() + policy.settings.lockMinutes * 60_000) : null;
  await run.run(
    sql`update app_user set failures = ${locks ? 0 : failures}, locked_until = ${until} where id = ${user.id}`,
  );
  await auditSignIn(run, locks ? 'sign-in-locked' : 'sign-in-failed', user.id, now);
  return wrong();
}

/** Also for who signs in elsewhere. */
export async function auditSignIn(run: Runner, action: string, user: Uuid | null, at: Date): Promise<void> {
  const body = JSON.stringify({ at: at.toISOString(), action, user });
  await run.run(
    insertAudit([{ id: uuidv7(at.getTime()), at, person: user, org: null, patient: null, action, body }]),
  );
}

const wrong = () =>
  refuse(
    'sign-in-failed',
    {
      zh: '登录名或口令不对；连续输错会暂时锁定',
      en: 'wrong login or password; repeated failures lock for a while',
    },
    { rule: 'A9' },
  );
