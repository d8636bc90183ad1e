// Published snapshots: complete copies of the worker's file, found by a pointer that one rename changes.
//
// Readers open what `current.json` names, read-only. On the systems we run on, an open file lives on after its name is
// gone, so an old snapshot may be removed while somebody still reads it.
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface SnapshotPointer {
  readonly file: string;
  /** Position in the change feed; the data version of every figure computed from it. */
  readonly seq: number;
  readonly publishedAt: string;
}

const POINTER = 'current.json';
const KEPT = 2;

export async function publishSnapshot(
  folder: string,
  source: string,
  seq: number,
  at: Date,
): Promise<SnapshotPointer> {
  await mkdir(folder, { recursive: true });
  const pointer = { file: `views-${seq}-${at.getTime()}.duckdb`, seq, publishedAt: at.toISOString() };
  const draft = join(folder, `draft-${process.pid}`);
  await copyFile(source, draft, constants.COPYFILE_FICLONE);
  await rename(draft, join(folder, pointer.file));
  await writeFile(join(folder, 'draft.json'), JSON.stringify(pointer));
  await rename(join(folder, 'draft.json'), join(folder, POINTER));
  await removeOld(folder, pointer.file);
  return pointer;
}

/** The snapshot in force, or null when none was published yet. */
export async function currentSnapshot(folder: string): Promise<SnapshotPointer | null> {
  try {
    return JSON.parse(await readFile(join(folder, POINTER), 'utf8')) as SnapshotPointer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** An open snapshot. It stays as it is, however many newer ones are published. */
export interface Snapshot {
  readonly seq: number;
  readonly publishedAt: string;
  readonly connection: DuckDBConnection;
  close(): void;
}

/** Opens the snapshot in force read-only; null when none was published yet. */
export async function openSnapshot(
  folder: string,
  options: { memoryLimit?: string } = {},
): Promise<Snapshot | null> {
  for (let tries = 1; ; tries += 1) {
    const pointer = await currentSnapshot(folder);
    if (pointer === null) return null;
    try {
      return await openFile(join(folder, pointer.file), pointer, options.memoryLimit ?? '1GB');
    } catch (error) {
      // The file may have been removed between reading the pointer and opening: then the pointer has moved on.
      const now = await currentSnapshot(folder);
      if (tries >= 5 || now?.file === pointer.file) throw error;
    }
  }
}

async function openFile(path: string, pointer: SnapshotPointer, memoryLimit: string): Promise<Snapshot> {
  const options = { access_mode: 'READ_ONLY', threads: '2', memory_limit: memoryLimit };
  const instance = await DuckDBInstance.create(path, options);
  const connection = await instance.connect();
  return {
    seq: pointer.seq,
    publishedAt: pointer.publishedAt,
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function removeOld(folder: string, current: string): Promise<void> {
  const order = (file: string): number => Number(file.split('-')[2]?.replace('.duckdb', ''));
  const files = (await readdir(folder)).filter((file) => /^views-\d+-\d+\.duckdb$/.test(file));
  const others = files.filter((file) => file !== current).sort((a, b) => order(b) - order(a));
  for (const file of others.slice(KEPT - 1)) await rm(join(folder, file), { force: true });
}
