// The store: versions, exact content, commands once, the feed complete and in order, the audit chained.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, RefusalError, refuse, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { verifyChain } from '../access/audit-chain.ts';
import type { CommandEnvelope, CommandHandler, Resource } from '../types.ts';
import { testStore } from './store.fixture.ts';

const patient = (family: string): Resource => ({
  resourceType: 'Patient',
  name: [{ text: `${family}测试`, family }],
  gender: 'female',
});

test('[record R1] what is stored comes back digit for digit, version after version', async (t) => {
  const { record } = await testStore(t);
  const access = record.systemAccess();
  const text =
    '{"resourceType":"Observation","status":"final","code":{"text":"血糖"},"valueQuantity":{"value":6.10,"unit":"mmol/L"}}';
  const source = { text, lossless: false };
  const created = await record.transaction(access, { via: 'rest' }, (tx) =>
    tx.create(JSON.parse(text) as Resource, { source }),
  );
  const again = text.replace('6.10', '1e2');
  await record.transaction(access, { via: 'rest' }, (tx) =>
    tx.update(
      { ...(JSON.parse(again) as Resource), id: created.fhirId },
      { source: { text: again, lossless: false } },
    ),
  );
  const now = await record.read(access, 'Observation', created.fhirId);
  const before = await record.readVersion(access, 'Observation', created.fhirId, 1);
  assert.match(now!.content!, /"value":1e2,/);
  assert.match(before!.content!, /"value":6.10,/);
  assert.equal(now!.version, 2);
});

test('[record R8] of two updates that start from one version, the second is refused', async (t) => {
  const { record } = await testStore(t);
  const access = record.systemAccess();
  const row = await record.transaction(access, { via: 'rest' }, (tx) => tx.create(patient('李')));
  const update = (family: string) =>
    record.transaction(access, { via: 'rest' }, (tx) =>
      tx.update({ ...patient(family), id: row.fhirId }, { ifVersion: 1 }),
    );
  const results = await Promise.allSettled([update('王'), update('赵')]);
  const refused = results.filter((result) => result.status === 'rejected');
  assert.equal(refused.length, 1);
  assert.equal((refused[0]!.reason as RefusalError).refusal.code, 'version-conflict');
  assert.equal((await record.read(access, 'Patient', row.fhirId))!.version, 2);
});

test('[record R3] a transaction that refuses leaves neither rows nor change rows nor audit', async (t) => {
  const { record, database } = await testStore(t);
  const access = record.systemAccess();
  await assert.rejects(
    record.transaction(access, { via: 'rest' }, async (tx) => {
      await tx.create(patient('钱'));
      await tx.flush();
      throw new RefusalError({ code: 'changed-mind' });
    }),
  );
  for (const table of ['resource', 'change_pending', 'audit_pending', 'idx_string']) {
    const { rows } = await database.tx({ 'app.reach': 'all' }, (run) =>
      run.text<{ n: number }>(`select count(*)::int as n from ${table}`),
    );
    assert.equal(rows[0]!.n, 0, table);
  }
});

const greet: CommandHandler<{ family: string }> = {
  type: 'patient.register',
  parse: (payload) => {
    const { family } = (payload ?? {}) as { family?: unknown };
    return typeof family === 'string'
      ? ok({ family })
      : refuse(
          'family-missing',
          { zh: '缺少姓', en: 'the family name is missing' },
          { at: 'payload.family' },
        );
  },
  async apply(tx, _command, { family }) {
    if (family === '无')
      return refuse('family-empty', { zh: '不可为无', en: 'cannot be none' }, { at: 'payload.family' });
    if (family === '错') throw new Error('fault: planted');
    const row = await tx.create(patient(family));
    return ok({ id: row.fhirId, number: await tx.nextNumber('patient') });
  },
};

function envelope(family: string, more: Partial<CommandEnvelope> = {}): CommandEnvelope {
  return {
    id: uuidv7(),
    type: 'patient.register',
    occurredAt: '2026-03-02T00:59:00Z',
    actingAs: { org: 'county', role: 'system' },
    payload: { family },
    ...more,
  };
}

