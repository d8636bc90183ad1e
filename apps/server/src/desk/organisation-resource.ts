// An organisation as the desk keeps it, to and from its FHIR resource; what else the resource says stays as it is.
import type { Organisation, OrganisationEntry } from '@yimai/desk/contract';
import { ORG_LEVEL_SYSTEM, ORG_LEVELS, type Resource } from '@yimai/record';
import { SYSTEMS } from '@yimai/runtime';
import { ORGANISATION_KINDS } from './organisation-kinds.ts';
import type { Json } from './resources.ts';

const CODES = 'https://yimai.example/fhir/CodeSystem';
const KIND_SYSTEM = `${CODES}/organisation-kind`;
const CLASS_SYSTEM = `${CODES}/institution-class`;
const OWN = new Set([ORG_LEVEL_SYSTEM, KIND_SYSTEM, CLASS_SYSTEM]);

type Kept = Omit<OrganisationEntry, 'isNew'>;

export function organisationResource(entry: Kept, before: Json | null = null): Resource {
  const kind = ORGANISATION_KINDS.find((each) => each.code === entry.kind);
  const others = (before?.type ?? []).filter(
    (type: Json) => !(type.coding ?? []).some((coding: Json) => OWN.has(coding.system)),
  );
  const identifiers = (before?.identifier ?? []).filter((one: Json) => one.system !== SYSTEMS.office);
  for (const value of entry.offices) identifiers.push({ system: SYSTEMS.office, value });
  const { meta: _meta, partOf: _partOf, identifier: _identifier, ...rest } = before ?? {};
  return {
    ...rest,
    resourceType: 'Organization',
    id: entry.id,
    ...(before?.meta?.tag ? { meta: { tag: before.meta.tag } } : {}),
    active: before?.active ?? true,
    ...(identifiers.length > 0 ? { identifier: identifiers } : {}),
    type: [
      { coding: [{ system: ORG_LEVEL_SYSTEM, code: entry.level }] },
      ...(kind ? [{ coding: [{ system: KIND_SYSTEM, code: kind.code, display: kind.name.zh }] }] : []),
      ...(kind?.institution ? [{ coding: [{ system: CLASS_SYSTEM, code: kind.institution }] }] : []),
      ...others,
    ],
    name: entry.name,
    ...(entry.parent === null ? {} : { partOf: { reference: `Organization/${entry.parent}` } }),
  };
}

/** As the resource says it; the level may be left to the place in the tree. */
export type OrganisationDraft = Omit<Organisation, 'level'> & {
  readonly level: Organisation['level'] | null;
};

export function toOrganisation(resource: Json): OrganisationDraft {
  const codings: Json[] = (resource.type ?? []).flatMap((type: Json) => type.coding ?? []);
  const level = ORG_LEVELS.find((each) =>
    codings.some((coding) => coding.system === ORG_LEVEL_SYSTEM && coding.code === each),
  );
  const isDepartment = codings.some((coding) => coding.code === 'dept');
  const kindCode = codings.find((coding) => coding.system === KIND_SYSTEM)?.code ?? null;
  const known = ORGANISATION_KINDS.find((each) => each.code === kindCode);
  const word =
    codings.find((coding) => coding.system !== ORG_LEVEL_SYSTEM && coding.display)?.display ??
    resource.type?.[0]?.text ??
    null;
  return {
    id: resource.id,
    name: resource.name ?? resource.id,
    kind: known?.name ?? (word === null ? null : { zh: word, en: word }),
    kindCode: known?.code ?? null,
    level: level ?? (isDepartment ? 'department' : null),
    parent: resource.partOf?.reference?.split('/')[1] ?? null,
    staff: null,
    offices: (resource.identifier ?? [])
      .filter((one: Json) => one.system === SYSTEMS.office && typeof one.value === 'string')
      .map((one: Json) => one.value),
  };
}
