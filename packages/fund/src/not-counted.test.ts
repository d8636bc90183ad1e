// For each must that shows what counts: the case beside it that must be refused or must not count.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATUS } from '@yimai/grouping';
import { localDate, must, type Result } from '@yimai/kit';
import * as fund from './index.ts';
import { stayOf } from './made-up-stays.ts';

const county = must(fund.loadRuleSet('consortium-county/2026'));
const consortium = county.consortium!;
const march = localDate('2026-03-01');

function refused(result: Result<unknown>, code: string, at: string): void {
  assert.ok(!result.ok);
  assert.deepEqual([result.refusal.code, result.refusal.at], [code, at]);
}

const year = (inCountyFen: bigint, more: Partial<fund.ConsortiumYear> = {}): fund.ConsortiumYear => ({
  budgetFen: 100n,
  inCountyFen,
  outsideFen: 0n,
  reasonableOverrunFen: 0n,
  ...more,
});

test('[county-global-budget/1] claims of the whole total leave no surplus, and what packages draw is no surplus either', () => {
  assert.equal(fund.clearConsortium(year(100n), consortium).surplusFen, 0n);
  const packaged = fund.clearConsortium(year(92n, { packagesFen: 8n }), consortium);
  assert.deepEqual([packaged.surplusFen, packaged.chargedFen], [0n, 100n]);
});

test('[county-global-budget/2] an overrun that nobody found reasonable is borne by the group alone', () => {
  const { insurerAddsFen, groupBearsFen } = fund.clearConsortium(year(106n), consortium);
  assert.deepEqual([insurerAddsFen, groupBearsFen], [0n, 6n]);
});

test('[drg-payment/2] a stay without a group, or in one without a weight, is paid by its own row and not by weight × rate', () => {
  const book = new fund.PriceBook(must(fund.loadRuleSet('rate-city/2026')));
  const paid = (group: ReturnType<typeof stayOf>['group']) => {
    const { row, weight, standardFen } = fund.priceStay(stayOf({ group }), book);
    return [row, weight, standardFen];
  };
  assert.deepEqual(paid({ status: STATUS.ungrouped, mdc: '0000', adrg: '00', drg: '0000' }), [
    'ungrouped',
    0n,
    0n,
  ]);
  assert.deepEqual(paid({ status: STATUS.grouped, mdc: 'MDCZ', adrg: 'ZZ9', drg: 'ZZ99' }), [
    'unstable',
    0n,
    0n,
  ]);
});

test('[dual-package-capitation-drg/1] a deficit is no package surplus: nothing goes to the pool', () => {
  const result = fund.settleDualPackage(
    { capitationFen: 600n, drgFen: 400n, outpatientCostFen: 700n, inpatientCostFen: 450n },
    consortium,
  );
  assert.deepEqual([result.balanceFen, result.incentivePoolFen], [-150n, 0n]);
});

test('[surplus-incentive-primary-care/1] work without points and staff outside primary care take nothing of the pool', () => {
  const line = (person: string, points: bigint, isPrimaryCare: boolean) => ({
    person,
    points,
    isPrimaryCare,
    record: `r-${person}`,
  });
  const { shares } = must(
    fund.shareSurplusPool(100n, [line('a', 1n, true), line('b', 0n, true), line('c', 9n, false)]),
  );
  assert.deepEqual(
    shares.map(({ person, shareFen, records }) => [person, shareFen, records]),
    [['a', 100n, ['r-a']]],
  );
  refused(fund.shareSurplusPool(100n, [line('c', 9n, false)]), 'no-points', 'lines');
});

test("[chronic-complication-package/2] an unlisted complication, one before joining or after leaving is not the package's", () => {
  const [rule] = consortium.packages;
  const members: fund.Memberships = new Map([
    ['p', [{ package: rule!.id, from: march, to: localDate('2026-06-30') }]],
  ]);
  const paidBy = (admitted: string, code = 'E11.500x021', patient = 'p') =>
    fund.packageOfStay({ patient, admittedOn: localDate(admitted), code }, consortium.packages, members)
      ?.id ?? null;
  assert.deepEqual(
    [paidBy('2026-03-01'), paidBy('2026-06-30'), paidBy('2026-02-28'), paidBy('2026-07-01')],
    [rule!.id, rule!.id, null, null],
    'both days of a membership count',
  );
  assert.deepEqual([paidBy('2026-04-01', 'I21.900'), paidBy('2026-04-01', 'E11.500x021', 'q')], [null, null]);
});

const draw = { amountFen: 60_000n };

test('[chronic-complication-package/3] a person enrolled twice is one head, and care outside the package moves no source', () => {
  const [rule] = consortium.packages;
  const outside = { caseId: 'c', patient: 'p', code: 'I21.900', costFen: 900n };
  const one = fund.settlePackage(rule!, ['p'], []);
  const same = fund.settlePackage(rule!, ['p', 'p'], [outside]);
  assert.deepEqual([same.budgetFen, same.bySource, same.chargedFen], [one.budgetFen, one.bySource, 0n]);
  assert.deepEqual(same.notCharged, [outside]);
});

