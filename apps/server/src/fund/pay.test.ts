// Pay in the running house: previewed, frozen, appealed against, a new version; everyone sees the own slip, finance all.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { rowKey } from '@yimai/fhir';
import { must, SimulatedClock, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { assignRole, createUser } from '@yimai/record';
import { type TestServer, testServer } from '../server.fixture.ts';

const NOW = '2026-12-01T02:00:00Z';
const CODES = 'https://yimai.example/fhir/CodeSystem/';
const JSON_BODY = { 'content-type': 'application/json' };
const ref = (type: string, id: string) => ({ reference: `${type}/${id}` });
const code = (system: string, value: string) => ({ coding: [{ system: `${CODES}${system}`, code: value }] });

let server: TestServer;
let clock: SimulatedClock;
const tokens = new Map<string, { token: string; org: string; role: string }>();

const closing: (() => Promise<void>)[] = [];
before(async () => {
  clock = new SimulatedClock(NOW);
  server = await testServer({ after: (fn) => void closing.push(fn) }, { clock });
  await county();
});
test.after(async () => {
  for (const close of closing) await close();
});

async function county(): Promise<void> {
  const { record, database, policy } = server.consortium;
  const org = (id: string, level: string, partOf?: string, kind = 'hospital') => ({
    resourceType: 'Organization',
    id,
    name: `${id}（虚构）`,
    type: [code('organisation-level', level), code('institution-class', kind)],
    ...(partOf ? { partOf: ref('Organization', partOf) } : {}),
  });
  const person = (id: string, at: string, kind: string) => [
    { resourceType: 'Practitioner', id, active: true, name: [{ text: `${id}（虚构）` }] },
    {
      resourceType: 'PractitionerRole',
      id: `post-${id}`,
      active: true,
      practitioner: ref('Practitioner', id),
      organization: ref('Organization', at),
      code: [code('post-kind', kind)],
      period: { start: '2025-01-01' },
    },
  ];
  const resources = [
    org('consortium', 'county', undefined, 'none'),
    org('county-hospital', 'county', 'consortium'),
    org('surgery', 'county', 'county-hospital'),
    org('township-1', 'township', 'consortium', 'township-hospital'),
    ...person('doctor-a', 'county-hospital', 'doctor'),
    ...person('doctor-b', 'county-hospital', 'doctor'),
    ...person('nurse-a', 'county-hospital', 'nurse'),
    ...person('clerk-a', 'county-hospital', 'manager'),
    ...person('finance', 'consortium', 'manager'),
    { resourceType: 'Patient', id: 'p', name: [{ text: '虚构' }], gender: 'female', birthDate: '1960-05-01' },
    ...visits('doctor-a', 'surgery', 3),
    ...visits('doctor-b', 'surgery', 2),
    { ...visit('nobody', 'surgery', '2026-11-09', null) },
    { ...visit('october', 'surgery', '2026-10-31', 'doctor-b') },
    ...visits('doctor-b', 'township-1', 4),
    stay(),
    operation(),
    ...claims(),
  ];
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    for (const resource of resources) await tx.update(resource as never);
  });
  for (const [login, role, at] of [
    ['doctor-a', 'hospital-doctor', 'county-hospital'],
    ['doctor-b', 'hospital-doctor', 'county-hospital'],
    ['finance', 'finance-clerk', 'consortium'],
  ] as const) {
    const user = { login, name: login, password: 'synthetic-sign-in-1', demo: true };
    const made = must(
      await createUser(
        database,
        policy,
        { ...user, practitioner: rowKey('Practitioner', login) },
        clock.now(),
      ),
    );
    must(await assignRole(database, policy, { user: made.id, role, org: at }, clock.now()));
    tokens.set(login, { token: await signIn(login), org: at, role });
  }
}

async function signIn(login: string): Promise<string> {
  const password = 'synthetic-sign-in-1';
  return (await server.request('POST', '/auth/sign-in', { login, password }, JSON_BODY)).json.token;
}

const visits = (who: string, at: string, count: number) =>
  Array.from({ length: count }, (_, n) => visit(`${who}-${at}-${n}`, at, `2026-11-0${n + 1}`, who));

function visit(id: string, at: string, on: string, who: string | null) {
  return {
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: ref('Patient', 'p'),
    serviceProvider: ref('Organization', at),
    period: { start: `${on}T09:00:00+08:00`, end: `${on}T10:00:00+08:00` },
    ...(who ? { participant: [{ individual: ref('Practitioner', who) }] } : {}),
  };
}

