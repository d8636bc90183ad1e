// Prices and procurement in the running house, with the catalogue's own figures: batches by their day, one price for one grade,
// cuts, completion and savings.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { applied, house, JSON_BODY, refused, signIn } from './fund.fixture.ts';

const server = await house({ after }, '2022-01-01T02:00:00Z');
const insurer = await signIn(server, 'clerk', 'insurer-clerk', 'insurer');
const president = await signIn(server, 'president', 'consortium-president', 'consortium');
const CODES = 'https://yimai.example/fhir/CodeSystem/';

const change = (item: string, kind = 'other', old = '10.00', fresh = '12.00') => ({
  item,
  title: `${item}（虚构）`,
  class: kind,
  old,
  new: fresh,
});
const batch = (id: string, effectiveOn: string, changes: object[]) => ({
  batch: id,
  effectiveOn,
  insuranceFrom: effectiveOn,
  changes,
});
const items = (id: string, count: number) => Array.from({ length: count }, (_, n) => change(`${id}-${n}`));
const board = async (body: object) => {
  const answer = await server.request('POST', '/desk/pay/prices', body, JSON_BODY);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};

test('[service-price-adjustment/4] released only with the insurance policy of the same day, never backdated, once', async () => {
  const whole = batch('b0', '2024-01-01', items('b0', 22));
  assert.equal(
    await refused(server, 'prices.release', { ...whole, insuranceFrom: '2024-01-02' }, insurer),
    'insurance-not-in-step',
  );
  const { insuranceFrom: _none, ...without } = whole;
  assert.equal(await refused(server, 'prices.release', without, insurer), 'insurance-not-in-step');
  const past = { ...whole, effectiveOn: '2022-01-01', insuranceFrom: '2022-01-01' };
  assert.equal(await refused(server, 'prices.release', past, insurer), 'batch-backdated');
  const twice = [change('b0-0'), change('b0-0')];
  assert.equal(
    await refused(server, 'prices.release', { ...whole, changes: twice }, insurer),
    'payload-invalid',
  );
  assert.equal(await refused(server, 'prices.release', whole, president), 'role-not-allowed');
  await applied(server, 'prices.release', whole, insurer);
  assert.equal(await refused(server, 'prices.release', whole, insurer), 'batch-released');
});

test('[service-price-adjustment/2] 27 batches with 827 items in all, 4 with 308 in the first quarter of the last year', async () => {
  for (let n = 1; n < 23; n += 1)
    await applied(
      server,
      'prices.release',
      batch(`b${n}`, '2024-06-01', items(`b${n}`, n < 22 ? 22 : 35)),
      insurer,
    );
  for (let n = 23; n < 27; n += 1)
    await applied(server, 'prices.release', batch(`b${n}`, '2025-02-01', items(`b${n}`, 77)), insurer);
  const { total, ofYear, itemsTotal } = await board({ on: '2025-03-31' });
  assert.deepEqual(
    [total, ofYear],
    [
      { batches: 27, items: 827 },
      { year: '2025', batches: 4, items: 308 },
    ],
  );
  assert.equal(itemsTotal, 827);
  assert.deepEqual(
    (await board({ on: '2025-01-31' })).total,
    { batches: 23, items: 519 },
    'not before its day',
  );
});

test('[service-price-adjustment/1] before the day the old price, on and after it the new', async () => {
  const priceOn = async (on: string) => (await board({ on, text: 'b26-76' })).items[0];
  assert.deepEqual([(await priceOn('2025-01-31')).price, (await priceOn('2025-01-31')).from], ['10.00', '']);
  assert.equal((await priceOn('2025-02-01')).price, '12.00');
});

test('[service-price-adjustment/3] large equipment raised or surgery lowered warns; the other direction does not', async () => {
  const changes = [
    change('ct', 'large-equipment', '200', '210'),
    change('mri', 'large-equipment', '600', '540'),
    change('appendix', 'surgery', '900', '899'),
    change('nursing-1', 'nursing', '10', '12'),
  ];
  const answer = await applied(server, 'prices.release', batch('warned', '2025-06-01', changes), insurer);
  assert.deepEqual(answer.warnings, ['ct', 'appendix']);
});

