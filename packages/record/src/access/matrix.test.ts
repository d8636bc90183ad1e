// The access matrix: every role x kind of data x relationship of the policy table, on the real database, against a
// second reading of the table that knows no SQL.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowKey } from '@yimai/fhir';
import { type Uuid, uuidv7 } from '@yimai/kit';
import { type Database, openDatabase, raw, sql } from '@yimai/postgres';
import { type Actor, LOCKS, type Lock } from '../types.ts';
import { makeAccess, type PolicyAccess } from './access.ts';
import { secondBeltHolds } from './belt.ts';
import { START, testCounty } from './county.fixture.ts';
import type { Policy, PolicyRow } from './policy.ts';
import { guardianRight, lockRight } from './rights.ts';

const NEAR = { own: uuidv7(), below: uuidv7() };
const FAR = uuidv7();
const ME = { user: uuidv7(), practitioner: uuidv7(), patient: uuidv7(), child: uuidv7() };
const PATIENTS = {
  stranger: uuidv7(),
  treatedHere: uuidv7(),
  treatedLongAgo: uuidv7(),
  inGrace: uuidv7(),
  mine: uuidv7(),
  deniedAll: uuidv7(),
  deniedHere: uuidv7(),
};
const DAY = 86_400_000;

interface Fact {
  readonly id: string;
  readonly kind: string;
  readonly org: Uuid | null;
  readonly patient: Uuid | null;
  readonly locks: readonly Lock[];
  readonly hand: 'none' | 'unit' | 'me';
}

function facts(kind: string): Fact[] {
  const found: Fact[] = [];
  const add = (fact: Omit<Fact, 'id' | 'kind'>) =>
    found.push({ id: `${kind}.${found.length}`, kind, ...fact });
  const people = [null, ME.patient, ME.child, ...Object.values(PATIENTS)];
  for (const org of [null, NEAR.own, NEAR.below, FAR])
    for (const patient of people) add({ org, patient, locks: [], hand: 'none' });
  for (const hand of ['unit', 'me'] as const)
    for (const patient of [null, PATIENTS.stranger]) add({ org: FAR, patient, locks: [], hand });
  for (const lock of LOCKS)
    for (const patient of [ME.patient, PATIENTS.treatedHere])
      add({ org: NEAR.own, patient, locks: [lock], hand: 'none' });
  add({ org: NEAR.own, patient: PATIENTS.treatedHere, locks: [...LOCKS], hand: 'none' });
  return found;
}

/** The table read by hand: which rows hold, then locks, then consent. */
function expected(policy: Policy, role: string, fact: Fact, rights: readonly Lock[]): boolean {
  const unit = policy.roles.get(role)!.unit === 'tree';
  const near = fact.org === NEAR.own || fact.org === NEAR.below;
  const resident = role === 'resident';
  const holds = (row: PolicyRow): boolean => {
    switch (row.relationship) {
      case 'consortium':
        return true;
      case 'unit':
        return unit && near;
      case 'self':
        return resident && (fact.patient === ME.patient || fact.patient === ME.child);
      case 'assigned':
        return (fact.hand === 'unit' && unit) || (fact.hand === 'me' && !resident);
      case 'patients':
        return (
          unit &&
          [PATIENTS.treatedHere, PATIENTS.inGrace, PATIENTS.deniedAll, PATIENTS.deniedHere].includes(
            fact.patient!,
          )
        );
      case 'my-patients':
        return !resident && fact.patient === PATIENTS.mine;
    }
  };
  const isChild = fact.patient === ME.child;
  const open = policy.rows.some((row) => {
    if ((row.role !== '*' && row.role !== role) || !row.kinds.includes(fact.kind) || !holds(row))
      return false;
    const keys = new Set<Lock>([...row.locks, ...rights]);
    return fact.locks.every((lock) => keys.has(lock)) && (!isChild || keys.has('minor'));
  });
  const restsOnConsent = policy.kinds.kinds.get(fact.kind)!.consent;
  if (restsOnConsent && fact.patient === PATIENTS.deniedHere) return false;
  if (restsOnConsent && fact.patient === PATIENTS.deniedAll && !(near && unit)) return false;
  return open;
}

