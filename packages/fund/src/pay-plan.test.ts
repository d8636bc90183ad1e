// Plans of pay: every pool is shared to the fen whatever the work, in the same way whatever its order; rules that would pay for
// drugs are no rules.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { localDate, must } from '@yimai/kit';
import fc from 'fast-check';
import { parse } from 'yaml';
import * as fund from './index.ts';

const rules = must(fund.loadPayRules('consortium-county', '2026'));
const FILE = new URL('../../../rules/pay/consortium-county/2026/pay.yaml', import.meta.url);
const ITEMS = ['outpatient-visit', 'ward-day', 'operation', 'follow-up'];
const SEED = 20_261_122;

const work = fc.array(
  fc.record({
    person: fc.constantFrom('a', 'b', 'c', 'd'),
    item: fc.constantFrom(...ITEMS),
    quantity: fc.bigInt(1n, 40n),
    month: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const recordsOf = (made: readonly { person: string; item: string; quantity: bigint; month: number }[]) =>
  made.map(({ month, ...one }, index): fund.PersonWork => {
    const on = localDate(`2026-${String(month).padStart(2, '0')}-15`);
    return { ...one, id: `r${index}`, department: 'd', on };
  });
const sum = (slips: readonly fund.PaySlip[]) => slips.reduce((total, { shareFen }) => total + shareFen, 0n);

test(`[fund F22] work, merit, posts and teams share the pool to the fen, in any order (seed ${SEED})`, () => {
  fc.assert(
    fc.property(work, fc.bigInt(1n, 10n ** 9n), (made, poolFen) => {
      const records = recordsOf(made);
      const plan = must(fund.planWorkPay(poolFen, records, rules));
      assert.equal(sum(plan.slips), poolFen);
      assert.deepEqual(must(fund.planWorkPay(poolFen, [...records].reverse(), rules)).slips, plan.slips);
      const scores = new Map(['a', 'b', 'c', 'd'].map((person, n) => [person, BigInt(600_000 + n * 70_000)]));
      assert.equal(sum(must(fund.planMeritPay(poolFen, records, scores, rules)).slips), poolFen);
      const posts = records.map(({ id, person, department }) => ({ id, person, department, kind: 'doctor' }));
      assert.equal(sum(must(fund.planPostPay(poolFen, posts, rules)).slips), poolFen);
      const stays = records.map(({ id, on, department, person, quantity }): fund.TeamStay => {
        const members = [
          { person, role: 'responsible' as const },
          { person: 'e', role: 'assisting' as const },
        ];
        return { id, on, department, weight: quantity * 777n, members };
      });
      const teams = must(fund.planTeamPay(poolFen, stays, rules));
      assert.equal(sum(teams.slips), poolFen);
      assert.equal(
        teams.teams.reduce((total, { payFen }) => total + payFen, 0n),
        poolFen,
      );
    }),
    { seed: SEED, numRuns: 60 },
  );
});

test('[fund F22] per head by weight: 2,406,000 over 120, 200 and 60 heads is 7,500, 6,000 and 5,100', () => {
  const heads = [
    ['doctor', 120],
    ['nurse', 200],
    ['manager', 60],
  ] as const;
  const posts = heads.flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, n) => ({
      id: `${kind}${n}`,
      person: `${kind}${n}`,
      department: 'd',
      kind,
    })),
  );
  const { groups } = must(fund.planPostPay(240_600_000n, posts, rules));
  assert.deepEqual(
    groups.map(({ perHeadFen }) => perHeadFen),
    [750_000n, 600_000n, 510_000n],
  );
});

test('[fund F22] a stay with two responsible doctors is refused, one with none is left out and said', () => {
  const stay = (id: string, ...roles: fund.TeamRole[]): fund.TeamStay => ({
    id,
    on: localDate('2026-03-02'),
    department: 'd',
    weight: 10_000n,
    members: roles.map((role, n) => ({ person: `p${n}`, role })),
  });
  const twice = fund.planTeamPay(100n, [stay('s1', 'responsible', 'responsible')], rules);
  assert(!twice.ok);
  assert.deepEqual([twice.refusal.code, twice.refusal.at], ['team-already-responsible', 'stays.s1']);
  const plan = must(fund.planTeamPay(100n, [stay('s1', 'responsible'), stay('s2', 'assisting')], rules));
  assert.deepEqual(plan.leftOut, [{ reason: 'stay-without-team-or-group', count: 1 }]);
});

test('[fund F12] written rules of pay: points for drugs, a post in two groups, a missing source, an unknown year are refused', () => {
  const broken = (change: (written: { values: Row[]; posts: Row[] }) => void) => {
    const written = parse(readFileSync(FILE, 'utf8'));
    change(written);
    const read = fund.readPayRules(written);
    assert(!read.ok);
    return read.refusal.at;
  };
  assert.equal(
    broken(({ values }) => {
      values.find(({ category }) => category === 'drug')!['value'] = '0.1';
    }),
    'values[7].value',
  );
  assert.equal(
    broken(({ posts }) => {
      posts[1]!['kinds'] = ['nurse', 'doctor'];
    }),
    'posts',
  );
  assert.equal(
    broken(({ values }) => {
      delete values[0]!['source'];
    }),
    'values[0].source',
  );
  const none = fund.loadPayRules('consortium-county', '2019');
  assert.equal(none.ok ? '' : none.refusal.code, 'pay-rules-unknown');
});

type Row = Record<string, unknown>;
