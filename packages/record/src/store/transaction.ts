// The transaction that everything writes in. Writes gather and go out in one statement before the next read and at the
// end; audit, change rows, index rows and projections commit with them or not at all.
import { setImmediate } from 'node:timers/promises';
import {
  extractIndexRows,
  holdsNationalId,
  referencesOf,
  rowKey,
  sameNumbers,
  validate,
  withOwnReferences,
} from '@yimai/fhir';
import { type Refusal, RefusalError, type Result, type Uuid, uuidv7 } from '@yimai/kit';
import { type Fragment, raw, type Sql, sql, type TxSql } from '@yimai/postgres';
import { bringsMaskBack } from '../access/mask.ts';
import {
  matchesForConditional,
  type SearchOptions,
  type SearchPage,
  searchInTx,
  searchPageInTx,
} from '../search/run-search.ts';
import type { Access, Labels, RecordTx, Resource, StoredRow } from '../types.ts';
import { auditRow } from './audit.ts';
import { type AuditRow, insertAudit } from './audit-buffer.ts';
import { moveBlobIn, moveBlobOut, type SourceText, stampedText } from './content.ts';
import { Conversation, type Reach } from './conversation.ts';
import { changeCopy, IndexCopies } from './copies.ts';
import type { AuditEntry, StoreDeps, Via } from './deps.ts';
import { commandWords } from './engine-commands.ts';
import { type FlushContext, flushWrites, MANY, type PendingWrite } from './flush.ts';
import { type ImportItem, sameContent } from './importer.ts';
import { InvalidResourceError } from './invalid.ts';
import { chainAndRelease, holdNumbers, numberChanges } from './numbering.ts';
import { currentRow, firstRow, type RawRow, ROW_COLUMNS, toStoredRow } from './rows.ts';

/** Marks resources that an engine owns; only our own commands may set it. */
export const ENGINE_TAG_SYSTEM = 'https://yimai.example/fhir/engine';

/** FHIR types that only ever come from the product itself. */
const PRODUCED_TYPES: ReadonlyMap<string, string> = new Map([['AuditEvent', 'audit']]);

export interface WriteOptions {
  readonly id?: string;
  readonly ifVersion?: number;
  readonly engine?: string;
  readonly labels?: Partial<Labels>;
  /** The client's own JSON text, so that numbers stay digit for digit. */
  readonly source?: SourceText;
  /** Our own address as the client knows it: what it refers to under it is found like a relative reference. */
  readonly base?: string;
}

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

/** A row, with whether a relationship that only the database knows lets the actor change it. */
interface WritableRow extends RawRow {
  readonly changeable?: boolean;
}

/** So many resources of an import are checked before requests of others have their turn. */
const AT_A_STRETCH = 100;

export class Transaction implements RecordTx {
  readonly access: Access;
  readonly recordedAt: Date;
  readonly commandId: Uuid | null;
  readonly #deps: StoreDeps;
  readonly #talk: Conversation;
  readonly #via: Via;
  readonly #id = uuidv7();
  readonly #entries: AuditEntry[] = [];
  #pending: { write: PendingWrite; resource: Resource | null }[] = [];
  readonly #pendingKeys = new Set<string>();
  #ord = 0;
  /** Rows that this transaction has locked as the system and not written since. */
  readonly #locked = new Map<Uuid, StoredRow>();
  /** Rows read for writing that the database itself has found changeable for the actor. */
  readonly #changeable = new Set<string>();
  #last: Fragment | null = null;
  /** Index rows of a large batch, written down as they come. */
  #gathered: IndexCopies | null = null;
  /** Writes whose change rows go out at the end, with their numbers. */
  readonly #unnumbered: { readonly writes: readonly PendingWrite[]; readonly context: FlushContext }[] = [];

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
    this.#via = via;
    this.access = access;
    this.recordedAt = recordedAt;
    this.commandId = commandId;
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
    const statement = currentRow(rowKey(type, id), this.access.readable('r'), true, this.#asksChangeable());
    const { rows } = await this.#ask('own', (run) => run.run<WritableRow>(statement));
    return rows[0] ? this.#noteChangeable(rows[0]) : null;
  }

