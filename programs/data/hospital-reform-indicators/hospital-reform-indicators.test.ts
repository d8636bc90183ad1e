// Acceptance of the reform monitoring set: table (a) from raw lines and stays, city down to hospitals, direction to colour.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { localDate } from '@yimai/kit';
import { definitionOn } from '@yimai/measures';
import { type Entry, entry, figuresOf, MEASURES } from '@yimai/measures/testing';
import { testCounty } from '@yimai/runtime/testing';
import { changeOf } from '../../../apps/server/src/figures/tiles.ts';

const house = await testCounty({ after });
const org = (id: string, level: string, kind: string, parent?: string) =>
  entry(id, { make: 'org', level, class: kind, grade: '3A', parent });
await house.put(
  org('city', 'city', 'city'),
  org('county', 'county', 'county', 'city'),
  org('a', 'county', 'hospital', 'county'),
  org('b', 'county', 'hospital', 'county'),
  org('town', 'township', 'township-hospital', 'county'),
  org('stranger', 'city', 'hospital'),
);

let number = 0;
const many = (times: number, short: Entry) =>
  Array.from({ length: times }, () => {
    number += 1;
    const own = { number: `n${number}`, patient: `p${number}`, insurer: 'city' };
    return entry(`r${number}`, { on: '2024-06-15', org: 'a', ...own, ...short });
  });
const line = (name: string, values: Readonly<Record<string, number>>, on: string, more: object = {}) =>
  Object.entries(values).flatMap(([at, value]) =>
    many(1, { make: 'line', org: at, line: name, value, on, until: on, reported: on, ...more }),
  );
const NOW = '2024-01-01';
const LAST = '2023-01-01';
await house.put(
  ...line('medical-service-income', { a: 204, b: 130 }, NOW),
  ...line('medical-income', { a: 600, b: 400 }, NOW),
  ...line('medical-service-income', { a: 200, b: 118 }, LAST),
  ...line('medical-income', { a: 600, b: 400 }, LAST),
  ...line('management-cost', { a: 400, b: 407 }, NOW),
  ...line('personnel-cost', { a: 1_647, b: 2_000 }, NOW),
  ...line('total-expense', { a: 5_000, b: 5_000 }, NOW),
  ...line('management-cost', { a: 500, b: 444 }, LAST),
  ...line('personnel-cost', { a: 1_399, b: 2_000 }, LAST),
  ...line('total-expense', { a: 5_000, b: 5_000 }, LAST),
  ...line('stable-pay', { a: 6_362 }, NOW),
  ...line('total-pay', { a: 10_000 }, NOW),
  // Must not count: an earlier report of the same month, one in error, another city's hospital.
  ...line('medical-service-income', { a: 999 }, NOW, { reported: '2023-12-31' }),
  ...line('medical-service-income', { b: 999 }, NOW, { status: 'error' }),
  ...line('medical-income', { stranger: 9_999 }, NOW),
);
// 惠州's figure, by itself in another year: 702 of 2,000 after 636 of 2,000.
await house.put(
  ...line('medical-service-income', { a: 702 }, '2020-01-01'),
  ...line('medical-income', { a: 2_000 }, '2020-01-01'),
  ...line('medical-service-income', { a: 636 }, '2019-01-01'),
  ...line('medical-income', { a: 2_000 }, '2019-01-01'),
);
const stays = (times: number, short: object) => many(times, { make: 'settlement', ...short });
await house.put(
  // 50 stays of 433 days, 20 of 191 the year before; 17 operations, 4 of level four; mean weight 1.13.
  ...stays(4, { days: 9, weight: 1.13, surgery: 4 }),
  ...stays(13, { days: 9, weight: 1.13, surgery: 3 }),
  ...stays(16, { days: 9, weight: 1.1, org: 'b' }),
  ...stays(16, { days: 8, weight: 1.16, org: 'b' }),
  ...stays(1, { days: 8, weight: 1.13, org: 'b' }),
  ...stays(11, { days: 10, on: '2023-06-15' }),
  ...stays(9, { days: 9, on: '2023-06-15' }),
  ...stays(3, { days: 300, weight: 50, status: 'cancelled' }),
  ...stays(3, { days: 300, weight: 50, org: 'stranger' }),
);
await house.put(
  ...many(99, { make: 'encounter', org: 'town' }),
  ...many(151, { make: 'encounter' }),
  ...many(309, { make: 'encounter', org: 'town', on: '2023-06-15' }),
  ...many(691, { make: 'encounter', on: '2023-06-15' }),
  ...many(8, { make: 'encounter', org: 'town', status: 'cancelled' }),
);

