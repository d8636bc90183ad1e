// Bulk data over HTTP: what $import brought in, $export gives out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { must } from '@yimai/kit';
import { testServer } from '../server.fixture.ts';
import { openExportJobs } from './bulk-export.ts';

const patient = { resourceType: 'Patient', name: [{ family: '测', text: '测一' }], gender: 'female' };

test('[server F7] $export streams what $import brought in', async (t) => {
  const { fhir, server, token, consortium } = await testServer(t);
  const lines = Array.from({ length: 1200 }, (_, index) => JSON.stringify({ ...patient, id: `p-${index}` }));
  lines.splice(600, 0, '{"resourceType":"Patient","birthDate":"2023-02-30"}');
  const type = { 'content-type': 'application/fhir+ndjson' };
  const first = await fhir('POST', '$import', lines.join('\n'), type);
  const value = (answer: typeof first, name: string) =>
    answer.json.parameter.find((one: { name: string }) => one.name === name)?.valueInteger;
  assert.deepEqual([value(first, 'created'), value(first, 'refused')], [1200, 1], first.text.slice(0, 400));
  const again = await fhir('POST', '$import', lines.join('\n'), type);
  assert.deepEqual([value(again, 'created'), value(again, 'unchanged')], [0, 1200]);
  const packed = await fetch(`${server.url}/fhir/R4/$import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...type, 'content-encoding': 'gzip' },
    body: gzipSync(lines.join('\n')),
  });
  assert.match(await packed.text(), /"unchanged","valueInteger":1200/);
  const latin = await fetch(`${server.url}/fhir/R4/$import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...type },
    body: Buffer.from('{"resourceType":"Patient","name":[{"family":"M\u00fcller"}]}\n', 'latin1'),
  });
  assert.match(await latin.text(), /"created","valueInteger":0.*"invalid-utf8"/);
  const out = await fhir('GET', '$export?_type=Patient');
  assert.equal(out.text.trim().split('\n').length, 1200);
  const lineOf = (text: string) =>
    text === ''
      ? []
      : text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
  const filter = encodeURIComponent(
    'Patient?_id=p-1,p-2,Patient?_id=p-3&gender=female,Observation?status=final',
  );
  const some = lineOf((await fhir('GET', `$export?_typeFilter=${filter}&_elements=Patient.gender`)).text);
  assert.deepEqual(
    some.map(({ id, gender, name, meta }) => [id, gender, name, meta.tag[0].code]).sort(),
    ['p-1', 'p-2', 'p-3'].map((id) => [id, 'female', undefined, 'SUBSETTED']),
  );
  for (const wrong of [
    '_typeFilter=Patient',
    '_typeFilter=Nothing?a=b',
    '_typeFilter=Patient?nothing=1',
    '_elements=a.b.c',
    '_type=Observation&_typeFilter=Patient?gender=male',
    '_typeFilter=Patient?_sort=name',
  ]) {
    const refused = await fhir('GET', `$export?${wrong}`);
    assert.deepEqual([refused.status, refused.json.resourceType], [400, 'OperationOutcome'], wrong);
  }
  const wish = await fhir('GET', `$export?_typeFilter=${filter}`, undefined, { prefer: 'respond-async' });
  const wished = await fetch(wish.headers.get('content-location')!, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { output } = (await wished.json()) as { output: { type: string; url: string }[] };
  const wishedFile = await fetch(output[0]!.url, { headers: { authorization: `Bearer ${token}` } });
  assert.deepEqual([output.length, lineOf(await wishedFile.text()).length], [1, 3]);
  const ordered = await fhir('GET', '$export', undefined, { prefer: 'respond-async' });
  const status = ordered.headers.get('content-location')!;
  await fhir('POST', 'Observation', {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'later' },
  });
  // The order is kept by the database: a process that starts later answers for it as well.
  const { record, accounts } = consortium;
  const access = accounts.accessOf(
    must(await accounts.signedIn(token, record.clock.now())),
    record.clock.now(),
  );
  const later = openExportJobs(record, accounts);
  const manifest = (await later.manifest(status.split('/').at(-1)!, access)) as {
    output: { type: string; url: string }[];
  };
  assert.deepEqual(
    manifest.output.map((file) => file.type),
    ['Patient'],
  );
  const bearer = { authorization: `Bearer ${token}` };
  const file = await fetch(manifest.output[0]!.url, { headers: bearer });
  assert.equal((await file.text()).trim().split('\n').length, 1200);
  const parameters = { resourceType: 'Parameters', parameter: [{ name: '_count', valueInteger: 1 }] };
  const everything = await fhir('POST', 'Patient/p-1/$everything', parameters);
  assert.equal(everything.json.entry[0].resource.id, 'p-1');
  const ended = await fetch(status, { method: 'DELETE', headers: bearer });
  assert.deepEqual([ended.status, (await fetch(status, { headers: bearer })).status], [202, 404]);
});
