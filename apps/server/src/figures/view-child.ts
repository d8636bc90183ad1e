// The process that keeps the views of one consortium: it follows the record's change feed under system access and
// publishes snapshots. It lives and dies with its parent; killed at any moment, the next one goes on where it stopped.
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { must, systemClock } from '@yimai/kit';
import { type Database, openDatabase } from '@yimai/postgres';
import { changesWithContent, systemAccess } from '@yimai/record';
import { type ChangeSource, loadViews, type NamedView, ViewWorker } from '@yimai/views';
import { loadRules, RULES } from './figure-shelf.ts';
import { rulesInUse } from './rules-in-use.ts';

/** What the parent sends first; the address holds a password, so it never stands on a command line. */
export interface ViewOrder {
  readonly url: string;
  readonly schema: string;
  /** Folder of the worker's own file and, below it, of the published snapshots. */
  readonly folder: string;
}

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

/** What went wrong, without its message, which may hold a value. */
const codeOf = (error: Error): string => (error as { code?: string }).code ?? error.name;

async function keep(order: ViewOrder, signal: AbortSignal): Promise<void> {
  // The same decision as that of the servers: the views and the measures over them come from one folder.
  const { folder } = rulesInUse(RULES, order.folder, loadRules);
  const views = must(loadViews(join(folder, 'views')));
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
    onError: (error) => process.send?.({ trouble: codeOf(error) }),
  });
  if (!opened.ok) process.exit(EXIT_OWNED);
  await opened.value.run(signal);
  opened.value.close();
  await database.close();
}

if (process.argv[1] === import.meta.filename) {
  const stop = new AbortController();
  process.on('disconnect', () => stop.abort());
  // A Ctrl-C at the terminal, or a service manager's end, reaches the whole group; the parent says when to stop.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  setPriority(5);
  process.once('message', (order) => {
    keep(order as ViewOrder, stop.signal).then(
      () => process.exit(0),
      (error: Error) => {
        const ended = () => process.exit(1);
        if (process.connected) process.send?.({ trouble: codeOf(error) }, ended);
        else ended();
      },
    );
  });
}
