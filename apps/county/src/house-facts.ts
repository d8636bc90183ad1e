// What the houses have and agreed beside their patients: networks and devices, proofs of unified management, prices.
import type { Resource } from '@yimai/fhir';
import { addDays, type LocalDate } from '@yimai/kit';
import { FUNCTIONS } from './county-inputs.ts';
import { type Place, places } from './places.ts';
import { chargedPrices, selectedDrugs } from './price-facts.ts';
import { type Random, seeded } from './random.ts';
import { at, reference, tagged } from './stay-resources.ts';
import { figureCode, figureExtension, figureUrl } from './systems.ts';

/** Share of the houses of a kind that have a feature. */
const FEATURES: readonly (readonly [feature: string, kind: string, share: number])[] = [
  ['ecg-device', 'village-clinic', 0.94],
  ['ecg-net', 'village-clinic', 0.9],
  ['ecg-net', 'township-hospital', 1],
  ['imaging-net', 'township-hospital', 1],
  ['result-recognition', 'township-hospital', 1],
  ['standard-facility', 'village-clinic', 0.97],
  ['station-staffed', 'village-clinic', 1],
  ['screening-device', 'township-hospital', 0.75],
  ['screening-device', 'village-clinic', 0.8],
  ['mdt-clinic', 'general-hospital', 1],
  ...FUNCTIONS,
];
/** Proofs of arrangement and of operation, confirmed by the office. */
const EVIDENCE = [
  'unified-management-arrangement',
  'unified-management-operation',
  'democratic-decision-arrangement',
  'democratic-decision-operation',
  'service-linkage-arrangement',
];
export const PRICE_BATCHES = 27;
export const PRICE_ITEMS = 827;
/** The class of each service, in their order: the direction in which its price should go. */
const CLASSES = [
  'other',
  'other',
  'large-equipment',
  'nursing',
  'tcm',
  'large-equipment',
  'laboratory',
  'other',
  'tcm',
];
const SERVICES = [
  '静脉输液',
  '普通门诊诊查费',
  '彩色多普勒超声',
  '护理费',
  '针刺治疗',
  'CT 平扫',
  '血常规',
  '换药',
  '推拿治疗',
];

export function houseFacts(begins: LocalDate): Resource[] {
  const random = seeded(8_301).fork('houses');
  const features = FEATURES.flatMap(([feature, kind, share]) =>
    places()
      .filter((one) => one.kind === kind && random.chance(share))
      .map((one) => affiliation(one, feature, begins)),
  );
  const evidence = EVIDENCE.map((proof) => ({
    resourceType: 'Basic',
    id: `evidence-${proof}`,
    meta: tagged,
    code: figureCode('register', 'evidence'),
    identifier: [{ value: proof }],
    author: reference('Organization', 'consortium'),
    created: addDays(begins, -60),
    extension: [
      figureExtension('status', { valueCode: 'active' }),
      figureExtension('class', { valueCode: proof }),
    ],
  }));
  return [
    ...features,
    ...evidence,
    ...prices(random, begins),
    ...chargedPrices(begins),
    ...selectedDrugs(begins),
  ];
}

function affiliation(one: Place, feature: string, begins: LocalDate): Resource {
  return {
    resourceType: 'OrganizationAffiliation',
    id: `${feature}-${one.id}`,
    meta: tagged,
    active: true,
    participatingOrganization: reference('Organization', one.id),
    code: [figureCode('site-feature', feature)],
    period: { start: addDays(begins, -500) },
  };
}

/** 27 batches with 827 items, the last four of them within the played year. */
function prices(random: Random, begins: LocalDate): Resource[] {
  return Array.from({ length: PRICE_ITEMS }, (_, index) => {
    const batch = 1 + (index % PRICE_BATCHES);
    const old = random.between(500, 42_000) / 100;
    const kind = CLASSES[index % CLASSES.length]!;
    const falls = kind === 'large-equipment' || kind === 'laboratory';
    // Now and then one goes against the direction, and is warned about.
    const isOdd = random.chance(0.04);
    const cut = falls !== isOdd ? -random.between(5, 25) : random.between(3, 18);
    const component = (code: string, value: number) => ({
      type: 'base',
      code: { coding: [{ code }] },
      amount: { value: Math.round(value * 100) / 100, currency: 'CNY' },
    });
    return {
      resourceType: 'ChargeItemDefinition',
      id: `price-${index + 1}`,
      meta: tagged,
      url: `urn:yimai-county:price:${index + 1}`,
      title: `${SERVICES[index % SERVICES.length]}（${index + 1}，虚构）`,
      status: 'active',
      partOf: [`urn:yimai-county:price-batch:${batch}`],
      code: {
        coding: [
          { code: `P99${String(index + 1).padStart(5, '0')}` },
          { system: figureUrl('CodeSystem/price-kind'), code: 'adjustment' },
          { system: figureUrl('CodeSystem/price-class'), code: kind },
        ],
      },
      extension: [
        figureExtension('about-organisation', { valueReference: reference('Organization', 'consortium') }),
      ],
      effectivePeriod: { start: addDays(begins, 40 + (batch - PRICE_BATCHES + 3) * 90) },
      propertyGroup: [
        { priceComponent: [component('old-price', old), component('new-price', old * (1 + cut / 100))] },
      ],
    };
  });
}

/** Examinations that townships sent to the county's diagnostic centres in a week, read there within hours. */
export function remoteReports(week: number, monday: LocalDate, people: number): Resource[] {
  const random = seeded(week + 1).fork('remote');
  const townships = places().filter((one) => one.kind === 'township-hospital');
  const count = Math.max(4, Math.round(people / 700));
  return Array.from({ length: count }, (_, nth) => {
    const isEcg = random.chance(0.6);
    const day = addDays(monday, random.between(0, 6));
    const hour = random.between(8, 16);
    return {
      resourceType: 'Task',
      id: `remote-${week}-${nth + 1}`,
      meta: tagged,
      identifier: [{ value: `remote-${week}-${nth + 1}` }],
      status: 'completed',
      intent: 'order',
      code: figureCode('loop-kind', isEcg ? 'remote-ecg' : 'remote-imaging'),
      requester: reference('Organization', random.pick(townships).id),
      owner: reference('Organization', isEcg ? 'county-hospital-ecg' : 'county-hospital-imaging'),
      authoredOn: at(day, hour, random.between(0, 59)),
      executionPeriod: { start: at(day, hour + 1), end: at(day, hour + (isEcg ? 1 : 4), 30) },
    };
  });
}
