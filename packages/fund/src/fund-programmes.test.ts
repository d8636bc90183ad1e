// The `must` lines of the fund domain on payment: budgets, DRG, bed-days, pay on result. Titled by programme and number.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATUS } from '@yimai/grouping';
import { localDate, must, type Result } from '@yimai/kit';
import * as fund from './index.ts';
import { stayOf } from './made-up-stays.ts';

const rate = must(fund.loadRuleSet('rate-city/2026'));
const county = must(fund.loadRuleSet('consortium-county/2026'));
const consortium = county.consortium!;
const YUAN = 100n;

function refused(result: Result<unknown>, code: string, at: string): void {
  assert(!result.ok, `expected the refusal ${code}`);
  assert.deepEqual([result.refusal.code, result.refusal.at], [code, at]);
}

const signed: fund.Agreement = { id: 'a1', signedBy: fund.AGREEMENT_PARTIES, isBreached: false };
const red: fund.ResultClaim = {
  kind: 'red',
  row: 'red/helicobacter',
  caseId: 'case-1',
  org: 'county-hospital',
  on: localDate('2026-05-01'),
  agreement: signed,
  evidence: ['expert-confirmation', 'negative-breath-test'],
  isEliminated: true,
};
const mes: fund.ResultClaim = {
  ...red,
  kind: 'mes',
  row: 'mes/breast-cancer/plan',
  evidence: ['follow-up:plan'],
};

const budgetYear = (inCountyFen: bigint, outsideFen = 0n, reasonableOverrunFen = 0n) =>
  fund.clearConsortium({ budgetFen: 100n, inCountyFen, outsideFen, reasonableOverrunFen }, consortium);

test('[county-global-budget/1] total 100, claims 92: surplus 8 kept by the group', () => {
  assert.equal(budgetYear(92n).surplusFen, 8n);
});

test('[county-global-budget/2] total 100, claims 106, reasonable 4, share 50 %: insurer adds 2, group bears 4', () => {
  const { insurerAddsFen, groupBearsFen } = budgetYear(106n, 0n, 4n);
  assert.deepEqual([insurerAddsFen, groupBearsFen], [2n, 4n]);
});

test('[county-global-budget/2] what exceeds the overrun itself is never shared', () => {
  assert.equal(budgetYear(106n, 0n, 40n).insurerAddsFen, 3n);
});

test('[county-global-budget/3] care received outside the county is charged to the same total', () => {
  assert.equal(budgetYear(80n, 15n).surplusFen, 5n);
  // It turns a surplus into an overrun as care at home would, and is shared by the same rule.
  const over = budgetYear(92n, 14n, 4n);
  assert.deepEqual([over.overrunFen, over.insurerAddsFen, over.groupBearsFen], [6n, 2n, 4n]);
});

test('[county-global-budget/4] re-running gives identical sums', () => {
  const stays = [stayOf({ id: 'a' }), stayOf({ id: 'b', drg: 'BB15', costFen: 3_000_000n })];
  const run = () => {
    const priced = fund.priceStays(stays, new fund.PriceBook(county));
    return fund.canonical(
      fund.settleMonth(priced, { month: '2026-03', on: localDate('2026-04-10'), rules: county }).postings,
    );
  };
  assert.equal(run(), run());
});

test('[drg-payment/1] every discharge gets one group or a stated reason for none', () => {
  const statuses = [STATUS.ungrouped, STATUS.ambiguous, STATUS.checkFailed, STATUS.grouped];
  for (const status of statuses) {
    const grouped = stayOf({ group: { status, mdc: 'MDCE', adrg: 'ES2', drg: 'ES25' } });
    const { priced: paid, reasons: why } = fund.explainPrice(grouped, new fund.PriceBook(rate));
    assert.equal(paid.standardFen > 0n, status === STATUS.grouped, status);
    assert.ok(why.length > 0 && why.every(({ zh, en, row }) => zh !== '' && en !== '' && row !== ''), status);
  }
  const none = stayOf({ group: { status: STATUS.ungrouped, mdc: '0000', adrg: '00', drg: '0000' } });
  const { priced, reasons } = fund.explainPrice(none, new fund.PriceBook(rate));
  assert.equal(priced.kind, 'ungrouped');
  assert.match(reasons[0]!.zh, /无法入组/);
  assert.equal(reasons[0]!.row, 'ungrouped');
});

