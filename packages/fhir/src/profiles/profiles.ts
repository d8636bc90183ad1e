// Our Chinese profiles as data: what each adds to the R4 type, in the manner of a StructureDefinition's differential.
import {
  CREDIT_CODE_SYSTEMS,
  ETHNICITY_EXTENSION,
  ETHNICITY_SYSTEM,
  ICD_10_SYSTEM,
  ID_CARD_SYSTEMS,
  ORGANISATION_LEVEL_EXTENSION,
  ORGANISATION_LEVEL_SYSTEM,
  PROFILE_BASE,
  REGION_EXTENSION,
  REGION_SYSTEM,
} from './systems.ts';

/** Checks that need more than cardinality; see value-checks.ts. */
export type ValueCheck =
  | 'national-id'
  | 'credit-code'
  | 'ethnicity'
  | 'region'
  | 'organisation-level'
  | 'icd-10'
  | 'period-start'
  | 'mobile';

/** One element of the resource under a profile. */
export interface ProfileElement {
  /** The element, as a name below the resource. */
  readonly element: string;
  /** Only members with this `system` (identifiers, contact points) or this `url` (extensions) are meant. */
  readonly slice?: { readonly by: 'system' | 'url'; readonly values: readonly string[] };
  readonly min?: number;
  readonly max?: number;
  readonly check?: ValueCheck;
  /** The code system that a Coding of the element must have. */
  readonly system?: string;
  readonly zh: string;
  readonly en: string;
}

export interface Profile {
  readonly url: string;
  readonly type: string;
  readonly zh: string;
  readonly en: string;
  readonly elements: readonly ProfileElement[];
}

const slice = (by: 'system' | 'url', ...values: string[]) => ({ by, values });

const NATIONAL_ID: ProfileElement = {
  element: 'identifier',
  slice: slice('system', ...ID_CARD_SYSTEMS),
  max: 1,
  check: 'national-id',
  zh: '居民身份证号',
  en: 'national ID number',
};
const MOBILE: ProfileElement = {
  element: 'telecom',
  slice: slice('system', 'phone'),
  check: 'mobile',
  zh: '电话',
  en: 'phone',
};
const needs = (element: string, zh: string, en: string): ProfileElement => ({ element, min: 1, zh, en });

export const PROFILES: readonly Profile[] = [
  {
    url: `${PROFILE_BASE}yimai-patient`,
    type: 'Patient',
    zh: '居民',
    en: 'resident',
    elements: [
      needs('identifier', '标识', 'identifier'),
      needs('name', '姓名', 'name'),
      needs('gender', '性别', 'gender'),
      needs('birthDate', '出生日期', 'birth date'),
      NATIONAL_ID,
      MOBILE,
      {
        element: 'extension',
        slice: slice('url', ETHNICITY_EXTENSION),
        max: 1,
        check: 'ethnicity',
        system: ETHNICITY_SYSTEM,
        zh: '民族（GB/T 3304）',
        en: 'ethnicity (GB/T 3304)',
      },
      {
        element: 'extension',
        slice: slice('url', REGION_EXTENSION),
        max: 1,
        check: 'region',
        system: REGION_SYSTEM,
        zh: '行政区划（GB/T 2260）',
        en: 'administrative region (GB/T 2260)',
      },
    ],
  },
  {
    url: `${PROFILE_BASE}yimai-practitioner`,
    type: 'Practitioner',
    zh: '医务人员',
    en: 'practitioner',
    elements: [needs('identifier', '标识', 'identifier'), needs('name', '姓名', 'name'), NATIONAL_ID, MOBILE],
  },
  {
    url: `${PROFILE_BASE}yimai-organization`,
    type: 'Organization',
    zh: '机构',
    en: 'organisation',
    elements: [
      needs('name', '名称', 'name'),
      {
        element: 'identifier',
        slice: slice('system', ...CREDIT_CODE_SYSTEMS),
        max: 1,
        check: 'credit-code',
        zh: '统一社会信用代码',
        en: 'unified social credit code',
      },
      {
        element: 'extension',
        slice: slice('url', ORGANISATION_LEVEL_EXTENSION),
        min: 1,
        max: 1,
        check: 'organisation-level',
        system: ORGANISATION_LEVEL_SYSTEM,
        zh: '机构层级',
        en: 'organisation level',
      },
    ],
  },
  {
    url: `${PROFILE_BASE}yimai-encounter`,
    type: 'Encounter',
    zh: '就诊',
    en: 'encounter',
    elements: [
      needs('subject', '居民', 'subject'),
      needs('serviceProvider', '就诊机构', 'service provider'),
      { element: 'period', min: 1, check: 'period-start', zh: '就诊时间', en: 'period' },
    ],
  },
  {
    url: `${PROFILE_BASE}yimai-condition`,
    type: 'Condition',
    zh: '诊断',
    en: 'condition',
    elements: [
      {
        element: 'code',
        min: 1,
        check: 'icd-10',
        system: ICD_10_SYSTEM,
        zh: '诊断编码（ICD-10 国家临床版/医保版）',
        en: 'diagnosis (ICD-10, national edition)',
      },
      needs('subject', '居民', 'subject'),
    ],
  },
  {
    url: `${PROFILE_BASE}yimai-servicerequest-referral`,
    type: 'ServiceRequest',
    zh: '转诊申请',
    en: 'referral request',
    elements: [
      needs('subject', '居民', 'subject'),
      needs('requester', '转出方', 'requester'),
      needs('performer', '接收方', 'performer'),
      needs('authoredOn', '申请时间', 'time of the request'),
      needs('reasonCode', '转诊原因', 'reason'),
    ],
  },
];
