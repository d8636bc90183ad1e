// The three ways of paying in the running house: by bed day, by rate and by points, settled, cleared, each to the fen.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { applied, BUDGET, file, HEAD, house, line, post, refused, signIn } from './fund.fixture.ts';

const server = await house({ after });
const clerk = await signIn(server, 'clerk', 'insurer-clerk', 'insurer');
const fen = (text: string): bigint => BigInt(text.replaceAll(/[,.]/g, ''));
const sumOf = <T>(list: readonly T[], of: (one: T) => bigint): bigint =>
  list.reduce((sum, one) => sum + of(one), 0n);

interface Line {
  readonly pay: string;
  readonly fund: string;
  readonly cost: string;
}
const statementOf = (org: string) => post(server, '/desk/fund/statement', { month: '2026-03', house: org });
const caseOf = async (id: string) => (await server.request('GET', `/desk/fund/cases/${id}`)).json;

const BED_HEAD = `${HEAD},bedDays`;
const bed = (id: string, bedDays: string) =>
  `${id},made-up-${id},county-hospital,secondary,resident,2,1960-05-01,,,2026-01-10,2026-03-21,1,F20.900,,30000.00,4000.00,${bedDays}`;

test('[server F12] bed days of a list are paid by phase and leave the groups; absence is not paid, a switch is split', async () => {
  const wrong = [BED_HEAD, bed('B8', 'psychiatric:71'), bed('B9', 'ward:3')].join('\n');
  const report = await file(server, '/desk/fund/lists/check', wrong);
  assert.deepEqual(
    report.json.problems
      .filter(({ severity }: { severity: string }) => severity === 'error')
      .map((one: { row: number; column: string; code: string }) => [one.row, one.column, one.code]),
    [
      [2, '按床日', 'bed-days-above-stay'],
      [3, '按床日', 'bed-days-wrong'],
    ],
  );
  const lists = [
    BED_HEAD,
    bed('B1', 'psychiatric:70'),
    bed('B2', 'psychiatric:70:5'),
    bed('B3', 'psychiatric:40|rehabilitation:30'),
    bed('B4', ''),
    ...Array.from({ length: 8 }, (_, n) => `${line(`M${n}`, { cost: `${5000 + 1300 * n}.37` })},`),
    `${line('T1', { org: 'township-1', cost: '3100.01' })},`,
  ].join('\n');
  const imported = await file(server, '/desk/fund/lists/import', lists);
  assert.equal(imported.json.imported, 13, JSON.stringify(imported.json));
  await applied(server, 'budget.adopt', BUDGET, clerk);
  await applied(server, 'settlement.run', { month: '2026-03' }, clerk);
  const answers = [];
  for (const id of ['B1', 'B2', 'B3', 'B4']) answers.push((await caseOf(id)).answer);
  assert.deepEqual(
    answers.map(({ kind, pay }) => [kind, pay]),
    [
      ['bed-day', '14,000.00'],
      ['bed-day', '13,000.00'],
      ['bed-day', '17,000.00'],
      ['long-stay', '30,000.00'],
    ],
  );
  const statement = await statementOf('county-hospital');
  assert.deepEqual([statement.stays, statement.addsUp], [12, true]);
});

