// Walks plain FHIR JSON for the rules of this folder: values at a dotted path, row keys of references, codings anywhere.
import { parseReference, rowKey } from '@yimai/fhir';
import type { Uuid } from '@yimai/kit';
import type { Coding, Resource } from '../types.ts';

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All values at a dotted path; arrays are entered, so `participant.actor` gives every actor. */
export function valuesAt(node: unknown, path: string): unknown[] {
  let found: unknown[] = [node];
  if (path === '') return [];
  for (const name of path.split('.')) {
    const next: unknown[] = [];
    for (const value of found) {
      const inner = isObject(value) ? value[name] : undefined;
      if (Array.isArray(inner)) next.push(...inner);
      else if (inner !== undefined) next.push(inner);
    }
    found = next;
  }
  return found;
}

export function textAt(node: unknown, path: string): string | null {
  const value = valuesAt(node, path)[0];
  return typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : null;
}

export interface Target {
  readonly type: string;
  readonly key: Uuid;
}

/** What a Reference points to in this store; null for contained, logical and outside references. */
export function targetOf(reference: unknown): Target | null {
  const text = isObject(reference) ? reference['reference'] : undefined;
  if (typeof text !== 'string') return null;
  const parsed = parseReference(text);
  if (parsed?.targetType == null || parsed.targetId == null) return null;
  return { type: parsed.targetType, key: rowKey(parsed.targetType, parsed.targetId) };
}

export function targetsAt(resource: Resource, path: string): Target[] {
  return valuesAt(resource, path)
    .map(targetOf)
    .filter((target) => target !== null);
}

/** Calls `visit` for every object below `node` that looks like a Coding or is one. */
export function eachCoding(node: unknown, visit: (coding: Coding) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) eachCoding(item, visit);
  } else if (isObject(node)) {
    if (typeof node['code'] === 'string' && typeof node['system'] === 'string') visit(node as Coding);
    for (const inner of Object.values(node)) if (typeof inner === 'object') eachCoding(inner, visit);
  }
}
