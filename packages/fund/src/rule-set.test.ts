// Rule sets: the shipped ones load and are complete; a written mistake is refused with its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadScheme } from '@yimai/grouping';
import { localDate, must } from '@yimai/kit';
import * as fund from './index.ts';
import { stayOf } from './made-up-stays.ts';

const SHIPPED = [
  'consortium-county/2025',
  'consortium-county/2026',
  'consortium-county/2027',
  'point-city/2026',
  'rate-city/2026',
];

test('[fund F1] complete rule sets of three regions are shipped, of the county for three years', () => {
  assert.deepEqual(fund.shippedRuleSets(), SHIPPED);
});

for (const name of SHIPPED) {
  test(`[fund F1] ${name}: every value has a row id and a source; every group of its scheme has a weight`, () => {
    const rules = must(fund.loadRuleSet(name));
    const rows = rowsIn(rules);
    assert.ok(rows.length > 20);
    for (const { id, source } of rows) assert.ok(id.length > 0 && source.length > 0, id);
    const scheme = must(loadScheme(rules.scheme));
    for (const { steps } of scheme.rules.mdcs) {
      for (const step of steps) {
        if (step.kind === 'adrg')
          for (const { drg } of step.drgs) assert.ok(rules.weights.byDrg.has(drg), drg);
      }
    }
  });
}

function rowsIn(value: unknown): { id: string; source: string }[] {
  if (typeof value !== 'object' || value === null || value instanceof Map) return [];
  const inner = Object.values(value).flatMap(rowsIn);
  return 'id' in value && 'source' in value ? [value as { id: string; source: string }, ...inner] : inner;
}

test('[fund F1] the rule set in force on a date; none before it or for an unknown region', () => {
  assert.equal(must(fund.ruleSetOn('rate-city', localDate('2026-12-31'))).year, 2026);
  const before = fund.ruleSetOn('rate-city', localDate('2025-12-31'));
  assert(!before.ok);
  assert.deepEqual([before.refusal.code, before.refusal.at], ['rule-set-not-in-force', 'on']);
  const unknown = fund.loadRuleSet('atlantis/2026');
  assert(!unknown.ok);
  assert.deepEqual([unknown.refusal.code, unknown.refusal.at], ['rule-set-unknown', 'ruleSet']);
});

/** What is wrong, the place that is named, and the change: a path in the written rules and its new value (absent: removed). */
const SPOILED: readonly (readonly [string, string, string, unknown?])[] = [
  ['a missing value', 'readmission', 'readmission'],
  ['a value without a source', 'reserve.source', 'reserve.source'],
  ['a number that is no text', 'reserve.share', 'reserve.share', 0.05],
  ['a share above 1', 'reserve.share', 'reserve.share', '1.05'],
  ['more than four decimals', 'reserve.share', 'reserve.share', '0.00005'],
  ['a limit without its edge rule', 'outliers.low.edge', 'outliers.low.edge'],
  ['a negative amount', 'baseRates[0].rate', 'baseRates.0.rate', '-1'],
  ['a misspelt key', 'outliers.lwo', 'outliers.lwo', '0.4'],
  ['an unknown method', 'method', 'method', 'drg-magic'],
  ['a date that is none', 'effectiveFrom', 'effectiveFrom', '2026-02-30'],
  ['an end before the beginning', 'effectiveTo', 'effectiveTo', '2025-12-31'],
  ['bed-day phases with a gap', 'bedDays[1].fromDay', 'bedDays.1.fromDay', 32],
  ['share bands with a gap', 'sharing[2].from', 'sharing.2.from', '1.05'],
  ['a band across 1', 'sharing[1].to', 'sharing.1.to', '1.1'],
  ['a row id used twice', 'ungrouped', 'ungrouped.id', 'ambiguous'],
  ['a low limit of 1', 'outliers.low.below', 'outliers.low.below', '1'],
  ['no base rates under the rate method', 'baseRates', 'baseRates', []],
];

for (const [what, at, path, value] of SPOILED) {
  test(`[fund F1] refuses ${what}`, () => {
    const loaded = fund.loadRuleSet('rate-city/2026', {
      patch: (written) => changed(written, path.split('.'), value),
    });
    assert(!loaded.ok);
    assert.deepEqual([loaded.refusal.code, loaded.refusal.at], ['rule-set-invalid', at]);
  });
}

