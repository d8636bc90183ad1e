// What cannot be made up from a declaration: entries that other programmes look up, answers with the catalogue's own sum,
// openings whose parts must fit together.
import { addDays } from '@yimai/kit';
import { directorOf, experts } from '../people.ts';
import { places } from '../places.ts';
import { OBJECT_CODES } from './inspections.ts';
import type { Ground } from './invented.ts';
import { seat } from './stage.ts';

const person = (practitioner: string): string => `Practitioner/${practitioner}`;

type Row = Readonly<Record<string, unknown>>;

const LINKS = [
  '信息采集',
  '风险研判',
  '任务派发',
  '现场检查',
  '问题交办',
  '整改落实',
  '复查验收',
  '量化评级',
  '结果公示',
  '归档评价',
];

const DEPARTMENTS = [
  ['health', 'bureau'],
  ['insurance', 'insurer'],
  ['market', 'supervision'],
  ['law', 'supervision'],
  ['establishment', 'hr-centre'],
  ['development', 'consortium'],
  ['finance', 'finance-centre'],
  ['personnel', 'hr-centre'],
] as const;

const SITES = ['溪口镇', '白石镇', '望江镇', '青竹乡', '云台乡', '沙坪镇', '双河乡', '松岭乡'];

/** One doctor from above for the first village of each township. */
export const FIRST_VILLAGE_DOCTORS = places()
  .filter((one) => one.kind === 'village-clinic' && one.id.endsWith('-1'))
  .map((clinic, nth) => ({
    village: clinic.name.replace('卫生室', ''),
    township: clinic.name.slice(0, 3),
    doctor: person(experts()[nth]!.practitioner),
    duty: `每周${'一二三四五'[nth % 5]}上午`,
  }));

export const SEEDED_ROWS: Readonly<Record<string, readonly Row[]>> = {
  'ten-link-standards': LINKS.map((link, index) => ({
    link,
    standard: `${link}：一次告知、限时办结、留痕可查（合成）`,
    form: `JD-${String(index + 1).padStart(2, '0')}`,
  })),
  'sentinel-pay-rates': [
    { kind: 'food', fen: 3_000 },
    { kind: 'water', fen: 3_000 },
    { kind: 'school', fen: 2_000 },
    { kind: 'illegal-practice', fen: 5_000 },
    { kind: 'family-planning', fen: 2_000 },
  ],
  'sentinel-sites': SITES.map((town, index) => ({
    site: `${town}监督哨点`,
    institution: true,
    staff: true,
    powers: true,
    equipment: index % 5 !== 3,
    funds: index % 7 !== 5,
  })),
  'first-village-doctors': FIRST_VILLAGE_DOCTORS,
  'introduced-experts': experts()
    .slice(0, 6)
    .map((one, index) => ({
      person: `Practitioner/${one.practitioner}`,
      hospital: `Organization/${one.home}`,
      'intake-year': 2025 + (index % 2),
      kind: index % 3 === 0 ? 'flexible' : 'full',
      status: 'here',
    })),
  'information-officers': [seat('village'), seat('village-two')].map((one, nth) => ({
    person: person(one.practitioner),
    clinic: places().find(({ id }) => id === one.org)?.name ?? `clinic-${nth + 1}-1`,
  })),
  'health-units': SITES.slice(0, 6).map((_, nth) => ({
    unit: `Organization/township-${nth + 2}`,
    head: person(directorOf(`township-${nth + 2}`).practitioner),
    staff: 40 + nth * 3,
  })),
  'coordination-departments': DEPARTMENTS.map(([department, organisation], nth) => ({
    department,
    organisation: `Organization/${organisation}`,
    duty: `按职能牵头第 ${nth + 1} 类议定事项（合成）`,
  })),
  'remote-townships': ['township-7', 'township-8'].map((id) => ({
    township: `Organization/${id}`,
    remote: true,
  })),
};

const CHECKS = ['身份证号校验位', '出院日期早于入院日期', '主要诊断为空', '结算清单费用合计不等'];
const FOUND = [
  '抽查 200 份档案，3 份校验位不符（合成）',
  '2 份病案出院日期早于入院日期（合成）',
  '5 份门诊记录没有主要诊断（合成）',
  '1 份结算清单各项之和与总额差 0.01 元（合成）',
];

const overall = (code: string): Row => ({ overall: code });

/** 41 of 42 valid answers are satisfied: the 97.62 % of the catalogue. */
export const SEEDED_ANSWERS: Readonly<Record<string, readonly Row[]>> = {
  'community-satisfaction': [
    ...Array.from({ length: 41 }, (_, nth) => overall(nth % 3 === 0 ? 'satisfied' : 'very')),
    overall('fair'),
    overall('unknown'),
  ],
};

export const SEEDED_OPENINGS: Readonly<Record<string, (ground: Ground) => Row>> = {
  'livelihood-item': ({ nth, day }) => ({
    item: `民生实事 ${nth}（合成）`,
    year: Number(day.slice(0, 4)),
    target: 40 + nth,
    due: addDays(day, 120),
  }),
  'exam-to-appointment': ({ nth, day }) => ({
    applicant: person(`doctor-township-${7 + (nth % 2)}-${1 + (nth % 4)}`),
    township: `Organization/township-${7 + (nth % 2)}`,
    licence: 'physician',
    birth: addDays(day, -365 * 33),
    willing: true,
  }),
  'talent-plan': ({ day }) => ({
    year: Number(day.slice(0, 4)),
    ends: `${day.slice(0, 4)}-12-31`,
    attract: [person(experts()[0]!.practitioner)],
    train: [],
    keep: [],
    use: [],
  }),
  'unit-health-card': ({ nth, day }) => ({
    unit: `Organization/township-${2 + (nth % 6)}`,
    year: Number(day.slice(0, 4)),
    screened: 36,
    abnormal: 7,
    followed: nth % 2 === 0 ? 7 : 5,
  }),
  // The older ones are of the year before: what is due after the holidays that are published cannot be reckoned.
  'elder-assessment-year': ({ nth, day }) => ({ year: String(Number(day.slice(0, 4)) - (nth < 22 ? 1 : 0)) }),
  'first-aid-certificate': ({ resident }) => ({ holder: resident }),
  'data-quality-correction': ({ nth, day }) => ({
    check: CHECKS[nth % CHECKS.length],
    period: day.slice(0, 7),
    found: FOUND[nth % FOUND.length],
  }),
  'sentinel-report': ({ nth }) => ({ kind: nth % 2 === 0 ? 'water' : 'food', object: OBJECT_CODES[nth]! }),
};
