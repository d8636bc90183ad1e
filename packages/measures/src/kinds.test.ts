// Figures of what the engines really store: commands of the people, the record, the views, the figure.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rowKey } from '@yimai/fhir';
import { uuidv7 } from '@yimai/kit';
import { loadPolicy, makeAccess, type Resource } from '@yimai/record';
import { type As, testCounty } from '@yimai/runtime/testing';
import { figuresOf } from './testing.ts';

const county = await testCounty({ after }, { start: '2026-03-02T01:00:00Z' });
const SYSTEM = 'https://yimai.example/fhir/CodeSystem/';
const coded = (word: string, code: string) => ({ coding: [{ system: `${SYSTEM}${word}`, code }] });
const organisation = (id: string, level: string, kind: string | null, parent?: string): Resource => ({
  resourceType: 'Organization',
  id,
  active: true,
  name: `${id}（合成）`,
  type: [
    coded('organisation-level', level),
    ...(kind === null ? [] : [coded('institution-class', kind)]),
    ...(kind === 'hospital' ? [coded('hospital-grade', '2A')] : []),
  ],
  ...(parent === undefined ? {} : { partOf: { reference: `Organization/${parent}` } }),
});
await county.put(
  organisation('county', 'county', 'county'),
  organisation('insurer', 'county', null, 'county'),
  organisation('hospital', 'county', 'hospital', 'county'),
  organisation('town', 'township', 'township-hospital', 'county'),
  organisation('clinic', 'village', 'village-clinic', 'town'),
  { resourceType: 'Patient', id: 'p1', name: [{ text: '测试居民（合成）' }] } as Resource,
);

const as = (role: string, org: string): As => ({ role, org, person: `${role}-${org}` });
const put = (register: string, rows: readonly object[]) =>
  county.apply(as(county.runtime.context.registers.get(register)!.by![0]!, 'county'), 'register.import', {
    register,
    rows,
  });

async function refer(until: 'requested' | 'seen' | 'returned' | 'followed-up' | 'withdrawn'): Promise<void> {
  const base = as('township-doctor', 'town');
  const { case: id } = await county.apply(base, 'loop.open', {
    loop: 'two-way-referral',
    subject: 'Patient/p1',
    answers: { reason: 'tests', summary: '（合成）', to: 'Organization/hospital', consent: true },
  });
  const act = (who: As, event: string, answers: object = {}, reason?: string) =>
    county.apply(who, 'loop.act', { case: id, event, answers, ...(reason ? { reason } : {}) });
  if (until === 'requested') return;
  if (until === 'withdrawn') return act(base, 'withdraw', {}, '患者改变主意（合成）');
  await act(as('referral-desk', 'hospital'), 'accept', { bed: '1' });
  await act(as('hospital-doctor', 'hospital'), 'arrive');
  if (until === 'seen') return;
  await act(as('hospital-doctor', 'hospital'), 'return', { 'discharge-summary': '（合成）', plan: '随访' });
  if (until === 'followed-up') await act(base, 'follow-up', { 'follow-up': '好' });
}

test('[views V17] referrals of the engine are counted by their sender, up and down; kinds never stored are not collected', async (t) => {
  for (const until of ['requested', 'seen', 'returned', 'followed-up', 'followed-up', 'withdrawn'] as const)
    await refer(until);
  const figures = await figuresOf(county);
  t.after(() => figures.close());
  // Down: two were received by the base; one is on its way.
  assert.equal((await figures.value('down-referrals', '2026', 'hospital')).value, 2);
  // Up: five that were not withdrawn, two of them over; down: three, two of them over.
  const closed = await figures.value('referral-closure-rate', '2026', 'county');
  assert.deepEqual([closed.numerator, closed.denominator], [4, 8]);
  const ofTown = await figures.value('referral-closure-rate', '2026', 'town');
  assert.deepEqual([ofTown.numerator, ofTown.denominator], [2, 5]);
  for (const measure of ['remote-consultations', 'online-corrections', 'patrol-visits'])
    assert.equal((await figures.value(measure, '2026', 'county')).value, null, measure);
});

test('[measures M8] an office of the county is no county of its own', async (t) => {
  const figures = await figuresOf(county);
  t.after(() => figures.close());
  const { orgs } = figures.engine.tree;
  assert.equal(orgs.get('insurer')?.scopeLevel, null);
  assert.equal(orgs.get('insurer')?.county, 'county');
  assert.deepEqual(
    [...orgs.values()].filter((org) => org.scopeLevel === 'county').map(({ id }) => id),
    ['county'],
  );
});

