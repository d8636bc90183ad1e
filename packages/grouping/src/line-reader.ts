// Cuts a stream of bytes (plain or gzip, told by its first two bytes) into blocks of lines, in constant memory.
import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

export const LONGEST_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 10;
const BLOCK_BYTES = 256 * 1024;

/** A line as text, or why its bytes are no text. */
export type Line = string | { readonly fault: 'not-utf8' | 'line-too-long' | 'gzip-damaged' };

/**
 * Blocks of lines without their ends (LF or CRLF) and without a byte order mark. A last line without an end counts,
 * nothing after a last end does not. Damaged gzip ends the stream with one fault in place of a line.
 */
export async function* lineBlocks(source: AsyncIterable<Buffer | string>): AsyncGenerator<Line[]> {
  const splitter = new Splitter();
  try {
    for await (const chunk of unpacked(source)) {
      const lines = splitter.push(chunk);
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    yield [...splitter.end(), { fault: 'gzip-damaged' }];
    return;
  }
  const rest = splitter.end();
  if (rest.length > 0) yield rest;
}

class Splitter {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isTooLong = false;
  #isFirst = true;

  push(chunk: Buffer): Line[] {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#keep(chunk);
      return [];
    }
    const lines: Line[] = [];
    let start = 0;
    if (this.#isTooLong) {
      start = chunk.indexOf(NEWLINE) + 1;
      lines.push({ fault: 'line-too-long' });
      this.#drop();
      this.#isTooLong = false;
    }
    const head = chunk.subarray(start, last);
    const block = this.#pending.length === 0 ? head : Buffer.concat([...this.#pending, head]);
    if (start <= last) lines.push(...this.#decode(block));
    this.#drop();
    this.#keep(chunk.subarray(last + 1));
    return lines;
  }

  end(): Line[] {
    if (this.#isTooLong) return [{ fault: 'line-too-long' }];
    const rest = Buffer.concat(this.#pending);
    this.#drop();
    return rest.length === 0 ? [] : this.#decode(rest);
  }

  #keep(chunk: Buffer): void {
    if (chunk.length === 0 || this.#isTooLong) return;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes <= LONGEST_LINE_BYTES) return;
    this.#drop();
    this.#isTooLong = true;
  }

  #drop(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #decode(block: Buffer): Line[] {
    const lines = isUtf8(block) ? block.toString('utf8').split('\n') : decodeEach(block);
    if (this.#isFirst) {
      this.#isFirst = false;
      if (typeof lines[0] === 'string' && lines[0].startsWith('\uFEFF')) lines[0] = lines[0].slice(1);
    }
    return lines.map((line) => {
      if (typeof line !== 'string') return line;
      if (line.length > LONGEST_LINE_BYTES) return { fault: 'line-too-long' };
      return line.endsWith('\r') ? line.slice(0, -1) : line;
    });
  }
}

function decodeEach(block: Buffer): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= block.length; ) {
    const found = block.indexOf(NEWLINE, start);
    const end = found < 0 ? block.length : found;
    const line = block.subarray(start, end);
    lines.push(isUtf8(line) ? line.toString('utf8') : { fault: 'not-utf8' });
    start = end + 1;
  }
  return lines;
}

async function* unpacked(source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, Buffer.from(next.value)]);
  }
  const whole = rejoined(head, chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
  pipeline(Readable.from(whole), gunzip, () => undefined);
  yield* gunzip as AsyncIterable<Buffer>;
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Buffer | string>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield Buffer.from(next.value);
}

function isZlibError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('Z_');
}