test('[drg-payment/2] payment is weight × rate × coefficient', () => {
  const weight = rate.weights.byDrg.get('BB15')!;
  const stay = stayOf({ drg: 'BB15', level: 'tertiary', payer: 'employee', costFen: weight * 100n });
  const { payFen } = fund.priceStay(stay, new fund.PriceBook(rate));
  assert.equal(payFen, (weight * 960_000n * 10_500n + 50_000_000n) / 100_000_000n);
});

test('[drg-payment/3] coverage counts level 2 and above only', () => {
  const hospitals = [
    { level: 3 as const, isPaidByDrg: true },
    { level: 2 as const, isPaidByDrg: true },
    { level: 1 as const, isPaidByDrg: false },
  ];
  assert.equal(fund.drgCoverage(hospitals), fund.ONE);
  assert.equal(fund.drgCoverage([...hospitals, { level: 2, isPaidByDrg: false }]), 6667n);
});

test('[drg-payment/4] the mean weight is the case-mix index; stays without a group stay out', () => {
  const stay = (weight: bigint) => ({ hospital: 'h', department: 'd', doctor: 'x', weight, costFen: 100n });
  const [whole] = fund.figuresBy([stay(12_000n), stay(10_600n), stay(0n)], () => 'whole');
  assert.equal(fund.formatE4(whole!.caseMixIndex), '1.13');
});

test('[dual-package-capitation-drg/1] heads × rate and DRG sums form one package account', () => {
  const result = fund.settleDualPackage(
    { capitationFen: 600n, drgFen: 400n, outpatientCostFen: 500n, inpatientCostFen: 450n },
    consortium,
  );
  assert.deepEqual([result.packageFen, result.chargedFen, result.balanceFen], [1000n, 950n, 50n]);
});

test('[dual-package-capitation-drg/2] a surplus of 1,000,000 yuan yields a pool of exactly 800,000', () => {
  assert.equal(fund.incentivePool(1_000_000n * YUAN, consortium), 800_000n * YUAN);
  const account = { capitationFen: 9_000_000n * YUAN, drgFen: 6_000_000n * YUAN };
  const spent = { outpatientCostFen: 8_500_000n * YUAN, inpatientCostFen: 5_500_000n * YUAN };
  const result = fund.settleDualPackage({ ...account, ...spent }, consortium);
  assert.deepEqual([result.balanceFen, result.incentivePoolFen], [1_000_000n * YUAN, 800_000n * YUAN]);
});

test('[dual-package-capitation-drg/3] a resident who leaves in mid-year is paid pro rata', () => {
  const plan = must(fund.planBudget([{ payer: 'resident', memberMonths: 6n }], consortium));
  assert.equal(plan.grossFen, 310n * YUAN);
  refused(
    fund.planBudget([{ payer: 'resident', memberMonths: -1n }], consortium),
    'capitation-unknown',
    'insured[0]',
  );
});

test('[dual-package-capitation-drg/4] no surplus: pool 0, never negative', () => {
  assert.equal(fund.incentivePool(0n, consortium), 0n);
  assert.equal(fund.incentivePool(-5n, consortium), 0n);
  const even = { capitationFen: 1n, drgFen: 1n, outpatientCostFen: 1n, inpatientCostFen: 1n };
  for (const outpatientCostFen of [1n, 900n])
    assert.equal(fund.settleDualPackage({ ...even, outpatientCostFen }, consortium).incentivePoolFen, 0n);
});

const work = (person: string, isPrimaryCare: boolean, record: string) => ({
  person,
  isPrimaryCare,
  record,
  points: 10_000n,
});

test('[surplus-incentive-primary-care/1] shares sum to the pool to the cent', () => {
  const lines = [work('a', true, 'r1'), work('b', true, 'r2'), work('c', true, 'r3')];
  const { shares } = must(fund.shareSurplusPool(100_000n, lines));
  assert.deepEqual(
    shares.map(({ shareFen }) => shareFen),
    [33_334n, 33_333n, 33_333n],
  );
});

test('[surplus-incentive-primary-care/2] only primary-care staff with recorded work receive a share', () => {
  const { shares } = must(fund.shareSurplusPool(100n, [work('a', true, 'r1'), work('surgeon', false, 'r2')]));
  assert.deepEqual(
    shares.map(({ person }) => person),
    ['a'],
  );
  refused(fund.shareSurplusPool(100n, [work('surgeon', false, 'r2')]), 'no-points', 'lines');
});

