// Check digits against the published examples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalDate } from '@yimai/kit';
import fc from 'fast-check';
import {
  creditCodeCheckDigit,
  isCreditCode,
  isMobileNumber,
  isNationalId,
  isOrganisationCode,
  nationalIdCheckDigit,
  organisationCodeCheckDigit,
  readNationalId,
} from './check-digits.ts';

test('[terms T1] the published ID number is read, its neighbours are not', () => {
  assert.deepEqual(readNationalId('11010519491231002X'), {
    number: '11010519491231002X',
    region: '110105',
    birthDate: '1949-12-31',
    sex: 'female',
  });
  assert.equal(nationalIdCheckDigit('62010219850615123'), '7');
  assert.equal(readNationalId('620102198506151237')?.sex, 'male');
  for (const wrong of [
    '11010519491231002x',
    '110105194912310021',
    '11010519491331002X',
    '1101051949123100',
    '',
    '111111111111111111',
  ]) {
    assert.equal(isNationalId(wrong), false, wrong);
  }
});

test('[terms T1] fifteen digits are upgraded, a birth date after today is refused, today is not', () => {
  assert.equal(readNationalId('110105491231002')?.number, '11010519491231002X');
  assert.equal(isNationalId('11010519491231002X', '1949-12-30' as LocalDate), false);
  assert.equal(isNationalId('11010519491231002X', '1949-12-31' as LocalDate), true);
});

test('[terms T1] one wrong digit never passes (seed 11, 300 runs)', () => {
  const number = '11010519491231002X';
  fc.assert(
    fc.property(fc.nat(16), fc.nat(9), (at, digit) => {
      const changed = number.slice(0, at) + String(digit) + number.slice(at + 1);
      return changed === number || nationalIdCheckDigit(changed.slice(0, 17)) !== 'X';
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('[terms T2] unified social credit codes', () => {
  assert.ok(isCreditCode('91350100M000100Y43'));
  assert.ok(isCreditCode('91110000600037341L'));
  assert.equal(creditCodeCheckDigit('91350100M000100Y4'), '3');
  for (const wrong of [
    '91350100M000100Y44',
    '91350100I000100Y43',
    '91350100m000100y43',
    '91350100M000100Y4',
  ]) {
    assert.equal(isCreditCode(wrong), false, wrong);
  }
});

test('[terms T3] organisation codes', () => {
  assert.equal(organisationCodeCheckDigit('D2143569'), 'X');
  assert.ok(isOrganisationCode('D2143569-X'));
  assert.ok(isOrganisationCode('D2143569X'));
  assert.equal(isOrganisationCode('D2143569-1'), false);
});

test('[terms T4] mobile numbers', () => {
  assert.ok(isMobileNumber('13800138000'));
  for (const wrong of ['12800138000', '1380013800', '138001380000', '+8613800138000'])
    assert.equal(isMobileNumber(wrong), false);
});
