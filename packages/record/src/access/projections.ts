// Keeps what access needs to know beside each write, in its transaction: tree, care, work in hand, consent, children.
import type { Uuid } from '@yimai/kit';
import { raw, type Sql, sql } from '@yimai/postgres';
import type { Resource, StoredRow } from '../types.ts';
import { projectConsent } from './consent.ts';

import { type Target, targetsAt, textAt } from './elements.ts';
import { comingOfAge, instantAt } from './instants.ts';
import type { CareRule } from './kinds.ts';
import { projectOrganization } from './org-tree.ts';
import type { Policy } from './policy.ts';

/** One version written; `resource` null: deleted. */
export interface Written {
  readonly row: StoredRow;
  readonly resource: Resource | null;
  /** The version before, where the writer knows it; null for the first. */
  readonly before?: StoredRow | null;
}

export type AfterWrite = (run: Sql, writes: readonly Written[]) => Promise<void>;

/**
 * A batch holds each resource once. Running it over all versions in order rebuilds every projection. The number of
 * statements does not grow with the batch, but for the few types that make the tree and the people.
 */
export function makeAfterWrite(policy: Policy): AfterWrite {
  const { care, assignees } = policy.kinds;
  return async (run, writes) => {
    for (const { row, resource } of writes) {
      if (row.type === 'Organization') await projectOrganization(run, row, resource);
      else if (row.type === 'Consent') await projectConsent(run, row, resource, policy.kinds.tagSystem);
      else if (row.type === 'Patient') await projectPatient(run, row, resource, policy);
      else if (row.type === 'RelatedPerson') await projectRelatedPerson(run, row, resource);
      else if (row.type === 'PractitionerRole') await projectPractitionerRole(run, row, resource);
    }
    const caring = writes
      .filter(({ row }) => row.type in care)
      .map((write) => careOf(write, care[write.row.type]!));
    const handed = writes
      .filter(({ row, resource }) => row.type in assignees && resource !== null)
      .map(({ row, resource, before }) => ({ row, hands: handsOf(resource!, assignees), before }))
      .filter(({ row, hands, before }) => !handsStay(hands, before ?? null, row, assignees));
    const roles = await behindRoles(run, [
      ...caring.flatMap((one) => one.parties),
      ...handed.flatMap((one) => one.hands),
    ]);
    await Promise.all([projectCare(run, caring, roles), projectAssignment(run, handed, roles)]);
  };
}

/** Whether a write of this type touches any projection; a store may skip the call otherwise. */
export const hasProjection = (policy: Policy, type: string): boolean =>
  type in policy.kinds.care ||
  type in policy.kinds.assignees ||
  ['Organization', 'Consent', 'Patient', 'RelatedPerson', 'PractitionerRole'].includes(type);

interface Care {
  readonly row: StoredRow;
  /** A mistake never was a relation: its rows go, but for a Patient, whose registration was one. */
  readonly mistaken: boolean;
  /** Earlier versions may have left rows: not where the one before was about nobody, whose rows went then. */
  readonly earlier: boolean;
  readonly parties: readonly Target[];
  readonly from: Date;
  readonly until: Date | null;
}

function careOf({ row, resource, before }: Written, rule: CareRule): Care {
  const at = row.updatedAt;
  const status = resource ? (textAt(resource, rule.status) ?? '') : '';
  const ended = resource !== null && rule.closed.includes(status);
  const holds = resource !== null && row.patient !== null && (ended || rule.open.includes(status));
  const earlier = row.version > 1 && before?.patient !== null;
  if (!holds) return { row, mistaken: row.type !== 'Patient', earlier, parties: [], from: at, until: null };
  return {
    row,
    mistaken: false,
    earlier,
    parties: rule.parties.flatMap((path) => targetsAt(resource, path)),
    from: earliest(instantAt(resource, rule.from, 'start') ?? at, at),
    until: ended ? earliest(instantAt(resource, rule.until, 'end') ?? at, at) : null,
  };
}

type Behind = ReadonlyMap<Uuid, readonly Uuid[]>;

// A PractitionerRole stands for its practitioner and its organisation.
async function behindRoles(run: Sql, targets: readonly Target[]): Promise<Behind> {
  const keys = [...new Set(targets.filter((one) => one.type === 'PractitionerRole').map((one) => one.key))];
  if (keys.length === 0) return new Map();
  const { rows } = await run.run<{ id: Uuid; practitioner: Uuid | null; org: Uuid | null }>(
    sql`select id, practitioner, org from practitioner_role where id = any(${keys}::uuid[])`,
  );
  return new Map(rows.map((row) => [row.id, [row.practitioner, row.org].filter((key) => key !== null)]));
}

function resolved(targets: readonly Target[], types: readonly string[], behind: Behind): Uuid[] {
  const keys = targets.flatMap((one) =>
    one.type === 'PractitionerRole' ? (behind.get(one.key) ?? []) : types.includes(one.type) ? [one.key] : [],
  );
  return [...new Set(keys)].sort();
}

