// An outside OpenID provider by configuration: its ID token is verified and mapped to a user that exists here.
import { ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Policy } from './policy.ts';
import type { Runner } from './runner.ts';
import { type OpenedSession, openSession } from './session.ts';
import { auditSignIn } from './sign-in.ts';
import { loginKey } from './users.ts';

export interface OutsideProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly jwksUri: string;
  /** Which claim names the user: by the subject kept with the user, or by login. */
  readonly claim: string;
  readonly match: 'subject' | 'login';
}

export const outsideKeys = (provider: OutsideProvider): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(provider.jwksUri));

/** A session for whom the provider vouches; a failure is audited too, so the transaction is kept. */
export async function signInFromOutside(
  run: Runner,
  policy: Policy,
  provider: OutsideProvider,
  keys: JWTVerifyGetKey,
  idToken: string,
  nonce: string,
  now: Date,
): Promise<Result<OpenedSession>> {
  const found = await userOfIdToken(run, provider, keys, idToken, nonce, now);
  await auditSignIn(run, found.ok ? 'sign-in' : 'sign-in-failed', found.ok ? found.value.user : null, now);
  if (!found.ok) return found;
  const expires = new Date(now.getTime() + policy.settings.sessionMinutes * 60_000);
  return ok(await openSession(run, { user: found.value.user, kind: 'web', now, expires }));
}

/** Nobody is created by signing in: a user exists, with roles, before an outside provider can vouch for it. */
export async function userOfIdToken(
  run: Runner,
  provider: OutsideProvider,
  keys: JWTVerifyGetKey,
  idToken: string,
  nonce: string,
  now: Date,
): Promise<Result<{ user: Uuid }>> {
  const claimed = await claimOf(provider, keys, idToken, nonce, now);
  if (claimed === null) return unknown();
  const { rows } = await run.run<{ id: Uuid }>(
    provider.match === 'subject'
      ? sql`select id from app_user where outside_subject = ${claimed} and active`
      : sql`select id from app_user where login = ${loginKey(claimed)} and active`,
  );
  return rows[0] ? ok({ user: rows[0].id }) : unknown();
}

/** Signed with the provider's private key; a shared secret or none is no proof. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

async function claimOf(
  provider: OutsideProvider,
  keys: JWTVerifyGetKey,
  idToken: string,
  nonce: string,
  now: Date,
): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(idToken, keys, {
      issuer: provider.issuer,
      audience: provider.clientId,
      currentDate: now,
      clockTolerance: 60,
      requiredClaims: ['exp', 'sub'],
      algorithms: ALGORITHMS,
    });
    // A token for several readers names the one it was made for.
    if (payload['azp'] !== undefined && payload['azp'] !== provider.clientId) return null;
    const claim = payload[provider.claim];
    return payload['nonce'] === nonce && typeof claim === 'string' ? claim : null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

const unknown = () =>
  refuse(
    'outside-sign-in-failed',
    { zh: '外部登录未通过，或本系统无此用户', en: 'the outside sign-in failed, or no such user here' },
    { rule: 'A9' },
  );
