// The parts of a packed file (ZIP) on disk, each read as a stream: what an office workbook is made of.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

export interface Part {
  open(): Readable;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const COMMENT_MAX = 65_535;
const DIRECTORY_MAX = 4 * 1024 * 1024;
const STORED = 0;
const DEFLATED = 8;

/** Null for what is no such file, or one of the kinds for files beyond 4 GB. */
export async function partsOf(path: string): Promise<ReadonlyMap<string, Part> | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read = async (at: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
      return buffer.subarray(0, bytesRead);
    };
    const tailBytes = Math.min(size, END_BYTES + COMMENT_MAX);
    const tail = await read(size - tailBytes, tailBytes);
    const end = lastEnd(tail);
    if (end < 0) return null;
    const [count, length, start] = [
      tail.readUInt16LE(end + 10),
      tail.readUInt32LE(end + 12),
      tail.readUInt32LE(end + 16),
    ];
    if (length > DIRECTORY_MAX || start + length > size) return null;
    const directory = await read(start, length);
    const parts = new Map<string, Part>();
    let at = 0;
    for (let index = 0; index < count; index += 1) {
      if (at + 46 > directory.length || directory.readUInt32LE(at) !== ENTRY) return null;
      const [nameBytes, extra, comment] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset));
      const name = directory.toString('utf8', at + 46, at + 46 + nameBytes!);
      const local = directory.readUInt32LE(at + 42);
      const header = await read(local, 30);
      if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) return null;
      const part = {
        method: directory.readUInt16LE(at + 10),
        packed: directory.readUInt32LE(at + 20),
        from: local + 30 + header.readUInt16LE(26) + header.readUInt16LE(28),
      };
      if (part.from + part.packed > size) return null;
      parts.set(name, { open: () => streamOf(path, part) });
      at += 46 + nameBytes! + extra! + comment!;
    }
    return parts;
  } finally {
    await file.close();
  }
}

function lastEnd(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) if (tail.readUInt32LE(at) === END) return at;
  return -1;
}

interface Place {
  readonly method: number;
  readonly packed: number;
  readonly from: number;
}

function streamOf(path: string, { method, packed, from }: Place): Readable {
  if (packed === 0) return Readable.from([]);
  const bytes = createReadStream(path, { start: from, end: from + packed - 1 });
  if (method === STORED) return bytes;
  if (method !== DEFLATED) throw new Error('a way of packing that is not known');
  const unpacked = createInflateRaw();
  bytes.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => bytes.destroy());
  return bytes.pipe(unpacked);
}
