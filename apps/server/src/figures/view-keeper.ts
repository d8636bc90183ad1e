// Holds the view process of a running server: starts it, starts it anew when it dies, ends it with the server.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { ServerDeps } from '../http/deps.ts';
import { EXIT_OWNED, type ViewOrder } from './view-child.ts';

export interface ViewKeeper {
  /** The running process; null while the next one waits to start. */
  readonly pid: number | null;
  stop(): Promise<void>;
}

const CHILD = join(import.meta.dirname, 'view-child.ts');
const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 30_000;
const STEADY_MS = 60_000;
/** The views ask again every moment while the database is away; the operator hears of it once a minute. */
const TOLD_EVERY_MS = 60_000;

/** Folder of the views below the data folder; snapshots lie in its `published`. */
export const viewsFolder = (dataDir: string): string => join(dataDir, 'views');

export function keepViews(order: ViewOrder, log: ServerDeps['log']): ViewKeeper {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let waitMs = WAIT_FIRST_MS;
  let toldMs = Number.NEGATIVE_INFINITY;
  let ended = Promise.resolve();

  function start(): void {
    const startedMs = performance.now();
    const running = fork(CHILD, [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'json',
    });
    child = running;
    running.on('message', (message) => {
      const { trouble } = message as { trouble?: string };
      if (!trouble || performance.now() - toldMs < TOLD_EVERY_MS) return;
      toldMs = performance.now();
      log('warn', 'views wait', { code: trouble });
    });
    running.on('error', (error) => log('warn', 'the view process', { code: error.name }));
    running.send(order, () => {});
    ended = new Promise((resolve) => {
      running.on('exit', (code, signal) => {
        child = null;
        resolve();
        if (stopped) return;
        if (performance.now() - startedMs > STEADY_MS) waitMs = WAIT_FIRST_MS;
        // Another server on the same data keeps the views; this one stands by to take over.
        if (code === EXIT_OWNED) waitMs = WAIT_MAX_MS / 3;
        else log('warn', 'the view process ended and is started again', { code: code ?? signal ?? '' });
        timer = setTimeout(start, waitMs);
        timer.unref();
        waitMs = Math.min(waitMs * 2, WAIT_MAX_MS);
      });
    });
  }
  start();
  return {
    get pid() {
      return child?.pid ?? null;
    },
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      if (child?.connected) child.disconnect();
      const late = setTimeout(() => child?.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    },
  };
}
