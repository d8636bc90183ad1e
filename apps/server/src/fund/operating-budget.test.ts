// The houses' own budgets in the running house: drafted, submitted, approved by another, spent within the line, adjusted, read by day.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { applied, command, house, JSON_BODY, post, refused, signIn } from './fund.fixture.ts';

const server = await house({ after });
const administrator = server.token;
const finance = await signIn(server, 'finance', 'finance-clerk', 'county-hospital');
const township = await signIn(server, 'director', 'township-director', 'township-1');
const office = await signIn(server, 'office', 'consortium-office', 'consortium');
const insurer = await signIn(server, 'clerk', 'insurer-clerk', 'insurer');

const KEY = { year: '2026', house: 'county-hospital', department: 'surgery' };
const DRAFT = {
  ...KEY,
  title: '外科',
  lines: [
    { id: 'drugs', title: '药品', planned: '1000.00' },
    { id: 'consumables', title: '耗材', planned: '500.00' },
    { id: 'laboratory', title: '检验协作（付成员单位）', planned: '200.00', internal: true },
  ],
};
const spend = (record: string, amount: string, more: object = {}) => ({
  ...KEY,
  line: 'drugs',
  record,
  amount,
  on: '2026-03-10',
  text: '采购发票',
  ...more,
});
const boardOf = (token: string, on = '2026-12-20') =>
  post(server, '/desk/fund/operating-budget', { year: '2026', on }, token);
const lineOf = async (id: string, on?: string) => {
  const board = await boardOf(office, on);
  const { lines } = board.departments.find((one: { department: string }) => one.department === 'surgery');
  return lines.find((one: { id: string }) => one.id === id);
};

test('[comprehensive-budget/1] a budget is drafted by the house, approved by another, and not spent before', async () => {
  assert.equal(await refused(server, 'operating-budget.draft', DRAFT, township), 'role-not-allowed');
  assert.equal(await refused(server, 'operating-budget.draft', DRAFT, insurer), 'role-not-allowed');
  const twice = { ...DRAFT, lines: [...DRAFT.lines, DRAFT.lines[0]] };
  assert.equal(await refused(server, 'operating-budget.draft', twice, finance), 'payload-invalid');
  assert.equal(await refused(server, 'operating-budget.submit', KEY, finance), 'budget-unknown');
  await applied(server, 'operating-budget.draft', DRAFT, finance);
  assert.equal(await refused(server, 'operating-budget.approve', KEY, office), 'wrong-state');
  await applied(server, 'operating-budget.submit', KEY, finance);
  assert.equal(await refused(server, 'operating-budget.draft', DRAFT, finance), 'wrong-state');
  assert.equal(await refused(server, 'operating-budget.approve', KEY, finance), 'role-not-allowed');
  assert.equal(await refused(server, 'operating-budget.return', KEY, office), 'payload-invalid');
  await applied(server, 'operating-budget.return', { ...KEY, note: '药品须写明依据' }, office);
  await applied(server, 'operating-budget.draft', DRAFT, finance);
  await applied(server, 'operating-budget.submit', KEY, finance);
  assert.equal(
    await refused(server, 'operating-budget.spend', spend('INV-1', '10'), finance),
    'budget-not-approved',
  );
  await applied(server, 'operating-budget.approve', KEY, office);
  assert.equal(await refused(server, 'operating-budget.draft', DRAFT, finance), 'budget-approved');
  // Somebody who drafted and submitted with a right to approve does not approve the own budget.
  const own = { ...KEY, department: 'clinic' };
  await applied(server, 'operating-budget.draft', { ...DRAFT, ...own }, undefined);
  await applied(server, 'operating-budget.submit', own, undefined);
  assert.equal(await refused(server, 'operating-budget.approve', own, undefined), 'same-person');
});

test('[comprehensive-budget/1] spending above the line is refused; two at once do not pass together; an adjustment opens it', async () => {
  const first = await applied(server, 'operating-budget.spend', spend('INV-1', '900.00'), finance);
  assert.equal(first.leftFen, '10000');
  assert.equal(
    await refused(server, 'operating-budget.spend', spend('INV-2', '100.01'), finance),
    'budget-exceeded',
  );
  assert.equal(
    await refused(server, 'operating-budget.spend', spend('INV-2', '1', { line: 'cars' }), finance),
    'line-unknown',
  );
  assert.equal(
    await refused(server, 'operating-budget.spend', spend('INV-2', '1', { on: '2027-01-01' }), finance),
    'outside-year',
  );
  const again = await applied(server, 'operating-budget.spend', spend('INV-1', '900.00'), finance);
  assert.deepEqual([again.wasThere, again.leftFen], [true, '10000'], 'one record is spent once');
  assert.equal(
    await refused(server, 'operating-budget.spend', spend('INV-1', '901.00'), finance),
    'already-spent',
  );
  const race = await Promise.all(
    ['INV-3', 'INV-4'].map((record) =>
      command(server, 'operating-budget.spend', spend(record, '60.00'), { token: finance }),
    ),
  );
  assert.deepEqual(race.map(({ outcome }) => outcome).sort(), ['applied', 'refused']);
  assert.equal((await lineOf('drugs')).spent, '960.00');
  const change = (line: string, amount: string) => ({
    ...KEY,
    reason: '门诊量增加',
    changes: [{ line, amount }],
  });
  assert.equal(
    await refused(server, 'operating-budget.adjust', change('drugs', '-50.00'), finance),
    'below-spent',
  );
  const moved = {
    ...KEY,
    reason: '耗材调剂至药品',
    changes: [
      { line: 'drugs', amount: '300.00' },
      { line: 'consumables', amount: '-300.00' },
    ],
  };
  const { number } = await applied(server, 'operating-budget.adjust', moved, finance);
  const more = spend('INV-5', '200.00', { on: '2026-12-20' });
  assert.equal(
    await refused(server, 'operating-budget.spend', more, finance),
    'budget-exceeded',
    'a proposed adjustment does not count',
  );
  const decide = { ...KEY, number, granted: true };
  assert.equal(await refused(server, 'operating-budget.decide', decide, finance), 'role-not-allowed');
  await applied(server, 'operating-budget.decide', decide, office);
  assert.equal(await refused(server, 'operating-budget.decide', decide, office), 'no-proposal');
  await applied(server, 'operating-budget.spend', more, finance);
  assert.deepEqual([(await lineOf('drugs')).left, (await lineOf('consumables')).left], ['140.00', '200.00']);
  const back = await applied(
    server,
    'operating-budget.spend',
    spend('INV-5', '0', { on: '2026-12-20', correction: true }),
    finance,
  );
  assert.deepEqual([back.version, back.leftFen], [2, '34000'], 'taken back by a reversal');
});

