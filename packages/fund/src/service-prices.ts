// Prices of medical services: dated lists, adjustment batches, one list per grade of hospital (同级同价).
import { type Fen, type LocalDate, ok, type Result, refuse } from '@yimai/kit';

export interface PriceRow {
  readonly item: string;
  readonly grade: string;
  readonly from: LocalDate;
  readonly priceFen: Fen;
}

/** A hospital uses a grade's list from a date on. */
export interface GradeOfHospital {
  readonly hospital: string;
  readonly grade: string;
  readonly from: LocalDate;
}

/** The old price before the effective date, the new one on and after it. */
export function priceOn(
  rows: readonly PriceRow[],
  item: string,
  grade: string,
  on: LocalDate,
): Fen | undefined {
  return newest(
    rows.filter((row) => row.item === item && row.grade === grade),
    on,
  )?.priceFen;
}

/** What a hospital charges on a date: by the list of the grade it belongs to on that date. */
export function chargeOn(
  rows: readonly PriceRow[],
  grades: readonly GradeOfHospital[],
  hospital: string,
  item: string,
  on: LocalDate,
): Fen | undefined {
  const grade = newest(
    grades.filter((row) => row.hospital === hospital),
    on,
  )?.grade;
  return grade === undefined ? undefined : priceOn(rows, item, grade, on);
}

function newest<T extends { readonly from: LocalDate }>(rows: readonly T[], on: LocalDate): T | undefined {
  let found: T | undefined;
  for (const row of rows) if (row.from <= on && (found === undefined || row.from > found.from)) found = row;
  return found;
}

export const ITEM_CLASSES = ['large-equipment', 'laboratory', 'surgery', 'nursing', 'tcm', 'other'] as const;
export type ItemClass = (typeof ITEM_CLASSES)[number];

export interface PriceChange {
  readonly item: string;
  readonly class: ItemClass;
  readonly oldFen: Fen;
  readonly newFen: Fen;
}

export interface PriceBatch {
  readonly id: string;
  readonly effectiveOn: LocalDate;
  /** When the insurance payment policy for the items takes effect; null while there is none. */
  readonly insuranceFrom: LocalDate | null;
  readonly changes: readonly PriceChange[];
}

/** Large-equipment examinations and tests should fall, surgery, nursing and Chinese medicine rise. */
export function directionWarnings({ changes }: PriceBatch): string[] {
  return changes
    .filter(({ class: kind, oldFen, newFen }) => {
      if (kind === 'large-equipment' || kind === 'laboratory') return newFen > oldFen;
      return kind !== 'other' && newFen < oldFen;
    })
    .map(({ item }) => item);
}

/** Price and insurance payment take effect together, or the batch is not released. */
export function releaseBatch(batch: PriceBatch): Result<PriceBatch> {
  if (batch.insuranceFrom === batch.effectiveOn) return ok(batch);
  const detail = {
    zh: '价格与医保支付政策须同步生效',
    en: 'price and insurance policy must take effect together',
  };
  return refuse('insurance-not-in-step', detail, { at: 'insuranceFrom', rule: 'F14' });
}

export function batchTotals(
  batches: readonly PriceBatch[],
  from: LocalDate,
  to: LocalDate,
): { batches: number; items: number } {
  const inPeriod = batches.filter(({ effectiveOn }) => effectiveOn >= from && effectiveOn <= to);
  return { batches: inPeriod.length, items: inPeriod.reduce((sum, { changes }) => sum + changes.length, 0) };
}

export interface HospitalPrice {
  readonly hospital: string;
  readonly grade: string;
  readonly item: string;
  readonly priceFen: Fen;
}

/** Items for which hospitals of one grade charge different prices. */
export function priceDeviations(
  prices: readonly HospitalPrice[],
): { grade: string; item: string; prices: HospitalPrice[] }[] {
  const groups = new Map<string, HospitalPrice[]>();
  for (const price of prices) {
    const key = JSON.stringify([price.grade, price.item]);
    groups.set(key, [...(groups.get(key) ?? []), price]);
  }
  return [...groups.values()]
    .filter((group) => group.some(({ priceFen }) => priceFen !== group[0]!.priceFen))
    .map((group) => ({ grade: group[0]!.grade, item: group[0]!.item, prices: group }));
}