const figures = await figuresOf(house);
after(() => figures.close());
const shown = async (measure: string, digits = 2, period = '2024', scope = 'city') =>
  (await figures.value(measure, period, scope)).value?.toFixed(digits);

test('[hospital-reform-indicators/1] each value of table (a) comes from raw lines, with its change in points', async () => {
  const table: readonly (readonly [string, string, number, string | null])[] = [
    ['medical-service-income-share', '33.4', 1, '1.6'],
    ['management-cost-share', '8.07', 2, '-1.37'],
    ['personnel-cost-share', '36.47', 2, '2.48'],
    ['stable-pay-share', '63.62', 2, null],
    ['case-mix-index', '1.13', 2, null],
    ['level-four-surgery-share', '23.53', 2, null],
    ['primary-visit-share', '39.6', 1, '8.7'],
  ];
  for (const [measure, value, digits, points] of table) {
    assert.equal(await shown(measure, digits), value, measure);
    if (points !== null) assert.equal(await shown(`${measure}-change`, digits), points, measure);
  }
  assert.equal(await shown('average-length-of-stay', 2, '2024', 'county'), '8.66');
  assert.equal(await shown('length-of-stay-change', 2, '2024', 'county'), '-0.89');
  assert.equal(await shown('medical-service-income-share', 1, '2023'), '31.8', '33.4 less 1.6');
  assert.equal(await shown('medical-service-income-share', 1, '2020'), '35.1');
  assert.equal(await shown('medical-service-income-share-change', 1, '2020'), '3.3');
  assert.equal(await shown('drug-share'), undefined, 'nobody reported it: not collected');
});

test('[hospital-reform-indicators/2] a city value drills down to the hospitals it is made of', async () => {
  for (const measure of [
    'medical-service-income-share',
    'management-cost-share',
    'level-four-surgery-share',
  ]) {
    const whole = await figures.value(measure, '2024', 'city');
    const parts = await Promise.all(['a', 'b'].map((at) => figures.value(measure, '2024', at)));
    const sum = (of: (value: typeof whole) => number | null) =>
      parts.reduce((total, part) => total + (of(part) ?? 0), 0);
    assert.equal(
      sum((value) => value.numerator),
      whole.numerator,
      measure,
    );
    assert.equal(
      sum((value) => value.denominator),
      whole.denominator,
      measure,
    );
    const cases = await figures.cases(measure, '2024', 'city', 'denominator');
    const below = await Promise.all(
      ['a', 'b'].map((at) => figures.cases(measure, '2024', at, 'denominator')),
    );
    assert.ok(cases.length > 0, measure);
    assert.deepEqual(below.flat().sort(), [...cases].sort(), measure);
  }
  const outside = await figures.cases('case-mix-index', '2024', 'stranger', 'denominator');
  const own = await figures.cases('case-mix-index', '2024', 'city', 'denominator');
  assert.equal(outside.length, 3);
  assert.ok(outside.every((id) => !own.includes(id)));
});

test('[hospital-reform-indicators/3] direction sets the colour: up is good for one, down for another', () => {
  const colour = (measure: string, before: number, now: number) =>
    changeOf(definitionOn(MEASURES, measure, localDate('2024-12-31'))!, before, now, false);
  assert.deepEqual(colour('medical-service-income-share', 31.8, 33.4), {
    kind: 'points',
    value: 1.6,
    good: true,
  });
  assert.deepEqual(colour('management-cost-share', 9.44, 8.07), { kind: 'points', value: -1.37, good: true });
  assert.equal(colour('management-cost-share', 8.07, 9.44)?.good, false);
  assert.equal(colour('outflow-rate', 10, 1.04)?.good, true);
  assert.equal(colour('average-length-of-stay', 9.55, 8.66)?.good, null, 'watched: neither good nor bad');
  assert.equal(colour('case-mix-index', 1.13, 1.1)?.good, false);
  assert.equal(colour('case-mix-index', 1.13, 1.13)?.good, null, 'no change has no colour');
  assert.equal(colour('management-cost-share', null as never, 8.07), null, 'nor has what cannot be compared');
});
