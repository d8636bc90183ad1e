// The `must` lines of the catalogue on prices, operations and pay that are computation: each titled by programme and number.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localDate, must, type Result } from '@yimai/kit';
import * as fund from './index.ts';

const march = localDate('2026-03-01');

function refused(result: Result<unknown>, code: string, at: string): void {
  assert(!result.ok, `expected the refusal ${code}`);
  assert.deepEqual([result.refusal.code, result.refusal.at], [code, at]);
}

const prices: fund.PriceRow[] = [
  { item: 'surgery-1', grade: '3A', from: localDate('2025-01-01'), priceFen: 1000n },
  { item: 'surgery-1', grade: '3A', from: march, priceFen: 1200n },
  { item: 'surgery-1', grade: '2A', from: localDate('2025-01-01'), priceFen: 900n },
];
const change = (item: string, kind: fund.ItemClass, oldFen: bigint, newFen: bigint): fund.PriceChange => ({
  item,
  class: kind,
  oldFen,
  newFen,
});
const batch = (id: string, items: number, effectiveOn = march): fund.PriceBatch => ({
  id,
  effectiveOn,
  insuranceFrom: effectiveOn,
  changes: Array.from({ length: items }, (_, index) => change(`${id}-${index}`, 'other', 1n, 2n)),
});

test('[service-price-adjustment/1] before the effective date the old price, on and after it the new', () => {
  assert.equal(fund.priceOn(prices, 'surgery-1', '3A', localDate('2026-02-28')), 1000n);
  assert.equal(fund.priceOn(prices, 'surgery-1', '3A', march), 1200n);
  assert.equal(fund.priceOn(prices, 'surgery-1', '3A', localDate('2024-12-31')), undefined);
});

test('[service-price-adjustment/2] totals of batches and items reproduce 27/827 and 4/308', () => {
  const early = Array.from({ length: 23 }, (_, index) =>
    batch(`a${index}`, index < 22 ? 22 : 35, localDate('2024-06-01')),
  );
  const late = Array.from({ length: 4 }, (_, index) => batch(`b${index}`, 77, localDate('2025-02-01')));
  const all = [...early, ...late];
  assert.deepEqual(fund.batchTotals(all, localDate('2022-01-01'), localDate('2025-12-31')), {
    batches: 27,
    items: 827,
  });
  assert.deepEqual(fund.batchTotals(all, localDate('2025-01-01'), localDate('2025-03-31')), {
    batches: 4,
    items: 308,
  });
});

test('[service-price-adjustment/3] raising large-equipment examinations or lowering surgery raises a warning', () => {
  const changes = [
    change('ct', 'large-equipment', 100n, 110n),
    change('mri', 'large-equipment', 100n, 90n),
    change('appendix', 'surgery', 100n, 99n),
    change('nursing-1', 'nursing', 100n, 120n),
  ];
  assert.deepEqual(fund.directionWarnings({ ...batch('x', 0), changes }), ['ct', 'appendix']);
});

test('[service-price-adjustment/4] price and insurance policy take effect together or the batch is not released', () => {
  assert.ok(fund.releaseBatch(batch('x', 1)).ok);
  refused(
    fund.releaseBatch({ ...batch('x', 1), insuranceFrom: null }),
    'insurance-not-in-step',
    'insuranceFrom',
  );
  refused(
    fund.releaseBatch({ ...batch('x', 1), insuranceFrom: localDate('2026-03-02') }),
    'insurance-not-in-step',
    'insuranceFrom',
  );
});

test('[same-grade-same-price/1] two hospitals of one grade with different prices are in the deviation list', () => {
  const price = (hospital: string, grade: string, priceFen: bigint) => ({
    hospital,
    grade,
    item: 'ct',
    priceFen,
  });
  const deviations = fund.priceDeviations([
    price('a', '3A', 10n),
    price('b', '3A', 11n),
    price('c', '2A', 9n),
  ]);
  assert.deepEqual(
    deviations.map(({ grade, item, prices: list }) => [grade, item, list.length]),
    [['3A', 'ct', 2]],
  );
});

