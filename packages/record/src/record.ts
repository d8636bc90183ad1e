// The record as one object: everything that reads or writes it goes through here, with an Access in hand.
import { assert, type Clock, must, type Uuid } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';
import { runSearch, type SearchOptions, type SearchPage } from './search/run-search.ts';
import { AuditBuffer, ChainEnd } from './store/audit-buffer.ts';
import type { BlobStore } from './store/blobs.ts';
import { type CommandRunner, openCommands } from './store/commands.ts';
import { type FileHead, fileHead } from './store/content.ts';
import type { StoreDeps, Via } from './store/deps.ts';
import { EntryNumbers } from './store/entries.ts';
import { type ExportOrder, exportRows, exportTypes } from './store/export.ts';
import { type ChangePage, readChanges } from './store/feed.ts';
import { contentFor, readFile } from './store/files.ts';
import { type HistoryPage, historyPage } from './store/history-page.ts';
import { type Importer, openImporter } from './store/importer.ts';
import { auditRead, readCurrent, readVersion } from './store/read.ts';
import { readableAmong } from './store/readable-among.ts';
import { runTransaction } from './store/run-transaction.ts';
import { openSequencer, type Sequencer } from './store/sequencer.ts';
import type { Transaction } from './store/transaction.ts';
import type { Access, CommandHandler, StoredRow } from './types.ts';

export interface RecordOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly blobs: BlobStore;
  readonly handlers: readonly CommandHandler[];
  readonly protection: Pick<
    StoreDeps,
    'labelsOf' | 'closeFields' | 'openFields' | 'blind' | 'projects' | 'afterWrite' | 'systemAccess'
  >;
  readonly checkReferences?: boolean;
  /** A fault with the kind of work it stopped; the message carries no personal data. */
  readonly onFault: (error: Error, work: string) => void;
}

export interface Record {
  readonly clock: Clock;
  readonly commands: CommandRunner;
  readonly sequencer: Sequencer;
  readonly blobs: BlobStore;
  systemAccess(): Access;
  read(access: Access, type: string, id: string): Promise<StoredRow | null>;
  readVersion(access: Access, type: string, id: string, version: number): Promise<StoredRow | null>;
  /** Which of these the reader may see, to be counted; to show them they are read. */
  readableAmong(access: Access, type: string, ids: readonly string[]): Promise<Set<string>>;
  /** A Binary for a reader who may have its bytes, with where they lie; of the current version or the one named. */
  file(
    access: Access,
    id: string,
    version: number | null,
  ): Promise<{ row: StoredRow; head: FileHead } | null>;
  history(
    access: Access,
    type: string | null,
    id: string | null,
    params: URLSearchParams,
  ): Promise<HistoryPage>;
  search(
    access: Access,
    type: string | null,
    query: string,
    options?: SearchOptions & { tx?: Transaction | null },
  ): Promise<SearchPage>;
  /** `bytesMax`: files that are longer come without their bytes, marked SUBSETTED. */
  contentFor(access: Access, row: StoredRow, bytesMax?: number): Promise<string>;
  changes(access: Access, since: number, limit: number): Promise<ChangePage>;
  /** The last number of the feed. */
  feedHead(): Promise<number>;
  export(access: Access, order: ExportOrder): AsyncGenerator<StoredRow[]>;
  /** The types that the export would hold. */
  exportTypes(access: Access, order: ExportOrder): Promise<string[]>;
  importer(access: Access, options: { readonly via: 'import' | 'command' }): Importer;
  transaction<T>(
    access: Access,
    options: { readonly via: Via; readonly commandId?: Uuid },
    body: (tx: Transaction) => Promise<T>,
  ): Promise<T>;
  /** Ends the sequencer and writes the audit that still waits; the database is closed by who opened it. */
  close(): Promise<void>;
}

export function openRecord(options: RecordOptions): Record {
  const { database, clock, blobs, protection, onFault } = options;
  const chainEnd = new ChainEnd();
  const sequencer = openSequencer(database, chainEnd, (error) => onFault(error, 'sequencer'));
  const auditBuffer = new AuditBuffer(database, chainEnd, () => sequencer.wake());
  const deps: StoreDeps = {
    ...protection,
    database,
    clock,
    blobs,
    auditBuffer,
    entries: new EntryNumbers(database),
    committed: () => sequencer.wake(),
    checkReferences: options.checkReferences ?? true,
  };
  let closed = false;
  const open = () => assert(!closed, 'the record has been closed');

  return {
    clock,
    blobs,
    sequencer,
    commands: openCommands(deps, options.handlers, onFault),
    systemAccess: () => protection.systemAccess(clock.now()),
    read: (access, type, id) => readCurrent(deps, access, type, id),
    readableAmong: (access, type, ids) => readableAmong(deps, access, type, ids),
    readVersion: (access, type, id, version) => readVersion(deps, access, type, id, version),
    async file(access, id, version) {
      const row = await readFile(deps, access, id, version);
      return row && { row, head: fileHead(row.content ?? '{}') };
    },
    history: (access, type, id, params) => historyPage(deps, access, type, id, params),
    async search(access, type, query, searchOptions = {}) {
      const { tx, ...rest } = searchOptions;
      if (tx) await tx.flush();
      const page = must(
        await (tx ? tx.searchPage(type, query, rest) : runSearch(deps, access, type, query, rest)),
      );
      await auditRead(deps, access, 'search', [...page.matches, ...page.includes]);
      return page;
    },
    contentFor: (access, row, bytesMax) => contentFor(deps, access, row, bytesMax),
    changes: (access, since, limit) => readChanges(deps, access, since, limit),
    async feedHead() {
      const { rows } = await database.run<{ change_seq: number }>(sql`select change_seq from sequencer`);
      return rows[0]?.change_seq ?? 0;
    },
    export: (access, order) => exportRows(deps, access, order),
    exportTypes: (access, order) => exportTypes(deps, access, order),
    importer: (access, importOptions) => openImporter(deps, access, importOptions),
    transaction(access, transactionOptions, body) {
      open();
      return runTransaction(deps, access, transactionOptions, body);
    },
    async close() {
      closed = true;
      await auditBuffer.settle();
      await sequencer.stop();
      await sequencer.settle();
    },
  };
}
