// Where in a resource the nodes stand that a FHIRPath expression finds.
import { findPlaces } from '../path/full-engine.ts';

/** Steps from the resource: names of elements and positions in lists. */
export type Place = readonly (string | number)[];

const PATH_MAX = 1000;
/** A patch says where, it does not compute: no regular expressions, no walks over everything. */
const ALLOWED = new Set([
  ...['where', 'first', 'last', 'tail', 'skip', 'take', 'single', 'ofType', 'as', 'is', 'extension'],
  ...['exists', 'empty', 'not', 'startsWith', 'endsWith', 'contains', 'toString', 'lower', 'upper'],
]);

/** null for an expression that is wrong or that a patch may not use. */
export function placesOf(path: string, resource: unknown): readonly Place[] | null {
  if (path.length > PATH_MAX) return null;
  const code = path.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  for (const [, name] of code.matchAll(/([A-Za-z_]\w*)\s*\(/g)) if (!ALLOWED.has(name!)) return null;
  try {
    return findPlaces(path, resource);
  } catch {
    return null;
  }
}
