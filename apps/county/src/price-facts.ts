// What hospitals charge and what procurement selected: one price for one grade but for two, 32 drugs of one batch.
import type { Resource } from '@yimai/fhir';
import { addDays, type LocalDate } from '@yimai/kit';
import { reference, tagged } from './stay-resources.ts';
import { figureExtension, figureUrl } from './systems.ts';

const CHARGED: readonly (readonly [item: string, title: string, yuan: number])[] = [
  ['P98001', 'CT 平扫（虚构）', 180],
  ['P98002', '彩色多普勒超声（虚构）', 110],
  ['P98003', '普通门诊诊查费（虚构）', 12],
  ['P98004', '一级护理（虚构）', 24],
  ['P98005', '阑尾切除术（虚构）', 1150],
  ['P98006', '针刺治疗（虚构）', 36],
];
const HOSPITALS = ['county-hospital', 'tcm-hospital', 'maternal-hospital'];
/** Two items that the Chinese medicine hospital charges differently though of the same grade. */
const ODD: Readonly<Record<string, number>> = { P98001: 195, P98006: 42 };

interface Priced {
  readonly id: string;
  readonly item: string;
  readonly title: string;
  readonly kind: string;
  readonly from: LocalDate;
  readonly batch?: string;
  readonly org?: string;
  readonly old: number;
  readonly now: number;
}

function definition({ id, item, title, kind, from, batch, org, old, now }: Priced): Resource {
  const component = (code: string, value: number) => ({
    type: 'base',
    code: { coding: [{ code }] },
    amount: { value, currency: 'CNY' },
  });
  return {
    resourceType: 'ChargeItemDefinition',
    id,
    meta: tagged,
    url: `urn:yimai-county:${id}`,
    title,
    status: 'active',
    ...(batch === undefined ? {} : { partOf: [`urn:yimai-county:procurement:${batch}`] }),
    code: { coding: [{ code: item }, { system: figureUrl('CodeSystem/price-kind'), code: kind }] },
    extension: [
      figureExtension('about-organisation', {
        valueReference: reference('Organization', org ?? 'consortium'),
      }),
    ],
    effectivePeriod: { start: from },
    propertyGroup: [{ priceComponent: [component('old-price', old), component('new-price', now)] }],
  };
}

/** The lists by which the county's hospitals charge. */
export function chargedPrices(begins: LocalDate): Resource[] {
  return HOSPITALS.flatMap((org) =>
    CHARGED.map(([item, title, yuan]) => {
      const now = org === 'tcm-hospital' ? (ODD[item] ?? yuan) : yuan;
      const from = addDays(begins, -300);
      return definition({
        id: `charged-${org}-${item}`,
        item,
        title,
        kind: 'charged',
        from,
        org,
        old: now,
        now,
      });
    }),
  );
}

export const SELECTED_DRUGS = 32;

/** Batch 2: the mean cut is 53 %, the highest 93 %. */
export function selectedDrugs(begins: LocalDate): Resource[] {
  return Array.from({ length: SELECTED_DRUGS }, (_, index) => {
    const cut = index === 0 ? 93 : index === 1 ? 13 : 53 + (index % 2 === 0 ? 9 : -9);
    const old = 20 + ((index * 17) % 90);
    return definition({
      id: `selected-${index + 1}`,
      item: drugCode(index),
      title: `中选药品 ${index + 1}（虚构）`,
      kind: 'volume-based-drug',
      from: addDays(begins, -60),
      batch: '2',
      old,
      now: Math.round(old * (100 - cut)) / 100,
    });
  });
}

export const drugCode = (index: number): string => `D97${String(index + 1).padStart(4, '0')}`;
