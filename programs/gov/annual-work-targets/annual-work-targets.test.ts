// Acceptance of the yearly targets: each comparator with its edge, and the list of what was not met with the gap.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import { type As, BUREAU, DIRECTOR_A, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2025-03-03T01:00:00Z' });
await smallCounty(county);
const LEAD: As = { role: 'consortium-president', org: 'county', person: 'president' };
const open = (target: string, comparator: string, wanted: number) => ({
  loop: 'annual-target',
  answers: {
    target,
    year: 2025,
    theme: '儿科和精神卫生服务年',
    comparator,
    wanted,
    lead: 'Organization/county',
    due: '2025-12-31',
  },
});
const act = (as: As, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
async function light(comparator: string, wanted: number, actual: number): Promise<unknown[]> {
  const target = `${comparator} ${wanted}: ${actual}`;
  const { case: id } = await county.apply(BUREAU, 'loop.open', open(target, comparator, wanted));
  await act(LEAD, id, 'report', { actual, evidence: ['DocumentReference/table'] });
  const { data } = await county.caseState(id);
  return [data['met'], data['light']];
}

test('[annual-work-targets/1] at least, above, exactly and all are each evaluated rightly', async () => {
  assert.deepEqual(await light('at-least', 90, 90), [true, 'green']);
  assert.deepEqual(await light('at-least', 90, 89.9), [false, 'amber']);
  assert.deepEqual(await light('above', 200, 200), [false, 'amber']);
  assert.deepEqual(await light('above', 200, 201), [true, 'green']);
  assert.deepEqual(await light('equal', 2, 3), [false, 'amber']);
  assert.deepEqual(await light('equal', 2, 2), [true, 'green']);
  assert.deepEqual(await light('all', 5, 4), [false, 'amber']);
  assert.deepEqual(await light('all', 5, 5), [true, 'green']);
  assert.deepEqual(await light('at-least', 5, 3), [false, 'red']);
  const other = await county.refuse(BUREAU, 'loop.open', open('x', 'about', 90));
  assert.equal(other.code, 'code-unknown');
  assert.equal((await county.refuse(DIRECTOR_A, 'loop.open', open('x', 'above', 1))).code, 'not-your-turn');
});

test('[annual-work-targets/2] targets not met at the date are listed with the gap', async () => {
  const districts = open('建成紧密型县域医共体的区（市、县）', 'at-least', 5);
  const { case: id } = await county.apply(BUREAU, 'loop.open', districts);
  await county.apply(BUREAU, 'loop.open', open('心电一张网覆盖率', 'all', 100));
  const bare = { case: id, event: 'report', answers: { actual: 3 } };
  assert.equal((await county.refuse(LEAD, 'loop.act', bare)).at, 'payload.answers.evidence');
  await act(LEAD, id, 'report', { actual: 3, evidence: ['DocumentReference/list'] });
  await county.advance(303 * 86_400_000);
  assert.deepEqual(await registerOn(county.database, 'target-results', '2025-12-31'), []);
  await county.advance(86_400_000);
  const results = await registerOn(county.database, 'target-results', '2026-01-01', {
    limit: 100,
    where: { met: false },
  });
  const gaps = Object.fromEntries(results.map((one) => [one.data['target'], one.data['gap']]));
  assert.equal(gaps['建成紧密型县域医共体的区（市、县）'], 2);
  assert.equal(gaps['心电一张网覆盖率'], 100, 'what was never reported misses by all of it');
  assert.equal(gaps['at-least 90: 90'], undefined);
  assert.deepEqual([results.length, gaps['above 200: 200'], gaps['equal 2: 3']], [7, 0, 1]);
  assert.equal((await county.caseState(id)).positions[0]?.state, 'missed');
  const mute = { case: id, event: 'explain' };
  assert.equal((await county.refuse(LEAD, 'loop.act', mute)).code, 'reason-missing');
});
