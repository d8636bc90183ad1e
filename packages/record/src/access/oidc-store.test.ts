// The OpenID store inside, with the provider itself in front of it in apps/server; and the outside provider's token.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { testCounty } from './county.fixture.ts';
import { findAccount, oidcAdapter } from './oidc-store.ts';
import { type OutsideProvider, userOfIdToken } from './outside-provider.ts';
import { sweepSessions } from './session.ts';
import { createUser, setActive } from './users.ts';

test('[access A12] items are found until they expire, consumed once, and go with their grant', async (t) => {
  const { database, clock } = await testCounty(t);
  const adapter = oidcAdapter(database, () => clock.now());
  const codes = adapter('AuthorizationCode');
  await codes.upsert('a', { grantId: 'g', value: 1 }, 60);
  await codes.upsert('a', { grantId: 'g', value: 2 }, 60);
  await adapter('Session').upsert('s', { uid: 'u' }, 600);
  await adapter('DeviceCode').upsert('d', { userCode: 'c' });
  assert.deepEqual(await codes.find('a'), { grantId: 'g', value: 2 });
  assert.equal(await adapter('AccessToken').find('a'), undefined, 'models do not mix');
  assert.deepEqual(await adapter('Session').findByUid('u'), { uid: 'u' });
  assert.deepEqual(await adapter('DeviceCode').findByUserCode('c'), { userCode: 'c' });
  await codes.consume('a');
  assert.equal(typeof (await codes.find('a'))?.['consumed'], 'number');
  await codes.revokeByGrantId('g');
  assert.equal(await codes.find('a'), undefined);
  clock.advanceBy(600_000);
  assert.equal(await adapter('Session').find('s'), undefined, 'the end does not count');
  await adapter('DeviceCode').destroy('d');
  await sweepSessions(database, new Date(clock.now().getTime() + 1));
  assert.equal((await database.text('select 1 from oidc_item')).rowCount, 0);
});

test('[access A12] a subject is a user of ours that is switched on', async (t) => {
  const { database, policy, clock } = await testCounty(t);
  const user = must(await createUser(database, policy, { login: 'wang', name: '王医师' }, clock.now()));
  const account = await findAccount(database, user.id);
  assert.deepEqual(await account?.claims(), { sub: user.id, name: '王医师', preferred_username: 'wang' });
  await setActive(database, user.id, false, clock.now());
  assert.equal(await findAccount(database, user.id), undefined);
  assert.equal(await findAccount(database, "x' or 1=1"), undefined);
});

test('[access A12] an outside provider vouches only for users that exist, with our nonce, client and time', async (t) => {
  const { database, policy, clock } = await testCounty(t);
  const user = must(
    await createUser(database, policy, { login: 'wang', name: '王医师', outsideSubject: 'S-1' }, clock.now()),
  );
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256' }] });
  const provider: OutsideProvider = {
    issuer: 'https://id.province.example',
    clientId: 'yimai',
    jwksUri: 'https://id.province.example/keys',
    claim: 'sub',
    match: 'subject',
  };
  const now = Math.floor(clock.now().getTime() / 1000);
  const ask = async (claims: object = {}, rule: OutsideProvider = provider, nonce = 'n') => {
    const body = {
      iss: provider.issuer,
      aud: 'yimai',
      sub: 'S-1',
      nonce: 'n',
      exp: now + 60,
      staff_no: 'WANG',
      ...claims,
    };
    const token = await new SignJWT(body).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    const found = await userOfIdToken(database, rule, keys, token, nonce, clock.now());
    return found.ok ? found.value.user : found.refusal.code;
  };
  assert.equal(await ask(), user.id);
  assert.equal(await ask({}, { ...provider, claim: 'staff_no', match: 'login' }), user.id);
  for (const claims of [
    { sub: 'S-2' },
    { iss: 'https://x.example' },
    { aud: 'other' },
    { exp: now - 61 },
    { nonce: 'm' },
  ])
    assert.equal(await ask(claims), 'outside-sign-in-failed', JSON.stringify(claims));
});
