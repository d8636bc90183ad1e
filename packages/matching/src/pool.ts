// Pools without double booking: units with capacity and quota, holds that lapse, and the reason for each refusal.
import { ok, type Result, refuse } from '@yimai/kit';

export interface Unit {
  readonly id: string;
  /** How many bookings may overlap; a bed has 1, an establishment pool has its number of posts. */
  readonly capacity: number;
  readonly tags: readonly string[];
  readonly open: boolean;
}

/** From inclusive, to exclusive, in milliseconds; `to` null means until released. */
export interface Booking {
  readonly id: string;
  readonly unit: string;
  readonly holder: string;
  readonly from: number;
  readonly to: number | null;
  readonly state: 'held' | 'confirmed' | 'released';
  /** A hold that is not confirmed by then no longer counts. */
  readonly expires: number | null;
}

export interface BookingRequest {
  readonly unit: string;
  readonly holder: string;
  readonly from: number;
  readonly to: number | null;
  readonly tags: readonly string[];
  /** The same holder may not stand in two bookings of the pool at once. */
  readonly onePerHolder: boolean;
}

const endOf = (to: number | null): number => to ?? Number.POSITIVE_INFINITY;

const counts = (booking: Booking, now: number): boolean =>
  booking.state === 'confirmed' ||
  (booking.state === 'held' && (booking.expires === null || booking.expires > now));

const meets = (booking: Booking, from: number, to: number | null): boolean =>
  booking.from < endOf(to) && from < endOf(booking.to);

/** The most bookings that stand at one moment within the period. */
export function peak(bookings: readonly Booking[], from: number, to: number | null, now: number): number {
  const live = bookings.filter((booking) => counts(booking, now) && meets(booking, from, to));
  const moments = [from, ...live.map((booking) => booking.from).filter((at) => at > from)];
  return Math.max(
    0,
    ...moments.map((at) => live.filter((one) => one.from <= at && at < endOf(one.to)).length),
  );
}

/** May this booking be made on top of the others? Asked and stored in one transaction with the unit's row locked. */
export function checkBooking(
  unit: Unit,
  bookings: readonly Booking[],
  request: BookingRequest,
  now: number,
): Result<void> {
  if (request.to !== null && request.to <= request.from) {
    return refuse(
      'period-empty',
      { zh: '结束须晚于开始', en: 'the end must be after the start' },
      { at: 'payload.to' },
    );
  }
  if (!unit.open)
    return refuse('unit-closed', { zh: '该资源已停用', en: 'the unit is closed' }, { at: 'payload.unit' });
  const lacking = request.tags.find((tag) => !unit.tags.includes(tag));
  if (lacking !== undefined) {
    return refuse(
      'unit-unfit',
      { zh: `该资源不符合“${lacking}”`, en: `the unit is not "${lacking}"` },
      { at: 'payload.unit' },
    );
  }
  const own = bookings.some(
    (one) => one.holder === request.holder && counts(one, now) && meets(one, request.from, request.to),
  );
  if (request.onePerHolder && own) {
    return refuse(
      'holder-booked',
      { zh: '该对象在同一时段已有占用', en: 'the holder already has a booking then' },
      { at: 'payload.holder' },
    );
  }
  const here = bookings.filter((booking) => booking.unit === unit.id);
  if (peak(here, request.from, request.to, now) >= unit.capacity) {
    return unit.capacity === 1
      ? refuse('double-booked', { zh: '该时段已被占用', en: 'already booked then' }, { at: 'payload.unit' })
      : refuse(
          'pool-exhausted',
          { zh: `${unit.capacity} 个名额已用完`, en: `all ${unit.capacity} places are taken` },
          { at: 'payload.unit' },
        );
  }
  return ok(undefined);
}
