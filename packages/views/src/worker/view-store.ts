// The worker's DuckDB file: one table a view, the position of each view in the feed, and what could not be shown.
//
// A batch is laid into the temporary table `incoming` first. Then one transaction takes the old rows of its resources
// out of each view, puts the new rows in and moves the positions: killed at any moment, the file holds all of the batch
// or nothing of it. A resource that stops a view is found by halving, left out and listed in `view_problem`.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { withoutEncrypted } from '../encrypted.ts';
import { runTimeRefusal } from '../run-time-refusal.ts';
import type { Change } from './change-source.ts';
import { INCOMING, type NamedView, ROW_KEY, ROW_TYPE, type RowSource } from './view-set.ts';

/** Code systems in which the engines name the declaration that they stored. */
const ENGINES = 'https://yimai.example/fhir/CodeSystem/';

interface Problem {
  readonly view: string;
  readonly resource: string;
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
  /** Type and declaration of what the engines stored in this batch. */
  #declared: ReadonlySet<string> = new Set();

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
      `create temp table ${INCOMING} (id varchar, type varchar, fresh boolean, left_out boolean, content json,
        code varchar)`,
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
    const touched = behind.filter((view) => view.resources.some((type) => types.has(type)));
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
    if (view.resources.length > 1) columns.push(`${ROW_TYPE} varchar`);
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
      appender.appendNull();
      appender.endRow();
    }
    appender.closeSync();
    await this.#nameDeclarations();
  }

  // The declaration that a resource of an engine comes from: asked once, so that each line of kinds.yaml looks only at its own.
  async #nameDeclarations(): Promise<void> {
    const reader = await this.#connection.runAndReadAll(
      `update ${INCOMING} set code = case type
          when 'Contract' then case when json_extract_string(content, '$.type.coding[0].system') = '${ENGINES}agreement'
            then json_extract_string(content, '$.type.coding[0].code') end
          when 'QuestionnaireResponse' then
            regexp_extract(json_extract_string(content, '$.questionnaire'), '([^/|]+)(\\|[^/]*)?$', 1)
          else case when json_extract_string(content, '$.code.coding[0].system') in
              ('${ENGINES}loop', '${ENGINES}tree', '${ENGINES}register')
            then json_extract_string(content, '$.code.coding[0].code') end end
        where type in ('Task', 'Basic', 'Contract', 'QuestionnaireResponse') and content is not null
        returning type, code`,
    );
    this.#declared = new Set(reader.getRows().map(([type, code]) => `${type} ${code}`));
  }

  #sourcesOf(view: NamedView, resource?: string): readonly RowSource[] {
    return view.sources.filter(
      (source) =>
        (resource === undefined || source.resource === resource) &&
        (source.code === null || this.#declared.has(`${source.resource} ${source.code}`)),
    );
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
    const isMixed = view.resources.length > 1;
    for (const type of view.resources) {
      const any = await this.#connection.runAndReadAll(`select count(*) from ${old}`, [type]);
      if (Number(any.getRows()[0]![0]) === 0) continue;
      const own = isMixed ? ` and ${ROW_TYPE} = $1` : '';
      await this.#connection.run(`delete from "${view.name}" where ${ROW_KEY} in ${old}${own}`, [type]);
      await this.#connection.run(`delete from view_problem where view = $2 and ${ROW_KEY} in ${old}`, [
        type,
        view.name,
      ]);
    }
  }

  async #insertNew(view: NamedView, problems: readonly Problem[]): Promise<void> {
    const connection = this.#connection;
    for (const { id, code, at, resource } of problems) {
      await connection.run('insert into view_problem values ($1, $2, $3, $4)', [view.name, id, code, at]);
      await connection.run(`update ${INCOMING} set left_out = true where type = $1 and id = $2`, [
        resource,
        id,
      ]);
    }
    for (const { sql, params } of this.#sourcesOf(view))
      await connection.run(`insert into "${view.name}" ${sql}`, [...params]);
    if (problems.length > 0) await connection.run(`update ${INCOMING} set left_out = false`);
  }

  /** The resources of the batch that stop this view, found by halving. */
  async #problemsOf(view: NamedView): Promise<Problem[]> {
    const found: Problem[] = [];
    for (const resource of view.resources) {
      const reader = await this.#connection.runAndReadAll(
        `select id from ${INCOMING} where type = $1 and content is not null order by id`,
        [resource],
      );
      const ids = reader.getRows().map(([id]) => String(id));
      found.push(...(await this.#halve(view, resource, ids)));
    }
    return found;
  }

  async #halve(view: NamedView, resource: string, ids: readonly string[]): Promise<Problem[]> {
    const failure = ids.length === 0 ? null : await this.#tryRows(view, resource, ids);
    if (failure === null) return [];
    if (ids.length === 1) {
      const refusal = runTimeRefusal(failure);
      const [code, at] = [refusal?.code ?? 'engine-error', refusal?.at ?? ''];
      return [{ view: view.name, resource, id: ids[0]!, code, at }];
    }
    const middle = Math.ceil(ids.length / 2);
    return [
      ...(await this.#halve(view, resource, ids.slice(0, middle))),
      ...(await this.#halve(view, resource, ids.slice(middle))),
    ];
  }

  async #tryRows(view: NamedView, resource: string, ids: readonly string[]): Promise<Error | null> {
    const connection = this.#connection;
    await connection.run('begin');
    try {
      const [first, last] = [ids[0]!, ids.at(-1)!];
      await connection.run(`delete from ${INCOMING} where type <> $1 or id < $2 or id > $3`, [
        resource,
        first,
        last,
      ]);
      for (const { sql, params } of this.#sourcesOf(view, resource)) {
        await connection.run(`create or replace temp table trial as ${sql}`, [...params]);
      }
      return null;
    } catch (error) {
      return error as Error;
    } finally {
      await connection.run('rollback');
    }
  }
}
