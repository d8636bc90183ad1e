// Reads a file or a gzip file line by line with flat memory; a line that is too long is counted and let go.
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

export interface SourceLine {
  readonly number: number;
  /** Null: longer than the limit. */
  readonly text: string | null;
}

/** No single line, and no bomb behind a small gzip file, may fill the memory. */
export const LINE_BYTES_MAX = 128 * 1024 * 1024;

/** The file itself could not be read on: no gzip file, cut off, not UTF-8, or closed to this user. */
export class SourceError extends Error {}

export async function* sourceLines(path: string): AsyncGenerator<SourceLine> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // `pipe` passes no error on: a file that cannot be read must end the loop, not hang it.
  file.on('error', (error) => stream.destroy(error));
  let pieces: Buffer[] = [];
  let bytes = 0;
  let number = 0;
  const take = (): SourceLine => {
    number += 1;
    const line = bytes > LINE_BYTES_MAX ? null : Buffer.concat(pieces);
    // Characters of another encoding would be stored as others.
    if (line && !isUtf8(line)) throw new SourceError('not UTF-8');
    const text = line?.toString('utf8') ?? null;
    pieces = [];
    bytes = 0;
    return { number, text };
  };
  const keep = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > LINE_BYTES_MAX) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  };
  for await (const chunk of readable(stream)) {
    let from = 0;
    for (let cut = chunk.indexOf(10); cut >= 0; cut = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, cut));
      yield take();
      from = cut + 1;
    }
    keep(chunk.subarray(from));
  }
  if (bytes > 0) yield take();
}

async function* readable(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SourceError(code ?? message);
  }
}
