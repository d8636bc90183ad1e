// Notices that the database has gone and that it is back: one line in the log for each, however many requests ask.
import { type Database, isDatabaseAway, sql } from '@yimai/postgres';
import type { ServerDeps } from './http/deps.ts';

const LOOK_MS = 500;

export interface DatabaseWatch {
  /** True if the error says that the database is away; it is then asked until it answers again. */
  notes(error: unknown): boolean;
  readonly isAway: boolean;
  close(): void;
}

export function watchDatabase(database: () => Database, log: ServerDeps['log']): DatabaseWatch {
  let timer: NodeJS.Timeout | null = null;
  let since = 0;

  function look(): void {
    timer = setTimeout(() => {
      database()
        .run(sql`select 1`)
        .then(
          () => {
            timer = null;
            log('warn', 'database is back', { seconds: Math.round((performance.now() - since) / 1000) });
          },
          () => timer && look(),
        );
    }, LOOK_MS);
    timer.unref();
  }

  return {
    notes(error) {
      if (!isDatabaseAway(error)) return false;
      if (timer === null) {
        since = performance.now();
        log('error', 'database is away', { code: String((error as { code?: unknown }).code ?? '') });
        look();
      }
      return true;
    },
    get isAway() {
      return timer !== null;
    },
    close() {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
