// Canonicals: absolute, or of what is contained; a resource that HL7 publishes says its type in its address.
import { isResourceType } from '../definitions/load.ts';
import type { Property } from './compiled-type.ts';
import type { Walk } from './elements.ts';

const ABSOLUTE = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
/** Older texts name a resource of the same server. */
const RELATIVE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(?:\|.*)?$/;
const PUBLISHED = /^https?:\/\/hl7\.org\/fhir\/(?:R4\/)?([A-Z][A-Za-z]+)\/[^/]+$/;

export function checkCanonical(walk: Walk, value: string, targets: Property['targets'], at: string): void {
  const { findings } = walk;
  if (value.startsWith('#')) {
    const type = walk.contained.get(value.slice(1));
    if (type === undefined)
      findings.error('value', at, '所指的内含资源不存在', 'no contained resource has this id', 'F10');
    else refuseOther(walk, type, targets, at);
    return;
  }
  if (!ABSOLUTE.test(value) && !RELATIVE.test(value))
    findings.error('value', at, '规范地址必须是绝对地址', 'a canonical must be an absolute URL', 'F10');
  const type = PUBLISHED.exec(value.split('|')[0]!)?.[1];
  if (type !== undefined && isResourceType(type)) refuseOther(walk, type, targets, at);
}

function refuseOther(walk: Walk, type: string, targets: Property['targets'], at: string): void {
  if (targets === null || targets.has(type)) return;
  const allowed = [...targets].join(', ');
  walk.findings.error(
    'structure',
    at,
    `不能指向 ${type}，只允许 ${allowed}`,
    `a canonical of ${type} is not allowed, only ${allowed}`,
    'F10',
  );
}
