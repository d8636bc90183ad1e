// Binary as bytes, outside the tables, for those who may read its security context; and the export of a Group.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { assignRole, createUser } from '@yimai/record';
import { type TestServer, testServer } from '../server.fixture.ts';

const FHIR_JSON = { accept: 'application/fhir+json' };
const PNG = Buffer.from('89504e470d0a1a0a0000ff00fe', 'hex');

/** A token of a new person in one role. */
async function someone(
  { consortium }: TestServer,
  login: string,
  role: string,
  org: string,
): Promise<string> {
  const { database, policy, clock, accounts } = consortium;
  const user = must(await createUser(database, policy, { login, name: '甲（合成）' }, clock.now()));
  must(await assignRole(database, policy, { user: user.id, role, org }, clock.now()));
  return must(await accounts.localToken(login, clock.now())).token;
}

async function bytesOf(server: TestServer, path: string, headers: { [name: string]: string } = {}) {
  const response = await fetch(`${server.server.url}/fhir/R4/${path}`, {
    headers: { authorization: `Bearer ${server.token}`, ...headers },
  });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

test('[server F10] a file goes in and out as it is, whatever its type, and lies outside the tables', async (t) => {
  const server = await testServer(t);
  const { fhir, consortium } = server;
  const send = (path: string, body: Uint8Array | string, type: string, more: object = {}) =>
    fetch(`${server.server.url}/fhir/R4/${path}`, {
      method: path === 'Binary' ? 'POST' : 'PUT',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': type, ...more },
      body,
    });
  const sent = await send('Binary', PNG, 'image/png');
  assert.equal(sent.status, 201, await sent.text());
  const [, id] = /\/fhir\/R4\/Binary\/([^/]+)\/_history\/1$/.exec(sent.headers.get('location')!) ?? [];
  const raw = await bytesOf(server, `Binary/${id}`);
  assert.deepEqual([raw.status, raw.headers.get('content-type'), raw.bytes], [200, 'image/png', PNG]);
  assert.equal(raw.headers.get('etag'), 'W/"1"');
  assert.deepEqual((await bytesOf(server, `Binary/${id}`, { accept: 'image/png' })).bytes, PNG);
  const json = await fhir('GET', `Binary/${id}`, undefined, FHIR_JSON);
  assert.deepEqual([json.json.contentType, json.json.data], ['image/png', PNG.toString('base64')]);
  assert.equal((await fhir('GET', `Binary/${id}`, undefined, { accept: 'application/json' })).json.id, id);

  // Under an id of the client's, and a second version; what is not UTF-8 or is JSON or HTML keeps its bytes too.
  for (const [version, [body, type]] of (
    [
      [Buffer.from([0xc4, 0xe3]), 'text/plain; charset=gbk'],
      ['{"a":1.00}', 'application/vnd.county+json'],
      ['<script>alert(1)</script>', 'text/html'],
    ] as const
  ).entries()) {
    const answer = await send('Binary/mine', body, type);
    assert.equal(answer.status, version === 0 ? 201 : 200, await answer.text());
    const back = await bytesOf(server, 'Binary/mine', { accept: 'application/xml, */*' });
    assert.deepEqual([back.headers.get('content-type'), back.bytes], [type, Buffer.from(body)]);
  }
  const page = await bytesOf(server, 'Binary/mine');
  assert.equal(page.headers.get('content-disposition'), 'attachment');
  assert.equal((await bytesOf(server, 'Binary/mine/_history/1')).bytes.toString('hex'), 'c4e3');
  assert.equal((await bytesOf(server, 'Binary/mine', { 'if-none-match': 'W/"3"' })).status, 304);
  assert.equal((await send('Binary/mine', 'x', 'text/plain', { 'if-match': 'W/"1"' })).status, 412);
  assert.equal((await send('Binary', '', 'text/plain')).status, 422);
  assert.equal((await bytesOf(server, 'Binary/_history')).status, 200);

  // A Binary that came as FHIR JSON is had as bytes as well; base64 with line breaks comes back letter for letter.
  const broken = `${PNG.toString('base64').slice(0, 8)}\r\n${PNG.toString('base64').slice(8)}`;
  const resource = { resourceType: 'Binary', contentType: 'image/png', data: broken };
  const created = await fhir('POST', 'Binary', resource);
  assert.equal(created.json.data, broken);
  assert.deepEqual((await bytesOf(server, `Binary/${created.json.id}`)).bytes, PNG);
  const changed = { resourceType: 'Binary', contentType: 'image/png', data: 'blob:0' };
  assert.equal((await fhir('POST', 'Binary', changed)).status, 422);
  const { rows } = await consortium.database.tx({ 'app.reach': 'all' }, (run) =>
    run.run<{ content: string }>(sql`select content from resource where type = 'Binary'`),
  );
  assert.equal(rows.length, 3);
  for (const { content } of rows) assert.match(content, /"data":"blob:[0-9a-f]{64}(:text)?"/);

  // Where many may come at once, long files come without their bytes.
  const long = Buffer.alloc(3 * 1024 * 1024, 7);
  assert.equal((await send('Binary/long', long, 'video/mp4')).status, 201);
  const found = await fhir('GET', 'Binary?_id=long');
  assert.equal(found.json.entry[0].resource.data, undefined);
  assert.equal(found.json.entry[0].resource.meta.tag[0].code, 'SUBSETTED');
  assert.deepEqual((await bytesOf(server, 'Binary/long')).bytes, long);
  const whole = (await fhir('GET', 'Binary/long', undefined, FHIR_JSON)).json;
  assert.deepEqual(
    [whole.id, whole.contentType, whole.meta.versionId, whole.data === long.toString('base64')],
    ['long', 'video/mp4', '1', true],
  );

  // More than is allowed leaves nothing behind.
  const folder = join(consortium.dataDir, 'blobs');
  const before = readdirSync(folder, { recursive: true }).length;
  const pieces = (async function* () {
    for (let index = 0; index < 10; index += 1) yield Buffer.alloc(100, index);
  })();
  assert.equal(await consortium.record.blobs.putStream(pieces, 999), null);
  assert.equal(readdirSync(folder, { recursive: true }).length, before);
});

test('[server F11] who may not read the security context of a file may not have it, on no way', async (t) => {
  const server = await testServer(t);
  const { fhir } = server;
  const house = (id: string) => ({ resourceType: 'Organization', id, name: '测试院' });
  await fhir('PUT', 'Organization/h1', house('h1'));
  await fhir('PUT', 'Organization/h2', house('h2'));
  await fhir('PUT', 'Patient/p', {
    resourceType: 'Patient',
    id: 'p',
    birthDate: '1980-01-01',
    managingOrganization: { reference: 'Organization/h1' },
  });
  const script = server.token;
  const own = await someone(server, 'own-doctor', 'hospital-doctor', 'h1');
  const other = await someone(server, 'other-doctor', 'hospital-doctor', 'h2');
  await fhir('PUT', 'Condition/c', {
    resourceType: 'Condition',
    id: 'c',
    subject: { reference: 'Patient/p' },
    recorder: { display: '甲' },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'F20.000' }] },
  });
  const file = (name: string, context: string) =>
    fhir('PUT', `Binary/${name}`, 'a text', {
      'content-type': 'text/plain',
      'x-security-context': context,
    });
  assert.equal((await file('open', 'Patient/p')).status, 201);
  assert.equal((await file('locked', `${server.server.url}/fhir/R4/Condition/c`)).status, 201);
  await fhir('PUT', 'Binary/json', {
    resourceType: 'Binary',
    id: 'json',
    contentType: 'text/plain',
    securityContext: { reference: 'Condition/c' },
    data: 'bm90ZQ==',
  });
  const mine = await bytesOf(server, 'Binary/locked');
  assert.deepEqual([mine.status, mine.headers.get('x-security-context')], [200, 'Condition/c']);

  server.token = own;
  assert.equal((await bytesOf(server, 'Binary/open')).status, 200);
  for (const path of ['Binary/locked', 'Binary/json', 'Binary/json/_history/1'])
    for (const accept of ['*/*', 'application/fhir+json'])
      assert.equal((await bytesOf(server, path, { accept })).status, 404, path);
  const all = ['Binary?_count=50', 'Binary/_history', '$export?_type=Binary', 'Binary/json/_history'];
  for (const path of all) {
    const { text } = await fhir('GET', path);
    assert.ok(!text.includes('bm90ZQ=='), path);
  }
  const patch = [{ op: 'replace', path: '/securityContext/reference', value: 'Patient/p' }];
  const patched = await fhir('PATCH', 'Binary/json', patch, {
    'content-type': 'application/json-patch+json',
  });
  assert.equal(patched.status, 404);

  // The file may be anyone's: what its context closes stays closed, and what it opens is open.
  server.token = other;
  assert.equal((await bytesOf(server, 'Binary/locked')).status, 404);
  server.token = script;
  assert.equal((await bytesOf(server, 'Binary/json')).bytes.toString(), 'note');
});