function changed(written: unknown, [key, ...rest]: string[], value: unknown): unknown {
  const table = written as Record<string, unknown>;
  if (rest.length > 0) changed(table[key!], rest, value);
  else if (value === undefined) delete table[key!];
  else table[key!] = value;
  return written;
}

test('[fund F1] refuses a weight table with a group twice or a weight that is none', () => {
  for (const line of ['ES25\t1.0000\n', 'NEW1\theavy\n', 'NEW1\t0\n']) {
    const loaded = fund.loadRuleSet('rate-city/2026', { moreWeights: line });
    assert(!loaded.ok);
    assert.deepEqual([loaded.refusal.code, loaded.refusal.at], ['rule-set-invalid', 'weights:630']);
  }
});

const rules = must(fund.loadRuleSet('rate-city/2026'));
const book = new fund.PriceBook(rules);

const UNPRICEABLE: readonly [string, string, Partial<fund.StayCase>][] = [
  ['cost-negative', 'costFen', { costFen: -1n }],
  ['patient-part-wrong', 'patientBorneFen', { costFen: 10n, patientBorneFen: 11n }],
  ['unreasonable-part-wrong', 'unreasonableFen', { costFen: 10n, unreasonableFen: 11n }],
  ['discharge-before-admission', 'dischargedOn', { dischargedOn: localDate('2026-03-01') }],
  ['outside-rule-period', 'dischargedOn', { dischargedOn: localDate('2027-01-01') }],
  [
    'no-bed-day-price',
    'bedDays[0].category',
    { bedDays: [{ category: 'long-term-care', days: 2, absenceDays: 0 }] },
  ],
];

for (const [code, at, changes] of UNPRICEABLE) {
  test(`[fund F2] a stay that no rule can price is refused: ${code}`, () => {
    const result = fund.priceable(stayOf(changes), book);
    assert(!result.ok);
    assert.deepEqual([result.refusal.code, result.refusal.at], [code, at]);
  });
}

const priced = (changes: Parameters<typeof stayOf>[0]) => fund.priceStay(stayOf(changes), book);

test('[fund F2] 2 days and 60 days are outside DRG (以下、以上 include their edge), 3 and 59 inside', () => {
  assert.deepEqual(
    [2, 3, 59, 60].map((stayDays) => priced({ stayDays }).kind),
    ['short-stay', 'normal', 'normal', 'long-stay'],
  );
});

test('[fund F2] a group without a weight is unstable and paid by item; an ambiguous group by item at its share', () => {
  assert.deepEqual([priced({ drg: 'XX99' }).kind, priced({ drg: 'XX99' }).payFen], ['unstable', 800_000n]);
  const ambiguous = priced({ group: { status: '歧义病案', mdc: 'MDCB', adrg: 'QY', drg: 'BQY' } });
  assert.deepEqual([ambiguous.kind, ambiguous.payFen], ['ambiguous', 640_000n]);
});

test('[fund F2] a granted special review goes before every other rule', () => {
  const review = { kind: 'amount', review: 'review-1', payFen: 1_234_567n } as const;
  const stay = priced({ stayDays: 70, review });
  const row = 'settlement/special-review, review-1';
  assert.deepEqual([stay.kind, stay.row, stay.payFen], ['special-review', row, 1_234_567n]);
});

test('[fund F2] unreasonable cost is never paid as excess, and a high outlier never gets less than the standard', () => {
  const high = priced({ costFen: 10_000_000n });
  const cut = priced({ costFen: 10_000_000n, unreasonableFen: 1_000_000n });
  assert.equal(high.payFen - cut.payFen, 1_000_000n);
  const all = priced({ costFen: 10_000_000n, unreasonableFen: 10_000_000n });
  assert.equal(all.payFen, all.standardFen);
});

