// Keeps what access needs to know beside each write, in its transaction: tree, care, work in hand, consent, children.
import type { Uuid } from '@yimai/kit';
import { type Sql, sql } from '@yimai/postgres';
import type { Resource, StoredRow } from '../types.ts';
import { projectConsent } from './consent.ts';

import { type Target, targetsAt, textAt } from './elements.ts';
import { comingOfAge, instantAt } from './instants.ts';
import type { CareRule } from './kinds.ts';
import { projectOrganization } from './org-tree.ts';
import type { Policy } from './policy.ts';

export type AfterWrite = (run: Sql, row: StoredRow, resource: Resource | null) => Promise<void>;

/** `resource` null: deleted. Running it over all versions in order rebuilds every projection. */
export function makeAfterWrite(policy: Policy): AfterWrite {
  const { care, assignees } = policy.kinds;
  return async (run, row, resource) => {
    const rule = care[row.type];
    if (rule) await projectCare(run, row, resource, rule);
    const hands = assignees[row.type];
    if (hands) await projectAssignment(run, row, resource, hands);
    if (row.type === 'Organization') await projectOrganization(run, row, resource);
    else if (row.type === 'Consent') await projectConsent(run, row, resource, policy.kinds.tagSystem);
    else if (row.type === 'Patient') await projectPatient(run, row, resource, policy);
    else if (row.type === 'RelatedPerson') await projectRelatedPerson(run, row, resource);
    else if (row.type === 'PractitionerRole') await projectPractitionerRole(run, row, resource);
  };
}

/** Whether a write of this type touches any projection; a store may skip the call otherwise. */
export const hasProjection = (policy: Policy, type: string): boolean =>
  type in policy.kinds.care ||
  type in policy.kinds.assignees ||
  ['Organization', 'Consent', 'Patient', 'RelatedPerson', 'PractitionerRole'].includes(type);

// Who no longer stands in the newest version keeps the relation until now, so that the time of grace begins.
async function projectCare(
  run: Sql,
  row: StoredRow,
  resource: Resource | null,
  rule: CareRule,
): Promise<void> {
  const at = row.updatedAt;
  const status = resource ? (textAt(resource, rule.status) ?? '') : '';
  const open = resource !== null && rule.open.includes(status);
  const ended = resource !== null && rule.closed.includes(status);
  const wrong = resource === null || (!open && !ended);
  const parties = wrong || row.patient === null ? [] : await partiesOf(run, resource, rule.parties);
  if (row.version > 1) {
    // A mistake never was a relation; a party that left had one until now.
    if (wrong && row.type !== 'Patient')
      await run.run(sql`delete from care_relation where basis = ${row.id}`);
    else
      await run.run(sql`update care_relation set until_at = ${at}::timestamptz
        where basis = ${row.id} and (until_at is null or until_at > ${at}::timestamptz)
          and not (party = any(${parties}::uuid[]) and patient = ${row.patient}::uuid)`);
  }
  if (parties.length === 0) return;
  const from = instantAt(resource!, rule.from, 'start');
  const until = ended ? earlier(instantAt(resource!, rule.until, 'end') ?? at, at) : null;
  await run.run(sql`insert into care_relation (basis, patient, party, basis_type, from_at, until_at)
    select ${row.id}::uuid, ${row.patient}::uuid, party, ${row.type}::text,
      least(${from ?? at}::timestamptz, ${at}::timestamptz), ${until}::timestamptz
    from unnest(${parties}::uuid[]) as n(party)
    on conflict (patient, party, basis) do update set until_at = excluded.until_at, basis_type = excluded.basis_type`);
}

async function partiesOf(run: Sql, resource: Resource, paths: readonly string[]): Promise<Uuid[]> {
  const targets = paths.flatMap((path) => targetsAt(resource, path));
  return resolveParties(run, targets, ['Organization', 'Practitioner']);
}

