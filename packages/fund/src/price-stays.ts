// Prices the stays of a region together: readmissions and the cap on high outliers look at more than one stay.
import { daysBetween } from '@yimai/kit';
import { ONE, timesE4 } from './decimal.ts';
import { isUpTo, type PriceBook } from './price-book.ts';
import { priceStay, repriced } from './price-stay.ts';
import type { PricedStay, StayCase } from './stay-case.ts';

/**
 * The answer is in the order of the input and does not depend on it. `returns` are stays that another month pays and that
 * may have followed upon these: they are looked at for readmission only.
 */
export function priceStays(
  stays: readonly StayCase[],
  book: PriceBook,
  returns: readonly StayCase[] = [],
): PricedStay[] {
  const looked = [...stays, ...returns].map((stay) => priceStay(stay, book));
  reduceReadmissions(looked, book);
  const priced = returns.length === 0 ? looked : looked.slice(0, stays.length);
  capHighOutliers(priced, book);
  return priced;
}

/** A second stay in the same group within the window: the earlier stay is paid its share (e.g. half). */
function reduceReadmissions(priced: PricedStay[], { rules }: PriceBook): void {
  const { scope, withinDays, earlierShare, id } = rules.readmission;
  for (const indexes of repeatedGroups(priced, scope)) {
    indexes.sort((left, right) => compareStays(priced[left]!.stay, priced[right]!.stay));
    for (let position = 0; position + 1 < indexes.length; position += 1) {
      const earlier = priced[indexes[position]!]!;
      const days = daysBetween(earlier.stay.dischargedOn, priced[indexes[position + 1]!]!.stay.admittedOn);
      if (!isUpTo(BigInt(days) * ONE, withinDays)) continue;
      const row = `${earlier.row}, ${id}`;
      priced[indexes[position]!] = repriced(
        earlier,
        earlier.kind,
        row,
        timesE4(earlier.payFen, earlierShare),
      );
    }
  }
}

/** Stays of one person in one group (and hospital); most people have one stay, and those cost one look only. */
function* repeatedGroups(priced: readonly PricedStay[], scope: string): Generator<number[]> {
  const ofPerson = new Map<string, number | number[]>();
  priced.forEach(({ stay, kind }, index) => {
    if (!IN_DRG.has(kind)) return;
    const known = ofPerson.get(stay.patient);
    if (known === undefined) ofPerson.set(stay.patient, index);
    else if (typeof known === 'number') ofPerson.set(stay.patient, [known, index]);
    else known.push(index);
  });
  for (const indexes of ofPerson.values()) {
    if (typeof indexes === 'number') continue;
    const groups = new Map<string, number[]>();
    for (const index of indexes) {
      const { group, org } = priced[index]!.stay;
      const key = scope === 'same-hospital' ? `${group.drg} ${org}` : group.drg;
      const same = groups.get(key);
      if (same === undefined) groups.set(key, [index]);
      else same.push(index);
    }
    for (const same of groups.values()) if (same.length > 1) yield same;
  }
}

/** Beyond the cap, the high outliers of a hospital with the lowest ratios are paid the plain standard. */
function capHighOutliers(priced: PricedStay[], { rules }: PriceBook): void {
  const cap = rules.outliers.highCap;
  if (cap === null) return;
  const byOrg = new Map<string, { all: number; high: number[] }>();
  priced.forEach(({ stay, kind }, index) => {
    if (!IN_DRG.has(kind)) return;
    const org = byOrg.get(stay.org) ?? { all: 0, high: [] };
    byOrg.set(stay.org, org);
    org.all += 1;
    if (kind === 'high-outlier') org.high.push(index);
  });
  for (const { all, high } of byOrg.values()) {
    const allowed = Number((BigInt(all) * cap.atMost) / ONE);
    if (high.length <= allowed) continue;
    high.sort((left, right) => compareRatios(priced[left]!, priced[right]!));
    for (const index of high.slice(allowed)) {
      const stay = priced[index]!;
      priced[index] = repriced(stay, 'normal', `${stay.row}, ${cap.id}`, stay.standardFen);
    }
  }
}

const IN_DRG: ReadonlySet<string> = new Set(['normal', 'low-outlier', 'high-outlier']);

function compareStays(left: StayCase, right: StayCase): number {
  return order(left.admittedOn, right.admittedOn) || order(left.id, right.id);
}

/** Highest ratio of cost to standard first. */
function compareRatios(left: PricedStay, right: PricedStay): number {
  const leftCross = left.stay.costFen * right.standardFen;
  const rightCross = right.stay.costFen * left.standardFen;
  if (leftCross !== rightCross) return leftCross > rightCross ? -1 : 1;
  return order(left.stay.id, right.stay.id);
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
