// Acceptance of the ten links: ten items with evidence for each station, only standard forms, a score out of the ten.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn, workList } from '@yimai/runtime';
import {
  type As,
  DIRECTOR_A,
  DIRECTOR_B,
  INSPECTOR_1,
  smallCounty,
  testCounty,
} from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const LINKS = [
  'hiring',
  'office',
  'rules',
  'workflow',
  'duties',
  'certificates',
  'uniform',
  'steps',
  'documents',
  'appraisal',
];
await county.apply(INSPECTOR_1, 'register.import', {
  register: 'ten-link-standards',
  rows: LINKS.map((link, n) => ({ link, standard: `第${n + 1}环节统一标准`, form: `WJ-${n + 1}` })),
});
const formOf = (link: unknown) => `WJ-${LINKS.indexOf(String(link)) + 1}`;
const begin = async (station: string, year = 2026): Promise<string> =>
  (await county.apply(INSPECTOR_1, 'loop.open', { loop: 'ten-link-year', answers: { station, year } })).case;
const act = (as: As, id: string, event: string, answers: object) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
const refused = async (as: As, id: string, event: string, answers: object) =>
  county.refuse(as, 'loop.act', { case: id, event, answers });

/** The items that still wait for a station, by link. */
async function gaps(as: As): Promise<Map<string, string>> {
  const waiting = await workList(county.database, county.actor(as), county.clock.now(), {
    limit: 50,
    loop: 'ten-link-item',
  });
  const found = await Promise.all(
    waiting.map(async (one) => [String((await county.caseState(one.case)).data['link']), one.case] as const),
  );
  return new Map(found);
}

const matrix = async (station: string) =>
  (
    await registerOn(county.database, 'ten-link-matrix', '2026-03-02', { limit: 100, where: { station } })
  ).map((one) => one.data);

const year = await begin('Organization/town-a');

test('[ten-link-management/2] a document that is not on the standard form is refused', async () => {
  const item = (await gaps(DIRECTOR_A)).get('hiring') ?? '';
  const answers = { document: '聘用合同（合成）', form: '自制表', 'self-score': 9 };
  assert.equal((await refused(DIRECTOR_A, item, 'submit', answers)).code, 'form-not-standard');
  const forged = { ...answers, standard: '自制表' };
  assert.equal((await refused(DIRECTOR_A, item, 'submit', forged)).code, 'form-not-standard');
  const other = { ...answers, form: formOf('office') };
  assert.equal((await refused(DIRECTOR_A, item, 'submit', other)).code, 'form-not-standard');
  assert.equal((await county.caseState(item)).positions[0]?.state, 'self-check');
});

test('[ten-link-management/1] each station has a matrix of ten items with evidence', async () => {
  const again = await county.refuse(INSPECTOR_1, 'loop.open', {
    loop: 'ten-link-year',
    answers: { station: 'Organization/town-a', year: 2026 },
  });
  assert.equal(again.code, 'year-opened');
  const items = await gaps(DIRECTOR_A);
  assert.deepEqual([...items.keys()].sort(), [...LINKS].sort());
  for (const [link, id] of items) {
    const answers = { form: formOf(link), 'self-score': 10 };
    const without = await refused(DIRECTOR_A, id, 'submit', answers);
    assert.deepEqual([without.code, without.at], ['field-missing', 'payload.answers.document']);
    assert.equal((await refused(DIRECTOR_B, id, 'submit', answers)).code, 'not-your-turn');
    if (link === 'appraisal') continue;
    await act(DIRECTOR_A, id, 'submit', { ...answers, document: `${link} 佐证（合成）` });
    await act(INSPECTOR_1, id, 'score', { score: link === 'office' ? 6.5 : 9 });
  }
  // The missing one is named, and the year is not complete without it.
  assert.deepEqual([...(await gaps(DIRECTOR_A)).keys()], ['appraisal']);
  assert.equal((await county.caseState(year)).closed, null);
  const last = items.get('appraisal') ?? '';
  await act(DIRECTOR_A, last, 'submit', {
    form: formOf('appraisal'),
    'self-score': 10,
    document: '考核办法',
  });
  assert.equal((await refused(INSPECTOR_1, last, 'score', { score: 11 })).code, 'score-invalid');
  await act(INSPECTOR_1, last, 'score', { score: 8 });
  assert.equal((await county.caseState(year)).positions[0]?.state, 'complete');
  const rows = await matrix('Organization/town-a');
  assert.equal(new Set(rows.map((one) => one['link'])).size, 10);
  assert.ok(rows.every((one) => String(one['document']).length > 0));
  assert.equal(
    (await county.refuse(INSPECTOR_1, 'register.put', { register: 'ten-link-matrix', entry: rows[0] ?? {} }))
      .code,
    'role-not-allowed',
  );
});

test('[ten-link-management/3] the score of a station is the sum of its ten items', async () => {
  await begin('Organization/town-b');
  const items = await gaps(DIRECTOR_B);
  for (const link of ['hiring', 'office']) {
    const id = items.get(link) ?? '';
    await act(DIRECTOR_B, id, 'submit', { document: '材料', form: formOf(link), 'self-score': 10 });
    await act(INSPECTOR_1, id, 'score', { score: 10 });
  }
  // A paper that waits for its check has no score yet.
  const waiting = items.get('rules') ?? '';
  await act(DIRECTOR_B, waiting, 'submit', { document: '材料', form: formOf('rules'), 'self-score': 10 });
  const { rows } = await county.report('ten-link-scores', '2026-03-02');
  assert.deepEqual(
    rows.map((one) => [...one.of, ...one.cells]),
    [
      ['2026', 'Organization/town-a', 10, 8 * 9 + 6.5 + 8],
      ['2026', 'Organization/town-b', 2, 20],
    ],
  );
});
