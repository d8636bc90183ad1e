// Warnings at the desk: from the rule set's limits, seen by the own house only, answered once with a reason.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { applied, file, HEAD, house, JSON_BODY, line, post, refused, signIn } from './fund.fixture.ts';

const server = await house({ after }, '2026-04-20T02:00:00Z');
const coder = await signIn(server, 'coder', 'coder', 'county-hospital');
const other = await signIn(server, 'coder-two', 'coder', 'township-1');
const president = await signIn(server, 'president', 'consortium-president', 'consortium');
const doctor = await signIn(server, 'doctor', 'hospital-doctor', 'county-hospital');
const colleague = await signIn(server, 'colleague', 'hospital-doctor', 'county-hospital');
const again = line('B', { month: '2026-04' })
  .replace('made-up-B', 'made-up-A')
  .replace('2026-04-02', '2026-04-14');
const lists = (): string =>
  [
    HEAD,
    line('A', { month: '2026-04' }),
    again.replace('2026-04-12,1', '2026-04-18,1'),
    ofWoman('W', '2026-04').replace('J18.000|I10.x00x002', 'N40.x00'),
    ofWoman('Y1', '2025-12').replace('2025-12-12', '2025-12-31'),
    ofWoman('Y2', '2026-01').replace('|I10.x00x002', '').replace('2026-01-02', '2026-01-01'),
  ].join('\n');
// Of a resident whom the record knows: a woman with a man's diagnosis and no other one, back on new year's day within days.
const woman = { resourceType: 'Patient', id: 'made-up-resident', gender: 'female', birthDate: '1960-05-01' };
assert.equal((await server.fhir('PUT', `Patient/${woman.id}`, woman)).status, 201);
const bill = (id: string, on: string, setting: string, value: number) => ({
  resourceType: 'ExplanationOfBenefit',
  id,
  status: 'active',
  type: { coding: [{ system: 'https://yimai.example/fhir/CodeSystem/care-setting', code: setting }] },
  use: 'claim',
  patient: { reference: `Patient/${woman.id}` },
  billablePeriod: { start: on, end: on },
  created: on,
  insurer: { reference: 'Organization/insurer' },
  provider: { reference: 'Organization/county-hospital' },
  outcome: 'complete',
  insurance: [{ focal: true, coverage: { display: '城乡居民' } }],
  total: [{ category: { coding: [{ code: 'submitted' }] }, amount: { value, currency: 'CNY' } }],
});
for (const one of [
  bill('before', '2026-04-01', 'outpatient', 300),
  bill('during', '2026-04-05', 'pharmacy', 300),
  bill('after', '2026-04-13', 'outpatient', 0.01),
]) {
  const made = await server.fhir('PUT', `ExplanationOfBenefit/${one.id}`, one);
  assert.equal(made.status, 201, made.text);
}
const ofWoman = (id: string, month: string) => line(id, { month }).replace(`made-up-${id}`, woman.id);
const brought = await file(server, '/desk/fund/lists/import', lists());
assert.equal(brought.json.imported, 5, JSON.stringify(brought.json));

const data = (code: string, value: object) => ({
  category: { coding: [{ system: 'https://yimai.example/fhir/CodeSystem/settlement-list-data', code }] },
  ...value,
});
const draft = (id: string, cost: number, drugs: number, doctor?: string) => ({
  ...(doctor === undefined
    ? {}
    : { careTeam: [{ sequence: 1, provider: { reference: `Practitioner/${doctor}` }, responsible: true }] }),
  resourceType: 'Claim',
  id,
  status: 'draft',
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'institutional' }] },
  use: 'claim',
  patient: { identifier: { system: 'https://yimai.example/id/insured', value: 'made-up-C' } },
  billablePeriod: { start: '2026-04-12' },
  created: '2026-04-19',
  insurer: { reference: 'Organization/insurer' },
  provider: { reference: 'Organization/county-hospital' },
  priority: { coding: [{ code: 'normal' }] },
  insurance: [{ sequence: 1, focal: true, coverage: { display: '城乡居民' } }],
  diagnosis: [
    {
      sequence: 1,
      diagnosisCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'J18.000' }] },
    },
  ],
  supportingInfo: [
    { sequence: 1, ...data('payer', { valueString: 'resident' }) },
    { sequence: 2, ...data('patient-borne-yuan', { valueQuantity: { value: 0 } }) },
    { sequence: 3, ...data('gender', { valueString: '2' }) },
    { sequence: 4, ...data('birth-date', { valueString: '1960-05-01' }) },
    { sequence: 5, ...data('discharge-way', { valueString: '1' }) },
  ],
  item: [
    {
      sequence: 1,
      productOrService: { coding: [{ code: 'western-medicine' }] },
      net: { value: drugs, currency: 'CNY' },
    },
  ],
  total: { value: cost, currency: 'CNY' },
});
for (const one of [draft('cheap', 100, 10, 'doctor'), draft('dear', 40_000, 30_000, 'doctor')]) {
  const made = await server.fhir('PUT', `Claim/${one.id}`, one);
  assert.equal(made.status, 201, made.text);
}