test('[same-grade-same-price/2] switching a hospital changes only charges from that date', () => {
  const grades = [
    { hospital: 'h', grade: '2A', from: localDate('2020-01-01') },
    { hospital: 'h', grade: '3A', from: localDate('2026-03-10') },
  ];
  assert.equal(fund.chargeOn(prices, grades, 'h', 'surgery-1', localDate('2026-03-09')), 900n);
  assert.equal(fund.chargeOn(prices, grades, 'h', 'surgery-1', localDate('2026-03-10')), 1200n);
});

const stays: fund.OperationsCase[] = [
  { hospital: 'h1', department: 'd1', doctor: 'x', weight: 10_000n, costFen: 900n },
  { hospital: 'h1', department: 'd1', doctor: 'y', weight: 20_000n, costFen: 2100n },
  { hospital: 'h1', department: 'd2', doctor: 'z', weight: 5_000n, costFen: 500n },
];

test('[operations-monitoring-cmi/1] the case-weighted mean of the parts equals the whole, at every level', () => {
  const [whole] = fund.figuresBy(stays, () => 'all');
  for (const level of ['hospital', 'department', 'doctor'] as const) {
    const parts = fund.figuresBy(stays, (stay) => stay[level]);
    const weightSum = parts.reduce((sum, part) => sum + part.weightSum, 0n);
    const count = parts.reduce((sum, part) => sum + part.stays, 0);
    assert.deepEqual([weightSum, count], [whole!.weightSum, whole!.stays]);
  }
  assert.equal(whole!.caseMixIndex, 11_667n);
});

test('[operations-monitoring-cmi/2] cost–output is cost by weighted output', () => {
  const figures = fund.figuresBy(stays, ({ department }) => department);
  assert.deepEqual(
    figures.map(({ name, costPerWeightFen }) => [name, costPerWeightFen]),
    [
      ['d1', 1000n],
      ['d2', 1000n],
    ],
  );
});

test('[operations-monitoring-cmi/3] below target two months running gets a task, one month does not', () => {
  const targets = new Map([
    ['d1', 10_000n],
    ['d2', 10_000n],
  ]);
  const months = [
    new Map([
      ['d1', 9_999n],
      ['d2', 9_000n],
    ]),
    new Map([
      ['d1', 9_000n],
      ['d2', 10_000n],
    ]),
  ];
  assert.deepEqual(fund.belowTarget(months, targets, 2), ['d1']);
  assert.deepEqual(fund.belowTarget(months.slice(0, 1), targets, 2), []);
  const back = [months[1]!, new Map([['d1', 10_000n]]), months[1]!];
  assert.deepEqual(fund.belowTarget(back, targets, 2), [], 'a month on target in between begins anew');
});

const line: fund.BudgetLine = {
  id: 'l1',
  member: 'm1',
  department: 'd',
  plannedFen: 100n,
  adjustedFen: 0n,
  spentFen: 90n,
};

test('[comprehensive-budget/1] spending above the line is refused, with an approved adjustment it passes', () => {
  refused(fund.chargeLine(line, 11n), 'budget-exceeded', 'amountFen');
  assert.equal(must(fund.chargeLine(line, 10n)).spentFen, 100n);
  assert.equal(must(fund.chargeLine({ ...line, adjustedFen: 5n }, 15n)).spentFen, 105n);
});

test('[comprehensive-budget/2] execution rate is spent by budgeted', () => {
  assert.equal(fund.executionRate(line), 9_000n);
});

test('[comprehensive-budget/3] the consortium budget is the sum of members less internal transfers', () => {
  assert.equal(
    fund.consortiumBudget([line, { ...line, id: 'l2', member: 'm2', plannedFen: 50n }], 20n),
    130n,
  );
});

const selected: fund.SelectedItem[] = [
  { item: 'a', oldFen: 1000n, newFen: 70n, volume: 1n },
  { item: 'b', oldFen: 1000n, newFen: 870n, volume: 9n },
];

