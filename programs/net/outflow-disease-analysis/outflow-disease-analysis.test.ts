// Acceptance of the analysis of outbound patients: rate, relative fall, the first ten by cases and by money; all synthetic.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Entry, entry, figuresOf } from '@yimai/measures/testing';
import { testCounty } from '@yimai/runtime/testing';

const house = await testCounty({ after });
const org = (id: string, level: string, kind: string, parent?: string) =>
  entry(id, { make: 'org', level, class: kind, parent });
await house.put(
  org('east', 'county', 'county'),
  org('west', 'county', 'county'),
  org('east-hospital', 'county', 'hospital', 'east'),
  org('west-hospital', 'county', 'hospital', 'west'),
  org('provincial', 'city', 'hospital'),
);

let number = 0;
/** Settled stays of residents of a county: who pays, where they were treated. */
async function stays(times: number, short: Partial<Entry>): Promise<void> {
  const all = Array.from({ length: times }, () => {
    number += 1;
    const common = { make: 'settlement', patient: `p${number}`, number: `n${number}`, insurer: 'east' };
    return entry(`s${number}`, { org: 'provincial', on: '2025-05-06', disease: 'I20', ...common, ...short });
  });
  await house.put(...all);
}

// East: 100 of 1,000 outside in 2024, 13 of 1,250 in 2025 (10.0 % to 1.04 %).
await stays(100, { on: '2024-05-06' });
await stays(900, { on: '2024-05-06', org: 'east-hospital' });
await stays(3, { disease: 'C34', total: 90_000.01 });
await stays(10, { disease: 'I20', total: 1_000 });
await stays(1_237, { org: 'east-hospital' });
// What must not count: cancelled, outpatient, the same number again, another county's residents.
await stays(5, { status: 'cancelled', disease: 'A01' });
await stays(7, { setting: 'outpatient', disease: 'A02' });
await house.put(
  entry('again', {
    make: 'settlement',
    org: 'provincial',
    on: '2025-05-07',
    disease: 'I20',
    number: `n${1_000 + 4}`,
    patient: 'p1004',
    insurer: 'east',
    total: 1_000,
  }),
);
await stays(4, { insurer: 'west', org: 'west-hospital', disease: 'J18' });
await stays(6, { insurer: 'west', org: 'east-hospital', disease: 'J18' });

const figures = await figuresOf(house);
after(() => figures.close());

test('[outflow-disease-analysis/1] the rate is residents treated outside by all treated, by where they are insured', async () => {
  const value = await figures.value('resident-outflow-rate', '2025', 'east');
  assert.deepEqual([value.numerator, value.denominator, value.value?.toFixed(2)], [13, 1_250, '1.04']);
  const west = await figures.value('resident-outflow-rate', '2025', 'west');
  assert.deepEqual([west.numerator, west.denominator, west.value], [6, 10, 60], 'the next county is outside');
  const cases = await figures.cases('resident-outflow-rate', '2025', 'east');
  assert.equal(cases.length, 13);
  const before = await figures.value('resident-outflow-rate', '2023', 'east');
  assert.equal(before.value, null, 'a year without claims is not collected, not 0');
});

test('[outflow-disease-analysis/2] from 10.0 % to 1.04 % is a relative fall of 89.6 %, not 8.96 points', async () => {
  const fall = await figures.value('resident-outflow-fall', '2025', 'east');
  assert.equal(fall.unit, 'relative-change');
  assert.deepEqual([fall.value?.toFixed(1), fall.denominator], ['89.6', 10]);
  const first = await figures.value('resident-outflow-fall', '2024', 'east');
  assert.equal(first.value, null, 'without a year before there is no change');
});

test('[outflow-disease-analysis/3] the first ten of each county by cases and by money, to the fen', async () => {
  const cases = await figures.value('outflow-top-diseases', '2025', 'east');
  assert.deepEqual(cases.items, [
    { key: 'I20', count: 10 },
    { key: 'C34', count: 3 },
  ]);
  const money = await figures.value('outflow-top-diseases-by-money', '2025', 'east');
  assert.deepEqual(money.items, [
    { key: 'C34', count: 270_000.03 },
    { key: 'I20', count: 10_000 },
  ]);
  assert.deepEqual((await figures.value('outflow-top-diseases', '2025', 'west')).items, [
    { key: 'J18', count: 6 },
  ]);

  // An eleventh disease is not in the list and stays in the whole.
  for (let index = 0; index < 10; index += 1)
    await stays(1, { insurer: 'west', disease: `K${10 + index}`, on: '2025-07-01' });
  const fresh = await figuresOf(house);
  const value = await fresh.value('outflow-top-diseases', '2025', 'west');
  fresh.close();
  assert.deepEqual([value.items?.length, value.numerator, value.denominator], [10, 15, 16]);
  assert.ok(!value.items?.some(({ key }) => key === 'K19'));
});
