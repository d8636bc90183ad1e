// Batch and transaction Bundles over HTTP: all or nothing, references between entries, entries by themselves.
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

test('[server F4] a transaction resolves its own references and is all or nothing', async () => {
  const { fhir } = server;
  const bundle = (gender: string) => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:0193c1a0-0000-7000-8000-000000000002',
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'x' },
          subject: { reference: 'urn:uuid:0193c1a0-0000-7000-8000-000000000001' },
        },
        request: { method: 'POST', url: 'Observation' },
      },
      {
        fullUrl: 'urn:uuid:0193c1a0-0000-7000-8000-000000000001',
        resource: { ...patient, gender },
        request: { method: 'POST', url: 'Patient' },
      },
    ],
  });
  const done = await fhir('POST', '', bundle('female'));
  assert.equal(done.status, 200, done.text);
  const observation = done.json.entry[0].resource;
  assert.equal(observation.subject.reference, `Patient/${done.json.entry[1].resource.id}`);
  const refused = await fhir('POST', '', bundle('unknowable'));
  assert.equal(refused.status, 422);
  assert.match(refused.json.issue[0].expression[0], /^Bundle\.entry\[1\]/);
  assert.equal((await fhir('GET', 'Patient?_total=accurate&_count=0')).json.total, 1);

  // Links of the narrative follow; an identifier that reads like an address of the Bundle stays what it is.
  const url = 'urn:uuid:0193c1a0-0000-7000-8000-000000000003';
  const div = `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${url}">it</a> ${url}</div>`;
  const linked = await fhir('POST', '', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: url,
        resource: {
          ...patient,
          text: { status: 'generated', div },
          identifier: [{ system: 'urn:ietf:rfc:3986', value: url }],
        },
        request: { method: 'POST', url: 'Patient' },
      },
    ],
  });
  const { id, identifier, text } = linked.json.entry[0].resource;
  assert.equal(identifier[0].value, url);
  assert.equal(text.div, div.replace(`"${url}"`, `"Patient/${id}"`));

  const mixed = await fhir('POST', '', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      null,
      { request: { method: 'GET', url: 'http://elsewhere.example/Patient/1' } },
      { request: { method: 'POST', url: 'Patient' } },
      { request: { method: 'GET', url: `Patient/${id}` } },
    ],
  });
  assert.deepEqual(
    mixed.json.entry.map((entry: { response: { status: string } }) => entry.response.status),
    ['400', '400', '400', '200'],
  );
});

test('[server F4] entries that came from another server keep to each other; one full URL names one entry', async () => {
  const { fhir } = server;
  const root = 'http://other.example/fhir';
  const post = (type: string, id: string, more: object) => ({
    fullUrl: `${root}/${type}/${id}`,
    resource: { resourceType: type, id, ...more },
    request: { method: 'POST', url: type },
  });
  const seen = { status: 'final', code: { text: 'x' } };
  const send = (entry: readonly object[]) =>
    fhir('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  const done = await send([
    post('Patient', '77', { active: true }),
    post('Observation', '1', { ...seen, subject: { reference: 'Patient/77' } }),
    post('Observation', '2', { ...seen, subject: { reference: `${root}/Patient/77` } }),
    post('Observation', '3', { ...seen, subject: { reference: 'Patient/78' } }),
  ]);
  assert.equal(done.status, 200, done.text);
  const [person, ...observations] = done.json.entry;
  const place = `Patient/${person.resource.id}`;
  assert.deepEqual(
    observations.map(
      (one: { resource: { subject: { reference: string } } }) => one.resource.subject.reference,
    ),
    [place, place, 'Patient/78'],
  );
  assert.equal(person.response.lastModified, person.resource.meta.lastUpdated);
  const twice = await send([post('Patient', '1', { active: true }), post('Patient', '1', { active: false })]);
  assert.deepEqual([twice.status, twice.json.issue[0].expression], [400, ['Bundle.entry[1].fullUrl']]);
  const wrong = await send([post('Patient', '1', { gender: 'none' })]);
  assert.deepEqual(
    [wrong.status, wrong.json.issue[0].expression],
    [422, ['Bundle.entry[0].resource.gender']],
  );
  const batch = await fhir('POST', '', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ request: { method: 'GET', url: 'metadata' } }],
  });
  assert.equal(batch.json.entry[0].resource.resourceType, 'CapabilityStatement');
  const whole = await fhir('POST', 'Patient', patient, {
    'if-none-exist': `Patient?_id=${person.resource.id}`,
  });
  assert.deepEqual([whole.status, whole.json.id], [200, person.resource.id]);
});
