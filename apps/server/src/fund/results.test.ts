// Four-party agreements, RED and MES in the running house: duties, counts, what is paid for and what is not.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rowKey } from '@yimai/fhir';
import { must, ok, uuidv7 } from '@yimai/kit';
import { makeAccess, SCRIPT_LOGIN } from '@yimai/record';
import { applied, BUDGET, house, JSON_BODY, post, refused, signIn, signInAgain } from './fund.fixture.ts';
import { agreementCounts } from './results.ts';

const server = await house({ after }, '2026-04-10T02:00:00Z');
const { record, policy, clock, database } = server.consortium;
for (const resource of [
  { resourceType: 'Organization', id: 'village-1', name: '一村卫生室（虚构）' },
  ...Array.from({ length: 12 }, (_, n) => ({ resourceType: 'Patient', id: `p${n}` })),
]) {
  const made = await server.fhir('PUT', `${resource.resourceType}/${resource.id}`, resource);
  assert.equal(made.status, 201, made.text);
}
let clerk = await signIn(server, 'clerk', 'insurer-clerk', 'insurer');
let doctor = await signIn(server, 'doctor', 'hospital-doctor', 'county-hospital');
const village = await signIn(server, 'village', 'village-doctor', 'village-1');
await applied(server, 'budget.adopt', BUDGET, clerk);

/** What a resident does at the counter, by the account that is linked to the resident. */
async function asResident(id: string, type: string, payload: unknown) {
  const actor = {
    user: rowKey('User', id),
    role: 'resident',
    org: rowKey('Organization', 'village-1'),
    orgs: [],
    patient: rowKey('Patient', id),
    practitioner: null,
    rights: [],
    scopes: null,
  };
  const now = clock.now();
  const envelope = {
    id: uuidv7(now.getTime()),
    type,
    occurredAt: now.toISOString(),
    actingAs: { org: 'village-1', role: 'resident' },
    payload,
  };
  return record.commands.execute(envelope as never, async () => ok(makeAccess(actor as never, now, policy)));
}

async function draft(patient: string): Promise<string> {
  const parties = {
    insurer: 'Organization/insurer',
    hospital: 'Organization/county-hospital',
    'village-doctor': 'Organization/village-1',
    patient: `Patient/${patient}`,
  };
  const term = { from: '2026-04-10', to: '2027-04-09' };
  const made = await applied(server, 'agreement.draft', { agreement: 'four-party', parties, ...term }, clerk);
  return made.agreement;
}

async function sign(id: string, patient: string | null): Promise<void> {
  for (const token of [clerk, doctor, village]) await applied(server, 'agreement.sign', { id }, token);
  if (patient === null) return;
  const signed = await asResident(patient, 'agreement.sign', { id });
  assert.equal(signed.outcome, 'applied', JSON.stringify(signed));
}

const act = (id: string, event: string, answers: object) =>
  applied(server, 'loop.act', { case: id, event, answers }, doctor);

const MES = {
  disease: '乳腺癌 breast cancer',
  row: 'mes/breast-cancer',
  org: 'Organization/county-hospital',
  stage: 'I',
};
async function mesCase(patient: string, agreement: string): Promise<string> {
  const answers = { ...MES, patient: `Patient/${patient}` };
  const opened = await applied(server, 'loop.open', { loop: 'mes-case', answers }, doctor);
  await act(opened.case, 'agree', { agreement, plan: '一年管理方案（虚构）' });
  return opened.case;
}

const agreements: string[] = [];
for (let n = 0; n < 11; n += 1) {
  const id = await draft(`p${n}`);
  agreements.push(id);
  await sign(id, n === 10 ? null : `p${n}`);
}
const cases: string[] = [];
for (const [n, id] of agreements.entries()) cases.push(await mesCase(`p${n}`, id));

test('[four-party-agreement/2] each party marks its own duties done, nobody those of another, none before all have signed', async () => {
  const [id] = agreements as [string];
  const first = await applied(server, 'agreement.fulfil', { id, duty: 'follow-up', count: 1 }, village);
  const second = await applied(server, 'agreement.fulfil', { id, duty: 'follow-up', count: 1 }, village);
  assert.deepEqual(
    [first, second].map(({ done, of }) => [done, of]),
    [
      [1, 4],
      [2, 4],
    ],
  );
  const others = { id, duty: 'treat', count: 1 };
  assert.equal(await refused(server, 'agreement.fulfil', others, village), 'not-your-duty');
  assert.equal((await applied(server, 'agreement.fulfil', others, doctor)).done, 1);
  const unknown = { id, duty: 'sing', count: 1 };
  assert.equal(await refused(server, 'agreement.fulfil', unknown, doctor), 'duty-unknown');
  const unsigned = { id: agreements[10]!, duty: 'follow-up', count: 1 };
  assert.equal(await refused(server, 'agreement.fulfil', unsigned, village), 'agreement-not-in-force');
  const read = await server.fhir('GET', `Contract/${id}`);
  assert.equal(read.status, 200, read.text);
  assert.deepEqual(
    read.json.term.map((one: { identifier: { value: string } }) => one.identifier.value),
    ['prepay', 'treat', 'follow-up', 'attend'],
  );
});

