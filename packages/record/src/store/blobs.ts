// Large bytes (Binary, photos, recordings) outside the tables: files named by their SHA-256, written before the
// transaction that points to them commits, so that a row never points to nothing.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { access, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface BlobStore {
  readonly folder: string;
  put(bytes: Buffer): Promise<string>;
  get(hash: string): Promise<Buffer>;
  stream(hash: string): ReadStream;
  size(hash: string): Promise<number>;
}

export function openBlobs(folder: string): BlobStore {
  const place = (hash: string) => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('fault: not a blob hash');
    return join(folder, hash.slice(0, 2), hash);
  };
  return {
    folder,
    async put(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      const path = place(hash);
      if (await exists(path)) return hash;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const draft = `${path}.${randomBytes(6).toString('hex')}`;
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
      const dir = await open(dirname(path), 'r');
      await dir.sync().finally(() => dir.close());
      return hash;
    },
    get: (hash) => readFile(place(hash)),
    stream: (hash) => createReadStream(place(hash)),
    size: async (hash) => (await stat(place(hash))).size,
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