test('[mes-payment/2] a claim that was refused is in neither report', () => {
  const opened = fund.openPrepaidFund(consortium);
  const claim: fund.ResultClaim = {
    kind: 'mes',
    row: consortium.mes[0]!.id,
    caseId: 'case-1',
    org: 'county-hospital',
    on: march,
    agreement: { id: 'a1', signedBy: [], isBreached: false },
    evidence: [],
    isEliminated: true,
  };
  refused(fund.drawOnResult(opened, claim, consortium), 'agreement-not-active', 'agreement');
  assert.deepEqual(fund.reportOf(opened), { redFen: 0n, mesFen: 0n, balanceFen: opened.openingFen });
});

test('[red-mes-prepaid-fund/2] more than was drawn, nothing, or a second refund does not come back into the fund', () => {
  assert.equal(must(fund.drawRefund(draw, 0n, 60_000n)), 60_000n);
  refused(fund.drawRefund(draw, 0n, 60_001n), 'refund-above-draw', 'payload.amount');
  refused(fund.drawRefund(draw, 0n, 0n), 'refund-above-draw', 'payload.amount');
  refused(fund.drawRefund(draw, 1n, 1n), 'already-refunded', 'payload.claim');
});

const pot: fund.EarmarkedFund = { id: 'fiscal', source: 'fiscal', amountFen: 1000n, purposes: ['equipment'] };
const other: fund.EarmarkedFund = { ...pot, id: 'insurance', source: 'insurance', purposes: ['inpatient'] };
const bill: fund.Spending = {
  id: 'x1',
  fund: 'fiscal',
  purpose: 'equipment',
  amountFen: 200n,
  evidence: 'invoice 1',
};

test('[three-source-fund-pooling/2] a bill without evidence, from no source, or seen before is not in the total', () => {
  const spent = must(fund.spend([pot, other], [], bill));
  refused(fund.spend([pot, other], spent, bill), 'already-spent', 'id');
  refused(
    fund.spend([pot, other], spent, { ...bill, id: 'x2', evidence: ' ' }),
    'evidence-missing',
    'evidence',
  );
  refused(fund.spend([pot, other], spent, { ...bill, id: 'x3', fund: 'loan' }), 'fund-unknown', 'fund');
  assert.equal(fund.reportOfFund(pot, spent).spentFen, 200n);
});

test("[three-source-fund-pooling/3] another source's spending is not in the report of this one", () => {
  const report = fund.reportOfFund(other, must(fund.spend([pot, other], [], bill)));
  assert.deepEqual([report.spent, report.spentFen, report.balanceFen], [[], 0n, 1000n]);
});

test('[special-fund-ledger/2] what another fund spent moves neither rate nor balance', () => {
  const { executionRate, balanceFen } = fund.reportOfFund(pot, [
    bill,
    { ...bill, id: 'x2', fund: 'insurance' },
  ]);
  assert.deepEqual([executionRate, balanceFen], [2_000n, 800n]);
});

test('[gov-six-category-investment/1] input of a year outside the three is not in the mean; a year without input is', () => {
  const put = (year: number, amountFen: bigint): fund.FiscalInput => ({
    hospital: 'h',
    year,
    category: '基本建设',
    amountFen,
  });
  const years = [2022, 2023, 2024];
  const summary = must(
    fund.summarizeInputs([put(2021, 900n), put(2022, 300n), put(2023, 300n)], ['基本建设'], years, null),
  );
  assert.equal(summary.meanFen, 200n);
});

const line: fund.BudgetLine = {
  id: 'l1',
  member: 'm1',
  department: 'd',
  plannedFen: 100n,
  adjustedFen: 0n,
  spentFen: 90n,
};

test('[comprehensive-budget/1] only an open act moves a budget, and an adjustment takes nothing that is spent', () => {
  refused(fund.operatingAfter('approved', 'draft'), 'budget-approved', 'state');
  refused(fund.operatingAfter('draft', 'approve'), 'wrong-state', 'state');
  refused(fund.adjustLines([line], [{ line: 'l1', amountFen: -11n }]), 'below-spent', 'changes[0]');
  refused(fund.adjustLines([line], [{ line: 'l2', amountFen: 1n }]), 'line-unknown', 'changes[0]');
  assert.equal(must(fund.adjustLines([line], [{ line: 'l1', amountFen: -10n }]))[0]?.adjustedFen, -10n);
});

test('[comprehensive-budget/2] what was refused does not count as spent, and nothing budgeted is no rate', () => {
  refused(fund.chargeLine(line, 11n), 'budget-exceeded', 'amountFen');
  assert.equal(fund.executionRate(line), 9_000n, 'the refused 11 are not in it');
  refused(fund.chargeLine({ ...line, plannedFen: 0n, spentFen: 0n }, 1n), 'budget-exceeded', 'amountFen');
});

