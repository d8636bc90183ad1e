// Kills the application, the supervisor and the server in every combination, and looks at what the next start finds.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RefusalError } from '@yimai/kit';
import pg from 'pg';
import { isAlive, runningServer } from './processes.ts';
import { removeEmbedded } from './remove.ts';
import { startEmbedded } from './start.ts';

const isRoot = process.getuid?.() === 0;
const fixture = fileURLToPath(new URL('./holder.fixture.ts', import.meta.url));
let top: string;
let dir: string;
const children: ChildProcess[] = [];

before(() => {
  top = mkdtempSync(join(tmpdir(), 'yimai-life-'));
  chmodSync(top, 0o755);
  dir = join(top, 'data');
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await until(() => processesOf(dir).length === 0, 30_000, 'the end of every process').catch(() => {
    for (const pid of processesOf(dir)) process.kill(pid, 'SIGKILL');
    throw new Error(`processes were left: ${processesOf(dir)}`);
  });
  rmSync(top, { recursive: true, force: true });
});

interface Holder {
  readonly child: ChildProcess;
  readonly serverPid: number;
  readonly url: string;
}

function run(...args: string[]): {
  child: ChildProcess;
  line: Promise<string>;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fixture, dir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const line = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text);
    });
    child.on('exit', (code) => reject(new Error(`holder ended with ${code}: ${errors}`)));
  });
  line.catch(() => {});
  return { child, line, ended };
}

async function hold(): Promise<Holder> {
  const { child, line } = run();
  const { pid, url } = JSON.parse(await line) as { pid: number; url: string };
  return { child, serverPid: pid, url };
}

async function kill(pid: number | undefined): Promise<void> {
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid), 5_000, `the end of ${pid}`);
}

async function end(holder: Holder): Promise<void> {
  const ended = new Promise((resolve) => holder.child.on('exit', resolve));
  holder.child.kill('SIGTERM');
  await ended;
}

async function query<T>(url: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text, values)).rows as T[];
  } finally {
    await client.end().catch(() => {});
  }
}

async function until(is: () => boolean, waitMs: number, what: string): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!is()) {
    if (Date.now() > deadline) throw new Error(`waited ${waitMs} ms for ${what}`);
    await sleep(20);
  }
}

/** Server and supervisor processes of this folder. */
function processesOf(data: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAlive(pid) && (cwdOf(pid) === join(data, 'pg') || isSupervisor(pid, data)));
}

function cwdOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function isSupervisor(pid: number, data: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.some((word) => word.endsWith('supervisor.sh')) && words.includes(join(data, 'run'));
  } catch {
    return false;
  }
}

const supervisorOf = (data: string) => processesOf(data).find((pid) => isSupervisor(pid, data));
const nothingLeft = () => until(() => processesOf(dir).length === 0, 15_000, 'the end of the server');

async function remember(url: string, word: string): Promise<void> {
  await query(url, 'create table if not exists kept (word text)');
  await query(url, 'insert into kept values ($1)', [word]);
}

async function remembers(url: string, word: string): Promise<void> {
  assert.deepEqual(await query(url, 'select word from kept where word = $1', [word]), [{ word }]);
}

/** Asks until the server that has come back answers. */
async function untilRemembered(url: string, word: string): Promise<void> {
  let seen = false;
  for (let tries = 0; tries < 200 && !seen; tries += 1) {
    seen = await remembers(url, word).then(
      () => true,
      () => sleep(50, false),
    );
  }
  assert.ok(seen, 'the new server answers with the row');
}

test('[postgres P1] a second start keeps the data, and a stop leaves no process', async () => {
  const first = await startEmbedded({ dataDir: dir });
  await remember(first.url, 'first');
  await first.stop();
  await nothingLeft();
  const second = await startEmbedded({ dataDir: dir });
  await remembers(second.url, 'first');
  await second.stop();
  await nothingLeft();
});

test('[postgres P2] the server never runs as root, listens on no network, and only its user enters its folder', async (t) => {
  const db = await startEmbedded({ dataDir: dir });
  t.after(() => db.stop());
  const status = readFileSync(`/proc/${db.pid}/status`, 'utf8');
  assert.doesNotMatch(status, /^Uid:\t0\t/m);
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  assert.equal(statSync(db.socketDir).mode & 0o777, 0o700);
  assert.deepEqual(await query(db.url, 'show listen_addresses'), [{ listen_addresses: '' }]);
  const wrong = db.url.replace(/yimai_owner:[^@]+@/, 'yimai_owner:wrong@');
  await assert.rejects(query(wrong, 'select 1'), { code: '28P01' });
});

