// Gathers the audit rows of concurrent readers into one insert: an answer waits until its own row is on disk, but
// sixteen readers share one sync.
import type { Uuid } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';

export interface AuditRow {
  readonly id: Uuid;
  readonly at: Date;
  readonly person: Uuid | null;
  readonly org: Uuid | null;
  readonly patient: Uuid | null;
  readonly action: string;
  /** Canonical JSON: what the hash chain covers. */
  readonly body: string;
}

/** Nobody waits for the chain of what was read: it is told of new rows this often at most. */
const TELL_MS = 100;

export class AuditBuffer {
  readonly #database: Database;
  readonly #flushed: () => void;
  #telling: NodeJS.Timeout | null = null;
  #waiting: { row: AuditRow; resolve: () => void; reject: (error: Error) => void }[] = [];
  #running: Promise<void> | null = null;

  constructor(database: Database, flushed: () => void) {
    this.#database = database;
    this.#flushed = flushed;
  }

  /** Resolves once the row is committed. */
  add(row: AuditRow): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Resolves when everything added so far is on disk. */
  async settle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, 1000);
      try {
        await this.#database.run(insertAudit(batch.map((entry) => entry.row)));
        for (const entry of batch) entry.resolve();
        this.#tell();
      } catch (error) {
        for (const entry of batch) entry.reject(error as Error);
      }
    }
    this.#running = null;
  }

  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = null;
      this.#flushed();
    }, TELL_MS).unref();
  }
}

/** One insert for any number of audit rows. */
export function insertAudit(rows: readonly AuditRow[]) {
  return sql`insert into audit_pending (id, at, person, org, patient, action, body)
    select * from unnest(
      ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.at)}::timestamptz[],
      ${rows.map((row) => row.person)}::uuid[], ${rows.map((row) => row.org)}::uuid[],
      ${rows.map((row) => row.patient)}::uuid[], ${rows.map((row) => row.action)}::text[],
      ${rows.map((row) => row.body)}::text[])`;
}
