// Acceptance of the free revisit: days 1 to 3, not day 4; no chain of revisits; the waived fees of a month.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { must } from '@yimai/kit';
import { listValue } from '@yimai/runtime';
import { type As, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-31T01:00:00Z' });
await smallCounty(county);
const CASHIER: As = { role: 'finance-clerk', org: 'county', person: 'clerk' };
const ask = (on: string, more: object = {}, settings: object = {}) => ({
  entitlement: 'free-revisit',
  on,
  settings,
  facts: { first: '2026-03-02', paid: true, 'was-revisit': false, 'same-department': true, ...more },
});

test('[free-revisit-three-days/1] a revisit on day 1, 2 or 3 is free, on day 4 the fee applies, and the days are a setting', async () => {
  for (const on of ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'])
    assert.equal((await county.apply(CASHIER, 'entitlement.ask', ask(on))).granted, true, on);
  assert.equal((await county.refuse(CASHIER, 'entitlement.ask', ask('2026-03-06'))).code, 'too-late');
  assert.equal(
    (await county.apply(CASHIER, 'entitlement.ask', ask('2026-03-06', {}, { days: 4 }))).granted,
    true,
  );
  assert.equal(
    (await county.refuse(CASHIER, 'entitlement.ask', ask('2026-03-03', { 'same-department': false }))).code,
    'other-department',
  );
  const fees = county.runtime.context.lists.get('registration-fee');
  assert.ok(fees);
  assert.deepEqual(
    [must(listValue(fees, 'general', '2025-12-31')), must(listValue(fees, 'general', '2026-01-01'))],
    ['400', '500'],
  );
  assert.ok(!listValue(fees, 'general', '2023-12-31').ok);
});

test('[free-revisit-three-days/2] a revisit of a revisit does not extend the right', async () => {
  assert.equal(
    (await county.refuse(CASHIER, 'entitlement.ask', ask('2026-03-04', { 'was-revisit': true }))).code,
    'revisit-of-revisit',
  );
  assert.equal(
    (await county.refuse(CASHIER, 'entitlement.ask', ask('2026-03-04', { paid: false }))).code,
    'first-unpaid',
  );
});

test('[free-revisit-three-days/3] number and sum of the waived fees of a month are reported', async () => {
  const rows = Array.from({ length: 12 }, (_, n) => ({
    visit: `Encounter/revisit-${n}`,
    'fee-fen': n < 10 ? 500 : 1500,
  }));
  await county.apply(CASHIER, 'register.import', { register: 'waived-fees', rows, from: '2026-03-15' });
  await county.apply(CASHIER, 'register.put', {
    register: 'waived-fees',
    from: '2026-02-15',
    entry: { visit: 'Encounter/earlier', 'fee-fen': 500 },
  });
  const march = await county.report('waived-fees', '2026-03-31', '2026-03-01');
  assert.deepEqual(march.total, [12, 8000]);
});