test('[postgres P3] the application role owns nothing, cannot pass row-level security and cannot create', async (t) => {
  const db = await startEmbedded({ dataDir: dir });
  t.after(() => db.stop());
  const rights =
    'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user';
  const none = [{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }];
  assert.deepEqual(await query(db.appUrl, rights), none);
  assert.deepEqual(await query(db.url, rights), none);
  await assert.rejects(query(db.appUrl, 'create schema mine'), { code: '42501' });
  await assert.rejects(query(db.appUrl, 'create table mine (id int)'), { code: '42501' });
});

test('[postgres P4] kill -9 of the application ends the server soon, and what was committed is there', async () => {
  const holder = await hold();
  await remember(holder.url, 'app killed');
  await kill(holder.child.pid);
  await nothingLeft();
  const db = await startEmbedded({ dataDir: dir });
  await remembers(db.url, 'app killed');
  await db.stop();
});

test('[postgres P5] kill -9 of the server under a living application brings it back with what was committed', async () => {
  const holder = await hold();
  await remember(holder.url, 'server killed');
  await kill(holder.serverPid);
  await until(
    () => (runningServer(join(dir, 'pg')) ?? holder.serverPid) !== holder.serverPid,
    15_000,
    'a new server',
  );
  await untilRemembered(holder.url, 'server killed');
  await end(holder);
  await nothingLeft();
});

test('[postgres P5] a server that cannot be started is tried again until it can, and says why once', async (t) => {
  const said: string[] = [];
  const db = await startEmbedded({ dataDir: dir, onLog: (line) => said.push(line) });
  t.after(() => db.stop());
  await remember(db.url, 'before the trouble');
  const control = join(dir, 'pg', 'global', 'pg_control');
  const failures = () => said.filter((line) => line.includes('restart failed'));
  renameSync(control, `${control}.away`);
  await kill(db.pid);
  await until(() => failures().length > 0, 30_000, 'a start that fails');
  assert.match(failures()[0]!, /pg_control/);
  renameSync(`${control}.away`, control);
  await until(() => runningServer(join(dir, 'pg')) !== undefined, 30_000, 'a server that runs again');
  await untilRemembered(db.url, 'before the trouble');
  assert.equal(failures().length, 1);
});

test('[postgres P6] kill -9 of application and supervisor leaves a server that the next start takes over', async () => {
  const holder = await hold();
  await remember(holder.url, 'orphan');
  const supervisor = supervisorOf(dir);
  holder.child.kill('SIGSTOP');
  await kill(supervisor);
  await kill(holder.child.pid);
  await sleep(300);
  assert.ok(isAlive(holder.serverPid), 'the orphan runs on');
  const db = await startEmbedded({ dataDir: dir });
  assert.equal(db.pid, holder.serverPid);
  await remembers(db.url, 'orphan');
  await db.stop();
  await nothingLeft();
});

test('[postgres P6] kill -9 of everything at once: the next start recovers', async () => {
  const holder = await hold();
  await remember(holder.url, 'all killed');
  holder.child.kill('SIGSTOP');
  for (const pid of [...processesOf(dir), holder.child.pid!]) process.kill(pid, 'SIGKILL');
  await nothingLeft();
  const db = await startEmbedded({ dataDir: dir });
  assert.notEqual(db.pid, holder.serverPid);
  await remembers(db.url, 'all killed');
  await db.stop();
  await nothingLeft();
});

test('[postgres P6] a supervisor that was killed comes back and still ends the server', async () => {
  const holder = await hold();
  const supervisor = supervisorOf(dir);
  await kill(supervisor);
  await until(() => supervisorOf(dir) !== undefined, 10_000, 'a new supervisor');
  await kill(holder.child.pid);
  await nothingLeft();
});

test('[postgres P7] two processes share one server; it stays until the last lets go', async () => {
  const [first, second] = await Promise.all([hold(), hold()]);
  assert.equal(first.serverPid, second.serverPid);
  await end(first);
  await query(second.url, 'select 1');
  assert.equal(runningServer(join(dir, 'pg')), second.serverPid);
  await end(second);
  await nothingLeft();
});

test('[postgres P7] processes that come and go at the same time never meet a database that stops under them', async () => {
  const first = await startEmbedded({ dataDir: dir });
  await query(first.url, 'create table visit (id int generated by default as identity)');
  await first.stop();
  const visitors = [1, 2, 3].map(() => run('6'));
  await Promise.all(visitors.map((visitor) => visitor.line));
  const db = await startEmbedded({ dataDir: dir });
  assert.deepEqual(await query(db.url, 'select count(*)::int as n from visit'), [{ n: 18 }]);
  await db.stop();
  await nothingLeft();
});

