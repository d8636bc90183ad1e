// References inside a transaction Bundle: each full URL, relative reference and reference by condition becomes the place
// where the resource will stand.
import { type InteractionContext, say } from './interaction-context.ts';
import { singleMatch } from './interactions.ts';

/** Where the entries of a Bundle will stand. */
export interface Places {
  readonly byFullUrl: ReadonlyMap<string, string>;
  readonly byCondition: ReadonlyMap<string, string>;
}

const CONDITIONAL_REFERENCE = /^[A-Z][A-Za-z]+\?.+$/;

/** `Patient?identifier=…` in references: each must find exactly one. */
export async function conditionalReferences(
  context: InteractionContext,
  entries: readonly { readonly index: number; readonly resource: object | null }[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const visit = async (value: unknown, at: string): Promise<void> => {
    if (Array.isArray(value))
      for (const [index, item] of value.entries()) await visit(item, `${at}[${index}]`);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (
          key === 'reference' &&
          typeof item === 'string' &&
          CONDITIONAL_REFERENCE.test(item) &&
          !found.has(item)
        ) {
          const cut = item.indexOf('?');
          const match = await singleMatch(context.tx!, item.slice(0, cut), item.slice(cut + 1));
          if (!match)
            throw say(
              'reference-broken',
              `${at}.reference`,
              '条件引用没有匹配',
              'the conditional reference matches nothing',
            );
          found.set(item, `${match.type}/${match.fhirId}`);
        } else await visit(item, `${at}.${key}`);
      }
    }
  };
  for (const entry of entries)
    if (entry.resource) await visit(entry.resource, `Bundle.entry[${entry.index}].resource`);
  return found;
}

const REST_URL = /^(https?:\/\/.+\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;

/** A relative reference is read from where its entry says that it stands: `http://a/Patient/1` makes `http://a/`. */
export const rootOf = (fullUrl: string | null): string | null => REST_URL.exec(fullUrl ?? '')?.[1] ?? null;

/** Every text that is exactly a full URL of the Bundle (or a reference by condition) becomes the place it stands for. */
export function resolved<T>(value: T, places: Places, root: string | null): T {
  const { byFullUrl, byCondition } = places;
  if (byFullUrl.size === 0 && byCondition.size === 0) return value;
  if (typeof value === 'string') {
    const [head, fragment] = splitFragment(value);
    const place = byFullUrl.get(head) ?? byCondition.get(value);
    if (place !== undefined) return (place + fragment) as T;
    return (value.startsWith('<div') ? resolvedLinks(value, byFullUrl) : value) as T;
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, places, root)) as T;
  // A number kept as raw text has no own keys to rewrite and must stay the object it is.
  if (typeof value === 'object' && value !== null && !isRaw(value)) {
    const copy: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const place =
        key === 'reference' && typeof item === 'string' ? relativePlace(item, places, root) : null;
      copy[key] = place ?? (isPlainText(key, item) ? item : resolved(item, places, root));
    }
    return copy as T;
  }
  return value;
}

const RELATIVE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;

function relativePlace(reference: string, { byFullUrl }: Places, root: string | null): string | null {
  if (root === null) return null;
  const [head, fragment] = splitFragment(reference);
  const place = RELATIVE.test(head) ? byFullUrl.get(root + head) : undefined;
  return place === undefined ? null : place + fragment;
}

/** Texts of people and identifiers stay what they are, also where they read like an address of the Bundle. */
const isPlainText = (key: string, item: unknown): boolean =>
  typeof item === 'string' &&
  (key === 'value' || key === 'display' || key === 'text' || key === 'valueString');

/** Links of the narrative lead where the references lead. */
const resolvedLinks = (div: string, byFullUrl: ReadonlyMap<string, string>): string =>
  div.replace(
    /(\s(?:href|src)\s*=\s*)(["'])([^"']*)\2/g,
    (whole, name: string, quote: string, url: string) => {
      const [head, fragment] = splitFragment(url);
      const place = byFullUrl.get(head);
      return place === undefined ? whole : `${name}${quote}${place}${fragment}${quote}`;
    },
  );

function splitFragment(text: string): [string, string] {
  const cut = text.indexOf('#');
  return cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut)];
}

function isRaw(value: object): boolean {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}
