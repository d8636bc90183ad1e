// Finds a search parameter for the types searched: one name, one number for each type that has it.
import { heldBy, resourceTypes, type SearchParameterDef, searchParameter } from '@yimai/fhir';
import type { Parameter } from './tree.ts';

/** Types of one search; null: every type. */
export type Types = readonly string[] | null;

export const typesOf = (types: Types): readonly string[] => types ?? resourceTypes();

/** Null unless every type searched has it, and as the same kind. */
export function definitionsOf(types: Types, code: string): readonly SearchParameterDef[] | null {
  const found: SearchParameterDef[] = [];
  for (const type of typesOf(types)) {
    const def = searchParameter(type, code);
    if (!def || (found[0] && found[0].kind !== def.kind)) return null;
    found.push(def);
  }
  return found.length === 0 ? null : found;
}

export function parameterOf(defs: readonly SearchParameterDef[]): Parameter {
  const first = defs[0]!;
  const targets = [...new Set(defs.flatMap((def) => def.targets ?? []))];
  return {
    code: first.code,
    kind: first.kind,
    ids: [...new Set(defs.flatMap((def) => heldBy(def.type, def.code)))],
    targets: targets.includes('Resource') ? [] : targets,
  };
}

export function findParameter(types: Types, code: string): Parameter | null {
  const defs = definitionsOf(types, code);
  return defs && parameterOf(defs);
}