test('[server F12] the export of a Group or of named residents holds theirs alone, under the policy of who asks', async (t) => {
  const server = await testServer(t);
  const { fhir } = server;
  const house = (id: string) => ({ resourceType: 'Organization', id, name: '测试院' });
  await fhir('PUT', 'Organization/h1', house('h1'));
  await fhir('PUT', 'Organization/h2', house('h2'));
  for (const [id, org] of [
    ['a', 'h1'],
    ['b', 'h1'],
    ['c', 'h1'],
    ['d', 'h2'],
  ] as const) {
    const managingOrganization = { reference: `Organization/${org}` };
    const birthDate = '1980-01-01';
    await fhir('PUT', `Patient/${id}`, { resourceType: 'Patient', id, birthDate, managingOrganization });
    await fhir('PUT', `Observation/o-${id}`, {
      resourceType: 'Observation',
      id: `o-${id}`,
      status: 'final',
      code: { text: '测' },
      subject: { reference: `Patient/${id}` },
      performer: [managingOrganization],
    });
  }
  const own = await someone(server, 'own-doctor', 'hospital-doctor', 'h1');
  const other = await someone(server, 'other-doctor', 'hospital-doctor', 'h2');
  server.token = own;
  const member = (reference: string, more: object = {}) => ({ entity: { reference }, ...more });
  const group = (id: string, members: object[]) =>
    fhir('PUT', `Group/${id}`, { resourceType: 'Group', id, type: 'person', actual: true, member: members });
  assert.equal((await group('inner', [member('Patient/b'), member('Group/outer')])).status, 201);
  const outer = [
    member('Patient/a'),
    member('Group/inner'),
    member('Patient/c', { inactive: true }),
    member('Patient/d'),
  ];
  assert.equal((await group('outer', outer)).status, 201);
  const exported = async (path: string, body?: object) => {
    const { status, text } = await fhir(body ? 'POST' : 'GET', path, body);
    assert.equal(status, 200, text);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines
      .map((line) => JSON.parse(line) as { resourceType: string; id: string })
      .map(({ id }) => id)
      .sort();
  };
  assert.deepEqual(await exported('Group/outer/$export?_type=Encounter,Observation'), ['o-a', 'o-b']);
  assert.deepEqual(await exported('Patient/$export?_type=Observation&patient=Patient/c'), ['o-c']);
  const named = { name: 'patient', valueReference: { reference: 'Patient/b' } };
  assert.deepEqual(
    await exported('Group/outer/$export?_type=Patient', { resourceType: 'Parameters', parameter: [named] }),
    ['b'],
  );
  const ordered = await fhir('GET', 'Group/outer/$export?_type=Patient', undefined, {
    prefer: 'respond-async',
  });
  assert.equal(ordered.status, 202);
  const bearer = { authorization: `Bearer ${own}` };
  const manifest = (await (
    await fetch(ordered.headers.get('content-location')!, { headers: bearer })
  ).json()) as {
    output: { url: string }[];
  };
  const file = await (await fetch(manifest.output[0]!.url, { headers: bearer })).text();
  // Who is who may be found across the consortium, masked; the notes of another house may not.
  assert.equal(file.trim().split('\n').length, 3);
  assert.equal((await fhir('GET', 'Group/none/$export')).status, 404);
  const ofOne = '_type=Observation&_typeFilter=Observation%3Fsubject%3DPatient/a';
  assert.deepEqual(await exported(`Group/outer/$export?${ofOne}`), ['o-a']);
  assert.deepEqual(await exported(`Patient/$export?${ofOne}&patient=Patient/b`), []);
  assert.equal((await fhir('GET', 'Group/outer/$export?_typeFilter=Patient%3Fnothing%3D1')).status, 400);
  server.token = other;
  assert.equal((await fhir('GET', 'Group/outer/$export')).status, 404);
  assert.deepEqual(
    await exported('Patient/$export?_type=Observation&patient=Patient/a,Patient/d').catch(() => 'bad'),
    'bad',
  );
  assert.deepEqual(await exported('Patient/$export?_type=Observation&patient=Patient/a&patient=Patient/d'), [
    'o-d',
  ]);
});
