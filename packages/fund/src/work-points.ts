// Pay by work points (RBRVS 工分): relative value × quantity × role × adjustment, each point traced to its service record.
import { type Fen, type LocalDate, ok, type Result, refuse, roundHalfUp } from '@yimai/kit';
import { type E4, ONE, timesE4 } from './decimal.ts';

/** A relative value from its date on; the newest one not after the service counts. */
export interface RelativeValue {
  readonly item: string;
  readonly from: LocalDate;
  /** Drugs and consumables must carry none: pay may not follow them (2021 人社部发 52 号). */
  readonly category: 'service' | 'drug' | 'consumable';
  readonly value: E4;
}

export interface ServiceRecord {
  readonly id: string;
  readonly person: string;
  readonly item: string;
  readonly on: LocalDate;
  readonly quantity: bigint;
  readonly role: E4;
  /** Difficulty, time of day, timeliness: multiplied one after the other. */
  readonly adjustments: readonly E4[];
  /** A quality deduction lowers only the points it names. */
  readonly deduction: E4;
}

export interface PointLine {
  readonly record: string;
  readonly person: string;
  readonly points: E4;
}

export function workPoints(
  records: readonly ServiceRecord[],
  values: readonly RelativeValue[],
): Result<PointLine[]> {
  const forbidden = values.findIndex(({ category, value }) => category !== 'service' && value !== 0n);
  if (forbidden >= 0) {
    const detail = { zh: '药品与耗材不得计分', en: 'drugs and consumables may carry no points' };
    return refuse('drug-or-consumable-points', detail, { at: `values[${forbidden}]`, rule: 'F12' });
  }
  const lines: PointLine[] = [];
  for (const [index, record] of records.entries()) {
    const value = valueOn(values, record.item, record.on);
    if (value === undefined) {
      const detail = {
        zh: `${record.item} 在 ${record.on} 没有点值`,
        en: `no value for ${record.item} on ${record.on}`,
      };
      return refuse('relative-value-missing', detail, { at: `records[${index}].item`, rule: 'F12' });
    }
    lines.push({ record: record.id, person: record.person, points: pointsOfRecord(record, value) });
  }
  return ok(lines);
}

function valueOn(values: readonly RelativeValue[], item: string, on: LocalDate): E4 | undefined {
  let newest: RelativeValue | undefined;
  for (const value of values) {
    if (value.item !== item || value.from > on) continue;
    if (newest === undefined || value.from > newest.from) newest = value;
  }
  return newest?.value;
}

/** Rounded once, at the end. */
function pointsOfRecord({ quantity, role, adjustments, deduction }: ServiceRecord, value: E4): E4 {
  let numerator = value * quantity * role;
  let denominator = ONE;
  for (const adjustment of adjustments) {
    numerator *= adjustment;
    denominator *= ONE;
  }
  const points = roundHalfUp(numerator, denominator) - deduction;
  return points > 0n ? points : 0n;
}

/** A department's money: (points × point value − controllable cost × its rate) × quality; never less than nothing. */
export function departmentPay(
  points: E4,
  pointFen: Fen,
  cost: { readonly controllableFen: Fen; readonly rate: E4 },
  quality: E4,
): Fen {
  const earned = timesE4(pointFen, points) - timesE4(cost.controllableFen, cost.rate);
  return earned > 0n ? timesE4(earned, quality) : 0n;
}