test('[centralised-drug-procurement/1] mean and maximum cut; simple and volume-weighted apart', () => {
  assert.deepEqual(fund.priceCut(selected), { simpleMean: 5_300n, volumeWeighted: 2_100n, highest: 9_300n });
  // Three packages with 14 specifications of consumables: a combined cut of 28.22 %, which no single item has.
  const consumables = Array.from({ length: 14 }, (_, index): fund.SelectedItem => {
    return { item: `c${index}`, oldFen: 10_000n, newFen: index < 7 ? 6_000n : 8_356n, volume: 10n };
  });
  const { volumeWeighted, highest } = fund.priceCut(consumables);
  assert.deepEqual([volumeWeighted, highest], [2_822n, 4_000n]);
});

test('[centralised-drug-procurement/2] completion by institution; below the time-proportional line it warns', () => {
  const uses = [
    { institution: 'a', agreed: 100n, used: 50n },
    { institution: 'b', agreed: 100n, used: 49n },
  ];
  assert.deepEqual(
    fund.completion(uses, 6n).map(({ rate, warns }) => [rate, warns]),
    [
      [5_000n, false],
      [4_900n, true],
    ],
  );
});

test('[centralised-drug-procurement/3] savings are (old − new) × used', () => {
  assert.equal(fund.savingsFen(selected[1]!, 10n), 1300n);
});

const values: fund.RelativeValue[] = [
  { item: 'visit', from: localDate('2026-01-01'), category: 'service', value: 10_000n },
  { item: 'visit', from: march, category: 'service', value: 12_000n },
];
const record = (id: string, person: string, on = march, deduction = 0n): fund.ServiceRecord => ({
  id,
  person,
  item: 'visit',
  on,
  quantity: 1n,
  role: fund.ONE,
  adjustments: [],
  deduction,
});

test('[rbrvs-workpoints/1] the pool is fully distributed', () => {
  const lines = must(fund.workPoints([record('r1', 'a'), record('r2', 'b'), record('r3', 'c')], values));
  const { shares } = must(fund.shareByPoints(100_000n, lines));
  assert.deepEqual(
    shares.map(({ shareFen }) => shareFen),
    [33_334n, 33_333n, 33_333n],
  );
});

test('[rbrvs-workpoints/2] a value change applies from its date only', () => {
  const lines = must(
    fund.workPoints([record('r1', 'a', localDate('2026-02-28')), record('r2', 'a')], values),
  );
  assert.deepEqual(
    lines.map(({ points }) => points),
    [10_000n, 12_000n],
  );
  refused(
    fund.workPoints([record('r1', 'a', localDate('2025-12-31'))], values),
    'relative-value-missing',
    'records[0].item',
  );
});

test('[rbrvs-workpoints/3] every point can be traced to a service record', () => {
  const lines = must(fund.workPoints([record('r1', 'a'), record('r2', 'a')], values));
  assert.deepEqual(must(fund.shareByPoints(10n, lines)).shares[0]?.records, ['r1', 'r2']);
});

test('[rbrvs-workpoints/4] a quality deduction lowers only the points it names', () => {
  const lines = must(fund.workPoints([record('r1', 'a', march, 2_000n), record('r2', 'a')], values));
  assert.deepEqual(
    lines.map(({ points }) => points),
    [10_000n, 12_000n],
  );
});

test('[fund F12] points of a late report: 100 × 1.5 off duty × 0.9 for 30 hours is 135', () => {
  const late = { ...record('r1', 'a'), quantity: 100n, adjustments: [15_000n, 9_000n] };
  assert.equal(fund.formatE4(must(fund.workPoints([late], [values[0]!]))[0]!.points), '135');
});

