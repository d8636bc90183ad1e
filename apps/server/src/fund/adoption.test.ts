// Rules changed for good: proposed with reason and month, confirmed by another person; what is settled keeps its rules.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  applied,
  BUDGET,
  command,
  file,
  HEAD,
  house,
  JSON_BODY,
  line,
  refused,
  signIn,
} from './fund.fixture.ts';

const server = await house({ after }, '2026-06-20T02:00:00Z');
const insurer = await signIn(server, 'clerk', 'insurer-clerk', 'insurer');
const director = await signIn(server, 'director', 'bureau-director', 'bureau');
const lists = [HEAD, line('A'), line('B', { month: '2026-04' }), line('C', { month: '2026-05' })].join('\n');
await file(server, '/desk/fund/lists/import', lists);
await applied(server, 'budget.adopt', BUDGET);
await applied(server, 'settlement.run', { month: '2026-03' });

const NAME = 'consortium-county/2026';
const proposal = (more: object = {}) => ({
  name: NAME,
  from: '2026-05',
  reason: '费率谈判结果',
  changes: [{ row: 'rate/resident/secondary', field: 'rate', value: '8000' }],
  ...more,
});
const as = async (token: string, method: string, path: string, body?: unknown) => {
  const before = server.token;
  server.token = token;
  const answer = await server.request(method, path, body, body === undefined ? {} : JSON_BODY);
  server.token = before;
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const rules = () => as(insurer, 'GET', `/desk/fund/rules/${NAME}`);
const statementOf = async (month: string) =>
  (await as(insurer, 'POST', '/desk/fund/statement', { month, house: 'county-hospital' })).pay as string;

test('[fund adoption] a month that is settled, an unknown row, no reason, a value the rules cannot read: refused', async () => {
  assert.equal(
    await refused(server, 'rules.propose', proposal({ from: '2026-03' }), insurer),
    'period-settled',
  );
  assert.equal(await refused(server, 'rules.propose', proposal({ reason: ' ' }), insurer), 'payload-invalid');
  assert.equal(
    await refused(server, 'rules.propose', proposal({ from: '2027-01' }), insurer),
    'payload-invalid',
  );
  const lost = [{ row: 'rate/nobody', field: 'rate', value: '1' }];
  assert.equal(
    await refused(server, 'rules.propose', proposal({ changes: lost }), insurer),
    'rule-row-unknown',
  );
  const bad = [{ row: 'low', field: 'below', value: 'much' }];
  assert.equal(
    await refused(server, 'rules.propose', proposal({ changes: bad }), insurer),
    'rule-set-invalid',
  );
  assert.equal(await refused(server, 'rules.propose', proposal(), director), 'role-not-allowed');
});

test('[fund adoption] in force once another person confirms, from its month on; settled months and versions stay', async () => {
  const march = await statementOf('2026-03');
  const { version } = await applied(server, 'rules.propose', proposal(), insurer);
  assert.equal((await rules()).versions[0].mayConfirm, false, 'not by the one who proposed');
  assert.equal(await refused(server, 'rules.confirm', { version }, insurer), 'same-person');
  const before = await as(insurer, 'POST', '/desk/fund/cases', { year: '2026', month: '2026-05' });
  assert.equal((await command(server, 'rules.confirm', { version }, { token: director })).outcome, 'applied');
  assert.equal(await refused(server, 'rules.confirm', { version }, director), 'no-proposal');
  const now = await as(insurer, 'POST', '/desk/fund/cases', { year: '2026', month: '2026-05' });
  assert.notEqual(now.sum.pay, before.sum.pay, 'May is priced by the new rate');
  await applied(server, 'settlement.run', { month: '2026-04' });
  await applied(server, 'settlement.run', { month: '2026-05' });
  const [april, may] = [await statementOf('2026-04'), await statementOf('2026-05')];
  assert.deepEqual([april, await statementOf('2026-03')], [march, march], 'the same stay, the old rate');
  assert.notEqual(may, march);
  const { versions, rows } = await rules();
  assert.deepEqual(
    versions.map((one: { number: number; state: string; reason: string }) => [
      one.number,
      one.state,
      one.reason,
    ]),
    [[1, 'adopted', '费率谈判结果']],
  );
  const row = rows.find((one: { id: string }) => one.id === 'rate/resident/secondary');
  assert.equal(row.values.find((one: { field: string }) => one.field === 'rate').value, '8000');
});

test('[fund adoption] a proposal that is withdrawn changes nothing; a try on last year adopts nothing', async () => {
  const changes = [{ row: 'rate/resident/secondary', field: 'rate', value: '9000' }];
  const effect = await as(insurer, 'POST', '/desk/fund/rules/what-if', { name: NAME, year: '2026', changes });
  assert.equal(effect.houses[0].before !== effect.houses[0].after, true);
  const { version } = await applied(server, 'rules.propose', proposal({ from: '2026-06', changes }), insurer);
  await applied(server, 'rules.withdraw', { version }, director);
  const { versions } = await rules();
  assert.deepEqual(
    versions.map((one: { state: string }) => one.state),
    ['withdrawn', 'adopted'],
  );
});
