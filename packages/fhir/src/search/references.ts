// Takes references apart: relative, absolute, canonical, version-specific, contained.
import { isResourceType } from '../definitions/load.ts';
import { sameNumbers } from '../json/number-text.ts';
import { isObject } from '../path/node.ts';
import type { Resource } from '../types.ts';

export interface ParsedReference {
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly url: string | null;
  readonly version: string | null;
}

const LOCAL = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;
const REST_TAIL = /\/([A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** null for a reference to a contained resource (`#...`) and for text that is no reference. */
export function parseReference(text: string, declaredType?: unknown): ParsedReference | null {
  if (text.startsWith('#')) return null;
  const declared = typeof declaredType === 'string' && isResourceType(declaredType) ? declaredType : null;
  const local = LOCAL.exec(text);
  if (local && isResourceType(local[1] as string)) {
    return {
      targetType: local[1] as string,
      targetId: local[2] as string,
      url: null,
      version: local[3] ?? null,
    };
  }
  if (!ABSOLUTE.test(text)) return null;
  const type = REST_TAIL.exec(text)?.[1];
  const targetType = type !== undefined && isResourceType(type) ? type : declared;
  return { targetType, targetId: null, url: text, version: null };
}

/** The same resource with references to `base/Type/id` made relative; what does not change is shared. */
export function withOwnReferences<T>(value: T, base: string): T {
  if (Array.isArray(value)) {
    const items = value.map((item) => withOwnReferences(item, base));
    return items.some((item, at) => item !== value[at]) ? (items as T) : value;
  }
  if (!isObject(value)) return value;
  let copy: Record<string, unknown> | null = null;
  for (const key in value) {
    const item: unknown = value[key];
    const own = key === 'reference' && typeof item === 'string' && item.startsWith(`${base}/`);
    const next = own ? item.slice(base.length + 1) : withOwnReferences(item, base);
    if (next === item) continue;
    copy ??= sameNumbers(value, { ...value });
    copy[key] = next;
  }
  return (copy ?? value) as T;
}

/** A canonical with its `|version` apart. */
export function parseCanonical(text: string): ParsedReference & { readonly url: string } {
  const bar = text.indexOf('|');
  const url = bar < 0 ? text : text.slice(0, bar);
  return { targetType: null, targetId: null, url, version: bar < 0 ? null : text.slice(bar + 1) };
}

export interface FoundReference extends ParsedReference {
  /** Where it stands, such as `Encounter.participant[0].individual`. */
  readonly at: string;
  readonly reference: string;
}

/** Every literal Reference inside a resource, contained ones included, in the order of the text. */
export function referencesOf(resource: Resource): FoundReference[] {
  const found: FoundReference[] = [];
  const visit = (value: unknown, at: string): void => {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) visit(value[index], `${at}[${index}]`);
      return;
    }
    if (!isObject(value)) return;
    const { reference } = value;
    if (typeof reference === 'string') {
      const parsed = parseReference(reference, value['type']);
      if (parsed) found.push({ at, reference, ...parsed });
    }
    for (const key in value) {
      const child = value[key];
      if (typeof child === 'object' && child !== null) visit(child, `${at}.${key}`);
    }
  };
  visit(resource, resource.resourceType);
  return found;
}
