// Sessions: opened after a proof, listed and ended by their user or the security officer.
import { ok, type Result, refuse, type Uuid, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { Policy } from './policy.ts';
import type { Runner } from './runner.ts';
import { hashToken, newToken } from './token.ts';
import { findUser, unknownUser } from './users.ts';

export interface OpenedSession {
  readonly token: string;
  readonly session: Uuid;
  readonly expires: Date;
}

export interface NewSession {
  readonly user: Uuid;
  /** Of a browser, a script of this machine, or an API client. */
  readonly kind: 'web' | 'script' | 'client';
  readonly now: Date;
  readonly expires: Date;
  readonly label?: string;
  readonly client?: string;
  readonly scopes?: readonly string[];
}

export async function openSession(run: Runner, session: NewSession): Promise<OpenedSession> {
  const { token, hash } = newToken();
  const id = uuidv7(session.now.getTime());
  await run.run(sql`insert into session (id, token_hash, user_id, client, kind, label, scopes, created_at, expires_at)
    values (${id}, ${hash}, ${session.user}, ${session.client ?? null}, ${session.kind}, ${session.label ?? ''},
      ${session.scopes ?? null}::text[], ${session.now}, ${session.expires})`);
  return { token, session: id, expires: session.expires };
}

/**
 * Makes a token that the OpenID provider inside gave out a session here, so that it is listed and revocable as all are.
 * A system that only signs its people in (`openid profile`) gets no scope, and so nothing of the record.
 */
export async function adoptToken(
  run: Runner,
  given: {
    readonly token: string;
    readonly user: Uuid;
    readonly client: string;
    readonly scopes: readonly string[];
    readonly now: Date;
    readonly seconds: number;
  },
): Promise<void> {
  const expires = new Date(given.now.getTime() + given.seconds * 1000);
  await run.run(sql`insert into session (id, token_hash, user_id, client, kind, label, scopes, created_at, expires_at)
    values (${uuidv7(given.now.getTime())}, ${hashToken(given.token)}, ${given.user}, null, 'client', ${given.client},
      ${[...given.scopes]}::text[], ${given.now}, ${expires})
    on conflict (token_hash) do update set expires_at = excluded.expires_at`);
}

/** Ends the session of this token; ending it twice is no fault. */
export async function signOut(run: Runner, token: string, now: Date): Promise<void> {
  await run.run(sql`update session set revoked_at = ${now}
    where token_hash = ${hashToken(token)} and revoked_at is null`);
}

export interface SessionEntry {
  readonly id: Uuid;
  readonly kind: string;
  readonly label: string;
  readonly client: string | null;
  readonly created: Date;
  readonly expires: Date;
}

/** The open sessions of a user, newest first. */
export async function sessionsOf(run: Runner, user: Uuid, now: Date): Promise<SessionEntry[]> {
  const { rows } = await run.run<SessionEntry>(sql`select id, kind, label, client, created_at as created,
      expires_at as expires
    from session where user_id = ${user} and revoked_at is null and expires_at > ${now}::timestamptz
    order by created_at desc`);
  return rows;
}

/** Ends one session; with `user` only one of that user's own. */
export async function revokeSession(
  run: Runner,
  session: Uuid,
  now: Date,
  user: Uuid | null,
): Promise<Result<null>> {
  const ended =
    await run.run(sql`update session set revoked_at = ${now} where id = ${session} and revoked_at is null
    and (${user}::uuid is null or user_id = ${user}::uuid)`);
  return ended.rowCount > 0
    ? ok(null)
    : refuse('session-unknown', { zh: '没有此会话', en: 'no such session' }, { at: 'session', rule: 'A10' });
}

/**
 * A token for scripts on this machine (`yimai token`): of the named user with the user's own roles, or of the machine's
 * script user. Whoever may call this already holds the database and its key.
 */
export async function issueLocalToken(
  run: Runner,
  policy: Policy,
  login: string,
  now: Date,
): Promise<Result<OpenedSession>> {
  const user = await findUser(run, login);
  if (!user?.active) return unknownUser();
  const expires = new Date(now.getTime() + policy.settings.scriptTokenDays * 86_400_000);
  return ok(await openSession(run, { user: user.id, kind: 'script', now, expires, label: 'yimai token' }));
}

/** Deletes what is long over: sessions a month after their end, used assertions and OpenID items after theirs. */
export async function sweepSessions(run: Runner, now: Date): Promise<void> {
  const monthAgo = new Date(now.getTime() - 30 * 86_400_000);
  await run.run(sql`delete from session where expires_at < ${monthAgo} or revoked_at < ${monthAgo}`);
  await run.run(sql`delete from client_assertion where until_at < ${now}`);
  await run.run(sql`delete from oidc_item where expires_at < ${now}`);
}
