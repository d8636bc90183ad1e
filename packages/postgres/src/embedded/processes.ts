// Looks at and ends the processes of one data folder; never one that it cannot show to belong to that folder.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The server that runs on this folder now, whoever started it. PostgreSQL works inside its data folder: that shows it. */
export function runningServer(pgData: string): number | undefined {
  let first: string;
  try {
    first = readFileSync(join(pgData, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  } catch {
    return undefined;
  }
  const pid = Number(first);
  return Number.isSafeInteger(pid) && pid > 1 && belongsTo(pid, pgData) ? pid : undefined;
}

function belongsTo(pid: number, pgData: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === pgData;
  } catch {
    return false;
  }
}

export const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !isZombie(pid);

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

/** Ends the server of this folder: first with its own fast shutdown, then at once, then by force. */
export async function stopServer(pid: number, pgData: string): Promise<void> {
  const steps = [
    { signal: 'SIGINT', waitMs: 20_000 },
    { signal: 'SIGQUIT', waitMs: 5_000 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ] as const;
  for (const { signal, waitMs } of steps) {
    if (!belongsTo(pid, pgData)) break;
    signalQuietly(pid, signal);
    if (await ended(pid, waitMs)) break;
  }
  await endLeftovers(pgData);
}

/** Server processes whose parent was killed end by themselves; one that is stuck would block the next start. */
export async function endLeftovers(pgData: string): Promise<void> {
  const deadline = Date.now() + 3_000;
  for (;;) {
    const left = processesIn(pgData);
    if (left.length === 0) return;
    if (Date.now() > deadline) {
      for (const pid of left) signalQuietly(pid, 'SIGKILL');
      await Promise.all(left.map((pid) => ended(pid, 5_000)));
      return;
    }
    await sleep(25);
  }
}

function processesIn(pgData: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isPostgres(pid) && belongsTo(pid, pgData) && isAlive(pid));
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
  } catch {
    return false;
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function ended(pid: number, waitMs: number): Promise<boolean> {
  const deadline = Date.now() + waitMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}
