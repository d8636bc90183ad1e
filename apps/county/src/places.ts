// The fictional county's organisations: 3 county hospitals, 8 township hospitals, 87 village clinics, bureau, insurer.
// The shape (1 + 2 + 8 + 87 = 98 units, 90 villages) is that of the catalogue; names, codes and people are invented.
import type { Resource } from '@yimai/fhir';
import {
  figureCode,
  OFFICE_SYSTEM,
  ORG_KIND_SYSTEM,
  ORGANISATION_LEVEL_SYSTEM,
  SYNTHETIC_TAG,
} from './systems.ts';

export const REGION = '990121';
export const COUNTY_NAME = '栖云县';

export interface Place {
  readonly id: string;
  readonly name: string;
  readonly level: 'city' | 'county' | 'township' | 'village' | 'department';
  readonly kind: string;
  readonly parent: string | null;
  /** Villages that a clinic or a township looks after. */
  readonly villages: readonly string[];
}

const TOWNSHIPS = ['溪口镇', '白石镇', '望江镇', '青竹乡', '云台乡', '沙坪镇', '双河乡', '松岭乡'] as const;
const VILLAGE_HEADS = '上下东西南北新大小前后';
const VILLAGE_TAILS = ['湾', '坪', '坝', '塘', '沟', '岭', '田', '桥', '井'];

/** Everything in order of dependence: parents come first. */
export function places(): Place[] {
  const list: Place[] = [
    place('consortium', `${COUNTY_NAME}紧密型县域医共体`, 'county', 'consortium', null),
    place('bureau', `${COUNTY_NAME}卫生健康局`, 'county', 'bureau', 'consortium'),
    place('insurer', `${COUNTY_NAME}医疗保障局`, 'county', 'insurer', 'consortium'),
    place('supervision', `${COUNTY_NAME}卫生监督所`, 'county', 'supervision', 'consortium'),
    place('hr-centre', `${COUNTY_NAME}医共体人力资源中心`, 'county', 'hr-centre', 'consortium'),
    place('finance-centre', `${COUNTY_NAME}医共体财务中心`, 'county', 'finance-centre', 'consortium'),
    place('county-hospital', `${COUNTY_NAME}人民医院`, 'county', 'general-hospital', 'consortium'),
    place('tcm-hospital', `${COUNTY_NAME}中医医院`, 'county', 'tcm-hospital', 'consortium'),
    place('maternal-hospital', `${COUNTY_NAME}妇幼保健院`, 'county', 'maternal-hospital', 'consortium'),
  ];
  for (const [code, name] of DEPARTMENTS) {
    list.push(place(`county-hospital-${code}`, name, 'department', 'department', 'county-hospital'));
  }
  for (const [index, name] of TOWNSHIPS.entries()) {
    const id = `township-${index + 1}`;
    list.push({
      ...place(id, `${name}卫生院`, 'township', 'township-hospital', 'consortium'),
      villages: villagesOf(index),
    });
  }
  for (const [index] of TOWNSHIPS.entries()) list.push(...clinicsOf(index));
  // Where residents go when they leave the county; not part of the consortium.
  list.push(
    place('outside-city-hospital', '云州市第一人民医院（县外）', 'city', 'outside-hospital', null),
    place('outside-province-hospital', '南岭省人民医院（县外）', 'city', 'outside-hospital', null),
  );
  return list;
}

const DEPARTMENTS = [
  ['internal', '内科'],
  ['surgery', '外科'],
  ['cardiology', '心血管内科'],
  ['obstetrics', '妇产科'],
  ['paediatrics', '儿科'],
  ['emergency', '急诊科'],
  ['imaging', '医学影像科'],
  ['ecg', '心电诊断中心'],
  ['laboratory', '检验科'],
] as const;

function place(id: string, name: string, level: Place['level'], kind: string, parent: string | null): Place {
  return { id, name, level, kind, parent, villages: [] };
}

/** 90 villages over 8 townships: two townships have 12, six have 11. */
function villagesOf(township: number): string[] {
  const count = township < 2 ? 12 : 11;
  return Array.from({ length: count }, (_, index) => {
    const head = VILLAGE_HEADS[(index * 3 + township) % VILLAGE_HEADS.length]!;
    const tail = VILLAGE_TAILS[(index + township * 2) % VILLAGE_TAILS.length]!;
    return `${head}${tail}村`;
  });
}

/** 87 clinics for 90 villages: in the last three townships one clinic looks after two villages. */
function clinicsOf(township: number): Place[] {
  const villages = villagesOf(township);
  const shared = township >= 5;
  const count = shared ? villages.length - 1 : villages.length;
  return Array.from({ length: count }, (_, index) => ({
    ...place(
      `clinic-${township + 1}-${index + 1}`,
      `${TOWNSHIPS[township]}${villages[index]}卫生室`,
      'village',
      'village-clinic',
      `township-${township + 1}`,
    ),
    villages: shared && index === 0 ? [villages[0]!, villages.at(-1)!] : [villages[index]!],
  }));
}

/** What figures call the kind of an institution; offices of the county are none. */
const INSTITUTION_CLASS: Readonly<Record<string, string>> = {
  'general-hospital': 'hospital',
  'tcm-hospital': 'tcm-hospital',
  'maternal-hospital': 'maternal-child-hospital',
  'township-hospital': 'township-hospital',
  'village-clinic': 'village-clinic',
  'outside-hospital': 'hospital',
  supervision: 'supervision-station',
};
const GRADE: Readonly<Record<string, string>> = {
  'general-hospital': '2A',
  'tcm-hospital': '2A',
  'maternal-hospital': '2B',
  'outside-hospital': '3A',
};
/** Offices that loops look for by name. */
const OFFICES: Readonly<Record<string, string>> = {
  'county-hospital': 'screening-experts',
  consortium: 'consortium-office',
  bureau: 'bureau',
  insurer: 'insurer',
  supervision: 'supervision',
  'hr-centre': 'hr-centre',
  'finance-centre': 'finance-centre',
};
const IS_OFFICE = new Set(['bureau', 'insurer', 'supervision', 'hr-centre', 'finance-centre']);

export function organization(one: Place): Resource {
  const office = OFFICES[one.id];
  const figures = [
    // An office has no scope of its own in figures: what it does counts for the county.
    IS_OFFICE.has(one.kind) ? undefined : (['organisation-level', one.level] as const),
    INSTITUTION_CLASS[one.kind] && (['institution-class', INSTITUTION_CLASS[one.kind]!] as const),
    GRADE[one.kind] && (['hospital-grade', GRADE[one.kind]!] as const),
    one.kind === 'general-hospital' ? (['consortium-role', 'lead'] as const) : undefined,
  ].filter((each) => typeof each === 'object');
  return {
    resourceType: 'Organization',
    id: one.id,
    meta: { tag: SYNTHETIC_TAG },
    ...(office === undefined ? {} : { identifier: [{ system: OFFICE_SYSTEM, value: office }] }),
    active: true,
    type: [
      { coding: [{ system: ORGANISATION_LEVEL_SYSTEM, code: one.level }] },
      { coding: [{ system: ORG_KIND_SYSTEM, code: one.kind }] },
      ...figures.map(([system, code]) => figureCode(system, code)),
    ],
    name: one.name,
    address: [{ text: `${COUNTY_NAME}（虚构）`, district: REGION }],
    ...(one.parent === null ? {} : { partOf: { reference: `Organization/${one.parent}` } }),
  };
}
