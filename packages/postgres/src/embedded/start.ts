// Starts the embedded PostgreSQL of one data folder, or joins the one that runs there, and owns its life.
// The story of a start, all of it under one lock: place and binaries -> hold (with its supervisor) -> if a server of
// this folder runs already, join it -> else clear what a killed one left, make the cluster if there is none, start.
// The end: let go of the hold; when the last process has let go, the supervisor stops the server. A process that was
// killed lets go through the kernel, so the server never outlives its users by more than a moment.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, placeBinaries } from './binaries.ts';
import {
  ensureRoles,
  initialise,
  passwords,
  serverEnvironment,
  serverSettings,
  type Urls,
  urls,
} from './cluster.ts';
import { ensureSupervised, type Hold, supervisorEnded, takeHold, underLock } from './hold.ts';
import { markLog, whyNotStarted } from './last-words.ts';
import { claimPlace, dataFolder, openPlace, type Place, programsRoot } from './places.ts';
import { endLeftovers, isAlive, runningServer, stopServer } from './processes.ts';

export interface EmbeddedOptions {
  /** Where the data live; without it, the folder of this clone. */
  readonly dataDir?: string;
  /** Told what is going on, one line at a time; never personal data. */
  readonly onLog?: (line: string) => void;
  /** False only for throwaway test clusters: no fsync, and a folder that was not closed properly starts over. */
  readonly durable?: boolean;
  /** How long to wait for another process that is starting or stopping this database. */
  readonly lockWaitMs?: number;
}

export interface Embedded extends Urls {
  readonly dir: string;
  readonly socketDir: string;
  /** The server's process now; it changes when the server had to be started again. */
  readonly pid: number;
  /** Lets go; the server stops when no other process uses it. */
  stop(): Promise<void>;
}

const WATCH_EVERY_MS = 1_000;
/** A server that ends again and again is started ever more rarely, but never given up: its disk may have room tomorrow. */
const RESTART_WAIT_MAX_MS = 30_000;

export async function startEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const place = openPlace(dataFolder(options.dataDir));
  const session = new Session(place, options);
  await session.open();
  return session;
}

class Session implements Embedded {
  readonly #place: Place;
  readonly #options: EmbeddedOptions;
  readonly #log: (line: string) => void;
  #urls: Urls | undefined;
  #hold: Hold | undefined;
  #pid = 0;
  #watch: NodeJS.Timeout | undefined;
  #restartWaitMs = WATCH_EVERY_MS;
  #restartAfter = 0;
  #saidOfRestart = '';
  #busy: Promise<void> | undefined;

  constructor(place: Place, options: EmbeddedOptions) {
    this.#place = place;
    this.#options = options;
    this.#log = options.onLog ?? (() => {});
  }

  get dir() {
    return this.#place.dir;
  }
  get socketDir() {
    return this.#place.socketDir;
  }
  get pid() {
    return this.#pid;
  }
  get #links(): Urls {
    if (!this.#urls) throw new Error('fault: the embedded database is not open');
    return this.#urls;
  }
  get adminUrl() {
    return this.#links.adminUrl;
  }
  get url() {
    return this.#links.url;
  }
  get appUrl() {
    return this.#links.appUrl;
  }

  async open(): Promise<void> {
    await this.#locked(async () => {
      claimPlace(this.#place);
      this.#hold = await takeHold(this.#place);
      try {
        await this.#ensureServer();
      } catch (error) {
        await this.#hold.release();
        throw error;
      }
    });
    this.#watch = setInterval(() => this.#look(), WATCH_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch);
    this.#watch = undefined;
    await this.#busy;
    const stopping = await this.#hold?.release();
    this.#hold = undefined;
    if (stopping) await supervisorEnded(this.#place, 45_000);
  }

  #locked<T>(body: () => Promise<T>): Promise<T> {
    return underLock(this.#place, this.#options.lockWaitMs ?? 120_000, body);
  }