async function load(database: Database, rows: readonly Fact[]): Promise<void> {
  const column = <T>(pick: (fact: Fact) => T) => rows.map(pick);
  const labels = sql`unnest(${column((f) => rowKey('Basic', f.id))}::uuid[], ${column((f) => f.id)}::text[],
      ${column((f) => f.kind)}::text[], ${column((f) => f.locks.join(','))}::text[], ${column((f) => f.org)}::uuid[],
      ${column((f) => f.patient)}::uuid[]) with ordinality
    as n(id, fhir_id, kind, locks, org, patient, ord)`;
  const lockArray = raw(`coalesce(string_to_array(nullif(n.locks, ''), ','), '{}')`);
  await database.tx({ 'app.reach': 'all' }, async (run) => {
    for (const [table, entry, number] of [
      ['resource', ', entry', ', n.ord'],
      ['history', '', ''],
    ] as const)
      await run.run(sql`insert into ${raw(table)}
          (id, version, type, fhir_id, updated_at, kind, locks, org, patient, content${raw(entry)})
        select n.id, 1, 'Basic', n.fhir_id, ${START}::timestamptz, n.kind, ${lockArray}, n.org, n.patient, '{}'${raw(number)}
        from ${labels}`);
    await run.run(sql`insert into change (seq, tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, recorded_at)
      select n.ord, n.id, 0, n.id, 'Basic', n.fhir_id, 1, 'create', n.kind, ${lockArray}, n.org, n.patient,
        ${START}::timestamptz from ${labels}`);
    const hands = rows.filter((fact) => fact.hand !== 'none');
    await run.run(sql`insert into assignment (type, fhir_id, assignee, resource) select 'Basic', * from unnest(
      ${hands.map((f) => f.id)}::text[], ${hands.map((f) => (f.hand === 'me' ? ME.practitioner : NEAR.below))}::uuid[],
      ${hands.map((f) => rowKey('Basic', f.id))}::uuid[])`);
    const care = async (patient: Uuid, party: Uuid, until: Date | null) =>
      run.run(sql`insert into care_relation (basis, patient, party, basis_type, from_at, until_at)
        values (${uuidv7()}, ${patient}, ${party}, 'Encounter', ${new Date(START.getTime() - 400 * DAY)}, ${until})`);
    await care(PATIENTS.treatedHere, NEAR.below, null);
    await care(PATIENTS.treatedLongAgo, NEAR.own, new Date(START.getTime() - 30 * DAY - 1));
    await care(PATIENTS.inGrace, NEAR.own, new Date(START.getTime() - 30 * DAY));
    await care(PATIENTS.mine, ME.practitioner, null);
    await care(PATIENTS.stranger, FAR, null);
    for (const [patient, org] of [
      [PATIENTS.deniedAll, null],
      [PATIENTS.deniedHere, NEAR.own],
    ] as const) {
      await care(patient, NEAR.own, null);
      await run.run(sql`insert into consent_denial (consent, ord, patient, org, kind, from_at)
        values (${uuidv7()}, 0, ${patient}, ${org}, null, ${START})`);
    }
    await run.run(
      sql`insert into minor (patient, until_at) values (${ME.child}, ${new Date(START.getTime() + DAY)})`,
    );
  });
}

function actorIn(policy: Policy, role: string, rights: readonly Lock[]): Actor {
  const resident = role === 'resident';
  return {
    user: ME.user,
    role,
    org: NEAR.own,
    orgs: policy.roles.get(role)!.unit === 'tree' ? [NEAR.own, NEAR.below] : [],
    patient: resident ? ME.patient : null,
    practitioner: resident ? null : ME.practitioner,
    rights: [
      ...rights.map(lockRight),
      ...(resident ? [guardianRight(ME.child, new Date(START.getTime() + DAY))] : []),
    ],
    scopes: null,
  };
}

/** Rows that a search may start from leave out nothing that the policy opens. */
async function candidatesHold(
  database: Database,
  access: PolicyAccess,
  wanted: readonly string[],
  role: string,
): Promise<void> {
  const keys = access.candidates?.('Basic') ?? null;
  if (keys === null) return;
  const { rows } = await database.read<{ id: string }>(
    access.settings,
    sql`select r.fhir_id as id from resource r where r.id = any(array(${keys})) and ${access.readable('r')}`,
  );
  assert.deepEqual(rows.map((row) => row.id).sort(), wanted, `${role}: candidates`);
}

test('[access A4] every role x kind x relationship is readable exactly as the table says, on all three tables', async (t) => {
  const { database, policy } = await testCounty(t);
  const all = [...policy.kinds.kinds.keys()].flatMap(facts);
  await load(database, all);
  let cells = 0;
  let plain = 0;
  for (const role of policy.roles.keys()) {
    for (const rights of [[], ['hiv'], [...LOCKS]] as Lock[][]) {
      const access = makeAccess(actorIn(policy, role, rights), START, policy);
      const wanted = all
        .filter((fact) => policy.roles.get(role)!.everything || expected(policy, role, fact, rights))
        .map((fact) => fact.id)
        .sort();
      for (const table of ['resource', 'history', 'change']) {
        const look = sql`select r.fhir_id as id from ${raw(table)} r where ${access.readable('r')}`;
        const seen = await database.read<{ id: string }>(access.settings, look);
        const ids = seen.rows.map((row) => row.id).sort();
        assert.deepEqual(ids, wanted, `${role} with [${rights}] on ${table}`);
      }
      const many = access.readableOfMany?.('r') ?? raw('true');
      const ofMany = await database.read<{ id: string }>(
        access.settings,
        sql`select r.fhir_id as id from resource r where ${many}`,
      );
      assert.deepEqual(ofMany.rows.map((row) => row.id).sort(), wanted, `${role} with [${rights}], as sets`);
      const plainly = access.readablePlainly?.('r') ?? raw('false');
      const ofFew = await database.read<{ id: string }>(
        access.settings,
        sql`select r.fhir_id as id from resource r where ${plainly}`,
      );
      const beyond = ofFew.rows.map((row) => row.id).filter((id) => !wanted.includes(id));
      assert.deepEqual(beyond, [], `${role} with [${rights}], plainly`);
      plain += ofFew.rowCount;
      await candidatesHold(database, access, wanted, role);
      cells += all.length;
    }
  }
  assert.ok(plain > 1000, 'the shorter question opens most of what the labels open');
  t.diagnostic(
    `${cells} cells: ${policy.roles.size} roles, ${policy.kinds.kinds.size} kinds, ${all.length} situations`,
  );
});

