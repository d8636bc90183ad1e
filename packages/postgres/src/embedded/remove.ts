// Removes the data of one folder, if nobody uses them.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must, refuse } from '@yimai/kit';
import { isHeld, underLock } from './hold.ts';
import { dataFolder, openPlace, type Place } from './places.ts';
import { runningServer, stopServer } from './processes.ts';

/** Empties the data folder; refused while another process uses the database in it. */
export async function removeEmbedded(dataDir?: string): Promise<void> {
  const dir = dataFolder(dataDir);
  if (!existsSync(dir)) return;
  const place = openPlace(dir);
  await underLock(place, 10_000, async () => {
    if (await isUsed(place)) {
      must(
        refuse(
          'data-place-in-use',
          {
            zh: `${dir} 正在使用中：请先停止运行在其上的 yimai`,
            en: `${dir} is in use: stop the yimai that runs on it first`,
          },
          { at: '--data', transient: true },
        ),
      );
    }
    // An orphan whose users were killed: nobody needs it any more.
    const orphan = runningServer(place.pgData);
    if (orphan !== undefined) await stopServer(orphan, place.pgData);
    for (const name of readdirSync(dir)) {
      if (name !== 'run') rmSync(join(dir, name), { recursive: true, force: true });
    }
    for (const name of readdirSync(place.runDir)) {
      if (name !== 'lock') rmSync(join(place.runDir, name), { recursive: true, force: true });
    }
  });
}

// A supervisor that is just stopping the server of the last user is no use; it ends within a moment.
async function isUsed(place: Place): Promise<boolean> {
  const deadline = Date.now() + 5_000;
  while (isHeld(place)) {
    if (Date.now() > deadline) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