test('[record R21] the same command twice has the effect of once, also at the same moment', async (t) => {
  const { record, database } = await testStore(t, { handlers: [greet as CommandHandler] });
  const accessFor = async () => ok(record.systemAccess());
  const command = envelope('孙');
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => record.commands.execute(command, accessFor)),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]!.outcome, 'applied');
  const { rows } = await database.tx({ 'app.reach': 'all' }, (run) =>
    run.text<{ n: number }>(`select count(*)::int as n from resource where type = 'Patient'`),
  );
  assert.equal(rows[0]!.n, 1);
});

test('[record R22] another body under a used id is told nothing but that the id is used', async (t) => {
  const { record } = await testStore(t, { handlers: [greet as CommandHandler] });
  const accessFor = async () => ok(record.systemAccess());
  const first = envelope('周');
  await record.commands.execute(first, accessFor);
  const answer = await record.commands.execute({ ...first, payload: { family: '吴' } }, accessFor);
  assert.equal(answer.outcome, 'refused');
  assert.equal(answer.refusal!.code, 'command-id-reused');
  assert.equal(answer.result, undefined);
});

test('[record R23] a refused command leaves nothing and is answered the same again; a fault is not kept', async (t) => {
  const { record, faults } = await testStore(t, { handlers: [greet as CommandHandler] });
  const accessFor = async () => ok(record.systemAccess());
  const command = envelope('无');
  const answer = await record.commands.execute(command, accessFor);
  assert.deepEqual(
    [answer.outcome, answer.refusal!.code, answer.refusal!.at],
    ['refused', 'family-empty', 'payload.family'],
  );
  assert.deepEqual(await record.commands.execute(command, accessFor), answer);
  assert.equal((await record.commands.execute(envelope('错'), accessFor)).outcome, 'fault');
  assert.equal(faults.length, 1);
  // The id of a command that does not exist, or came too late, is used up like any other.
  for (const first of [
    envelope('何', { type: 'nothing.known' }),
    envelope('何', { occurredAt: '2000-01-01T00:00:00Z' }),
  ]) {
    const kept = await record.commands.execute(first, accessFor);
    assert.equal(kept.outcome, 'refused');
    assert.deepEqual(await record.commands.execute(first, accessFor), kept);
    const { type, occurredAt } = envelope('何');
    const other = await record.commands.execute({ ...first, type, occurredAt }, accessFor);
    assert.equal(other.refusal?.code, 'command-id-reused');
  }
});

test('[record R20] a device clock too far ahead or behind is refused with its element', async (t) => {
  const { record } = await testStore(t, { handlers: [greet as CommandHandler] });
  const accessFor = async () => ok(record.systemAccess());
  for (const occurredAt of ['2026-03-02T01:05:01Z', '2025-01-20T00:00:00Z']) {
    const answer = await record.commands.execute(envelope('郑', { occurredAt }), accessFor);
    assert.deepEqual([answer.refusal?.code, answer.refusal?.at], ['occurred-at-out-of-bounds', 'occurredAt']);
  }
  const edge = await record.commands.execute(
    envelope('郑', { occurredAt: '2026-03-02T01:05:00Z' }),
    accessFor,
  );
  assert.equal(edge.outcome, 'applied');
  const noDay = await record.commands.execute(
    envelope('郑', { occurredAt: '2026-02-30T00:00:00Z' }),
    accessFor,
  );
  assert.deepEqual([noDay.refusal?.code, noDay.refusal?.at], ['command-malformed', 'occurredAt']);
  const payload = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
  const deep = await record.commands.execute(envelope('郑', { payload }), accessFor);
  assert.deepEqual([deep.refusal?.code, deep.refusal?.at], ['command-malformed', 'payload']);
});