test('[access A5] the second belt alone closes other organisations beyond the reach of the role', async (t) => {
  const { database, policy } = await testCounty(t);
  const all = [...policy.kinds.kinds.keys()].flatMap(facts);
  await load(database, all);
  for (const role of policy.roles.keys()) {
    if (policy.roles.get(role)!.everything) continue;
    const access = makeAccess(actorIn(policy, role, []), START, policy);
    const beyond = new Set(
      policy.rowsOf(role).flatMap((row) => (['unit', 'self'].includes(row.relationship) ? [] : row.kinds)),
    );
    const unit = policy.roles.get(role)!.unit === 'tree';
    const wanted = all.filter(
      (fact) =>
        beyond.has(fact.kind) ||
        (unit && (fact.org === NEAR.own || fact.org === NEAR.below)) ||
        (role === 'resident' && (fact.patient === ME.patient || fact.patient === ME.child)),
    );
    const seen = await database.read<{ id: string }>(
      access.settings,
      sql`select fhir_id as id from resource`,
    );
    assert.deepEqual(seen.rows.map((row) => row.id).sort(), wanted.map((fact) => fact.id).sort(), role);
  }
  for (const settings of [{}, { 'app.reach': '', 'app.orgs': '', 'app.persons': '' }]) {
    for (const table of ['resource', 'history', 'change']) {
      const none = await database.read(settings, sql`select 1 from ${raw(table)}`);
      assert.equal(none.rowCount, 0, `a missing setting opens ${table}`);
    }
  }
});

test('[access A5] a row of another organisation can neither be changed nor made past the second belt', async (t) => {
  const { database, policy, ownerUrl } = await testCounty(t);
  const rows = facts('object');
  await load(database, rows);
  const access = makeAccess(actorIn(policy, 'hr-clerk', []), START, policy);
  const far = rows.find((fact) => fact.org === FAR && fact.hand === 'none')!;
  const changed = await database.tx(access.settings, (run) =>
    run.run(sql`update resource set content = 'x' where fhir_id = ${far.id}`),
  );
  assert.equal(changed.rowCount, 0);
  assert.equal(await secondBeltHolds(database), true);
  const owner = openDatabase({ url: ownerUrl, schema: database.schema, poolSize: 1 });
  const ownerHolds = await secondBeltHolds(owner).finally(() => owner.close());
  assert.equal(ownerHolds, false, 'an owner wears no belt, and it shows');
  const make = database.tx(access.settings, (run) =>
    run.run(sql`insert into resource (id, version, type, fhir_id, updated_at, kind, org, entry)
      values (${uuidv7()}, 1, 'Basic', 'new', ${START}, 'object', ${FAR}, 9999)`),
  );
  await assert.rejects(make, { code: '42501' });
});

test('[access A4] writing follows the table: provable relationships, own kinds, no locked class without its right', async (t) => {
  const { policy } = await testCounty(t);
  let allowed = 0;
  for (const role of policy.roles.keys()) {
    if (policy.roles.get(role)!.everything) continue;
    const access = makeAccess(actorIn(policy, role, []), START, policy);
    for (const fact of [...policy.kinds.kinds.keys()].flatMap(facts)) {
      const rows = policy
        .rowsOf(role)
        .filter((row) => row.kinds.includes(fact.kind) && row.may.includes('write'));
      const near = fact.org === NEAR.own || fact.org === NEAR.below;
      const wanted = rows.some(
        (row) =>
          row.relationship === 'consortium' ||
          (row.relationship === 'unit' && near && policy.roles.get(role)!.unit === 'tree') ||
          (row.relationship === 'self' && (fact.patient === ME.patient || fact.patient === ME.child)),
      );
      const refusal = access.writable('create', 'Basic', fact);
      assert.equal(refusal === null, wanted, `${role} creates ${fact.id}: ${refusal?.code}`);
      if (refusal) assert.equal(refusal.code, rows.length > 0 ? 'not-related' : 'kind-not-writable');
      if (wanted) allowed += 1;
      if (fact.locks.includes('hiv') && role !== 'resident' && role !== 'insurer-clerk')
        assert.notEqual(access.writable('update', 'Basic', fact), null, `${role} changes ${fact.id}`);
    }
  }
  assert.ok(allowed > 100);
});
