// FHIR over HTTP on the real database: interactions, conditions, bundles, search, history, bulk, and every "no".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { must } from '@yimai/kit';
import { testServer } from '../server.fixture.ts';
import { openExportJobs } from './bulk-export.ts';

const patient = { resourceType: 'Patient', name: [{ family: '测', text: '测一' }], gender: 'female' };

test('[server F1] create, read, update with If-Match, vread, history, delete, gone', async (t) => {
  const { fhir } = await testServer(t);
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

test('[server F2] conditional create, update and delete; two matches are refused', async (t) => {
  const { fhir } = await testServer(t);
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

test('[server F3] JSON Patch and FHIRPath Patch change what they say and no digit more', async (t) => {
  const { fhir } = await testServer(t);
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

test('[server F4] a transaction resolves its own references and is all or nothing', async (t) => {
  const { fhir } = await testServer(t);
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

test('[server F4] entries that came from another server keep to each other; one full URL names one entry', async (t) => {
  const { fhir } = await testServer(t);
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

test('[server F8] metadata says what is there', async (t) => {
  const { request, fhir } = await testServer(t);
  const answer = await request('GET', '/fhir/R4/metadata', undefined, { authorization: '' });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.fhirVersion, '4.0.1');
  assert.ok(answer.json.rest[0].resource.length >= 140);
  // A profile that is checked is named, and a resource can be checked against it without claiming it.
  const { supportedProfile } = answer.json.rest[0].resource.find(
    (one: { type: string }) => one.type === 'Patient',
  );
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
