// Acceptance of the event loop: five steps, two different people, a time limit for each step, returns counted.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { figuresOf, timeline, workList } from '@yimai/runtime';
import { BUREAU, INSPECTOR_1, INSPECTOR_2, PRESIDENT, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const find = async () =>
  (
    await county.apply(INSPECTOR_1, 'loop.open', {
      loop: 'inspection-event',
      answers: { object: 'pool-1', kind: '水质', 'found-by': 'patrol' },
    })
  ).case;
const act = (as: typeof BUREAU, id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: id, event, answers, ...(reason === undefined ? {} : { reason }) });
const code = async (as: typeof BUREAU, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;

test('[event-closed-loop/1] no event reaches closed without all five steps', async () => {
  const id = await find();
  for (const event of ['handle', 'verify', 'evaluate'])
    assert.equal(await code(BUREAU, id, event), 'event-not-here');
  await act(INSPECTOR_1, id, 'dispatch', { handler: 'Practitioner/inspector-2' });
  assert.equal(await code(INSPECTOR_2, id, 'handle'), 'field-missing');
  for (const event of ['verify', 'evaluate']) assert.equal(await code(BUREAU, id, event), 'event-not-here');
  await act(INSPECTOR_2, id, 'handle', { result: '已换水消毒' });
  for (const event of ['dispatch', 'evaluate']) assert.equal(await code(BUREAU, id, event), 'event-not-here');
  await act(INSPECTOR_1, id, 'verify');
  assert.equal((await county.caseState(id)).closed, null, 'four steps do not close it');
  await act(BUREAU, id, 'evaluate', { evaluation: 4 });
  assert.notEqual((await county.caseState(id)).closed, null);
  assert.deepEqual(
    (await timeline(county.database, id)).map((one) => one.event),
    ['open', 'dispatch', 'handle', 'verify', 'evaluate'],
  );
});

test('[event-closed-loop/2] the verifier differs from the handler', async () => {
  const id = await find();
  await act(INSPECTOR_1, id, 'dispatch', { handler: 'Practitioner/inspector-2' });
  await act(INSPECTOR_2, id, 'handle', { result: '已整改' });
  assert.equal(await code(INSPECTOR_2, id, 'verify'), 'verifier-is-handler');
  await act(INSPECTOR_1, id, 'verify');
  assert.equal((await county.caseState(id)).data['verifier'], 'Practitioner/inspector-1');
});

test('[event-closed-loop/3] each step has a time limit, and the overdue list names the step and its owner', async () => {
  const id = await find();
  await act(INSPECTOR_1, id, 'dispatch', { handler: 'Practitioner/inspector-2' });
  await county.advance(17 * 86_400_000);
  const late = await workList(county.database, county.actor(INSPECTOR_2), county.clock.now(), {
    limit: 50,
    late: true,
  });
  assert.deepEqual(
    late.filter((one) => one.case === id).map((one) => [one.state, one.ownerPerson, one.escalated]),
    [['dispatched', 'Practitioner/inspector-2', 1]],
  );
  const figures = await figuresOf(
    county.database,
    'inspection-event',
    new Date('2026-01-01'),
    new Date('2026-12-31'),
    county.clock.now(),
  );
  assert.ok((figures.overdueByOwner.get('Practitioner/inspector-2') ?? 0) >= 1);
  assert.deepEqual(
    await workList(county.database, county.actor(PRESIDENT), county.clock.now(), { limit: 50, late: true }),
    [],
  );
});

test('[event-closed-loop/3] whichever step is late, the list names it and whoever has it in hand', async () => {
  const id = await find();
  const late = async (as: typeof BUREAU) => {
    const asked = { limit: 50, late: true };
    const all = await workList(county.database, county.actor(as), county.clock.now(), asked);
    return all.filter((one) => one.case === id).map((one) => [one.state, one.ownerPerson ?? one.ownerOrg]);
  };
  const steps = [
    ['found', INSPECTOR_1, 'Organization/station', 'dispatch', { handler: 'Practitioner/inspector-2' }],
    ['dispatched', INSPECTOR_2, 'Practitioner/inspector-2', 'handle', { result: '已整改' }],
    ['handled', INSPECTOR_1, 'Organization/station', 'verify', {}],
    ['verified', BUREAU, 'Organization/bureau', 'evaluate', { evaluation: 5 }],
  ] as const;
  for (const [step, as, owner, event, answers] of steps) {
    assert.deepEqual(await late(as), [], `${step} has its time`);
    await county.advance(25 * 86_400_000);
    assert.deepEqual(await late(as), [[step, owner]]);
    await act(as, id, event, answers);
  }
  for (const [, as] of steps) assert.deepEqual(await late(as), [], 'a closed event is late nowhere');
});

test('[event-closed-loop/4] a failed verification returns the event and counts a return', async () => {
  const id = await find();
  await act(INSPECTOR_1, id, 'dispatch', { handler: 'Practitioner/inspector-2' });
  await act(INSPECTOR_2, id, 'handle', { result: '已整改' });
  assert.equal(await code(INSPECTOR_1, id, 'fail'), 'reason-missing');
  await act(INSPECTOR_1, id, 'fail', {}, '余氯仍不合格');
  const state = await county.caseState(id);
  assert.deepEqual([state.positions[0]?.state, state.returns], ['dispatched', 1]);
  await act(INSPECTOR_2, id, 'handle', { result: '再次整改' });
  await act(INSPECTOR_1, id, 'verify');
  await act(BUREAU, id, 'evaluate', { evaluation: 3 });
  assert.equal((await county.caseState(id)).returns, 1);
});
