// Packages in the running house: a chronic disease with its complications, and heads with stays in one account.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { applied, BUDGET, file, HEAD, house, post, refused, signIn } from './fund.fixture.ts';

const server = await house({ after });
for (const id of ['p0', 'p1', 'p2']) {
  const made = await server.fhir('PUT', `Patient/${id}`, { resourceType: 'Patient', id });
  assert.equal(made.status, 201, made.text);
}
const clerk = await signIn(server, 'clerk', 'insurer-clerk', 'insurer');
const fen = (text: string): bigint => BigInt(text.replaceAll(/[,.]/g, ''));
const yuan = (amount: bigint): string => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`;
const stay = (id: string, patient: string, dx: string, cost: string) =>
  `${id},${patient},county-hospital,secondary,resident,2,1960-05-01,,,2026-03-02,2026-03-12,1,${dx},,${cost},100.00`;
const lists = [
  HEAD,
  stay('C1', 'p0', 'E11.500x021', '4000.50'),
  stay('C2', 'p0', 'J18.000', '5000.00'),
  stay('C3', 'p2', 'E11.500x021', '6000.00'),
];
const imported = await file(server, '/desk/fund/lists/import', lists.join('\n'));
assert.equal(imported.json.imported, 3, JSON.stringify(imported.json));
await applied(server, 'budget.adopt', BUDGET, clerk);

const SETTLE = { year: '2026', package: 'package/diabetes' };

test('[server F16] a chronic package is charged its listed complications and its management, and given by its two sources', async () => {
  assert.equal(await refused(server, 'package.settle', SETTLE, clerk), 'package-empty');
  for (const id of ['p0', 'p1'])
    await applied(
      server,
      'register.put',
      {
        register: 'chronic-package-members',
        entry: { package: 'package/diabetes', patient: `Patient/${id}` },
      },
      clerk,
    );
  const cost = (record: string, patient: string, amount: number) => ({
    register: 'chronic-management-costs',
    entry: { record, package: 'package/diabetes', patient: `Patient/${patient}`, cost: amount },
  });
  await applied(server, 'register.put', cost('Encounter/m1', 'p1', 300.25), clerk);
  await applied(server, 'register.put', cost('Encounter/m2', 'p2', 999), clerk);
  assert.equal(await refused(server, 'register.put', cost('Encounter/m3', 'p1', -1), clerk), 'cost-negative');
  const unknown = { ...SETTLE, package: 'package/none' };
  assert.equal(await refused(server, 'package.settle', unknown, clerk), 'payload-invalid');
  const settled = await applied(server, 'package.settle', SETTLE, clerk);
  assert.deepEqual(
    [settled.budgetFen, settled.chargedFen, settled.balanceFen, settled.charged, settled.notCharged],
    ['720000', '430075', '289925', 2, 2],
    'pneumonia and the management of somebody who is not in the package are left to other methods',
  );
  const ledger = (await server.request('GET', '/desk/fund/ledger')).json;
  const of = (account: string) =>
    ledger.accounts.find((one: { account: string }) => one.account === account)?.debit ?? null;
  assert.deepEqual(
    [of('group/bank/insurance') !== null, of('group/bank/public-health')],
    [true, '2,160.00'],
    '30 % of 7,200 come from public health',
  );
  assert.equal(ledger.balanced, true);
  const same = await applied(server, 'package.settle', SETTLE, clerk);
  assert.equal(same.wasThere, true);
  await applied(server, 'register.put', cost('Encounter/m4', 'p1', 100), clerk);
  assert.equal(await refused(server, 'package.settle', SETTLE, clerk), 'already-settled');
  const corrected = await applied(server, 'package.settle', { ...SETTLE, correction: true }, clerk);
  assert.deepEqual([corrected.version, corrected.chargedFen], [2, '440075']);
});

test('[server F17] heads and stays form one account: a surplus of 1,000,000 gives a pool of 800,000, none gives none', async () => {
  const asked = { year: '2026', memberMonths: 12_006, perHead: '1200.00', outpatientCost: '0' };
  assert.equal(await refused(server, 'dual-package.settle', asked, clerk), 'no-month-settled');
  await applied(server, 'settlement.run', { month: '2026-03' }, clerk);
  const statement = await post(server, '/desk/fund/statement', {
    month: '2026-03',
    house: 'county-hospital',
  });
  // Who left after half a year counts six member months of 12,006.
  const perHead = 120_060_000n;
  const outpatient = perHead + fen(statement.pay) - fen(statement.cost) - 100_000_000n;
  const exact = { ...asked, outpatientCost: yuan(outpatient) };
  const settled = await applied(server, 'dual-package.settle', exact, clerk);
  assert.deepEqual(
    [settled.capitationFen, settled.balanceFen, settled.incentivePoolFen],
    [`${perHead}`, '100000000', '80000000'],
  );
  const deficit = { ...asked, outpatientCost: '2000000.00' };
  assert.equal(await refused(server, 'dual-package.settle', deficit, clerk), 'already-settled');
  const worse = await applied(server, 'dual-package.settle', { ...deficit, correction: true }, clerk);
  assert.deepEqual([worse.version, worse.incentivePoolFen], [2, '0']);
  assert.equal((await server.request('GET', '/desk/fund/ledger')).json.balanced, true);
});