const definition = (id: string, kind: string, more: object, old: number, fresh: number) => ({
  resourceType: 'ChargeItemDefinition',
  id,
  url: `urn:made-up:${id}`,
  status: 'active',
  effectivePeriod: { start: '2022-01-02' },
  propertyGroup: [
    {
      priceComponent: [
        { type: 'base', code: { coding: [{ code: 'old-price' }] }, amount: { value: old, currency: 'CNY' } },
        {
          type: 'base',
          code: { coding: [{ code: 'new-price' }] },
          amount: { value: fresh, currency: 'CNY' },
        },
      ],
    },
  ],
  code: { coding: [{ code: id.split('.')[0] }, { system: `${CODES}price-kind`, code: kind }] },
  ...more,
});
const put = async (resource: { resourceType: string; id: string }) => {
  const made = await server.fhir('PUT', `${resource.resourceType}/${resource.id}`, resource);
  assert.ok(made.status < 300, made.text);
};

test('[same-grade-same-price/1] hospitals of one grade that charge differently are listed, of two grades not', async () => {
  const about = (org: string) => ({
    extension: [
      {
        url: 'https://yimai.example/fhir/StructureDefinition/about-organisation',
        valueReference: { reference: `Organization/${org}` },
      },
    ],
  });
  for (const [id, grade] of [
    ['county-hospital', '2A'],
    ['tcm-hospital', '2A'],
    ['city-hospital', '3A'],
  ] as const)
    await put({
      resourceType: 'Organization',
      id,
      name: `${id}（虚构）`,
      type: [{ coding: [{ system: `${CODES}hospital-grade`, code: grade }] }],
    } as never);
  await put(definition('ct-scan.a', 'charged', about('county-hospital'), 180, 180));
  await put(definition('ct-scan.b', 'charged', about('tcm-hospital'), 195, 195));
  await put(definition('ct-scan.c', 'charged', about('city-hospital'), 260, 260));
  await put(definition('visit.a', 'charged', about('county-hospital'), 12, 12));
  await put(definition('visit.b', 'charged', about('tcm-hospital'), 12, 12));
  const { deviations } = await board({ on: '2025-03-31' });
  assert.deepEqual(
    deviations.map((one: { grade: string; item: string; prices: object[] }) => [
      one.grade,
      one.item,
      one.prices.length,
    ]),
    [['2A', 'ct-scan', 2]],
  );
});

test('[centralised-drug-procurement/1] 32 drugs of batch 2: mean cut 53 %, highest 93 %; weighted by volume apart', async () => {
  // One at 93 %, one at 13 %, thirty at 53 %: the mean is 53 %.
  const cuts = [93, 13, ...Array<number>(30).fill(53)];
  for (const [n, cut] of cuts.entries())
    await put(
      definition(
        `drug-${String(n).padStart(2, '0')}`,
        'volume-based-drug',
        { partOf: ['urn:made-up:2'] },
        100,
        100 - cut,
      ),
    );
  for (const [item, institution, agreed, used] of [
    ['drug-00', 'county-hospital', 100, 50],
    ['drug-01', 'township-1', 300, 10],
  ] as const) {
    const answers = { item, institution: `Organization/${institution}`, agreed, used };
    await applied(server, 'register.put', { register: 'procurement-volumes', entry: answers }, insurer);
  }
  const answer = await server.request('POST', '/desk/pay/procurement', {}, JSON_BODY);
  const [two] = answer.json.batches;
  assert.deepEqual(
    [two.items, two.simple, two.highest, two.weighted, two.saving],
    [32, '53.00%', '93.00%', '33.00%', '4,780.00'],
    answer.text,
  );
});

test('[centralised-drug-procurement/2] completion by institution warns below the time passed', async () => {
  const { institutions } = (await server.request('POST', '/desk/pay/procurement', {}, JSON_BODY)).json;
  assert.deepEqual(
    institutions.map((one: { house: { id: string }; rate: string; warns: boolean }) => [
      one.house.id,
      one.rate,
      one.warns,
    ]),
    [
      ['county-hospital', '50.00%', false],
      ['township-1', '3.33%', true],
    ],
  );
});
