// The `must` lines of the fund domain on money with a purpose: pooled sources, devolved and earmarked funds, subsidies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localDate, must, type Result } from '@yimai/kit';
import * as fund from './index.ts';

const YUAN = 100n;

function refused(result: Result<unknown>, code: string, at: string): void {
  assert(!result.ok, `expected the refusal ${code}`);
  assert.deepEqual([result.refusal.code, result.refusal.at], [code, at]);
}

const sources: fund.EarmarkedFund[] = [
  { id: 'fiscal', source: 'fiscal', amountFen: 1000n, purposes: ['equipment'] },
  { id: 'public-health', source: 'public-health', amountFen: 500n, purposes: ['screening', 'follow-up'] },
  { id: 'insurance', source: 'insurance', amountFen: 2000n, purposes: ['inpatient'] },
];
const item: fund.Spending = {
  id: 'x1',
  fund: 'public-health',
  purpose: 'screening',
  amountFen: 200n,
  evidence: 'invoice 1',
};

test('[three-source-fund-pooling/1] a purpose that a source does not allow is refused', () => {
  refused(fund.spend(sources, [], { ...item, purpose: 'equipment' }), 'purpose-not-allowed', 'purpose');
});

test('[three-source-fund-pooling/2] the sum over sources equals the total', () => {
  const spent = must(
    fund.spend(sources, must(fund.spend(sources, [], item)), {
      ...item,
      id: 'x2',
      fund: 'insurance',
      purpose: 'inpatient',
    }),
  );
  const reports = sources.map((source) => fund.reportOfFund(source, spent));
  assert.equal(
    reports.reduce((sum, { spentFen }) => sum + spentFen, 0n),
    400n,
  );
});

test('[three-source-fund-pooling/3] a report per source is complete without the other sources', () => {
  const spent = must(fund.spend(sources, [], item));
  const report = fund.reportOfFund(sources[1]!, spent);
  assert.deepEqual([report.spent, report.spentFen, report.balanceFen], [[item], 200n, 300n]);
});

const devolved: fund.DevolvedFund = {
  allocationFen: 1000n,
  devolvedFrom: localDate('2026-03-01'),
  paidFen: 0n,
};
const assessed: fund.AssessedWork[] = [
  { institution: 'township-a', record: 'w1', points: 2n },
  { institution: 'township-b', record: 'w2', points: 1n },
];

test('[public-health-fund-devolution/1] before devolution an order of the group is refused, after it accepted', () => {
  refused(fund.payByWork(devolved, localDate('2026-02-28'), 300n, assessed), 'not-devolved', 'on');
  assert.ok(fund.payByWork(devolved, localDate('2026-03-01'), 300n, assessed).ok);
});

test('[public-health-fund-devolution/2] paid and remaining are the allocation', () => {
  const { fund: after } = must(fund.payByWork(devolved, localDate('2026-03-01'), 300n, assessed));
  assert.equal(after.paidFen, 300n);
  const { fund: done } = must(fund.payByWork(after, localDate('2026-03-02'), 700n, assessed));
  assert.equal(done.paidFen, done.allocationFen, 'what remained is payable to the fen');
  refused(fund.payByWork(done, localDate('2026-03-03'), 1n, assessed), 'allocation-exceeded', 'amountFen');
  refused(fund.payByWork(after, localDate('2026-03-02'), 701n, assessed), 'allocation-exceeded', 'amountFen');
});

test('[public-health-fund-devolution/3] payment per institution traces to assessed work', () => {
  const { payments } = must(fund.payByWork(devolved, localDate('2026-03-01'), 300n, assessed));
  assert.deepEqual(payments, [
    { institution: 'township-a', amountFen: 200n, records: ['w1'] },
    { institution: 'township-b', amountFen: 100n, records: ['w2'] },
  ]);
  refused(fund.payByWork(devolved, localDate('2026-03-01'), 300n, []), 'no-assessed-work', 'work');
});

const CATEGORIES = ['基本建设', '大型设备购置', '重点学科发展', '公共卫生服务', '人员经费', '政策性亏损'];
const input = (year: number, category: string | null, amountFen: bigint): fund.FiscalInput => ({
  hospital: 'h',
  year,
  category,
  amountFen,
});
const YI = 10_000_000_000n;