test('[server F13] a city by rate: a written budget, some of last year prepaid and set off, months by rate, the result of each house shared by its bands', async () => {
  const asked = { year: '2026', ruleSet: 'rate-city/2026', amount: '2400000', correction: true };
  const noAmount = { year: '2026', ruleSet: 'rate-city/2026', correction: true };
  assert.equal(await refused(server, 'budget.adopt', noAmount, clerk), 'payload-invalid');
  const adopted = await applied(server, 'budget.adopt', asked, clerk);
  assert.deepEqual([adopted.version, adopted.budgetFen], [2, '228000000'], '5 % are kept in reserve');
  const again = await applied(server, 'settlement.run', { month: '2026-03', correction: true }, clerk);
  assert.equal(again.version, 2);
  const prepay = { year: '2026', lastYear: { 'county-hospital': '480000.06', 'township-1': '12000' } };
  assert.equal(await refused(server, 'prepayment.pay', { year: '2026' }, clerk), 'last-year-unknown');
  const stranger = { ...prepay, lastYear: { nowhere: '1' } };
  assert.equal(await refused(server, 'prepayment.pay', stranger, clerk), 'payload-invalid');
  const beyond = { ...prepay, lastYear: { 'county-hospital': '99000000' } };
  assert.equal(await refused(server, 'prepayment.pay', beyond, clerk), 'budget-exceeded');
  // The desk shows it before it is paid, and why it cannot be.
  const shown = async (asked: object) => (await post(server, '/desk/fund/prepayment', asked)).prepayment;
  const empty = await shown({ year: '2026' });
  assert.deepEqual(
    [empty.months, empty.isBasisCleared, empty.sum, empty.posted],
    ['1', false, null, null],
    JSON.stringify(empty),
  );
  assert.match(empty.bar.zh, /上年应付/);
  assert.deepEqual(empty.houses.map((one: { house: { id: string } }) => one.house.id).sort(), [
    'county-hospital',
    'township-1',
  ]);
  const { lastYear } = prepay;
  const planned = await shown({ year: '2026', lastYear });
  assert.deepEqual([planned.sum, planned.bar, planned.houses[0].amount], ['41,000.01', null, '40,000.01']);
  assert.match((await shown({ year: '2026', lastYear: beyond.lastYear })).bar.zh, /超过年度预算/);
  const bare = await post(server, '/desk/fund/clearing', { year: '2026', scores: {} });
  const ahead = await applied(server, 'prepayment.pay', prepay, clerk);
  assert.equal(ahead.paidFen, '4100001', 'one month of twelve, each house to the fen');
  assert.equal((await applied(server, 'prepayment.pay', prepay, clerk)).wasThere, true);
  const after = await shown({ year: '2026' });
  assert.deepEqual(
    [after.posted.version, after.posted.sum, after.houses[0].paid],
    [1, '41,000.01', '40,000.01'],
  );
  const preview = await post(server, '/desk/fund/clearing', { year: '2026', scores: {} });
  assert.equal(preview.result, null, 'no consortium holds the budget');
  const sums = (page: typeof preview, of: 'paidBefore' | 'final'): bigint =>
    sumOf(page.houses as { paidBefore: string; final: string }[], (one) => fen(one[of]));
  assert.equal(sums(preview, 'paidBefore') - sums(bare, 'paidBefore'), 4_100_001n);
  assert.equal(sums(bare, 'final') - sums(preview, 'final'), 4_100_001n, 'what is prepaid is not paid again');
  for (const one of preview.houses) {
    assert.equal(fen(one.paidAfter), fen(one.paidBefore) + fen(one.final));
    assert.equal(fen(one.paidAfter), fen(one.due) + fen(one.shared), one.house.id);
  }
  assert.ok(preview.houses.some(({ shared }: { shared: string }) => shared !== '0.00'));
  await applied(server, 'clearing.run', { year: '2026', scores: {} }, clerk);
  const ledger = (await server.request('GET', '/desk/fund/ledger')).json;
  assert.equal(ledger.balanced, true);
  assert.deepEqual(
    ledger.accounts.filter(({ account }: { account: string }) =>
      /^(group\/|payable\/|deposit\/|prepaid\/)/.test(account),
    ),
    [],
    'the consortium has no books here, and no house is owed anything',
  );
});

test('[server F13] a cleared year is not prepaid any more, nor a budget that is paid by instalments', async () => {
  const prepay = { year: '2026', lastYear: { 'county-hospital': '12000' }, correction: true };
  assert.equal(await refused(server, 'prepayment.pay', prepay, clerk), 'already-cleared');
  const next = { year: '2027', insured: [{ payer: 'resident', memberMonths: 12_000 }] };
  await applied(server, 'budget.adopt', { ...next, ruleSet: 'consortium-county/2027' }, clerk);
  const none = await post(server, '/desk/fund/prepayment', { year: '2027' });
  assert.equal(none.prepayment, null, 'paid by instalments, the first of them ahead');
  assert.equal(
    await refused(server, 'prepayment.pay', { year: '2027' }, clerk),
    'paid-by-instalments',
    'the first instalment is its prepayment',
  );
});

test('[server F14] a city by points: the pool of the month is shared by points to the fen, whatever the stays cost', async () => {
  const asked = { year: '2026', ruleSet: 'point-city/2026', amount: '2400000', correction: true };
  const { correction: _, ...unasked } = asked;
  assert.equal(await refused(server, 'budget.adopt', unasked, clerk), 'already-settled');
  await applied(server, 'budget.adopt', asked, clerk);
  await applied(server, 'settlement.run', { month: '2026-03', correction: true }, clerk);
  const statements = [await statementOf('county-hospital'), await statementOf('township-1')];
  const lines: Line[] = statements.flatMap((one) => one.lines);
  const pool = 190_000_00n + sumOf(statements, ({ borne }) => fen(borne));
  assert.equal(
    sumOf(lines, ({ pay }) => fen(pay)),
    pool,
    'a twelfth of the budget and what the patients bear',
  );
  assert.ok(statements.every(({ addsUp }) => addsUp));
  const cleared = await applied(
    server,
    'clearing.run',
    { year: '2026', scores: {}, correction: true },
    clerk,
  );
  assert.equal(cleared.version, 2);
  assert.equal((await server.request('GET', '/desk/fund/ledger')).json.balanced, true);
});