const stay = () => ({
  ...visit('stay', 'surgery', '2026-11-02', 'doctor-a'),
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  period: { start: '2026-10-28T09:00:00+08:00', end: '2026-11-02T10:00:00+08:00' },
});
const operation = () => ({
  resourceType: 'Procedure',
  id: 'operation',
  status: 'completed',
  subject: ref('Patient', 'p'),
  performedDateTime: '2026-11-01T14:00:00+08:00',
  performer: [{ actor: ref('Organization', 'surgery') }, { actor: ref('Practitioner', 'doctor-a') }],
});

function claims() {
  const data = 'https://yimai.example/fhir/CodeSystem/settlement-list-data';
  return ['doctor-a', 'doctor-b', 'doctor-a'].map((who, n) => ({
    resourceType: 'Claim',
    id: `list-${n}`,
    identifier: [{ system: 'https://yimai.example/id/settlement', value: `list-${n}` }],
    status: 'active',
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'institutional' }] },
    use: 'claim',
    patient: ref('Patient', 'p'),
    billablePeriod: { start: '2026-11-02', end: `2026-11-1${n}` },
    created: '2026-11-12',
    insurer: ref('Organization', 'consortium'),
    provider: ref('Organization', 'county-hospital'),
    priority: { coding: [{ code: 'normal' }] },
    insurance: [{ sequence: 1, focal: true, coverage: { display: '城乡居民' } }],
    careTeam: [
      { sequence: 1, provider: ref('Practitioner', who), responsible: true },
      { sequence: 2, provider: ref('Practitioner', 'doctor-b'), responsible: false },
    ].slice(0, who === 'doctor-b' ? 1 : 2),
    diagnosis: [
      {
        sequence: 1,
        diagnosisCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'J18.000' }] },
      },
    ],
    supportingInfo: [
      { sequence: 1, category: { coding: [{ system: data, code: 'payer' }] }, valueString: 'resident' },
      {
        sequence: 2,
        category: { coding: [{ system: data, code: 'patient-borne-yuan' }] },
        valueQuantity: { value: 1000 },
      },
      { sequence: 3, category: { coding: [{ system: data, code: 'discharge-way' }] }, valueString: '1' },
    ],
    total: { value: 6000, currency: 'CNY' },
  }));
}

const as = async (login: string, path: string, body: unknown = {}) => {
  const { token, org, role } = tokens.get(login)!;
  server.token = token;
  return server.request('POST', path, body, { ...JSON_BODY, 'x-yimai-acting': `${org};${role}` });
};
const command = async (login: string, type: string, payload: object) => {
  const { org, role } = tokens.get(login)!;
  const envelope = {
    id: uuidv7(),
    type,
    occurredAt: clock.now().toISOString(),
    actingAs: { org, role },
    payload,
  };
  return (await as(login, '/commands', envelope)).json;
};
const NOVEMBER = { kind: 'rbrvs', org: 'county-hospital', month: '2026-11' };
const fen = (text: string) => BigInt(text.replaceAll(/[,.]/g, ''));

test('[rbrvs-workpoints/1] previewed as it will be frozen: the parts are the pool to the fen, work without a person makes no points', async () => {
  const preview = (await as('finance', '/desk/pay/preview', { ...NOVEMBER, pool: '1000.00' })).json;
  assert.equal(preview.isDraft, true, JSON.stringify(preview));
  // doctor-a: 3 visits, 5 ward days at 0.8, an operation at 48 (the value from July); doctor-b: 2 visits; October is out.
  assert.deepEqual(
    preview.people.map((one: { person: string; points: string; records: number }) => [
      one.person,
      one.points,
      one.records,
    ]),
    [
      ['Practitioner/doctor-a', '55', 5],
      ['Practitioner/doctor-b', '2', 2],
    ],
  );
  assert.equal(
    preview.people.reduce((sum: bigint, one: { share: string }) => sum + fen(one.share), 0n),
    100_000n,
  );
  assert.deepEqual(preview.leftOut, [{ reason: 'record-without-person', count: 1 }]);
});

