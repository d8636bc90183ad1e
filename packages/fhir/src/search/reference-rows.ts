// Reference rows: where a Reference, a canonical or an embedded resource points to.
import { isResourceType } from '../definitions/load.ts';
import { isObject, type Node } from '../path/node.ts';
import type { Target } from './extract.ts';
import { indexedKey } from './normalise.ts';
import { type ParsedReference, parseCanonical, parseReference } from './references.ts';
import type { ReferenceRow } from './rows.ts';

const NOWHERE = { targetType: null, targetId: null, url: null, version: null } as const;

export function referenceRows(out: ReferenceRow[], { param, part }: Target, node: Node): void {
  const { value, type } = node;
  if (typeof value === 'string') {
    if (!value.startsWith('#')) {
      const canonical = parseCanonical(value);
      out.push({ param, ...canonical, url: indexedKey(canonical.url), part });
    }
    return;
  }
  if (!isObject(value)) return;
  if (type !== 'Reference') {
    const id = value['id'];
    if (isResourceType(type) && typeof id === 'string')
      out.push({ param, ...NOWHERE, targetType: type, targetId: id, part });
    return;
  }
  const { reference, identifier } = value;
  const declared = value['type'];
  const parsed = typeof reference === 'string' ? parseReference(reference, declared) : null;
  const named = isObject(identifier) && typeof identifier['value'] === 'string' ? identifier : null;
  if (!parsed && !named) return;
  out.push({
    param,
    ...(parsed
      ? indexed(parsed)
      : { ...NOWHERE, targetType: typeof declared === 'string' ? declared : null }),
    ...(named
      ? {
          identifierSystem: stringOrNull(named['system']),
          identifierValue: indexedKey(String(named['value'])),
        }
      : {}),
    part,
  });
}

const indexed = (parsed: ParsedReference): ParsedReference =>
  parsed.url === null ? parsed : { ...parsed, url: indexedKey(parsed.url) };

const stringOrNull = (value: unknown): string | null =>
  typeof value === 'string' ? indexedKey(value) : null;

/** Stands in for `resolve()`: the type of the target is known from the text, the target itself is not needed. */
export function referredNode(node: Node): Node | undefined {
  if (!isObject(node.value)) return undefined;
  const { reference, type } = node.value;
  const parsed = typeof reference === 'string' ? parseReference(reference, type) : null;
  const target = parsed?.targetType ?? (typeof type === 'string' && isResourceType(type) ? type : null);
  return target === null ? undefined : { value: {}, type: target };
}
