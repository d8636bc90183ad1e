// The CapabilityStatement says what is there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testServer } from '../server.fixture.ts';

const patient = { resourceType: 'Patient', name: [{ family: '测', text: '测一' }], gender: 'female' };

test('[server F8] metadata says what is there', async (t) => {
  const { request, fhir } = await testServer(t);
  const answer = await request('GET', '/fhir/R4/metadata', undefined, { authorization: '' });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.fhirVersion, '4.0.1');
  assert.ok(answer.json.rest[0].resource.length >= 140);
  // A profile that is checked is named, and a resource can be checked against it without claiming it.
  const { supportedProfile, searchInclude, searchRevInclude, searchParam } =
    answer.json.rest[0].resource.find((one: { type: string }) => one.type === 'Patient');
  assert.ok(
    searchInclude.includes('Patient:organization') && searchRevInclude.includes('Observation:subject'),
  );
  for (const { name } of searchParam) {
    const value =
      { _id: '_id=1', _lastUpdated: '_lastUpdated=2026' }[name as string] ?? `${name}:missing=true`;
    const strict = { prefer: 'handling=strict' };
    assert.equal((await fhir('GET', `Patient?${value}&_count=0`, undefined, strict)).status, 200, name);
  }
  const parameter = [
    { name: 'resource', resource: patient },
    { name: 'profile', valueUri: supportedProfile[0] },
  ];
  const checked = await fhir('POST', 'Patient/$validate', { resourceType: 'Parameters', parameter });
  assert.ok(
    checked.json.issue.some((one: { severity: string }) => one.severity === 'error'),
    checked.text,
  );
  assert.equal((await fhir('POST', 'Patient/$validate', patient)).json.issue[0].severity, 'information');
});
