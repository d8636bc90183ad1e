// Prices one stay: which method it belongs to, its payment standard, outliers, and what the fund owes for it.
//
// The order of the questions: a chronic package that pays the stay; a granted special review; bed-day payment; a stay too short or too long; no group; an
// ambiguous group; a group without a stable weight; then the standard with its low and high outliers.

import { STATUS } from '@yimai/grouping';
import { type Fen, formatYuan, ok, type Result, refuse, roundHalfUp } from '@yimai/kit';
import { bedDayPay } from './bed-day.ts';
import { formatE4, ONE, timesE4 } from './decimal.ts';
import type { PriceBook, Standard } from './price-book.ts';
import type { ByItem } from './rule-set.ts';
import type { PricedStay, PriceKind, Reason, StayCase } from './stay-case.ts';

export type Teller = (reason: Reason) => void;

/** Prices a stay; `tell` receives the reasons in their order. Stays are checked by `priceable` when they come in. */
export function priceStay(stay: StayCase, book: PriceBook, tell?: Teller): PricedStay {
  const { rules } = book;
  if (stay.package !== undefined) return pricePackaged(stay, stay.package, tell);
  if (stay.review !== null) return priceReviewed(stay, stay.review, rules.settlement.specialReview, tell);
  if (stay.bedDays.length > 0) {
    const { payFen, row } = bedDayPay(stay.bedDays, book, tell);
    return finish(stay, 'bed-day', row, 0n, payFen, 0n, tell);
  }
  if (stay.stayDays <= book.shortUpToDays)
    return byItem(stay, 'short-stay', rules.stays.short.id, rules.stays.pay, tell);
  if (stay.stayDays >= book.longFromDays)
    return byItem(stay, 'long-stay', rules.stays.long.id, rules.stays.pay, tell);
  switch (stay.group.status) {
    case STATUS.ambiguous:
      return byItem(stay, 'ambiguous', rules.ambiguous.id, rules.ambiguous, tell);
    case STATUS.grouped:
      return priceGrouped(stay, book, tell);
    default:
      return byItem(stay, 'ungrouped', rules.ungrouped.id, rules.ungrouped, tell);
  }
}

/** The reasons of a price, for the statement and the case browser. */
export function explainPrice(stay: StayCase, book: PriceBook): { priced: PricedStay; reasons: Reason[] } {
  const reasons: Reason[] = [];
  const priced = priceStay(stay, book, (reason) => reasons.push(reason));
  return { priced, reasons };
}

const no = (code: string, at: string, zh: string, en: string): Result<StayCase> =>
  refuse(code, { zh, en }, { at, rule: 'F2' });

/** Refuses what these rules cannot price: what no rule can, and a stay that ended outside their period. */
export function priceable(stay: StayCase, book: PriceBook): Result<StayCase> {
  const checked = comparable(stay, book);
  const { effectiveFrom, effectiveTo } = book.rules;
  if (!checked.ok || (stay.dischargedOn >= effectiveFrom && stay.dischargedOn <= effectiveTo)) return checked;
  return no(
    'outside-rule-period',
    'dischargedOn',
    '出院日不在规则有效期内',
    'discharged outside the period of the rules',
  );
}

