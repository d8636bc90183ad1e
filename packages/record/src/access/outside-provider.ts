// An outside OpenID provider by configuration: its ID token is verified and mapped to a user that exists here.
import { ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Runner } from './runner.ts';

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
      : sql`select id from app_user where login = ${claimed.toLowerCase()} and active`,
  );
  return rows[0] ? ok({ user: rows[0].id }) : unknown();
}

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
    });
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
