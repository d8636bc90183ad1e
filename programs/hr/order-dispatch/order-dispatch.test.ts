// Acceptance of order-based dispatch: the whole loop by commands on the real engines, with the catalogue's figures.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { must } from '@yimai/kit';
import { planMatch, timeline } from '@yimai/runtime';
import { type As, DIRECTOR_A, HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2025-01-06T01:00:00Z' });
await smallCounty(county);

const ORDER = {
  techniques: ['腹腔镜胆囊切除'],
  specialty: '外科',
  from: '2025-03-01',
  to: '2025-08-31',
  goals: '独立开展 1 项新技术',
};
const ref = (as: As) => `Practitioner/${as.person}`;
const expertOf = (n: number): As => ({ role: 'expert', org: 'county', person: `sent-${n}` });

async function register(n: number, more: object = {}): Promise<As> {
  const who = expertOf(n);
  await county.put({ resourceType: 'Practitioner', id: who.person });
  const home = ['county', 'tcm', 'mch'][n % 3];
  const entry = {
    person: ref(who),
    name: `专家${n}（合成）`,
    home: `Organization/${home}`,
    specialty: ['外科'],
    grade: 2,
    ...more,
  };
  await county.apply(HR, 'register.put', { register: 'talent-pool', entry });
  return who;
}

const file = async (more: object = {}): Promise<string> =>
  (await county.apply(DIRECTOR_A, 'loop.open', { loop: 'order-dispatch', answers: { ...ORDER, ...more } }))
    .case;
const act = (as: As, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });

/** Everything from the list to the close, for one expert. */
async function run(
  id: string,
  who: As,
  work: { techniques: number; sessions: number; patients: number },
  batch: number,
): Promise<void> {
  await act(HR, id, 'review', { class: 'gap' });
  await act(HR, id, 'list', { batch });
  await act(HR, id, 'match', { expert: ref(who) });
  await act(who, id, 'accept');
  await act(who, id, 'arrive');
  const names = work.techniques > 0 ? { 'technique-names': '新技术（合成）' } : {};
  await act(who, id, 'log', {
    day: '2025-04-01',
    'patients-seen': work.patients,
    teaching: work.sessions,
    'new-techniques': work.techniques,
    ...names,
  });
  await act(who, id, 'finish');
  await act(DIRECTOR_A, id, 'rate-institution', { 'rating-institution': 5, 'goals-met': true });
  await act(DIRECTOR_A, id, 'rate-staff', { 'rating-staff': 4 });
  await act(HR, id, 'rate-patients', { 'rating-patients': 4.5 });
  await act(HR, id, 'close');
}

test('[order-dispatch/1] an order that lacks any of the four fields cannot be filed', async () => {
  for (const field of ['techniques', 'specialty', 'from', 'to', 'goals']) {
    const answers = Object.fromEntries(Object.entries(ORDER).filter(([name]) => name !== field));
    const refusal = await county.refuse(DIRECTOR_A, 'loop.open', { loop: 'order-dispatch', answers });
    assert.deepEqual([refusal.code, refusal.at], ['field-missing', `payload.answers.${field}`]);
  }
  const backwards = await county.refuse(DIRECTOR_A, 'loop.open', {
    loop: 'order-dispatch',
    answers: { ...ORDER, to: '2025-02-01' },
  });
  assert.equal(backwards.code, 'period-empty');
});

test('[order-dispatch/3] totals over closed orders are 33 experts, 2 batches, 57 techniques, 560 sessions', async () => {
  for (let n = 0; n < 33; n += 1) {
    const who = await register(100 + n);
    const work = { techniques: n < 24 ? 2 : 1, sessions: n === 0 ? 16 : 17, patients: 100 };
    await run(await file(), who, work, n < 15 ? 1 : 2);
  }
  // An order that is not closed does not count.
  await file();
  const { rows, total } = await county.report('dispatch-totals', '2025-12-31');
  const [first, second] = rows.map(({ of, cells }) => [of[0], ...cells.slice(0, 6)]);
  assert.deepEqual(
    [first, second],
    [
      ['1', 15, 15, 1, 30, 254, 1500],
      ['2', 18, 18, 1, 27, 306, 1800],
    ],
  );
  assert.deepEqual(total.slice(0, 6), [33, 33, 2, 57, 560, 3300]);
  assert.equal((await county.report('dispatch-totals', '2024-12-31')).counted, 0);
});

test('[order-dispatch/2] an order goes filed, reviewed, listed, matched, accepted, on site, rated, closed, each with actor and time', async () => {
  const who = await register(1);
  const id = await file();
  assert.equal(
    (await county.refuse(HR, 'loop.act', { case: id, event: 'match', answers: { expert: ref(who) } })).code,
    'event-not-here',
  );
  assert.equal(
    (await county.refuse(DIRECTOR_A, 'loop.act', { case: id, event: 'review', answers: { class: 'gap' } }))
      .code,
    'not-your-turn',
  );
  await run(id, who, { techniques: 0, sessions: 0, patients: 1 }, 9);
  const line = await timeline(county.database, id);
  assert.deepEqual(
    line.map((one) => one.event),
    [
      'open',
      'review',
      'list',
      'match',
      'accept',
      'arrive',
      'log',
      'finish',
      'rate-institution',
      'rate-staff',
      'rate-patients',
      'close',
    ],
  );
  for (const step of line) {
    assert.match(step.person, /^Practitioner\//);
    assert.ok(step.at instanceof Date);
  }
  const state = await county.caseState(id);
  assert.deepEqual([state.positions[0]?.state, state.rating], ['closed', 4.5]);
});

test('[order-dispatch/4] an expert below attending grade is not offered and cannot be sent', async () => {
  const young = await register(500, { grade: 1 });
  await register(502, { grade: 1, specialty: ['眼科'] });
  const free = await register(503);
  const other = await register(501, { specialty: ['儿科'] });
  const id = await file();
  await act(HR, id, 'review', { class: 'disease' });
  await act(HR, id, 'list', { batch: 3 });
  const match = (who: As) =>
    county.refuse(HR, 'loop.act', {
      case: id,
      event: 'match',
      answers: { expert: ref(who), 'expert-grade': 4 },
    });
  assert.equal((await match(young)).code, 'grade-below');
  assert.equal((await match(other)).code, 'other-specialty');
  assert.equal((await match(expertOf(999))).code, 'expert-unknown');
  // The only expert of the specialty is a junior: the plan offers nobody, and says why.
  const eyes = await file({ specialty: '眼科' });
  await act(HR, eyes, 'review', { class: 'disease' });
  await act(HR, eyes, 'list', { batch: 3 });
  const plan = must(await planMatch(county.runtime.context, county, 'order-dispatch-plan'));
  const unmet = plan.unmet.find((one) => one.order === eyes);
  assert.deepEqual([unmet?.code, unmet?.barred['grade-below']], ['no-candidate', 1]);
  assert.equal(plan.assignments.find((one) => one.order === id)?.person, ref(free));
});
