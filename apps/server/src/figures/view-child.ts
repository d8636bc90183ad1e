// The process that keeps the views of one consortium: it follows the record's change feed under system access and
// publishes snapshots. It lives and dies with its parent; killed at any moment, the next one goes on where it stopped.
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { must, systemClock } from '@yimai/kit';
import { type Database, openDatabase } from '@yimai/postgres';
import { changesWithContent, systemAccess } from '@yimai/record';
import { type ChangeSource, loadViews, type NamedView, ViewWorker } from '@yimai/views';

/** What the parent sends first; the address holds a password, so it never stands on a command line. */
export interface ViewOrder {
  readonly url: string;
  readonly schema: string;
  /** Folder of the worker's own file and, below it, of the published snapshots. */
  readonly folder: string;
}

export const VIEW_RULES = join(import.meta.dirname, '../../../../rules/views');
/** Left to a process that already has the folder. */
export const EXIT_OWNED = 3;

/** The feed of the record as the views read it: contents only of the types that some view shows. */
export function changeSource(database: Database, views: readonly NamedView[]): ChangeSource {
  const types = [...new Set(views.flatMap((view) => view.resources))];
  return {
    changesSince: (seq, limit) =>
      changesWithContent(database, systemAccess(systemClock.now()), seq, limit, types),
  };
}

async function keep(order: ViewOrder, signal: AbortSignal): Promise<void> {
  const views = must(loadViews(VIEW_RULES));
  const database = openDatabase({
    url: order.url,
    schema: order.schema,
    poolSize: 1,
    applicationName: 'yimai views',
    onIdleError: () => {},
  });
  const source = changeSource(database, views);
  const opened = await ViewWorker.open({
    folder: order.folder,
    views,
    source,
    clock: systemClock,
    publishEveryMs: 1_000,
    pollEveryMs: 400,
    onError: (error) => process.send?.({ trouble: (error as { code?: string }).code ?? error.name }),
  });
  if (!opened.ok) process.exit(EXIT_OWNED);
  await opened.value.run(signal);
  opened.value.close();
  await database.close();
}

if (process.argv[1] === import.meta.filename) {
  const stop = new AbortController();
  process.on('disconnect', () => stop.abort());
  // A Ctrl-C at the terminal reaches the whole group; the parent says when to stop.
  process.on('SIGINT', () => {});
  setPriority(5);
  process.once('message', (order) => {
    keep(order as ViewOrder, stop.signal).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