test('[surplus-incentive-primary-care/3] each share can be traced to work records', () => {
  const { shares } = must(fund.shareSurplusPool(100n, [work('a', true, 'r2'), work('a', true, 'r1')]));
  assert.deepEqual(shares[0]?.records, ['r1', 'r2']);
});

const bedDays = (...days: fund.BedDaySegment[]) =>
  fund.priceStay(stayOf({ bedDays: days }), new fund.PriceBook(county));

test('[per-diem-payment/1] a psychiatric stay of 70 days at 200 a day pays 14,000, outside DRG', () => {
  const priced = bedDays({ category: 'psychiatric', days: 70, absenceDays: 0 });
  assert.deepEqual([priced.kind, priced.payFen, priced.standardFen], ['bed-day', 14_000n * YUAN, 0n]);
});

test('[per-diem-payment/2] a stay that switches its category is split', () => {
  const priced = bedDays(
    { category: 'psychiatric', days: 10, absenceDays: 0 },
    { category: 'rehabilitation', days: 10, absenceDays: 0 },
  );
  assert.equal(priced.payFen, (10n * 200n + 10n * 300n) * YUAN);
});

test('[per-diem-payment/3] absence days are not paid; more of them than days are refused', () => {
  assert.equal(bedDays({ category: 'psychiatric', days: 70, absenceDays: 4 }).payFen, 66n * 200n * YUAN);
  const wrong = stayOf({ bedDays: [{ category: 'psychiatric', days: 3, absenceDays: 4 }] });
  refused(fund.priceable(wrong, new fund.PriceBook(county)), 'bed-days-wrong', 'bedDays[0]');
});

const opened = fund.openPrepaidFund(consortium);

test('[red-payment/1] no payment without an active agreement and a confirmed elimination', () => {
  refused(
    fund.drawOnResult(opened, { ...red, agreement: null }, consortium),
    'agreement-not-active',
    'agreement',
  );
  refused(
    fund.drawOnResult(opened, { ...red, evidence: ['expert-confirmation'] }, consortium),
    'evidence-missing',
    'evidence',
  );
  const three = { ...signed, signedBy: fund.AGREEMENT_PARTIES.slice(1) };
  refused(
    fund.drawOnResult(opened, { ...red, agreement: three }, consortium),
    'agreement-not-active',
    'agreement',
  );
  refused(fund.drawOnResult(opened, { ...red, evidence: [] }, consortium), 'evidence-missing', 'evidence');
  assert.ok(fund.drawOnResult(opened, red, consortium).ok);
});

test('[red-payment/2] each payment reduces the prepaid 2,000,000; the balance never goes below 0', () => {
  const after = must(fund.drawOnResult(opened, red, consortium));
  assert.equal(fund.balanceOf(after), (2_000_000n - 400n) * YUAN);
  const poor = { ...opened, openingFen: 399n * YUAN };
  refused(fund.drawOnResult(poor, red, consortium), 'prepaid-fund-exhausted', 'amount');
});

test('[red-payment/3] a failed elimination closes with no pay and a reason', () => {
  refused(
    fund.drawOnResult(opened, { ...red, isEliminated: false }, consortium),
    'not-eliminated',
    'isEliminated',
  );
});

test('[mes-payment/1] a milestone pays only when its follow-up record exists', () => {
  assert.ok(fund.drawOnResult(opened, mes, consortium).ok);
  refused(fund.drawOnResult(opened, { ...mes, evidence: [] }, consortium), 'evidence-missing', 'evidence');
});

test('[mes-payment/2] RED and MES are reported apart within one prepaid fund', () => {
  const both = must(
    fund.drawOnResult(
      must(fund.drawOnResult(opened, red, consortium)),
      { ...mes, caseId: 'case-2' },
      consortium,
    ),
  );
  assert.deepEqual(fund.reportOf(both), {
    redFen: 400n * YUAN,
    mesFen: 1000n * YUAN,
    balanceFen: (2_000_000n - 1400n) * YUAN,
  });
});

