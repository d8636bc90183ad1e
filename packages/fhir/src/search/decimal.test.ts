// Decimal ranges are exact.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalRange } from './decimal.ts';

test('[fhir F22] ranges of decimals in any notation', () => {
  assert.deepEqual(decimalRange('100'), { value: '100', low: '99.5', high: '100.5' });
  assert.deepEqual(decimalRange('-0.10'), { value: '-0.10', low: '-0.105', high: '-0.095' });
  assert.deepEqual(decimalRange('0'), { value: '0', low: '-0.5', high: '0.5' });
  assert.deepEqual(decimalRange('1.5e-3'), { value: '0.0015', low: '0.00145', high: '0.00155' });
  assert.deepEqual(decimalRange('2E2'), { value: '200', low: '199.5', high: '200.5' });
  assert.equal(decimalRange('1e999'), null);
  assert.equal(decimalRange('abc'), null);
});

test('[fhir F22] the value lies between its bounds (seed 3, 500 runs)', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (number) => {
      const range = decimalRange(String(number));
      if (range === null) return Math.abs(number) < 1e-50;
      return Number(range.low) <= number && number <= Number(range.high) && Number(range.value) === number;
    }),
    { seed: 3, numRuns: 500 },
  );
});
