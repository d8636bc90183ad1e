// What the store is given from outside: the database, the time, and the halves of the room that decide and protect.
import type { Clock, Uuid } from '@yimai/kit';
import type { Database, Sql } from '@yimai/postgres';
import type { Access, Labels, Resource, StoredRow } from '../types.ts';
import type { AuditBuffer } from './audit-buffer.ts';
import type { BlobStore } from './blobs.ts';
import type { EntryNumbers } from './entries.ts';

export interface StoreDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly blobs: BlobStore;
  readonly auditBuffer: AuditBuffer;
  readonly entries: EntryNumbers;
  /** `keeper` owns what names no organisation itself. */
  labelsOf(resource: Resource, keeper?: { readonly org: Uuid | null }): Labels;
  /** Encrypts identifiers that must not lie in clear; `openFields` is its inverse or its mask. */
  closeFields(content: string, resource: Resource): string;
  openFields(content: string, clear: boolean): string;
  /** Blind index of a sensitive token. */
  blind(value: string): string;
  /** Whether `afterWrite` keeps anything of this type. */
  projects(type: string): boolean;
  /** Keeps projections (organisation tree, care relations, consents) in the same transaction. */
  afterWrite(
    sql: Sql,
    writes: readonly {
      readonly row: StoredRow;
      readonly before: StoredRow | null;
      readonly resource: Resource | null;
    }[],
    access: Access,
  ): Promise<void>;
  systemAccess(now: Date): Access;
  /** Tells the sequencer that something was committed. */
  committed(): void;
  /** Whether references of our own commands must point to something that exists (FHIR clients: a setting). */
  readonly checkReferences: boolean;
}

/** Where an act came in: a REST write may not touch what an engine owns. */
export type Via = 'rest' | 'command' | 'import';

export interface AuditEntry {
  readonly action: string;
  readonly patient: Uuid | null;
  readonly entity?: { readonly type: string; readonly id: string; readonly version?: number };
  readonly text?: string;
}
