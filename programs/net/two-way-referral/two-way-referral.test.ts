// Acceptance of two-way referral: five steps with limits, the summary at the base, the return rate, refusal with another site.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from '@yimai/postgres';
import { caseView, timeline } from '@yimai/runtime';
import { type As, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const BASE: As = { role: 'township-doctor', org: 'town-a', person: 'director-a' };
const DESK: As = { role: 'referral-desk', org: 'county', person: 'officer' };
const TCM_DESK: As = { role: 'referral-desk', org: 'tcm', person: 'hr' };
const DOCTOR: As = { role: 'hospital-doctor', org: 'county', person: 'expert-1' };
await county.put({ resourceType: 'Patient', id: 'p1', name: [{ text: '测试居民（合成）' }] } as never);
const REQUEST = { reason: 'difficult', summary: '胸痛三天', to: 'Organization/county', consent: true };
const open = async (answers: object = {}) =>
  (
    await county.apply(BASE, 'loop.open', {
      loop: 'two-way-referral',
      subject: 'Patient/p1',
      answers: { ...REQUEST, ...answers },
    })
  ).case;
const act = (as: As, id: string, event: string, answers: object = {}, reason?: string) =>
  county.apply(as, 'loop.act', { case: id, event, answers, ...(reason ? { reason } : {}) });
async function goAndReturn(id: string): Promise<void> {
  await act(DESK, id, 'accept', { bed: '心内科 3 床' });
  await act(DOCTOR, id, 'arrive');
  await act(DOCTOR, id, 'return', { 'discharge-summary': '支架术后', plan: '每周复查' });
}

test('[two-way-referral/1] a referral passes requested, accepted, seen, returned, followed up, with limits and alarms', async () => {
  assert.equal(
    (
      await county.refuse(BASE, 'loop.open', {
        loop: 'two-way-referral',
        subject: 'Patient/p1',
        answers: { ...REQUEST, consent: false },
      })
    ).code,
    'consent-missing',
  );
  const id = await open();
  await county.advance(25 * 3_600_000);
  const alarms = await county.database.run<{ about: string; org: string }>(
    sql`select about, org from notice where case_id = ${id} and about <> 'message' order by at, about`,
  );
  assert.deepEqual(alarms.rows.map((row) => `${row.about} ${row.org}`).sort(), [
    'escalate Organization/town-a',
    'overdue Organization/county',
    'remind Organization/county',
  ]);
  await goAndReturn(id);
  await act(BASE, id, 'follow-up', { 'follow-up': '恢复良好' });
  assert.deepEqual(
    (await timeline(county.database, id)).map((one) => one.event).filter((one) => one !== '$timer'),
    ['open', 'accept', 'arrive', 'return', 'follow-up'],
  );
  const lost = await open();
  await act(DESK, lost, 'accept', { bed: '4 床' });
  await county.advance(8 * 86_400_000);
  assert.equal((await county.caseState(lost)).positions[0]?.state, 'not-come');
});

test('[two-way-referral/2] the base sees the discharge summary', async () => {
  const id = await open();
  await goAndReturn(id);
  const read = await county.record.read(county.access(BASE), 'Task', id);
  assert.match(String(read?.content), /支架术后/);
  const stranger: As = { role: 'township-doctor', org: 'town-b', person: 'director-b' };
  assert.equal(await county.record.read(county.access(stranger), 'Task', id), null);
  const task = await county.resource('Task', id);
  const view = caseView(county.runtime.context, task as never, county.actor(BASE), county.clock.now());
  assert.ok(view.ok);
  assert.equal(view.value.state.data['discharge-summary'], '支架术后');
  assert.deepEqual(
    view.value.acts.map((one) => one.event),
    ['follow-up'],
  );
});

test('[two-way-referral/3] the return rate is returned over referred up', async () => {
  const withdrawn = await open();
  await act(BASE, withdrawn, 'withdraw', {}, '患者改变主意');
  const rows = (to: string, status: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      case: `Task/2023-${to}-${status}-${n}`,
      from: 'Organization/village-a1',
      to: `Organization/${to}`,
      reason: 'difficult',
      status,
    }));
  // 762 referrals of 2023, 247 of them sent up to the county hospital; how many of those came back is ours.
  const year = [
    ...rows('town-a', 'followed-up', 515),
    ...rows('county', 'followed-up', 120),
    ...rows('county', 'seen', 127),
  ];
  await county.apply(DESK, 'register.import', { register: 'referrals', rows: year });
  const today = county.clock.now().toISOString().slice(0, 10);
  const { rows: houses } = await county.report('referrals-up-and-back', today);
  const [up, , back, share] = houses.find(({ of }) => of[0] === 'Organization/county')?.cells ?? [];
  assert.deepEqual([back, up, share], [120 + 2, 247 + 3, 48.8], 'what was withdrawn was not referred up');
  const foreign = await county.refuse(BASE, 'register.put', { register: 'referrals', entry: year[0] });
  assert.equal(foreign.code, 'role-not-allowed');
});

test('[two-way-referral/4] a refusal needs a reason and offers another site', async () => {
  const id = await open();
  assert.equal(
    (
      await county.refuse(DESK, 'loop.act', {
        case: id,
        event: 'refuse',
        reason: '无床',
        answers: { 'refusal-reason': '无床' },
      })
    ).code,
    'field-missing',
  );
  assert.equal(
    (
      await county.refuse(DESK, 'loop.act', {
        case: id,
        event: 'refuse',
        answers: { 'refusal-reason': '无床', offered: 'Organization/tcm' },
      })
    ).code,
    'reason-missing',
  );
  await act(DESK, id, 'refuse', { 'refusal-reason': '无床', offered: 'Organization/tcm' }, '无床');
  await act(BASE, id, 'redirect', { to: 'Organization/tcm' });
  assert.equal(
    (await county.refuse(DESK, 'loop.act', { case: id, event: 'accept', answers: { bed: '1' } })).code,
    'not-your-turn',
  );
  await act(TCM_DESK, id, 'accept', { bed: '针灸科 1 床' });
  assert.equal((await county.caseState(id)).returns, 1);
});