test('[rbrvs-workpoints/4] a deduction lowers only the record that it names; one that names none is refused', async () => {
  const deductions = [{ record: 'Procedure/operation', points: '8', reason: '病历缺项' }];
  const preview = (await as('finance', '/desk/pay/preview', { ...NOVEMBER, pool: '1000', deductions })).json;
  assert.deepEqual(
    preview.people.map((one: { points: string }) => one.points),
    ['47', '2'],
  );
  const wrong = [{ record: 'Procedure/none', points: '8', reason: '病历缺项' }];
  const refused = await as('finance', '/desk/pay/preview', { ...NOVEMBER, pool: '1000', deductions: wrong });
  assert.equal(refused.json.code, 'deduction-without-record', refused.text);
});

test('[server F6] frozen is frozen: the same again is the first, another is refused, a granted appeal makes version 2', async () => {
  const first = await command('finance', 'pay.freeze', { ...NOVEMBER, pool: '1000.00' });
  assert.deepEqual([first.outcome, first.result?.version], ['applied', 1], JSON.stringify(first));
  const same = await command('finance', 'pay.freeze', { ...NOVEMBER, pool: '1000.00' });
  assert.equal(same.result.wasThere, true);
  const other = await command('finance', 'pay.freeze', { ...NOVEMBER, pool: '1100.00' });
  assert.deepEqual([other.refusal?.code, other.refusal?.at], ['result-frozen', 'payload.appeal']);

  const appeal = await command('doctor-b', 'pay.appeal', { ...NOVEMBER, reason: '一次门诊漏记' });
  assert.equal(appeal.outcome, 'applied', JSON.stringify(appeal));
  assert.equal(appeal.result.until, '2026-12-08');
  const id = appeal.result.appeal;
  const early = await command('finance', 'pay.freeze', { ...NOVEMBER, pool: '1000.00', appeal: id });
  assert.equal(early.refusal?.code, 'appeal-not-granted');
  const foreign = await command('doctor-a', 'pay.answer', { appeal: id, granted: true, reason: '同意' });
  assert.equal(foreign.refusal?.code, 'role-not-allowed');
  await server.consortium.record.transaction(
    server.consortium.record.systemAccess(),
    { via: 'command' },
    async (tx) => void (await tx.update(visit('late', 'surgery', '2026-11-20', 'doctor-b') as never)),
  );
  const stands = (await as('finance', '/desk/pay/preview', NOVEMBER)).json;
  assert.deepEqual(
    [stands.isDraft, stands.people[1].points],
    [false, '2'],
    'what is frozen does not follow the record',
  );
  assert.equal(
    (await command('finance', 'pay.answer', { appeal: id, granted: true, reason: '已补记' })).outcome,
    'applied',
  );
  const second = await command('finance', 'pay.freeze', { ...NOVEMBER, pool: '1000.00', appeal: id });
  assert.deepEqual([second.outcome, second.result?.version], ['applied', 2], JSON.stringify(second));
  const again = await command('finance', 'pay.freeze', { ...NOVEMBER, pool: '999.00', appeal: id });
  assert.equal(again.refusal?.code, 'appeal-not-granted', 'an appeal opens one new version');
  const { rows } = await server.consortium.database.run<{ versions: number }>(
    sql`select count(*)::int as versions from ledger_run where kind = 'pay'`,
  );
  assert.equal(rows[0]?.versions, 2, 'the first version stays');
});

