// API clients: the proof of SMART Backend Services, each way it can fail, and what scopes leave open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { actorOf } from './actor.ts';
import { ASSERTION_TYPE, clientToken, createClient, endClient } from './api-clients.ts';
import { testCounty } from './county.fixture.ts';
import { readScopes } from './scopes.ts';

const ENDPOINT = 'https://county.example/oauth/token';
const SCOPES = ['system/Observation.rs', 'system/Patient.read'];

test('[access A11] a client proves itself by a signed assertion, once each, and gets a short token with its scopes', async (t) => {
  const { database, policy, clock } = await testCounty(t);
  const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
  const stranger = await generateKeyPair('ES384');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES384' }] };
  const now = () => Math.floor(clock.now().getTime() / 1000);
  must(
    await createClient(
      database,
      policy,
      { id: 'lab', name: '检验系统', org: 'h', scopes: SCOPES, jwks },
      clock.now(),
    ),
  );

  const sign = (claims: Record<string, unknown> = {}, key = privateKey, alg = 'ES384') =>
    new SignJWT({
      iss: 'lab',
      sub: 'lab',
      aud: ENDPOINT,
      exp: now() + 60,
      jti: `j${Math.random()}`,
      ...claims,
    })
      .setProtectedHeader({ alg, kid: 'k1' })
      .sign(key);
  const ask = async (assertion: string, scope = SCOPES.join(' '), more: object = {}) => {
    const request = {
      grantType: 'client_credentials',
      assertionType: ASSERTION_TYPE,
      assertion,
      scope,
      ...more,
    };
    const answer = await clientToken(database, policy, request, ENDPOINT, clock.now());
    return answer.ok ? answer.value : answer.refusal.code;
  };

  const assertion = await sign();
  const first = await ask(assertion, 'system/Observation.rs system/*.cruds');
  assert.ok(typeof first === 'object');
  assert.deepEqual(first.scopes, ['system/Observation.rs'], 'never more than granted');
  assert.equal(first.expires.getTime() - clock.now().getTime(), 5 * 60_000);
  assert.equal(await ask(assertion), 'invalid_client', 'replay');
  const bad: [string, Promise<string>][] = [
    ['another key', sign({}, stranger.privateKey)],
    ['another audience', sign({ aud: 'https://other.example/token' })],
    ['expired', sign({ exp: now() - 10 })],
    ['too long a life', sign({ exp: now() + 3600 })],
    ['no jti', sign({ jti: undefined })],
    ['another issuer', sign({ iss: 'x' })],
    ['unknown client', sign({ iss: 'x', sub: 'x' })],
    ['not a token', Promise.resolve('x.y.z')],
    [
      'no signature',
      Promise.resolve(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${assertion.split('.')[1]}.`),
    ],
  ];
  for (const [why, text] of bad) assert.equal(await ask(await text), 'invalid_client', why);
  assert.equal(await ask(await sign(), 'system/Condition.rs'), 'invalid_scope');
  assert.equal(await ask(await sign(), 'x', { grantType: 'password' }), 'unsupported_grant_type');
  assert.equal(await ask(await sign(), 'x', { assertionType: 'x' }), 'invalid_client');

  const actor = must(await actorOf(database, policy, first.token, clock.now())).actor;
  assert.deepEqual([actor.role, actor.scopes], ['integration-client', ['system/Observation.rs']]);
  await endClient(database, 'lab', clock.now());
  assert.equal((await actorOf(database, policy, first.token, clock.now())).ok, false);
  assert.equal(await ask(await sign()), 'invalid_client');
});

test('[access A11] a client with a private key in its set, without keys or with unknown scopes is refused', async (t) => {
  const { database, policy, clock } = await testCounty(t);
  const { privateKey } = await generateKeyPair('ES384', { extractable: true });
  const secret = await exportJWK(privateKey);
  const make = async (more: object) => {
    const client = { id: 'x', name: 'x', org: 'h', scopes: SCOPES, jwks: { keys: [] }, ...more };
    const made = await createClient(database, policy, client, clock.now());
    return made.ok ? 'ok' : made.refusal.code;
  };
  assert.equal(await make({ jwks: { keys: [secret] } }), 'keys-unusable');
  assert.equal(await make({}), 'keys-unusable');
  assert.equal(await make({ scopes: ['system/Everything.rs'] }), 'scope-unknown');
});

test('[access A11] scopes of both versions; what is not understood opens nothing', () => {
  const rights = (scope: string) =>
    readScopes([scope]).map((one) =>
      (['create', 'read', 'update', 'delete', 'search'] as const).filter((right) => one[right]).join(),
    );
  assert.deepEqual(rights('system/*.read'), ['read,search']);
  assert.deepEqual(rights('user/Patient.write'), ['create,update,delete']);
  assert.deepEqual(rights('patient/Observation.cru'), ['create,read,update']);
  for (const scope of [
    'system/Patient.',
    'system/Patient.rx',
    'system/Nothing.rs',
    'system/Observation.rs?category=x',
    'launch',
    'openid',
  ])
    assert.deepEqual(rights(scope), [], scope);
});