  async #ensureServer(): Promise<void> {
    const durable = this.#options.durable ?? true;
    const place = this.#place;
    const words = passwords(place);
    const links = urls(place, words);
    const found = runningServer(place.pgData);
    if (found !== undefined || (await answers(links.adminUrl))) {
      if (await readyWithin(links.adminUrl, found, 15_000, this.#log)) {
        await ensureRoles(links, words);
        this.#urls = links;
        this.#pid = found ?? 0;
        return;
      }
      this.#log(
        `数据库进程 ${found} 无响应，先停止它 · database process ${found} does not answer; stopping it`,
      );
      if (found !== undefined) await stopServer(found, place.pgData);
    }
    await this.#clearRemains(durable);
    const binaries = placeBinaries(programsRoot(place));
    initialise(place, binaries, words);
    this.#pid = await launch(place, binaries, durable, links, this.#log);
    await ensureRoles(links, words);
    this.#urls = links;
  }

  // No server of this folder lives here any more, so its lock files name either nobody or a stranger.
  async #clearRemains(durable: boolean): Promise<void> {
    const { pgData, socketDir } = this.#place;
    await endLeftovers(pgData);
    const unclean = existsSync(join(pgData, 'postmaster.pid'));
    if (unclean) this.#log('上次没有正常关闭，正在恢复 · not shut down properly last time, recovering');
    rmSync(join(pgData, 'postmaster.pid'), { force: true });
    for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock'])
      rmSync(join(socketDir, name), { force: true });
    if (unclean && !durable) rmSync(pgData, { recursive: true, force: true });
  }

  // Somebody may kill the server or the supervisor under a county that works: bring them back.
  #look(): void {
    if (this.#busy || !this.#hold) return;
    try {
      ensureSupervised(this.#place);
    } catch (error) {
      this.#log(`supervisor: ${(error as Error).message}`);
    }
    if (this.#pid === 0 || isAlive(this.#pid)) return;
    if (performance.now() < this.#restartAfter) return;
    this.#busy = this.#restart().finally(() => {
      this.#busy = undefined;
    });
  }

  async #restart(): Promise<void> {
    if (performance.now() - this.#restartAfter > 2 * RESTART_WAIT_MAX_MS)
      this.#restartWaitMs = WATCH_EVERY_MS;
    if (this.#saidOfRestart === '')
      this.#log('数据库停了，正在重新启动 · the database has stopped, starting it again');
    try {
      await this.#locked(() => this.#ensureServer());
      this.#saidOfRestart = '';
    } catch (error) {
      const { message } = error as Error;
      // The same reason every half a minute would bury what else the log has to say.
      if (message !== this.#saidOfRestart) this.#log(`重新启动失败 · restart failed: ${message}`);
      this.#saidOfRestart = message;
    }
    this.#restartAfter = performance.now() + this.#restartWaitMs;
    this.#restartWaitMs = Math.min(this.#restartWaitMs * 2, RESTART_WAIT_MAX_MS);
  }
}

async function launch(
  place: Place,
  binaries: Binaries,
  durable: boolean,
  links: Urls,
  log: (line: string) => void,
): Promise<number> {
  const startLog = join(place.runDir, 'start.log');
  const mark = markLog(place);
  const out = openSync(startLog, 'w', 0o600);
  const settings = Object.entries(serverSettings(place, durable)).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const child = spawn(binaries.postgres, ['-D', place.pgData, ...settings], {
    ...place.serverUser,
    detached: true,
    cwd: '/',
    stdio: ['ignore', out, out],
    env: serverEnvironment(),
  });
  closeSync(out);
  child.unref();
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => {});
  const pid = child.pid ?? 0;
  const ready = await Promise.race([readyWithin(links.adminUrl, pid, 900_000, log), failed]);
  if (!ready) throw whyNotStarted(place, startLog, mark);
  return pid;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    // "Starting up" and "shutting down" are answers too; a wrong password is a server that is not ours to use.
    return (error as { code?: string }).code === '57P03';
  } finally {
    await client.end().catch(() => {});
  }
}

/** Waits until the server takes connections; false when its process is gone or the time is over. */
async function readyWithin(
  url: string,
  pid: number | undefined,
  waitMs: number,
  log: (line: string) => void,
): Promise<boolean> {
  const begun = Date.now();
  let told = begun;
  while (Date.now() - begun < waitMs) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      if (pid !== undefined && !isAlive(pid)) return false;
    } finally {
      await client.end().catch(() => {});
    }
    if (Date.now() - told > 5_000) {
      told = Date.now();
      log('数据库仍在启动（恢复中）· the database is still starting (recovering)');
    }
    await sleep(15);
  }
  return false;
}
