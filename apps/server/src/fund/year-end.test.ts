// The end of the fund's year in the running house: reviews priced, locked months corrected, the surplus published and paid.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { must } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { SCRIPT_LOGIN } from '@yimai/record';
import {
  applied,
  BUDGET,
  file,
  HEAD,
  house,
  JSON_BODY,
  line,
  post,
  refused,
  signIn,
  signInAgain,
} from './fund.fixture.ts';

const server = await house({ after }, '2026-04-10T02:00:00Z');
let clerk = await signIn(server, 'clerk', 'insurer-clerk', 'insurer');
let coder = await signIn(server, 'coder', 'coder', 'county-hospital');
let director = await signIn(server, 'director', 'township-director', 'township-1');
let experts = await Promise.all(
  ['e1', 'e2', 'e3'].map((id) => signIn(server, id, 'expert', 'city-hospital')),
);
const tied = await signIn(server, 'e4', 'expert', 'county-hospital');
assert.ok(tied);
const PANEL = ['Practitioner/e1', 'Practitioner/e2', 'Practitioner/e3'];

const march = Array.from({ length: 40 }, (_, index) => line(`M${String(index).padStart(2, '0')}`));
const costly = line('HIGH', { cost: '60000.00' });
const imported = await file(
  server,
  '/desk/fund/lists/import',
  [HEAD, ...march, costly, line('N1', { month: '2026-04' }), line('T1', { org: 'township-1' })].join('\n'),
);
assert.equal(imported.json.imported, 43, JSON.stringify(imported.json));
await applied(server, 'budget.adopt', BUDGET, clerk);
for (const [id, org] of [
  ...PANEL.map((one) => [one, 'city-hospital']),
  ['Practitioner/e4', 'county-hospital'],
])
  await applied(
    server,
    'register.put',
    {
      register: 'special-case-experts',
      entry: { person: id!, specialty: 'surgery', home: `Organization/${org}` },
    },
    clerk,
  );

const passTo = async (instant: Date): Promise<void> => {
  server.clock.advanceTo(instant);
  const { accounts, clock } = server.consortium;
  server.token = must(await accounts.localToken(SCRIPT_LOGIN, clock.now())).token;
  [clerk, coder, director] = (await Promise.all(
    ['clerk', 'coder', 'director'].map((login) => signInAgain(server, login)),
  )) as [string, string, string];
  experts = await Promise.all(['e1', 'e2', 'e3'].map((login) => signInAgain(server, login)));
};
const passDays = (days: number): Promise<void> =>
  passTo(new Date(server.clock.now().getTime() + days * 86_400_000));
const APPLICATION = { stay: 'HIGH', reason: 'high-cost', grounds: '多学科救治，费用高（虚构）' };
const act = (event: string, id: string, answers: object, token: string) =>
  applied(server, 'loop.act', { case: id, event, answers }, token);
