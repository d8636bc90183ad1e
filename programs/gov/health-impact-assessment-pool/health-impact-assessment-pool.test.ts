// Acceptance of the expert pool: draws without conflict, an assessment that keeps every opinion, complaints that propose one.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { registerOn, timeline } from '@yimai/runtime';
import {
  type As,
  BUREAU,
  DIRECTOR_A,
  INSPECTOR_1,
  OFFICE,
  smallCounty,
  testCounty,
} from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const FIELDS = ['public-health', 'policy', 'healthy-city', 'law', 'smart-care'];
const rows = Array.from({ length: 25 }, (_, n) => ({
  person: `Practitioner/scholar-${n}`,
  field: FIELDS[n % 5],
  ties: n < 10 ? ['Organization/town-a'] : ['Organization/tcm'],
}));
await county.put(
  ...rows.map((one) => ({
    resourceType: 'Practitioner' as const,
    id: one.person.slice('Practitioner/'.length),
  })),
);
await county.apply(OFFICE, 'register.import', { register: 'impact-experts', rows });
const ask = (seed: string) => ({
  draw: 'impact-draw',
  seed,
  field: 'policy',
  count: 3,
  conflicts: ['Organization/town-a'],
});

test('[health-impact-assessment-pool/1] a draw in a field never includes one from the drafting unit', async () => {
  const tied = rows.filter((row) => row.ties[0] === 'Organization/town-a').map((row) => row.person);
  for (let n = 0; n < 10; n += 1) {
    const drawn = await county.apply(OFFICE, 'draw.make', ask(`seed-2026-${n}`));
    assert.equal(drawn.chosen.length, 3);
    assert.deepEqual(
      drawn.chosen.filter((one: string) => tied.includes(one)),
      [],
    );
    const again = await county.apply(OFFICE, 'draw.make', ask(`seed-2026-${n}`));
    assert.deepEqual(again.chosen, drawn.chosen);
  }
  const four = { ...ask('seed-2026-x'), count: 4 };
  assert.equal((await county.refuse(OFFICE, 'draw.make', four)).code, 'pool-too-small');
  assert.equal((await county.refuse(INSPECTOR_1, 'draw.make', ask('seed-2026-y'))).code, 'role-not-allowed');
});

test('[health-impact-assessment-pool/2] an assessment runs draft, experts, report, adoption and keeps every opinion', async () => {
  const { case: id } = await county.apply(DIRECTOR_A, 'loop.open', {
    loop: 'impact-assessment',
    answers: { draft: '镇区道路规划' },
  });
  const { draw, chosen } = await county.apply(OFFICE, 'draw.make', ask('seed-2026-z'));
  const act = (as: As, event: string, answers: object) => ({ case: id, event, answers, as });
  const apply = ({ as, ...payload }: ReturnType<typeof act>) => county.apply(as, 'loop.act', payload);
  const refusal = async ({ as, ...payload }: ReturnType<typeof act>) =>
    (await county.refuse(as, 'loop.act', payload)).code;
  const asked = (experts: readonly string[]) =>
    act(OFFICE, 'draw', { grounds: '涉及噪声与步行安全', draw: `Basic/${draw}`, experts });
  assert.equal(await refusal(asked(chosen.slice(0, 2))), 'experts-few');
  assert.equal(await refusal(asked([...chosen, 'Practitioner/scholar-1'])), 'expert-tied');
  await apply(asked(chosen));
  assert.equal(await refusal(act(OFFICE, 'report', { report: '报告' })), 'event-not-here');
  const children = await county.database.run<{ id: string }>(
    sql`select id from loop_case where parent = ${id} order by id`,
  );
  for (const [n, child] of children.rows.entries()) {
    const { data } = await county.caseState(child.id);
    const give = { case: child.id, event: 'give', answers: { opinion: `意见${n + 1}`, impact: 'harm' } };
    assert.equal((await county.refuse(OFFICE, 'loop.act', give)).code, 'not-your-turn');
    const expert: As = { role: 'expert', org: 'tcm', person: String(data['expert']).slice(13) };
    await county.apply(expert, 'loop.act', give);
  }
  await apply(act(OFFICE, 'report', { report: '评估报告' }));
  assert.equal(await refusal(act(BUREAU, 'adopt', { adopted: true, 'adoption-note': 'x' })), 'not-your-turn');
  await apply(act(DIRECTOR_A, 'adopt', { adopted: true, 'adoption-note': '采纳两条' }));
  const opinions = (await registerOn(county.database, 'impact-opinions', '2026-03-02')).map(
    (one) => one.data['opinion'],
  );
  assert.deepEqual(opinions.sort(), ['意见1', '意见2', '意见3']);
  const line = (await timeline(county.database, id)).map((one) => one.event);
  assert.deepEqual(
    line.filter((one) => !one.startsWith('$')),
    ['open', 'draw', 'report', 'adopt'],
  );
});

test('[health-impact-assessment-pool/3] complaints above a set count in one theme propose an assessment', async () => {
  const complain = (n: number, theme: string) =>
    county.apply(INSPECTOR_1, 'register.add', {
      register: 'environment-complaints',
      entry: { number: `${theme}-${n}`, theme, what: '夜间施工' },
    });
  const proposals = async () => {
    const { rows: found } = await county.database.run<{ id: string }>(
      sql`select id from loop_case where loop = 'impact-assessment' and opener_org = 'system'`,
    );
    return found.map((row) => row.id);
  };
  for (let n = 0; n < 4; n += 1) await complain(100 + n, 'noise');
  await county.advance(40 * 86_400_000);
  for (let n = 0; n < 10; n += 1) await complain(n, 'noise');
  for (let n = 0; n < 10; n += 1) await complain(n, 'air');
  assert.deepEqual(await proposals(), [], 'ten are not above ten, and old ones no longer count');
  await complain(10, 'noise');
  const [proposed, ...others] = await proposals();
  assert.deepEqual(others, []);
  const { data, positions } = await county.caseState(String(proposed));
  assert.deepEqual([data['proposed-by'], positions[0]?.state], ['complaints', 'drafted']);
  assert.match(String(data['draft']), /noise$/);
  await complain(11, 'noise');
  assert.equal((await proposals()).length, 1, 'a cluster proposes once');
});
