// Acceptance of the co-ordination of government-run medicine: eight duties, one convener, one lead, three dimensions.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { figuresOf, registerOn } from '@yimai/runtime';
import { type As, INSPECTOR_1, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const DEPARTMENTS = [
  'health',
  'insurance',
  'market',
  'law',
  'establishment',
  'development',
  'finance',
  'personnel',
];
const of = (department: string): As => ({
  role: 'bureau-director',
  org: `d-${department}`,
  person: 'officer',
});
const enrol = (entry: object) => ({ register: 'coordination-departments', entry });
const duty = (department: string) => ({
  department,
  duty: `${department} 的责任分工`,
  organisation: `Organization/d-${department}`,
});
await county.put(
  ...DEPARTMENTS.map((id) => ({
    resourceType: 'Organization' as const,
    id: `d-${id}`,
    name: `${id}（合成）`,
  })),
);
await county.apply(OFFICE, 'register.put', {
  register: 'coordination-conveners',
  entry: { person: 'Practitioner/officer', post: '分管副市长' },
});
const SESSION = { topic: '公立医院债务', 'held-on': '2026-03-02', convener: 'Practitioner/officer' };
const open = { loop: 'coordination-session', answers: SESSION };
const resolve = (id: string, answers: object) => ({ case: id, event: 'resolve', answers });
const matter = (lead: string, dimension: string, due = '2026-04-30') => ({
  resolution: `由${lead}牵头`,
  lead,
  dimension,
  due,
});

test('[gov-medical-coordination/1] 8 departments are registered with a duty each; no session without a convener', async () => {
  const silent = await county.refuse(OFFICE, 'register.put', enrol({ ...duty('health'), duty: '' }));
  assert.deepEqual([silent.code, silent.at], ['field-missing', 'payload.entry.duty']);
  const stranger = await county.refuse(OFFICE, 'register.put', enrol(duty('education')));
  assert.equal(stranger.code, 'code-unknown');
  for (const department of DEPARTMENTS) await county.apply(OFFICE, 'register.add', enrol(duty(department)));
  assert.equal((await county.refuse(OFFICE, 'register.add', enrol(duty('law')))).code, 'entry-exists');
  assert.equal((await registerOn(county.database, 'coordination-departments', '2026-03-02')).length, 8);
  const { convener: _, ...without } = SESSION;
  const unled = await county.refuse(OFFICE, 'loop.open', { ...open, answers: without });
  assert.deepEqual([unled.code, unled.at], ['field-missing', 'payload.answers.convener']);
  const other = { ...open, answers: { ...SESSION, convener: 'Practitioner/clerk' } };
  assert.equal((await county.refuse(OFFICE, 'loop.open', other)).code, 'not-a-convener');
  assert.equal((await county.refuse(INSPECTOR_1, 'loop.open', open)).code, 'not-your-turn');
});

test('[gov-medical-coordination/2] a resolution has one lead and a date; overdue ones are listed by department', async () => {
  const { case: id } = await county.apply(OFFICE, 'loop.open', open);
  assert.equal(
    (await county.refuse(OFFICE, 'loop.act', { case: id, event: 'adjourn' })).code,
    'nothing-resolved',
  );
  const { due: _, ...undated } = matter('finance', 'policy');
  assert.equal((await county.refuse(OFFICE, 'loop.act', resolve(id, undated))).at, 'payload.answers.due');
  const two = { ...matter('finance', 'policy'), lead: ['finance', 'health'] };
  assert.equal((await county.refuse(OFFICE, 'loop.act', resolve(id, two))).code, 'answer-type');
  const past = await county.refuse(
    OFFICE,
    'loop.act',
    resolve(id, matter('finance', 'policy', '2026-03-01')),
  );
  assert.equal(past.code, 'deadline-past');
  await county.apply(OFFICE, 'loop.act', resolve(id, matter('finance', 'policy', '2026-03-10')));
  await county.apply(OFFICE, 'loop.act', resolve(id, matter('finance', 'supervision', '2026-03-10')));
  await county.apply(OFFICE, 'loop.act', resolve(id, matter('insurance', 'information', '2026-03-10')));
  await county.apply(OFFICE, 'loop.act', resolve(id, matter('health', 'policy', '2026-12-31')));
  await county.apply(OFFICE, 'loop.act', { case: id, event: 'adjourn' });
  const entries = await registerOn(county.database, 'coordination-resolutions', '2026-03-02');
  const caseOf = (lead: string) =>
    entries.find((one) => one.data['lead'] === lead)?.key.slice('Task/'.length);
  const report = { case: caseOf('insurance'), event: 'report', answers: { status: '已办理' } };
  assert.equal((await county.refuse(of('health'), 'loop.act', report)).code, 'not-your-turn');
  await county.apply(of('insurance'), 'loop.act', report);
  await county.apply(OFFICE, 'loop.act', { case: report.case, event: 'close' });
  await county.advance(9 * 86_400_000);
  const figures = await figuresOf(
    county.database,
    'coordination-resolution',
    new Date('2026-01-01'),
    new Date('2026-12-31'),
    county.clock.now(),
  );
  assert.deepEqual([...figures.overdueByOwner], [['Organization/d-finance', 2]]);
  assert.equal(
    (await county.refuse(OFFICE, 'loop.act', { case: id, event: 'close' })).code,
    'resolutions-open',
  );
});

test('[gov-medical-coordination/3] resolutions are counted by policy, information and supervision', async () => {
  const { rows } = await county.report('resolutions-by-dimension', '2026-03-11');
  assert.deepEqual(
    rows.map(({ of, cells }) => [of[0], cells[0]]),
    [
      ['information', 1],
      ['policy', 2],
      ['supervision', 1],
    ],
  );
  const { case: id } = await county.apply(OFFICE, 'loop.open', open);
  const fourth = await county.refuse(
    OFFICE,
    'loop.act',
    resolve(id, matter('health', 'money', '2026-12-31')),
  );
  assert.equal(fourth.code, 'code-unknown');
});
