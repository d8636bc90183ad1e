// Acceptance of the emergency reserve: first-expiring first out, rotation before expiry, the reserve kept, expired listed.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rotationPlan } from '@yimai/runtime';
import { DIRECTOR_A, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
await smallCounty(county);
const store = 'Organization/county';
const receive = (lot: string, expiry: string, quantity: number) =>
  county.apply(OFFICE, 'stock.receive', {
    stock: 'emergency-reserve',
    store,
    item: 'mask-n95',
    lot,
    expiry,
    quantity,
  });
const issue = (quantity: number, more: object = {}) => ({
  stock: 'emergency-reserve',
  store,
  item: 'mask-n95',
  quantity,
  ...more,
});
await receive('L2', '2026-12-31', 1500);
await receive('L1', '2026-04-01', 900);
await receive('L3', '2028-01-01', 500);
const plan = (today = '2026-03-02') =>
  rotationPlan(county.runtime.context, county.database, 'emergency-reserve', store, today);

test('[emergency-supplies-rotation/1] the first-expiring lot is issued first', async () => {
  const { taken } = await county.apply(OFFICE, 'stock.issue', issue(300));
  assert.deepEqual(taken, [{ lot: 'L1', quantity: 300 }]);
  const over = await county.apply(OFFICE, 'stock.issue', issue(700));
  assert.deepEqual(over.taken, [
    { lot: 'L1', quantity: 600 },
    { lot: 'L2', quantity: 100 },
  ]);
});

test('[emergency-supplies-rotation/2] rotation is proposed so that daily use consumes a lot before it expires', async () => {
  await receive('L4', '2026-03-31', 700);
  const rows = await plan();
  assert.deepEqual(
    rows.map((row) => [row.lot, row.rotate]),
    [
      ['L4', 120],
      ['L2', 0],
      ['L3', 0],
    ],
  );
  const near = rows.find((row) => row.lot === 'L4');
  assert.equal(near?.daysLeft, 29);
  assert.equal((near?.quantity ?? 0) - (near?.rotate ?? 0), 29 * 20);
  const order = (more: object = {}) => ({
    loop: 'rotation-order',
    answers: {
      item: 'mask-n95',
      lot: 'L4',
      quantity: near?.rotate,
      to: 'Organization/town-a',
      expires: near?.expiry,
      ...more,
    },
  });
  const spent = await county.refuse(OFFICE, 'loop.open', order({ expires: '2026-03-01' }));
  assert.equal(spent.code, 'lot-expired');
  const { case: id } = await county.apply(OFFICE, 'loop.open', order());
  await county.apply(OFFICE, 'loop.act', { case: id, event: 'send' });
  await county.apply(DIRECTOR_A, 'loop.act', { case: id, event: 'receive' });
  const replace = (expires: string) => ({
    case: id,
    event: 'replace',
    answers: { 'new-lot': 'L9', 'new-expires': expires },
  });
  assert.equal((await county.refuse(OFFICE, 'loop.act', replace('2026-03-31'))).code, 'not-fresher');
  await county.apply(OFFICE, 'loop.act', replace('2029-03-31'));
});

test('[emergency-supplies-rotation/3] stock never falls below the reserve, but for an emergency', async () => {
  const good = 700 + 1400 + 500;
  assert.equal((await county.refuse(OFFICE, 'stock.issue', issue(good - 999))).code, 'below-reserve');
  await county.apply(OFFICE, 'stock.issue', issue(good - 1000));
  assert.equal((await county.refuse(OFFICE, 'stock.issue', issue(1))).code, 'below-reserve');
  await county.apply(OFFICE, 'stock.issue', issue(100, { purpose: 'emergency' }));
  assert.equal(
    (await county.refuse(OFFICE, 'stock.issue', issue(2000, { purpose: 'emergency' }))).code,
    'stock-short',
  );
});

test('[emergency-supplies-rotation/4] expired stock is listed and never issued', async () => {
  await receive('L5', '2026-03-05', 40);
  await county.advance(5 * 86_400_000);
  const expired = (await plan('2026-03-07')).filter((row) => row.expired);
  assert.deepEqual(
    expired.map((row) => [row.lot, row.quantity]),
    [['L5', 40]],
  );
  const { taken } = await county.apply(OFFICE, 'stock.issue', issue(10, { purpose: 'emergency' }));
  assert.ok(taken.every((one: { lot: string }) => one.lot !== 'L5'));
  assert.equal(
    (
      await county.refuse(OFFICE, 'stock.receive', {
        stock: 'emergency-reserve',
        store,
        item: 'mask-n95',
        lot: 'L6',
        expiry: '2026-03-01',
        quantity: 1,
      })
    ).code,
    'lot-expired',
  );
});