test('[four-party-agreement/4] ten agreements for breast cancer are active; with three signatures, ended or in breach they do not count', async () => {
  const count = async () => {
    const [of] = await agreementCounts(database, '2026-04-10' as never);
    return [of?.disease, of?.active, of?.others];
  };
  assert.deepEqual(await count(), ['乳腺癌 breast cancer', 10, 1]);
  const breach = {
    register: 'agreement-breaches',
    entry: { agreement: agreements[9], party: 'patient', reason: '失访（虚构）' },
  };
  await applied(server, 'register.put', breach, clerk);
  assert.deepEqual(await count(), ['乳腺癌 breast cancer', 9, 2]);
  await applied(server, 'register.end', { register: 'agreement-breaches', key: agreements[9] }, clerk);
  assert.deepEqual(await count(), ['乳腺癌 breast cancer', 10, 1]);
});

test('[server F10] a milestone is paid once from the prepaid fund, with its follow-up and an agreement in force and kept', async () => {
  const year = '2026';
  const follow = (id: string) => act(id, 'follow-up', { milestone: 'plan', record: 'Observation/1' });
  const pay = { year, claim: `Task/${cases[0]}|mes/breast-cancer/plan` };
  assert.equal(await refused(server, 'result.pay', pay, clerk), 'claim-unknown', 'no follow-up, no claim');
  for (const id of [cases[0]!, cases[9]!, cases[10]!]) await follow(id);
  assert.equal(await refused(server, 'result.pay', pay, clerk), 'nothing-prepaid');
  assert.equal(
    await refused(server, 'prepaid-fund.open', { year, org: 'county-hospital' }, doctor),
    'role-not-allowed',
  );
  const opened = await applied(server, 'prepaid-fund.open', { year, org: 'county-hospital' }, clerk);
  assert.equal(opened.openingFen, '200000000');
  const [one, two] = [
    await applied(server, 'result.pay', pay, clerk),
    await refused(server, 'result.pay', pay, clerk),
  ];
  assert.deepEqual([one.amountFen, one.balanceFen, two], ['100000', '199900000', 'already-paid']);
  const unsigned = { year, claim: `Task/${cases[10]}|mes/breast-cancer/plan` };
  assert.equal(await refused(server, 'result.pay', unsigned, clerk), 'agreement-not-active');
  const breach = { agreement: agreements[9], party: 'village-doctor', reason: '未随访（虚构）' };
  await applied(server, 'register.put', { register: 'agreement-breaches', entry: breach }, clerk);
  const broken = { year, claim: `Task/${cases[9]}|mes/breast-cancer/plan` };
  assert.equal(await refused(server, 'result.pay', broken, clerk), 'agreement-not-active');
  const page = await post(server, '/desk/fund/results', { year }, clerk);
  assert.deepEqual([page.fund.mes, page.fund.red, page.fund.balance], ['1,000.00', '0.00', '1,999,000.00']);
  assert.deepEqual(
    page.results.map((each: { paidOn: string | null; bar: unknown }) => [each.paidOn, each.bar === null]),
    [
      ['2026-04-10', true],
      [null, false],
      [null, false],
    ],
  );
  const ledger = (await server.request('GET', '/desk/fund/ledger', undefined, JSON_BODY)).json;
  assert.equal(ledger.balanced, true);
});

test('[server F11] RED pays for a risk removed only; an agreement of another patient gates nothing', async () => {
  const answers = {
    patient: 'Patient/p11',
    disease: '肝吸虫病 clonorchiasis',
    row: 'red/liver-fluke',
    org: 'Organization/county-hospital',
    finding: '粪检阳性（虚构）',
  };
  const evaluate = {
    eliminated: true,
    evidence: ['expert-confirmation', 'negative-stool-test'],
  };
  const red = async (agreement: string, result: object) => {
    const opened = await applied(server, 'loop.open', { loop: 'red-case', answers }, village);
    await act(opened.case, 'confirm', {});
    await act(opened.case, 'agree', { agreement, plan: '驱虫（虚构）' });
    await act(opened.case, 'evaluate', result);
    return { year: '2026', claim: `Task/${opened.case}|red/liver-fluke` };
  };
  const others = await red(agreements[1]!, evaluate);
  assert.equal(await refused(server, 'result.pay', others, clerk), 'agreement-not-active');
  const own = await draft('p11');
  await sign(own, 'p11');
  const failed = await red(own, { eliminated: false, why: '复查仍阳性（虚构）' });
  assert.equal(await refused(server, 'result.pay', failed, clerk), 'claim-unknown');
  const unproved = await red(own, { ...evaluate, evidence: ['expert-confirmation'] });
  assert.equal(await refused(server, 'result.pay', unproved, clerk), 'evidence-missing');
  const paid = await applied(server, 'result.pay', await red(own, evaluate), clerk);
  assert.equal(paid.amountFen, '60000');
  assert.equal(
    await refused(server, 'result.pay', await red(own, evaluate), clerk),
    'already-paid',
    'one risk of one person is removed once',
  );
});

