// The OpenID provider inside: code with PKCE, our own page, and an access token that opens what its user may see.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { assignRole, createUser, setOutsideSubject } from '@yimai/record';
import { testServer } from '../server.fixture.ts';

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

test('[server A5] another system signs its people in by code and PKCE; a wrong password stays on the page; another house takes it for its outside provider', async (t) => {
  const file = join(tmpdir(), `oidc-clients-${process.pid}.json`);
  const redirect = 'https://his.example/callback';
  const client = {
    client_id: 'his',
    redirect_uris: [redirect],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
  };
  const otherPort = await freePort();
  const otherHouse = { ...client, client_id: 'other-house' };
  otherHouse.redirect_uris = [`http://127.0.0.1:${otherPort}/auth/outside/callback`];
  writeFileSync(file, JSON.stringify([client, otherHouse]));
  process.env['YIMAI_OIDC_CLIENTS'] = file;
  t.after(() => {
    delete process.env['YIMAI_OIDC_CLIENTS'];
    rmSync(file);
  });
  const { server, consortium, request } = await testServer(t);
  const { database, policy, clock } = consortium;
  const now = clock.now();
  const user = must(
    await createUser(
      database,
      policy,
      { login: 'test.doctor', name: '测试（合成）', password: 'a-long-enough-one-9' },
      now,
    ),
  );
  must(await assignRole(database, policy, { user: user.id, role: 'hospital-doctor', org: 'h1' }, now));

  // The house names itself by the port that it really has, also where port 0 took a free one.
  const known = await fetch(`${server.url}/.well-known/openid-configuration`);
  assert.equal(((await known.json()) as { issuer: string }).issuer, `${server.url}/oidc`);

  const stranger = await (await fetch(`${server.url}/oidc/auth?client_id=nobody`)).text();
  assert.match(stranger, /invalid_client/);
  assert.doesNotMatch(stranger, /https?:/, 'a page of ours calls for nothing from elsewhere');

  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'his',
    response_type: 'code',
    redirect_uri: redirect,
    scope: 'openid profile',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const jar = new Map<string, string>();
  const go = async (url: string, init: RequestInit = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(new URL(url, server.url), {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      jar.set(name!, value!);
    }
    return answer;
  };
  const start = await go(`/oidc/auth?${query}`);
  const page = start.headers.get('location')!;
  assert.match(page, /\/oidc-sign-in\//, await start.text());
  assert.match(await (await go(page)).text(), /登录一脉/);
  const post = (password: string) =>
    go(page, { method: 'POST', body: new URLSearchParams({ login: 'test.doctor', password }) });
  assert.equal((await post('wrong')).status, 401);
  const signed = await post('a-long-enough-one-9');
  let next = signed.headers.get('location') ?? assert.fail(`${signed.status} ${await signed.text()}`);
  for (let hop = 0; hop < 6 && !next.startsWith(redirect); hop += 1) {
    const answer = await go(next);
    next = answer.headers.get('location') ?? assert.fail(`${next}: ${answer.status} ${await answer.text()}`);
  }
  const code = new URL(next).searchParams.get('code')!;
  assert.ok(code, next);
  const token = await go('/oidc/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirect,
      client_id: 'his',
      code_verifier: verifier,
    }),
  });
  const { access_token } = (await token.json()) as { access_token: string };
  const me = await request('GET', '/auth/me', undefined, { authorization: `Bearer ${access_token}` });
  assert.equal(me.status, 200, me.text);
  assert.equal(me.json.user.login, 'test.doctor');

  // A second house takes the first for its outside provider.
  const settings = join(tmpdir(), `outside-${process.pid}.json`);
  const name = { zh: '县统一登录', en: 'the county sign-in' };
  writeFileSync(settings, JSON.stringify({ issuer: `${server.url}/oidc`, clientId: 'other-house', name }));
  process.env['YIMAI_OUTSIDE_SIGN_IN'] = settings;
  delete process.env['YIMAI_OIDC_CLIENTS'];
  t.after(() => {
    delete process.env['YIMAI_OUTSIDE_SIGN_IN'];
    rmSync(settings);
  });
  const other = await testServer(t, { port: otherPort });
  assert.deepEqual((await other.request('GET', '/desk/system')).json.outside, { name });
  const guest = must(
    await createUser(other.consortium.database, policy, { login: 'guest', name: '外部用户（合成）' }, now),
  );
  must(
    await assignRole(
      other.consortium.database,
      policy,
      { user: guest.id, role: 'hospital-doctor', org: 'h1' },
      now,
    ),
  );
  const visitor = new Map<string, string>();
  const visit = async (url: string) => {
    const isOther = url.startsWith(other.server.url);
    const cookies = isOther ? visitor : jar;
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join('; ') },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(key!, value!);
    }
    return answer;
  };
  const callback = async () => {
    let at = `${other.server.url}/auth/outside`;
    for (let hop = 0; hop < 8 && !at.includes('/callback?'); hop += 1)
      at = new URL((await visit(at)).headers.get('location')!, at).href;
    return at;
  };
  assert.equal((await visit(await callback())).status, 401, 'nobody here is that person yet');
  must(await setOutsideSubject(other.consortium.database, guest.id, user.id));
  const good = await callback();
  const kept = new Map(visitor);
  visitor.clear();
  assert.equal((await visit(good)).status, 401, 'another browser cannot end what this one began');
  for (const [key, value] of kept) visitor.set(key, value);
  assert.equal((await visit(good.replace(/code=[^&]+/, 'code=forged'))).status, 401);
  assert.equal((await visit(good)).status, 401, 'a state counts once, also after a failure');
  const done = await visit(await callback());
  assert.deepEqual([done.status, done.headers.get('location')], [303, '/']);
  const session = { authorization: `Bearer ${visitor.get('yimai_session')}` };
  const signedIn = await other.request('GET', '/auth/me', undefined, session);
  assert.deepEqual([signedIn.json.user.login, signedIn.json.roles.length], ['guest', 1], signedIn.text);
});
