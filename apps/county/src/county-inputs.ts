// What the county's offices report and keep for a whole year beside visits and stays: money put in, posts of trust,
// functions of sites, registers of the consortium, agreements between departments, prices of the year.
import type { Resource } from '@yimai/fhir';
import { addDays, type LocalDate } from '@yimai/kit';
import { experts } from './people.ts';
import { type Place, places } from './places.ts';
import { seeded } from './random.ts';
import { reference, tagged } from './stay-resources.ts';
import { figureCode, figureExtension, figureUrl } from './systems.ts';

/** Yuan or people for each resident and year; of the staff's pay in parts of the whole. */
const INPUTS: readonly (readonly [line: string, perResident: number])[] = [
  ['fiscal-input', 168],
  ['six-construction', 38],
  ['six-equipment', 26],
  ['six-discipline', 9],
  ['six-retired', 14],
  ['six-policy-loss', 7],
  ['six-public-health', 41],
  ['special-increment', 31],
  ['central-grant', 12],
  ['health-input', 224],
  ['subsidy-due', 22],
  ['subsidy-paid', 20.6],
  ['total-pay', 410],
  ['stable-pay', 246],
  ['rehabilitation-income', 17],
  ['insurance-surplus', 19],
  ['incentive-pool', 11.4],
  ['prepaid', 96],
  ['prepaid-settled', 71],
  ['population-near-childcare', 0.68],
  ['pupils', 0.11],
  ['pupils-left-behind', 0.024],
];
/** Yuan a post and year, by groups of posts. */
const PAY_OF_POSTS = {
  'pay-medical-technical': 101_500,
  'pay-pharmacy-nursing': 96_800,
  'pay-administration': 92_400,
};
/** Money grows from year to year. */
const GROWTH = 1.06;

/** One report of the county for a calendar year, counted from the year in which the play begins. */
export function countyInputs(year: number, begins: LocalDate, people: number): Resource {
  const nth = year - Number(begins.slice(0, 4));
  const lines = [
    ...INPUTS.map(([line, each]) => [line, Math.round(each * people * GROWTH ** nth)] as const),
    ...Object.entries(PAY_OF_POSTS).map(([line, each]) => [line, Math.round(each * GROWTH ** nth)] as const),
  ];
  return {
    resourceType: 'MeasureReport',
    id: `inputs-${year}`,
    meta: tagged,
    status: 'complete',
    type: 'summary',
    measure: figureUrl('Measure/reported-lines'),
    date: `${year}-01-06`,
    reporter: reference('Organization', 'consortium'),
    period: { start: `${year}-01-01`, end: `${year}-12-31` },
    group: lines.map(([line, value]) => ({
      code: figureCode('report-line', line),
      measureScore: { value },
    })),
  };
}

/** Functions of sites: the share of the houses of a kind that have them. */
export const FUNCTIONS: readonly (readonly [feature: string, kind: string, share: number])[] = [
  ['geriatric-department', 'general-hospital', 1],
  ['age-friendly', 'general-hospital', 1],
  ['age-friendly', 'township-hospital', 0.8],
  ['party-split', 'general-hospital', 1],
  ['party-split', 'tcm-hospital', 1],
  ['tertiary-capability', 'general-hospital', 1],
  ['platform-connected', 'general-hospital', 1],
  ['platform-connected', 'tcm-hospital', 1],
  ['platform-connected', 'maternal-hospital', 1],
  ['platform-connected', 'township-hospital', 1],
  ['platform-connected', 'village-clinic', 0.93],
];

interface Kept {
  readonly kind: string;
  readonly title: string;
  readonly count: number;
  readonly class?: string;
  readonly quantity?: number;
  readonly yuan?: number;
}