test('[server F7] a staff member sees the own slip and no other; finance sees all; the board is for finance', async () => {
  const own = (await as('doctor-b', '/desk/pay/mine')).json;
  assert.deepEqual(
    own.slips.map((one: { kind: string; version: number; points: string }) => [
      one.kind,
      one.version,
      one.points,
    ]),
    [['rbrvs', 2, '3']],
  );
  const slip = await as('doctor-b', '/desk/pay/slip', NOVEMBER);
  assert.equal(slip.json.lines.length, 3, slip.text);
  assert.match(slip.json.lines[0].record, /^Encounter\//);
  const person = 'Practitioner/doctor-a';
  for (const path of ['/desk/pay/slip', '/desk/pay/slip/export'])
    assert.equal((await as('doctor-b', path, { ...NOVEMBER, person })).status, 403, path);
  for (const path of ['/desk/pay', '/desk/pay/preview', '/desk/pay/export'])
    assert.equal((await as('doctor-b', path, { ...NOVEMBER, pool: '1' })).status, 403, path);
  assert.equal((await as('finance', '/desk/pay/slip', { ...NOVEMBER, person })).status, 200);
  assert.equal((await as('finance', '/desk/pay/mine')).json.slips.length, 0);
  const board = (await as('finance', '/desk/pay')).json;
  assert.deepEqual(
    board.runs.map((one: { version: number; people: number }) => [one.version, one.people]),
    [[2, 2]],
  );
  assert.equal((await as('finance', '/desk/pay/export', NOVEMBER)).status, 200);
  server.token = tokens.get('doctor-a')!.token;
  const tasks = await server.fhir('GET', 'Task?_count=50');
  assert.equal(tasks.status, 200);
  assert.doesNotMatch(tasks.text, /pay-appeal/, 'an appeal is not read by a doctor who did not make it');
});

test('[salary-structure/2] the post ratio pays per head by weight and shows the distance to 5:4:1', async () => {
  const preview = (await as('finance', '/desk/pay/preview', { ...NOVEMBER, kind: 'posts', pool: '4350.00' }))
    .json;
  assert.deepEqual(
    preview.groups.map((one: { heads: number; perHead: string; target: string }) => [
      one.heads,
      one.perHead,
      one.target,
    ]),
    [
      [2, '1,250.00', '5'],
      [1, '1,000.00', '4'],
      [1, '850.00', '1'],
    ],
  );
});

test('[township-performance-pay/1] merit: different scores, different pay; who was not appraised stops it', async () => {
  const ask = { kind: 'merit', org: 'county-hospital', month: '2026-11', pool: '900.00' };
  const missing = await as('finance', '/desk/pay/preview', {
    ...ask,
    scores: { 'Practitioner/doctor-a': '90' },
  });
  assert.deepEqual([missing.json.code, missing.json.at], ['not-appraised', 'scores.Practitioner/doctor-b']);
  const scores = { 'Practitioner/doctor-a': '90', 'Practitioner/doctor-b': '60' };
  const preview = (await as('finance', '/desk/pay/preview', { ...ask, scores })).json;
  assert.equal(preview.isEqualShare, false);
  assert.equal(preview.sum, '900.00');
  const out = await as('finance', '/desk/pay/preview', {
    ...ask,
    scores: { 'Practitioner/doctor-a': '101' },
  });
  assert.equal(out.json.code, 'payload-invalid');
});

test('[attending-team-responsibility/2] teams of the responsible doctors share the pay; inside a team by role', async () => {
  const preview = (await as('finance', '/desk/pay/preview', { ...NOVEMBER, kind: 'teams', pool: '900.00' }))
    .json;
  assert.deepEqual(
    preview.teams.map((one: { stays: number; pay: string }) => [one.stays, one.pay]),
    [
      [2, '600.00'],
      [1, '300.00'],
    ],
    JSON.stringify(preview),
  );
  assert.deepEqual(
    preview.people.map((one: { share: string }) => one.share),
    ['360.00', '540.00'],
    'doctor-a 0.6 of 600; doctor-b 0.4 of 600 and all of 300',
  );
});

test('[operations-monitoring-cmi/1] from hospital to doctor: the case-weighted mean of the parts is the whole', async () => {
  const ask = { period: '2026', house: 'county-hospital' };
  const { whole, doctors, departments } = (await as('finance', '/desk/pay/operations', ask)).json;
  assert.equal(whole.stays, 3);
  for (const parts of [doctors, departments] as { stays: number; weights: string }[][]) {
    assert.equal(
      parts.reduce((sum, one) => sum + one.stays, 0),
      whole.stays,
    );
    const weights = parts.reduce((sum, one) => sum + Number(one.weights), 0);
    assert.equal((weights / whole.stays).toFixed(4), Number(whole.caseMix).toFixed(4));
  }
  assert.deepEqual(
    doctors.map((one: { name: string; stays: number }) => [one.name, one.stays]),
    [
      ['doctor-a（虚构）', 2],
      ['doctor-b（虚构）', 1],
    ],
  );
  assert.equal((await as('doctor-a', '/desk/pay/operations', ask)).status, 403);
});

test('[server F8] appeals end with their term; who has no slip has none', async () => {
  clock.advanceTo(new Date('2026-12-09T02:00:00Z'));
  for (const [login, one] of tokens) tokens.set(login, { ...one, token: await signIn(login) });
  const late = await command('doctor-a', 'pay.appeal', { ...NOVEMBER, reason: '太晚' });
  assert.equal(late.refusal?.code, 'appeal-too-late', JSON.stringify(late));
  const none = await command('finance', 'pay.appeal', { ...NOVEMBER, reason: '没有' });
  assert.equal(none.refusal?.code, 'no-slip');
  assert.equal((await as('doctor-a', '/desk/pay/mine')).json.slips[0].appealUntil, null);
});
