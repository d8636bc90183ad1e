// Acceptance of multi-party rating: final with three groups or waivers, goals of the order itself, year against year.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import { type As, DIRECTOR_A, DIRECTOR_B, expert, HR, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2025-01-06T01:00:00Z' });
await smallCounty(county);
const DOCTOR: As = { role: 'township-doctor', org: 'town-a', person: 'director-b' };
for (const n of [1, 2, 3])
  await county.apply(HR, 'register.put', {
    register: 'talent-pool',
    entry: {
      person: `Practitioner/expert-${n}`,
      name: `专家${n}（合成）`,
      home: 'Organization/county',
      specialty: ['外科'],
      grade: 3,
    },
  });
const act = (as: As, id: string, event: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event, answers });
const refused = async (as: As, id: string, event: string, answers: object = {}) =>
  (await county.refuse(as, 'loop.act', { case: id, event, answers })).code;

/** An order of two techniques, 40 sessions and 1,000 patients, on which an expert works. */
async function onSite(n: number, year: number, work: object): Promise<string> {
  const answers = {
    techniques: ['腹腔镜胆囊切除', '无痛胃镜'],
    specialty: '外科',
    from: `${year}-03-03`,
    to: `${year}-08-31`,
    goals: '两项新技术，带教 40 次，诊疗 1000 人次',
    'goal-sessions': 40,
    'goal-patients': 1000,
  };
  const { case: id } = await county.apply(DIRECTOR_A, 'loop.open', { loop: 'order-dispatch', answers });
  await act(HR, id, 'review', { class: 'gap' });
  await act(HR, id, 'list', { batch: 1 });
  await act(HR, id, 'match', { expert: `Practitioner/expert-${n}` });
  await act(expert(n), id, 'accept');
  await act(expert(n), id, 'arrive');
  await log(n, id, work);
  return id;
}

const log = (n: number, id: string, work: object) =>
  act(expert(n), id, 'log', { day: '2025-04-01', 'technique-names': '新技术（合成）', ...work });
const begin = async (posting: string, kind = 'end'): Promise<string> =>
  (
    await county.apply(HR, 'loop.open', {
      loop: 'dispatch-evaluation',
      answers: { posting: `Task/${posting}`, kind },
    })
  ).case;
const marks = (group: string, quality: number, satisfaction: number) => ({
  [`${group}-quality`]: quality,
  [`${group}-satisfaction`]: satisfaction,
});
const final = async () =>
  new Map(
    (await registerOn(county.database, 'dispatch-evaluations', '2026-12-31')).map((one) => [
      one.key,
      one.data,
    ]),
  );

const HALF = { 'new-techniques': 1, teaching: 30, 'patients-seen': 500 };
const posting = await onSite(1, 2025, HALF);
const mid = await begin(posting, 'mid-term');

test('[dispatch-evaluation/1] a result is final only with answers from all three groups, or a recorded waiver', async () => {
  await act(DIRECTOR_A, mid, 'rate-institution', { ...marks('institution', 4, 5), comment: '带教很好' });
  assert.equal(await refused(DIRECTOR_B, mid, 'rate-staff', marks('staff', 5, 5)), 'not-your-turn');
  assert.equal(await refused(DOCTOR, mid, 'rate-staff', marks('staff', 6, 5)), 'marks-invalid');
  await act(DOCTOR, mid, 'rate-staff', marks('staff', 3, 4));
  assert.equal(await refused(HR, mid, 'finish'), 'event-not-here');
  assert.equal((await final()).size, 0);
  assert.equal(await refused(HR, mid, 'waive-patients'), 'waiver-missing');
  await act(HR, mid, 'waive-patients', { waiver: '中期不做患者调查' });
  await act(HR, mid, 'finish');
  const kept = (await final()).get(`Task/${posting}|mid-term`);
  // The weights of those who answered: 40 and 30 of 70.
  assert.deepEqual(
    [kept?.['quality'], kept?.['satisfaction'], kept?.['waived']],
    [Math.round(((4 * 40 + 3 * 30) / 70) * 100) / 100, Math.round(((5 * 40 + 4 * 30) / 70) * 100) / 100, 1],
  );
  await act(expert(1), mid, 'respond', { improvement: '增加门诊带教' });
  const none = await begin(await onSite(2, 2025, HALF));
  for (const group of ['institution', 'staff', 'patients'])
    await act(HR, none, `waive-${group}`, { waiver: '无人可评' });
  assert.equal(await refused(HR, none, 'finish'), 'nobody-rated');
  const twice = await county.refuse(HR, 'loop.open', {
    loop: 'dispatch-evaluation',
    answers: { posting: `Task/${posting}`, kind: 'mid-term' },
  });
  assert.equal(twice.code, 'rated-already');
});

async function rateAll(id: string, quality: number, satisfaction: number): Promise<void> {
  await act(DIRECTOR_A, id, 'rate-institution', marks('institution', quality, satisfaction));
  await act(DOCTOR, id, 'rate-staff', marks('staff', quality, satisfaction));
  await act(HR, id, 'rate-patients', marks('patients', quality, satisfaction));
  await act(HR, id, 'finish', { 'techniques-asked': 1, sessions: 9999 });
}

test("[dispatch-evaluation/2] goal attainment is computed from the order's own goals", async () => {
  const before = (await final()).get(`Task/${posting}|mid-term`);
  // 1 of 2 techniques, 30 of 40 sessions, 500 of 1,000 patients.
  assert.equal(before?.['attainment'], 58.33);
  await log(1, posting, { 'new-techniques': 2, teaching: 6, 'patients-seen': 500 });
  await rateAll(await begin(posting), 4, 3.5);
  // 3 of 2 techniques count as all of them: 1, 36 of 40 sessions, 1,000 of 1,000 patients.
  assert.equal((await final()).get(`Task/${posting}|end`)?.['attainment'], 96.67);
  const stranger = await county.refuse(HR, 'loop.open', {
    loop: 'dispatch-evaluation',
    answers: { posting: 'Task/unknown', kind: 'end' },
  });
  assert.equal(stranger.code, 'posting-unknown');
});

test('[dispatch-evaluation/3] the change of quality and satisfaction from year to year is shown', async () => {
  county.clock.advanceTo(new Date('2026-01-05T01:00:00Z'));
  await rateAll(await begin(await onSite(3, 2026, HALF)), 4.6, 4.2);
  // A rating that still waits for a group is in no year.
  await begin(await onSite(1, 2026, HALF));
  const { rows } = await county.report('evaluation-by-year', '2026-12-31');
  assert.deepEqual(
    rows.map(({ of, cells: [postings, quality, better, satisfaction, happier] }) => [
      of[0],
      postings,
      quality,
      better,
      satisfaction,
      happier,
    ]),
    [
      ['2025', 1, 4, null, 3.5, null],
      ['2026', 1, 4.6, 0.6, 4.2, 0.7],
    ],
    'neither the rating in mid-term nor the one that still waits',
  );
});