test('[record R30] 16 writers with pauses and rollbacks: a reader that resumes at random sees each commit once, in order', async (t) => {
  const { record, clock } = await testStore(t);
  const access = record.systemAccess();
  let seed = 20260302;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  const committed = new Map<string, number>();
  let writing = true;
  const writer = async (number: number) => {
    for (let turn = 0; turn < 12; turn += 1) {
      const keep = random() > 0.3;
      const pause = random() * 8;
      try {
        const rows = await record.transaction(access, { via: 'rest' }, async (tx) => {
          const first = await tx.create(patient(`写${number}`));
          await tx.flush();
          await new Promise((resolve) => setTimeout(resolve, pause));
          const second = await tx.update({ ...patient(`写${number}二`), id: first.fhirId });
          if (!keep) throw new RefusalError({ code: 'rolled-back' });
          return [first, second];
        });
        for (const row of rows) committed.set(`${row.fhirId}/${row.version}`, 0);
        clock.advanceBy(1);
      } catch (error) {
        assert.ok(error instanceof RefusalError);
      }
    }
  };
  // Large imports number their own changes, unless some of others wait.
  const importing = async (name: string) => {
    for (const version of [1, 2]) {
      const importer = record.importer(access, { via: 'import' });
      for (let at = 0; at < 60; at += 1)
        await importer.add(JSON.stringify({ ...patient(`${name}${version}`), id: `${name}-${at}` }), at + 1);
      assert.equal((await importer.finish()).refused, 0);
      for (let at = 0; at < 60; at += 1) committed.set(`${name}-${at}/${version}`, 0);
    }
  };
  const seen: { seq: number; key: string }[] = [];
  const reader = async () => {
    let since = 0;
    for (;;) {
      const last = !writing;
      const page = await record.changes(access, since, 1 + Math.floor(random() * 7));
      for (const change of page.changes)
        seen.push({ seq: change.seq, key: `${change.id}/${change.version}` });
      // A reader that crashed before it noted its place starts from the last row it kept.
      since = random() > 0.2 ? page.next : (seen.at(-1)?.seq ?? 0);
      if (last && page.changes.length === 0 && since >= (await record.feedHead())) return;
      await new Promise((resolve) => setTimeout(resolve, random() * 5));
    }
  };
  const reading = reader();
  await importing('first');
  await Promise.all([
    ...Array.from({ length: 16 }, (_, index) => writer(index)),
    importing('beside'),
    importing('besides'),
  ]);
  await record.sequencer.settle();
  writing = false;
  await reading;
  assert.deepEqual(
    seen.map((one) => one.seq),
    seen.map((_, index) => index + 1),
    'no gap, no repeat, in order',
  );
  for (const { key } of seen) {
    assert.ok(committed.has(key), 'only what was committed');
    committed.set(key, committed.get(key)! + 1);
  }
  assert.ok(
    [...committed.values()].every((count) => count === 1),
    'each commit once',
  );
  const places = new Map(seen.map((one) => [one.key, one.seq]));
  for (const key of places.keys()) {
    const [id, version] = key.split('/');
    if (version === '2') assert.ok(places.get(`${id}/1`)! < places.get(key)!, 'versions in order');
  }
});

test('[record R40] every read of a person is audited, and the chain shows a changed row', async (t) => {
  const { record, database } = await testStore(t);
  const access = record.systemAccess();
  const row = await record.transaction(access, { via: 'rest' }, (tx) => tx.create(patient('冯')));
  await record.read(access, 'Patient', row.fhirId);
  await record.sequencer.settle();
  const report = await database.tx({ 'app.reach': 'all' }, (run) => verifyChain(run));
  assert.equal(report.broken, null);
  assert.equal(report.rows, 2);
  const { rows } = await database.run<{ action: string }>(sql`select action from audit order by seq`);
  assert.deepEqual(
    rows.map((one) => one.action),
    ['create', 'read'],
  );
  await database.run(sql`update audit set body = replace(body, 'read', 'none') where action = 'read'`);
  const after = await database.tx({ 'app.reach': 'all' }, (run) => verifyChain(run));
  assert.deepEqual(after.broken, { seq: 2, why: 'hash' });
});