test('[comprehensive-budget/3] a transfer between members is counted once and not in the consortium', () => {
  const passed = { ...line, id: 'to-member', plannedFen: 20n };
  assert.equal(fund.consortiumBudget([line, passed], 20n), 100n);
  assert.equal(fund.consortiumBudget([passed], 20n), 0n);
});

const OUT = { hospital: 'h1', department: 'd1', doctor: 'x', costFen: 99n };

test('[operations-monitoring-cmi/1] a stay without a group counts in no index at any level', () => {
  const counted = { ...OUT, weight: 10_000n };
  const [whole] = fund.figuresBy([counted, { ...OUT, weight: 0n }], () => 'all');
  assert.deepEqual([whole?.stays, whole?.caseMixIndex, whole?.costPerWeightFen], [1, 10_000n, 99n]);
  assert.deepEqual(
    fund.figuresBy([{ ...OUT, weight: 0n }], ({ doctor }) => doctor),
    [],
  );
});

test('[operations-monitoring-cmi/2] the cost of a stay without a group is in no cost of weighted output', () => {
  const stays = [
    { ...OUT, weight: 20_000n, costFen: 200n },
    { ...OUT, weight: 0n, costFen: 9_999n },
  ];
  assert.equal(fund.figuresBy(stays, () => 'all')[0]?.costPerWeightFen, 100n);
});

const selected = (oldFen: bigint, newFen: bigint, volume: bigint) => ({ item: 'a', oldFen, newFen, volume });

test('[centralised-drug-procurement/1] an item that nobody agreed to buy counts once in the mean and not by volume', () => {
  const { simpleMean, volumeWeighted } = fund.priceCut([selected(100n, 50n, 10n), selected(100n, 10n, 0n)]);
  assert.deepEqual([simpleMean, volumeWeighted], [7_000n, 5_000n]);
});

test('[centralised-drug-procurement/3] what was agreed and not used saves nothing, and a dearer item costs', () => {
  assert.equal(fund.savingsFen(selected(100n, 50n, 10n), 0n), 0n);
  assert.equal(fund.savingsFen(selected(100n, 120n, 10n), 2n), -40n);
});

const record = (id: string, quantity: bigint): fund.ServiceRecord => ({
  id,
  person: 'a',
  item: 'visit',
  on: march,
  quantity,
  role: fund.ONE,
  adjustments: [],
  deduction: 0n,
});
const values: fund.RelativeValue[] = [{ item: 'visit', from: march, category: 'service', value: 10_000n }];

test('[rbrvs-workpoints/1] a pool with no point is not shared, a record without quantity takes none of it', () => {
  const none = must(fund.workPoints([record('r0', 0n)], values));
  refused(fund.shareByPoints(100n, none), 'no-points', 'lines');
  const lines = must(fund.workPoints([record('r0', 0n), record('r1', 1n)], values));
  assert.deepEqual(must(fund.shareByPoints(100n, lines)).shares[0]?.records, ['r1']);
});

test('[rbrvs-workpoints/3] work that no value covers is refused instead of pointed from nowhere', () => {
  const strange = { ...record('r1', 1n), item: 'unknown' };
  refused(fund.workPoints([record('r0', 1n), strange], values), 'relative-value-missing', 'records[1].item');
});

test('[salary-structure/1] administration itself is always 1, and a group without pay stands at nothing', () => {
  const groups = [
    { group: '医技', payFen: 0n, heads: 5n },
    { group: '行政', payFen: 300n, heads: 3n },
  ];
  assert.deepEqual(
    fund.postRatio(groups, [50_000n, 10_000n]).map(({ ratio }) => ratio),
    [0n, 10_000n],
  );
});

test('[salary-structure/3] variable pay is not in the stable share', () => {
  assert.equal(fund.stableShare(0n, 10_000n), 0n);
  assert.notEqual(fund.stableShare(6_362n, 10_000n), fund.stableShare(6_362n, 6_362n));
});

test('[township-performance-pay/1] somebody without a score gets nothing, and scores of nobody share nothing', () => {
  const unit = (name: string, score: bigint) => ({ unit: name, base: fund.ONE, score });
  const { shares } = must(fund.shareByMerit(100n, [unit('a', 10_000n), unit('b', 0n)]));
  assert.deepEqual(
    shares.map(({ shareFen }) => shareFen),
    [100n, 0n],
  );
  refused(fund.shareByMerit(100n, [unit('b', 0n)]), 'no-scores', 'units');
});

test("[attending-team-responsibility/2] a team without points takes nothing of the department's pay", () => {
  const pay = fund.payTeams(
    100n,
    new Map([
      ['t1', 10_000n],
      ['t2', 0n],
    ]),
  );
  assert.deepEqual([pay.get('t1'), pay.get('t2') ?? 0n], [100n, 0n]);
});