/** Refuses what no rule can price: negative amounts, a discharge before the admission, a payer or level without a rate. */
export function comparable(stay: StayCase, { rules }: PriceBook): Result<StayCase> {
  if (stay.costFen < 0n) return no('cost-negative', 'costFen', '费用为负', 'the cost is negative');
  if (stay.patientBorneFen < 0n || stay.patientBorneFen > stay.costFen) {
    return no(
      'patient-part-wrong',
      'patientBorneFen',
      '个人负担应在零与总费用之间',
      'the patient part must lie between 0 and the cost',
    );
  }
  if (stay.unreasonableFen < 0n || stay.unreasonableFen > stay.costFen) {
    return no(
      'unreasonable-part-wrong',
      'unreasonableFen',
      '不合理费用应在零与总费用之间',
      'the unreasonable part must lie between 0 and the cost',
    );
  }
  if (stay.dischargedOn < stay.admittedOn) {
    return no('discharge-before-admission', 'dischargedOn', '出院早于入院', 'discharged before admitted');
  }
  const hasRate = rules.baseRates.some(({ payer, level }) => payer === stay.payer && level === stay.level);
  if (rules.method !== 'drg-points' && !hasRate) {
    return no(
      'no-base-rate',
      'payer',
      '该险种与级别没有费率',
      'there is no base rate for this payer and level',
    );
  }
  for (const [index, { category, days, absenceDays }] of stay.bedDays.entries()) {
    if (days < 1 || absenceDays < 0 || absenceDays > days) {
      return no(
        'bed-days-wrong',
        `bedDays[${index}]`,
        '床日数或离院天数不对',
        'the bed days or days away are wrong',
      );
    }
    if (!rules.bedDays.some((phase) => phase.category === category)) {
      return no(
        'no-bed-day-price',
        `bedDays[${index}].category`,
        '该类别没有床日标准',
        'this category has no bed-day price',
      );
    }
  }
  return ok(stay);
}

/** The package bears what the patient does not; no group pays the stay a second time. */
function pricePackaged(stay: StayCase, row: string, tell?: Teller): PricedStay {
  tell?.({
    row,
    zh: `慢病打包的并发症：费用 ${formatYuan(stay.costFen)} 元计入打包，不再按病组支付`,
    en: `a complication of a chronic package: the cost ${formatYuan(stay.costFen)} is charged to it, no group pays`,
  });
  return finish(stay, 'package', row, 0n, stay.costFen, 0n, tell);
}

function priceReviewed(
  stay: StayCase,
  review: NonNullable<StayCase['review']>,
  { id, share }: ByItem,
  tell?: Teller,
): PricedStay {
  const payFen = review.kind === 'amount' ? review.payFen : timesE4(stay.costFen, share);
  const [zh, en] =
    review.kind === 'amount'
      ? ['按评议金额', 'the amount granted']
      : [`按项目 × ${formatE4(share)}`, `by item × ${formatE4(share)}`];
  tell?.({
    row: id,
    zh: `特例单议 ${review.review}：${zh}，支付 ${formatYuan(payFen)} 元`,
    en: `special-case review ${review.review}: ${en}, pays ${formatYuan(payFen)} yuan`,
  });
  return finish(stay, 'special-review', `${id}, ${review.review}`, 0n, payFen, 0n, tell);
}

function byItem(stay: StayCase, kind: PriceKind, row: string, { share }: ByItem, tell?: Teller): PricedStay {
  const payFen = timesE4(stay.costFen, share);
  tell?.({
    row,
    zh: `${KIND_WORDS[kind].zh}：按项目支付，费用 ${formatYuan(stay.costFen)} × ${formatE4(share)} = ${formatYuan(payFen)} 元`,
    en: `${KIND_WORDS[kind].en}: paid by item, cost ${formatYuan(stay.costFen)} × ${formatE4(share)} = ${formatYuan(payFen)} yuan`,
  });
  return finish(stay, kind, row, 0n, payFen, 0n, tell);
}

