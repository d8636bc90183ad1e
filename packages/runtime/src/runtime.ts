// The runtime of one consortium: its context, its commands, its due times. The server makes one and mounts it.
import type { Clock } from '@yimai/kit';
import type { WorkCalendar } from '@yimai/loops';
import type { Database } from '@yimai/postgres';
import type { CommandHandler, Record } from '@yimai/record';
import { agreementCommands, agreementDue } from './agreement-engine.ts';
import { alertCommands, alertDue } from './alert-engine.ts';
import { makeContext, type RuntimeContext } from './context.ts';
import { counterCommands } from './counter-engine.ts';
import { type DueHandler, type DueRunner, loopDue, openDueRunner } from './due-runner.ts';
import type { LoadedProgrammes } from './load.ts';
import { loopCommands } from './loop-commands.ts';
import { loopNotices } from './loop-notices.ts';
import { poolCommands } from './pool-engine.ts';
import { recurringCommands } from './recurring-engine.ts';
import { redateCases } from './redate.ts';
import { registerCommands } from './register-commands.ts';
import { stockCommands } from './stock-engine.ts';
import { surveyCommands } from './survey-engine.ts';
import { treeCommands, treeDue } from './tree-engine.ts';

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
    /** Times that a server sets for itself, by mechanism. */
    readonly more?: ReadonlyMap<string, DueHandler>;
  }): DueRunner;
}

export function openRuntime(loaded: LoadedProgrammes, calendar: WorkCalendar): Runtime {
  const context = makeContext(loaded, calendar);
  const commands = [
    ...loopCommands(context),
    ...registerCommands(context),
    ...poolCommands(context),
    ...treeCommands(context),
    ...recurringCommands(context),
    ...agreementCommands(context),
    ...surveyCommands(context),
    ...counterCommands(context),
    ...stockCommands(context),
    ...alertCommands(context),
  ] as readonly unknown[] as readonly CommandHandler[];
  const handlers = new Map<string, DueHandler>([
    ['loop', loopDue(context)],
    ['tree', treeDue(context)],
    ['agreement', agreementDue(context)],
    ['alert', alertDue(context)],
  ]);
  const batches = new Map([['loop-notice', loopNotices(context)]]);
  return {
    context,
    commands,
    dueRunner: ({ more = new Map(), ...options }) =>
      openDueRunner({
        ...options,
        handlers: new Map([...handlers, ...more]),
        batches,
        first: (isStopped) => redateCases(context, { ...options, isStopped }),
      }),
  };
}