const warnings = async (token: string) => {
  const before = server.token;
  server.token = token;
  const answer = await server.request('POST', '/desk/fund/warnings', { month: '2026-04' }, JSON_BODY);
  server.token = before;
  return answer;
};
const codes = (json: { items: { stage: string; code: string; stay: string }[] }, stage: string) =>
  json.items.filter((one) => one.stage === stage).map(({ code, stay }) => [code, stay]);

test('[fund warnings] in the ward: cost against the candidate group, the share of drugs; a cheap stay warns of nothing', async () => {
  const { json } = await warnings(coder);
  assert.deepEqual(
    codes(json, 'in-stay'),
    [
      ['cost-reached-standard', 'dear'],
      ['drug-share-high', 'dear'],
      ['high-outlier-predicted', 'dear'],
    ],
    JSON.stringify(json),
  );
  const cases = await server.request('POST', '/desk/fund/cases', { year: '2026' }, JSON_BODY);
  assert.equal(cases.json.total, 4, 'a running stay is no case of the month');
});

test('[fund warnings] the doctor who treats sees the own stays in the ward, a colleague none of them, the coder has the list instead', async () => {
  const own = async (token: string) => {
    const before = server.token;
    server.token = token;
    const answer = await server.request('POST', '/desk/pay/in-stay', {}, JSON_BODY);
    server.token = before;
    return answer;
  };
  const { items } = (await own(doctor)).json;
  assert.deepEqual(
    items.map((one: { warnings: { code: string }[] }) => one.warnings.map(({ code }) => code)),
    [['cost-reached-standard', 'drug-share-high', 'high-outlier-predicted'], []],
    'those with warnings first',
  );
  assert.equal(items[0].admittedOn, '2026-04-12');
  assert.deepEqual((await own(colleague)).json.items, []);
  assert.equal((await own(coder)).status, 403);
});

test('[fund warnings] afterwards: admitted again within two days; another house sees none of it, who sees sums may not', async () => {
  const { json } = await warnings(coder);
  assert.deepEqual(
    codes(json, 'after'),
    [
      ['possible-split', 'B'],
      ['possible-shift-to-outpatient', 'W'],
      ['purchase-during-stay', 'W'],
    ],
    JSON.stringify(json),
  );
  assert.deepEqual((await warnings(other)).json.items, []);
  assert.equal((await warnings(president)).status, 403);
});

test('[fund warnings] at discharge: a sex that contradicts the diagnosis, complications not filled in', async () => {
  const { json } = await warnings(coder);
  const own = codes(json, 'discharge').filter(([, stay]) => stay === 'W');
  assert.deepEqual(
    own.map(([code]) => code),
    ['no-group', 'sex-contradicts-diagnosis'],
    JSON.stringify(json),
  );
  const { items } = await post(server, '/desk/fund/warnings', { month: '2026-01' }, coder);
  assert.deepEqual(codes({ items }, 'discharge'), [['complications-not-filled', 'Y2']]);
});

test('[fund warnings] a return on new year is told in January, though the first stay ended in the year before', async () => {
  const { items } = await post(server, '/desk/fund/warnings', { month: '2026-01' }, coder);
  assert.deepEqual(
    codes({ items }, 'after').filter(([, stay]) => stay === 'Y2'),
    [['possible-split', 'Y2']],
  );
});

test('[fund warnings] answered once, with a reason, by who sees the list', async () => {
  const answer = { stay: 'dear', code: 'drug-share-high', reason: '抗肿瘤用药，已核对' };
  assert.equal(
    await refused(server, 'warning.acknowledge', { ...answer, reason: '' }, coder),
    'payload-invalid',
  );
  assert.equal(await refused(server, 'warning.acknowledge', answer, other), 'list-unknown');
  assert.equal(await refused(server, 'warning.acknowledge', answer, president), 'role-not-allowed');
  await applied(server, 'warning.acknowledge', answer, coder);
  assert.equal(await refused(server, 'warning.acknowledge', answer, coder), 'already-acknowledged');
  const { items } = (await warnings(coder)).json;
  const own = items.find((one: { code: string }) => one.code === 'drug-share-high');
  assert.deepEqual([own.answer.reason, own.answer.by], ['抗肿瘤用药，已核对', 'coder（虚构）']);
});
