// From a resource to the text that is stored, and back: ids and version written in, identifiers closed, large bytes
// moved out of the table.
import { renderStored } from '@yimai/fhir';
import type { Resource } from '../types.ts';
import type { BlobStore } from './blobs.ts';

const BLOB_FROM_CHARS = 8192;
const BLOB_FORM = /"data":"blob:([0-9a-f]{64})"/;

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

/** Moves the bytes of a large Binary to a file. Base64 that would not come back the same letter for letter stays. */
export async function moveBlobOut(resource: Resource, content: string, blobs: BlobStore): Promise<string> {
  if (resource.resourceType !== 'Binary') return content;
  const data = resource['data'];
  if (typeof data !== 'string' || data.length < BLOB_FROM_CHARS) return content;
  const bytes = Buffer.from(data, 'base64');
  if (bytes.toString('base64') !== data) return content;
  const hash = await blobs.put(bytes);
  return content.replace(JSON.stringify(data), `"blob:${hash}"`);
}

export async function moveBlobIn(type: string, content: string, blobs: BlobStore): Promise<string> {
  if (type !== 'Binary') return content;
  const match = BLOB_FORM.exec(content);
  if (!match) return content;
  const bytes = await blobs.get(match[1]!);
  return content.replace(match[0], `"data":"${bytes.toString('base64')}"`);
}
