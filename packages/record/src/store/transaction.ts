// The transaction that everything reads and writes in: rules and texts of a version are in versions.ts, what gathers until
// it is sent in outgoing.ts. Audit, change rows, index rows and projections commit with the versions or not at all.
import { setImmediate } from 'node:timers/promises';
import { parseResourceText, rowKey, sameNumbers } from '@yimai/fhir';
import { assert, must, type Refusal, RefusalError, type Result, type Uuid, uuidv7 } from '@yimai/kit';
import { type Fragment, raw, type Sql, sql, type TxSql } from '@yimai/postgres';
import {
  matchesForConditional,
  type SearchOptions,
  type SearchPage,
  searchInTx,
  searchPageInTx,
} from '../search/run-search.ts';
import type { Access, RecordTx, Resource, StoredRow } from '../types.ts';
import { moveBlobIn } from './content.ts';
import { Conversation, type Reach } from './conversation.ts';
import type { StoreDeps, Via } from './deps.ts';
import { MANY } from './flush.ts';
import { type ImportItem, sameContent } from './importer.ts';
import { Outgoing } from './outgoing.ts';
import { idMissing, stale } from './refusals.ts';
import { currentRow, firstRow, ROW_COLUMNS } from './rows.ts';
import { Versions, type WritableRow, type WriteOptions } from './versions.ts';

export interface UpsertResult {
  created: number;
  updated: number;
  unchanged: number;
  readonly refused: { readonly line: number; readonly refusal: Refusal }[];
}

export interface Found {
  readonly row: StoredRow;
  readonly resource: Resource;
  /** The JSON text behind `resource`, with every digit. */
  readonly text: string;
}

/** So many resources of an import are checked before requests of others have their turn. */
const AT_A_STRETCH = 100;

export class Transaction implements RecordTx {
  readonly access: Access;
  readonly recordedAt: Date;
  readonly commandId: Uuid | null;
  readonly #deps: StoreDeps;
  readonly #talk: Conversation;
  readonly #outgoing: Outgoing;
  readonly #versions: Versions;
  /** Rows that this transaction has locked as the system and not written since. */
  readonly #locked = new Map<Uuid, StoredRow>();

  constructor(
    deps: StoreDeps,
    run: TxSql,
    access: Access,
    via: Via,
    recordedAt: Date,
    commandId: Uuid | null,
  ) {
    this.#deps = deps;
    this.#talk = new Conversation(run, access.settings);
    this.access = access;
    this.recordedAt = recordedAt;
    this.commandId = commandId;
    const occasion = { access, via, recordedAt, commandId };
    this.#outgoing = new Outgoing(deps, this.#talk, occasion);
    this.#versions = new Versions(deps, this.#talk, occasion, this.#outgoing);
  }

