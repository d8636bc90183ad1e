// $import: NDJSON lines become resources, in batches of one transaction each. A wrong line is reported with its number
// and does not stop the others; a resource that is there already with the same content is left as it is.
import { isUtf8 } from 'node:buffer';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Access, ImportReport, Record } from '@yimai/record';
import { say } from './interaction-context.ts';

/** A line beyond this is refused without being held: no client's line may fill the memory. */
const LINE_MAX_BYTES = 32 * 1024 * 1024;
const ERRORS_MAX = 1000;

export async function importStream(
  record: Record,
  access: Access,
  body: Readable,
  packed: boolean,
): Promise<object> {
  const importer = record.importer(access, { via: 'import' });
  const garbled: number[] = [];
  let garbledLines = 0;
  for await (const { bytes, number } of linesOf(packed ? unpacked(body) : body)) {
    // Characters that are none would be stored as others.
    if (bytes && !isUtf8(bytes)) {
      garbledLines += 1;
      if (garbled.length < ERRORS_MAX) garbled.push(number);
    } else await importer.add(bytes?.toString('utf8') ?? null, number);
  }
  const read: ImportReport = await importer.finish();
  const report = { ...read, refused: read.refused + garbledLines };
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'created', valueInteger: report.created },
      { name: 'updated', valueInteger: report.updated },
      { name: 'unchanged', valueInteger: report.unchanged },
      { name: 'refused', valueInteger: report.refused },
      ...[...garbled.map(garbledLine), ...report.errors].slice(0, ERRORS_MAX).map((error) => ({
        name: 'error',
        part: [
          { name: 'line', valueInteger: error.line },
          { name: 'code', valueString: error.refusal.code },
          ...(error.refusal.at ? [{ name: 'at', valueString: error.refusal.at }] : []),
          ...(error.refusal.detail
            ? [{ name: 'text', valueString: `${error.refusal.detail.zh} / ${error.refusal.detail.en}` }]
            : []),
        ],
      })),
    ],
  };
}

const garbledLine = (line: number) => ({
  line,
  refusal: {
    code: 'invalid-utf8',
    at: `line ${line}`,
    detail: { zh: '这一行不是合法的 UTF-8', en: 'the line is not well-formed UTF-8' },
  },
});

/** What gzip holds, as it comes; a damaged file is the sender's fault. What was read before it stays imported. */
async function* unpacked(body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* pipeline(body, createGunzip(), () => {});
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('Z_')) throw error;
    throw say('bad-parameter', 'body', '正文不是完好的 gzip', 'the body is no sound gzip');
  }
}

async function* linesOf(
  body: AsyncIterable<Buffer>,
): AsyncGenerator<{ bytes: Buffer | null; number: number }> {
  let pieces: Buffer[] = [];
  let size = 0;
  let number = 1;
  for await (const chunk of body) {
    let from = 0;
    for (let cut = chunk.indexOf(10, from); cut >= 0; cut = chunk.indexOf(10, from)) {
      pieces.push(chunk.subarray(from, cut));
      size += cut - from;
      yield { bytes: size > LINE_MAX_BYTES ? null : Buffer.concat(pieces), number };
      number += 1;
      pieces = [];
      size = 0;
      from = cut + 1;
    }
    const rest = chunk.length - from;
    size += rest;
    // Past the limit the bytes are counted and let go.
    if (size > LINE_MAX_BYTES) pieces = [];
    else if (rest > 0) pieces.push(chunk.subarray(from));
  }
  if (size > 0) yield { bytes: size > LINE_MAX_BYTES ? null : Buffer.concat(pieces), number };
}
