// Search over HTTP: names in every spelling, chains, what comes along, pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testServer } from '../server.fixture.ts';

const patient = { resourceType: 'Patient', name: [{ family: '测', text: '测一' }], gender: 'female' };

test('[server F5] search by name in characters, pinyin and initials; chains; includes; a page is pinned', async (t) => {
  const { fhir } = await testServer(t);
  const one = await fhir('POST', 'Patient', {
    ...patient,
    name: [{ text: '单小三', family: '单', given: ['小三'] }],
  });
  await fhir('POST', 'Observation', {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
    subject: { reference: `Patient/${one.json.id}` },
    valueQuantity: { value: 182, unit: 'mmHg' },
  });
  // Who is referred to by our own address is found, chained to and included like anybody.
  const { fullUrl } = (await fhir('GET', `Patient?_id=${one.json.id}`)).json.entry[0];
  const absolute = await fhir('POST', 'Condition', {
    resourceType: 'Condition',
    subject: { reference: fullUrl },
  });
  assert.equal(absolute.json.subject.reference, fullUrl);
  for (const query of [`patient=${one.json.id}`, `subject=${fullUrl}`, 'subject:Patient.name=sxs']) {
    const { entry } = (await fhir('GET', `Condition?${query}&_include=Condition:subject`)).json;
    assert.deepEqual(
      entry?.map((each: { search: { mode: string } }) => each.search.mode),
      ['match', 'include'],
      query,
    );
  }
  for (const name of ['单小三', '小三', 'shanxiaosan', 'sxs']) {
    assert.equal((await fhir('GET', `Patient?name=${encodeURIComponent(name)}`)).json.entry?.length, 1, name);
  }
  const chained = await fhir(
    'GET',
    'Observation?subject:Patient.name=sxs&value-quantity=gt180&_include=Observation:subject',
  );
  assert.deepEqual(
    chained.json.entry.map((entry: { search: { mode: string } }) => entry.search.mode),
    ['match', 'include'],
  );
  for (let index = 0; index < 5; index += 1) await fhir('POST', 'Patient', patient);
  const seen = new Set<string>();
  let path: string | undefined = 'Patient?_count=2';
  while (path !== undefined) {
    const page = await fhir('GET', path);
    for (const entry of page.json.entry ?? []) {
      assert.equal(seen.has(entry.resource.id), false);
      seen.add(entry.resource.id);
    }
    await fhir('POST', 'Patient', patient);
    const next = page.json.link.find((link: { relation: string }) => link.relation === 'next')?.url as
      | string
      | undefined;
    path = next?.slice(next.indexOf('/fhir/R4/') + '/fhir/R4/'.length);
  }
  assert.equal(seen.size, 6);
});

test('[server F5] pages in the order of a birth date show what matched at first, whoever writes meanwhile', async (t) => {
  const { fhir } = await testServer(t);
  const born = (id: string, year: number, gender = 'female') =>
    fhir('PUT', `Patient/${id}`, { ...patient, id, gender, birthDate: `${year}-01-01` });
  for (let at = 1; at <= 7; at += 1) await born(`p${at}`, 1950 + at);
  const seen: string[] = [];
  let path: string | undefined = 'Patient?gender=female&_sort=-birthdate&_count=2';
  for (let turn = 0; path !== undefined; turn += 1) {
    const page = await fhir('GET', path);
    for (const { resource } of page.json.entry) seen.push(`${resource.id} ${resource.birthDate.slice(0, 4)}`);
    const next = page.json.link.find((link: { relation: string }) => link.relation === 'next')?.url;
    path = next?.slice(next.indexOf('/fhir/R4/') + '/fhir/R4/'.length);
    if (turn > 0) continue;
    await born('p7', 1900);
    await born('p3', 2000);
    await born('p2', 1952, 'male');
    await born('p8', 1940);
    assert.equal((await fhir('DELETE', 'Patient/p4')).status, 204);
  }
  assert.deepEqual(
    seen,
    [7, 6, 5, 4, 3, 2, 1].map((at) => `p${at} ${1950 + at}`),
  );
});