test('[mes-payment/3] a patient in RED who turns out ill moves to MES without double payment', () => {
  const disease = consortium.mes[0]!.disease;
  const both = {
    ...consortium,
    red: [{ ...consortium.red[0]!, id: 'red/breast', disease }, ...consortium.red],
  };
  const claim = { ...red, row: 'red/breast', evidence: both.red[0]!.evidence };
  const paid = must(fund.drawOnResult(opened, claim, both));
  refused(fund.drawOnResult(paid, mes, both), 'paid-under-red', 'caseId');
  refused(fund.drawOnResult(paid, claim, both), 'already-paid', 'caseId');
  const ill = must(fund.drawOnResult(opened, mes, both));
  refused(fund.drawOnResult(ill, claim, both), 'paid-under-mes', 'caseId');
  assert.ok(fund.drawOnResult(ill, red, both).ok, 'another disease of the same person is not the same money');
  const lastYear = { ...opened, otherYears: paid.draws };
  refused(fund.drawOnResult(lastYear, mes, both), 'paid-under-red', 'caseId');
  assert.equal(fund.balanceOf(lastYear), opened.openingFen);
});

test('[red-mes-prepaid-fund/1] the ledger opens with 2,000,000 and every draw cites a case', () => {
  assert.equal(fund.balanceOf(opened), 2_000_000n * YUAN);
  const [posting] = fund.drawPostings(must(fund.drawOnResult(opened, red, consortium)), '2026');
  assert.deepEqual([posting?.caseId, posting?.row], ['case-1', 'red/helicobacter']);
});

test('[red-mes-prepaid-fund/2] at any date the balance is prepaid − draws + refunds', () => {
  const back = { on: localDate('2026-06-10'), amountFen: 100n * YUAN };
  const drawn = { ...must(fund.drawOnResult(opened, red, consortium)), refunds: [back] };
  const balances = ['2026-04-30', '2026-05-01', '2026-06-09', '2026-06-10'].map(
    (day) => fund.balanceOf(drawn, localDate(day)) / YUAN,
  );
  assert.deepEqual(
    balances,
    [2_000_000n, 1_999_600n, 1_999_600n, 1_999_700n],
    'what comes later does not count',
  );
  assert.equal(fund.balanceOf(drawn), 1_999_700n * YUAN);
});

test('[chronic-complication-package/1] a package with 0 or 3 complications is refused', () => {
  for (const complications of [[], ['E11.2', 'E11.3', 'E11.5']]) {
    const loaded = fund.loadRuleSet('consortium-county/2026', {
      patch(written) {
        const { packages } = written['consortium'] as { packages: { complications: string[] }[] };
        packages[0]!.complications = complications;
        return written;
      },
    });
    refused(loaded, 'rule-set-invalid', 'consortium.packages[0].complications');
  }
});

const chronic = consortium.packages[0]!;
const packageCost = (code: string, patient = 'p1'): fund.PackageCost => ({
  caseId: code,
  patient,
  code,
  costFen: 100n,
});

test('[chronic-complication-package/2] a listed complication is charged to the package, an unlisted one is not', () => {
  const costs = [
    packageCost('E11.500'),
    packageCost('I21.900'),
    packageCost('management'),
    packageCost('E11.500', 'stranger'),
  ];
  const { charged, notCharged } = fund.settlePackage(chronic, ['p1', 'p2'], costs);
  assert.deepEqual(
    charged.map(({ code }) => code),
    ['E11.500', 'management'],
  );
  assert.equal(notCharged.length, 2);
});

test('[chronic-complication-package/3] the package shows both sources of money and their shares', () => {
  const { bySource, budgetFen } = fund.settlePackage(chronic, ['p1', 'p2'], []);
  assert.deepEqual(bySource, { 'insurance-surplus': 5040n * YUAN, 'public-health': 2160n * YUAN });
  assert.equal(budgetFen, 7200n * YUAN);
});

test('[four-party-agreement/1] active only after the fourth signature', () => {
  assert.equal(fund.isActive({ ...signed, signedBy: fund.AGREEMENT_PARTIES.slice(0, 3) }), false);
  assert.equal(fund.isActive(signed), true);
});

test('[four-party-agreement/3] breach by one party stops the linked payment', () => {
  const breached = { ...red, agreement: { ...signed, isBreached: true } };
  refused(fund.drawOnResult(opened, breached, consortium), 'agreement-not-active', 'agreement');
});
