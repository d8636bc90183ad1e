// Reads `_include` and `_revinclude`: which neighbours of the matches come along.
import { isResourceType, searchParameter } from '@yimai/fhir';
import { ok, type Result } from '@yimai/kit';
import { parameterOf, type Types } from './parameter.ts';
import { no } from './refusals.ts';
import type { Include } from './tree.ts';

/** `Observation:subject`, `Observation:subject:Patient`, `Observation:*` or `*`. */
export function readInclude(types: Types, name: string, raw: string): Result<Include> {
  const [direction, modifier] = name.split(':');
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse')
    return no('search-modifier-unsupported', name);
  const forward = direction === '_include';
  const shared = { direction: forward ? 'forward' : 'reverse', iterate: modifier !== undefined } as const;
  if (raw === '*') return ok({ ...shared, source: null, via: null, target: null });
  const [source = '', code, target, ...more] = raw.split(':');
  if (code === undefined || more.length > 0 || !isResourceType(source))
    return no('search-include-invalid', name);
  if (target !== undefined && !isResourceType(target)) return no('search-type-unknown', name);
  const goal = target ?? (forward ? null : onlyType(types));
  if (code === '*') return ok({ ...shared, source, via: null, target: target ?? null });
  const def = searchParameter(source, code);
  if (def?.kind !== 'reference') return no('search-include-invalid', name);
  const via = parameterOf([def]);
  if (target !== undefined && via.targets.length > 0 && !via.targets.includes(target))
    return no('search-include-invalid', name);
  return ok({ ...shared, source, via, target: shared.iterate ? (target ?? null) : goal });
}

const onlyType = (types: Types): string | null => (types?.length === 1 ? types[0]! : null);