const prepaidBalance = async (): Promise<bigint> => {
  const all = await server.consortium.fund.ledger.trialBalance();
  return all.find(({ account }) => account === 'prepaid/county-hospital')?.balanceFen ?? 0n;
};

test('[red-mes-prepaid-fund/2] a refund raises the balance; more than was drawn, a second time or without a draw is refused', async () => {
  const claim = `Task/${cases[0]}|mes/breast-cancer/plan`;
  const back = { year: '2026', claim, reason: '协议一方违约（虚构）' };
  const other = { ...back, claim: `Task/${cases[9]}|mes/breast-cancer/plan` };
  assert.equal(await refused(server, 'prepaid-fund.refund', other, clerk), 'draw-unknown');
  assert.equal(await refused(server, 'prepaid-fund.refund', back, doctor), 'role-not-allowed');
  assert.equal(
    await refused(server, 'prepaid-fund.refund', { ...back, amount: '1000.01' }, clerk),
    'refund-above-draw',
  );
  const given = await applied(server, 'prepaid-fund.refund', { ...back, amount: '400.00' }, clerk);
  assert.deepEqual([given.amountFen, given.balanceFen], ['40000', '199880000']);
  assert.equal(await refused(server, 'prepaid-fund.refund', back, clerk), 'already-refunded');
  assert.equal(
    await prepaidBalance(),
    199_880_000n,
    'prepaid − draws + refunds, in the ledger as on the page',
  );
  const page = await post(server, '/desk/fund/results', { year: '2026' }, clerk);
  assert.deepEqual(
    [page.fund.refunds, page.fund.balance, page.fund.closed],
    ['400.00', '1,998,800.00', null],
  );
});

test('[red-mes-prepaid-fund/1] a year is closed once, its rest is carried over, and a closed year draws and refunds nothing', async () => {
  const close = { year: '2026', carry: true };
  assert.equal(await refused(server, 'prepaid-fund.close', close, clerk), 'year-running');
  server.clock.advanceTo(new Date('2026-12-31T02:00:00Z'));
  server.token = must(await server.consortium.accounts.localToken(SCRIPT_LOGIN, clock.now())).token;
  clerk = await signInAgain(server, 'clerk');
  doctor = await signInAgain(server, 'doctor');
  assert.equal(await refused(server, 'prepaid-fund.close', close, doctor), 'role-not-allowed');
  const closed = await applied(server, 'prepaid-fund.close', close, clerk);
  assert.deepEqual([closed.carriedFen, closed.returnedFen], ['199880000', '0']);
  assert.equal(
    await refused(server, 'prepaid-fund.close', { ...close, carry: false }, clerk),
    'already-settled',
  );
  const pay = { year: '2026', claim: `Task/${cases[9]}|mes/breast-cancer/plan` };
  assert.equal(await refused(server, 'result.pay', pay, clerk), 'fund-closed');
  const back = { year: '2026', claim: `Task/${cases[0]}|mes/breast-cancer/plan`, reason: '再退（虚构）' };
  assert.equal(await refused(server, 'prepaid-fund.refund', back, clerk), 'fund-closed');
  const next = { ...BUDGET, year: '2027', ruleSet: 'consortium-county/2027' };
  await applied(server, 'budget.adopt', next, clerk);
  assert.equal(
    await refused(server, 'prepaid-fund.open', { year: '2027', org: 'township-1' }, clerk),
    'carried-elsewhere',
  );
  const opened = await applied(server, 'prepaid-fund.open', { year: '2027', org: 'county-hospital' }, clerk);
  assert.equal(opened.openingFen, '200000000');
  assert.equal(await prepaidBalance(), 200_000_000n, 'the insurer adds what is missing only');
  assert.equal(
    await refused(server, 'prepaid-fund.close', { year: '2027', carry: false }, clerk),
    'year-running',
  );
});
