// Contained resources: named, not nested, without versions or labels, and referred to from the resource around them.
import { isObject } from '../path/node.ts';
import type { Findings } from './findings.ts';

type Json = Readonly<Record<string, unknown>>;

export function checkContained(resource: Json, at: string, findings: Findings): void {
  const { contained } = resource;
  if (!Array.isArray(contained)) return;
  const used = localReferences(resource);
  const seen = new Set<unknown>();
  contained.forEach((one: unknown, index) => {
    if (!isObject(one)) return;
    const place = `${at}.contained[${index}]`;
    const { id } = one;
    if (id === undefined)
      findings.error('required', place, '内含资源必须有 id', 'a contained resource must have an id', 'F11');
    else if (seen.has(id))
      findings.error('duplicate', place, '内含资源的 id 重复', 'this id stands twice in contained', 'F11');
    seen.add(id);
    if (one['contained'] !== undefined) {
      findings.error(
        'invariant',
        at,
        '内含资源不能再内含资源',
        'dom-2: contained resources shall not be nested',
        'dom-2',
      );
    }
    const meta = isObject(one['meta']) ? one['meta'] : {};
    if (meta['versionId'] !== undefined || meta['lastUpdated'] !== undefined) {
      findings.error(
        'invariant',
        at,
        '内含资源不能有版本',
        'dom-4: a contained resource has no versionId or lastUpdated',
        'dom-4',
      );
    }
    if (meta['security'] !== undefined) {
      findings.error(
        'invariant',
        at,
        '内含资源不能有安全标签',
        'dom-5: a contained resource has no security label',
        'dom-5',
      );
    }
    if (typeof id === 'string' && !used.has(`#${id}`) && !localReferences(one).has('#')) {
      const en = `dom-3: contained resource "${id}" is not referred to`;
      findings.error('invariant', at, `内含资源“${id}”未被引用`, en, 'dom-3');
    }
  });
}

/** Every text that starts with `#`: references, canonicals and URIs to contained resources. */
function localReferences(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    if (value.startsWith('#')) into.add(value);
  } else if (Array.isArray(value)) for (const one of value) localReferences(one, into);
  else if (isObject(value)) for (const key in value) localReferences(value[key], into);
  return into;
}