test('[fund F12] drugs and consumables may carry no points; a frozen result changes only by appeal', () => {
  const drug: fund.RelativeValue = { item: 'pill', from: march, category: 'drug', value: 1n };
  refused(fund.workPoints([], [drug]), 'drug-or-consumable-points', 'values[0]');
  const lines = must(fund.workPoints([record('r1', 'a'), record('r2', 'b')], values));
  const frozen = fund.freeze(must(fund.shareByPoints(100n, lines)));
  refused(fund.revise(frozen, lines.slice(0, 1), null), 'result-frozen', 'appeal');
  const revised = must(fund.revise(frozen, lines.slice(0, 1), 'appeal-7'));
  assert.deepEqual([revised.version, revised.shares.length, frozen.shares.length], [2, 1, 2]);
});

const groups = [
  { group: '医技', payFen: 450n, heads: 10n },
  { group: '药护', payFen: 450n, heads: 10n },
  { group: '行政', payFen: 100n, heads: 10n },
];

test('[salary-structure/1] the ratio is normalised to administration = 1 and gives 4.5:4.5:1', () => {
  const ratios = fund.postRatio(groups, [50_000n, 40_000n, 10_000n]);
  assert.deepEqual(
    ratios.map(({ ratio }) => fund.formatE4(ratio)),
    ['4.5', '4.5', '1'],
  );
});

test('[salary-structure/2] the distance to 5:4:1 is shown per group', () => {
  const ratios = fund.postRatio(groups, [50_000n, 40_000n, 10_000n]);
  assert.deepEqual(
    ratios.map(({ distance }) => fund.formatE4(distance)),
    ['0.5', '-0.5', '0'],
  );
});

test('[salary-structure/3] stable share is stable income by total pay', () => {
  assert.equal(fund.formatE4(fund.stableShare(6_362n * 77n, 10_000n * 77n) * 100n), '63.62');
});

const unit = (name: string, score: bigint) => ({ unit: name, base: fund.ONE, score });

test('[township-performance-pay/1] two persons with different scores get different pay', () => {
  const { shares, isEqualShare } = must(
    fund.shareByMerit(10_000n, [unit('a', 900_000n), unit('b', 800_000n)]),
  );
  assert.deepEqual([shares.map(({ shareFen }) => shareFen), isEqualShare], [[5294n, 4706n], false]);
});

test('[township-performance-pay/2] an equal-share distribution is flagged', () => {
  assert.equal(
    must(fund.shareByMerit(10_000n, [unit('a', 900_000n), unit('b', 900_000n)])).isEqualShare,
    true,
  );
  refused(fund.shareByMerit(10_000n, [unit('a', 0n)]), 'no-scores', 'units');
});

const responsible: fund.Responsibility = { stay: 's1', team: 't1', from: march, until: null };

test('[attending-team-responsibility/1] a stay has exactly one responsible team at a time', () => {
  const all = must(fund.assignTeam([], responsible));
  refused(
    fund.assignTeam(all, { ...responsible, team: 't2', from: localDate('2026-03-05') }),
    'team-already-responsible',
    'team',
  );
  const handed = [{ ...responsible, until: localDate('2026-03-05') }];
  assert.ok(fund.assignTeam(handed, { ...responsible, team: 't2', from: localDate('2026-03-05') }).ok);
  refused(
    fund.assignTeam(handed, { ...responsible, team: 't2', from: localDate('2026-03-04') }),
    'team-already-responsible',
    'team',
  );
  refused(
    fund.assignTeam(all, { ...responsible, from: localDate('2026-02-01'), until: localDate('2026-03-02') }),
    'team-already-responsible',
    'team',
  );
  assert.ok(
    fund.assignTeam(all, { ...responsible, stay: 's2', team: 't2' }).ok,
    'another stay, another team',
  );
});

test('[attending-team-responsibility/2] team pay sums to department pay', () => {
  const pay = fund.payTeams(
    10_000n,
    new Map([
      ['t2', 10_000n],
      ['t1', 20_000n],
    ]),
  );
  assert.deepEqual(
    [...pay],
    [
      ['t1', 6667n],
      ['t2', 3333n],
    ],
  );
});
