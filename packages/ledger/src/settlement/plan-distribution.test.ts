// The distribution of a surplus with what packages add to it: no fen appears or disappears, whatever the amounts and shares.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRuleSet, PARTIES, settlePackage, sharedSurplus } from '@yimai/fund';
import { must } from '@yimai/kit';
import fc from 'fast-check';
import { lessOverrun } from './packages-drawn.ts';
import { planDistribution } from './plan-distribution.ts';

const consortium = must(loadRuleSet('consortium-county/2026')).consortium!;
const [diabetes] = consortium.packages;
const SEED = 20_261_122;

const line = (index: number, points: bigint) => ({
  record: `Encounter/w${index}`,
  person: `made-up-${index % 3}`,
  points,
  isPrimaryCare: true,
});

test(`[ledger L16] the surplus of the budget, of packages and of the dual package is shared to the fen (seed ${SEED})`, () => {
  const amount = fc.bigInt({ min: 0n, max: 10_000_000_000n });
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.array(amount, { maxLength: 3 }),
      fc.array(fc.bigInt({ min: 1n, max: 9_999_999n }), { minLength: 1, maxLength: 9 }),
      (surplusFen, packagePoolFen, left, points) => {
        const packageSurplus = left
          .filter((one) => one > 0n)
          .map((amountFen, index) => ({ package: `package/${index}`, row: `row/${index}`, amountFen }));
        const added = packageSurplus.reduce((sum, { amountFen }) => sum + amountFen, 0n);
        const sources = { surplusFen, packagePoolFen, packageSurplus, payee: 'consortium' };
        const plan = planDistribution(
          '2026',
          sources,
          points.map((one, index) => line(index, one)),
          consortium,
        );
        if (surplusFen + packagePoolFen + added === 0n) {
          assert.equal(plan.ok ? 'shared' : plan.refusal.code, 'no-surplus');
          return;
        }
        const { pool, parties, poolFen, postings } = must(plan);
        const staff = pool.shares.reduce((sum, { shareFen }) => sum + shareFen, 0n);
        const ofParties = PARTIES.reduce((sum, party) => sum + parties[party], 0n);
        assert.equal(staff, poolFen);
        assert.equal(staff + ofParties, surplusFen + packagePoolFen + added);
        const books = new Map<string, bigint>();
        for (const { lines } of postings)
          for (const { account, amountFen } of lines)
            books.set(account, (books.get(account) ?? 0n) + amountFen);
        assert.equal(
          [...books.values()].reduce((sum, one) => sum + one, 0n),
          0n,
        );
        for (const one of packageSurplus)
          assert.equal(books.get(`group/surplus/${one.package}`), one.amountFen, 'the package keeps no rest');
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});

test('[ledger L16] what the group bears of an overrun is taken from what packages leave, and nothing more', () => {
  const left = [4n, 0n, 6n].map((amountFen, index) => ({
    package: `package/${index}`,
    row: 'row',
    amountFen,
  }));
  const after = (bears: bigint) => lessOverrun(left, bears).map(({ amountFen }) => amountFen);
  assert.deepEqual(after(0n), [4n, 6n]);
  assert.deepEqual(after(3n), [1n, 6n]);
  assert.deepEqual(after(5n), [5n]);
  assert.deepEqual(after(10n), []);
  assert.deepEqual(after(99n), []);
});

test(`[ledger L16] of what a package leaves the rule's share is shared, of an overrun nothing (seed ${SEED})`, () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10_000n }),
      fc.array(fc.bigInt({ min: 0n, max: 400_000n }), { maxLength: 6 }),
      (share, costs) => {
        const rule = { ...diabetes!, surplus: { id: 'row', source: 'made up', share } };
        const charged = costs.map((costFen, index) => ({
          caseId: `m${index}`,
          patient: `p${index % 2}`,
          code: 'management',
          costFen,
        }));
        const { budgetFen, chargedFen, balanceFen } = settlePackage(rule, ['p0', 'p1'], charged);
        const shared = sharedSurplus(rule, balanceFen);
        assert.equal(budgetFen - chargedFen, balanceFen);
        assert.ok(shared >= 0n && shared <= (balanceFen > 0n ? balanceFen : 0n));
        if (balanceFen > 0n && share === 10_000n) assert.equal(shared, balanceFen);
        assert.equal(sharedSurplus({ ...rule, surplus: null }, balanceFen), 0n, 'kept with the package');
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});
