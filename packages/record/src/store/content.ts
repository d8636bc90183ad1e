// From a resource to the text that is stored, and back: ids and version written in, identifiers closed, large bytes
// moved out of the table.
import { renderStored } from '@yimai/fhir';
import type { Resource } from '../types.ts';
import type { BlobStore } from './blobs.ts';

/** `:text` where the file holds the base64 as it was written, because it would not come back letter for letter. */
const BLOB_FORM = /"data":"blob:([0-9a-f]{64})(:text)?"/;

export interface Stamp {
  readonly id: string;
  readonly versionId: string;
  readonly lastUpdated: string;
}

/** The client's own JSON; `lossless` as the fhir room's parser told. */
export interface SourceText {
  readonly text: string;
  readonly lossless: boolean;
}

/** The stored text before closing of identifiers; from the client's own JSON if there was one. */
export function stampedText(resource: Resource, source: SourceText | null, stamp: Stamp): string {
  if (source !== null) return renderStored(source.text, { resource, lossless: source.lossless }, stamp);
  const { id: _id, meta, resourceType, ...rest } = resource;
  return JSON.stringify({
    resourceType,
    id: stamp.id,
    meta: { ...meta, versionId: stamp.versionId, lastUpdated: stamp.lastUpdated },
    ...rest,
  });
}

/** Moves the bytes of a Binary to a file. */
export async function moveBlobOut(resource: Resource, content: string, blobs: BlobStore): Promise<string> {
  if (resource.resourceType !== 'Binary') return content;
  const data = resource['data'];
  if (typeof data !== 'string') return content;
  const bytes = Buffer.from(data, 'base64');
  const plain = bytes.toString('base64') === data;
  const hash = await blobs.put(plain ? bytes : Buffer.from(data, 'utf8'));
  const named = `"blob:${hash}${plain ? '' : ':text'}"`;
  const [from, to] = placeOfData(content, data);
  return `${content.slice(0, content.lastIndexOf(':', from) + 1)}${named}${content.slice(to)}`;
}

/** Where the value of `data` stands; looked for by hand, because it may be as long as a file. */
function placeOfData(content: string, data: string): readonly [from: number, to: number] {
  const written = JSON.stringify(data);
  const exact = content.indexOf(written);
  if (exact >= 0) return [exact, exact + written.length];
  // Written with escapes: the value that follows the name.
  const from = content.indexOf('"', content.indexOf(':', content.lastIndexOf('"data"')));
  let to = content.indexOf('"', from + 1);
  while (content[to - 1] === '\\') to = content.indexOf('"', to + 1);
  return [from, to + 1];
}

export async function moveBlobIn(type: string, content: string, blobs: BlobStore): Promise<string> {
  if (type !== 'Binary') return content;
  const [found, hash, asText] = BLOB_FORM.exec(content) ?? [];
  if (found === undefined) return content;
  const bytes = await blobs.get(hash!);
  const data = asText ? JSON.stringify(bytes.toString('utf8')) : `"${bytes.toString('base64')}"`;
  return content.replace(found, () => `"data":${data}`);
}

/** A Binary whose bytes lie in the blobs already, as if its JSON had named them. */
export function binaryOfBlob(
  head: { readonly id?: string; readonly contentType: string; readonly securityContext?: object },
  hash: string,
): { resource: Resource; source: SourceText } {
  // Not lossless: the stored text is made from this text, whose `data` no client could have sent.
  const resource = { resourceType: 'Binary', ...head };
  return {
    resource,
    source: { text: JSON.stringify({ ...resource, data: `blob:${hash}` }), lossless: false },
  };
}

/** What a stored Binary says of itself without its bytes. */
export interface FileHead {
  readonly contentType: string;
  /** `Type/id` of this record whose readers are the readers of the file. */
  readonly context: { readonly type: string; readonly id: string; readonly reference: string } | null;
  /** Where its bytes lie; null if it has none, or kept as text. */
  readonly blob: string | null;
}

export function fileHead(content: string): FileHead {
  const { contentType, securityContext } = JSON.parse(content) as {
    contentType?: string;
    securityContext?: { reference?: string };
  };
  const reference = securityContext?.reference ?? '';
  const [, type, id] = CONTEXT_FORM.exec(reference) ?? [];
  const [, hash, asText] = BLOB_FORM.exec(content) ?? [];
  return {
    contentType: contentType ?? 'application/octet-stream',
    context: type !== undefined && id !== undefined ? { type, id, reference } : null,
    blob: hash !== undefined && !asText ? hash : null,
  };
}

const CONTEXT_FORM = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/.*)?$/;

/** The Binary without its bytes, marked as a part of itself. */
export function withoutData(content: string): string {
  const { data: _data, meta, ...rest } = JSON.parse(content) as { data?: string; meta: { tag?: object[] } };
  const tag = [
    ...(meta.tag ?? []),
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' },
  ];
  const { resourceType, id, ...others } = rest as { resourceType?: string; id?: string };
  return JSON.stringify({ resourceType, id, meta: { ...meta, tag }, ...others });
}
