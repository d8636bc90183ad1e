// How fast the views follow: changes a second into two views over one type, and the time to publish a snapshot.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must, systemClock } from '@yimai/kit';
import type { ChangeSource } from './worker/change-source.ts';
import { engineFeed, syntheticFeed } from './worker/synthetic-feed.ts';
import { loadViews, type NamedView } from './worker/view-set.ts';
import { ViewWorker } from './worker/view-worker.ts';

export interface BenchFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly ratio?: number;
  readonly target?: string;
}

const CHANGES = 200_000;

/** Follows synthetic feeds with all views of the county open: visits alone, then visits, cases and register entries. */
export async function benchViews(): Promise<BenchFigure[]> {
  const views: readonly NamedView[] = must(
    loadViews(fileURLToPath(new URL('../../../rules/views', import.meta.url))),
  );
  return [
    ...(await follow(views, syntheticFeed(CHANGES), 'visits')),
    ...(await follow(views, engineFeed(CHANGES), 'visits, cases and register entries')),
  ];
}

async function follow(
  views: readonly NamedView[],
  source: ChangeSource,
  what: string,
): Promise<BenchFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-bench-views-'));
  try {
    // The floor: reading the feed and writing each resource as text, which any follower has to do.
    const floorAt = performance.now();
    for (let seq = 0; seq < CHANGES; seq += 5_000) {
      for (const change of await source.changesSince(seq, 5_000)) JSON.stringify(change.content);
    }
    const floorRate = CHANGES / ((performance.now() - floorAt) / 1000);
    const worker = must(await ViewWorker.open({ folder, views, source, clock: systemClock }));
    const startedAt = performance.now();
    while ((await worker.step()) > 0);
    const rate = CHANGES / ((performance.now() - startedAt) / 1000);
    const publishAt = performance.now();
    await worker.publish();
    const publishMs = performance.now() - publishAt;
    worker.close();
    return [
      {
        name: `changes into ${views.length} views: ${what}`,
        value: Math.round(rate),
        unit: 'resources/s',
        floor: Math.round(floorRate),
        ratio: Math.round((floorRate / rate) * 10) / 10,
        target: '>= 5000',
      },
      {
        name: `publishing ${CHANGES} changes: ${what}`,
        value: Math.round(publishMs),
        unit: 'ms',
        target: '< 5000',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  for (const figure of await benchViews()) console.log(JSON.stringify(figure));
}
