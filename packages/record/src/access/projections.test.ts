// Projections: the organisation tree under every order of arrival, and all of them rebuilt from the stored versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceTypes } from '@yimai/fhir';
import { RefusalError } from '@yimai/kit';
import type { Resource } from '../types.ts';
import { type County, keyOf, testCounty } from './county.fixture.ts';
import { orgsBelow } from './org-tree.ts';
import { makeAfterWrite } from './projections.ts';
import { rebuildProjections } from './rebuild.ts';

const org = (id: string, partOf?: string): Resource => ({
  resourceType: 'Organization',
  id,
  name: id,
  ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : {}),
});

const below = async (county: County, id: string): Promise<string[]> => {
  const found = await orgsBelow(county.database, keyOf(`Organization/${id}`));
  const { rows } = await county.database.text<{ fhir_id: string }>(
    'select fhir_id from org_node where id = any($1)',
    [found],
  );
  return rows.map((row) => row.fhir_id).sort();
};

test('[access A6] an organisation and all below it, whatever the order in which they arrive', async (t) => {
  const county = await testCounty(t);
  await county.put(org('village', 'township'));
  await county.put(org('township', 'county'), org('other', 'county'));
  await county.put(org('county'));
  assert.deepEqual(await below(county, 'county'), ['county', 'other', 'township', 'village']);
  assert.deepEqual(await below(county, 'township'), ['township', 'village']);
  await county.put(org('township', 'other'));
  assert.deepEqual(await below(county, 'other'), ['other', 'township', 'village']);
  await county.put(org('township'));
  assert.deepEqual(await below(county, 'county'), ['county', 'other']);
  assert.deepEqual(await below(county, 'unknown'), []);
});

test('[access A6] an organisation cannot come below itself, by any way', async (t) => {
  const county = await testCounty(t);
  await county.put(org('a'), org('b', 'a'), org('c', 'b'));
  for (const circle of [org('a', 'a'), org('a', 'b'), org('a', 'c')]) {
    await assert.rejects(county.put(circle), (error) => {
      assert.ok(error instanceof RefusalError);
      assert.equal(error.refusal.code, 'organisation-cycle');
      assert.equal(error.refusal.at, 'Organization.partOf');
      return true;
    });
  }
  // A circle closed by one that arrives late.
  await county.put(org('y', 'x'));
  await assert.rejects(county.put(org('x', 'y')), RefusalError);
  assert.deepEqual(await below(county, 'a'), ['a', 'b', 'c']);
});

const TABLES = [
  'org_node',
  'care_relation',
  'assignment',
  'consent_denial',
  'minor',
  'related_person',
  'patient_link',
  'practitioner_role',
];

async function snapshot(county: County): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of TABLES) {
    const { rows } = await county.database.text<{ line: string }>(
      `select t::text as line from ${table} t order by 1`,
    );
    all[table] = rows.map((row) => row.line);
  }
  return all;
}

test('[access A6] all projections rebuilt from the versions are what they were', async (t) => {
  const county = await testCounty(t);
  const reference = (text: string) => ({ reference: text });
  const encounter = (status: string, provider: string): Resource => ({
    resourceType: 'Encounter',
    id: 'e',
    status,
    class: { code: 'IMP' },
    subject: reference('Patient/p'),
    serviceProvider: reference(`Organization/${provider}`),
    participant: [{ individual: reference('PractitionerRole/r') }],
  });
  const patient = (more: object): Resource => ({
    resourceType: 'Patient',
    id: 'p',
    managingOrganization: reference('Organization/a'),
    ...more,
  });
  const steps: Resource[][] = [
    [org('b', 'a')],
    [org('a')],
    [
      {
        resourceType: 'PractitionerRole',
        id: 'r',
        practitioner: reference('Practitioner/w'),
        organization: reference('Organization/a'),
      },
    ],
    [patient({ birthDate: '2020-02-29' })],
    [encounter('in-progress', 'a')],
    [encounter('in-progress', 'b')],
    [encounter('finished', 'b')],
    [
      {
        resourceType: 'RelatedPerson',
        id: 'k',
        patient: reference('Patient/p'),
        period: { start: '2020-03-01', end: '2030-01-01' },
      },
    ],
    [{ resourceType: 'Patient', id: 'g', link: [{ other: reference('RelatedPerson/k'), type: 'seealso' }] }],
    [
      {
        resourceType: 'Task',
        id: 't',
        status: 'requested',
        intent: 'order',
        for: reference('Patient/p'),
        owner: reference('Organization/b'),
        requester: reference('Organization/a'),
      },
    ],
    [
      {
        resourceType: 'Task',
        id: 't',
        status: 'completed',
        intent: 'order',
        for: reference('Patient/p'),
        owner: reference('Organization/a'),
        requester: reference('Organization/a'),
      },
    ],
    [
      {
        resourceType: 'Consent',
        id: 'c',
        status: 'inactive',
        scope: { coding: [{ code: 'patient-privacy' }] },
        category: [{ text: 'x' }],
        patient: reference('Patient/p'),
        policyRule: { text: 'x' },
      },
    ],
    [patient({ birthDate: '2020-02-29', managingOrganization: reference('Organization/b') })],
  ];
  for (const step of steps) {
    await county.put(...step);
    county.clock.advanceBy(1000);
  }
  const before = await snapshot(county);
  for (const table of TABLES) assert.ok(before[table]!.length > 0, `${table} is empty`);
  assert.match(
    before['minor']!.join(),
    /2034-02-28 16:00:00\+00/,
    'born on 29 February: fourteen on 1 March in China',
  );
  await county.database.text('delete from care_relation');
  const done = await rebuildProjections(
    county.database,
    county.policy,
    makeAfterWrite(county.policy),
    resourceTypes(),
  );
  assert.equal(done.versions, steps.length);
  assert.deepEqual(await snapshot(county), before);
});
