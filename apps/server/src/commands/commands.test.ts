// Commands and the feed over HTTP: order, once only, what engines own, and a stream that can be taken up again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowKey } from '@yimai/fhir';
import { uuidv7 } from '@yimai/kit';
import { ENGINE_COMMANDS } from '@yimai/record';
import { testServer } from '../server.fixture.ts';

test('[server C1] an array of commands is applied one by one and in order; a refusal stops no other', async (t) => {
  const { request, consortium } = await testServer(t);
  const me = await request('GET', '/auth/me');
  const { org, role } = me.json.roles[0];
  const command = (type: string, payload: unknown) => ({
    id: uuidv7(),
    type,
    occurredAt: consortium.clock.now().toISOString(),
    actingAs: { org, role },
    payload,
  });
  const create = (login: string) => command('user.create', { login, name: '测试（合成）' });
  const batch = [
    create('first.user'),
    create('bad login !'),
    command('nothing.known', {}),
    create('second.user'),
  ];
  const answer = await request('POST', '/commands', batch, { 'content-type': 'application/json' });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    answer.json.map((one: { outcome: string }) => one.outcome),
    ['applied', 'refused', 'refused', 'applied'],
    answer.text,
  );
  assert.deepEqual(
    answer.json.map((one: { id: string }) => one.id),
    batch.map((one) => one.id),
  );
  assert.equal(answer.json[2].refusal.code, 'command-unknown');
  const again = await request('POST', '/commands', batch, { 'content-type': 'application/json' });
  assert.deepEqual(again.json[0], answer.json[0]);
  assert.equal(
    (
      await request(
        'POST',
        '/commands',
        Array.from({ length: 501 }, () => ({})),
        { 'content-type': 'application/json' },
      )
    ).status,
    413,
  );
  for (const broken of ['nonsense', '7', 'null']) {
    const bad = await request('POST', '/commands', broken, { 'content-type': 'application/json' });
    assert.ok(bad.status === 400 || bad.json.outcome === 'refused', `${broken}: ${bad.status}`);
  }
});

test('[server C2] what an engine owns is read by FHIR and closed to FHIR writing, with the command to use', async (t) => {
  const { fhir, consortium } = await testServer(t);
  const { record } = consortium;
  const id = uuidv7();
  await record.transaction(record.systemAccess(), { via: 'command' }, (tx) =>
    tx.create({ resourceType: 'Task', status: 'requested', intent: 'order' }, { id, engine: 'loop' }),
  );
  const found = await fhir('GET', `Task/${id}`);
  assert.equal(found.status, 200);
  for (const [method, path, body] of [
    ['PUT', `Task/${id}`, { ...found.json, status: 'completed' }],
    ['DELETE', `Task/${id}`, undefined],
    ['POST', 'AuditEvent', { resourceType: 'AuditEvent' }],
  ] as const) {
    const answer = await fhir(method, path, body);
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.equal(answer.json.resourceType, 'OperationOutcome');
  }
  // Whatever engine it is, the refusal names commands that there are.
  const { handlers } = record.commands;
  for (const [engine, commands] of Object.entries(ENGINE_COMMANDS)) {
    for (const command of commands) assert.ok(handlers.has(command), `${engine}: ${command}`);
    const owned = await record.transaction(record.systemAccess(), { via: 'command' }, (tx) =>
      tx.create({ resourceType: 'Basic', code: { text: engine } }, { engine }),
    );
    const path = `Basic/${owned.fhirId}`;
    const patchType = { 'content-type': 'application/json-patch+json' };
    for (const answer of [
      await fhir('PUT', path, (await fhir('GET', path)).json),
      await fhir('PATCH', path, [{ op: 'add', path: '/language', value: 'zh' }], patchType),
      await fhir('DELETE', path),
    ]) {
      assert.equal(answer.status, 405, engine);
      assert.ok(answer.json.issue[0].details.text.includes(commands[0]), answer.text);
    }
  }
  assert.match((await fhir('POST', 'AuditEvent', {})).json.issue[0].details.text, /POST \/commands/);
  const refused = await fhir('PUT', `Task/${id}`, found.json);
  assert.match(refused.json.issue[0].details.text, /loop\.act/);
  const tagged = await fhir('POST', 'Task', {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    meta: { tag: [{ system: 'https://yimai.example/fhir/engine', code: 'loop' }] },
  });
  assert.equal(tagged.status, 405);
  assert.equal((await fhir('GET', `Task/${id}`)).json.status, 'requested');

  await record.sequencer.settle();
  const audit = async (query: string) => (await fhir('GET', `AuditEvent?${query}`)).json;
  const reads = await audit('subtype=create&type=rest&_total=accurate&_sort=date&_count=1');
  assert.ok(reads.total > 1 && reads.entry.length === 1 && reads.link.length === 2, JSON.stringify(reads));
  const next = reads.link[1].url.split('AuditEvent?')[1];
  const [first, second] = [reads.entry[0].resource, (await audit(next)).entry[0].resource];
  assert.ok(first.recorded <= second.recorded && first.id !== second.id);
  for (const query of ['type=login', 'agent-role=nobody'])
    assert.equal((await audit(query)).entry, undefined);
  const posted = await fhir('POST', 'AuditEvent/_search', 'subtype=create&_summary=count', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  assert.ok(posted.json.total >= reads.total && !posted.json.entry, posted.text);
});

test('[server C3] the feed goes on from any number, each row once; the event stream resumes by Last-Event-ID', async (t) => {
  const { fhir, request, server, token, consortium } = await testServer(t);
  for (let index = 0; index < 5; index += 1)
    await fhir('POST', 'Basic', { resourceType: 'Basic', code: { text: `${index}` } });
  await consortium.record.sequencer.settle();
  const lines = async (query: string) =>
    (await request('GET', `/changes?${query}`)).text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { seq: number; op: string });
  const all = await lines('since=0');
  assert.deepEqual(
    all.map((one) => one.seq),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    (await lines('since=3')).map((one) => one.seq),
    [4, 5],
  );
  assert.deepEqual(
    (await lines('since=1&limit=2')).map((one) => one.seq),
    [2, 3],
  );
  assert.equal((await request('GET', '/changes?since=-1')).status, 400);

  const stop = new AbortController();
  const stream = await fetch(`${server.url}/changes?since=0`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${token}`, 'last-event-id': '4' },
    signal: stop.signal,
  });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('id: 5')) text += (await reader.read()).value ?? '';
  assert.doesNotMatch(text, /id: 3\n/);
  await fhir('POST', 'Basic', { resourceType: 'Basic', code: { text: 'later' } });
  while (!text.includes('id: 6')) text += (await reader.read()).value ?? '';
  stop.abort();
});

test('[server C4] two row keys never meet: one id in two types is two rows', () => {
  const id = uuidv7();
  assert.notEqual(rowKey('Patient', id), rowKey('Observation', id));
});
