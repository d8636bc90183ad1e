// Village clinics as insurance points (村村通): coverage by village, and no settlement once a designation has ended.
import { type LocalDate, ok, type Result, refuse } from '@yimai/kit';
import { type E4, ratioE4 } from './decimal.ts';

export interface Designation {
  readonly clinic: string;
  readonly village: string;
  readonly from: LocalDate;
  /** The last day, included; null while it goes on. */
  readonly until: LocalDate | null;
}

export function coverageOn(
  villages: readonly string[],
  designations: readonly Designation[],
  on: LocalDate,
): { rate: E4; missing: string[] } {
  const missing = villages.filter(
    (village) => !designations.some((entry) => entry.village === village && isOpen(entry, on)),
  );
  return { rate: ratioE4(BigInt(villages.length - missing.length), BigInt(villages.length)), missing };
}

export function maySettle(
  clinic: string,
  designations: readonly Designation[],
  on: LocalDate,
): Result<Designation> {
  const designation = designations.find((entry) => entry.clinic === clinic && isOpen(entry, on));
  if (designation !== undefined) return ok(designation);
  const detail = { zh: '该卫生室当日不是医保定点', en: 'the clinic is not an insurance point on that day' };
  return refuse('not-designated', detail, { at: 'clinic', rule: 'F17' });
}

function isOpen({ from, until }: Designation, on: LocalDate): boolean {
  return from <= on && (until === null || on <= until);
}
