// Bed-day payment by phase for long stays (康复、精神等): each day costs what its phase says, absence days are not paid.
import { assert, type Fen, formatYuan } from '@yimai/kit';
import type { PriceBook } from './price-book.ts';
import type { Teller } from './price-stay.ts';
import type { BedDaySegment } from './stay-case.ts';

/**
 * A stay that switches its category is split; each segment begins with day 1 of its own category. Absence days shorten the
 * segment at its end.
 */
export function bedDayPay(
  segments: readonly BedDaySegment[],
  book: PriceBook,
  tell?: Teller,
): { payFen: Fen; row: string } {
  let payFen = 0n;
  const rows: string[] = [];
  for (const { category, days, absenceDays } of segments) {
    const phases = book.phasesOf(category);
    assert(phases.length > 0, `no bed-day price for ${category}: priceable() refuses such stays before`);
    const paidDays = days - absenceDays;
    for (const phase of phases) {
      const last = Math.min(paidDays, phase.toDay ?? paidDays);
      const inPhase = last - phase.fromDay + 1;
      if (inPhase <= 0) continue;
      const amount = BigInt(inPhase) * phase.dayFen;
      payFen += amount;
      rows.push(phase.id);
      tell?.({
        row: phase.id,
        zh: `${category} 第 ${phase.fromDay} 天起 ${inPhase} 天 × ${formatYuan(phase.dayFen)} = ${formatYuan(amount)} 元`,
        en: `${category} from day ${phase.fromDay}: ${inPhase} days × ${formatYuan(phase.dayFen)} = ${formatYuan(amount)} yuan`,
      });
    }
  }
  return { payFen, row: rows.join(', ') || 'bed-day/no-paid-day' };
}
