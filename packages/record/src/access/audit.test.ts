// The audit: its chain shows what was changed, lost or added; AuditEvents show who did what, to who may know.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { chainHash, verifyChain } from './audit-chain.ts';
import { searchAudit } from './audit-events.ts';
import { type County, testCounty } from './county.fixture.ts';

async function countyWithAudit(t: Parameters<typeof testCounty>[0]): Promise<County> {
  const county = await testCounty(t);
  await county.put({ resourceType: 'Organization', id: 'h', name: '县医院' });
  await county.put({
    resourceType: 'Patient',
    id: 'p',
    managingOrganization: { reference: 'Organization/h' },
  });
  await county.put({
    resourceType: 'Patient',
    id: 'q',
    managingOrganization: { reference: 'Organization/h' },
  });
  const doctor = await county.user('doctor', [{ role: 'hospital-doctor', org: 'h' }]);
  // Nothing waits any more: each read joins the chain in its turn.
  await county.record.sequencer.settle();
  for (const id of ['p', 'q', 'p']) {
    county.clock.advanceBy(1000);
    await county.record.read(await county.as(doctor), 'Patient', id);
  }
  await county.record.sequencer.settle();
  return county;
}

test('[access A15] the chain holds, and names the first row that was changed, lost or cut off', async (t) => {
  const county = await countyWithAudit(t);
  const { database } = county;
  const whole = await verifyChain(database);
  assert.ok(whole.rows >= 6);
  assert.equal(whole.broken, null);
  const harm = async (text: string, params: readonly unknown[] = []) => {
    const copy = await database.text<{ seq: number; body: string; hash: Buffer }>(
      'select seq, body, hash from audit',
    );
    await database.text(text, params);
    const { broken } = await verifyChain(database);
    for (const row of copy.rows)
      await database.text('update audit set body = $2, hash = $3 where seq = $1', [
        row.seq,
        row.body,
        row.hash,
      ]);
    return broken;
  };
  // Which of the rows a read is hangs on who was first at the chain.
  const { rows: reads } = await database.text<{ seq: number }>(
    `select min(seq)::int as seq from audit where body like '%"read"%'`,
  );
  const seq = reads[0]!.seq;
  assert.deepEqual(
    await harm("update audit set body = replace(body, 'read', 'look') where seq = $1", [seq]),
    { seq, why: 'hash' },
  );
  const forged = chainHash(Buffer.alloc(0), 'x');
  assert.deepEqual(await harm("update audit set body = 'x', hash = $1 where seq = 1", [forged]), {
    seq: 1,
    why: 'columns',
  });
  await database.text('update audit set patient = gen_random_uuid() where seq = 2');
  assert.deepEqual((await verifyChain(database)).broken, { seq: 2, why: 'columns' });
  await database.text(`update audit set patient = (body::jsonb ->> 'patient')::uuid where seq = 2`);
  assert.equal((await verifyChain(database)).broken, null);
  await database.text('delete from audit where seq = $1', [whole.rows]);
  assert.deepEqual((await verifyChain(database)).broken, { seq: whole.rows, why: 'tail' });
  await database.text('delete from audit where seq = 3');
  assert.deepEqual((await verifyChain(database)).broken, { seq: 3, why: 'gap' });
});

test('[access A15] AuditEvents by date, patient, agent, action and entity, for watchers all, for a resident the own', async (t) => {
  const county = await countyWithAudit(t);
  const { database, policy, clock } = county;
  const auditor = await county.user('auditor', [{ role: 'auditor', org: 'h' }]);
  const resident = await county.user('resident', [{ role: 'resident', org: 'h' }], { patient: 'p' });
  const admin = await county.user('admin', [{ role: 'administrator', org: 'h' }]);
  const find = async (token: string, query: object) => {
    const found = must(await searchAudit(database, policy, await county.as(token), query));
    return found.events;
  };
  const reads = await find(auditor, { action: 'read' });
  assert.equal(reads.length, 3);
  assert.deepEqual((reads[0]!['entity'] as unknown[])[0], { what: { reference: 'Patient/p/_history/1' } });
  assert.equal((reads[0]!['agent'] as { who: { display: string } }[])[0]!.who.display, 'doctor');
  assert.equal(reads[0]!['action'], 'R');
  assert.equal((await find(auditor, { action: 'R', patient: 'q' })).length, 1);
  assert.equal((await find(auditor, { action: 'read', entity: 'Patient/q' })).length, 1);
  assert.equal((await find(auditor, { action: 'read', from: clock.now() })).length, 1, 'from counts');
  assert.equal((await find(auditor, { action: 'read', to: clock.now() })).length, 2, 'to does not');
  assert.ok((await find(auditor, { action: 'C' })).length >= 1);
  const own = await find(resident, { action: 'read' });
  assert.equal(own.length, 2, 'only those about the resident');
  assert.equal((await find(resident, { action: 'read', patient: 'q' })).length, 0);
  const refused = await searchAudit(database, policy, await county.as(admin), {});
  assert.equal(refused.ok ? '' : refused.refusal.code, 'kind-not-readable');
  const page = must(
    await searchAudit(database, policy, await county.as(auditor), { action: 'read', count: 2 }),
  );
  const rest = must(
    await searchAudit(database, policy, await county.as(auditor), {
      action: 'read',
      count: 2,
      before: page.next!,
    }),
  );
  assert.deepEqual([page.events.length, rest.events.length, rest.next], [2, 1, null]);
});

test('[access A15] what readers did joins the chain at once, waits while somebody else extends it, and is never lost', async (t) => {
  const county = await countyWithAudit(t);
  const { database, record } = county;
  const doctor = await county.as(await county.user('second', [{ role: 'hospital-doctor', org: 'h' }]));
  const count = async (table: string) =>
    (await database.text<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]!.n;
  const readMany = () =>
    Promise.all(['p', 'q', 'p', 'q', 'p'].map((id) => record.read(doctor, 'Patient', id)));
  const before = await count('audit');
  await readMany();
  assert.equal(await count('audit'), before + 5);
  assert.equal(await count('audit_pending'), 0);
  await database.tx({ 'app.reach': 'all' }, async (held) => {
    await held.text('select one from sequencer for update');
    await readMany();
    assert.equal((await held.text('select 1 from audit_pending')).rows.length, 5);
  });
  await record.sequencer.settle();
  // Another process has extended the chain since this one looked.
  await database.text(`insert into audit_pending (id, at, action, body)
    values (gen_random_uuid(), '2026-11-21T00:00:00Z', 'elsewhere',
      '{"at":"2026-11-21T00:00:00.000Z","action":"elsewhere"}')`);
  await Promise.all([record.sequencer.settle(), readMany(), readMany()]);
  await record.sequencer.settle();
  assert.equal(await count('audit'), before + 21);
  assert.equal(await count('audit_pending'), 0);
  assert.deepEqual((await verifyChain(database)).broken, null);
});
