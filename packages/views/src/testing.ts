// For tests of other rooms: resources go the whole way (feed, worker, snapshot) into a folder that is gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, systemClock } from '@yimai/kit';
import type { Change, ChangeSource } from './worker/change-source.ts';
import { openSnapshot, type Snapshot } from './worker/snapshots.ts';
import type { NamedView } from './worker/view-set.ts';
import { publishedFolder, ViewWorker } from './worker/view-worker.ts';

interface AnyResource {
  readonly resourceType: string;
  readonly id: string;
}

/** A published snapshot of these resources; `folder` is where readers find it. */
export async function viewsOf(
  resources: readonly AnyResource[],
  views: readonly NamedView[],
): Promise<{ readonly snapshot: Snapshot; readonly folder: string; close(): void }> {
  const changeAt = (index: number): Change => {
    const resource = resources[index]!;
    return {
      seq: index + 1,
      type: resource.resourceType,
      id: resource.id,
      version: 1,
      op: 'create',
      content: resource,
    };
  };
  const source = {
    changesSince: (seq: number, limit: number): Promise<readonly Change[]> => {
      const count = Math.max(0, Math.min(limit, resources.length - seq));
      return Promise.resolve(Array.from({ length: count }, (_, index) => changeAt(seq + index)));
    },
  };
  return viewsOfFeed(source, views);
}

/** The same of whatever a feed gives. */
export async function viewsOfFeed(
  source: ChangeSource,
  views: readonly NamedView[],
): Promise<{ readonly snapshot: Snapshot; readonly folder: string; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-views-of-'));
  const worker = must(await ViewWorker.open({ folder, views, source, clock: systemClock }));
  await worker.catchUp();
  worker.close();
  const snapshot = await openSnapshot(publishedFolder(folder));
  if (!snapshot) throw new Error('fault: nothing was published');
  return {
    snapshot,
    folder: publishedFolder(folder),
    close() {
      snapshot.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
