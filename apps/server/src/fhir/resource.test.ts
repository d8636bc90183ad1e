// One resource over HTTP: its versions, its conditions, its patches.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../server.fixture.ts';

const patient = { resourceType: 'Patient', name: [{ family: '测', text: '测一' }], gender: 'female' };

let server: TestServer;
const closing: (() => Promise<void>)[] = [];
before(async () => {
  server = await testServer({ after: (fn) => closing.push(fn) });
});
after(async () => {
  for (const close of closing) await close();
});

test('[server F1] create, read, update with If-Match, vread, history, delete, gone', async () => {
  const { fhir } = server;
  const created = await fhir('POST', 'Patient', patient);
  assert.equal(created.status, 201);
  const id = created.json.id as string;
  assert.match(created.headers.get('location')!, new RegExp(`/fhir/R4/Patient/${id}/_history/1$`));
  assert.equal(created.headers.get('etag'), 'W/"1"');

  const stale = await fhir(
    'PUT',
    `Patient/${id}`,
    { ...patient, id, gender: 'male' },
    { 'if-match': 'W/"9"' },
  );
  assert.equal(stale.status, 412);
  const updated = await fhir(
    'PUT',
    `Patient/${id}`,
    { ...patient, id, gender: 'male' },
    { 'if-match': 'W/"1"' },
  );
  assert.equal(updated.status, 200);
  assert.equal(updated.json.meta.versionId, '2');

  const first = await fhir('GET', `Patient/${id}/_history/1`);
  assert.equal(first.json.gender, 'female');
  assert.equal((await fhir('DELETE', `Patient/${id}`)).status, 204);
  assert.equal((await fhir('GET', `Patient/${id}`)).status, 410);
  const history = await fhir('GET', `Patient/${id}/_history`);
  assert.deepEqual(
    history.json.entry.map((entry: { request: { method: string } }) => entry.request.method),
    ['DELETE', 'PUT', 'POST'],
  );
  assert.equal((await fhir('GET', `Patient/${id}/_history?_count=0`)).json.entry, undefined);
  assert.equal((await fhir('GET', 'Patient/never/_history')).status, 404);
  assert.equal((await fhir('GET', 'Patient/never/$everything')).status, 404);
  const again = await fhir('PUT', `Patient/${id}`, { ...patient, id });
  assert.deepEqual([again.status, again.json.meta.versionId], [201, '4']);
  for (const known of ['*', 'W/"4"', '"4"', 'W/"9", W/"4"'])
    assert.equal(
      (await fhir('GET', `Patient/${id}`, undefined, { 'if-none-match': known })).status,
      304,
      known,
    );
  const anew = await fhir('PUT', `Patient/${id}`, { ...patient, id }, { 'if-none-match': '*' });
  assert.equal(anew.status, 412);
  const narrow = await fhir('GET', `Patient/${id}?_elements=gender`);
  assert.deepEqual([narrow.json.gender, narrow.json.name], ['female', undefined]);
  assert.equal(narrow.json.meta.tag[0].code, 'SUBSETTED');
  assert.equal((await fhir('GET', `Patient/${id}?_summary=some`)).status, 400);
});

test('[server F2] conditional create, update and delete; two matches are refused', async () => {
  const { fhir } = server;
  const known = { ...patient, identifier: [{ system: 'urn:mrn', value: '7' }] };
  const first = await fhir('POST', 'Patient', known, { 'if-none-exist': 'identifier=urn:mrn|7' });
  const second = await fhir('POST', 'Patient', known, { 'if-none-exist': 'identifier=urn:mrn|7' });
  assert.deepEqual([first.status, second.status, second.json.id], [201, 200, first.json.id]);
  const updated = await fhir('PUT', 'Patient?identifier=urn:mrn|7', { ...known, active: true });
  assert.deepEqual([updated.status, updated.json.id, updated.json.active], [200, first.json.id, true]);
  await fhir('POST', 'Patient', known);
  assert.equal((await fhir('DELETE', 'Patient?identifier=urn:mrn|7')).status, 412);
  assert.equal((await fhir('DELETE', 'Patient?identifier=urn:mrn|8')).status, 204);

  // Of several at the same moment one creates; the others find what it made.
  const named = (value: string) => ({ ...patient, identifier: [{ system: 'urn:mrn', value }] });
  const entry = ['11', '12'].map((value) => ({
    resource: named(value),
    request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=urn:mrn|${value}` },
  }));
  const bundle = { resourceType: 'Bundle', type: 'transaction' };
  const answers = await Promise.all(
    [1, 2, 3].flatMap((turn) => [
      fhir('POST', 'Patient', named('9'), { 'if-none-exist': 'identifier=urn:mrn|9' }),
      fhir('PUT', 'Patient?identifier=urn:mrn|10', named('10')),
      fhir('POST', '', { ...bundle, entry: turn === 2 ? [...entry].reverse() : entry }),
    ]),
  );
  assert.ok(
    answers.every(({ status }) => status < 300),
    answers.map(({ text }) => text).join('\n'),
  );
  for (const value of ['9', '10', '11', '12'])
    assert.equal(
      (await fhir('GET', `Patient?identifier=urn:mrn|${value}&_summary=count`)).json.total,
      1,
      value,
    );
});

test('[server F3] JSON Patch and FHIRPath Patch change what they say and no digit more', async () => {
  const { fhir } = server;
  const text =
    '{"resourceType":"Observation","status":"preliminary","code":{"text":"x"},"valueQuantity":{"value":1.00}}';
  const created = await fhir('POST', 'Observation', text);
  assert.match(created.text, /"value":1\.00/);
  const patchType = { 'content-type': 'application/json-patch+json' };
  const patched = await fhir(
    'PATCH',
    `Observation/${created.json.id}`,
    [{ op: 'replace', path: '/status', value: 'final' }],
    patchType,
  );
  assert.equal(patched.status, 200);
  assert.match(patched.text, /"value":1\.00/);
  assert.equal(patched.json.status, 'final');
  const wrong = await fhir(
    'PATCH',
    `Observation/${created.json.id}`,
    [{ op: 'remove', path: '/none' }],
    patchType,
  );
  assert.equal(wrong.status, 422);
  const operation = {
    name: 'operation',
    part: [
      { name: 'type', valueCode: 'replace' },
      { name: 'path', valueString: 'Observation.status' },
      { name: 'value', valueCode: 'amended' },
    ],
  };
  const parameters = { resourceType: 'Parameters', parameter: [operation] };
  const amended = await fhir('PATCH', `Observation/${created.json.id}`, parameters);
  assert.deepEqual([amended.status, amended.json.status], [200, 'amended'], amended.text);
  assert.match(amended.text, /"value":1\.00/);
  const bundle = await fhir('POST', '', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ request: { method: 'PATCH', url: `Observation/${created.json.id}` }, resource: parameters }],
  });
  assert.equal(bundle.json.entry?.[0].response.status, '200', bundle.text);
});
