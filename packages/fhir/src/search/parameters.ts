// The standard's search parameters by resource type, each with a stable number for the index tables.
import { isKindOf, isResourceType, readSearchParameters } from '../definitions/load.ts';
import type { SearchKind, SearchParameterEntry } from '../definitions/types.ts';

export interface SearchComponentDef {
  readonly code: string;
  readonly kind: SearchKind;
  readonly expression: string;
  readonly paramId: number;
}

export interface SearchParameterDef {
  readonly type: string;
  readonly code: string;
  readonly kind: SearchKind;
  readonly targets?: readonly string[];
  readonly expression: string;
  readonly components?: readonly SearchComponentDef[];
  readonly paramId: number;
}

/** FNV-1a over the ASCII text, as a signed 32-bit number (the width of a PostgreSQL integer). */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}

export const parameterId = (type: string, code: string): number => fnv1a32(`${type}.${code}`);
/** The rows that serve `identifier:of-type=system|code|value`. */
export const ofTypeParameterId = (type: string, code: string): number => fnv1a32(`${type}.${code}:of-type`);
export const componentId = (type: string, code: string, at: number): number =>
  fnv1a32(`${type}.${code}.${at}`);

let entries: readonly SearchParameterEntry[] | undefined;
const byType = new Map<string, ReadonlyMap<string, SearchParameterDef>>();

function defOf(type: string, entry: SearchParameterEntry): SearchParameterDef {
  const { code, kind, expression, targets } = entry;
  const components = entry.components?.map((one, at) => ({ ...one, paramId: componentId(type, code, at) }));
  return {
    type,
    code,
    kind,
    expression,
    paramId: parameterId(type, code),
    ...(targets ? { targets } : {}),
    ...(components ? { components } : {}),
  };
}

function tableOf(type: string): ReadonlyMap<string, SearchParameterDef> {
  const known = byType.get(type);
  if (known) return known;
  entries ??= readSearchParameters();
  const table = new Map<string, SearchParameterDef>();
  if (isResourceType(type)) {
    for (const entry of entries) {
      if (entry.base.some((base) => isKindOf(type, base))) table.set(entry.code, defOf(type, entry));
    }
  }
  byType.set(type, table);
  return table;
}

const lists = new Map<string, readonly SearchParameterDef[]>();

/** All parameters of a type, those of every resource (`_id`, `_lastUpdated`, `_tag` ...) included. */
export function searchParameters(type: string): readonly SearchParameterDef[] {
  let list = lists.get(type);
  if (!list) {
    list = [...tableOf(type).values()];
    lists.set(type, list);
  }
  return list;
}

export const searchParameter = (type: string, code: string): SearchParameterDef | undefined =>
  tableOf(type).get(code);