test('[record R35] the same import again changes nothing; a wrong line harms no other', async (t) => {
  const { record } = await testStore(t);
  const access = record.systemAccess();
  const lines = [
    JSON.stringify({ ...patient('陈'), id: 'p-1' }),
    '{"resourceType":"Patient","gender":"unknowable"}',
    '{"resourceType":"Patient"',
    JSON.stringify(patient('褚')),
  ];
  const run = async () => {
    const importer = record.importer(access, { via: 'import' });
    for (const [index, line] of lines.entries()) await importer.add(line, index + 1);
    return importer.finish();
  };
  const first = await run();
  assert.deepEqual([first.created, first.unchanged, first.refused], [2, 0, 2]);
  assert.deepEqual(first.errors.map((error) => error.line).sort(), [2, 3]);
  const second = await run();
  assert.deepEqual([second.created, second.updated, second.unchanged, second.refused], [0, 0, 2, 2]);
});

test('[record R35] a batch that goes by COPY leaves what its resources leave one by one, also when they change', async (t) => {
  const { record, database } = await testStore(t);
  const access = record.systemAccess();
  const odd = ['a\\b', 'a\tb', 'a\nb', '\\N', '"{,}"', '测试'];
  const observation = (id: string, at: number, more: object): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'urn:x', code: `c${at}`, display: odd[at % odd.length]! }] },
    subject: {
      reference: 'Patient/p',
      identifier: { system: 'urn:oid:2.16.156.10011.1.3', value: '11010519491231002X' },
    },
    effectiveDateTime: '2026-11-22',
    ...more,
  });
  const numbers = Array.from({ length: 60 }, (_, at) => at);
  const bring = async (prefix: string, together: boolean, more: (at: number) => object) => {
    let importer = record.importer(access, { via: 'import' });
    for (const at of numbers) {
      await importer.add(JSON.stringify(observation(`${prefix}-${at}`, at, more(at))), at + 1);
      if (together) continue;
      await importer.finish();
      importer = record.importer(access, { via: 'import' });
    }
    await importer.finish();
  };
  const left = async (prefix: string) => {
    const tables = [
      'idx_token',
      'idx_string',
      'idx_date',
      'idx_reference',
      'idx_quantity',
      'history',
      'change',
    ];
    const found: unknown[] = [];
    for (const table of tables) {
      const key = table === 'history' ? 'id' : 'resource';
      const own = [
        'resource',
        'entry',
        'id',
        'seq',
        'tx',
        'ord',
        'fhir_id',
        'updated_at',
        'recorded_at',
        'content',
      ];
      const { rows } = await database.tx({ 'app.reach': 'all' }, (run) =>
        run.text<{ row: string }>(
          `select split_part(r.fhir_id, '-', 2) || ' ' || (to_jsonb(x) - $2::text[])::text as row
            from ${table} x join resource r on r.id = x.${key} where r.fhir_id like $1 order by 1`,
          [`${prefix}-%`, own],
        ),
      );
      found.push([table, rows.map(({ row }) => row)]);
    }
    return found;
  };
  const steps = [
    (at: number) => ({ valueQuantity: { value: at, unit: 'mmol/L' } }),
    (at: number) => ({ valueString: odd[at % odd.length]! }),
  ];
  for (const more of steps) {
    await bring('many', true, more);
    await bring('one', false, more);
    // A large batch in which one resource alone is new to the record.
    await bring('many', true, (at) =>
      at === 7 ? { ...more(at), issued: '2026-11-22T08:00:00Z' } : more(at),
    );
    await bring('one', false, (at) =>
      at === 7 ? { ...more(at), issued: '2026-11-22T08:00:00Z' } : more(at),
    );
    await record.sequencer.settle();
    const many = await left('many');
    assert.ok(JSON.stringify(many).length > 20_000);
    assert.deepEqual(many, await left('one'));
    assert.equal(JSON.stringify(many).includes('11010519491231002X'), false);
  }
});
