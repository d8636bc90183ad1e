// The runtime of one consortium: its context, its commands, its due times. The server makes one and mounts it.
import type { Clock } from '@yimai/kit';
import type { WorkCalendar } from '@yimai/loops';
import type { Database } from '@yimai/postgres';
import type { CommandHandler, Record } from '@yimai/record';
import { makeContext, type RuntimeContext } from './context.ts';
import { type DueHandler, type DueRunner, loopDue, openDueRunner } from './due-runner.ts';
import type { LoadedProgrammes } from './load.ts';
import { loopCommands } from './loop-commands.ts';
import { registerCommands } from './register-commands.ts';

export interface Runtime {
  readonly context: RuntimeContext;
  /** Handed to the record when it opens; they do not need it. */
  readonly commands: readonly CommandHandler[];
  /** Due times run on the opened record. */
  dueRunner(options: {
    readonly record: Record;
    readonly database: Database;
    readonly clock: Clock;
    readonly onFault: (error: Error, work: string) => void;
  }): DueRunner;
}

export function openRuntime(loaded: LoadedProgrammes, calendar: WorkCalendar): Runtime {
  const context = makeContext(loaded, calendar);
  const commands = [
    ...loopCommands(context),
    ...registerCommands(context),
  ] as readonly unknown[] as readonly CommandHandler[];
  const handlers = new Map<string, DueHandler>([['loop', loopDue(context)]]);
  return { context, commands, dueRunner: (options) => openDueRunner({ ...options, handlers }) };
}
