// Acceptance of accreditation: no score without evidence, core clauses decide, progress by chapter, hospitals by level.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { registerOn } from '@yimai/runtime';
import { type As, BUREAU, OFFICE, PRESIDENT, smallCounty, testCounty } from '@yimai/runtime/testing';

const TODAY = '2026-03-02';
const county = await testCounty({ after });
await smallCounty(county);
const TCM: As = { role: 'consortium-president', org: 'tcm', person: 'expert-2' };
const clauses = [1, 2, 3].flatMap((chapter) =>
  [1, 2, 3].map((n) => ({
    clause: `${chapter}.${n}`,
    chapter: `第${chapter}章`,
    text: `条款${chapter}.${n}（合成）`,
    core: n === 1,
  })),
);
await county.apply(OFFICE, 'register.import', { register: 'accreditation-clauses', rows: clauses });
await county.apply(OFFICE, 'register.put', {
  register: 'accreditation-standards',
  entry: { standard: '三级医院评审标准', clauses: clauses.map((one) => one.clause) },
});
const answers = { standard: '三级医院评审标准', level: 'tertiary-a', region: '金坛', kind: 'county-people' };
const begin = async (as: As): Promise<{ whole: string; clause: Map<string, string> }> => {
  const { case: whole } = await county.apply(as, 'loop.open', { loop: 'accreditation', answers });
  const { rows } = await county.database.run<{ id: string }>(
    sql`select id from loop_case where parent = ${whole}`,
  );
  const clause = new Map<string, string>();
  for (const { id } of rows) clause.set(String((await county.caseState(id)).data['clause']), id);
  return { whole, clause };
};
const act = (as: As, id: string | undefined, event: string, given: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: id, event, answers: given, ...(reason ? { reason } : {}) });
const proof = { evidence: ['DocumentReference/proof'], 'self-score': 90 };
const pass = async (as: As, id: string | undefined): Promise<void> => {
  await act(as, id, 'self-score', proof);
  await act(BUREAU, id, 'pass', { score: 88 });
};
const first = await begin(PRESIDENT);

test('[accreditation-clauses/1] a clause without evidence is not scored', async () => {
  assert.equal(first.clause.size, 9);
  const bare = { case: first.clause.get('1.1'), event: 'self-score', answers: { 'self-score': 90 } };
  const refused = await county.refuse(PRESIDENT, 'loop.act', bare);
  assert.deepEqual([refused.code, refused.at], ['field-missing', 'payload.answers.evidence']);
  const early = { case: first.clause.get('1.1'), event: 'pass', answers: { score: 90 } };
  assert.equal((await county.refuse(BUREAU, 'loop.act', early)).code, 'event-not-here');
  assert.equal((await county.refuse(TCM, 'loop.act', { ...bare, answers: proof })).code, 'not-your-turn');
  await pass(PRESIDENT, first.clause.get('1.1'));
});

test('[accreditation-clauses/3] progress is clauses met over all, by chapter', async () => {
  for (const clause of ['1.2', '1.3', '2.1']) await pass(PRESIDENT, first.clause.get(clause));
  await act(PRESIDENT, first.clause.get('2.2'), 'self-score', proof);
  const progress = (await county.report('clauses-by-chapter', TODAY)).rows;
  assert.deepEqual(
    progress
      .filter(({ of }) => of[0] === 'Organization/county')
      .map(({ of, cells: [clauses, met, , share] }) => [of[1], clauses, met, share]),
    [
      ['第1章', 3, 3, 100],
      ['第2章', 3, 1, 33.33],
      ['第3章', 3, 0, 0],
    ],
  );
});

test('[accreditation-clauses/2] a core clause that fails fails the level', async () => {
  const second = await begin(TCM);
  const close = async (from: typeof first, as: As, failing: string): Promise<void> => {
    for (const [clause, id] of from.clause) {
      if ((await county.caseState(id)).closed !== null) continue;
      if (clause === failing) {
        if ((await county.caseState(id)).positions[0]?.state === 'collecting')
          await act(as, id, 'self-score', proof);
        await act(BUREAU, id, 'return', { gap: '制度未落实' }, '不达标');
        await act(BUREAU, id, 'conclude');
      } else if ((await county.caseState(id)).positions[0]?.state === 'self-scored')
        await act(BUREAU, id, 'pass', { score: 85 });
      else await pass(as, id);
    }
  };
  const early = { case: first.whole, event: 'award' };
  assert.equal((await county.refuse(BUREAU, 'loop.act', early)).code, 'event-not-here');
  await close(first, PRESIDENT, '3.3');
  await act(BUREAU, first.whole, 'award');
  await close(second, TCM, '2.1');
  const failed = { case: second.whole, event: 'award' };
  assert.equal((await county.refuse(BUREAU, 'loop.act', failed)).code, 'core-clause-failed');
  await act(BUREAU, second.whole, 'fail', {}, '核心条款 2.1 不达标');
  const levels = await registerOn(county.database, 'hospital-levels', TODAY);
  assert.deepEqual(
    levels.map((one) => [one.key, one.data['level']]),
    [['Organization/county', 'tertiary-a']],
  );
});

test('[accreditation-clauses/4] county hospitals that reach a level are counted: 2 and 12', async () => {
  const rows = [
    ...Array.from({ length: 2 }, (_, n) => ['太原', 'county-people', 'tertiary-capability', n] as const),
    ...Array.from({ length: 12 }, (_, n) => ['长治', 'county-people', 'secondary-a', n] as const),
    ...Array.from({ length: 10 }, (_, n) => ['长治', 'county-tcm', 'secondary-a', n] as const),
    ...Array.from({ length: 8 }, (_, n) => ['长治', 'city', 'tertiary-a', n] as const),
    ['太原', 'county-people', 'none', 99] as const,
  ].map(([region, kind, level, n]) => ({
    hospital: `Organization/${region === '太原' ? 't' : 'c'}-${kind}-${n}`,
    region,
    kind,
    level,
  }));
  const imported = await county.apply(OFFICE, 'register.import', {
    register: 'hospital-levels',
    rows: [...rows, { hospital: 'Organization/x', level: 'best' }],
  });
  assert.equal(imported.refused[0]?.code, 'code-unknown');
  const counted = (await county.report('hospitals-by-level', TODAY)).rows;
  assert.deepEqual(
    counted.filter(({ of }) => of[1] === 'county-people').map(({ of, cells }) => [of[0], of[2], cells[0]]),
    [
      ['太原', 'none', 1],
      ['太原', 'tertiary-capability', 2],
      ['金坛', 'tertiary-a', 1],
      ['长治', 'secondary-a', 12],
    ],
  );
});
