// The door of matching: who goes where, draws from pools, bookings without conflict.
export { planAssignments } from './assign.ts';
export { barOf, overlaps } from './candidates.ts';
export { commitmentOf, type Draw, type Drawable, draw } from './draw.ts';
export { type Booking, checkBooking, type Unit } from './pool.ts';
export * from './types.ts';