const KEPT: readonly Kept[] = [
  { kind: 'demonstration-grant', title: '县级示范项目', count: 4, yuan: 650_000 },
  { kind: 'elder-care-point', title: '老年心理关爱点', count: 12 },
  { kind: 'director-promotion', title: '选派骨干任院长', count: 3 },
  { kind: 'establishment-pool', title: '县域编制周转池', count: 1, quantity: 40 },
  { kind: 'title-appointment', title: '硬挂钩职称聘任', count: 6 },
  { kind: 'internal-title', title: '职称内聘', count: 9 },
  { kind: 'xinglin-card', title: '杏林公交卡', class: 'bus', count: 46 },
  { kind: 'xinglin-card', title: '杏林旅游卡', class: 'tourism', count: 18 },
  { kind: 'research-project', title: '科研立项', count: 7 },
  { kind: 'research-paper', title: '发表论文', count: 23 },
  { kind: 'recognition-item', title: '互认检验项目', class: 'test', count: 62 },
  { kind: 'recognition-item', title: '互认检查项目', class: 'imaging', count: 24 },
  { kind: 'online-mdt-team', title: '线上多学科团队', count: 8 },
  { kind: 'cloud-department', title: '云科室', count: 11 },
  { kind: 'expert-studio', title: '专家工作室', count: 6 },
  { kind: 'innovation-platform', title: '科创平台', count: 2 },
  { kind: 'disease-centre', title: '专病中心', count: 5 },
  { kind: 'work-station', title: '工作站', count: 9 },
];
const HOSPITALS = ['county-hospital', 'tcm-hospital', 'maternal-hospital'] as const;
const PLACES_PER_THOUSAND = 4.3;

/** Registers, posts, pairings and prices, each dated within the played year where the year counts. */
export function countyRegisters(begins: LocalDate, people: number): Resource[] {
  const childcare = { kind: 'childcare-place', title: '托位', count: 6 };
  const each = Math.max(1, Math.round((people * PLACES_PER_THOUSAND) / 1000 / childcare.count));
  return [
    ...[...KEPT, { ...childcare, quantity: each }].flatMap((one) => kept(one, begins)),
    ...posts(begins),
    ...pairings(begins),
    ...pricesOfTheYear(begins),
  ];
}

/** From the second quarter of the play on: whatever day it ends with, most of it lies in the calendar year shown. */
const dayOf = (begins: LocalDate, nth: number, of: number): LocalDate =>
  addDays(begins, 70 + Math.floor((nth * 240) / Math.max(1, of)));

function kept(one: Kept, begins: LocalDate): Resource[] {
  return Array.from({ length: one.count }, (_, nth) => ({
    resourceType: 'Basic',
    id: `${one.kind}${one.class ? `-${one.class}` : ''}-${nth + 1}`,
    meta: tagged,
    code: figureCode('register', one.kind),
    identifier: [{ value: `${one.title} ${nth + 1}（虚构）` }],
    author: reference('Organization', HOSPITALS[nth % HOSPITALS.length]!),
    created: dayOf(begins, nth, one.count),
    extension: [
      figureExtension('status', { valueCode: 'active' }),
      ...(one.class === undefined ? [] : [figureExtension('class', { valueCode: one.class })]),
      ...(one.quantity === undefined ? [] : [figureExtension('quantity', { valueDecimal: one.quantity })]),
      ...(one.yuan === undefined ? [] : [figureExtension('money-yuan', { valueDecimal: one.yuan })]),
    ],
  }));
}

const SERVICES = ['cardiology', 'neurology', 'oncology', 'orthopaedics', 'obstetrics', 'paediatrics'];

/** Posts of trust: the first doctor of a village, cloud experts, the panel of referrals, doctors on special posts. */
function posts(begins: LocalDate): Resource[] {
  const post = (kind: string, who: string, org: string, service?: string): Resource => ({
    resourceType: 'PractitionerRole',
    id: `${kind}-${who}`,
    meta: tagged,
    active: true,
    practitioner: reference('Practitioner', who),
    organization: reference('Organization', org),
    code: [figureCode('post-kind', kind)],
    ...(service === undefined ? {} : { specialty: [figureCode('clinical-service', service)] }),
    period: { start: addDays(begins, 20) },
  });
  const sent = experts();
  const townships = Array.from({ length: 8 }, (_, nth) => `township-${nth + 1}`);
  return [
    ...townships.map((_, nth) =>
      post('first-village-doctor', sent[nth]!.practitioner, `clinic-${nth + 1}-1`),
    ),
    ...townships.slice(0, 5).map((id) => post('gp-special-post', `doctor-${id}-2`, id)),
    ...sent.slice(8, 26).map((one) => post('cloud-expert', one.practitioner, one.home)),
    ...Array.from({ length: 18 }, (_, nth) => {
      const home = HOSPITALS[nth % HOSPITALS.length]!;
      return post(
        'referral-panel',
        `doctor-${home}-${1 + Math.floor(nth / 3)}`,
        home,
        SERVICES[nth % SERVICES.length],
      );
    }),
    ...HOSPITALS.flatMap((home) => accountant(home, post)),
  ];
}

