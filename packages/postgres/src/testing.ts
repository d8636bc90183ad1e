// A throwaway database for a test: one cluster shared by all test processes of this clone, one database per call.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { makeDatabase } from './embedded/cluster.ts';
import { dataFolder, dataRoot } from './embedded/places.ts';
import { type Embedded, startEmbedded } from './embedded/start.ts';

export interface TestDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** The consortium's schema name; the database starts without it, unless a template made it. */
  readonly schema: string;
  /** An empty folder for blobs and files, removed at the end. */
  readonly dir: string;
  /** Drops the database; fails if a connection to it is still open, for then the code under test has lost one. */
  close(): Promise<void>;
}

/** What a template holds (migrated tables, say): made once per `key`, copied for every database that asks for it. */
export interface Template {
  /** Changes whenever `make` would make something else, for example a hash of the migrations. */
  readonly key: string;
  make(ownerUrl: string, schema: string): Promise<void>;
}

interface Finishing {
  after(fn: () => Promise<void>): void;
}

const SCHEMA = 'county';
let cluster: Promise<Embedded> | undefined;
let made = 0;

/** `const db = await testDatabase(t)`; with a test context it closes itself, without one call `close()` in `after`. */
export async function testDatabase(
  t?: Finishing,
  options: { template?: Template } = {},
): Promise<TestDatabase> {
  cluster ??= startTestCluster();
  const server = await cluster;
  made += 1;
  const name = `t_${process.pid}_${made}`;
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  try {
    if (made === 1) await dropForgotten(admin);
    const template = options.template && (await ensureTemplate(server, admin, options.template));
    await makeDatabase(admin, name, template);
  } finally {
    await admin.end();
  }
  const dir = mkdtempSync(join(tmpdir(), 'yimai-test-'));
  const inDatabase = (url: string) => url.replace('/yimai?', `/${name}?`);
  const database: TestDatabase = {
    ownerUrl: inDatabase(server.url),
    appUrl: inDatabase(server.appUrl),
    schema: SCHEMA,
    dir,
    close: async () => {
      rmSync(dir, { recursive: true, force: true });
      await closeDatabase(server.adminUrl, name);
    },
  };
  t?.after(() => database.close());
  return database;
}

/** The cluster that all tests of this clone share; it stops when the last process that uses it ends. */
export function startTestCluster(): Promise<Embedded> {
  const dir = process.env['YIMAI_TEST_PG'] ?? join(dataRoot(), 'test', basename(dataFolder()));
  return startEmbedded({ dataDir: dir, durable: false });
}

async function ensureTemplate(server: Embedded, admin: pg.Client, template: Template): Promise<string> {
  const name = `tpl_${template.key.toLowerCase().replace(/[^a-z0-9]/g, '_')}`.slice(0, 60);
  const has = await admin.query('select 1 from pg_database where datname = $1', [name]);
  if (has.rowCount) return name;
  const draft = `t_${process.pid}_template_${made}`;
  await makeDatabase(admin, draft);
  await template.make(server.url.replace('/yimai?', `/${draft}?`), SCHEMA);
  try {
    await admin.query(`alter database ${draft} rename to ${name}`);
  } catch (error) {
    // 42P04, 23505: another test process made the same template a moment earlier.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
    await admin.query(`drop database ${draft} with (force)`);
  }
  return name;
}

const TEMPLATES_MAX = 12;

// Databases of test processes that were killed; and, when nobody else is testing, templates if there are too many.
async function dropForgotten(admin: pg.Client): Promise<void> {
  const all = await admin.query<{ datname: string }>(
    "select datname from pg_database where datname ~ '^(t|tpl)_'",
  );
  const names = all.rows.map((row) => row.datname);
  const databases = names.filter((name) => name.startsWith('t_'));
  const templates = names.filter((name) => name.startsWith('tpl_'));
  const dead = databases.filter((name) => !isRunning(Number(name.split('_')[1])));
  const nobodyElse = dead.length === databases.length;
  const crowded = nobodyElse && templates.length > TEMPLATES_MAX ? templates : [];
  for (const name of [...dead, ...crowded]) await admin.query(`drop database if exists ${name} with (force)`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function closeDatabase(adminUrl: string, name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const left = await connectionsLeft(admin, name);
    await admin.query(`drop database if exists ${name} with (force)`);
    if (left.length > 0) throw new Error(`leaked ${left.length} database connection(s): ${left.join(' | ')}`);
  } finally {
    await admin.end();
  }
}

// A connection that was ended a moment ago needs a moment to disappear from the list.
async function connectionsLeft(admin: pg.Client, name: string): Promise<string[]> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { rows } = await admin.query<{ application_name: string; state: string; query: string }>(
      "select application_name, state, query from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
      [name],
    );
    if (rows.length === 0) return [];
    if (Date.now() > deadline)
      return rows.map((row) => `${row.application_name} ${row.state} ${row.query.slice(0, 80)}`);
    await sleep(20);
  }
}
