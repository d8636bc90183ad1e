// Keeps the database alive as long as any process needs it, and no longer: a kernel-counted hold on a named pipe.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { must, refuse } from '@yimai/kit';
import type { Place } from './places.ts';

export interface Hold {
  /** Lets go; true when the supervisor has begun to stop the server, false when others still hold it. */
  release(): Promise<boolean>;
}

const holdPath = (place: Place) => join(place.runDir, 'hold');
const stoppingPath = (place: Place) => join(place.runDir, 'stopping');

/**
 * Runs `body` while no other process starts or stops this database. The lock is the kernel's (through SQLite's file
 * lock, the one that Node brings), so a killed process leaves none behind.
 */
export async function underLock<T>(place: Place, waitMs: number, body: () => Promise<T>): Promise<T> {
  const file = new DatabaseSync(join(place.runDir, 'lock'));
  try {
    const deadline = Date.now() + waitMs;
    while (!tryLock(file)) {
      if (Date.now() > deadline) {
        must(
          refuse(
            'database-busy',
            {
              zh: `另一个 yimai 进程正在启动或停止 ${place.dir} 的数据库，请稍后再试`,
              en: `another yimai process is starting or stopping the database of ${place.dir}; try again later`,
            },
            { at: '--data', transient: true },
          ),
        );
      }
      await sleep(20);
    }
    return await body();
  } finally {
    file.close();
  }
}

function tryLock(file: DatabaseSync): boolean {
  try {
    file.exec('begin exclusive');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === 5) return false;
    throw error;
  }
}

/** Takes a hold, starting the supervisor if none runs. Called under the lock. */
export async function takeHold(place: Place): Promise<Hold> {
  const path = holdPath(place);
  for (;;) {
    const fd = openHold(path);
    if (fd !== undefined) {
      if (await isKept(place)) return new OpenHold(place, fd);
      closeSync(fd);
      continue;
    }
    // No reader: no supervisor lives, so whatever lies here was left by one that was killed.
    rmSync(stoppingPath(place), { force: true });
    if (!existsSync(path)) makePipe(path);
    startSupervisor(place);
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      const opened = openHold(path);
      if (opened !== undefined) return new OpenHold(place, opened);
      await sleep(5);
    }
    throw new Error('fault: the supervisor of the embedded database did not start');
  }
}

// While the mark lies there the supervisor either takes it back, because it has seen us, or stops the server and then
// removes the hold. We keep ours open until we know which.
async function isKept(place: Place): Promise<boolean> {
  for (;;) {
    if (!existsSync(holdPath(place))) return false;
    if (!existsSync(stoppingPath(place))) return existsSync(holdPath(place));
    const reader = openHold(holdPath(place));
    if (reader === undefined) return false;
    closeSync(reader);
    await sleep(20);
  }
}

/** Starts a new supervisor if somebody killed the one that reads our hold. */
export function ensureSupervised(place: Place): void {
  const fd = openHold(holdPath(place));
  if (fd !== undefined) closeSync(fd);
  else if (existsSync(holdPath(place))) startSupervisor(place);
}

/** Whether a supervisor lives, which it does as long as a process uses the database. */
export function isHeld(place: Place): boolean {
  const fd = openHold(holdPath(place));
  if (fd !== undefined) closeSync(fd);
  return fd !== undefined;
}

/** Waits until the supervisor has stopped the server and removed the hold. */
export async function supervisorEnded(place: Place, waitMs: number): Promise<boolean> {
  const deadline = Date.now() + waitMs;
  while (existsSync(holdPath(place)) && existsSync(stoppingPath(place))) {
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

function openHold(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENXIO' || code === 'ENOENT') return undefined;
    throw error;
  }
}

function makePipe(path: string): void {
  const made = spawnSync('mkfifo', ['-m', '600', path], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`fault: mkfifo failed: ${made.error?.message ?? made.stderr}`);
}

function startSupervisor(place: Place): void {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'supervisor.sh');
  // A session of its own: Ctrl-C and a closed terminal reach the application, which then lets go in good order.
  const child = spawn('/bin/sh', [script, place.runDir, place.pgData], {
    detached: true,
    cwd: '/',
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  });
  child.unref();
}

class OpenHold implements Hold {
  #place: Place;
  #fd: number | undefined;
  constructor(place: Place, fd: number) {
    this.#place = place;
    this.#fd = fd;
  }

  async release(): Promise<boolean> {
    if (this.#fd === undefined) return false;
    closeSync(this.#fd);
    this.#fd = undefined;
    const deadline = Date.now() + 1_000;
    while (Date.now() < deadline) {
      if (existsSync(stoppingPath(this.#place)) || !existsSync(holdPath(this.#place))) return true;
      await sleep(10);
    }
    return false;
  }
}
