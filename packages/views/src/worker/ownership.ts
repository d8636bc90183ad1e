// One process owns a worker's folder. The engine's own lock does not hold here: copying the file drops it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@yimai/kit';

/** Takes the folder, or says who has it; the answer gives it back. A dead owner's claim is taken over. */
export function ownFolder(folder: string): Result<() => void> {
  const path = join(folder, 'owner.pid');
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return ok(() => rmSync(path, { force: true }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(path);
    if (owner !== null && isRunning(owner)) {
      const detail = { zh: `视图目录已由进程 ${owner} 占用`, en: `the views belong to process ${owner}` };
      return refuse('views-owned', detail, { rule: 'V14' });
    }
    rmSync(path, { force: true });
  }
}

function ownerOf(path: string): number | null {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(owner) && owner > 0 ? owner : null;
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
