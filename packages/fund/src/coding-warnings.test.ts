// Warnings of coding and of bills beside a stay, at their edges; the one-sex list held against the shipped schemes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { group, loadScheme, shippedSchemes } from '@yimai/grouping';
import { localDate, must } from '@yimai/kit';
import {
  type BesideBill,
  contradictsSex,
  dividedBy,
  loadRuleSet,
  warnBeside,
  warnCoding,
  warnHighCoding,
} from './index.ts';

const coding = {
  isDiagnosis: (code: string) => code !== 'X99.999',
  isDivided: dividedBy(['ES31', 'ES35', 'FV19', 'GB1']),
};
const coded = (dx: string[], drg: string, gender = '1') =>
  warnCoding({ id: 'a', gender, dx, drg }, coding).map(({ code }) => code);

test('[fund F20] at discharge: no or an unknown principal diagnosis, a sex that contradicts, complications not filled', () => {
  assert.deepEqual(coded(['J18.000', 'I10.x00'], 'ES35'), []);
  assert.deepEqual(coded([], '0000'), ['principal-diagnosis-missing']);
  assert.deepEqual(coded(['X99.999'], '0000'), ['principal-diagnosis-unknown']);
  assert.deepEqual(coded(['O80.000'], 'OR15'), ['sex-contradicts-diagnosis']);
  assert.deepEqual(coded(['J18.000', 'N40.x00'], 'ES35', '2'), ['sex-contradicts-diagnosis']);
  assert.deepEqual(coded(['J18.000'], 'ES35'), ['complications-not-filled']);
  assert.deepEqual(coded(['J18.000'], 'FV19'), [], 'an ADRG that is not divided asks for none');
  assert.deepEqual(coded(['J18.000'], 'GB1'), []);
});

test('[fund F20] coded with complications and cheaper than those without: only against enough stays of the county', () => {
  const limits = { leastCases: 5, costBelow: 10_000n };
  const plain = Array.from({ length: 5 }, (_, index) => ({
    id: `p${index}`,
    drg: 'ES35',
    costFen: BigInt(1000 + index),
  }));
  const warned = (costFen: bigint, drg = 'ES31', baseline = plain) =>
    warnHighCoding([{ id: 'a', drg, costFen }], baseline, limits).map(({ code }) => code);
  assert.deepEqual(warned(1001n), ['possible-high-coding']);
  assert.deepEqual(warned(1002n), [], 'the mean itself is not below it');
  assert.deepEqual(warned(1001n, 'ES35'), []);
  assert.deepEqual(warned(1001n, 'ES31', plain.slice(1)), [], 'four stays are no baseline');
});

test('[fund F20] bills beside a stay: outpatient ones just before and after, any while it lasts, from the sum on', () => {
  const stay = {
    id: 'a',
    patient: 'p',
    admittedOn: localDate('2026-03-02'),
    dischargedOn: localDate('2026-03-12'),
  };
  const bill = (on: string, setting: string, amountFen: bigint, patient = 'p'): BesideBill => ({
    patient,
    setting,
    on: localDate(on),
    amountFen,
  });
  const limits = { days: 3, fromFen: 30_000n };
  const warned = (...bills: BesideBill[]) => warnBeside([stay], bills, limits).map(({ code }) => code);
  assert.deepEqual(warned(bill('2026-02-27', 'outpatient', 30_000n)), ['possible-shift-to-outpatient']);
  assert.deepEqual(warned(bill('2026-02-26', 'outpatient', 30_000n)), []);
  assert.deepEqual(warned(bill('2026-03-15', 'outpatient', 30_000n)), ['possible-shift-to-outpatient']);
  assert.deepEqual(warned(bill('2026-03-16', 'outpatient', 30_000n)), []);
  assert.deepEqual(warned(bill('2026-03-15', 'pharmacy', 30_000n)), [], 'medicine taken home is no shift');
  assert.deepEqual(warned(bill('2026-03-05', 'pharmacy', 30_000n)), ['purchase-during-stay']);
  assert.deepEqual(warned(bill('2026-03-05', 'pharmacy', 29_999n)), []);
  assert.deepEqual(warned(bill('2026-03-05', 'pharmacy', 29_999n), bill('2026-03-06', 'outpatient', 1n)), [
    'purchase-during-stay',
  ]);
  assert.deepEqual(warned(bill('2026-03-05', 'pharmacy', 30_000n, 'other')), []);
});

test('[fund F20] every shipped rule set states these limits', () => {
  for (const name of ['consortium-county/2026', 'point-city/2026', 'rate-city/2026']) {
    const { coding: limits, around, running } = must(loadRuleSet(name)).warnings!;
    assert.deepEqual([limits?.leastCases, around?.days, running.predictFrom], [5, 3, 5_000n], name);
  }
});

test('[fund F19] no scheme groups a diagnosis for the sex that the list says cannot have it', () => {
  const gates: Readonly<Record<string, readonly string[]>> = { '1': ['MDCM'], '2': ['MDCN', 'MDCO'] };
  const edition = new URL('../../../rules/icd/diagnoses.tsv.gz', import.meta.url);
  const codes = gunzipSync(readFileSync(edition))
    .toString()
    .split('\n')
    .map((line) => line.split('\t')[0]!)
    .filter((code) => ['1', '2'].some((sex) => contradictsSex(sex, [code]) !== undefined));
  assert.ok(codes.length > 2_000, `${codes.length} codes of one sex`);
  for (const name of shippedSchemes()) {
    const scheme = must(loadScheme(name));
    const wrong = codes.flatMap((code) =>
      ['1', '2'].filter((gender) => {
        if (contradictsSex(gender, [code]) === undefined) return false;
        const stay = {
          id: code,
          gender,
          age: 30,
          ageDays: null,
          weight: null,
          dept: '',
          los: 5,
          leavingType: '1',
        };
        return gates[gender]!.includes(group({ ...stay, dx: [code], proc: [] }, scheme).mdc);
      }),
    );
    assert.deepEqual(wrong, [], name);
  }
  assert.equal(contradictsSex('1', ['N97.400x001']), undefined, 'infertility of the man');
  assert.equal(contradictsSex(null, ['O80.000']), undefined);
});
