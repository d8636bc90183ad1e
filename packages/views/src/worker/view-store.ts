// The worker's DuckDB file: one table a view, the position of each view in the feed, and what could not be shown.
//
// A batch is laid into the temporary table `incoming` first. Then one transaction takes the old rows of its resources
// out of each view, puts the new rows in and moves the positions: killed at any moment, the file holds all of the batch
// or nothing of it. A resource that stops a view is found by halving, left out and listed in `view_problem`.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { CompiledColumn } from '../compile-view.ts';
import { withoutEncrypted } from '../encrypted.ts';
import { runTimeRefusal } from '../run-time-refusal.ts';
import type { Change } from './change-source.ts';
import { INCOMING, type NamedView, ROW_KEY } from './view-set.ts';

interface Problem {
  readonly view: string;
  readonly id: string;
  readonly code: string;
  readonly at: string;
}

export class ViewStore {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #views: readonly NamedView[];
  /** Position of each view by name. */
  readonly #positions: Map<string, number>;

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    views: readonly NamedView[],
    positions: Map<string, number>,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#views = views;
    this.#positions = positions;
  }

  /** Opens or makes the file; tables of views that changed or went are dropped, and start again from nothing. */
  static async open(path: string, views: readonly NamedView[]): Promise<ViewStore> {
    const instance = await DuckDBInstance.create(path, { threads: '2', memory_limit: '1GB' });
    const connection = await instance.connect();
    await connection.run(`create table if not exists view_state
      (name varchar primary key, checksum varchar not null, seq bigint not null)`);
    await connection.run(`create table if not exists view_problem
      (view varchar not null, ${ROW_KEY} varchar not null, code varchar not null, place varchar not null)`);
    await connection.run(
      `create temp table ${INCOMING} (id varchar, type varchar, fresh boolean, left_out boolean, content json)`,
    );
    const store = new ViewStore(instance, connection, views, new Map());
    await store.#prepareTables();
    return store;
  }

  /** The position up to which every view holds every change. */
  get seq(): number {
    return Math.min(...this.#positions.values());
  }

  /** Applies the changes, or those up to the position of the next view ahead; the number applied. */
  async apply(all: readonly Change[]): Promise<number> {
    const ahead = [...this.#positions.values()].filter((position) => position > this.seq);
    const until = ahead.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...ahead);
    const due = all.filter((change) => change.seq <= until);
    const changes = due.length > 0 ? due : all;
    const last = changes.at(-1)?.seq;
    if (last === undefined) return 0;
    await this.#fillIncoming(changes);
    const types = new Set(changes.map((change) => change.type));
    const behind = this.#views.filter((view) => this.#positions.get(view.name)! < last);
    const touched = behind.filter((view) => types.has(view.resource));
    try {
      await this.#write(touched, behind, last, []);
    } catch {
      const problems: Problem[] = [];
      for (const view of touched) problems.push(...(await this.#problemsOf(view)));
      await this.#write(touched, behind, last, problems);
    }
    for (const view of behind) this.#positions.set(view.name, last);
    return changes.length;
  }

  /** Brings the file itself up to date, so that a copy of it is complete. */
  async checkpoint(): Promise<void> {
    await this.#connection.run('checkpoint');
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #prepareTables(): Promise<void> {
    const reader = await this.#connection.runAndReadAll('select name, checksum, seq from view_state');
    const known = new Map(
      reader.getRows().map(([name, checksum, seq]) => [String(name), { checksum, seq: Number(seq) }]),
    );
    for (const name of known.keys()) {
      const view = this.#views.find((candidate) => candidate.name === name);
      if (view?.checksum === known.get(name)!.checksum) continue;
      await this.#connection.run('begin');
      await this.#connection.run(`drop table if exists "${name}"`);
      await this.#connection.run('delete from view_problem where view = $1', [name]);
      await this.#connection.run('delete from view_state where name = $1', [name]);
      await this.#connection.run('commit');
      known.delete(name);
    }
    for (const view of this.#views) {
      if (!known.has(view.name)) await this.#makeTable(view);
      this.#positions.set(view.name, known.get(view.name)?.seq ?? 0);
    }
  }

  async #makeTable(view: NamedView): Promise<void> {
    const columns = view.compiled.columns.map((column) => `"${column.name}" ${column.sqlType}`);
    await this.#connection.run('begin');
    await this.#connection.run(
      `create table "${view.name}" (${ROW_KEY} varchar not null, ${columns.join(', ')})`,
    );
    await this.#connection.run('insert into view_state values ($1, $2, 0)', [view.name, view.checksum]);
    await this.#connection.run('commit');
  }

  // Only the last change of a resource counts. `fresh` rows had no earlier version, so nothing needs to be taken out.
  async #fillIncoming(changes: readonly Change[]): Promise<void> {
    const last = new Map<string, Change>();
    for (const change of changes) last.set(`${change.type}/${change.id}`, change);
    await this.#connection.run(`truncate ${INCOMING}`);
    const appender = await this.#connection.createAppender(INCOMING, null, 'temp');
    for (const { id, type, version, op, content } of last.values()) {
      appender.appendVarchar(id);
      appender.appendVarchar(type);
      appender.appendBoolean(version === 1 && op !== 'delete');
      appender.appendBoolean(false);
      if (content === null || op === 'delete') appender.appendNull();
      else
        appender.appendVarchar(
          withoutEncrypted(typeof content === 'string' ? content : JSON.stringify(content)),
        );
      appender.endRow();
    }
    appender.closeSync();
  }

  async #write(
    touched: readonly NamedView[],
    behind: readonly NamedView[],
    seq: number,
    problems: readonly Problem[],
  ): Promise<void> {
    const connection = this.#connection;
    await connection.run('begin');
    try {
      for (const view of touched) {
        await this.#removeOld(view);
        await this.#insertNew(
          view,
          problems.filter((problem) => problem.view === view.name),
        );
      }
      for (const view of behind) {
        await connection.run('update view_state set seq = $1 where name = $2', [BigInt(seq), view.name]);
      }
      await connection.run('commit');
    } catch (error) {
      await connection.run('rollback');
      throw error;
    }
  }

  async #removeOld(view: NamedView): Promise<void> {
    const old = `(select id from ${INCOMING} where type = $1 and not fresh)`;
    const any = await this.#connection.runAndReadAll(`select count(*) from ${old}`, [view.resource]);
    if (Number(any.getRows()[0]![0]) === 0) return;
    await this.#connection.run(`delete from "${view.name}" where ${ROW_KEY} in ${old}`, [view.resource]);
    await this.#connection.run(`delete from view_problem where view = $2 and ${ROW_KEY} in ${old}`, [
      view.resource,
      view.name,
    ]);
  }

  async #insertNew(view: NamedView, problems: readonly Problem[]): Promise<void> {
    const connection = this.#connection;
    const leaveOut = `update ${INCOMING} set left_out = true where type = $1 and id = $2`;
    for (const { id, code, at } of problems) {
      await connection.run('insert into view_problem values ($1, $2, $3, $4)', [view.name, id, code, at]);
      await connection.run(leaveOut, [view.resource, id]);
    }
    const values = view.compiled.columns.map(inChinaTime).join(', ');
    const insert = `insert into "${view.name}" select ${ROW_KEY}, ${values} from (${view.compiled.sql})`;
    await connection.run(insert, [...view.compiled.params]);
    if (problems.length > 0) await connection.run(`update ${INCOMING} set left_out = false`);
  }

  /** The resources of the batch that stop this view, found by halving. */
  async #problemsOf(view: NamedView): Promise<Problem[]> {
    const reader = await this.#connection.runAndReadAll(
      `select id from ${INCOMING} where type = $1 and content is not null order by id`,
      [view.resource],
    );
    return this.#halve(
      view,
      reader.getRows().map(([id]) => String(id)),
    );
  }

  async #halve(view: NamedView, ids: readonly string[]): Promise<Problem[]> {
    const failure = ids.length === 0 ? null : await this.#tryRows(view, ids);
    if (failure === null) return [];
    if (ids.length === 1) {
      const refusal = runTimeRefusal(failure);
      return [{ view: view.name, id: ids[0]!, code: refusal?.code ?? 'engine-error', at: refusal?.at ?? '' }];
    }
    const middle = Math.ceil(ids.length / 2);
    return [
      ...(await this.#halve(view, ids.slice(0, middle))),
      ...(await this.#halve(view, ids.slice(middle))),
    ];
  }

  async #tryRows(view: NamedView, ids: readonly string[]): Promise<Error | null> {
    const connection = this.#connection;
    await connection.run('begin');
    try {
      const [first, last] = [ids[0]!, ids.at(-1)!];
      await connection.run(`delete from ${INCOMING} where type <> $1 or id < $2 or id > $3`, [
        view.resource,
        first,
        last,
      ]);
      await connection.run(`create temp table trial as ${view.compiled.sql}`, [...view.compiled.params]);
      return null;
    } catch (error) {
      return error as Error;
    } finally {
      await connection.run('rollback');
    }
  }
}

// Instants are kept as text in China time (UTC+8 all year), so that their first ten letters are the local date (V16).
function inChinaTime({ name, type, collection }: CompiledColumn): string {
  const column = `"${name}"`;
  if (collection || (type !== 'dateTime' && type !== 'instant')) return column;
  const moment = `make_timestamp(epoch_us(try_cast(${column} as timestamptz)) + 28800000000)`;
  return `case when not contains(${column}, ':') or ends_with(${column}, '+08:00') then ${column}
    else strftime(${moment}, '%Y-%m-%dT%H:%M:%S+08:00') end as ${column}`;
}
