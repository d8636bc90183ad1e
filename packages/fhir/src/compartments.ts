// Which patients a resource belongs to (居民区室), by the standard's Patient compartment.
import { readPatientCompartment } from './definitions/load.ts';
import type { PatientCompartment } from './definitions/types.ts';
import { compileTree, type Evaluate } from './path/compile.ts';
import { isObject, resourceNode } from './path/node.ts';
import { parsePath } from './path/parse.ts';
import { searchParameter } from './search/parameters.ts';
import { piecesFor } from './search/pieces.ts';
import { referredNode } from './search/reference-rows.ts';
import { parseReference } from './search/references.ts';
import type { Resource } from './types.ts';

export interface PatientKey {
  readonly type: 'Patient';
  readonly id: string;
}

/** The parameters that name whom the resource is about come first. */
const SUBJECT_FIRST = ['patient', 'subject'];

let compartment: PatientCompartment | undefined;
const paths = new Map<string, readonly Evaluate[]>();

function pathsOf(type: string): readonly Evaluate[] {
  let known = paths.get(type);
  if (!known) {
    compartment ??= readPatientCompartment();
    const rank = (code: string): number => (SUBJECT_FIRST.includes(code) ? 0 : 1);
    known = [...(compartment[type] ?? [])]
      .sort((a, b) => rank(a) - rank(b))
      .map((code) => searchParameter(type, code))
      .filter((one) => one !== undefined)
      .flatMap((one) => piecesFor(type, parsePath(one.expression)).map(compileTree));
    paths.set(type, known);
  }
  return known;
}

/** The patients whose compartment holds the resource, its subject first; a Patient belongs to itself. */
export function compartmentPatients(resource: Resource): PatientKey[] {
  const ids = new Set<string>();
  if (resource.resourceType === 'Patient' && resource.id !== undefined) ids.add(resource.id);
  const node = resourceNode(resource);
  const scope = { resource: node, root: node, context: node, resolve: referredNode };
  for (const evaluate of pathsOf(resource.resourceType)) {
    for (const { value } of evaluate(scope, [node])) {
      const reference = isObject(value) ? value['reference'] : undefined;
      const parsed = typeof reference === 'string' ? parseReference(reference) : null;
      if (parsed?.targetType === 'Patient' && parsed.targetId !== null) ids.add(parsed.targetId);
    }
  }
  return [...ids].map((id) => ({ type: 'Patient', id }));
}
