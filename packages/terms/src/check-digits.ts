// Check digits of the numbers that Chinese health care runs on (facts: GB 11643, GB 32100, GB 11714).
import { isLocalDate, type LocalDate } from '@yimai/kit';

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';
const CREDIT_SET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** What a national ID number says about its holder. */
export interface NationalId {
  /** Always the 18-digit form. */
  readonly number: string;
  /** First six digits: the county of first registration. */
  readonly region: string;
  readonly birthDate: LocalDate;
  readonly sex: 'male' | 'female';
}

/** The 18th character for the first 17 digits. */
export function nationalIdCheckDigit(first17: string): string {
  const sum = ID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(first17.charAt(at)), 0);
  return ID_CHECKS.charAt(sum % 11);
}

/** An old 15-digit number in its 18-digit form: the century is put in and the check digit counted. */
function upgradeNationalId(old: string): string {
  const first17 = `${old.slice(0, 6)}19${old.slice(6)}`;
  return first17 + nationalIdCheckDigit(first17);
}

/** Reads an 18-digit (or old 15-digit) national ID number (居民身份证号); null if it cannot exist. `today` bounds the birth date. */
export function readNationalId(text: string, today?: LocalDate): NationalId | null {
  const number = /^\d{15}$/.test(text) ? upgradeNationalId(text) : text;
  if (!/^[1-9]\d{16}[\dX]$/.test(number) || nationalIdCheckDigit(number) !== number.charAt(17)) return null;
  const birthDate = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isLocalDate(birthDate) || birthDate < '1850-01-01') return null;
  if (today !== undefined && birthDate > today) return null;
  if (/^(\d)\1{16}/.test(number)) return null;
  return {
    number,
    region: number.slice(0, 6),
    birthDate,
    sex: Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female',
  };
}

export const isNationalId = (text: string, today?: LocalDate): boolean =>
  readNationalId(text, today) !== null;

/** The 18th character of a unified social credit code (统一社会信用代码) for its first 17. */
export function creditCodeCheckDigit(first17: string): string | null {
  let sum = 0;
  let weight = 1;
  for (const char of first17) {
    const value = CREDIT_SET.indexOf(char);
    if (value < 0) return null;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_SET.charAt((31 - (sum % 31)) % 31);
}

export function isCreditCode(text: string): boolean {
  return (
    /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text) && creditCodeCheckDigit(text.slice(0, 17)) === text.charAt(17)
  );
}

/** Check digit of an organisation code (组织机构代码): `D2143569` gives `X`. */
export function organisationCodeCheckDigit(first8: string): string | null {
  let sum = 0;
  for (let at = 0; at < 8; at++) {
    const value = Number.parseInt(first8.charAt(at), 36);
    if (Number.isNaN(value)) return null;
    sum += value * (ORGANISATION_WEIGHTS[at] as number);
  }
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

/** With or without the hyphen before the check digit. */
export function isOrganisationCode(text: string): boolean {
  const match = /^([0-9A-Z]{8})-?([0-9X])$/.exec(text);
  return match !== null && organisationCodeCheckDigit(match[1] as string) === match[2];
}

export const isMobileNumber = (text: string): boolean => /^1[3-9]\d{9}$/.test(text);