function priceGrouped(stay: StayCase, book: PriceBook, tell?: Teller): PricedStay {
  const standard = book.standardOf(stay);
  if (standard === null) return byItem(stay, 'unstable', book.rules.unstable.id, book.rules.unstable, tell);
  if (tell !== undefined) tellStandard(stay, standard, tell);
  const { standardFen, weight, high, lowUpToFen, highFromFen } = standard;
  const { low } = book.rules.outliers;
  if (stay.costFen <= lowUpToFen) {
    tell?.({
      row: low.id,
      zh: `低倍率：费用 ${formatYuan(stay.costFen)} 低于标准的 ${formatE4(low.below.value)} 倍，按实际费用支付`,
      en: `low outlier: the cost ${formatYuan(stay.costFen)} is below ${formatE4(low.below.value)} of the standard; the cost is paid`,
    });
    return finish(stay, 'low-outlier', low.id, standardFen, stay.costFen, weight, tell);
  }
  if (stay.costFen >= highFromFen) {
    const payFen = highPay(stay, standard);
    tell?.({
      row: high.id,
      zh: `高倍率：费用高于标准的 ${formatE4(high.above.value)} 倍，超出部分付 ${formatE4(high.excessShare)}，共 ${formatYuan(payFen)} 元`,
      en: `high outlier: the cost is above ${formatE4(high.above.value)} times the standard; ${formatE4(high.excessShare)} of the excess is paid, ${formatYuan(payFen)} yuan in all`,
    });
    return finish(stay, 'high-outlier', high.id, standardFen, payFen, weight, tell);
  }
  return finish(stay, 'normal', standard.rateRow, standardFen, standardFen, weight, tell);
}

/** S + (cost − unreasonable − S × H) × r, never less than S. */
function highPay(stay: StayCase, { standardFen, highE4, high }: Standard): Fen {
  const excessE4 = (stay.costFen - stay.unreasonableFen) * ONE - highE4;
  if (excessE4 <= 0n) return standardFen;
  return standardFen + roundHalfUp(excessE4 * high.excessShare, ONE * ONE);
}

function tellStandard(
  stay: StayCase,
  { weight, rateRow, rateFen, coefficient, coefficientRow, standardFen }: Standard,
  tell: Teller,
): void {
  tell({
    row: `${rateRow}, ${coefficientRow}`,
    zh: `${stay.group.drg} 权重 ${formatE4(weight)} × 费率 ${formatYuan(rateFen)} × 系数 ${formatE4(coefficient)} = 支付标准 ${formatYuan(standardFen)} 元`,
    en: `${stay.group.drg} weight ${formatE4(weight)} × rate ${formatYuan(rateFen)} × coefficient ${formatE4(coefficient)} = standard ${formatYuan(standardFen)} yuan`,
  });
}

function finish(
  stay: StayCase,
  kind: PriceKind,
  row: string,
  standardFen: Fen,
  payFen: Fen,
  weight: bigint,
  tell?: Teller,
): PricedStay {
  const due = payFen - stay.patientBorneFen;
  const fundFen = due > 0n ? due : 0n;
  tell?.({
    row: 'fund-due',
    zh: `基金应付 ${formatYuan(payFen)} − 个人及其他负担 ${formatYuan(stay.patientBorneFen)} = ${formatYuan(fundFen)} 元`,
    en: `due from the fund ${formatYuan(payFen)} − borne by patient and others ${formatYuan(stay.patientBorneFen)} = ${formatYuan(fundFen)} yuan`,
  });
  return { stay, kind, row, standardFen, payFen, fundFen, resultFen: payFen - stay.costFen, weight };
}

/** The same stay with another payment: how readmission and the cap on high outliers change a price. */
export function repriced(priced: PricedStay, kind: PriceKind, row: string, payFen: Fen): PricedStay {
  return finish(priced.stay, kind, row, priced.standardFen, payFen, priced.weight);
}

const KIND_WORDS: Readonly<Record<PriceKind, { zh: string; en: string }>> = {
  normal: { zh: '正常病例', en: 'normal case' },
  'low-outlier': { zh: '低倍率病例', en: 'low outlier' },
  'high-outlier': { zh: '高倍率病例', en: 'high outlier' },
  ambiguous: { zh: '歧义病案', en: 'ambiguous group' },
  ungrouped: { zh: '无法入组', en: 'no group' },
  unstable: { zh: '非稳定病组', en: 'unstable group' },
  'short-stay': { zh: '短住院', en: 'short stay' },
  'long-stay': { zh: '长住院', en: 'long stay' },
  'bed-day': { zh: '按床日', en: 'bed-day' },
  'special-review': { zh: '特例单议', en: 'special-case review' },
  package: { zh: '慢病打包', en: 'chronic package' },
};
