// A stay out of the record: what an imported list said comes back, and what a hospital's interface sends is read the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Resource, validate } from '@yimai/fhir';
import { checkSettlementRows } from '@yimai/fund';
import { must } from '@yimai/kit';
import { claimOf, LIST_DATA_SYSTEM, stayOf } from './stay-of.ts';

const row = {
  id: 'L-1',
  patient: 'made-up-1',
  org: 'county-hospital',
  level: 'secondary',
  payer: 'resident',
  gender: '2',
  birthDate: '1960-05-01',
  weight: '',
  dept: '03',
  admittedOn: '2026-03-02',
  dischargedOn: '2026-03-12',
  leavingType: '1',
  dx: 'J18.000|I10.x00x002',
  proc: '33.2400',
  cost: '8000.07',
  patientBorne: '2000.10',
};
const anything = { isDiagnosis: () => true, isProcedure: () => true, isKnownList: () => false };
const levelOf = () => 'primary' as const;

test('[ledger L8] a list written as a Claim is valid FHIR and read back as it was, to the fen', () => {
  const [list] = checkSettlementRows([row], anything).good;
  assert.ok(list);
  const origin = { list, birthDate: row.birthDate, resident: null, insurer: 'insurer' };
  const claim = claimOf(origin, 'L-1');
  assert.deepEqual(validate(claim), []);
  assert.deepEqual(must(stayOf({ claim, patient: null, levelOf })), list);
});

test('[ledger L8] sex and age come from the resident, the level from the house, where the list does not say', () => {
  const claim = {
    resourceType: 'Claim',
    id: 'c-1',
    patient: { reference: 'Patient/p-1' },
    provider: { reference: 'Organization/township-1' },
    billablePeriod: { start: '2026-05-01', end: '2026-05-06' },
    diagnosis: [
      { sequence: 2, diagnosisCodeableConcept: { coding: [{ code: 'I10.x00x002' }] } },
      { sequence: 1, diagnosisCodeableConcept: { coding: [{ code: 'J20.900' }] } },
    ],
    supportingInfo: [
      { category: { coding: [{ system: LIST_DATA_SYSTEM, code: 'payer' }] }, valueString: 'employee' },
      {
        category: { coding: [{ system: LIST_DATA_SYSTEM, code: 'patient-borne-yuan' }] },
        valueQuantity: { value: 310.29 },
      },
    ],
    total: { value: 1034.3, currency: 'CNY' },
  } as unknown as Resource;
  const patient = { gender: 'male', birthDate: '2026-04-20' };
  const list = must(stayOf({ claim, patient, levelOf }));
  assert.deepEqual(
    [list.level, list.payer, list.org, list.patient],
    ['primary', 'employee', 'township-1', 'p-1'],
  );
  assert.deepEqual([list.costFen, list.patientBorneFen], [103_430n, 31_029n]);
  const { gender, age, ageDays, los, dx } = list.stay;
  assert.deepEqual(
    { gender, age, ageDays, los, dx },
    {
      gender: '1',
      age: 0,
      ageDays: 11,
      los: 5,
      dx: ['J20.900', 'I10.x00x002'],
    },
  );
});

test('[ledger L8] a stay without basic insurance is no stay to settle', () => {
  const claim = { resourceType: 'Claim', id: 'c-2' } as Resource;
  const read = stayOf({ claim, patient: null, levelOf });
  assert.deepEqual(read.ok ? null : [read.refusal.code, read.refusal.at], ['not-insured', 'payer']);
});