  // A token's scopes tell updating from deleting, which the predicate does not.
  #asksChangeable(): Fragment {
    const { actor } = this.access;
    if (!this.access.changeable || actor.scopes !== null) return raw('');
    return sql`, (${this.access.changeable('r')}) as changeable`;
  }

  #noteChangeable(row: WritableRow): StoredRow {
    if (row.changeable) this.#changeable.add(row.id);
    else this.#changeable.delete(row.id);
    return toStoredRow(row);
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
    return this.#write('create', resource, id, 1, null, options);
  }

  async update(resource: Resource, options: WriteOptions = {}): Promise<StoredRow> {
    const id = resource.id;
    if (!id) throw no('id-missing', 'id', '更新必须给出 id', 'an update needs an id', 'R7');
    const before = this.#byEngine(options)
      ? await this.#anyRowForWrite(resource.resourceType, id)
      : await this.rowForWrite(resource.resourceType, id);
    if (!before) {
      if (options.ifVersion !== undefined) throw stale(options.ifVersion, 0);
      return this.#write('create', resource, id, 1, null, options);
    }
    if (options.ifVersion !== undefined && options.ifVersion !== before.version) {
      throw stale(options.ifVersion, before.version);
    }
    return this.#write('update', resource, id, before.version + 1, before, options);
  }

  /** Creates or updates each item; what says the same as is stored stays as it is, what is refused harms no other. */
  async upsertMany(items: readonly ImportItem[]): Promise<UpsertResult> {
    const keys = items.map((item) => rowKey(item.resource.resourceType, item.id));
    const { rows } = await this.#ask('own', (run) =>
      run.run<WritableRow>(
        sql`select ${ROW_COLUMNS}${this.#asksChangeable()} from resource r
          where r.id = any(${keys}::uuid[]) and ${this.access.readable('r')} for update`,
      ),
    );
    const before = new Map(rows.map((row) => [row.id, this.#noteChangeable(row)]));
    if (items.length >= MANY) this.#gathered = new IndexCopies(this.#deps.blind);
    const result: UpsertResult = { created: 0, updated: 0, unchanged: 0, refused: [] };
    for (const [index, item] of items.entries()) {
      if (index % AT_A_STRETCH === AT_A_STRETCH - 1) await setImmediate();
      const old = before.get(keys[index]!) ?? null;
      const resource = item.resource.id === item.id ? item.resource : { ...item.resource, id: item.id };
      try {
        if (old?.content && sameContent(this.#deps.openFields(old.content, true), JSON.stringify(resource))) {
          result.unchanged += 1;
          continue;
        }
        const version = (old?.version ?? 0) + 1;
        await this.#write(old ? 'update' : 'create', resource, item.id, version, old, {
          source: item.source,
        });
        if (old && !old.deleted) result.updated += 1;
        else result.created += 1;
      } catch (error) {
        if (!(error instanceof RefusalError)) throw error;
        result.refused.push({ line: item.line, refusal: error.refusal });
      }
    }
    return result;
  }

  async delete(type: string, id: string): Promise<StoredRow | null> {
    const before = await this.rowForWrite(type, id);
    if (!before || before.deleted) return null;
    this.#refuseEngineOwned(type, before.engine);
    if (!this.#changeable.has(before.id)) this.#refuseUnwritable('delete', type, before);
    const row: StoredRow = {
      ...before,
      version: before.version + 1,
      updatedAt: this.recordedAt,
      deleted: true,
      content: null,
    };
    this.#queue({ op: 'delete', row, before, entry: this.#deps.entries.next(), index: null }, null);
    return row;
  }

  async search(type: string, query: string, options: { asSystem?: boolean } = {}): Promise<readonly Found[]> {
    const access = options.asSystem ? this.#deps.systemAccess(this.recordedAt) : this.access;
    this.#flush();
    const rows = await this.#talk.search(options.asSystem ? 'all' : 'own', (run) =>
      searchInTx(run, access, this.#deps, type, query),
    );
    return Promise.all(rows.map((row) => this.#open(row)));
  }

  /** A page of a search inside this transaction, so that it sees the writes before it. */
  async searchPage(type: string | null, query: string, options: SearchOptions): Promise<Result<SearchPage>> {
    this.#flush();
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
    this.#flush();
    return this.#talk.search('own', (run) =>
      matchesForConditional(run, this.access, this.#deps, type, query),
    );
  }

  // An engine's own rules (parties of a loop, signers of an agreement) have decided who may: the table of kinds does not
  // decide again, and the row may lie beyond the actor's sight.
  #byEngine(options: WriteOptions): boolean {
    return this.#via === 'command' && options.engine !== undefined;
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
    this.#flush();
    this.#talk.write(null, (run) => run.run(fragment));
  }

  /** Sends a question whose answer may end the transaction by throwing: before anything else is answered. */
  expect<T>(fragment: Fragment, judge: (rows: T[]) => void): void {
    this.#talk.expect(fragment, judge);
  }

  /** The statement that goes out last, together with the audit. */
  endWith(fragment: Fragment): void {
    this.#last = fragment;
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
    this.#entries.push({
      action,
      patient: entity.patient ?? null,
      ...(entity.type && entity.id ? { entity: { type: entity.type, id: entity.id } } : {}),
      ...(entity.text ? { text: entity.text } : {}),
    });
  }

  /** Sends what is queued and waits for it. */
  async flush(): Promise<void> {
    this.#flush();
    await this.#talk.settle();
  }

  #ask<T>(reach: Reach, question: (run: Sql) => Promise<T>): Promise<T> {
    this.#flush();
    return this.#talk.ask(reach, question);
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const batch = this.#pending;
    this.#pending = [];
    this.#pendingKeys.clear();
    const writes = batch.map(({ write }) => write);
    const numbersOwn = this.#via === 'import' && writes.length >= MANY;
    const context = {
      tx: this.#id,
      firstOrd: this.#ord,
      commandId: this.commandId,
      recordedAt: this.recordedAt,
      numbersOwn,
      gathered: this.#gathered,
      blind: this.#deps.blind,
    };
    if (this.#gathered) this.#gathered = new IndexCopies(this.#deps.blind);
    if (numbersOwn) this.#unnumbered.push({ writes, context });
    const reach = writes.some(({ row }) => row.engine !== null) ? 'all' : 'own';
    this.#talk.write(reach, (run) => flushWrites(run, writes, context).catch(idTaken));
    this.#ord += batch.length;
    const written = batch.map(({ write, resource }) => ({ row: write.row, before: write.before, resource }));
    this.#talk.write(null, (run) => this.#deps.afterWrite(run, written, this.access));
  }

  /** Sends the rest and the audit; the caller commits. */
  async finish(): Promise<void> {
    this.#flush();
    const rows = this.#auditRows();
    if (this.#unnumbered.length > 0) return this.#finishNumbered(rows);
    const audit = rows.length > 0 ? insertAudit(rows) : null;
    const last = audit && this.#last ? sql`with audited as (${audit}) ${this.#last}` : (audit ?? this.#last);
    if (last) this.#talk.write(null, (run) => run.run(last));
    await this.#talk.settle();
  }

  // Everything else is written by now: the sequencer's row is held for as little as can be.
  async #finishNumbered(audits: readonly AuditRow[]): Promise<void> {
    const held = await this.#ask('all', holdNumbers);
    let numbered = 0;
    for (const { writes, context } of this.#unnumbered) {
      const behind = { ...held, change_seq: held.change_seq + numbered };
      this.#talk.write('all', async (run) => {
        if (held.waiting) await changeCopy(run, writes, context);
        else await numberChanges(run, writes, context, behind);
      });
      if (!held.waiting) numbered += writes.length;
    }
    this.#talk.write(null, (run) => chainAndRelease(run, audits, numbered, held));
    await this.#talk.settle();
  }

  get wrote(): boolean {
    return this.#ord > 0 || this.#pending.length > 0 || this.#entries.length > 0;
  }

  // An import writes thousands of resources: one audit row for each patient of a batch says as much as one for each.
  #auditRows(): AuditRow[] {
    if (this.#via !== 'import') {
      return this.#entries.map((entry) => auditRow(this.access, this.recordedAt, entry, this.commandId));
    }
    const counts = new Map<Uuid | null, number>();
    for (const entry of this.#entries) counts.set(entry.patient, (counts.get(entry.patient) ?? 0) + 1);
    return [...counts].map(([patient, count]) =>
      auditRow(this.access, this.recordedAt, { action: 'import', patient, text: `${count} resources` }),
    );
  }

  async #write(
    op: 'create' | 'update',
    resource: Resource,
    id: string,
    version: number,
    before: StoredRow | null,
    options: WriteOptions,
  ): Promise<StoredRow> {
    const type = resource.resourceType;
    this.#refuseEngineOwned(type, before?.engine ?? null);
    refuseSubsetted(resource);
    if (this.#via !== 'command') this.#refuseEngineTag(resource);
    // An id that came along is checked too, also where a new one takes its place.
    const named = resource.id === id ? resource : sameNumbers(resource, { ...resource, id });
    const now = this.recordedAt;
    const issues = validate(resource.id === undefined ? named : resource, { profiles: true, now });
    if (issues.some((issue) => issue.severity === 'error')) throw new InvalidResourceError(issues);
    if (this.#via === 'command' && this.#deps.checkReferences) await this.#refuseBrokenReferences(resource);

    const { base, source } = options;
    const known = base !== undefined && source?.text.includes(base) ? withOwnReferences(named, base) : named;
    const keeper = before ? before.org : ownsRows(this.access) ? this.access.actor.org : null;
    const labels: Labels = {
      ...this.#deps.labelsOf(known, { org: keeper }),
      ...options.labels,
    };
    if (!this.#byEngine(options)) {
      const isProven = before !== null && this.#changeable.has(before.id);
      if (before && !before.deleted && !isProven) this.#refuseUnwritable('update', type, before);
      // What keeps its labels keeps the relationship that was found; with others it is another row to this actor.
      if (!(isProven && sameLabels(before, labels)))
        this.#refuseUnwritable(before && !before.deleted ? 'update' : 'create', type, labels);
    }

    const stamp = { id, versionId: String(version), lastUpdated: this.recordedAt.toISOString() };
    const stamped = stampedText(resource, options.source ?? null, stamp);
    if (before?.content && stamped.includes('*')) this.#refuseMaskedBack(stamped, before.content);
    const content = this.#deps.closeFields(await moveBlobOut(resource, stamped, this.#deps.blobs), resource);
    refuseNationalId(type, id, options.engine ?? before?.engine ?? null, content);
    const row: StoredRow = {
      ...labels,
      id: rowKey(type, id),
      type,
      fhirId: id,
      version,
      updatedAt: this.recordedAt,
      deleted: false,
      engine: options.engine ?? before?.engine ?? null,
      content,
    };
    if (this.#pendingKeys.has(row.id)) this.#flush();
    const entry = this.#deps.entries.next();
    const index = extractIndexRows(known);
    this.#gathered?.add(row.id, entry, index);
    const kept = this.#gathered ? null : index;
    this.#queue({ op: before ? 'update' : op, row, before, entry, index: kept }, resource);
    return row;
  }

  /** The mark of a masked answer may have been taken off: its values are known by the row that they would overwrite. */
  #refuseMaskedBack(text: string, stored: string): void {
    const [masked, clear] = [this.#deps.openFields(stored, false), this.#deps.openFields(stored, true)];
    if (bringsMaskBack(text, masked, clear)) throw maskedBack();
  }

  #queue(write: PendingWrite, resource: Resource | null): void {
    this.#locked.delete(write.row.id);
    this.#pending.push({ write, resource });
    this.#pendingKeys.add(write.row.id);
    const { type, fhirId, version, patient } = write.row;
    this.#entries.push({ action: write.op, patient, entity: { type, id: fhirId, version } });
  }

  async #open(row: StoredRow): Promise<Found> {
    const clear = this.#deps.openFields(row.content!, this.access.showsClear(row));
    const text = await moveBlobIn(row.type, clear, this.#deps.blobs);
    return { row, resource: JSON.parse(text) as Resource, text };
  }

  async #refuseBrokenReferences(resource: Resource): Promise<void> {
    const wanted = referencesOf(resource).filter((reference) => reference.targetType && reference.targetId);
    if (wanted.length === 0) return;
    const keys = wanted.map((reference) => rowKey(reference.targetType!, reference.targetId!));
    const { rows } = await this.#ask('all', (run) =>
      run.run<{ id: string }>(
        sql`select r.id from resource r where r.id = any(${keys}::uuid[]) and not r.deleted`,
      ),
    );
    const there = new Set(rows.map((row) => row.id));
    const broken = wanted.find((_, index) => !there.has(keys[index]!));
    if (broken) {
      throw no(
        'reference-broken',
        broken.at,
        '引用的对象不存在',
        'the referenced resource does not exist',
        'R9',
      );
    }
  }

  #refuseEngineOwned(type: string, engine: string | null): void {
    if (this.#via === 'command') return;
    const owner = engine ?? PRODUCED_TYPES.get(type);
    if (!owner) return;
    const { zh, en } = commandWords(owner);
    throw no('engine-owned', type, `此 ${type} ${zh}`, `this ${type} ${en}`, 'R12');
  }

  #refuseEngineTag(resource: Resource): void {
    const tag = resource.meta?.tag?.find((coding) => coding.system === ENGINE_TAG_SYSTEM);
    if (tag) this.#refuseEngineOwned(resource.resourceType, tag.code ?? 'unknown');
  }

  #refuseUnwritable(op: 'create' | 'update' | 'delete', type: string, labels: Labels): void {
    const refusal = this.access.writable(op, type, labels);
    if (refusal) throw new RefusalError(refusal);
  }
}

