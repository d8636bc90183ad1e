// Takes a Bundle apart: its resources with ids that follow from their source, references between them made relative.
import { type ParsedResource, parseResourceText } from '@yimai/fhir';
import { ok, type Refusal, type Result } from '@yimai/kit';
import { idFromContent } from '@yimai/record';

export interface BundleEntry {
  readonly index: number;
  readonly type: string;
  readonly id: string;
  readonly text: string;
}

export interface TakenApart {
  readonly entries: readonly BundleEntry[];
  readonly refused: readonly { readonly index: number; readonly refusal: Refusal }[];
}

/** Finds what `Practitioner?identifier=…` in a reference means; null if nothing or more than one thing does. */
export type FindConditional = (type: string, query: string) => Promise<string | null>;

/** Documents and messages are one signed whole: they are stored as they are. */
const WHOLE = new Set(['document', 'message']);

export function isBundleToTakeApart(parsed: ParsedResource): boolean {
  const { resourceType, type, entry } = parsed.resource as {
    resourceType: string;
    type?: unknown;
    entry?: unknown;
  };
  return resourceType === 'Bundle' && Array.isArray(entry) && !WHOLE.has(String(type));
}

export async function takeApart(parsed: ParsedResource, find: FindConditional): Promise<TakenApart> {
  const raw = (parsed.resource as unknown as { entry: readonly { fullUrl?: unknown; resource?: unknown }[] })
    .entry;
  const refused: { index: number; refusal: Refusal }[] = [];
  const found: { index: number; type: string; id: string; fullUrl: unknown; resource: object }[] = [];
  for (const [index, { fullUrl, resource }] of raw.entries()) {
    if (typeof resource !== 'object' || resource === null) continue;
    const { resourceType, id } = resource as { resourceType?: unknown; id?: unknown };
    found.push({ index, type: String(resourceType), id: idOf(id, fullUrl, resource), fullUrl, resource });
  }
  const places = new Map<string, string>();
  for (const { fullUrl, type, id } of found)
    if (typeof fullUrl === 'string') places.set(fullUrl, `${type}/${id}`);
  const entries: BundleEntry[] = [];
  for (const { index, type, id, resource } of found) {
    const read = await readEntry(resource, places, find);
    if (read.ok) entries.push({ index, type, id, text: read.value });
    else refused.push({ index, refusal: read.refusal });
  }
  return { entries, refused };
}

// The same source gives the same id, so that the same file again changes nothing.
function idOf(id: unknown, fullUrl: unknown, resource: object): string {
  if (typeof id === 'string') return id;
  const uuid = typeof fullUrl === 'string' ? /^urn:uuid:([0-9a-fA-F-]{36})$/.exec(fullUrl)?.[1] : undefined;
  return uuid?.toLowerCase() ?? idFromContent(JSON.stringify(resource));
}

async function readEntry(
  resource: object,
  places: ReadonlyMap<string, string>,
  find: FindConditional,
): Promise<Result<string>> {
  await rewriteReferences(resource, places, find);
  const text = JSON.stringify(resource);
  const parsed = parseResourceText(text);
  return parsed.ok ? ok(text) : parsed;
}

const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/;

async function rewriteReferences(
  node: object,
  places: ReadonlyMap<string, string>,
  find: FindConditional,
): Promise<void> {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'object' && value !== null) await rewriteReferences(value, places, find);
    else if (key === 'reference' && typeof value === 'string') {
      const conditional = CONDITIONAL.exec(value);
      const place = conditional ? await find(conditional[1]!, conditional[2]!) : places.get(value);
      if (place) (node as { [key: string]: unknown })[key] = place;
    }
  }
}

interface SourceJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

/** The Bundle with its numbers as written: what is cut out of it has the digits that came in. */
export function withExactNumbers(text: string, parsed: ParsedResource): ParsedResource {
  if (parsed.lossless) return parsed;
  const source = JSON as unknown as SourceJson;
  const resource = source.parse(text, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined ? source.rawJSON(context.source) : value,
  ) as ParsedResource['resource'];
  return { resource, lossless: false };
}
