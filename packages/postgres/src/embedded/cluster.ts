// Makes a new cluster, and says with which settings, roles and passwords it runs.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  lchownSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { must, refuse } from '@yimai/kit';
import pg from 'pg';
import type { Binaries } from './binaries.ts';
import type { Place, ServerUser } from './places.ts';
import { bufferMegabytes, freeBytes, walMegabytes } from './share.ts';

const OWNER_ROLE = 'yimai_owner';
export const APP_ROLE = 'yimai_app';
const ADMIN_ROLE = 'postgres';
const DATABASE = 'yimai';

export interface Passwords {
  readonly admin: string;
  readonly owner: string;
  readonly app: string;
}

export interface Urls {
  /** The superuser of this cluster, for making databases. */
  readonly adminUrl: string;
  /** Owns the schemas and runs migrations. */
  readonly url: string;
  /** Uses the tables under row-level security; owns nothing. */
  readonly appUrl: string;
}

/** Settings that hold for every start; a new version of ours changes them without touching the cluster. */
export function serverSettings(place: Place, durable: boolean): Record<string, string> {
  return {
    // No TCP: the socket lies in a folder that other users of the machine cannot enter, and asks for a password too.
    listen_addresses: '',
    unix_socket_directories: place.socketDir,
    unix_socket_permissions: '0700',
    hba_file: join(place.pgData, 'pg_hba.conf'),
    password_encryption: 'scram-sha-256',
    max_connections: durable ? '100' : '300',
    shared_buffers: `${durable ? bufferMegabytes() : 256}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    wal_compression: 'on',
    wal_level: 'replica',
    max_wal_size: `${durable ? walMegabytes(freeBytes(place.dir)) : 2048}MB`,
    checkpoint_timeout: '15min',
    jit: 'off',
    // Requests are short and many; a helper process for one of them costs the others more than it saves.
    max_parallel_workers_per_gather: '0',
    random_page_cost: '1.1',
    // Nobody can estimate how many rows a reader's predicate leaves. Taken for few, they were kept and compared one by one
    // with every row of an index; without that way, the planner hashes them or goes by key.
    enable_material: 'off',
    // An import turns an empty table into a large one within a minute: until it is analysed, plans are guesses.
    autovacuum_naptime: durable ? '10s' : '60s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Personal data never reaches a log: no statements, no parameters, no DETAIL with key values.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_checkpoints: 'off',
    log_min_messages: 'warning',
    logging_collector: 'on',
    log_directory: place.logDir,
    log_filename: 'postgresql-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_file_mode: '0600',
    cluster_name: 'yimai',
  };
}

/** The passwords of this cluster's roles, made on first use and kept where only its starter can read them. */
export function passwords(place: Place): Passwords {
  const path = join(place.runDir, 'passwords.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Passwords;
  if (existsSync(place.pgData)) {
    must(
      refuse(
        'database-passwords-missing',
        {
          zh: `缺少 ${path}，无法登录已有的数据库`,
          en: `${path} is missing; the database cannot be entered`,
        },
        { at: '--data' },
      ),
    );
  }
  const word = () => randomBytes(24).toString('base64url');
  const made: Passwords = { admin: word(), owner: word(), app: word() };
  const draft = `${path}.new`;
  writeFileSync(draft, JSON.stringify(made), { mode: 0o600, flush: true });
  renameSync(draft, path);
  return made;
}

export function urls(place: Place, words: Passwords, database = DATABASE): Urls {
  const url = (role: string, word: string, name: string) =>
    `postgresql://${role}:${word}@localhost/${name}?host=${encodeURIComponent(place.socketDir)}`;
  return {
    adminUrl: url(ADMIN_ROLE, words.admin, 'postgres'),
    url: url(OWNER_ROLE, words.owner, database),
    appUrl: url(APP_ROLE, words.app, database),
  };
}

/** Makes the cluster beside its final place and moves it there whole, so that a kill in between leaves no half of one. */
export function initialise(place: Place, binaries: Binaries, words: Passwords): void {
  if (existsSync(place.pgData)) {
    refuseOtherVersion(place, binaries);
    return;
  }
  const draft = `${place.pgData}.new`;
  const passwordFile = join(place.dir, 'password.new');
  rmSync(draft, { recursive: true, force: true });
  const user = place.serverUser && initUser(place.serverUser);
  try {
    writeFileSync(passwordFile, words.admin, { mode: 0o600 });
    if (user) for (const path of [place.dir, passwordFile]) chownSync(path, user.uid, user.gid);
    const nameless = !place.serverUser && !hasName();
    const done = spawnSync(
      nameless ? 'unshare' : binaries.initdb,
      [
        nameless ? [...AS_NOBODY, binaries.initdb] : [],
        ['--pgdata', draft, '--username', ADMIN_ROLE, '--pwfile', passwordFile],
        ['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--data-checksums', '--no-instructions'],
        // Built-in C.UTF-8 sorts the same on every machine and after every system upgrade; pinyin order is asked for
        // by name (collate "zh-x-icu") where a screen needs it.
        ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C.UTF-8'],
      ].flat(),
      { ...user, cwd: '/', encoding: 'utf8', env: serverEnvironment() },
    );
    if (nameless && (done.error || /^unshare:/m.test(done.stderr))) refuseNameless();
    if (done.status !== 0)
      throw new Error(`initdb failed: ${done.error?.message ?? (done.stderr || done.stdout).slice(-2000)}`);
    writeFileSync(join(draft, 'pg_hba.conf'), 'local all all scram-sha-256\n');
    if (place.serverUser) chownTree(draft, place.serverUser);
    renameSync(draft, place.pgData);
  } finally {
    rmSync(passwordFile, { force: true });
    if (place.serverUser) chownSync(place.dir, place.serverUser.uid, place.serverUser.gid);
  }
}

export const serverEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
});