  async read(type: string, id: string, options: { forUpdate?: boolean } = {}): Promise<Found | null> {
    const row = await this.#ask('own', (run) =>
      firstRow(run, currentRow(rowKey(type, id), this.access.readable('r'), options.forUpdate ?? false)),
    );
    return row && !row.deleted ? this.#open(row) : null;
  }

  async readAsSystem(type: string, id: string, options: { forUpdate?: boolean } = {}): Promise<Found | null> {
    const row = await this.#ask('all', (run) =>
      firstRow(run, currentRow(rowKey(type, id), raw('true'), options.forUpdate ?? false)),
    );
    if (row && options.forUpdate) this.#locked.set(row.id, row);
    return row && !row.deleted ? this.#open(row) : null;
  }

  /** The row whatever its state, locked: what updates and deletes start from. */
  async rowForWrite(type: string, id: string): Promise<StoredRow | null> {
    const [key, readable] = [rowKey(type, id), this.access.readable('r')];
    const statement = currentRow(key, readable, true, this.#versions.asksChangeable());
    const { rows } = await this.#ask('own', (run) => run.run<WritableRow>(statement));
    return rows[0] ? this.#versions.noteChangeable(rows[0]) : null;
  }

  /** The FHIR type and id behind a row key; says nothing of its content. */
  async nameOf(key: Uuid): Promise<{ type: string; id: string } | null> {
    const { rows } = await this.#ask('all', (run) =>
      run.run<{ type: string; fhir_id: string }>(
        sql`select r.type, r.fhir_id from resource r where r.id = ${key} and not r.deleted`,
      ),
    );
    return rows[0] ? { type: rows[0].type, id: rows[0].fhir_id } : null;
  }

  async create(resource: Resource, options: WriteOptions = {}): Promise<StoredRow> {
    const id = options.id ?? uuidv7(this.recordedAt.getTime());
    return this.#write(resource, id, null, options);
  }

  async update(resource: Resource, options: WriteOptions = {}): Promise<StoredRow> {
    const id = resource.id;
    if (!id) throw idMissing();
    const before = this.#versions.byEngine(options)
      ? await this.#anyRowForWrite(resource.resourceType, id)
      : await this.rowForWrite(resource.resourceType, id);
    if (!before) {
      if (options.ifVersion !== undefined) throw stale(options.ifVersion, 0);
      return this.#write(resource, id, null, options);
    }
    if (options.ifVersion !== undefined && options.ifVersion !== before.version) {
      throw stale(options.ifVersion, before.version);
    }
    return this.#write(resource, id, before, options);
  }

  /** Creates or updates each item; what says the same as is stored stays as it is, what is refused harms no other. */
  async upsertMany(items: readonly ImportItem[]): Promise<UpsertResult> {
    const keys = items.map((item) => rowKey(item.type, item.id));
    const { rows } = await this.#ask('own', (run) =>
      run.run<WritableRow>(
        sql`select ${ROW_COLUMNS}${this.#versions.asksChangeable()} from resource r
          where r.id = any(${keys}::uuid[]) and ${this.access.readable('r')} for update`,
      ),
    );
    const before = new Map(rows.map((row) => [row.id, this.#versions.noteChangeable(row)]));
    const letters = items.reduce((sum, { text }) => sum + text.length, 0);
    if (items.length >= MANY) this.#outgoing.expectMany(items.length, letters);
    const result: UpsertResult = { created: 0, updated: 0, unchanged: 0, refused: [] };
    for (const [index, item] of items.entries()) {
      if (index % AT_A_STRETCH === AT_A_STRETCH - 1) await setImmediate();
      const old = before.get(keys[index]!) ?? null;
      try {
        result[await this.#upsert(item, old)] += 1;
      } catch (error) {
        if (!(error instanceof RefusalError)) throw error;
        result.refused.push({ line: item.line, refusal: error.refusal });
      }
    }
    return result;
  }

  async #upsert(
    { type, id, text }: ImportItem,
    old: StoredRow | null,
  ): Promise<'created' | 'updated' | 'unchanged'> {
    const parsed = must(parseResourceText(text));
    const resource = parsed.resource as Resource;
    assert(resource.resourceType === type, 'an imported text is of another type than its name says');
    const named = resource.id === id ? resource : sameNumbers(resource, { ...resource, id });
    if (old?.content && sameContent(this.#deps.openFields(old.content, true), JSON.stringify(named)))
      return 'unchanged';
    await this.#write(named, id, old, { source: { text, lossless: parsed.lossless } });
    return old && !old.deleted ? 'updated' : 'created';
  }

  async delete(type: string, id: string): Promise<StoredRow | null> {
    const before = await this.rowForWrite(type, id);
    if (!before || before.deleted) return null;
    const row = this.#versions.end(before);
    this.#locked.delete(row.id);
    return row;
  }

  async search(type: string, query: string, options: { asSystem?: boolean } = {}): Promise<readonly Found[]> {
    const access = options.asSystem ? this.#deps.systemAccess(this.recordedAt) : this.access;
    this.#outgoing.send();
    const rows = await this.#talk.search(options.asSystem ? 'all' : 'own', (run) =>
      searchInTx(run, access, this.#deps, type, query),
    );
    return Promise.all(rows.map((row) => this.#open(row)));
  }

  /** A page of a search inside this transaction, so that it sees the writes before it. */
  async searchPage(type: string | null, query: string, options: SearchOptions): Promise<Result<SearchPage>> {
    this.#outgoing.send();
    return this.#talk.search('own', (run) =>
      searchPageInTx(run, this.access, this.#deps, type, query, options),
    );
  }

  /** Until the end of the transaction nobody else writes under this condition: two would both find nothing and create. */
  async holdCondition(type: string, query: string): Promise<void> {
    await this.run(sql`select pg_advisory_xact_lock(hashtextextended(${`${type}?${query}`}, 0))`);
  }

  /** At most two rows: what a conditional interaction needs to know. */
  async matches(type: string, query: string): Promise<readonly StoredRow[]> {
    this.#outgoing.send();
    return this.#talk.search('own', (run) =>
      matchesForConditional(run, this.access, this.#deps, type, query),
    );
  }

  async #anyRowForWrite(type: string, id: string): Promise<StoredRow | null> {
    const locked = this.#locked.get(rowKey(type, id));
    if (locked) return locked;
    return this.#ask('all', (run) => firstRow(run, currentRow(rowKey(type, id), raw('true'), true)));
  }

  newId(): string {
    return uuidv7(this.recordedAt.getTime());
  }

  async run<T = Record<string, unknown>>(fragment: Fragment): Promise<{ rows: T[]; rowCount: number }> {
    return this.#ask(null, (run) => run.run<T>(fragment));
  }

  send(fragment: Fragment): void {
    this.#outgoing.send();
    this.#talk.write(null, (run) => run.run(fragment));
  }

  /** Sends a question whose answer may end the transaction by throwing: before anything else is answered. */
  expect<T>(fragment: Fragment, judge: (rows: T[]) => void): void {
    this.#talk.expect(fragment, judge);
  }

  /** The statement that goes out last, together with the audit. */
  endWith(fragment: Fragment): void {
    this.#outgoing.endWith(fragment);
  }

  async nextNumber(name: string): Promise<number> {
    const { rows } = await this.#ask(null, (run) =>
      run.run<{ value: number }>(
        sql`insert into counter (name, value) values (${name}, 1)
          on conflict (name) do update set value = counter.value + 1 returning value`,
      ),
    );
    return rows[0]!.value;
  }

  audit(action: string, entity: { patient?: Uuid | null; type?: string; id?: string; text?: string }): void {
    this.#outgoing.audit({
      action,
      patient: entity.patient ?? null,
      ...(entity.type && entity.id ? { entity: { type: entity.type, id: entity.id } } : {}),
      ...(entity.text ? { text: entity.text } : {}),
    });
  }

  /** Sends what is queued and waits for it. */
  async flush(): Promise<void> {
    this.#outgoing.send();
    await this.#talk.settle();
  }

  #ask<T>(reach: Reach, question: (run: Sql) => Promise<T>): Promise<T> {
    this.#outgoing.send();
    return this.#talk.ask(reach, question);
  }

  /** Sends the rest and the audit; the caller commits. */
  finish(): Promise<void> {
    return this.#outgoing.finish();
  }

  get wrote(): boolean {
    return this.#outgoing.wrote;
  }

  async #write(
    resource: Resource,
    id: string,
    before: StoredRow | null,
    options: WriteOptions,
  ): Promise<StoredRow> {
    const row = await this.#versions.next(resource, id, before, options);
    this.#locked.delete(row.id);
    return row;
  }

  async #open(row: StoredRow): Promise<Found> {
    const clear = this.#deps.openFields(row.content!, this.access.showsClear(row));
    const text = await moveBlobIn(row.type, clear, this.#deps.blobs);
    return { row, resource: JSON.parse(text) as Resource, text };
  }
}
