// API clients by SMART Backend Services: a signed assertion proves the client, a short token carries its scopes.
import { ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import type { Policy } from './policy.ts';
import type { Runner } from './runner.ts';
import { COMMAND_SCOPE, readScopes } from './scopes.ts';
import { type OpenedSession, openSession } from './session.ts';
import { assignRole, createUser } from './users.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** SMART asks for RS384 and ES384; both ends may do more, none that is weaker. */
const ALGORITHMS = ['RS384', 'ES384', 'RS512', 'ES512', 'EdDSA'];
const ASSERTION_MINUTES_MAX = 5;

export interface NewClient {
  readonly id: string;
  readonly name: string;
  /** FHIR id of the organisation that the client speaks for. */
  readonly org: string;
  readonly scopes: readonly string[];
  readonly jwks: JSONWebKeySet;
}

export async function createClient(
  run: Runner,
  policy: Policy,
  client: NewClient,
  now: Date,
): Promise<Result<{ id: string }>> {
  if (!client.scopes.every((scope) => scope === COMMAND_SCOPE || readScopes([scope]).length === 1))
    return refuse(
      'scope-unknown',
      { zh: '有无法识别的授权范围', en: 'a scope is not known' },
      { at: 'scopes', rule: 'A11' },
    );
  if (!usableKeys(client.jwks))
    return refuse(
      'keys-unusable',
      {
        zh: '须给出公钥（不得含私钥），至少一把',
        en: 'public keys are needed, at least one, never private ones',
      },
      { at: 'jwks', rule: 'A11' },
    );
  const user = await createUser(run, policy, { login: `client.${client.id}`, name: client.name }, now);
  if (!user.ok) return user;
  const role = await assignRole(
    run,
    policy,
    { user: user.value.id, role: 'integration-client', org: client.org },
    now,
  );
  if (!role.ok) return role;
  await run.run(sql`insert into api_client (id, user_id, name, scopes, jwks, created_at)
    values (${client.id}, ${user.value.id}, ${client.name}, ${client.scopes}, ${JSON.stringify(client.jwks)}, ${now})`);
  return ok({ id: client.id });
}

const usableKeys = (jwks: JSONWebKeySet): boolean =>
  Array.isArray(jwks?.keys) &&
  jwks.keys.length > 0 &&
  jwks.keys.every((key) => ['RSA', 'EC', 'OKP'].includes(key.kty ?? '') && !('d' in key));

/** The client's sessions end at once with it. */
export async function endClient(run: Runner, id: string, now: Date): Promise<void> {
  await run.run(sql`update api_client set active = false where id = ${id}`);
  await run.run(sql`update session set revoked_at = ${now} where client = ${id} and revoked_at is null`);
}

export interface TokenRequest {
  readonly grantType: string;
  readonly assertionType: string;
  readonly assertion: string;
  readonly scope: string;
}

interface ClientRow {
  id: string;
  user_id: Uuid;
  scopes: string[];
  jwks: string;
}

/** Answers a token request; `audience` is the token endpoint's own address. Every proof that fails gets one answer. */
export async function clientToken(
  run: Runner,
  policy: Policy,
  request: TokenRequest,
  audience: string,
  now: Date,
): Promise<Result<OpenedSession & { readonly scopes: readonly string[] }>> {
  if (request.grantType !== 'client_credentials')
    return refuse(
      'unsupported_grant_type',
      { zh: '不支持的授权方式', en: 'the grant type is not supported' },
      { rule: 'A11' },
    );
  if (request.assertionType !== ASSERTION_TYPE) return invalidClient();
  const claimed = subjectOf(request.assertion);
  const { rows } = await run.run<ClientRow>(
    sql`select id, user_id, scopes, jwks from api_client where id = ${claimed ?? ''} and active`,
  );
  const client = rows[0];
  if (!client) return invalidClient();
  const proof = await verify(request.assertion, client, audience, now);
  if (!proof) return invalidClient();
  const fresh = await run.run(sql`insert into client_assertion (client, jti, until_at)
    values (${client.id}, ${proof.jti}, ${proof.until}) on conflict do nothing`);
  if (fresh.rowCount === 0) return invalidClient();
  const scopes = request.scope.split(' ').filter((scope) => client.scopes.includes(scope));
  if (scopes.length === 0)
    return refuse(
      'invalid_scope',
      { zh: '申请的授权范围都未获准', en: 'none of the scopes is granted' },
      { at: 'scope', rule: 'A11' },
    );
  const expires = new Date(now.getTime() + policy.settings.clientTokenMinutes * 60_000);
  const session = await openSession(run, {
    user: client.user_id,
    kind: 'client',
    client: client.id,
    scopes,
    now,
    expires,
  });
  return ok({ ...session, scopes });
}

function subjectOf(assertion: string): string | null {
  try {
    return decodeJwt(assertion).sub ?? null;
  } catch {
    // Not a token at all.
    return null;
  }
}

async function verify(
  assertion: string,
  client: ClientRow,
  audience: string,
  now: Date,
): Promise<{ jti: string; until: Date } | null> {
  try {
    const { payload } = await jwtVerify(
      assertion,
      createLocalJWKSet(JSON.parse(client.jwks) as JSONWebKeySet),
      {
        algorithms: ALGORITHMS,
        issuer: client.id,
        subject: client.id,
        audience,
        currentDate: now,
        requiredClaims: ['exp', 'jti'],
        clockTolerance: 5,
      },
    );
    const until = new Date(payload.exp! * 1000);
    if (until.getTime() - now.getTime() > (ASSERTION_MINUTES_MAX * 60 + 5) * 1000) return null;
    return { jti: payload.jti!, until: new Date(until.getTime() + 10_000) };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

const invalidClient = () =>
  refuse(
    'invalid_client',
    { zh: '客户端身份未通过验证', en: 'the client could not be verified' },
    { rule: 'A11' },
  );
