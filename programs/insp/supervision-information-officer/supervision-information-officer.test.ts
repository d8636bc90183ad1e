// Acceptance of sentinel officers: reports become events, pay out of verified ones only, what a site lacks is listed.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { type As, BUREAU, INSPECTOR_1, INSPECTOR_2, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const officer = (person: string): As => ({ role: 'village-doctor', org: 'village-a1', person });
for (const id of ['sentinel-1', 'sentinel-2', 'village-doctor-3'])
  await county.put({ resourceType: 'Practitioner', id });
for (const [person, clinic] of [
  ['sentinel-1', '甲村'],
  ['sentinel-2', '乙村'],
])
  await county.apply(INSPECTOR_1, 'register.put', {
    register: 'information-officers',
    entry: { person: `Practitioner/${person}`, clinic },
  });
const found = (kind = 'water') => ({
  loop: 'sentinel-report',
  answers: { object: 'well-1', kind, what: '水源井旁堆放垃圾', place: '甲村' },
});
const report = async (person: string, kind?: string): Promise<string> =>
  (await county.apply(officer(person), 'loop.open', found(kind))).case;
const act = (as: As, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });

test('[supervision-information-officer/1] a report becomes an event in the closed loop', async () => {
  const id = await report('sentinel-1');
  const { rows } = await county.database.run<{ id: string }>(
    sql`select id from loop_case where loop = 'inspection-event' and parent = ${id}`,
  );
  assert.equal(rows.length, 1);
  const event = rows[0]?.id ?? '';
  const state = await county.caseState(event);
  assert.deepEqual(
    [state.positions[0]?.state, state.data['object'], state.data['found-by']],
    ['found', 'well-1', 'officer'],
  );
  await act(INSPECTOR_1, event, 'dispatch', { handler: 'Practitioner/inspector-2' });
  await act(INSPECTOR_2, event, 'handle', { result: '已清理' });
  await act(INSPECTOR_1, event, 'verify');
  await act(BUREAU, event, 'evaluate', { evaluation: 5 });
  const stranger = await county.refuse(officer('village-doctor-3'), 'loop.open', found());
  assert.equal(stranger.code, 'officer-not-hired');
});

test('[supervision-information-officer/2] pay is computed from verified reports only', async () => {
  const first = await report('sentinel-1');
  const early = await county.refuse(INSPECTOR_1, 'loop.act', { case: first, event: 'verify' });
  assert.equal(early.code, 'rate-missing');
  for (const [kind, fen] of [
    ['water', 3000],
    ['illegal-practice', 5000],
  ])
    await county.apply(BUREAU, 'register.put', { register: 'sentinel-pay-rates', entry: { kind, fen } });
  const half = { register: 'sentinel-pay-rates', entry: { kind: 'food', fen: 0.5 } };
  assert.equal((await county.refuse(BUREAU, 'register.put', half)).code, 'amount-invalid');
  await act(INSPECTOR_1, first, 'verify', { rate: 999_999 });
  await act(INSPECTOR_1, await report('sentinel-1', 'illegal-practice'), 'verify');
  await act(INSPECTOR_1, await report('sentinel-2'), 'verify');
  const unfounded = await report('sentinel-2');
  await act(INSPECTOR_1, unfounded, 'reject', { why: '现场未见' });
  await report('sentinel-2');
  assert.equal(
    (await county.refuse(INSPECTOR_1, 'loop.act', { case: unfounded, event: 'verify' })).code,
    'loop-closed',
  );
  const own = await county.refuse(officer('sentinel-2'), 'loop.act', {
    case: await report('sentinel-2'),
    event: 'verify',
  });
  assert.equal(own.code, 'not-your-turn');
  const pay = await county.report('sentinel-pay-by-officer', '2026-03-31', '2026-03-01');
  assert.deepEqual(
    pay.rows.map((one) => [one.of[0], ...one.cells]),
    [
      ['Practitioner/sentinel-1', 2, 8000],
      ['Practitioner/sentinel-2', 1, 3000],
    ],
  );
});

test('[supervision-information-officer/3] the five things are a checklist for each site with the missing ones listed', async () => {
  const five = { institution: true, staff: true, powers: true, equipment: true, funds: true };
  const put = (site: string, more: object = {}) =>
    county.apply(INSPECTOR_1, 'register.put', {
      register: 'sentinel-sites',
      entry: { site, ...five, ...more },
    });
  await put('甲村');
  await put('乙村', { equipment: false, funds: false });
  const { funds: _funds, ...four } = five;
  const silent = await county.refuse(INSPECTOR_1, 'register.put', {
    register: 'sentinel-sites',
    entry: { site: '丙村', ...four },
  });
  assert.deepEqual([silent.code, silent.at], ['field-missing', 'payload.entry.funds']);
  const { total, named } = await county.report('sites-lacking', '2026-03-02');
  assert.deepEqual(total, [2, 1]);
  assert.deepEqual(
    named.map((one) => [one.key, one.lacks.map(({ text }) => text.zh)]),
    [['乙村', ['缺装备', '缺经费']]],
  );
});
