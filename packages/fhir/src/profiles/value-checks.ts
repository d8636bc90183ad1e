// Value checks of the profiles: check digits, national code sets and forms of codes.
import {
  ETHNICITY,
  hasCode,
  isCreditCode,
  isMobileNumber,
  isNationalId,
  isOrganisationLevel,
  regionPrefix,
} from '@yimai/terms';
import { isObject } from '../path/node.ts';
import type { ProfileElement, ValueCheck } from './profiles.ts';

/** Where below the element the fault is, and what it is; null if the value is right. */
export interface ValueFault {
  readonly below: string;
  readonly zh: string;
  readonly en: string;
}

type Check = (value: unknown, element: ProfileElement) => ValueFault | null;

const fault = (below: string, zh: string, en: string): ValueFault => ({ below, zh, en });
const textValue = (member: unknown): string =>
  isObject(member) && typeof member['value'] === 'string' ? member['value'] : '';

const onValue =
  (right: (text: string) => boolean, zh: string, en: string): Check =>
  (member) =>
    right(textValue(member)) ? null : fault('.value', zh, en);

/** An extension with valueCoding of the wanted system, or valueCode. */
const onExtensionCode =
  (right: (code: string) => boolean): Check =>
  (member, { system, zh, en }) => {
    const coding = isObject(member) && isObject(member['valueCoding']) ? member['valueCoding'] : null;
    const code = coding ? coding['code'] : isObject(member) ? member['valueCode'] : undefined;
    if (coding && coding['system'] !== system) {
      return fault(
        '.value.ofType(Coding).system',
        `${zh}的编码系统应为 ${system}`,
        `the system of ${en} must be ${system}`,
      );
    }
    const below = coding ? '.value.ofType(Coding).code' : '.value.ofType(code)';
    return typeof code === 'string' && right(code)
      ? null
      : fault(below, `${zh}代码不正确`, `this is no code of ${en}`);
  };

const ICD_10 = /^[A-Z]\d{2}(?:\.[0-9A-Za-z]{1,8})?(?:\+[A-Z]\d{2}(?:\.[0-9A-Za-z]{1,8})?\*?)?$/;

const icd10: Check = (concept, { system, zh, en }) => {
  const codings: readonly unknown[] =
    isObject(concept) && Array.isArray(concept['coding']) ? concept['coding'] : [];
  const own = codings.findIndex((one) => isObject(one) && one['system'] === system);
  const coding = codings[own];
  if (!isObject(coding))
    return fault('.coding', `${zh}缺少编码系统 ${system}`, `${en} needs a coding of ${system}`);
  const code = String(coding['code'] ?? '');
  return ICD_10.test(code)
    ? null
    : fault(`.coding[${own}].code`, 'ICD-10 编码格式不正确', 'this has not the form of an ICD-10 code');
};

export const VALUE_CHECKS: Readonly<Record<ValueCheck, Check>> = {
  'national-id': onValue(
    (text) => isNationalId(text),
    '身份证号校验不通过',
    'the national ID number fails its check',
  ),
  'credit-code': onValue(
    isCreditCode,
    '统一社会信用代码校验不通过',
    'the unified social credit code fails its check',
  ),
  mobile: onValue(
    (text) => !/^1\d{10}$/.test(text.replace(/[\s-]/g, '')) || isMobileNumber(text.replace(/[\s-]/g, '')),
    '手机号格式不正确',
    'this is no mobile number',
  ),
  ethnicity: onExtensionCode((code) => hasCode(ETHNICITY, code)),
  region: onExtensionCode((code) => regionPrefix(code) !== null),
  'organisation-level': onExtensionCode(isOrganisationLevel),
  'icd-10': icd10,
  'period-start': (period) =>
    isObject(period) && typeof period['start'] === 'string'
      ? null
      : fault('', '就诊时间缺少开始时间', 'the period has no start'),
};
