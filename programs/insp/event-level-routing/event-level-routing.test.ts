// Acceptance of routing by level: the class names the level, late matters go up with their history, major ones tell all.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { registerOn, timeline, workList } from '@yimai/runtime';
import { BUREAU, DIRECTOR_A, DIRECTOR_B, INSPECTOR_1, smallCounty, testCounty } from '@yimai/runtime/testing';

const DAY = 86_400_000;
const county = await testCounty({ after });
await smallCounty(county);
const act = (as: typeof BUREAU, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
const code = async (as: typeof BUREAU, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;
const find = async (): Promise<string> => {
  const answers = { object: 'pool-1', kind: '水质' };
  return (await county.apply(INSPECTOR_1, 'loop.open', { loop: 'level-event', answers })).case;
};
const routed = async (kind: string): Promise<string> => {
  const id = await find();
  await act(INSPECTOR_1, id, 'route', { class: kind, township: 'Organization/town-a' });
  return id;
};
const waitsFor = async (as: typeof BUREAU, id: string) =>
  (await workList(county.database, county.actor(as), county.clock.now(), { limit: 50 })).some(
    (one) => one.case === id,
  );
const where = async (id: string) => (await county.caseState(id)).positions[0]?.state;
const told = async (id: string) =>
  (
    await county.database.run<{ org: string | null; roles: string[] }>(
      sql`select org, roles from notice where case_id = ${id} and about = 'message' order by id`,
    )
  ).rows;

test('[event-level-routing/1] the class sets the level that receives the event', async () => {
  const unclear = await find();
  assert.equal(await code(INSPECTOR_1, unclear, 'route'), 'no-way-on');
  assert.equal(await code(INSPECTOR_1, unclear, 'route', { class: 'huge' }), 'no-way-on');
  assert.equal(await code(INSPECTOR_1, unclear, 'route', { class: 'routine' }), 'field-missing');
  const levels = [
    ['routine', 'at-township', DIRECTOR_A],
    ['difficult', 'at-county', INSPECTOR_1],
    ['major', 'at-city', BUREAU],
  ] as const;
  for (const [kind, state, owner] of levels) {
    const id = await routed(kind);
    assert.equal(await where(id), state);
    for (const [, , other] of levels) assert.equal(await waitsFor(other, id), other === owner, kind);
    assert.equal(await waitsFor(DIRECTOR_B, id), false);
    assert.equal(await code(DIRECTOR_B, id, 'solve', { result: '已办' }), 'not-your-turn');
    await act(owner, id, 'solve', { result: '已办' });
  }
  // What was solved stands in the file of its object; what still waits does not.
  const events = await registerOn(county.database, 'object-events', '2026-03-02');
  assert.deepEqual(
    events.map((one) => [one.data['object'], one.data['result']]),
    levels.map(() => ['pool-1', '已办']),
  );
});

test('[event-level-routing/2] a township event overdue by three working days goes up to the county with its history', async () => {
  const late = await routed('routine');
  const inTime = await routed('routine');
  await act(DIRECTOR_A, late, 'report', { note: '已责令停业换水' });
  assert.equal(await code(DIRECTOR_A, late, 'report'), 'note-missing');
  // Three working days from Monday 2 March: Thursday still counts.
  await county.advance(3 * DAY + 14 * 3_600_000);
  assert.equal(await where(late), 'at-township');
  await act(DIRECTOR_A, inTime, 'solve', { result: '已整改' });
  await county.advance(2 * 3_600_000);
  assert.deepEqual([await where(late), await where(inTime)], ['at-county', 'solved']);
  const state = await county.caseState(late);
  assert.deepEqual(state.data['levels'], ['township', 'county']);
  assert.deepEqual([state.data['notes'], state.data['went-up']], [['已责令停业换水'], 1]);
  const line = (await timeline(county.database, late)).map((one) => one.event);
  assert.deepEqual(line.slice(0, 3), ['open', 'route', 'report']);
  assert.equal(await code(DIRECTOR_A, late, 'solve', { result: '迟到的办理' }), 'not-your-turn');
  await county.advance(12 * DAY);
  assert.equal(await where(late), 'at-city');
  assert.deepEqual((await county.caseState(late)).data['levels'], ['township', 'county', 'city']);
});

test('[event-level-routing/3] a major event notifies the whole network, an everyday one only its township', async () => {
  const [major] = await told(await routed('major'));
  assert.equal(major?.org, null);
  for (const role of ['bureau-director', 'inspector', 'township-director', 'village-doctor'])
    assert.ok(major?.roles.includes(role), role);
  const routine = await told(await routed('routine'));
  assert.deepEqual(
    routine.map((one) => one.org),
    ['Organization/town-a'],
  );
});
