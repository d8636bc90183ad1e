// Every "no" of FHIR over HTTP has its status, a place and a reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testServer } from '../server.fixture.ts';

const patient = { resourceType: 'Patient', name: [{ family: '测', text: '测一' }], gender: 'female' };

test('[server F6] bad input has its status, a place and a reason, and nothing is stored', async (t) => {
  const { fhir, request, consortium, server, token } = await testServer(t);
  const cases: [string, string, unknown, number, { [name: string]: string }?][] = [
    ['POST', 'Patient', '{"resourceType":"Patient"', 400],
    ['POST', 'Patient', '{"resourceType":"Patient","gender":1}', 422],
    ['POST', 'Patient', { resourceType: 'Patient', shoeSize: 43 }, 422],
    ['POST', 'Patient', '{"resourceType":"Patient","multipleBirthInteger":2.0}', 422],
    ['PUT', 'Patient/n', '{"resourceType":"Patient","id":"n","multipleBirthInteger":2e0}', 422],
    ['POST', 'Patient', { resourceType: 'Observation' }, 400],
    ['POST', 'Patient', `{"resourceType":"Patient","extension":${'['.repeat(100_000)}`, 400],
    ['PUT', 'Patient/1', { resourceType: 'Patient', id: '2' }, 400],
    ['PUT', 'Patient/a_b', { resourceType: 'Patient', id: 'a_b' }, 400],
    ['GET', 'Patient?birthdate=never', undefined, 400],
    ['GET', 'Patient/%zz', undefined, 400],
    ['GET', 'Patient/none', undefined, 404],
    ['GET', 'Nothing/1', undefined, 404],
    ['POST', 'Patient', '<Patient/>', 415, { 'content-type': 'application/fhir+xml' }],
    ['POST', 'Patient', '{}', 415, { 'content-encoding': 'gzip' }],
    ['POST', 'Patient', '{}', 415, { 'content-type': 'application/json; charset=gbk' }],
    ['GET', 'Patient', undefined, 406, { accept: 'application/fhir+xml' }],
    ['GET', 'metadata?_format=xml', undefined, 406],
    ['GET', 'Patient', undefined, 406, { accept: 'application/fhir+json; fhirVersion=3.0' }],
    ['POST', 'Patient', patient, 415, { 'content-type': 'application/fhir+json; fhirVersion=5.0' }],
    ['GET', 'AuditEvent?_sort=entity', undefined, 400],
    ['POST', 'AuditEvent', { resourceType: 'AuditEvent' }, 405],
    ['DELETE', 'AuditEvent/1', undefined, 405],
    ['GET', 'AuditEvent?date=never', undefined, 400],
    ['PATCH', 'Patient', '[]', 400, { 'content-type': 'application/json-patch+json' }],
  ];
  for (const [method, path, body, status, headers] of cases) {
    const answer = await fhir(method, path, body, headers);
    assert.equal(
      answer.status,
      status,
      `${method} ${path} ${String(body).slice(0, 60)}: ${answer.text.slice(0, 200)}`,
    );
    assert.equal(answer.json?.resourceType, 'OperationOutcome', `${method} ${path}`);
    assert.match(answer.json.issue[0].details.text, /.+ \/ .+/);
  }
  const strict = await fhir('GET', 'Patient?shoe-size=1', undefined, { prefer: 'handling=strict' });
  assert.equal(strict.status, 400);
  const lenient = await fhir('GET', 'Patient?shoe-size=1');
  assert.equal(lenient.json.entry[0].search.mode, 'outcome');
  assert.equal(
    (await request('GET', '/fhir/R4/Patient', undefined, { authorization: 'Bearer ym_x' })).status,
    401,
  );
  const latin = await fetch(`${server.url}/fhir/R4/Patient`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    body: Buffer.from('{"resourceType":"Patient","name":[{"family":"M\u00fcller"}]}', 'latin1'),
  });
  assert.equal(latin.status, 400);
  for (const query of ['_id=1', 'agent=a', 'date=1999', 'patient=x'])
    assert.equal((await fhir('GET', `AuditEvent?${query}`)).json.entry, undefined, query);
  assert.equal(await consortium.record.feedHead(), 0);
  // Large and long, but right.
  const data = Buffer.alloc(12 * 1024 * 1024, 7).toString('base64');
  const binary = { resourceType: 'Binary', contentType: 'application/octet-stream', data };
  assert.equal((await fhir('POST', 'Binary', binary)).json.data, data);
  const long = { ...patient, name: [{ family: '\ufeff长'.repeat(20_000) }] };
  assert.equal((await fhir('POST', 'Patient', `\ufeff${JSON.stringify(long)}`)).status, 201);
});
