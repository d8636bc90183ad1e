// Acceptance of the heads' responsibility: counts and no names, who has not confirmed, the county as the sum of its units.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { coverageOf } from '@yimai/runtime';
import { type As, DIRECTOR_A, DIRECTOR_B, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const SCREENER: As = { role: 'public-health-worker', org: 'county', person: 'expert-1' };
const units = [
  { unit: 'Organization/town-a', head: 'Practitioner/director-a', staff: 40 },
  { unit: 'Organization/town-b', head: 'Practitioner/director-b', staff: 30 },
  { unit: 'Organization/tcm', head: 'Practitioner/expert-2', staff: 4 },
];
await county.apply(OFFICE, 'register.import', { register: 'health-units', rows: units, from: '2026-01-01' });
const card = (unit: string, screened: number, abnormal: number, followed = abnormal) => ({
  loop: 'unit-health-card',
  answers: { unit: `Organization/${unit}`, year: 2026, screened, abnormal, followed },
});
const open = async (...of: Parameters<typeof card>): Promise<string> =>
  (await county.apply(SCREENER, 'loop.open', card(...of))).case;
const confirm = (as: As, id: string, answers: object = {}) =>
  county.apply(as, 'loop.act', { case: id, event: 'confirm', answers });

test('[head-health-responsibility/1] the head sees counts, never the diagnosis of a person without consent', async () => {
  const found = {
    resourceType: 'Condition' as const,
    id: 'found',
    subject: { reference: 'Patient/staff-1' },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'C50' }] },
  };
  const staff = {
    resourceType: 'Patient' as const,
    id: 'staff-1',
    managingOrganization: { reference: 'Organization/town-a' },
  };
  await county.put(staff, found);
  assert.equal(await county.record.read(county.access(DIRECTOR_A), 'Condition', 'found'), null);
  const id = await open('town-a', 40, 6);
  const read = await county.record.read(county.access(DIRECTOR_A), 'Task', id);
  assert.match(String(read?.content), /abnormal/);
  assert.doesNotMatch(String(read?.content), /Patient\/|C50/);
  await confirm(DIRECTOR_A, id);
  const small = await county.refuse(SCREENER, 'loop.open', card('tcm', 4, 1));
  assert.equal(small.code, 'group-too-small');
  const told = {
    register: 'health-disclosures',
    entry: { person: 'Practitioner/expert-3', unit: 'Organization/town-a', need: '调整夜班' },
  };
  assert.equal((await county.refuse(SCREENER, 'register.put', told)).code, 'consent-missing');
  await county.apply(SCREENER, 'register.put', {
    ...told,
    entry: { ...told.entry, consent: 'Consent/agreed' },
  });
});

test('[head-health-responsibility/2] units whose head has not confirmed in the period are listed', async () => {
  const confirmed = (year: number) =>
    coverageOf(
      county.database,
      { register: 'health-units' },
      { register: 'unit-health-cards', field: 'unit', where: { year } },
      '2026-03-02',
    );
  assert.deepEqual(await confirmed(2026), {
    covered: 1,
    all: 3,
    missing: ['Organization/tcm', 'Organization/town-b'],
  });
  const id = await open('town-b', 20, 5, 3);
  const other = { case: id, event: 'confirm', answers: { measures: '补检' } };
  assert.equal((await county.refuse(DIRECTOR_A, 'loop.act', other)).code, 'not-your-turn');
  const bare = { case: id, event: 'confirm' };
  assert.equal((await county.refuse(DIRECTOR_B, 'loop.act', bare)).at, 'payload.answers.measures');
  assert.deepEqual((await confirmed(2026)).missing, ['Organization/tcm', 'Organization/town-b']);
  await confirm(DIRECTOR_B, id, { measures: '10 人补检，2 人随访' });
  assert.deepEqual((await confirmed(2026)).missing, ['Organization/tcm']);
  assert.equal((await confirmed(2025)).covered, 0);
  const close = { case: id, event: 'close-gap', answers: { screened: 30, followed: 4 } };
  assert.equal((await county.refuse(DIRECTOR_B, 'loop.act', close)).code, 'gap-open');
});

test('[head-health-responsibility/3] the figure of the county is the sum over its units', async () => {
  await confirm({ role: 'hospital-doctor', org: 'tcm', person: 'expert-2' }, await open('tcm', 4, 0));
  assert.equal((await county.refuse(SCREENER, 'loop.open', card('town-a', 41, 0))).code, 'counts-differ');
  const { rows, total } = await county.report('unit-cards', '2026-03-02');
  const column = (at: number) => [
    total[at],
    rows.filter(({ of }) => of[0] === '2026').map(({ cells }) => cells[at]),
  ];
  const [screened, abnormal] = [column(1), column(2)];
  assert.deepEqual(screened, [64, [4, 40, 20]]);
  assert.deepEqual(abnormal, [11, [0, 6, 5]]);
});
