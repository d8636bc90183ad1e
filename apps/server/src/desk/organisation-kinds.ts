// The kinds of organisations of a county, the duties that loops look for, and the words for both.
import type { OrganisationKind } from '@yimai/desk/contract';
import type { Text } from '@yimai/kit';

interface Kind extends OrganisationKind {
  /** How figures class an institution; offices have no class. */
  readonly institution?: string;
  readonly also?: readonly string[];
}

export const ORGANISATION_KINDS: readonly Kind[] = [
  { code: 'consortium', name: { zh: '医共体', en: 'Consortium' }, also: ['医疗集团', '总医院'] },
  {
    code: 'general-hospital',
    name: { zh: '综合医院', en: 'General hospital' },
    institution: 'hospital',
    also: ['医院', '人民医院', '县级医院'],
  },
  {
    code: 'tcm-hospital',
    name: { zh: '中医医院', en: 'Hospital of Chinese medicine' },
    institution: 'tcm-hospital',
  },
  {
    code: 'maternal-hospital',
    name: { zh: '妇幼保健院', en: 'Maternal and child hospital' },
    institution: 'maternal-child-hospital',
  },
  {
    code: 'township-hospital',
    name: { zh: '乡镇卫生院', en: 'Township hospital' },
    institution: 'township-hospital',
    also: ['卫生院', '中心卫生院', '社区卫生服务中心'],
  },
  {
    code: 'village-clinic',
    name: { zh: '村卫生室', en: 'Village clinic' },
    institution: 'village-clinic',
    also: ['卫生室', '社区卫生服务站'],
  },
  { code: 'bureau', name: { zh: '卫生健康局', en: 'Health bureau' }, also: ['卫健局'] },
  { code: 'insurer', name: { zh: '医疗保障局', en: 'Insurer' }, also: ['医保局'] },
  {
    code: 'supervision',
    name: { zh: '卫生监督所', en: 'Health supervision' },
    institution: 'supervision-station',
  },
  { code: 'hr-centre', name: { zh: '人力资源中心', en: 'HR centre' } },
  { code: 'finance-centre', name: { zh: '财务中心', en: 'Finance centre' } },
  { code: 'department', name: { zh: '科室', en: 'Department' } },
  { code: 'other', name: { zh: '其他', en: 'Other' } },
];

export const OFFICE_NAMES: Readonly<Record<string, Text>> = {
  'consortium-office': { zh: '医共体办公室', en: 'Consortium office' },
  bureau: { zh: '卫生健康局', en: 'Health bureau' },
  'hr-centre': { zh: '人力资源中心', en: 'HR centre' },
  'screening-experts': { zh: '筛查专家组', en: 'Screening experts' },
  supervision: { zh: '卫生监督', en: 'Health supervision' },
  insurer: { zh: '医疗保障局', en: 'Insurer' },
  'finance-centre': { zh: '财务中心', en: 'Finance centre' },
};

export const LEVEL_NAMES = {
  city: { zh: '市', en: 'City' },
  county: { zh: '县', en: 'County' },
  township: { zh: '乡镇', en: 'Township' },
  village: { zh: '村', en: 'Village' },
  department: { zh: '科室', en: 'Department' },
} as const satisfies Record<string, Text>;

type Level = keyof typeof LEVEL_NAMES;

export const kindNamed = (text: string): Kind | undefined =>
  ORGANISATION_KINDS.find((kind) => said(text, kind.code, kind.name, kind.also));

export const levelNamed = (text: string): Level | undefined =>
  (Object.keys(LEVEL_NAMES) as Level[]).find((level) =>
    said(text.replace(/级$/, ''), level, LEVEL_NAMES[level], level === 'township' ? ['乡', '镇'] : []),
  );

export const officeNamed = (text: string, known: readonly string[]): string | undefined =>
  known.find((office) => said(text, office, OFFICE_NAMES[office] ?? { zh: office, en: office }));

function said(text: string, code: string, name: Text, also: readonly string[] = []): boolean {
  const wanted = text.trim().toLowerCase();
  return [code, name.zh, name.en, ...also].some((each) => each.toLowerCase() === wanted);
}