function accountant(home: string, post: (kind: string, who: string, org: string) => Resource): Resource[] {
  const id = `accountant-${home}`;
  return [
    { resourceType: 'Practitioner', id, meta: tagged, active: true, name: [{ text: NAMES[home] }] },
    post('chief-accountant', id, home),
  ];
}
const NAMES: Readonly<Record<string, string>> = {
  'county-hospital': '田慧文',
  'tcm-hospital': '方国栋',
  'maternal-hospital': '纪晓云',
};

/** Departments of the county hospitals paired with those of townships; three in four reach their goal. */
function pairings(begins: LocalDate): Resource[] {
  const townships = places().filter((one: Place) => one.kind === 'township-hospital');
  return townships.flatMap((township, nth) =>
    [0, 1, 2].map((step) => ({
      resourceType: 'Contract',
      id: `pairing-${nth + 1}-${step + 1}`,
      meta: tagged,
      status: 'executed',
      type: figureCode('agreement-kind', 'department-pairing'),
      authority: [reference('Organization', township.id)],
      applies: { start: addDays(begins, 10 + step * 15), end: addDays(begins, 10 + step * 15 + 730) },
      extension: [figureExtension('goal-met', { valueBoolean: (nth + step) % 4 !== 3 })],
    })),
  );
}

interface PriceOfTheYear {
  readonly kind: string;
  readonly title: string;
  readonly count: number;
  readonly cut: (nth: number) => number;
}
const PRICED: readonly PriceOfTheYear[] = [
  { kind: 'national-guide', title: '国家立项指南项目', count: 14, cut: (nth) => 4 + nth },
  { kind: 'volume-based-drug', title: '第三批中选药品', count: 12, cut: (nth) => 38 + 3 * nth },
  { kind: 'volume-based-consumable', title: '中选低值耗材', count: 14, cut: (nth) => 18 + nth },
];

function pricesOfTheYear(begins: LocalDate): Resource[] {
  const random = seeded(8_304).fork('prices-of-the-year');
  return PRICED.flatMap(({ kind, title, count, cut }) =>
    Array.from({ length: count }, (_, nth) => {
      const old = random.between(400, 9_000) / 100;
      const component = (code: string, value: number, factor?: number) => ({
        type: 'base',
        code: { coding: [{ code }] },
        amount: { value: Math.round(value * 100) / 100, currency: 'CNY' },
        ...(factor === undefined ? {} : { factor }),
      });
      return {
        resourceType: 'ChargeItemDefinition',
        id: `${kind}-${nth + 1}`,
        meta: tagged,
        url: `urn:yimai-county:${kind}:${nth + 1}`,
        title: `${title} ${nth + 1}（虚构）`,
        status: 'active',
        partOf: [`urn:yimai-county:${kind}:1`],
        code: {
          coding: [
            { code: `P96${kind.length}${String(nth + 1).padStart(3, '0')}` },
            { system: figureUrl('CodeSystem/price-kind'), code: kind },
          ],
        },
        extension: [
          figureExtension('about-organisation', { valueReference: reference('Organization', 'consortium') }),
        ],
        effectivePeriod: { start: dayOf(begins, nth, count) },
        propertyGroup: [
          {
            priceComponent: [
              component('old-price', old),
              component('new-price', (old * (100 - cut(nth))) / 100, 800 + nth * 150),
            ],
          },
        ],
      };
    }),
  );
}

/** The years whose inputs are known when the play begins: the means over three years need them. */
export const earlierInputs = (begins: LocalDate, people: number): Resource[] =>
  [2, 1, 0].map((back) => countyInputs(Number(begins.slice(0, 4)) - back, begins, people));
