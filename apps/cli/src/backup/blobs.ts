// The blobs of a back-up: files named by the SHA-256 of their bytes, which is checked on every copy.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const NAME = /^[0-9a-f]{64}$/;
const blobPath = (folder: string, name: string) => join(folder, name.slice(0, 2), name);

export async function blobsIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && NAME.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** Copies one blob and fails if its bytes are not those that its name promises. */
export async function copyBlob(from: string, to: string, name: string): Promise<void> {
  const target = blobPath(to, name);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const draft = `${target}.${randomBytes(4).toString('hex')}`;
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const out = createWriteStream(draft, { mode: 0o600, flush: true });
  await pipeline(createReadStream(blobPath(from, name)), hashing, out);
  if (hash.digest('hex') !== name) throw new Error(`blob ${name} is damaged: its bytes have another hash`);
  await rename(draft, target);
}

export async function isSound(folder: string, name: string): Promise<boolean> {
  const path = blobPath(folder, name);
  if (!existsSync(path)) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === name;
}