test('[postgres P8] a lock file that names a stranger does not stop the start and harms no stranger', async () => {
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  try {
    const text = `${stranger.pid}\n${join(dir, 'pg')}\n1\n5432\n${join(dir, 'socket')}\n\n  1 1\nready\n`;
    writeFileSync(join(dir, 'pg', 'postmaster.pid'), text);
    const db = await startEmbedded({ dataDir: dir });
    await query(db.url, 'select 1');
    await db.stop();
    assert.ok(isAlive(stranger.pid!));
  } finally {
    stranger.kill('SIGKILL');
  }
});

test('[postgres P8] a folder with other files is refused and left as it is', async () => {
  const other = join(top, 'other');
  mkdirSync(other, { mode: 0o755 });
  writeFileSync(join(other, 'letter.txt'), 'mine');
  await assert.rejects(startEmbedded({ dataDir: other }), refusedAt('data-place-not-usable', '--data'));
  assert.equal(statSync(other).mode & 0o777, 0o755);
  assert.deepEqual(readdirSync(other), ['letter.txt']);
});

test('[postgres P8] as root, a place that the server user cannot enter is refused by name', {
  skip: !isRoot && 'needs root',
}, async () => {
  const home = join(top, 'private-home');
  mkdirSync(home, { mode: 0o700 });
  await assert.rejects(startEmbedded({ dataDir: join(home, 'clone', 'data') }), (error: Error) => {
    assert.ok(error instanceof RefusalError);
    assert.equal(error.refusal.code, 'data-place-not-usable');
    assert.equal(error.refusal.at, '--data');
    assert.ok(error.refusal.detail?.en.includes(`may not enter ${home};`), error.refusal.detail?.en);
    assert.ok(error.refusal.detail?.zh.includes(home));
    return true;
  });
});

test('[postgres P8] as root, YIMAI_DB_UID names the user of the server, and root is not one', {
  skip: !isRoot && 'needs root',
}, async (t) => {
  const own = join(top, 'own-uid');
  t.after(() => delete process.env['YIMAI_DB_UID']);
  process.env['YIMAI_DB_UID'] = '0';
  await assert.rejects(
    startEmbedded({ dataDir: own }),
    refusedAt('database-user-not-usable', 'YIMAI_DB_UID'),
  );
  process.env['YIMAI_DB_UID'] = '65534';
  const db = await startEmbedded({ dataDir: own });
  const uid = spawnSync('stat', ['-c', '%u', `/proc/${db.pid}`], { encoding: 'utf8' }).stdout.trim();
  await db.stop();
  assert.equal(uid, '65534');
});

/** A number that no user of this machine has. */
const NAMELESS = { uid: 54_321, gid: 54_321 };
const namelessReads = isRoot && spawnSync('test', ['-r', fixture], { ...NAMELESS, cwd: '/' }).status === 0;

test('[postgres P8] a user id without a name and a home has its database all the same', {
  skip: !namelessReads && 'needs root, and a clone that others can read',
}, () => {
  const own = join(top, 'nameless');
  mkdirSync(own);
  chownSync(own, NAMELESS.uid, NAMELESS.gid);
  const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', fixture, own, '1'], {
    ...NAMELESS,
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  // The cluster is there and its server was entered; the table of visits is made by other tests in their own places.
  assert.match(done.stderr, /relation "visit" does not exist/);
  assert.equal(statSync(join(own, 'pg')).uid, NAMELESS.uid);
  assert.ok(statSync(join(own, 'bin')).isDirectory(), 'without a home the programs lie with the data');
});

test('[postgres P15] a folder in use is not emptied; one that nobody uses is', async () => {
  const own = join(top, 'to-remove');
  const db = await startEmbedded({ dataDir: own });
  await remember(db.url, 'kept');
  await assert.rejects(removeEmbedded(own), refusedAt('data-place-in-use', '--data'));
  await remembers(db.url, 'kept');
  await db.stop();
  await removeEmbedded(own);
  assert.deepEqual(readdirSync(own), ['run']);
  const fresh = await startEmbedded({ dataDir: own });
  await assert.rejects(query(fresh.url, 'select * from kept'), { code: '42P01' });
  await fresh.stop();
});

function refusedAt(code: string, at: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RefusalError);
    assert.deepEqual([error.refusal.code, error.refusal.at], [code, at]);
    return true;
  };
}