test('[fund F2] a group of the same price everywhere has coefficient 1 in every level', () => {
  const rate = (level: fund.Level) =>
    rules.baseRates.find((row) => row.level === level && row.payer === 'resident')!.rateFen;
  const same = priced({ drg: 'ES25', level: 'tertiary', costFen: 800_000n });
  const other = priced({ drg: 'ES15', level: 'tertiary', costFen: 800_000n });
  const weight = (drg: string) => rules.weights.byDrg.get(drg)!;
  assert.equal(same.standardFen, fund.timesE4(rate('tertiary'), weight('ES25')));
  assert.equal(other.standardFen, (rate('tertiary') * weight('ES15') * 10_500n + 50_000_000n) / 100_000_000n);
});

test('[fund F2] high outliers are capped per hospital, the highest ratios keep their excess', () => {
  const plain = Array.from({ length: 38 }, (_, index) => stayOf({ id: `n${index}`, patient: `n${index}` }));
  const high = [1, 2, 3].map((index) =>
    stayOf({ id: `h${index}`, patient: `h${index}`, costFen: 5_000_000n + BigInt(index) }),
  );
  const kinds = fund.priceStays([...high, ...plain], book).slice(0, 3);
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ['normal', 'high-outlier', 'high-outlier'],
  );
  assert.equal(kinds[0]!.payFen, kinds[0]!.standardFen);
  assert.match(kinds[0]!.row, /high-cap$/);
});

test('[fund F2] readmission counts within one hospital only, as the rule set says', () => {
  const first = stayOf({ id: 'a' });
  const again = stayOf({
    id: 'b',
    admittedOn: localDate('2026-03-15'),
    dischargedOn: localDate('2026-03-20'),
  });
  const [half] = fund.priceStays([first, again], book);
  const [whole] = fund.priceStays([first, { ...again, org: 'elsewhere' }], book);
  assert.equal(half!.payFen * 2n, whole!.payFen);
});

test('[fund F2] a return that another month or year pays reduces the earlier stay and is not paid here', () => {
  const leaving = (id: string, dischargedOn: string) =>
    stayOf({ id, patient: id, admittedOn: localDate('2026-12-20'), dischargedOn: localDate(dischargedOn) });
  const back = (id: string, admittedOn: string, more: Partial<fund.StayCase> = {}) =>
    stayOf({
      id: `${id}-back`,
      patient: id,
      admittedOn: localDate(admittedOn),
      dischargedOn: localDate('2027-01-20'),
      ...more,
    });
  const december = [
    leaving('day-10', '2026-12-31'),
    leaving('day-11', '2026-12-31'),
    leaving('other', '2026-12-31'),
  ];
  const [paid, ...rest] = fund.priceStays(december, book, [
    back('day-10', '2027-01-10'),
    back('day-11', '2027-01-11'),
    back('other', '2027-01-02', { costFen: -1n, group: stayOf({ drg: 'BB15' }).group }),
  ]);
  const [plain] = fund.priceStays(december, book);
  assert.equal(rest.length, 2, 'the returns themselves are paid by their own month');
  assert.equal(paid!.payFen * 2n, plain!.payFen);
  for (const one of rest) assert.equal(one.payFen, plain!.payFen, one.stay.id);
  const leap = stayOf({ admittedOn: localDate('2028-02-10'), dischargedOn: localDate('2028-02-20') });
  const ofLeap = (admittedOn: string) =>
    fund.priceStays([{ ...leap, patient: 'leap' }], book, [back('leap', admittedOn)])[0]!.payFen;
  assert.equal(ofLeap('2028-03-01') * 2n, plain!.payFen, '20 February and 10 days is 1 March in a leap year');
  assert.equal(ofLeap('2028-03-02'), plain!.payFen);
});

test('[fund F5] a reversal sets a posting to nothing and keeps both', () => {
  const { postings } = fund.settleMonth([priced({})], {
    month: '2026-03',
    on: localDate('2026-04-10'),
    rules,
  });
  const reversed = postings.map((entry) =>
    fund.reversal(entry, `${entry.key}/reversal`, localDate('2026-05-10')),
  );
  for (const balance of fund.trialBalance([...postings, ...reversed]).values()) assert.equal(balance, 0n);
  assert.throws(
    () => fund.posting({ ...postings[0]! }, [{ account: 'x', amountFen: 1n }]),
    /does not balance/,
  );
});
