// The criterion of a compartment search: `Patient/x/Observation` finds what belongs to that patient.
import { isResourceType, readPatientCompartment, rowKey, searchParameters } from '@yimai/fhir';
import { ok, type Result } from '@yimai/kit';
import { type Types, typesOf } from './parameter.ts';
import { no } from './refusals.ts';
import type { Filter } from './tree.ts';

let patientCompartment: ReturnType<typeof readPatientCompartment> | undefined;

/** By the standard's definition for patients; for other owners, any reference that may point to such a resource. */
export function compartmentFilter(
  types: Types,
  owner: { readonly type: string; readonly id: string },
): Result<Filter> {
  if (!isResourceType(owner.type)) return no('search-type-unknown', owner.type);
  const members = typesOf(types);
  const ids = members.flatMap((type) => linksTo(type, owner.type));
  const keys = [rowKey(owner.type, owner.id)];
  const of: Filter[] = [];
  if (members.includes(owner.type)) of.push({ kind: 'id', keys, not: false });
  if (ids.length > 0)
    of.push({
      kind: 'test',
      parameter: { code: '_compartment', kind: 'reference', ids, targets: [owner.type] },
      test: { kind: 'reference', values: [{ kind: 'target', keys }] },
      not: false,
    });
  if (of.length === 0) return no('search-type-unknown', `${owner.type}/${types?.join(',') ?? ''}`);
  return ok(of.length === 1 ? of[0]! : { kind: 'any', of });
}

/** The numbers of the reference parameters by which a resource of this type belongs to such an owner. */
function linksTo(type: string, owner: string): number[] {
  patientCompartment ??= readPatientCompartment();
  const codes = owner === 'Patient' ? new Set(patientCompartment[type] ?? []) : null;
  return searchParameters(type)
    .filter((def) => def.kind === 'reference')
    .filter((def) => (codes ? codes.has(def.code) : def.targets?.includes(owner)))
    .map((def) => def.paramId);
}
