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
const stay = (id: string, patient: string, dx: string, cost: string, days = ['2026-03-02', '2026-03-12']) =>
  `${id},${patient},county-hospital,secondary,resident,2,1960-05-01,,,${days.join()},1,${dx},,${cost},100.00`;
const lists = [
  HEAD,
  stay('C1', 'p0', 'E11.500x021', '4000.50'),
  stay('C2', 'p0', 'J18.000', '5000.00'),
  stay('C3', 'p2', 'E11.500x021', '6000.00'),
  stay('C4', 'p1', 'E11.500x021', '3000.00', ['2026-02-20', '2026-03-01']),
];
const imported = await file(server, '/desk/fund/lists/import', lists.join('\n'));
assert.equal(imported.json.imported, 4, JSON.stringify(imported.json));
await applied(
  server,
  'budget.adopt',
  { ...BUDGET, insured: [{ payer: 'resident', memberMonths: 60_000 }] },
  clerk,
);

const SETTLE = { year: '2026', package: 'package/diabetes' };
const join = (patient: string, from: string) =>
  applied(
    server,
    'register.put',
    {
      register: 'chronic-package-members',
      entry: { package: 'package/diabetes', patient: `Patient/${patient}` },
      from,
    },
    clerk,
  );
const managed = (record: string, patient: string, amount: number) => ({
  register: 'chronic-management-costs',
  entry: { record, package: 'package/diabetes', patient: `Patient/${patient}`, cost: amount },
});
const entriesOf = (caseId: string) => server.consortium.fund.ledger.entries({ caseId });
const balanceOf = async (account: string): Promise<string> => {
  const all = await server.consortium.fund.ledger.trialBalance();
  return `${all.find((one) => one.account === account)?.balanceFen ?? 0n}`;
};

test('[server F16] a listed complication of a member is paid by the package and by no group; other stays are not', async () => {
  assert.equal(await refused(server, 'package.settle', SETTLE, clerk), 'package-empty');
  await join('p0', '2026-01-01');
  // Joined after the admission of C4: that stay is paid by its group.
  await join('p1', '2026-03-01');
  await applied(server, 'settlement.run', { month: '2026-03' }, clerk);
  const [paid, ...more] = await entriesOf('C1');
  assert.deepEqual(
    [paid?.debit, paid?.row, paid?.amountFen, more.length],
    ['group/expense/package', 'package/diabetes', 390_050n, 0],
    'the package owes the cost less what the patient bore, once',
  );
  for (const id of ['C2', 'C3', 'C4']) {
    const [due, ...others] = await entriesOf(id);
    assert.notEqual(due?.debit, 'group/expense/package', id);
    assert.equal(others.length, 0, id);
  }
  const shown = await post(server, '/desk/fund/cases', { year: '2026' }, clerk);
  assert.match(JSON.stringify(shown), /"kind":"package"/);
});

test('[server F16] a chronic package is given by its two sources, the insurance part out of the budget, and cleared', async () => {
  await applied(server, 'register.put', managed('Encounter/m1', 'p1', 300.25), clerk);
  await applied(server, 'register.put', managed('Encounter/m2', 'p2', 999), clerk);
  assert.equal(
    await refused(server, 'register.put', managed('Encounter/m3', 'p1', -1), clerk),
    'cost-negative',
  );
  const unknown = { ...SETTLE, package: 'package/none' };
  assert.equal(await refused(server, 'package.settle', unknown, clerk), 'payload-invalid');
  assert.equal(
    await refused(server, 'clearing.run', { year: '2026' }, clerk),
    'package-not-settled',
    'a stay that a month charged to a package is never left out of the year',
  );
  const insurer = await balanceOf('bank/insurance');
  const settled = await applied(server, 'package.settle', SETTLE, clerk);
  assert.deepEqual(
    [settled.budgetFen, settled.chargedFen, settled.balanceFen, settled.charged, settled.notCharged],
    ['720000', '420075', '299925', 2, 1],
    'C1 and the management of p1; that of somebody who is not in the package is left to other methods',
  );
  assert.deepEqual(
    [
      await balanceOf('bank/insurance'),
      await balanceOf('group/bank/public-health'),
      await balanceOf('group/advance/package/diabetes'),
      await balanceOf('group/surplus/package/diabetes'),
    ],
    [insurer, '216000', '0', '-299925'],
    'the insurer pays nothing a second time; 30 % of 7,200 come from public health; what is left is kept',
  );
  const same = await applied(server, 'package.settle', SETTLE, clerk);
  assert.equal(same.wasThere, true);
  await applied(server, 'register.put', managed('Encounter/m4', 'p1', 100), clerk);
  assert.equal(await refused(server, 'package.settle', SETTLE, clerk), 'already-settled');
  const corrected = await applied(server, 'package.settle', { ...SETTLE, correction: true }, clerk);
  assert.deepEqual([corrected.version, corrected.chargedFen], [2, '430075']);
});