test('[gov-six-category-investment/1] a three-year mean and the income that its share implies', () => {
  const inputs = [2022, 2023, 2024].map((year) => input(year, '基本建设', (1154n * YI) / 100n));
  const { meanFen } = must(fund.summarizeInputs(inputs, CATEGORIES, [2022, 2023, 2024], null));
  assert.equal(meanFen, (1154n * YI) / 100n);
  const income = fund.impliedIncome(meanFen, 2973n);
  assert.equal((income * 100n + YI / 2n) / YI, 3882n, '11.54 / 29.73 % is about 38.82');
  const known = must(fund.summarizeInputs(inputs, CATEGORIES, [2022, 2023, 2024], income));
  assert.equal(known.shareOfIncome, 2973n, 'and back');
});

test('[gov-six-category-investment/2] an input with no category is refused', () => {
  refused(
    fund.summarizeInputs([input(2022, '', 1n)], CATEGORIES, [2022], null),
    'category-missing',
    'inputs[0].category',
  );
});

test('[gov-six-category-investment/3] the six-category mean is at most the total mean', () => {
  const summary = must(
    fund.summarizeInputs([input(2022, '基本建设', 784n), input(2022, null, 370n)], CATEGORIES, [2022], 3882n),
  );
  assert.deepEqual([summary.sixCategoryMeanFen, summary.meanFen, summary.isConsistent], [784n, 1154n, true]);
  assert.equal(summary.shareOfIncome, 2973n);
});

const bands: fund.ScoreBand[] = [
  { from: 0n, coefficient: 5_000n },
  { from: 800_000n, coefficient: 9_000n },
  { from: 900_000n, coefficient: 10_000n },
];
const subsidyAt = (score: bigint) => must(fund.linkedSubsidy(1000n, { score, isPublished: true }, bands));

test('[performance-linked-subsidy/1] a score change over a band edge changes the sum as configured', () => {
  assert.deepEqual([subsidyAt(899_999n), subsidyAt(900_000n), subsidyAt(100n)], [900n, 1000n, 500n]);
});

test('[performance-linked-subsidy/2] without a published appraisal no final payment is made', () => {
  refused(
    fund.linkedSubsidy(1000n, { score: 900_000n, isPublished: false }, bands),
    'appraisal-not-published',
    'appraisal',
  );
});

test('[zero-markup-drug-subsidy/1] the lost markup is due in full: 15 % of 90,000,000 is 13,500,000', () => {
  const sales = [{ id: 's1', quantity: 1n, purchaseFen: 90_000_000n * YUAN, saleFen: 90_000_000n * YUAN }];
  const { dueFen, breaches } = fund.zeroMarkupSubsidy(sales, 1_500n);
  assert.deepEqual([dueFen, breaches], [13_500_000n * YUAN, []]);
  const grant = {
    id: 'zero-markup',
    source: 'fiscal',
    amountFen: dueFen,
    purposes: ['zero-markup'],
  } as const;
  const part = { id: 'p1', fund: grant.id, purpose: 'zero-markup', amountFen: 10_000_000n * YUAN };
  const first = must(fund.spend([grant], [], { ...part, evidence: 'order 1' }));
  assert.equal(fund.reportOfFund(grant, first).executionRate, 7_407n, 'a part is not 100 %');
  const rest = { ...part, id: 'p2', amountFen: 3_500_000n * YUAN, evidence: 'order 2' };
  const all = must(fund.spend([grant], first, rest));
  assert.equal(fund.reportOfFund(grant, all).executionRate, fund.ONE, 'paid / due = 100 %');
  refused(fund.spend([grant], all, { ...rest, id: 'p3', amountFen: 1n }), 'fund-exhausted', 'amountFen');
});

test('[zero-markup-drug-subsidy/2] a sale above the purchase price is flagged and earns nothing', () => {
  const sales = [{ id: 's1', quantity: 2n, purchaseFen: 100n, saleFen: 101n }];
  assert.deepEqual(fund.zeroMarkupSubsidy(sales, 1_500n), { dueFen: 0n, breaches: ['s1'] });
});