// Who no longer stands in the newest version keeps the relation until now, so that the time of grace begins.
async function projectCare(run: Sql, caring: readonly Care[], behind: Behind): Promise<void> {
  const rows = caring.flatMap((one) =>
    resolved(one.parties, ['Organization', 'Practitioner'], behind).map((party) => ({ ...one, party })),
  );
  const mistaken = caring.filter((one) => one.mistaken && one.earlier).map(({ row }) => row.id);
  if (mistaken.length > 0)
    await run.run(sql`delete from care_relation where basis = any(${mistaken}::uuid[])`);
  const newer = caring.filter((one) => !one.mistaken && one.earlier).map(({ row }) => row);
  if (newer.length > 0)
    await run.run(sql`update care_relation c set until_at = n.at
      from unnest(${newer.map((row) => row.id)}::uuid[], ${newer.map((row) => row.updatedAt)}::timestamptz[]) as n(basis, at)
      where c.basis = n.basis and (c.until_at is null or c.until_at > n.at) and not exists (
        select 1 from unnest(${rows.map(({ row }) => row.id)}::uuid[], ${rows.map(({ party }) => party)}::uuid[],
          ${rows.map(({ row }) => row.patient)}::uuid[]) as k(basis, party, patient)
        where k.basis = c.basis and k.party = c.party and k.patient = c.patient)`);
  if (rows.length === 0) return;
  await run.run(sql`insert into care_relation (basis, patient, party, basis_type, from_at, until_at)
    select * from unnest(${rows.map(({ row }) => row.id)}::uuid[], ${rows.map(({ row }) => row.patient)}::uuid[],
      ${rows.map(({ party }) => party)}::uuid[], ${rows.map(({ row }) => row.type)}::text[],
      ${rows.map(({ from }) => from)}::timestamptz[], ${rows.map(({ until }) => until)}::timestamptz[])
    ${
      isNew(rows)
        ? raw('')
        : sql`on conflict (patient, party, basis) do update
      set until_at = excluded.until_at, basis_type = excluded.basis_type`
    }`);
}

interface Handed {
  readonly row: StoredRow;
  readonly hands: readonly Target[];
}

type Assignees = Policy['kinds']['assignees'];

const handsOf = (resource: Resource, assignees: Assignees): Target[] =>
  assignees[resource.resourceType]!.flatMap((path) => targetsAt(resource, path));

/** Most acts leave a case in the same hands; who is behind a role may have changed meanwhile, so those are looked up. */
function handsStay(
  hands: readonly Target[],
  before: StoredRow | null,
  row: StoredRow,
  assignees: Assignees,
): boolean {
  if (row.version === 1 || before === null || before.deleted || before.content === null) return false;
  if (hands.some((one) => one.type === 'PractitionerRole')) return false;
  const were = new Set(handsOf(JSON.parse(before.content) as Resource, assignees).map((one) => one.key));
  const are = new Set(hands.map((one) => one.key));
  return were.size === are.size && [...are].every((key) => were.has(key));
}

// Work that is deleted stays in the hands that it was in, for its history.
async function projectAssignment(run: Sql, handed: readonly Handed[], behind: Behind): Promise<void> {
  const rows = handed.flatMap(({ row, hands }) =>
    resolved(hands, ['Organization', 'Practitioner', 'Patient'], behind).map((assignee) => ({
      row,
      assignee,
    })),
  );
  const newer = handed.filter(({ row }) => row.version > 1).map(({ row }) => row);
  if (newer.length + rows.length === 0) return;
  await run.run(sql`with held as (
      select * from unnest(${rows.map(({ row }) => row.type)}::text[], ${rows.map(({ row }) => row.fhirId)}::text[],
        ${rows.map(({ assignee }) => assignee)}::uuid[], ${rows.map(({ row }) => row.id)}::uuid[])
        as k(type, fhir_id, assignee, resource)),
    gone as (delete from assignment a
      using unnest(${newer.map((row) => row.type)}::text[], ${newer.map((row) => row.fhirId)}::text[]) as n(type, fhir_id)
      where a.type = n.type and a.fhir_id = n.fhir_id and not exists (
        select 1 from held k where k.type = a.type and k.fhir_id = a.fhir_id and k.assignee = a.assignee))
    insert into assignment (type, fhir_id, assignee, resource) select type, fhir_id, assignee, resource from held
    ${isNew(rows) ? raw('') : raw('on conflict do nothing')}`);
}

/** Of a first version nothing is there yet: rows that meet none are written at less cost. */
const isNew = (rows: readonly { readonly row: StoredRow }[]): boolean =>
  rows.every(({ row }) => row.version === 1);

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

const earliest = (a: Date, b: Date): Date => (a < b ? a : b);
