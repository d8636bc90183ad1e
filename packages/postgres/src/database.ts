// One consortium's database: a pool bound to its schema, transactions with their settings, retries at the edge.
import pg from 'pg';
import { copyIn } from './copy-in.ts';
import { answerOf, type FlightAnswer, type FlightStatement, fly } from './flight.ts';
import { parameter } from './parameters.ts';
import { readTogether } from './read-together.ts';
import type { Fragment } from './sql.ts';
import {
  BEGIN,
  BEGIN_READ,
  COMMIT,
  KEEP_PLAN,
  type LocalSettings,
  prepared,
  ROOM_FOR_SETS,
  settingStatements,
  statement,
  unprepared,
} from './statements.ts';
import { reasonOf, Turn } from './turn.ts';

export { type LocalSettings, settingStatements } from './statements.ts';

export interface Rows<T> {
  readonly rows: T[];
  readonly rowCount: number;
}

/** Something that runs statements: a transaction or a single connection. */
export interface Sql {
  /** Runs a fragment; `name` marks it for preparation (its text must then be the same each time for one shape). */
  run<T = Record<string, unknown>>(fragment: Fragment, options?: { prepare?: boolean }): Promise<Rows<T>>;
  text<T = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Rows<T>>;
}

/** A transaction under way. */
export interface TxSql extends Sql {
  /** Rows (`CopyRows`) into a table with its columns; how many. */
  copy(into: string, rows: Buffer): Promise<number>;
}

export interface ReadOptions {
  readonly prepare?: boolean;
  readonly keepPlan?: boolean;
  readonly lookUp?: boolean;
  /** Keys of a whole county (`in (select …)`) have room to be hashed; without it the planner asks them row by row. */
  readonly hashesSets?: boolean;
}