const sameLabels = (one: Labels, other: Labels): boolean =>
  one.kind === other.kind &&
  one.org === other.org &&
  one.patient === other.patient &&
  one.locks.join() === other.locks.join();

/**
 * Ids and the state of loops and registers lie in clear, so a national ID number has no place there: the resident is
 * referred to instead. The answers of a form are closed one by one.
 */
function refuseNationalId(type: string, id: string, engine: string | null, content: string): void {
  const inState = (engine === 'loop' || engine === 'register') && holdsNationalId(content);
  if (!inState && !holdsNationalId(id)) return;
  throw no(
    'national-id-in-clear',
    inState ? type : `${type}.id`,
    '此处不能写身份证号，请改为选择居民',
    'a national ID number cannot stand here; refer to the resident instead',
    'A14',
  );
}

// The system belongs to no organisation: what it writes without one belongs to the consortium as a whole.
function ownsRows(access: Access): boolean {
  return access.actor.role !== 'system';
}

/** The id belongs to a row that the writer does not see, or that another writer made a moment ago. */
function idTaken(error: unknown): never {
  if ((error as { code?: string }).code !== '23505') throw error;
  throw no('conflict', 'id', '此编号已被占用', 'the id is taken', 'R8');
}

function refuseSubsetted(resource: Resource): void {
  const masked = resource.meta?.security?.some((coding) => coding.code === 'SUBSETTED');
  if (masked || resource.meta?.tag?.some((coding) => coding.code === 'SUBSETTED')) throw maskedBack();
}

const maskedBack = (): RefusalError =>
  no(
    'subsetted-write',
    'meta.security',
    '这是脱敏或节选后的内容，不能写回',
    'a masked or partial answer cannot be written back',
    'R11',
  );

function stale(wanted: number, current: number): RefusalError {
  return no(
    'version-conflict',
    'If-Match',
    `版本已变：给出的是 ${wanted}，当前是 ${current}`,
    `the version has moved on: given ${wanted}, current ${current}`,
    'R8',
  );
}

function no(code: string, at: string, zh: string, en: string, rule: string): RefusalError {
  return new RefusalError({ code, at, rule, detail: { zh, en } });
}
