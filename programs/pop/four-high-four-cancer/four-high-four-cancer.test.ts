// Acceptance of the four highs and four cancers: reasons for the list, suspects that cannot be lost, the funnel, insured.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { registerOn, SYSTEMS, workList } from '@yimai/runtime';
import { type As, smallCounty, testCounty } from '@yimai/runtime/testing';

const TODAY = '2026-03-02';
const county = await testCounty({ after });
await smallCounty(county);
await county.put({
  resourceType: 'Organization',
  id: 'screening-experts',
  name: '筛查专家组（合成）',
  identifier: [{ system: SYSTEMS.office, value: 'screening-experts' }],
});
const TOWN: As = { role: 'public-health-worker', org: 'town-a', person: 'inspector-1' };
const VILLAGE: As = { role: 'village-doctor', org: 'village-a1', person: 'inspector-2' };
const OTHER_VILLAGE: As = { role: 'village-doctor', org: 'village-b1', person: 'expert-3' };
const EXPERTS: As = { role: 'hospital-doctor', org: 'screening-experts', person: 'expert-1' };
const COUNTY: As = { role: 'referral-desk', org: 'county', person: 'expert-2' };
const villages = Array.from({ length: 8 }, (_, n) => ({
  village: `试点村${n + 1}`,
  clinic: `Organization/village-a${n + 1}`,
}));
await county.apply(TOWN, 'register.import', { register: 'pilot-villages', rows: villages });
const diseases = [
  ...['高血压', '高血糖', '高血脂', '高尿酸'].map((disease) => ({ disease, group: 'high' })),
  ...['乳腺癌', '肺癌', '胃癌', '肠癌'].map((disease) => ({ disease, group: 'cancer' })),
];
await county.apply(TOWN, 'register.import', { register: 'screening-diseases', rows: diseases });

const WELL = { age: 30, history: 'none', family: 'none', bmi: 22, systolic: 120, smokes: false };
const list = (n: number, factors: object, more: object = {}) => ({
  loop: 'screening-path',
  subject: `Patient/r-${n}`,
  answers: {
    ...WELL,
    ...factors,
    resident: `Patient/r-${n}`,
    year: 2026,
    village: '试点村1',
    insured: true,
    ...more,
  },
});
const open = async (...of: Parameters<typeof list>): Promise<string> =>
  (await county.apply(TOWN, 'loop.open', list(...of))).case;
