// Periods follow each other without a gap, and a moment belongs to its day in China.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import fc from 'fast-check';
import { open } from './county.fixture.ts';
import { nextPeriod, parsePeriod, previousPeriod, samePeriodLastYear } from './period.ts';
import type { Resource } from './testing/resources.ts';

const periods = fc.oneof(
  fc.integer({ min: 1990, max: 2100 }).map(String),
  fc
    .tuple(fc.integer({ min: 1990, max: 2100 }), fc.integer({ min: 1, max: 4 }))
    .map(([y, q]) => `${y}-Q${q}`),
  fc
    .tuple(fc.integer({ min: 1990, max: 2100 }), fc.integer({ min: 1, max: 12 }))
    .map(([y, m]) => `${y}-${String(m).padStart(2, '0')}`),
);

test('[measures M4] the period before ends where a period begins; last year has the same months (seed 22)', () => {
  fc.assert(
    fc.property(periods, (name) => {
      const now = must(parsePeriod(name));
      assert.equal(previousPeriod(now).until, now.from);
      assert.deepEqual(nextPeriod(previousPeriod(now)), now);
      assert.equal(samePeriodLastYear(now).from.slice(4), now.from.slice(4));
      assert.ok(now.from < now.until);
    }),
    { seed: 22 },
  );
  for (const wrong of ['', '25', '2025-13', '2025-Q5', '2025-1', '2025-01-01']) {
    const answer = parsePeriod(wrong);
    assert.equal(answer.ok ? '' : answer.refusal.code, 'wrong-period', wrong);
  }
});

test('[measures M4] a moment counts on its day in China: half past eleven at night is still the old month', async (t) => {
  const at = (id: string, start: string) => ({
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { code: 'AMB' },
    identifier: [{ value: id }],
    serviceProvider: { reference: 'Organization/edge' },
    period: { start },
  });
  const county = {
    resourceType: 'Organization',
    id: 'edge',
    active: true,
    type: [
      { coding: [{ system: 'https://yimai.example/fhir/CodeSystem/organisation-level', code: 'county' }] },
    ],
  };
  const { engine } = await open(t, [
    county,
    at('late', '2025-12-31T23:30:00+08:00'),
    at('late-utc', '2025-12-31T15:30:00Z'),
    at('new-utc', '2025-12-31T16:00:00Z'),
    at('new', '2026-01-01T00:10:00+08:00'),
  ] as unknown as Resource[]);
  const visits = async (name: string) => {
    const [value] = await engine.compute(must(parsePeriod(name)), ['edge'], ['outpatient-volume']);
    return value?.value;
  };
  assert.deepEqual([await visits('2025-12'), await visits('2026-01'), await visits('2025')], [2, 2, 2]);
});