test('[special-fund-ledger/1] spending outside the purpose is refused, and so is more than is left', () => {
  refused(fund.spend(sources, [], { ...item, purpose: 'banquet' }), 'purpose-not-allowed', 'purpose');
  refused(fund.spend(sources, [], { ...item, amountFen: 501n }), 'fund-exhausted', 'amountFen');
  refused(fund.spend(sources, [item], item), 'already-spent', 'id');
});

test('[special-fund-ledger/2] execution rate and balance of each fund', () => {
  const screening = {
    id: 'eq',
    source: 'special',
    amountFen: 4_200_000n * YUAN,
    purposes: ['screening'],
  } as const;
  const report = fund.reportOfFund(screening, [{ ...item, fund: 'eq', amountFen: 1_050_000n * YUAN }]);
  assert.deepEqual([report.executionRate, report.balanceFen], [2_500n, 3_150_000n * YUAN]);
  // The funds that the catalogue names, in 10,000 yuan, each with what half of it and all of it says.
  const named = { screening: 420n, platform: 2000n, disciplines: 280n, studios: 60n, township: 4500n };
  const funds = Object.entries(named).map(([id, wan]): fund.EarmarkedFund => {
    return { id, source: 'special', amountFen: wan * 10_000n * YUAN, purposes: [id] };
  });
  let spent: readonly fund.Spending[] = [];
  for (const [index, { id, amountFen }] of funds.entries()) {
    const half = { id: `h${index}`, fund: id, purpose: id, amountFen: amountFen / 2n, evidence: 'invoice' };
    spent = must(fund.spend(funds, spent, half));
    const now = fund.reportOfFund(funds[index]!, spent);
    assert.deepEqual([now.executionRate, now.balanceFen], [5_000n, amountFen / 2n], id);
  }
  const mine = { id: 'x', fund: 'studios', purpose: 'platform', amountFen: 1n, evidence: 'invoice' };
  refused(fund.spend(funds, spent, mine), 'purpose-not-allowed', 'purpose');
});

test('[special-fund-ledger/3] above 20 yi three years in a row: 超过 does not include the line', () => {
  const totals = new Map([
    [2022, 21n * YI],
    [2023, 22n * YI],
    [2024, 20n * YI],
  ]);
  assert.equal(fund.isAboveForYears(totals, 2024, 3, 20n * YI), false);
  assert.equal(fund.isAboveForYears(totals.set(2024, 20n * YI + 1n), 2024, 3, 20n * YI), true);
  assert.equal(fund.isAboveForYears(totals, 2025, 3, 20n * YI), false, 'a year without a total is not above');
});

const clinics: fund.Designation[] = [
  { clinic: 'c1', village: 'v1', from: localDate('2025-01-01'), until: null },
  { clinic: 'c2', village: 'v2', from: localDate('2025-01-01'), until: localDate('2026-03-31') },
];

test('[village-insurance-point/1] coverage counts villages with an open designation and names the missing ones', () => {
  assert.deepEqual(fund.coverageOn(['v1', 'v2', 'v3'], clinics, localDate('2026-04-01')), {
    rate: 3333n,
    missing: ['v2', 'v3'],
  });
  const third = { clinic: 'c3', village: 'v3', from: localDate('2026-03-31'), until: null };
  assert.deepEqual(fund.coverageOn(['v1', 'v2', 'v3'], [...clinics, third], localDate('2026-03-31')), {
    rate: fund.ONE,
    missing: [],
  });
  assert.deepEqual(fund.coverageOn(['v3'], [third], localDate('2026-03-30')).missing, ['v3']);
});

test('[village-insurance-point/2] a settlement from a clinic whose designation ended is refused', () => {
  assert.ok(fund.maySettle('c2', clinics, localDate('2026-03-31')).ok);
  refused(fund.maySettle('c1', clinics, localDate('2024-12-31')), 'not-designated', 'clinic');
  refused(fund.maySettle('c2', clinics, localDate('2026-04-01')), 'not-designated', 'clinic');
});