// initdb, unlike the server, wants its user to have a name; a number of our own has none, so `nobody` makes the
// cluster and hands it over.
function initUser(user: ServerUser): ServerUser {
  const named = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .some((line) => line.split(':')[2] === String(user.uid));
  return named ? user : { uid: 65534, gid: 65534 };
}

/** A user id without an entry (a container started with a bare number) makes the cluster in a name space where it has one. */
const AS_NOBODY = ['--user', '--map-user=65534', '--map-group=65534', '--'];

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

function refuseNameless(): never {
  const uid = process.getuid?.() ?? 0;
  must(
    refuse(
      'database-user-nameless',
      {
        zh: `用户号 ${uid} 在本机没有名字（/etc/passwd），数据库无法建立；请给它加一条，或换一个有名字的用户，或以 root 运行`,
        en: `user id ${uid} has no name on this machine (/etc/passwd), so the database cannot be made; give it one, or run as a user with a name, or as root`,
      },
      { at: 'uid' },
    ),
  );
  throw new Error('fault: a refusal was not thrown');
}

function chownTree(path: string, user: ServerUser): void {
  lchownSync(path, user.uid, user.gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) chownTree(child, user);
    else lchownSync(child, user.uid, user.gid);
  }
}

function refuseOtherVersion(place: Place, binaries: Binaries): void {
  const has = readFileSync(join(place.pgData, 'PG_VERSION'), 'utf8').trim();
  const ours = binaries.version.split('.')[0]!;
  if (has === ours) return;
  must(
    refuse(
      'database-version-differs',
      {
        zh: `${place.dir} 的数据是 PostgreSQL ${has} 的，本程序自带 ${ours}：请用旧版本 backup，再用新版本 restore`,
        en: `the data in ${place.dir} are of PostgreSQL ${has}, this program brings ${ours}: back up with the old version, restore with the new`,
      },
      { at: '--data' },
    ),
  );
}

/** Makes the roles and the database where they are missing; safe to run at every start. */
export async function ensureRoles(links: Urls, words: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: links.adminUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query("set client_min_messages = 'warning'");
    const roles = await client.query<{ rolname: string }>(
      'select rolname from pg_roles where rolname = any($1)',
      [[OWNER_ROLE, APP_ROLE]],
    );
    const has = new Set(roles.rows.map((row) => row.rolname));
    const rights = 'login nosuperuser nocreatedb nocreaterole nobypassrls noreplication';
    for (const [role, word] of [
      [OWNER_ROLE, words.owner],
      [APP_ROLE, words.app],
    ] as const) {
      // A password made of base64url letters needs no quoting.
      if (!has.has(role)) await client.query(`create role ${role} ${rights} password '${word}'`);
    }
    const made = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (made.rowCount === 0) await makeDatabase(client, DATABASE);
  } finally {
    await client.end();
  }
}

/** A database that the owner role owns and that nobody but our roles may enter. */
export async function makeDatabase(admin: pg.Client, name: string, template = 'template0'): Promise<void> {
  await admin.query(`create database ${name} owner ${OWNER_ROLE} template ${template}`);
  await admin.query(`revoke all on database ${name} from public`);
  await admin.query(`grant connect, temporary on database ${name} to ${APP_ROLE}`);
}
