// Large bytes (Binary, photos, recordings) outside the tables: files named by their SHA-256, written before the
// transaction that points to them commits, so that a row never points to nothing.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { access, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface BlobStore {
  readonly folder: string;
  put(bytes: Buffer): Promise<string>;
  /** Bytes as they come, never held as a whole; null if there are more than `limit`, and then nothing is kept. */
  putStream(bytes: AsyncIterable<Buffer>, limit: number): Promise<{ hash: string; size: number } | null>;
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
      await syncFolder(dirname(path));
      return hash;
    },
    async putStream(bytes, limit) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `draft.${randomBytes(12).toString('hex')}`);
      const digest = createHash('sha256');
      let size = 0;
      const file = await open(draft, 'wx', 0o600);
      try {
        for await (const piece of bytes) {
          size += piece.length;
          if (size > limit) return null;
          digest.update(piece);
          await file.write(piece);
        }
        await file.sync();
        const hash = digest.digest('hex');
        if (!(await exists(place(hash)))) {
          await mkdir(dirname(place(hash)), { recursive: true, mode: 0o700 });
          await rename(draft, place(hash));
          await syncFolder(dirname(place(hash)));
        }
        return { hash, size };
      } finally {
        await file.close();
        await rm(draft, { force: true });
      }
    },
    get: (hash) => readFile(place(hash)),
    stream: (hash) => createReadStream(place(hash)),
    size: async (hash) => (await stat(place(hash))).size,
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
