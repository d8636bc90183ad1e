// Brings the county into an empty record: its houses and people at once, then a year of life behind a progress bar.
// Broken off, it goes on where it stopped: every id follows from the county's own numbering, what is there stays.
import { type Resource, rowKey } from '@yimai/fhir';
import { must, type SimulatedClock } from '@yimai/kit';
import type { Database } from '@yimai/postgres';
import { assignRole, createUser, findUser, type Policy, type Record, rolesOf } from '@yimai/record';
import type { RuntimeContext } from '@yimai/runtime';
import { bring } from './bring.ts';
import { machines } from './machines.ts';
import { organization, places } from './places.ts';
import { DEMO_PASSWORD, staffUsers } from './sign-ins.ts';
import type { Refused } from './stories/stage.ts';
import { playYear, type YearOptions } from './year.ts';

/** The part of an opened consortium that loading needs. */
export interface County {
  readonly record: Record;
  readonly database: Database;
  readonly policy: Policy;
}

/** A consortium on a clock that the simulator moves; `fireDue` fires what its time has made due. */
export interface PlayedCounty extends County {
  readonly clock: SimulatedClock;
  fireDue(): Promise<number>;
  /** The programmes that it runs: only their stories are told. */
  readonly programmes: RuntimeContext;
}

export type LoadProgress = (done: number, of: number) => void;

/** Organisations, staff and their sign-ins: a few seconds, after which people can sign in. */
export async function prepareCounty(county: County): Promise<void> {
  const staff = staffUsers();
  const resources: Resource[] = [
    ...places().map(organization),
    ...staff.flatMap((one) => [one.resource, one.position]),
    ...machines(),
  ];
  await bring(county.record, resources);
  await makeUsers(county);
  await county.record.sequencer.settle();
}

/** The residents and the year before `until`, on the simulated clock. */
export async function playCounty(county: PlayedCounty, options: YearOptions): Promise<readonly Refused[]> {
  const refused = await playYear(county, options);
  await county.record.sequencer.settle();
  return refused;
}

/** Both, one after the other; the commands that were refused, which should be none. */
export async function loadCounty(county: PlayedCounty, options: YearOptions): Promise<readonly Refused[]> {
  await prepareCounty(county);
  return playCounty(county, options);
}

async function makeUsers({ database, policy, record }: County): Promise<void> {
  const now = record.clock.now();
  await Promise.all(
    staffUsers().map(async (one) => {
      const known = await findUser(database, one.login);
      const user =
        known ??
        must(
          await createUser(
            database,
            policy,
            {
              login: one.login,
              name: one.name,
              password: DEMO_PASSWORD,
              practitioner: rowKey('Practitioner', one.practitioner),
              demo: true,
            },
            now,
          ),
        );
      if ((await rolesOf(database, user.id)).length === 0)
        must(await assignRole(database, policy, { user: user.id, role: one.role, org: one.org }, now));
    }),
  );
}