test('[comprehensive-budget/2] execution by department and line on any day; what comes later does not count, others see nothing', async () => {
  assert.deepEqual(
    [(await lineOf('drugs', '2026-03-09')).spent, (await lineOf('drugs', '2026-03-09')).rate],
    ['0.00', '0.0'],
  );
  const line = await lineOf('drugs', '2026-03-10');
  assert.deepEqual(
    [line.planned, line.adjusted, line.spent, line.rate],
    ['1,000.00', '0.00', '960.00', '96.0'],
  );
  const now = await lineOf('drugs');
  assert.deepEqual([now.adjusted, now.rate], ['300.00', '73.8']);
  const board = await boardOf(finance);
  assert.deepEqual([board.consortium, board.departments.length], [null, 2]);
  assert.deepEqual((await boardOf(township)).departments, [], 'another house is not shown');
  server.token = insurer;
  const denied = await server.request('POST', '/desk/fund/operating-budget', { year: '2026' }, JSON_BODY);
  assert.ok(denied.status === 403 || denied.status === 404, denied.text);
});

test('[comprehensive-budget/3] the consortium is the sum of its members less internal transfers; a draft does not count', async () => {
  const lab = {
    ...KEY,
    house: 'township-1',
    department: 'laboratory',
    title: '检验',
    lines: [{ id: 'staff', title: '人员', planned: '800.00' }],
  };
  await applied(server, 'operating-budget.draft', lab, township);
  const { lines: _lines, title: _title, ...key } = lab;
  const before = (await boardOf(office)).consortium;
  assert.deepEqual([before.members, before.internal, before.budget], ['1,700.00', '200.00', '1,500.00']);
  await applied(server, 'operating-budget.submit', key, township);
  await applied(server, 'operating-budget.approve', key, office);
  const { members, internal, budget } = (await boardOf(office)).consortium;
  assert.deepEqual([members, internal, budget], ['2,500.00', '200.00', '2,300.00']);
  server.token = insurer;
  const ledger = await server.request('GET', '/desk/fund/ledger');
  assert.doesNotMatch(ledger.text, /house\//, "a house's own budget is not the insurer's to read");
  assert.deepEqual(await server.consortium.fund.ledger.check(), []);
});

test("[server F18] the consortium's finance office is that of the head of the tree, whatever its id", async () => {
  server.token = administrator;
  const old = await signIn(server, 'old-office', 'finance-clerk', 'consortium');
  const level = 'https://yimai.example/fhir/CodeSystem/organisation-level';
  const place = (id: string, code: string, above?: string) =>
    server.fhir('PUT', `Organization/${id}`, {
      resourceType: 'Organization',
      id,
      name: `${id}（虚构）`,
      type: [{ coding: [{ system: level, code }] }],
      ...(above === undefined ? {} : { partOf: { reference: `Organization/${above}` } }),
    });
  const sees = async (token: string): Promise<[number, boolean]> => {
    server.token = token;
    const { status } = await server.request('GET', '/desk/fund/ledger');
    return [status, (await server.request('GET', '/auth/me')).json.roles[0].isHead];
  };
  assert.deepEqual(
    await sees(old),
    [200, true],
    'among houses without any below them, that of a fresh house',
  );
  server.token = administrator;
  await place('qingjiang', 'county');
  for (const [id, code] of [
    ['county-hospital', 'county'],
    ['township-1', 'township'],
  ])
    await place(id!, code!, 'qingjiang');
  const fresh = await signIn(server, 'new-office', 'finance-clerk', 'qingjiang');
  assert.deepEqual(await sees(fresh), [200, true]);
  const [status, isHead] = await sees(old);
  assert.deepEqual(
    [status === 200, isHead],
    [false, false],
    'an office that heads nothing sees its own house only',
  );
  assert.deepEqual((await sees(finance))[1], false);
});
