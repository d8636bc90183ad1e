// References: `#id` must be contained here, and the type of the target must be one that the element allows.
import { isResourceType } from '../definitions/load.ts';
import { parseReference } from '../search/references.ts';
import type { Property } from './compiled-type.ts';
import type { Walk } from './elements.ts';

type Json = Readonly<Record<string, unknown>>;

const ABSOLUTE = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
/** A conditional reference of a transaction: `Patient?identifier=...`. */
const CONDITIONAL = /^[A-Z][A-Za-z]+\?/;

export function checkReference(walk: Walk, value: Json, targets: Property['targets'], at: string): void {
  const { findings } = walk;
  const { reference, type } = value;
  if (typeof reference !== 'string') {
    checkTarget(walk, type, targets, at);
    return;
  }
  if (reference.startsWith('#')) {
    const id = reference.slice(1);
    const contained = walk.contained.get(id);
    if (contained !== undefined) checkTarget(walk, contained, targets, at);
    if (id === '' || contained !== undefined) return;
    const en = 'ref-1: SHALL have a contained resource if a local reference is provided';
    findings.error('invariant', at, '引用的内含资源不存在（ref-1）', en, 'ref-1');
    return;
  }
  const parsed = parseReference(reference, type);
  if (!parsed && !ABSOLUTE.test(reference) && !CONDITIONAL.test(reference)) {
    findings.error(
      'value',
      at,
      '相对引用的格式应为 类型/id',
      'a relative reference has the form [type]/[id]',
      'F10',
    );
    return;
  }
  const target = parsed?.targetType;
  if (parsed?.url === null && typeof type === 'string' && isResourceType(type) && type !== target) {
    findings.error(
      'value',
      at,
      '引用与其 type 不一致',
      `the type ${type} is not that of the reference`,
      'F10',
    );
  }
  checkTarget(walk, target, targets, at);
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
