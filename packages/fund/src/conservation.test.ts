// What must hold for any stays and any amounts: no fen appears or disappears, the order changes nothing, a re-run is equal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATUS, type Status } from '@yimai/grouping';
import { addDays, localDate, must } from '@yimai/kit';
import fc from 'fast-check';
import * as fund from './index.ts';
import { stayOf } from './made-up-stays.ts';

const rate = must(fund.loadRuleSet('rate-city/2026'));
const point = must(fund.loadRuleSet('point-city/2026'));
const consortium = must(fund.loadRuleSet('consortium-county/2026')).consortium!;
const on = localDate('2026-04-10');

const statuses: readonly Status[] = [
  STATUS.grouped,
  STATUS.grouped,
  STATUS.grouped,
  STATUS.ambiguous,
  STATUS.ungrouped,
];
const anyStay = fc.record({
  costFen: fc.bigInt({ min: 0n, max: 50_000_000n }),
  patientPart: fc.bigInt({ min: 0n, max: 100n }),
  drg: fc.constantFrom('ES25', 'BB15', 'AA19', 'RE19', 'XX99'),
  status: fc.constantFrom(...statuses),
  org: fc.constantFrom('a', 'b', 'c'),
  patient: fc.constantFrom('p1', 'p2', 'p3'),
  level: fc.constantFrom(...fund.LEVELS),
  payer: fc.constantFrom(...fund.PAYERS),
  start: fc.integer({ min: 0, max: 300 }),
  stayDays: fc.integer({ min: 1, max: 70 }),
  psychiatricDays: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 120 })),
});

const anyStays = fc.array(anyStay, { minLength: 1, maxLength: 40 }).map((list) =>
  list.map(
    (
      { costFen, patientPart, drg, status, start, stayDays, psychiatricDays, ...rest },
      index,
    ): fund.StayCase => {
      const admittedOn = addDays(localDate('2026-01-01'), start);
      return stayOf({
        ...rest,
        id: `s${index}`,
        group: { status, mdc: `MDC${drg[0]}`, adrg: drg.slice(0, 3), drg },
        costFen,
        patientBorneFen: (costFen * patientPart) / 100n,
        admittedOn,
        dischargedOn: addDays(admittedOn, stayDays),
        stayDays,
        bedDays:
          psychiatricDays === 0 ? [] : [{ category: 'psychiatric', days: psychiatricDays, absenceDays: 0 }],
      });
    },
  ),
);

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
const run = (stays: readonly fund.StayCase[]) =>
  fund.settleMonth(fund.priceStays(stays, new fund.PriceBook(rate)), { month: '2026-03', on, rules: rate });

test('[fund F5] a month: postings balance, payable + deposit + paid is what is due, case by case (seed 51)', () => {
  fc.assert(
    fc.property(anyStays, (stays) => {
      const { statements, postings } = run(stays);
      const priced = fund.priceStays(stays, new fund.PriceBook(rate));
      const balances = fund.trialBalance(postings);
      assert.equal(sum([...balances.values()]), 0n);
      assert.equal(sum(statements.map(({ fundFen }) => fundFen)), sum(priced.map(({ fundFen }) => fundFen)));
      for (const { org, fundFen, depositFen, paidFen, heldFen } of statements) {
        assert.equal(depositFen + paidFen + heldFen, fundFen);
        assert.ok(heldFen >= 0n && paidFen >= 0n && depositFen >= 0n);
        assert.equal(balances.get(fund.account.payable(org)) ?? 0n, -heldFen);
      }
      const cases = new Set(stays.map(({ id }) => id));
      for (const { caseId, kind, row } of postings) {
        assert.ok(row.length > 0);
        if (kind === 'stay-due') assert.ok(caseId !== null && cases.has(caseId));
      }
    }),
    { seed: 51, numRuns: 300 },
  );
});

test('[fund F6] the order of the stays and of the postings changes nothing; a re-run is equal byte for byte (seed 52)', () => {
  const shuffled = anyStays.chain((stays) =>
    fc.tuple(fc.constant(stays), fc.shuffledSubarray(stays, { minLength: stays.length })),
  );
  fc.assert(
    fc.property(shuffled, ([stays, other]) => {
      const first = run(stays);
      assert.equal(fund.canonical(run(stays).postings), fund.canonical(first.postings));
      assert.equal(fund.canonical(run(other).postings), fund.canonical(first.postings));
      assert.deepEqual(fund.trialBalance([...first.postings].reverse()), fund.trialBalance(first.postings));
    }),
    { seed: 52, numRuns: 300 },
  );
});

test('[fund F7] the point method divides the pool to the fen, whatever the order (seed 53)', () => {
  fc.assert(
    fc.property(anyStays, fc.bigInt({ min: 0n, max: 10_000_000_000n }), (stays, pool) => {
      const book = new fund.PriceBook(point);
      const byPoints = fund.priceByPoints(fund.priceStays(stays, book), pool, point);
      if (stays.some(({ costFen }) => costFen > 10_000n))
        assert.equal(sum(byPoints.map(({ payFen }) => payFen)), pool);
      const reversed = fund.priceByPoints(fund.priceStays([...stays].reverse(), book), pool, point);
      assert.deepEqual([...reversed].reverse(), byPoints);
    }),
    { seed: 53, numRuns: 300 },
  );
});

