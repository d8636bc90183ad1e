// No route reaches the store without the policy: each one asks who is there, and no room hands out a bare database.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { testServer } from '../server.fixture.ts';

/** Routes that answer a stranger, each with its reason. */
const OPEN: Readonly<Record<string, string>> = {
  'GET /health': 'tells a supervisor that the process lives',
  'GET /metrics': 'counts for the operator on this machine; no data of persons',
  'GET /fhir/R4/metadata': 'the standard asks for an open CapabilityStatement',
  'GET /fhir/R4/.well-known/smart-configuration': 'tells a client where to sign in',
  'GET /.well-known/smart-configuration': 'tells a client where to sign in',
  'GET /.well-known/openid-configuration': 'tells another system where its people sign in',
  'POST /auth/sign-in': 'how one stops being a stranger',
  'POST /auth/first-password':
    'a fresh house has nobody who could sign in; it asks for the code of this start',
  'POST /oauth/token': 'how a system stops being a stranger',
  'GET /auth/demo': 'shown only where every person is synthetic',
  'GET /desk/system': 'name of the house and whether it is a demo, for the sign-in page',
};

/** The OpenID provider inside: how people of other systems stop being strangers; it refuses by its own protocol. */
const PROVIDER = /^\/oidc(-sign-in)?\//;

test('[server A1] every route refuses a stranger, but for a short list with reasons', async (t) => {
  const fixture = await testServer(t);
  fixture.token = '';
  const routes = fixture.server.routes.filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS');
  assert.ok(routes.length > 20, 'the routes were gathered');
  const reached: string[] = [];
  for (const { method, url } of routes) {
    if (OPEN[`${method} ${url}`] !== undefined || PROVIDER.test(url)) continue;
    const path = url.replace(/:\w+/g, 'x').replace(/\*$/, 'Patient');
    const answer = await fixture.request(method, path, method === 'GET' ? undefined : '{}', {
      'content-type': 'application/json',
    });
    if (answer.status !== 401) reached.push(`${method} ${url}: ${answer.status}`);
  }
  assert.deepEqual(reached, []);
});

test('[server A2] FHIR and command routes hold no database: only the record runs statements on person data', () => {
  const folder = new URL('..', import.meta.url);
  const offenders = ['fhir', 'commands', 'auth', 'http'].flatMap((room) =>
    readdirSync(new URL(`${room}/`, folder))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .filter((file) =>
        /@yimai\/postgres|from 'pg'/.test(readFileSync(new URL(`${room}/${file}`, folder), 'utf8')),
      )
      .map((file) => `${room}/${file}`),
  );
  assert.deepEqual(offenders, []);
});
