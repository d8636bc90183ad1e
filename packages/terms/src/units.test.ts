// Units of measure: the same amount in other units, to the last digit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unitsBeside } from './units.ts';

function inUnit(amount: string, code: string, other: string): string | null {
  const group = unitsBeside(code).find(({ codes }) => codes.includes(other));
  return group ? group.convert(amount) : null;
}

test('[terms T10] the same amount in units of the same measure, exactly', () => {
  for (const [amount, code, other, expected] of [
    ['5.4', 'mg/dL', 'g/L', '0.054'],
    ['5.4', 'mg/dL', 'mg/L', '54'],
    ['0.0054e1', 'g/l', 'mg/dL', '5.4'],
    ['5.6', 'mmol/L', 'umol/L', '5600'],
    ['-1.50', 'kg', 'g', '-1500'],
    ['175', 'cm', 'm', '1.75'],
    ['120', 'mm[Hg]', 'kPa', '15.99864'],
    ['20', 'cm[H2O]', 'kPa', '1.96133'],
    ['37', 'Cel', '[degF]', '98.6'],
    ['98.6', '[degF]', 'Cel', '37'],
    ['0', 'Cel', 'K', '273.15'],
    ['4.5', '10*9/L', '10*3/uL', '4.5'],
    ['4.5', '10*9/L', '/uL', '4500'],
    ['4500', '{cells}/uL', '10*9/L', '4.5'],
    ['1', 'ukat/L', 'U/L', '60'],
    ['90', 'mL/min', 'L/h', '5.4'],
    ['90', 'mL/min/{1.73_m2}', 'mL/min', '90'],
    ['2', 'g/(24.h)', 'mg/d', '2000'],
    ['2', 'g.d-1', 'g/d', '2'],
    ['1', '[lb_av]', 'g', '453.59237'],
    ['18', 'mo', 'd', '547.875'],
    ['5', '%', '1', '0.05'],
  ] as const)
    assert.equal(inUnit(amount, code, other), expected, `${amount} ${code} in ${other}`);
});

test('[terms T10] there and back is the same number, and more stays more (seed 20261122)', () => {
  const codes = fc.constantFrom('mg/dL', 'g', 'umol/L', 'cm', 'mL', 'mm[Hg]', '10*3/uL', 'Cel', 'kcal', 'mV');
  const decimal = fc
    .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 6 }))
    .map(([digits, scale]) => `${digits}e-${scale}`);
  let crossed = 0;
  fc.assert(
    fc.property(codes, decimal, decimal, fc.nat(), (code, one, other, pick) => {
      const groups = unitsBeside(code);
      const { codes: names, convert } = groups[pick % groups.length]!;
      const back = unitsBeside(names[0]!).find((group) => group.codes.includes(code))!;
      const there = convert(one);
      if (there.length < 50) {
        assert.equal(Number(back.convert(there)), Number(one), `${one} ${code} = ${there} ${names[0]}`);
        crossed += 1;
      }
      assert.equal(Math.sign(Number(there) - Number(convert(other))), Math.sign(Number(one) - Number(other)));
    }),
    { seed: 20261122, numRuns: 2000 },
  );
  assert.ok(crossed > 1500, `${crossed}`);
});

test('[terms T10] what never ends is cut far behind any measurement', () => {
  const hours = inUnit('20', 'min', 'h')!;
  assert.match(hours, /^0\.3{60}$/);
});

test('[terms T10] what measures something else is no neighbour, and an unknown code has none', () => {
  for (const [code, other] of [
    ['mg/dL', 'mmol/L'],
    ['mmol/L', '10*9/L'],
    ['[iU]/L', 'U/L'],
    ['meq/L', 'mmol/L'],
    ['kg', 'm'],
    ['MG/DL', 'mg/dL'],
  ] as const)
    assert.equal(inUnit('1', code, other), null, `${code} and ${other}`);
  for (const unknown of [
    '',
    '{score}x',
    'mg/',
    '//',
    'mg//L',
    '毫克',
    'm[pH]',
    'mm[Hg',
    `m${'.m'.repeat(200)}`,
    '0',
    '1/0',
  ])
    assert.deepEqual(unitsBeside(unknown), [], unknown);
});