test('[views V17] registers of the engine become the figures that their programmes are asked for', async (t) => {
  await put('check-log', [
    { object: 'a', kind: 'patrol', day: '2026-02-10', problem: false, households: 3 },
    { object: 'b', kind: 'patrol', day: '2026-02-11', problem: true, households: 2 },
    { object: 'b', kind: 'patrol', day: '2025-12-31', problem: true, households: 7 },
    { object: 'a', kind: 'special', day: '2026-02-12', problem: false, households: 1 },
    { object: 'a', kind: 'self', day: '2026-02-12', problem: false, households: 9 },
  ]);
  await put('supervised-objects', [
    { code: 'a', name: '甲（虚构）', trade: 'pool', grid: '一', status: 'open' },
    { code: 'b', name: '乙（虚构）', trade: 'bath', grid: '一', status: 'open' },
    { code: 'c', name: '丙（虚构）', trade: 'bath', grid: '一', status: 'closed' },
  ]);
  await put('training-records', [
    {
      learner: 'Practitioner/x',
      course: '一',
      kind: 'primary',
      start: '2026-01-05',
      end: '2026-01-09',
      'person-times': 40,
    },
    {
      learner: 'Practitioner/x',
      course: '二',
      kind: 'key-staff',
      start: '2026-01-05',
      end: '2026-01-09',
      'person-times': 1,
    },
    {
      learner: 'Practitioner/x',
      course: '三',
      kind: 'key-staff',
      start: '2026-02-05',
      end: '2026-02-09',
      'person-times': 1,
    },
  ]);
  await put('village-doctor-pension', [
    { doctor: 'Practitioner/v1', eligible: true, scheme: 'employee' },
    { doctor: 'Practitioner/v2', eligible: false, scheme: 'resident' },
    { doctor: 'Practitioner/v3', eligible: false, scheme: 'resident' },
  ]);
  await put('visiting-experts', [
    { person: 'Practitioner/e1', name: '甲', specialty: '外科', home: '市一院' },
    { person: 'Practitioner/e2', name: '乙', specialty: '外科', home: '市一院' },
  ]);
  await put('key-specialties', [
    { hospital: 'Organization/hospital', specialty: '骨科', region: '县', level: 'national' },
    { hospital: 'Organization/hospital', specialty: '儿科', region: '县', level: 'provincial' },
    { hospital: 'Organization/hospital', specialty: '内科', region: '县', level: 'city-top' },
  ]);
  await put('hospital-levels', [
    { hospital: 'Organization/hospital', region: '县', kind: 'county-people', level: 'tertiary-capability' },
  ]);
  await put('policy-documents', [
    { number: '1', title: '一', issuers: ['县'], programme: 'x', version: '1' },
    { number: '2', title: '二', issuers: ['县'], programme: 'x', version: '1' },
  ]);
  await put('first-village-doctors', [
    { village: '上湾村', township: '一', doctor: 'Practitioner/e1', duty: '坐诊' },
  ]);
  const figures = await figuresOf(county);
  t.after(() => figures.close());
  const wanted: Readonly<Record<string, number>> = {
    'patrol-visits': 5,
    'special-visits': 1,
    'files-count': 2,
    'primary-staff-trained': 40,
    'key-staff-trained': 1,
    'village-doctor-employee-insured': 1,
    'village-doctor-resident-insured': 2,
    'visiting-experts': 2,
    'visiting-specialties': 1,
    'national-key-specialties': 1,
    'provincial-key-specialties': 1,
    'top-disciplines': 1,
    'county-tertiary-capability': 1,
    'policy-document-count': 2,
    'first-village-doctors': 1,
  };
  const found: Record<string, number | null> = {};
  for (const measure of Object.keys(wanted))
    found[measure] = (await figures.value(measure, '2026', 'county')).value;
  assert.deepEqual(found, wanted);
});

test('[views V17] stations, surveys and signed agreements of the engines become figures', async (t) => {
  await put('supervision-stations', [
    { station: '甲站', head: 'Practitioner/h1', assistants: ['协管一', '协管二'] },
    { station: '乙站', head: 'Practitioner/h2', assistants: ['协管三', '协管四', '协管五'] },
    { station: '丙站', head: 'Practitioner/h3', assistants: ['协管六'] },
  ]);
  const answer = (survey: string, answers: object) =>
    county.apply(as('township-director', 'hospital'), 'survey.answer', { survey, answers });
  for (const overall of [5, 4, 4, 3])
    await answer('staff-satisfaction', { overall, environment: 3, attitude: 3 });
  await answer('staff-satisfaction', { overall: 5 });
  await answer('patient-satisfaction', { overall: 3, environment: 3, attitude: 3 });
  const signers = { insurer: 'insurer', hospital: 'hospital', 'village-doctor': 'clinic' };
  const parties = Object.fromEntries(
    Object.entries(signers).map(([name, org]) => [name, `Organization/${org}`]),
  );
  const { agreement } = await county.apply(as('insurer-clerk', 'insurer'), 'agreement.draft', {
    agreement: 'four-party',
    parties: { ...parties, patient: 'Patient/p1' },
    from: '2026-03-01',
    to: '2027-03-01',
  });
  const sign = (who: As) => county.apply(who, 'agreement.sign', { id: agreement });
  const agreed = async () => {
    const figures = await figuresOf(county);
    t.after(() => figures.close());
    return figures;
  };
  await sign(as('insurer-clerk', 'insurer'));
  assert.equal(
    (await (await agreed()).value('four-party-count', '2026', 'county')).value,
    0,
    'not signed by all',
  );
  await sign(as('hospital-doctor', 'hospital'));
  await sign(as('village-doctor', 'clinic'));
  const { actor } = county.access(as('resident', 'county'));
  const resident = makeAccess(
    { ...actor, patient: rowKey('Patient', 'p1'), practitioner: null },
    county.clock.now(),
    loadPolicy(),
  );
  const signed = await county.record.commands.execute(
    {
      id: uuidv7(),
      type: 'agreement.sign',
      occurredAt: county.clock.now().toISOString(),
      actingAs: { org: 'county', role: 'resident' },
      payload: { id: agreement },
    },
    async () => ({ ok: true, value: resident }),
  );
  assert.equal(signed.outcome, 'applied');
  const figures = await agreed();
  const value = async (id: string) => {
    const { numerator, denominator } = await figures.value(id, '2026', 'county');
    return [numerator, denominator];
  };
  assert.deepEqual(await value('station-staffing'), [2, 3], 'two assistants or more, the edge counts');
  assert.deepEqual(await value('staff-satisfaction-rate'), [3, 4], 'half an answer is none');
  assert.deepEqual(await value('patient-satisfaction-rate'), [0, 1]);
  assert.deepEqual(await value('four-party-count'), [1, null]);
});
