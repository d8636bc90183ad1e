// Nothing that must be closed lies in clear in any table.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testServer } from '../server.fixture.ts';

const patient = { resourceType: 'Patient', name: [{ family: '测', text: '测一' }], gender: 'female' };

test('[server F9] no ID number and no phone lies in clear in any table, also from answers to questions and odd identifiers', async (t) => {
  const { fhir, consortium } = await testServer(t);
  const [id, other, phone] = ['11010519491231002X', '330781198509070028', '13912345678'];
  const answers = [id, phone, '无'].map((valueString, at) => ({
    linkId: `q${at}`,
    answer: [{ valueString }],
  }));
  const form = { resourceType: 'QuestionnaireResponse', status: 'completed', item: answers };
  const stored = await fhir('POST', 'QuestionnaireResponse', form);
  assert.equal(stored.status, 201, stored.text);
  const back = await fhir('GET', `QuestionnaireResponse/${stored.json.id}`);
  assert.deepEqual(back.json.item, answers);
  const odd = { ...patient, identifier: [{ system: 'urn:his:card', value: other }] };
  const person = await fhir('POST', 'Patient', odd);
  const coverage = {
    resourceType: 'Coverage',
    status: 'active',
    subscriberId: id,
    payor: [{ display: 'x' }],
  };
  await fhir('POST', 'Coverage', {
    ...coverage,
    beneficiary: {
      reference: `Patient/${person.json.id}`,
      identifier: { system: 'urn:his:card', value: other },
    },
  });
  for (const query of [`identifier=${other}`, `identifier=urn:his:card|${other}`])
    assert.equal((await fhir('GET', `Patient?${query}`)).json.entry?.length, 1, query);
  assert.equal((await fhir('PUT', `Patient/${id}`, { ...patient, id })).status, 422);
  const { database, record } = consortium;
  await record.sequencer.settle();
  const found = await database.tx({ 'app.reach': 'all' }, async (run) => {
    const tables = await run.text<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'county'",
    );
    const clear: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await run.text<{ count: number }>(
        `select count(*)::int as count from "${name}" x where x::text ~ $1`,
        [[id, other, phone].join('|')],
      );
      if (rows[0]!.count > 0) clear.push(name);
    }
    assert.ok(tables.rows.length > 20);
    return clear;
  });
  assert.deepEqual(found, []);
});
