// Bad input of the import: each kind by its code, row and column; good rows apart; nothing twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkSettlementRows, SETTLEMENT_COLUMNS, type SettlementRow } from './settlement-list.ts';

const editions = {
  isDiagnosis: (code: string) => /^[A-Z]\d\d\.\d{3}$/.test(code),
  isProcedure: (code: string) => /^\d\d\.\d{4}$/.test(code),
  isKnownList: (id: string) => id === 'old',
};

const row = (changes: SettlementRow = {}): SettlementRow => ({
  id: 'L1',
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
  dx: 'I10.000|E11.900',
  proc: '',
  cost: '8,000.50',
  patientBorne: '2000',
  ...changes,
});

test('[fund F19] a good row becomes a stay to group and amounts to price', () => {
  const { good, problems } = checkSettlementRows([row()], editions);
  assert.deepEqual(problems, []);
  const [list] = good;
  assert.deepEqual([list?.costFen, list?.patientBorneFen], [800_050n, 200_000n]);
  const { age, ageDays, los, dx, proc } = list!.stay;
  assert.deepEqual(
    { age, ageDays, los, dx, proc },
    { age: 65, ageDays: 24_046, los: 10, dx: ['I10.000', 'E11.900'], proc: [] },
  );
});

const BAD: readonly [code: string, column: string, severity: string, changes: SettlementRow][] = [
  ['value-missing', 'id', 'error', { id: ' ' }],
  ['already-imported', 'id', 'error', { id: 'old' }],
  ['value-unknown', 'level', 'error', { level: 'huge' }],
  ['value-unknown', 'gender', 'error', { gender: '9' }],
  ['not-a-date', 'admittedOn', 'error', { admittedOn: '2026/3/2' }],
  ['discharge-before-admission', 'dischargedOn', 'error', { dischargedOn: '2026-03-01' }],
  ['birth-after-admission', 'birthDate', 'error', { birthDate: '2026-03-03' }],
  ['newborn-without-weight', 'weight', 'error', { birthDate: '2026-02-02' }],
  ['weight-not-a-weight', 'weight', 'error', { birthDate: '2026-02-02', weight: '3.2 kg' }],
  ['no-diagnosis', 'dx', 'error', { dx: ' | ' }],
  ['amount-negative', 'cost', 'error', { cost: '-1', patientBorne: '-1' }],
  ['not-an-amount', 'cost', 'error', { cost: '12.345' }],
  ['patient-part-above-cost', 'patientBorne', 'error', { patientBorne: '9000' }],
  ['code-outside-edition', 'dx', 'warning', { dx: 'I10.000|XYZ' }],
  ['code-outside-edition', 'proc', 'warning', { proc: '1.2' }],
  ['sex-contradicts-diagnosis', 'dx', 'warning', { dx: 'N40.000' }],
  ['sex-contradicts-diagnosis', 'dx', 'warning', { gender: '1', dx: 'I10.000|O80.000' }],
  ['sex-contradicts-diagnosis', 'dx', 'warning', { gender: '1', dx: 'Z34.900' }],
  ['sex-contradicts-diagnosis', 'dx', 'warning', { gender: '1', dx: 'D07.300' }],
  ['sex-contradicts-diagnosis', 'dx', 'warning', { dx: 'D07.400' }],
  ['sex-contradicts-diagnosis', 'dx', 'warning', { dx: 'Z12.500' }],
];

for (const [code, column, severity, changes] of BAD) {
  test(`[fund F19] ${severity}: ${code} in ${column} (${JSON.stringify(changes)})`, () => {
    const { good, problems, errorRows } = checkSettlementRows([row({ id: 'ok' }), row(changes)], editions, 2);
    const found = problems.find((problem) => problem.code === code && problem.column === column);
    assert.deepEqual([found?.row, found?.severity], [3, severity]);
    assert.deepEqual([good.length, errorRows], severity === 'error' ? [1, 1] : [2, 0]);
  });
}

test('[fund F19] what either sex can have warns of nothing, also beside a range that one sex alone can have', () => {
  for (const dx of ['D07.300', 'N99.300', 'O00.000', 'C56.000', 'N52.000', 'I10.000', 'Z12.400', 'Q56.000'])
    assert.deepEqual(checkSettlementRows([row({ dx })], editions).problems, [], dx);
  for (const dx of ['D07.600', 'N51.800', 'C60.900', 'N52.000', 'N99.000', 'Z12.500', 'Z38.000'])
    assert.deepEqual(checkSettlementRows([row({ gender: '1', dx })], editions).problems, [], dx);
});

test('[fund F19] day 29 is no newborn; a list twice in one file is refused the second time', () => {
  assert.equal(checkSettlementRows([row({ birthDate: '2026-02-01' })], editions).errorRows, 0);
  const { good, problems } = checkSettlementRows([row(), row()], editions);
  assert.deepEqual([good.length, problems[0]?.code, problems[0]?.row], [1, 'duplicate-in-file', 2]);
});

test('[fund F19] any rows at all: never throws, every row is good or has an error (seed 61)', () => {
  const anyRow = fc.dictionary(fc.constantFrom(...SETTLEMENT_COLUMNS), fc.string({ maxLength: 12 }));
  const mixed = fc.oneof(
    anyRow,
    anyRow.map((changes) => row(changes)),
  );
  fc.assert(
    fc.property(fc.array(mixed, { maxLength: 8 }), (rows) => {
      const { good, problems, errorRows } = checkSettlementRows(rows, editions);
      assert.equal(good.length + errorRows, rows.length);
      const withErrors = new Set(
        problems.filter(({ severity }) => severity === 'error').map((problem) => problem.row),
      );
      assert.equal(withErrors.size, errorRows);
    }),
    { seed: 61, numRuns: 500 },
  );
});