export interface Database extends Sql {
  readonly schema: string;
  /** Runs `body` in one transaction; a thrown error rolls back. Deadlocks and serialisation failures are retried. */
  tx<T>(settings: LocalSettings, body: (sql: TxSql) => Promise<T>): Promise<T>;
  /**
   * One read-only statement with its settings, sent in one flight. `keepPlan` plans it once for whatever values come:
   * right where any value is as rare as any other (a look-up by identifier), wrong elsewhere. `lookUp` says that it also
   * finds a few rows by key: look-ups that are asked in the same turn share a flight.
   */
  read<T = Record<string, unknown>>(
    settings: LocalSettings,
    fragment: Fragment,
    options?: ReadOptions,
  ): Promise<Rows<T>>;
  /** One statement that is a transaction by itself, in one write to the socket; its connection ends if it fails. */
  once<T = Record<string, unknown>>(fragment: Fragment): Promise<Rows<T>>;
  /** A dedicated connection for COPY and LISTEN; the caller ends it. */
  connect(): Promise<pg.Client>;
  /** Connections of the pool, those that nobody holds, and requests that wait for one. */
  connections(): { readonly total: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly schema: string;
  readonly poolSize?: number;
  readonly applicationName?: string;
  /** Called with a connection error that no request saw (an idle connection that the server closed). */
  readonly onIdleError?: (error: Error) => void;
  /**
   * True where a commit need not wait for the disk: after a crash the last second may be missing, never half of a
   * transaction. Only for work that is taken up again from its source, such as the year of the demo.
   */
  readonly asynchronousCommit?: boolean;
}

const RETRY = new Set(['40P01', '40001', '08006']);
const IDENTIFIER = /^[a-z][a-z0-9_]{0,62}$/;

// Timestamps and numerics stay text or exact: a float would lose digits, a Date microseconds.
const types = {
  getTypeParser: ((oid: number, format?: string) =>
    format === 'binary'
      ? pg.types.getTypeParser(oid, format)
      : readerOf(oid)) as typeof pg.types.getTypeParser,
};

function readerOf(oid: number): (text: string) => unknown {
  if (oid === 1184 || oid === 1114)
    return (value) => new Date(`${value.replace(' ', 'T')}`.replace(/([+-]\d\d)$/, '$1:00'));
  if (oid === 20) return Number;
  return pg.types.getTypeParser(oid, 'text');
}

export function openDatabase(options: DatabaseOptions): Database {
  if (!IDENTIFIER.test(options.schema)) throw new Error(`fault: "${options.schema}" is not a schema name`);
  const config: pg.ClientConfig = {
    connectionString: options.url,
    options: `-c search_path=${options.schema},public -c citus.propagate_set_commands=local -c timezone=UTC${options.asynchronousCommit ? ' -c synchronous_commit=off' : ''}`,
    application_name: options.applicationName ?? 'yimai',
    types,
  };
  const pool = new pg.Pool({
    ...config,
    pipeline: true,
    max: options.poolSize ?? 16,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection that breaks while a request holds it fails that request's statements; it also says so by itself, and
  // nobody listening would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));

  async function attempt<T>(settings: LocalSettings, body: (sql: TxSql) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    const turn = new Turn(client, readerOf);
    let broken: Error | undefined;
    try {
      // The body's first statement goes with these; their failure surfaces at the end.
      const opened = [BEGIN, ...settingStatements(settings).map(statement)].map((one) => turn.ask(one));
      for (const one of opened) one.catch(() => {});
      const value = await body(inTurn(client, turn));
      await Promise.all(opened);
      const end = await turn.ask(COMMIT);
      // PostgreSQL answers a commit of a failed transaction with ROLLBACK: a body that swallowed an error lost its work.
      if (end.did === 'ROLLBACK') throw new Error('fault: a statement failed and its error was swallowed');
      return value;
    } catch (error) {
      turn.end(error as Error);
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      throw reasonOf(error);
    } finally {
      client.release(broken);
    }
  }

  async function tx<T>(settings: LocalSettings, body: (sql: TxSql) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(settings, body);
      } catch (error) {
        const code = (error as { code?: string }).code ?? '';
        if (!RETRY.has(code) || tries >= 5) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** tries * Math.random()));
      }
    }
  }

  async function flown(statements: readonly FlightStatement[]): Promise<readonly FlightAnswer[]> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      return await fly(client, statements, readerOf);
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  const readOnly = (statements: readonly FlightStatement[]) => flown([BEGIN_READ, ...statements, COMMIT]);

  const lookUp = readTogether(
    (statements) => readOnly([KEEP_PLAN, ...statements]),
    settingStatements,
    statement,
  );

  return {
    schema: options.schema,
    tx,
    async read<T>(
      settings: LocalSettings,
      fragment: Fragment,
      readOptions: ReadOptions = {},
    ): Promise<Rows<T>> {
      const asked = readOptions.prepare === false ? unprepared(fragment) : prepared(fragment);
      const wanted = { ...asked, wanted: true };
      if (readOptions.lookUp) return lookUp<T>(settings, wanted);
      const set = settingStatements(settings).map(statement);
      if (readOptions.keepPlan) set.push(KEEP_PLAN);
      if (readOptions.hashesSets) set.push(ROOM_FOR_SETS);
      const [answer] = await readOnly([...set, wanted]);
      return answer as Rows<T>;
    },
    async once<T>(fragment: Fragment): Promise<Rows<T>> {
      const [answer] = await flown([{ ...prepared(fragment), wanted: true }]);
      return answer as Rows<T>;
    },
    run: (fragment, runOptions) => onClient(pool).run(fragment, runOptions),
    text: (text, params) => onClient(pool).text(text, params),
    async connect() {
      const client = new pg.Client(config);
      client.on('error', (error) => options.onIdleError?.(error));
      await client.connect();
      return client;
    },
    connections: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

function onClient(client: Pick<pg.Pool, 'query'> | pg.PoolClient): Sql {
  const query = client.query.bind(client) as (config: pg.QueryConfig) => Promise<pg.QueryResult>;
  return {
    async run<T>(fragment: Fragment, options: { prepare?: boolean } = {}): Promise<Rows<T>> {
      const config = options.prepare === false ? unprepared(fragment) : prepared(fragment);
      const answer = await query(config);
      return { rows: answer.rows as T[], rowCount: answer.rowCount ?? 0 };
    },
    async text<T>(text: string, params: readonly unknown[] = []): Promise<Rows<T>> {
      const answer = await query({ text, values: [...params] });
      return { rows: answer.rows as T[], rowCount: answer.rowCount ?? 0 };
    },
  };
}

/** The statements of a transaction: those of one turn go together. */
function inTurn(client: pg.PoolClient, turn: Turn): TxSql {
  const gather = gathering(client);
  const alone = onClient(client);
  const ask = async <T>(ready: FlightStatement): Promise<Rows<T>> => {
    try {
      return answerOf(await turn.ask(ready)) as Rows<T>;
    } catch (error) {
      // The answer came by the socket; where the statement stands is who waits for it.
      Error.captureStackTrace(error as Error);
      throw error;
    }
  };
  return {
    run<T>(fragment: Fragment, options: { prepare?: boolean } = {}): Promise<Rows<T>> {
      const ready = options.prepare === false ? unprepared(fragment) : prepared(fragment);
      if (ready.values.every(isPlain)) return ask<T>({ ...ready, wanted: true });
      // A value that only `pg` knows how to write.
      turn.leave();
      return alone.run<T>(fragment, options);
    },
    text<T>(text: string, params: readonly unknown[] = []): Promise<Rows<T>> {
      if (text.startsWith('set local ')) return ask<T>(statement(text));
      return ask<T>({ text, values: params.map(parameter), wanted: true });
    },
    copy(into, rows) {
      gather();
      turn.leave();
      return copyIn(client, into, rows);
    },
  };
}

const isPlain = (value: unknown): boolean =>
  value === null || typeof value === 'string' || Buffer.isBuffer(value);

/**
 * Returns a function to call before sending: whatever is sent in the same turn goes to the socket in one write, because a
 * write costs more than what it carries.
 */
function gathering(client: pg.PoolClient): () => void {
  const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } })
    .connection;
  let held = false;
  return () => {
    if (held) return;
    held = true;
    stream.cork();
    process.nextTick(() => {
      held = false;
      stream.uncork();
    });
  };
}
