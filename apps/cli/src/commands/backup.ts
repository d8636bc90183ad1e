// `yimai backup DIR`: a consistent copy of one moment, taken while the server works on.
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { must, refuse } from '@yimai/kit';
import type { Consortium } from '@yimai/server';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { blobsIn, copyBlob } from '../backup/blobs.ts';
import { FORMAT, type Manifest, type TableEntry } from '../backup/format.ts';
import { columnList, contentOf, quoted, type Table, tablesOf } from '../backup/tables.ts';
import { type Command, EXIT } from '../command.ts';
import { inHouse } from '../house.ts';
import type { Io } from '../io.ts';

export const backup: Command = {
  name: 'backup',
  words: 'DIR',
  wordsMin: 1,
  wordsMax: 1,
  summary: { zh: '备份到空文件夹（不含密钥）', en: 'back up into an empty folder (holds no key)' },
  async run(given, io) {
    const folder = resolve(given.words[0]!);
    refuseFilled(folder);
    makeFolder(folder);
    const manifest = await inHouse(given, io, (house) => writeBackup(house, folder, io));
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    await io.result({
      folder,
      at: manifest.at,
      tables: manifest.tables.length,
      rows,
      blobs: manifest.blobs.length,
    });
    io.say({
      zh: '备份完成。密钥文件不在其中，请另行保管。',
      en: 'back-up done. The key file is not in it: keep it elsewhere.',
    });
    return EXIT.done;
  },
};

function refuseFilled(folder: string): void {
  if (!existsSync(folder)) return;
  if (statSync(folder).isDirectory() && readdirSync(folder).length === 0) return;
  must(
    refuse(
      'backup-folder-not-empty',
      { zh: `${folder} 不是空文件夹`, en: `${folder} is no empty folder` },
      { at: 'DIR' },
    ),
  );
}

// Before anything is opened: a back-up that cannot be written is told at once.
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    const detail = { zh: `不能在 ${folder} 建立文件夹`, en: `no folder can be made at ${folder}` };
    must(refuse('file-not-writable', detail, { at: 'DIR' }));
  }
}

async function writeBackup(house: Consortium, folder: string, io: Io): Promise<Manifest> {
  mkdirSync(join(folder, 'tables'), { mode: 0o700 });
  const client = new pg.Client({
    connectionString: house.ownerUrl,
    options: `-c search_path=${house.schema},public -c timezone=UTC`,
  });
  await client.connect();
  try {
    // One snapshot for all tables; writers are not held up.
    await client.query('begin isolation level repeatable read read only');
    const tables: TableEntry[] = [];
    for (const table of await tablesOf(client, house.schema)) {
      const entry = await writeTable(client, table, folder);
      io.say({ zh: `${entry.name}：${entry.rows} 行`, en: `${entry.name}: ${entry.rows} rows` });
      tables.push(entry);
    }
    const migrations = await client.query<Manifest['migrations'][number]>(
      'select name, checksum from migration order by name',
    );
    await client.query('commit');
    // A blob is written before the row that names it commits, so every blob of the snapshot is there by now.
    const blobs = await blobsIn(house.record.blobs.folder);
    for (const name of blobs) await copyBlob(house.record.blobs.folder, join(folder, 'blobs'), name);
    const manifest: Manifest = {
      format: FORMAT,
      at: house.clock.now().toISOString(),
      schema: house.schema,
      migrations: migrations.rows,
      tables,
      blobs,
    };
    const path = join(folder, 'manifest.json');
    writeFileSync(`${path}.new`, `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
    return manifest;
  } finally {
    await client.end();
  }
}

async function writeTable(client: pg.Client, table: Table, folder: string): Promise<TableEntry> {
  const file = `tables/${table.name}.copy.gz`;
  const { rows, digest } = await contentOf(client, table);
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const copy = client.query(copyTo(`copy ${quoted(table.name)} (${columnList(table)}) to stdout`));
  const out = createWriteStream(join(folder, file), { mode: 0o600, flush: true });
  await pipeline(copy, hashing, createGzip({ level: 3 }), out);
  return { name: table.name, columns: table.columns, rows, digest, file, sha256: hash.digest('hex') };
}