// A PractitionerRole stands for its practitioner and its organisation.
async function resolveParties(
  run: Sql,
  targets: readonly Target[],
  types: readonly string[],
): Promise<Uuid[]> {
  const keys = new Set(targets.filter((target) => types.includes(target.type)).map((target) => target.key));
  const roles = targets.filter((target) => target.type === 'PractitionerRole').map((target) => target.key);
  if (roles.length > 0) {
    const { rows } = await run.run<{ practitioner: Uuid | null; org: Uuid | null }>(
      sql`select practitioner, org from practitioner_role where id = any(${roles}::uuid[])`,
    );
    for (const one of rows) for (const key of [one.practitioner, one.org]) if (key) keys.add(key);
  }
  return [...keys].sort();
}

async function projectAssignment(
  run: Sql,
  row: StoredRow,
  resource: Resource | null,
  paths: readonly string[],
): Promise<void> {
  const targets = resource ? paths.flatMap((path) => targetsAt(resource, path)) : [];
  // A resident's own work is seen as the own file; the patient is in hand only where named by the rule.
  const hands = await resolveParties(run, targets, ['Organization', 'Practitioner', 'Patient']);
  // A deleted work item stays in the hands that it was in, for its history.
  if (resource === null) return;
  if (row.version > 1)
    await run.run(sql`delete from assignment where type = ${row.type} and fhir_id = ${row.fhirId}
      and not assignee = any(${hands}::uuid[])`);
  if (hands.length > 0)
    await run.run(sql`insert into assignment (type, fhir_id, assignee)
      select ${row.type}::text, ${row.fhirId}::text, assignee from unnest(${hands}::uuid[]) as n(assignee)
      on conflict do nothing`);
}

async function projectPatient(
  run: Sql,
  row: StoredRow,
  resource: Resource | null,
  policy: Policy,
): Promise<void> {
  const until = resource
    ? comingOfAge(textAt(resource, 'birthDate'), policy.settings.guardianBelowYears)
    : null;
  const isChild = until !== null && until > row.updatedAt;
  if (row.version > 1) {
    await run.run(sql`delete from patient_link where patient = ${row.id}`);
    // A deleted child stays protected until grown up.
    if (resource !== null && !isChild) await run.run(sql`delete from minor where patient = ${row.id}`);
  }
  if (resource === null) return;
  if (isChild)
    await run.run(sql`insert into minor (patient, until_at) values (${row.id}, ${until})
      on conflict (patient) do update set until_at = excluded.until_at`);
  const links = targetsAt(resource, 'link.other').filter((target) => target.type === 'RelatedPerson');
  if (links.length > 0)
    await run.run(sql`insert into patient_link (patient, other)
      select ${row.id}::uuid, other from unnest(${links.map((link) => link.key)}::uuid[]) as n(other)
      on conflict do nothing`);
}

async function projectRelatedPerson(run: Sql, row: StoredRow, resource: Resource | null): Promise<void> {
  await run.run(sql`delete from related_person where id = ${row.id}`);
  if (resource === null || textAt(resource, 'active') === 'false' || row.patient === null) return;
  await run.run(sql`insert into related_person (id, child, from_at, until_at) values (${row.id}, ${row.patient},
    ${instantAt(resource, 'period.start', 'start')}, ${instantAt(resource, 'period.end', 'end')})`);
}

async function projectPractitionerRole(run: Sql, row: StoredRow, resource: Resource | null): Promise<void> {
  if (resource === null) {
    await run.run(sql`delete from practitioner_role where id = ${row.id}`);
    return;
  }
  const practitioner = targetsAt(resource, 'practitioner')[0]?.key ?? null;
  const org = targetsAt(resource, 'organization')[0]?.key ?? null;
  await run.run(sql`insert into practitioner_role (id, practitioner, org) values (${row.id}, ${practitioner}, ${org})
    on conflict (id) do update set practitioner = excluded.practitioner, org = excluded.org`);
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
