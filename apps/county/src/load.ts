// Brings the county into an empty record through the importer, as a hospital's interface would, and makes its users.
import { rowKey } from '@yimai/fhir';
import { chinaDate, must } from '@yimai/kit';
import type { Database } from '@yimai/postgres';
import { assignRole, createUser, findUser, type Policy, type Record, type Resource } from '@yimai/record';
import { organization, places } from './places.ts';
import { residents } from './residents.ts';
import { DEMO_PASSWORD, staffUsers } from './sign-ins.ts';

/** The part of an opened consortium that loading needs. */
export interface County {
  readonly record: Record;
  readonly database: Database;
  readonly policy: Policy;
}

export type LoadProgress = (stage: 'organisations' | 'users' | 'residents', done: number, of: number) => void;

/** Loading again changes nothing: ids follow from the county's own numbering. */
export async function loadCounty(
  county: County,
  options: { readonly residents: number; readonly progress?: LoadProgress },
): Promise<void> {
  const progress = options.progress ?? (() => {});
  const units = places().map(organization);
  const staff = staffUsers();
  await bring(county, [...units, ...staff.flatMap((one) => [one.resource, one.position])]);
  progress('organisations', units.length, units.length);
  await makeUsers(county, (done, of) => progress('users', done, of));
  let done = 0;
  const importer = county.record.importer(county.record.systemAccess(), { via: 'import' });
  for (const one of residents(options.residents, chinaDate(county.record.clock.now()))) {
    await importer.add(JSON.stringify(one.resource), one.index + 1);
    done += 1;
    if (done % 200 === 0) progress('residents', done, options.residents);
  }
  const report = await importer.finish();
  if (report.refused > 0)
    throw new Error(`fault: ${report.refused} residents refused, ${report.errors[0]?.refusal.code}`);
  progress('residents', options.residents, options.residents);
  await county.record.sequencer.settle();
}

async function bring(county: County, resources: readonly Resource[]): Promise<void> {
  const importer = county.record.importer(county.record.systemAccess(), { via: 'import' });
  for (const [index, resource] of resources.entries())
    await importer.add(JSON.stringify(resource), index + 1);
  const report = await importer.finish();
  const first = report.errors[0];
  if (first)
    throw new Error(
      `fault: ${resources[first.line - 1]?.id} refused: ${first.refusal.code} at ${first.refusal.at}`,
    );
}

async function makeUsers(
  { database, policy, record }: County,
  progress: (done: number, of: number) => void,
): Promise<void> {
  const now = record.clock.now();
  const staff = staffUsers();
  for (const [index, one] of staff.entries()) {
    if (!(await findUser(database, one.login))) {
      const practitioner = rowKey('Practitioner', one.practitioner);
      const user = must(
        await createUser(
          database,
          policy,
          { login: one.login, name: one.name, password: DEMO_PASSWORD, practitioner, demo: true },
          now,
        ),
      );
      must(await assignRole(database, policy, { user: user.id, role: one.role, org: one.org }, now));
    }
    progress(index + 1, staff.length);
  }
}
