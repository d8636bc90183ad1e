// The canonical addresses of our own profiles, extensions, code systems and identifier systems.

import { isNationalId } from '@yimai/terms';

const BASE = 'https://yimai.example/fhir';

export const PROFILE_BASE = `${BASE}/StructureDefinition/`;

/** Identifier systems whose value is a Chinese national ID number: encrypted at rest, found by blind index. */
export const NATIONAL_ID_SYSTEMS: readonly string[] = [
  'urn:oid:2.16.156.10011.1.3',
  'https://yimai.example/id/national-id',
  'http://NamingSystem.hl7fhir.cn/identityDocument',
];
/** Whether a value is a national ID number: its system says so, or its check digit and birth date do. */
export const isNationalIdValue = (system: string | null, value: string): boolean =>
  (system !== null && NATIONAL_ID_SYSTEMS.includes(system)) || (value.length === 18 && isNationalId(value));

const ID_NUMBER = /(?<!\d)[1-9]\d{16}[\dXx](?![\dXx])/g;

/** Whether a national ID number stands anywhere in a text. */
export const holdsNationalId = (text: string): boolean =>
  text.match(ID_NUMBER)?.some((number) => isNationalId(number.toUpperCase())) ?? false;

/** The text with each national ID number in it put through `replace`. */
export const replaceNationalIds = (text: string, replace: (number: string) => string): string =>
  text.replace(ID_NUMBER, (number) => (isNationalId(number.toUpperCase()) ? replace(number) : number));

const MOBILE_NUMBER = /(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\.?\d)/;
const WORDS = /[\p{Script=Han}\s]/u;

/** Whether a mobile number stands among words; as many digits alone may be the number of an order or a device. */
export const tellsMobile = (text: string): boolean =>
  text.length > 11 && MOBILE_NUMBER.test(text) && WORDS.test(text);

/** The text with each mobile number among its words put through `replace`. */
export const replaceMobiles = (text: string, replace: (number: string) => string): string =>
  tellsMobile(text) ? text.replace(new RegExp(MOBILE_NUMBER, 'g'), replace) : text;

/** Only these two hold nothing but ID-card numbers; CN-CORE's identityDocument also holds passports. */
export const ID_CARD_SYSTEMS: readonly string[] = NATIONAL_ID_SYSTEMS.slice(0, 2);
/** Unified social credit codes (统一社会信用代码). */
export const CREDIT_CODE_SYSTEMS: readonly string[] = [
  'https://yimai.example/id/credit-code',
  'https://www.cods.org.cn',
];

export const ICD_10_SYSTEM = `${BASE}/CodeSystem/icd-10-cn`;
export const ICD_9_CM_3_SYSTEM = `${BASE}/CodeSystem/icd-9-cm-3-cn`;
export const ETHNICITY_SYSTEM = `${BASE}/CodeSystem/gb-t-3304`;
export const ORGANISATION_LEVEL_SYSTEM = `${BASE}/CodeSystem/organisation-level`;
export const REGION_SYSTEM = `${BASE}/CodeSystem/gb-t-2260`;

export const ETHNICITY_EXTENSION = `${PROFILE_BASE}ethnicity`;
export const REGION_EXTENSION = `${PROFILE_BASE}region`;
export const ORGANISATION_LEVEL_EXTENSION = `${PROFILE_BASE}organisation-level`;
