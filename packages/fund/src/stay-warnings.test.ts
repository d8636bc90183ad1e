// Warnings at their edges, and none without a baseline.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localDate, must } from '@yimai/kit';
import {
  loadRuleSet,
  PriceBook,
  possibleSplits,
  priceStays,
  type RunningStay,
  warnHospital,
  warnReturns,
  warnRunning,
} from './index.ts';
import { stayOf } from './made-up-stays.ts';

const running: RunningStay = {
  id: 's1',
  candidateStandardFen: 1000n,
  costFen: 799n,
  stayDays: 12,
  daysP75: 12,
  drugAndConsumableFen: 100n,
  usualDays: 10,
  lowUpToFen: 400n,
  highFromFen: 3_000n,
};
const limits = { costShares: [8_000n, 10_000n], drugShareAbove: 5_000n, predictFrom: 5_000n };
const codes = (changes: Partial<RunningStay>) =>
  warnRunning({ ...running, ...changes }, limits).map(({ code }) => code);

test('[fund F20] a running stay warns from 80 % of the candidate standard, above the days and the drug share', () => {
  assert.deepEqual(codes({}), []);
  assert.deepEqual(codes({ costFen: 800n }), ['cost-near-standard']);
  assert.deepEqual(codes({ stayDays: 13 }), ['stay-long-for-group']);
  assert.deepEqual(codes({ stayDays: 13, daysP75: null }), []);
  assert.deepEqual(codes({ drugAndConsumableFen: 500n }), ['drug-share-high']);
  assert.deepEqual(codes({ costFen: 1000n }), ['cost-reached-standard']);
  const [warning] = warnRunning({ ...running, costFen: 1005n }, limits);
  assert.match(warning!.zh, /100\.5%/);
});

test('[fund F20] half-way through the usual days a stay warns of the outlier it is going to be; before them only of what it is', () => {
  const half = { stayDays: 5, daysP75: null, drugAndConsumableFen: 0n };
  assert.deepEqual(codes({ ...half, costFen: 200n }), ['low-outlier-predicted'], '400 at the tenth day');
  assert.deepEqual(codes({ ...half, costFen: 201n }), []);
  assert.deepEqual(codes({ ...half, stayDays: 4, costFen: 100n }), [], 'too early to say');
  assert.deepEqual(codes({ ...half, usualDays: null, costFen: 100n }), [], 'no baseline');
  assert.deepEqual(codes({ ...half, costFen: 1500n }), ['cost-reached-standard', 'high-outlier-predicted']);
  assert.deepEqual(codes({ ...half, costFen: 1499n }), ['cost-reached-standard']);
  assert.deepEqual(
    codes({ ...half, stayDays: 1, usualDays: null, costFen: 3000n }),
    ['cost-reached-standard', 'high-outlier-predicted'],
    'it is one already',
  );
});

const book = new PriceBook(must(loadRuleSet('rate-city/2026')));
const hospital = {
  leastCases: 5,
  highShareAbove: 500n,
  lowShareAbove: 500n,
  ungroupedShareAbove: 300n,
  shortShareAbove: 2_000n,
};

test('[fund F20] a hospital warns by its shares, and not below the least number of cases', () => {
  const stays = Array.from({ length: 10 }, (_, index) =>
    stayOf({ id: `s${index}`, patient: `p${index}`, stayDays: index < 3 ? 2 : 10 }),
  );
  const priced = priceStays(stays, book);
  assert.deepEqual(
    warnHospital('county-hospital', priced, hospital).map(({ code }) => code),
    ['short-stay-share'],
  );
  assert.deepEqual(warnHospital('county-hospital', priced.slice(0, 4), hospital), []);
  assert.deepEqual(warnHospital('elsewhere', priced, hospital), []);
});

test('[fund F20] stays of one person close to each other are shown as possible split admissions', () => {
  const later = stayOf({
    id: 'later',
    drg: 'BB15',
    admittedOn: localDate('2026-03-15'),
    dischargedOn: localDate('2026-03-20'),
  });
  const priced = priceStays([later, stayOf({ id: 'earlier' })], book);
  assert.deepEqual(possibleSplits(priced, 3), [['earlier', 'later']]);
  assert.deepEqual(possibleSplits(priced, 2), []);
});

test('[fund F20] returns by their closest limit, the days included; each rule set states its limits', () => {
  const stay = (id: string, from: string, to: string, org = 'h1') => ({
    id,
    patient: 'p',
    org,
    admittedOn: localDate(from),
    dischargedOn: localDate(to),
  });
  const { after } = must(loadRuleSet('consortium-county/2026')).warnings!;
  const warned = (...stays: ReturnType<typeof stay>[]) =>
    warnReturns(stays, after).map(({ code, caseId }) => [code, caseId]);
  const first = stay('a', '2026-03-01', '2026-03-05');
  assert.deepEqual(warned(first, stay('b', '2026-03-07', '2026-03-09')), [['possible-split', 'b']]);
  assert.deepEqual(warned(first, stay('b', '2026-03-07', '2026-03-09', 'h2')), [['readmission', 'b']]);
  assert.deepEqual(warned(first, stay('b', '2026-03-15', '2026-03-19')), [['readmission', 'b']]);
  assert.deepEqual(warned(first, stay('b', '2026-03-16', '2026-03-19')), [['readmission-long', 'b']]);
  assert.deepEqual(warned(first, stay('b', '2026-04-05', '2026-04-09')), [['readmission-long', 'b']]);
  assert.deepEqual(warned(first, stay('b', '2026-04-06', '2026-04-09')), []);
  for (const name of ['point-city/2026', 'rate-city/2026'])
    assert.notEqual(must(loadRuleSet(name)).warnings, null);
});
