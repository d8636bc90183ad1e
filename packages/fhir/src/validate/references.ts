// References: `#id` must be contained here, and the type of the target must be one that the element allows.
import { parseReference } from '../search/references.ts';
import type { Property } from './compiled-type.ts';
import type { Walk } from './elements.ts';

type Json = Readonly<Record<string, unknown>>;

export function checkReference(walk: Walk, value: Json, targets: Property['targets'], at: string): void {
  const { reference, type } = value;
  if (typeof reference !== 'string') {
    checkTarget(walk, type, targets, at);
    return;
  }
  if (reference.startsWith('#')) {
    const id = reference.slice(1);
    if (id === '' || walk.containedIds.has(id)) return;
    const en = 'ref-1: SHALL have a contained resource if a local reference is provided';
    walk.findings.error('invariant', at, '引用的内含资源不存在（ref-1）', en, 'ref-1');
    return;
  }
  checkTarget(walk, parseReference(reference, type)?.targetType, targets, at);
}

function checkTarget(walk: Walk, type: unknown, targets: Property['targets'], at: string): void {
  if (targets === null || typeof type !== 'string' || targets.has(type)) return;
  const allowed = [...targets].join(', ');
  walk.findings.error(
    'structure',
    at,
    `不能引用 ${type}，只允许 ${allowed}`,
    `a reference to ${type} is not allowed, only ${allowed}`,
    'F10',
  );
}
