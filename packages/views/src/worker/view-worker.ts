// The one process that keeps the views up: it follows the change feed batch by batch and publishes snapshots.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, ok, type Result } from '@yimai/kit';
import type { ChangeSource } from './change-source.ts';
import { ownFolder } from './ownership.ts';
import { publishSnapshot } from './snapshots.ts';
import type { NamedView } from './view-set.ts';
import { ViewStore } from './view-store.ts';

export interface ViewWorkerOptions {
  /** Folder of the worker's own file; snapshots go to its sub-folder `published`. */
  readonly folder: string;
  readonly views: readonly NamedView[];
  readonly source: ChangeSource;
  readonly clock: Clock;
  readonly batchSize?: number;
  /** The least time between two snapshots; a slow copy lengthens it. */
  readonly publishEveryMs?: number;
  readonly pollEveryMs?: number;
  /** Told of weather (the source or disk fails); the worker goes on trying. */
  readonly onError?: (error: Error) => void;
}

const BATCH_SIZE = 5_000;

/** Where readers find the snapshots of a worker's folder. */
export const publishedFolder = (folder: string): string => join(folder, 'published');

export class ViewWorker {
  readonly #options: ViewWorkerOptions;
  readonly #store: ViewStore;
  readonly #release: () => void;
  readonly #file: string;
  #publishedSeq = -1;
  #publishedAtMs = 0;
  #copyMs = 0;

  private constructor(options: ViewWorkerOptions, store: ViewStore, release: () => void, file: string) {
    this.#options = options;
    this.#store = store;
    this.#release = release;
    this.#file = file;
  }

  /** Refused (`views-owned`) when another process has the folder. */
  static async open(options: ViewWorkerOptions): Promise<Result<ViewWorker>> {
    mkdirSync(options.folder, { recursive: true });
    const owned = ownFolder(options.folder);
    if (!owned.ok) return owned;
    const file = join(options.folder, 'worker.duckdb');
    try {
      const store = await ViewStore.open(file, options.views);
      return ok(new ViewWorker(options, store, owned.value, file));
    } catch (error) {
      owned.value();
      throw error;
    }
  }

  get seq(): number {
    return this.#store.seq;
  }

  /** Applies one batch; the number of changes it had. */
  async step(): Promise<number> {
    const changes = await this.#options.source.changesSince(
      this.#store.seq,
      this.#options.batchSize ?? BATCH_SIZE,
    );
    return this.#store.apply(changes);
  }

  /** Applies until the feed has nothing more, then publishes. */
  async catchUp(): Promise<void> {
    while ((await this.step()) > 0);
    await this.publish();
  }

  async publish(): Promise<void> {
    if (this.#store.seq === this.#publishedSeq) return;
    const startedMs = performance.now();
    await this.#store.checkpoint();
    const { folder, clock } = this.#options;
    await publishSnapshot(publishedFolder(folder), this.#file, this.#store.seq, clock.now());
    this.#publishedSeq = this.#store.seq;
    this.#publishedAtMs = performance.now();
    this.#copyMs = this.#publishedAtMs - startedMs;
  }

  /** Follows the feed until the signal stops it. The first snapshot waits until the feed has been caught up once. */
  async run(signal: AbortSignal): Promise<void> {
    const pollMs = this.#options.pollEveryMs ?? 250;
    let hasCaughtUp = false;
    while (!signal.aborted) {
      try {
        const count = await this.step();
        // A batch that is not full reached the end of the feed, also while more is written all the time.
        hasCaughtUp ||= count < (this.#options.batchSize ?? BATCH_SIZE);
        if (hasCaughtUp && this.#isTimeToPublish()) await this.publish();
        if (count === 0) await sleep(pollMs, undefined, { signal });
      } catch (error) {
        if (signal.aborted) break;
        this.#options.onError?.(error as Error);
        await sleep(pollMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  close(): void {
    this.#store.close();
    this.#release();
  }

  // A copy may take at most a fifth of the worker's time, however large the file has grown.
  #isTimeToPublish(): boolean {
    const leastMs = Math.max(this.#options.publishEveryMs ?? 1_000, this.#copyMs * 4);
    return this.#publishedSeq < 0 || performance.now() - this.#publishedAtMs >= leastMs;
  }
}
