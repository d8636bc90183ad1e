// The door of matching: who goes where, draws from pools, bookings without conflict.
export { planAssignments } from './assign.ts';
export { barOf, overlaps, rankCandidates, scoreOf } from './candidates.ts';
export { commitmentOf, type Draw, type Drawable, type DrawRequest, draw } from './draw.ts';
export {
  type Booking,
  type BookingRequest,
  checkBooking,
  findFree,
  freePlaces,
  peak,
  type Unit,
} from './pool.ts';
export * from './types.ts';