test('[server F17] heads and stays form one account: a surplus of 1,000,000 gives a pool of 800,000, none gives none', async () => {
  const asked = { year: '2026', memberMonths: 12_006, perHead: '1200.00', outpatientCost: '0' };
  assert.equal(
    await refused(server, 'dual-package.settle', { ...asked, year: '2027' }, clerk),
    'budget-not-adopted',
  );
  const statement = await post(server, '/desk/fund/statement', {
    month: '2026-03',
    house: 'county-hospital',
  });
  // Who left after half a year counts six member months of 12,006.
  const perHead = 120_060_000n;
  // The stay of the chronic package is in its own account: cost and pay of it are equal, and in neither sum.
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
  const beyond = { ...asked, perHead: '9000.00', correction: true };
  assert.equal(await refused(server, 'dual-package.settle', beyond, clerk), 'budget-exceeded');
});

test("[server F16] the clearing charges packages to the year's budget, and a package changed later asks for it again", async () => {
  await applied(server, 'clearing.run', { year: '2026' }, clerk);
  const shown = await post(server, '/desk/fund/clearing', { year: '2026' }, clerk);
  const { fundFen, packageFen } = { fundFen: fen(shown.houses[0].due), packageFen: 390_050n };
  assert.equal(fen(shown.inCounty), fundFen - packageFen);
  // 70 % of 2 × 3,600, and the amounts per head.
  assert.equal(fen(shown.packages), 504_000n + 120_060_000n);
  assert.equal(fen(shown.result.charged), fen(shown.inCounty) + fen(shown.outside) + fen(shown.packages));
  assert.equal(await balanceOf('group/advance/insurer'), '0');
  assert.equal(await balanceOf('budget/consortium'), '0');
  await join('p2', '2026-06-01');
  await applied(server, 'package.settle', { ...SETTLE, correction: true }, clerk);
  assert.equal(
    await refused(server, 'distribution.run', { year: '2026', lines: WORK }, clerk),
    'clearing-outdated',
  );
});

const WORK = [
  { record: 'Encounter/w1', person: 'Practitioner/clerk', points: '2', isPrimaryCare: true },
  { record: 'Encounter/w2', person: 'made-up-other', points: '1', isPrimaryCare: true },
  { record: 'Encounter/w3', person: 'Practitioner/surgeon', points: '9', isPrimaryCare: false },
];

test('[dual-package-capitation-drg/2] the pool of the package goes to primary-care staff with the pool of the surplus, and a later package asks for new shares', async () => {
  const share = async (correction: boolean) => {
    await applied(server, 'distribution.run', { year: '2026', lines: WORK, correction }, clerk);
    return (await post(server, '/desk/fund/clearing', { year: '2026' }, clerk)).distribution;
  };
  await applied(server, 'clearing.run', { year: '2026', correction: true }, clerk);
  const without = await share(false);
  assert.equal(without.packagePool, '0.00', 'the dual package has no surplus: nothing joins');
  // What is left of the chronic package is shared as the rule set says (all of it), and the books hold no rest.
  const results = await post(server, '/desk/fund/results', { year: '2026' }, clerk);
  const left = fen(results.packages[0].settled.balance);
  assert.ok(left > 0n);
  assert.equal(fen(without.packageSurplus), left);
  const parts: { amount: string }[] = without.parties;
  assert.equal(
    fen(without.pool) + parts.reduce((sum, { amount }) => sum + fen(amount), 0n),
    fen(without.surplus) + left,
    'staff and parties share both to the fen',
  );
  assert.equal(await balanceOf('group/surplus/package/diabetes'), '0');
  await applied(server, 'register.put', managed('Encounter/m5', 'p1', 10), clerk);
  await applied(server, 'package.settle', { ...SETTLE, correction: true }, clerk);
  assert.equal(
    await refused(server, 'distribution.pay', { year: '2026' }, clerk),
    'distribution-outdated',
    'a package that was corrected asks for new shares',
  );
  const less = await share(true);
  assert.equal(fen(without.packageSurplus) - fen(less.packageSurplus), 1_000n);
  assert.equal(await balanceOf('group/surplus/package/diabetes'), '0');
  const statement = await post(server, '/desk/fund/statement', {
    month: '2026-03',
    house: 'county-hospital',
  });
  const outpatient = 120_060_000n + fen(statement.pay) - fen(statement.cost) - 100_000_000n;
  const again = { year: '2026', memberMonths: 12_006, perHead: '1200.00', correction: true };
  await applied(server, 'dual-package.settle', { ...again, outpatientCost: yuan(outpatient) }, clerk);
  assert.equal(await balanceOf('group/surplus/dual-package'), '-80000000');
  assert.equal(
    await refused(server, 'distribution.pay', { year: '2026' }, clerk),
    'distribution-outdated',
    'what was shared knows nothing of the pool',
  );
  const joined = await share(true);
  assert.equal(fen(joined.pool), fen(less.pool) + 80_000_000n);
  assert.deepEqual(joined.parties, less.parties, 'county, township and village have no part of it');
  const people: { person: string; share: string }[] = joined.people;
  assert.deepEqual(
    people.map(({ person }) => person),
    ['Practitioner/clerk', 'made-up-other'],
  );
  assert.equal(
    people.reduce((sum, one) => sum + fen(one.share), 0n),
    fen(joined.pool),
  );
  assert.deepEqual(
    [await balanceOf('group/surplus/dual-package'), await balanceOf('group/share/staff')],
    ['0', `${-fen(joined.pool)}`],
  );
  assert.equal((await server.request('GET', '/desk/fund/ledger')).json.balanced, true);
  assert.equal(await refused(server, 'distribution.pay', { year: '2026' }, clerk), 'notice-missing');
});
