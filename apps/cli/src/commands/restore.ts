// `yimai restore DIR`: a back-up into an empty place, in one transaction, verified by counts and hashes.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { must, refuse, systemClock } from '@yimai/kit';
import { type Migration, migrate, ownServer, roleOf } from '@yimai/postgres';
import { APP_ROLE, dataFolder, startEmbedded } from '@yimai/postgres/embedded';
import { allMigrations } from '@yimai/server';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { copyBlob, isSound } from '../backup/blobs.ts';
import { type Manifest, readManifest, refuseDamaged, type TableEntry } from '../backup/format.ts';
import { columnList, contentOf, quoted, type Table, tablesOf } from '../backup/tables.ts';
import { type Command, EXIT } from '../command.ts';
import { keyFileOf } from '../house.ts';
import type { Io } from '../io.ts';

export const restore: Command = {
  name: 'restore',
  words: 'DIR',
  wordsMin: 1,
  wordsMax: 1,
  summary: { zh: '把备份恢复到空位置，并逐表核对', en: 'bring a back-up into an empty place and verify it' },
  async run(given, io) {
    const folder = resolve(given.words[0]!);
    const manifest = readManifest(folder);
    const known = knownMigrations(manifest);
    const dataDir = dataFolder(given.text('data'));
    const urls = await ownServer();
    const embedded = urls ? null : await startEmbedded({ dataDir, onLog: (line) => io.line(line) });
    try {
      const ownerUrl = urls?.owner ?? embedded!.url;
      const appRole = urls ? roleOf(urls.app) : APP_ROLE;
      await refuseFilled(ownerUrl, manifest.schema);
      await migrate({
        ownerUrl,
        schema: manifest.schema,
        appRole,
        migrations: known,
        now: systemClock.now(),
      });
      await fill(ownerUrl, manifest, folder, join(dataDir, 'blobs'), io);
    } finally {
      await embedded?.stop();
    }
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    await io.result({
      dataDir,
      from: manifest.at,
      tables: manifest.tables.length,
      rows,
      blobs: manifest.blobs.length,
      verified: true,
    });
    io.say({
      zh: `恢复完成并核对一致。请把原密钥文件放到 ${keyFileOf(dataDir)}（或设 YIMAI_KEY_FILE）后再启动，否则加密字段打不开。`,
      en: `restored and verified. Put the original key file at ${keyFileOf(dataDir)} (or set YIMAI_KEY_FILE) before starting, or encrypted fields stay closed.`,
    });
    return EXIT.done;
  },
};

// An older back-up is filled into the tables of its time; the next start migrates on from there.
function knownMigrations(manifest: Manifest): Migration[] {
  const ours = new Map(allMigrations().map((migration) => [migration.name, migration]));
  return manifest.migrations
    .map(({ name, checksum }) => {
      const migration = ours.get(name);
      const same = migration && createHash('sha256').update(migration.text).digest('hex') === checksum;
      if (!same)
        must(
          refuse(
            'backup-of-other-version',
            {
              zh: `备份来自含有 ${name} 的版本，与本程序不同`,
              en: `the back-up is of a version with ${name}, which differs from this program`,
            },
            { at: 'DIR' },
          ),
        );
      return migration!;
    })
    .sort((a, b) => order(a, ours) - order(b, ours));
}

const order = (migration: Migration, all: ReadonlyMap<string, Migration>) =>
  [...all.keys()].indexOf(migration.name);

async function connect(ownerUrl: string, schema: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    options: `-c search_path=${schema},public -c timezone=UTC`,
  });
  await client.connect();
  return client;
}

async function refuseFilled(ownerUrl: string, schema: string): Promise<void> {
  const client = await connect(ownerUrl, schema);
  try {
    const tables = await tablesOf(client, schema);
    if (tables.length === 0) return;
    if (await isLeftOver(client, tables)) {
      await client.query(`drop schema ${quoted(schema)} cascade`);
      return;
    }
    must(
      refuse(
        'restore-place-not-empty',
        {
          zh: '目标位置已有数据；请用 --data 指定空位置',
          en: 'there are data already; name an empty place with --data',
        },
        { at: '--data' },
      ),
    );
  } finally {
    await client.end();
  }
}

/** Tables without a single user are what a restore that was killed left: every house that was opened has users. */
async function isLeftOver(client: pg.Client, tables: readonly Table[]): Promise<boolean> {
  if (!tables.some(({ name }) => name === 'app_user')) return false;
  const { rows } = await client.query('select 1 from app_user limit 1');
  return rows.length === 0;
}

async function fill(
  ownerUrl: string,
  manifest: Manifest,
  folder: string,
  blobFolder: string,
  io: Io,
): Promise<void> {
  const client = await connect(ownerUrl, manifest.schema);
  const sorted = (await tablesOf(client, manifest.schema)).map(({ name }) => name);
  const tables = [...manifest.tables].sort((a, b) => sorted.indexOf(a.name) - sorted.indexOf(b.name));
  try {
    await client.query('begin');
    // A migration may have put first rows in; what counts is what the back-up holds.
    for (const name of [...sorted].reverse()) await client.query(`delete from ${quoted(name)}`);
    for (const table of tables) {
      await fillTable(client, table, folder);
      io.say({ zh: `${table.name}：${table.rows} 行，一致`, en: `${table.name}: ${table.rows} rows, equal` });
    }
    mkdirSync(blobFolder, { recursive: true, mode: 0o700 });
    for (const name of manifest.blobs) await bringBlob(join(folder, 'blobs'), blobFolder, name);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    await client.query(`drop schema ${quoted(manifest.schema)} cascade`).catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

async function bringBlob(from: string, to: string, name: string): Promise<void> {
  try {
    await copyBlob(from, to, name);
  } catch (error) {
    if (!(await isSound(from, name).catch(() => false)))
      refuseDamaged(`blobs/${name.slice(0, 2)}/${name}`, ...UNSOUND);
    throw error;
  }
}

async function fillTable(client: pg.Client, table: TableEntry, folder: string): Promise<void> {
  const file = join(folder, table.file);
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const copy = client.query(copyFrom(`copy ${quoted(table.name)} (${columnList(table)}) from stdin`));
    await pipeline(createReadStream(file), createGunzip(), hashing, copy);
  } catch (error) {
    if ((await hashOf(file)) !== table.sha256) refuseDamaged(table.file, ...UNSOUND);
    if (doesNotFit(error))
      refuseDamaged(table.file, '与 manifest.json 不符', 'does not fit its manifest.json');
    throw error;
  }
  if (hash.digest('hex') !== table.sha256) refuseDamaged(table.file, ...UNSOUND);
  const { rows, digest } = await contentOf(client, table);
  if (rows === table.rows && digest === table.digest) return;
  refuseDamaged(
    table.file,
    `恢复后与 manifest.json 不同：应有 ${table.rows} 行，实有 ${rows} 行`,
    `(${table.name} came out different: ${rows} rows of ${table.rows}, digest ${digest} of ${table.digest})`,
  );
}

const UNSOUND = ['缺失、不完整或内容已变', 'is missing, cut off or has other bytes than it had'] as const;

/** Of the unpacked bytes; null if the file is not there or cannot be unpacked. */
async function hashOf(file: string): Promise<string | null> {
  const hash = createHash('sha256');
  return pipeline(createReadStream(file), createGunzip(), hash).then(
    () => hash.digest('hex'),
    () => null,
  );
}

/** Rows that the tables do not take: data, constraints, names. */
const doesNotFit = (error: unknown): boolean => /^(22|23|42)/.test((error as { code?: string }).code ?? '');