const caseOf = async (id: string) => {
  const answer = await server.request('GET', `/desk/fund/cases/${id}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};

async function seat(id: string): Promise<string[]> {
  const drawn = await applied(
    server,
    'draw.make',
    {
      draw: 'special-case-panel',
      seed: 'published-2026-04-10',
      count: 3,
      conflicts: ['Organization/county-hospital'],
    },
    clerk,
  );
  assert.deepEqual([...drawn.chosen].sort(), PANEL, 'an expert of the house itself is not drawn');
  await act('seat', id, { panel: drawn.chosen, draw: drawn.draw }, clerk);
  const { rows } = await server.consortium.database.run<{ id: string }>(sql`
    select s.case_id as id from loop_stay s join loop_case c on c.id = s.case_id
    where c.parent = ${id} and s.until_at is null order by s.owner_person`);
  return rows.map((row) => row.id);
}

test('[server F6] a special-case review: applied for by the house in time, read by experts without a tie, priced in its month', async () => {
  await applied(server, 'settlement.run', { month: '2026-03' }, clerk);
  const before = await caseOf('HIGH');
  assert.equal(before.answer.kind, 'high-outlier');
  assert.equal(await refused(server, 'special-case.apply', APPLICATION, clerk), 'role-not-allowed');
  const ofOther = { ...APPLICATION, stay: 'T1' };
  assert.equal(await refused(server, 'special-case.apply', ofOther, coder), 'stay-unknown');
  const byHand = { loop: 'special-case-review', answers: { stay: 'HIGH' } };
  assert.equal(await refused(server, 'loop.open', byHand, coder), 'not-your-turn');
  const opened = await applied(server, 'special-case.apply', APPLICATION, coder);
  assert.equal(await refused(server, 'special-case.apply', APPLICATION, coder), 'already-applied');
  const two = { panel: PANEL.slice(0, 2), draw: 'x' };
  assert.equal(
    await refused(server, 'loop.act', { case: opened.case, event: 'seat', answers: two }, clerk),
    'panel-too-small',
  );
  const own = { panel: ['Practitioner/e1', 'Practitioner/e2', 'Practitioner/e4'], draw: 'x' };
  assert.equal(
    await refused(server, 'loop.act', { case: opened.case, event: 'seat', answers: own }, clerk),
    'expert-tied',
  );
  const opinions = await seat(opened.case);
  const opinion = { opinion: '同意（虚构）' };
  await act('support', opinions[0]!, opinion, experts[0]!);
  await act('support', opinions[1]!, opinion, experts[1]!);
  await act('oppose', opinions[2]!, opinion, experts[2]!);
  const refusal = { case: opened.case, event: 'refuse', answers: { finding: '—' }, reason: '—' };
  assert.equal(await refused(server, 'loop.act', refusal, clerk), 'panel-in-favour');
  await act('approve', opened.case, { decision: 'by-item', finding: '同意按项目支付（虚构）' }, clerk);
  const { answer } = await caseOf('HIGH');
  assert.deepEqual([answer.kind, answer.pay], ['special-review', '60,000.00']);
  const list = await post(server, '/desk/fund/reviews', { year: '2026' }, coder);
  assert.deepEqual(
    list.items.map((one: { stay: string; result: string; decision: string }) => [
      one.stay,
      one.result,
      one.decision,
    ]),
    [['HIGH', 'approved', 'by-item']],
  );
  assert.deepEqual(
    list.quotas.map((one: { allowed: number; used: number }) => [one.allowed, one.used]),
    [[2, 1]],
    '5 % of 42 stays are two',
  );
  assert.equal(await refused(server, 'settlement.run', { month: '2026-03' }, clerk), 'already-settled');
  const again = await applied(server, 'settlement.run', { month: '2026-03', correction: true }, clerk);
  assert.equal(again.version, 2);
  const statement = await post(server, '/desk/fund/statement', {
    month: '2026-03',
    house: 'county-hospital',
  });
  const shown = statement.lines.find((one: { id: string }) => one.id === 'HIGH');
  assert.deepEqual([statement.addsUp, shown.kind], [true, 'special-review']);
});

test('[server F7] the quota and the window of the rule set bar an application; an opposed one is paid by its group', async () => {
  const other = { ...APPLICATION, stay: 'M00' };
  const opened = await applied(server, 'special-case.apply', other, coder);
  const third = { ...APPLICATION, stay: 'M01' };
  assert.equal(await refused(server, 'special-case.apply', third, coder), 'review-quota-used-up');
  const opinions = await seat(opened.case);
  await act('support', opinions[0]!, { opinion: '—' }, experts[0]!);
  await act('oppose', opinions[1]!, { opinion: '—' }, experts[1]!);
  await act('oppose', opinions[2]!, { opinion: '—' }, experts[2]!);
  const approval = {
    case: opened.case,
    event: 'approve',
    answers: { decision: 'amount', amount: 9000, finding: '—' },
  };
  assert.equal(await refused(server, 'loop.act', approval, clerk), 'panel-against');
  await applied(
    server,
    'loop.act',
    { case: opened.case, event: 'refuse', answers: { finding: '不符合（虚构）' }, reason: '不符合（虚构）' },
    clerk,
  );
  assert.equal((await caseOf('M00')).answer.kind, 'normal');
  await applied(server, 'special-case.apply', third, coder);
  await passTo(new Date('2026-05-13T02:00:00Z'));
  assert.equal(
    await refused(server, 'special-case.apply', { ...APPLICATION, stay: 'M02' }, coder),
    'application-late',
  );
  assert.equal(
    await refused(server, 'special-case.apply', { ...APPLICATION, stay: 'N1' }, coder),
    'application-late',
    '30 days after 12 April end with 12 May',
  );
});

test('[server F8] a locked month is corrected from a later open one: reversal, new version, and the way back', async () => {
  await applied(server, 'settlement.run', { month: '2026-04' }, clerk);
  const adjust = { month: '2026-05', corrects: '2026-03' };
  assert.equal(await refused(server, 'settlement.adjust', adjust, clerk), 'period-open');
  await applied(server, 'period.lock', { period: '2026-03' }, clerk);
  assert.equal(await refused(server, 'settlement.adjust', adjust, clerk), 'nothing-to-adjust');
  const list = await post(server, '/desk/fund/reviews', { year: '2026' }, clerk);
  const open = list.items.find((one: { stay: string }) => one.stay === 'M01');
  const opinions = await seat(open.case);
  for (const [index, id] of opinions.entries())
    await act('support', id, { opinion: '同意（虚构）' }, experts[index]!);
  await act('approve', open.case, { decision: 'amount', amount: 8000, finding: '同意（虚构）' }, clerk);
  assert.equal(
    await refused(server, 'settlement.run', { month: '2026-03', correction: true }, clerk),
    'period-locked',
  );
  assert.equal(
    await refused(server, 'settlement.adjust', { month: '2026-02', corrects: '2026-03' }, clerk),
    'period-not-later',
  );
  const made = await applied(server, 'settlement.adjust', adjust, clerk);
  assert.equal(made.cases, 1);
  assert.equal(await refused(server, 'settlement.adjust', adjust, clerk), 'nothing-to-adjust');
  const { entries, answer } = await caseOf('M01');
  const last = entries.slice(-2);
  assert.deepEqual(
    last.map((one: { period: string; reverses: { period: string } | null }) => [
      one.period,
      one.reverses?.period ?? null,
    ]),
    [
      ['2026-05', '2026-03'],
      ['2026-05', null],
    ],
  );
  assert.deepEqual([last[1].amount, answer.fund], ['6,000.00', '6,000.00']);
  const { rows } = await server.consortium.database.run(sql`
    select r.period from ledger_correction c join ledger_run r on r.id = c.corrects where c.run = ${made.run}`);
  assert.deepEqual(rows, [{ period: '2026-03' }]);
  const ledger = (await server.request('GET', '/desk/fund/ledger')).json;
  assert.equal(ledger.balanced, true);
  const board = await post(server, '/desk/fund/board', { year: '2026' });
  assert.equal(board.months[2].changed, false, 'the correction counts for its month');
});

test('[server F8] a return in the next month halves the earlier stay of a month that is locked; the day after counts no more', async () => {
  const pay = async (id: string) => BigInt((await caseOf(id)).answer.pay.replaceAll(/[,.]/g, ''));
  const [first, second] = [await pay('M05'), await pay('M06')];
  const back = (id: string, patient: string, admittedOn: string) =>
    `${id},${patient},county-hospital,secondary,resident,2,1960-05-01,,,${admittedOn},2026-04-03,1,J18.000|I10.x00x002,,8000.50,2000.00`;
  const lists = [HEAD, back('R5', 'made-up-M05', '2026-03-22'), back('R6', 'made-up-M06', '2026-03-23')].join(
    '\n',
  );
  const imported = await file(server, '/desk/fund/lists/import', lists);
  assert.equal(imported.json.imported, 2, JSON.stringify(imported.json));
  assert.deepEqual([await pay('M05'), await pay('M06')], [(first + 1n) / 2n, second]);
  assert.match(JSON.stringify((await caseOf('M05')).answer), /readmission/);
  const made = await applied(server, 'settlement.adjust', { month: '2026-05', corrects: '2026-03' }, clerk);
  assert.equal(made.cases, 1, 'the earlier stay only');
  const again = await applied(server, 'settlement.run', { month: '2026-04', correction: true }, clerk);
  assert.equal(again.version, 2);
});

test('[server F9] the surplus is paid after its notice only, and not while an objection is open', async () => {
  await applied(server, 'clearing.run', { year: '2026', scores: {} }, clerk);
  const ledger = (await server.request('GET', '/desk/fund/ledger')).json;
  assert.deepEqual(
    ledger.accounts.filter((each: { account: string }) => /^group\/(payable|deposit)\//.test(each.account)),
    [],
    'corrections are cleared with their house',
  );
  const pay = (code: string) =>
    refused(server, 'distribution.pay', { year: '2026' }, clerk).then((got) => assert.equal(got, code));
  await pay('not-distributed');
  const work = (points: string) => [
    { record: 'Encounter/1', person: 'Practitioner/e1', points: '3', isPrimaryCare: true },
    { record: 'Encounter/2', person: 'Practitioner/e2', points, isPrimaryCare: true },
  ];
  const first = await applied(server, 'distribution.run', { year: '2026', lines: work('4') }, clerk);
  await pay('notice-missing');
  assert.equal(await refused(server, 'notice.publish', { year: '2026' }, director), 'role-not-allowed');
  // Staff read the notice: nothing before it is published, then the parties and the own share, nobody else's.
  const nurse = await signIn(server, 'nurse', 'hospital-nurse', 'county-hospital');
  const auditor = await signIn(server, 'auditor', 'auditor', 'county-hospital');
  const early = await post(server, '/desk/fund/notice', { year: '2026' }, nurse);
  assert.equal(early.shares, null);
  await applied(server, 'notice.publish', { year: '2026' }, clerk);
  const read = await post(server, '/desk/fund/notice', { year: '2026' }, nurse);
  assert.deepEqual([read.shares.parties.length, read.shares.people], [3, []]);
  assert.deepEqual(read.may, { settle: false, object: true, clear: false });
  assert.doesNotMatch(JSON.stringify(read), /Practitioner\//, 'no person is named to staff');
  const token = server.token;
  server.token = auditor;
  const closed = await server.request('POST', '/desk/fund/notice', { year: '2026' }, JSON_BODY);
  server.token = token;
  assert.notEqual(closed.status, 200, 'whom it does not concern reads nothing');
  assert.equal(await refused(server, 'notice.publish', { year: '2026' }, clerk), 'already-published');
  await pay('notice-running');
  const objection = { loop: 'settlement-objection', answers: { run: first.run, what: '工分少计（虚构）' } };
  const filed = await applied(server, 'loop.open', objection, director);
  await pay('objection-open');
  await act('uphold', filed.case, { finding: '少计 2 分（虚构）' }, clerk);
  await passDays(8);
  await pay('objection-open');
  assert.equal(await refused(server, 'loop.open', objection, director), 'notice-over');
  const corrected = await applied(
    server,
    'distribution.run',
    { year: '2026', lines: work('6'), correction: true },
    clerk,
  );
  assert.equal(corrected.version, 2);
  const carry = { case: filed.case, event: 'carry-out', answers: { 'new-run': corrected.run } };
  assert.equal(await refused(server, 'loop.act', carry, clerk), 'new-version-unpublished');
  await applied(server, 'notice.publish', { year: '2026' }, clerk);
  await applied(server, 'loop.act', carry, clerk);
  await pay('notice-running');
  await passDays(7);
  await pay('notice-running');
  await passDays(1);
  const paid = await applied(server, 'distribution.pay', { year: '2026' }, clerk);
  const same = await applied(server, 'distribution.pay', { year: '2026' }, clerk);
  assert.deepEqual([paid.wasThere, same.wasThere, same.run], [false, true, paid.run]);
  const after = (await server.request('GET', '/desk/fund/ledger')).json;
  assert.deepEqual(
    after.accounts.filter((each: { account: string }) => /^group\/(share|surplus)\//.test(each.account)),
    [],
    'every share is paid',
  );
  assert.equal(after.balanced, true);
  const late = { year: '2026', lines: work('9'), correction: true };
  assert.equal(await refused(server, 'distribution.run', late, clerk), 'already-paid');
  const over = { year: '2026', scores: {}, correction: true };
  assert.equal(await refused(server, 'clearing.run', over, clerk), 'already-paid');
  const shown = await post(server, '/desk/fund/clearing', { year: '2026', scores: {} }, clerk);
  assert.equal(shown.paid, true, 'the desk offers no correction of what is paid');
  const notice = await post(server, '/desk/fund/notice', { year: '2026' }, clerk);
  assert.deepEqual([notice.paid.version, notice.notices.length, notice.objections[0].state], [2, 2, 'done']);
});
