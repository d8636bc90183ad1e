// The door of county: a fictional county, the same on every machine.
export {
  type County,
  type LoadProgress,
  loadCounty,
  type PlayedCounty,
  playCounty,
  prepareCounty,
} from './load.ts';
export { COUNTY_NAME, organization, type Place, places, REGION } from './places.ts';
export { type Random, seeded } from './random.ts';
export { type Resident, residents } from './residents.ts';
export { DEMO_PASSWORD, type StaffUser, staffUsers } from './sign-ins.ts';
export type { Refused } from './stories/stage.ts';
export { yearBefore } from './week.ts';
export type { YearOptions } from './year.ts';