const act = (as: As, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
const refusal = async (as: As, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;
const found = (disease: string) => ({ suspect: true, disease, finding: '超声提示结节' });

test('[four-high-four-cancer/1] the target list explains each resident by five kinds of factor', async () => {
  await open(1, { age: 40 });
  await open(2, { history: 'diabetes' });
  await open(3, { family: 'tumour' });
  await open(4, { bmi: 28, systolic: 139 });
  await open(5, { smokes: true, age: 66 });
  await open(6, { systolic: 140 });
  assert.equal((await county.refuse(TOWN, 'loop.open', list(7, {}))).code, 'no-factor');
  const edge = list(8, { age: 39, bmi: 27.9, systolic: 139 });
  assert.equal((await county.refuse(TOWN, 'loop.open', edge)).code, 'no-factor');
  const believed = list(8, { 'factor-age': true, factors: 3 });
  assert.equal(
    (await county.refuse(TOWN, 'loop.open', believed)).code,
    'no-factor',
    'what is computed is not believed',
  );
  const kinds = ['age', 'history', 'family', 'body', 'habits'];
  const why = Object.fromEntries(
    (await registerOn(county.database, 'screening-targets', TODAY)).map((one) => [
      one.key,
      kinds.filter((kind) => one.data[`factor-${kind}`] === true),
    ]),
  );
  assert.deepEqual(why, {
    'Patient/r-1|2026': ['age'],
    'Patient/r-2|2026': ['history'],
    'Patient/r-3|2026': ['family'],
    'Patient/r-4|2026': ['body'],
    'Patient/r-5|2026': ['age', 'habits'],
    'Patient/r-6|2026': ['body'],
  });
});

test('[four-high-four-cancer/2] a suspect reaches the expert group by itself and cannot be lost', async () => {
  const id = await open(20, { age: 55 });
  assert.equal(await refusal(VILLAGE, id, 'screen', found('乳腺癌')), 'event-not-here');
  await act(VILLAGE, id, 'invite', { cadre: '村干部' });
  assert.equal(await refusal(OTHER_VILLAGE, id, 'screen', found('乳腺癌')), 'not-your-turn');
  assert.equal(await refusal(VILLAGE, id, 'screen', found('近视')), 'disease-unknown');
  await act(VILLAGE, id, 'screen', found('乳腺癌'));
  const queue = await workList(county.database, county.actor(EXPERTS), county.clock.now(), { limit: 50 });
  assert.deepEqual(
    queue.map((one) => [one.case, one.state]),
    [[id, 'expert-review']],
  );
  for (const event of ['manage', 'refer', 'decline', 'treat'])
    assert.equal(await refusal(VILLAGE, id, event), 'event-not-here');
  await county.advance(4 * 86_400_000);
  const { rows } = await county.database.run<{ about: string; org: string }>(
    sql`select about, org from notice where case_id = ${id} and about in ('overdue', 'escalate')`,
  );
  assert.deepEqual(rows.map((row) => [row.about, row.org]).sort(), [
    ['escalate', 'Organization/county'],
    ['overdue', 'Organization/screening-experts'],
  ]);
  await act(EXPERTS, id, 'evaluate-refer', { opinion: '建议钼靶检查' });
  await act(TOWN, id, 'refer', { 'to-county': true });
  await act(COUNTY, id, 'treat', { outcome: '良性结节' });
  await act(VILLAGE, id, 'manage', { plan: '每年复查' });
  assert.equal((await county.caseState(id)).positions[0]?.state, 'managed');
});

test('[four-high-four-cancer/3] the funnel goes from 8058 to 762 to 247 with 9.46 and 32.4 per cent', async () => {
  const row = (n: number) => ({
    resident: `Patient/funnel-${n}`,
    year: 2023,
    village: `试点村${(n % 8) + 1}`,
    screened: 1,
    suspect: n < 762 ? 1 : 0,
    referred: n < 762 ? 1 : 0,
    'to-county': n < 247 ? 1 : 0,
  });
  const rows = Array.from({ length: 8058 }, (_, n) => row(n));
  const send = (part: readonly object[]) =>
    county.apply(TOWN, 'register.import', { register: 'screening-funnel', rows: part });
  await send(rows.slice(0, 5000));
  await send(rows.slice(5000));
  assert.equal((await send([row(0), row(1)])).unchanged, 2, 'a resident screened counts once');
  const years = (await county.report('screening-by-year', '2026-03-06')).rows;
  const [screened, , referred, up, referredShare, upShare] =
    years.find(({ of }) => of[0] === '2023')?.cells ?? [];
  assert.deepEqual([screened, referred, up], [8058, 762, 247]);
  assert.deepEqual([referredShare?.toFixed(2), upShare?.toFixed(1)], ['9.46', '32.4']);
  const villages = (await county.report('screening-by-village', '2026-03-06')).rows;
  assert.equal(villages.filter(({ of }) => of[0] === '2023').length, 8);
});

test('[four-high-four-cancer/4] the list covers the insured of the area and shows the uninsured apart', async () => {
  await open(30, { age: 70 }, { insured: false, village: '试点村2' });
  const away = list(31, { age: 70 }, { village: '非试点村' });
  assert.equal((await county.refuse(TOWN, 'loop.open', away)).code, 'outside-area');
  const { insured: _, ...unsaid } = list(32, { age: 70 }).answers;
  const silent = { ...list(32, {}), answers: unsaid };
  assert.equal((await county.refuse(TOWN, 'loop.open', silent)).code, 'form-invalid');
  const { rows } = await county.report('targets-by-insurance', '2026-03-06');
  assert.deepEqual(
    rows.map(({ of, cells }) => [of[0], cells[0]]),
    [
      ['false', 1],
      ['true', 7],
    ],
  );
});
