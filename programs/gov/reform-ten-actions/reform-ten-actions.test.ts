// Acceptance of the ten actions: twelve counties report by theme, approved items make issue 11, silent themes are listed.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { coverageOf, registerOn } from '@yimai/runtime';
import { type As, INSPECTOR_1, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const TODAY = '2026-03-02';
const county = await testCounty({ after });
await smallCounty(county);
const GROUPS = { integrations: 3, changes: 6, rises: 6, strengthenings: 5, incentives: 3 };
const NAMED = ['由农转医', '由考转聘', '由均转奖', '以放促融', '变援建为共建'];
const themes = Object.entries(GROUPS).flatMap(([group, count]) =>
  Array.from({ length: count }, (_, n) => ({
    theme: `${group}-${n + 1}`,
    group,
    name: (group === 'changes' ? NAMED[n] : undefined) ?? '（原文未列名）',
  })),
);
await county.apply(OFFICE, 'register.import', { register: 'reform-themes', rows: themes });
const from = (n: number): As => ({ role: 'bureau-director', org: `county-${n}`, person: 'officer' });
const report = (theme: string, more: object = {}) => ({
  loop: 'reform-report',
  answers: {
    period: '2020-12',
    theme,
    text: '村医参加养老保险',
    figure: 120,
    unit: '人',
    evidence: ['DocumentReference/list'],
    ...more,
  },
});
const approve = async (n: number, theme: string): Promise<void> => {
  const { case: id } = await county.apply(from(n), 'loop.open', report(theme));
  await county.apply(OFFICE, 'loop.act', { case: id, event: 'approve' });
};

test('[reform-ten-actions/1] 12 counties report per theme with a figure and evidence; without them nothing is taken', async () => {
  assert.equal(themes.length, 23);
  const bare = await county.refuse(from(1), 'loop.open', report('changes-1', { evidence: [] }));
  assert.deepEqual([bare.code, bare.at], ['field-missing', 'payload.answers.evidence']);
  const vague = await county.refuse(from(1), 'loop.open', report('changes-1', { figure: '很多' }));
  assert.equal(vague.code, 'answer-type');
  assert.equal((await county.refuse(from(1), 'loop.open', report('changes-7'))).code, 'theme-unknown');
  assert.equal((await county.refuse(INSPECTOR_1, 'loop.open', report('changes-1'))).code, 'not-your-turn');
  for (let n = 1; n <= 12; n += 1) await approve(n, 'changes-1');
  for (let n = 1; n <= 4; n += 1) await approve(n, 'rises-2');
  const { rows } = await county.report('items-by-theme', TODAY);
  assert.deepEqual(
    rows.map(({ of, cells }) => [...of, ...cells]),
    [
      ['2020-12', 'changes-1', 12, 12, 1440],
      ['2020-12', 'rises-2', 4, 4, 480],
    ],
  );
});

test('[reform-ten-actions/2] a bulletin is made of approved items with number, date and distribution list', async () => {
  await county.apply(from(9), 'loop.open', report('incentives-1'));
  const { case: id } = await county.apply(OFFICE, 'loop.open', {
    loop: 'reform-bulletin',
    answers: { period: '2020-12' },
  });
  const add = (n: number, theme: string) => ({
    case: id,
    event: 'add-item',
    answers: { county: `Organization/county-${n}`, theme },
  });
  const issue = (more: object = {}) => ({
    case: id,
    event: 'issue',
    answers: {
      issue: 11,
      'total-issue': 118,
      dated: '2020-12-30',
      copies: 80,
      recipients: ['省医改办', '各县（区）人民政府'],
      ...more,
    },
  });
  assert.equal((await county.refuse(OFFICE, 'loop.act', issue())).code, 'bulletin-empty');
  assert.equal((await county.refuse(OFFICE, 'loop.act', add(9, 'incentives-1'))).code, 'item-not-approved');
  await county.apply(OFFICE, 'loop.act', add(1, 'changes-1'));
  await county.apply(OFFICE, 'loop.act', add(2, 'rises-2'));
  assert.equal((await county.refuse(OFFICE, 'loop.act', add(1, 'changes-1'))).code, 'item-twice');
  assert.equal(
    (await county.refuse(OFFICE, 'loop.act', issue({ recipients: [] }))).at,
    'payload.answers.recipients',
  );
  await county.apply(OFFICE, 'loop.act', issue());
  const [bulletin] = await registerOn(county.database, 'reform-bulletins', TODAY);
  const { items, recipients, ...head } = bulletin?.data ?? {};
  assert.deepEqual(
    [bulletin?.key, head['total-issue'], head['dated'], head['copies']],
    ['11', 118, '2020-12-30', 80],
  );
  assert.deepEqual([(items as string[]).length, recipients], [2, ['省医改办', '各县（区）人民政府']]);
});

test('[reform-ten-actions/3] themes without an item this period are listed', async () => {
  const of = (period: string) =>
    coverageOf(
      county.database,
      { register: 'reform-themes' },
      { register: 'reform-items', field: 'theme', where: { period } },
      TODAY,
    );
  const december = await of('2020-12');
  assert.deepEqual([december.covered, december.all, december.missing.length], [2, 23, 21]);
  assert.ok(december.missing.includes('incentives-1'), 'what was only reported does not count');
  assert.equal((await of('2021-01')).missing.length, 23);
});