const amount = fc.bigInt({ min: 0n, max: 1_000_000_000_000n });

test('[fund F4] a shared result: kept + returned is the surplus, fund + hospital is the overrun (seed 54)', () => {
  fc.assert(
    fc.property(amount, amount, (due, cost) => {
      const shared = fund.shareResult(due, cost, rate.sharing);
      assert.equal(
        shared.keptFen + shared.returnedFen - shared.fundBearsFen - shared.hospitalBearsFen,
        due - cost,
      );
      for (const part of [shared.keptFen, shared.returnedFen, shared.fundBearsFen, shared.hospitalBearsFen]) {
        assert.ok(part >= 0n);
      }
    }),
    { seed: 54, numRuns: 2000 },
  );
});

test('[fund F4] a cleared year leaves nothing on the accounts of the hospital (seed 55)', () => {
  const share = fc.bigInt({ min: 0n, max: 10_000n });
  fc.assert(
    fc.property(anyStays, share, amount, (stays, score, byItemFen) => {
      const { statements, postings } = run(stays);
      const all = [...postings];
      for (const { org, fundFen, depositFen, paidFen } of statements) {
        const prepaymentFen = fund.prepaymentOf(byItemFen, rate);
        const head = { ...postings[0]!, key: `prepayment/${org}`, kind: 'prepayment' };
        const [debit, credit] = [fund.account.prepaid(org), fund.account.bank('insurance')];
        const prepaid = fund.transfer(head, debit, credit, prepaymentFen);
        if (prepaid !== null) all.push(prepaid);
        const year = {
          org,
          dueFen: fundFen,
          byItemFen,
          prepaidFen: paidFen + prepaymentFen,
          prepaymentFen,
          depositKeptFen: depositFen,
          score,
        };
        const cleared = fund.clearOrg(year, rate);
        all.push(...fund.clearingPostings(cleared, { year: '2026', on, rules: rate }));
      }
      const balances = fund.trialBalance(all);
      assert.equal(sum([...balances.values()]), 0n);
      for (const { org } of statements) {
        assert.equal(balances.get(fund.account.payable(org)) ?? 0n, 0n);
        assert.equal(balances.get(fund.account.deposit(org)) ?? 0n, 0n);
        assert.equal(balances.get(fund.account.prepaid(org)) ?? 0n, 0n);
      }
    }),
    { seed: 55, numRuns: 300 },
  );
});

test('[fund F8] a consortium: instalments are the budget, every party has its part, the budget account closes (seed 56)', () => {
  const months = fc.bigInt({ min: 1n, max: 10_000_000n });
  fc.assert(
    fc.property(
      months,
      amount,
      amount,
      amount,
      (memberMonths, inCountyFen, outsideFen, reasonableOverrunFen) => {
        const plan = must(fund.planBudget([{ payer: 'resident', memberMonths }], consortium));
        assert.equal(sum(plan.instalmentsFen), plan.budgetFen);
        const year = { budgetFen: plan.budgetFen, inCountyFen, outsideFen, reasonableOverrunFen };
        const result = fund.clearConsortium(year, consortium);
        assert.equal(result.surplusFen - result.overrunFen, plan.budgetFen - inCountyFen - outsideFen);
        assert.equal(result.insurerAddsFen + result.groupBearsFen, result.overrunFen);
        assert.equal(sum(Object.values(fund.splitByParty(result.surplusFen, consortium))), result.surplusFen);
        const postings = fund.consortiumPostings('county', plan, result, { year: '2026', on, rules: rate });
        const balances = fund.trialBalance(postings);
        assert.equal(sum([...balances.values()]), 0n);
        assert.equal(balances.get(fund.account.budget('county')) ?? 0n, 0n);
        assert.equal(balances.get(fund.account.prepaid('county')) ?? 0n, 0n);
      },
    ),
    { seed: 56, numRuns: 500 },
  );
});

test('[fund F12] pools of pay: shares are the pool to the fen, whatever the order of the records (seed 57)', () => {
  const line = fc.record({
    record: fc.uuid(),
    person: fc.constantFrom('p1', 'p2', 'p3', 'p4'),
    points: fc.bigInt({ min: 0n, max: 100_000_000n }),
  });
  fc.assert(
    fc.property(amount, fc.array(line, { minLength: 1, maxLength: 30 }), (pool, lines) => {
      const shared = fund.shareByPoints(pool, lines);
      if (!shared.ok) {
        assert.equal(shared.refusal.code, 'no-points');
        return;
      }
      assert.equal(sum(shared.value.shares.map(({ shareFen }) => shareFen)), pool);
      assert.deepEqual(must(fund.shareByPoints(pool, [...lines].reverse())), shared.value);
    }),
    { seed: 57, numRuns: 500 },
  );
});
