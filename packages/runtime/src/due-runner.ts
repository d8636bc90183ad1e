// Fires due times: each is taken, its act applied and its row deleted in one transaction, so that it fires once or not yet.
import { type Clock, type Uuid, uuidv7 } from '@yimai/kit';
import { SYSTEM } from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';
import type { Record, RecordTx } from '@yimai/record';
import type { RuntimeContext } from './context.ts';
import { actOnCase } from './loop-engine.ts';

export interface DueRow {
  readonly id: string;
  readonly mechanism: string;
  readonly target: string;
  readonly key: string;
  readonly at: Date;
}

/** What a mechanism does when one of its times comes. It refuses nothing: a time that no longer applies does nothing. */
export type DueHandler = (tx: RecordTx, row: DueRow) => Promise<void>;

/** Times of one mechanism that are handled many at once; deadlines of days all come at midnight. */
export type DueBatchHandler = (tx: RecordTx, rows: readonly DueRow[]) => Promise<void>;

export interface DueRunner {
  /** Fires everything that is due now and says how many. */
  fireDue(): Promise<number>;
  /** What has to come before the first due time, then every due time as it comes; resolves when those may come. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 500;
const TOGETHER = 4;
const BATCH = 500;
const RETRY_MS = 60_000;

export function openDueRunner(options: {
  readonly record: Record;
  readonly database: Database;
  readonly clock: Clock;
  readonly handlers: ReadonlyMap<string, DueHandler>;
  readonly batches: ReadonlyMap<string, DueBatchHandler>;
  readonly onFault: (error: Error, work: string) => void;
  readonly first?: (isStopped: () => boolean) => Promise<unknown>;
}): DueRunner {
  const { record, database, clock, handlers, batches, onFault, first } = options;
  const batched = [...batches.keys()];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;

  /** Takes one row; false when none is due. A fault puts the row off, so that it cannot hold the others up. */
  async function fireOne(): Promise<boolean> {
    let taken: DueRow | undefined;
    try {
      await record.transaction(
        record.systemAccess(),
        { via: 'command', commandId: uuidv7() as Uuid },
        async (tx) => {
          const { rows } = await tx.run<DueRow>(sql`delete from due_time where id = (
            select id from due_time where at <= ${clock.now()}::timestamptz and not (mechanism = any(${batched}::text[]))
            order by at, id limit 1 for update skip locked)
          returning id, mechanism, target, key, at`);
          taken = rows[0];
          if (!taken) return;
          const handler = handlers.get(taken.mechanism);
          if (handler) await handler(tx, taken);
        },
      );
    } catch (error) {
      onFault(error as Error, 'due');
      if (!taken) return false;
      const later = new Date(clock.now().getTime() + RETRY_MS);
      await database.run(sql`update due_time set at = ${later}, tries = tries + 1 where id = ${taken.id}`);
    }
    return taken !== undefined;
  }

  /** Takes up to a batch of one mechanism in one transaction; a fault leaves them all for the next time. */
  async function fireBatch(mechanism: string, handler: DueBatchHandler): Promise<number> {
    return record.transaction(
      record.systemAccess(),
      { via: 'command', commandId: uuidv7() as Uuid },
      async (tx) => {
        const { rows } = await tx.run<DueRow>(sql`delete from due_time where id = any(array(
          select id from due_time where at <= ${clock.now()}::timestamptz and mechanism = ${mechanism}
          order by at, id limit ${BATCH} for update skip locked))
        returning id, mechanism, target, key, at`);
        if (rows.length > 0) await handler(tx, rows);
        return rows.length;
      },
    );
  }

  async function batchLane(): Promise<number> {
    let fired = 0;
    for (const [mechanism, handler] of batches) {
      for (let taken = BATCH; taken === BATCH && !stopped; fired += taken)
        taken = await fireBatch(mechanism, handler);
    }
    return fired;
  }

  async function lane(): Promise<number> {
    let fired = 0;
    while (!stopped && (await fireOne())) fired += 1;
    return fired;
  }

  async function fireDue(): Promise<number> {
    const lanes = await Promise.all([batchLane(), ...Array.from({ length: TOGETHER }, lane)]);
    return lanes.reduce((sum, fired) => sum + fired, 0);
  }

  function poll(): void {
    running = fireDue()
      .catch((error: Error) => onFault(error, 'due'))
      .finally(() => {
        if (!stopped) timer = setTimeout(poll, POLL_MS);
      });
  }

  return {
    fireDue,
    start() {
      const started = (first?.(() => stopped) ?? Promise.resolve()).then(
        () => {},
        (error: Error) => onFault(error, 'redate'),
      );
      running = started.then(() => {
        if (!stopped) poll();
      });
      return started;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** A timer of a loop: stale ones are already deleted with their stay, so a refusal here means that the case moved on. */
export function loopDue(context: RuntimeContext): DueHandler {
  return async (tx, row) => {
    await actOnCase(context, tx, {
      case: row.target,
      event: '$timer',
      actor: SYSTEM,
      answers: { key: row.key },
    });
  };
}
