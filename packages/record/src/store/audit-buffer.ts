// Gathers the audit rows of concurrent readers into one insert: an answer waits until its own row is on disk, but
// sixteen readers share one sync. Where the end of the chain is known they join it at once; where somebody else is just
// extending it, they are left for the sequencer.
import type { Uuid } from '@yimai/kit';
import { type Database, type Fragment, sql } from '@yimai/postgres';
import { chainHash } from '../access/audit-chain.ts';

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

/** The end of the audit's chain as this process saw it last; who extends the chain tells it here. */
export class ChainEnd {
  #seen: { readonly seq: number; readonly hash: Buffer } | null = null;

  get seen(): { readonly seq: number; readonly hash: Buffer } | null {
    return this.#seen;
  }

  tell(seq: number, hash: Buffer): void {
    if (this.#seen === null || seq > this.#seen.seq) this.#seen = { seq, hash };
  }
}

export class AuditBuffer {
  readonly #database: Database;
  readonly #end: ChainEnd;
  readonly #flushed: () => void;
  #telling: NodeJS.Timeout | null = null;
  #waiting: { row: AuditRow; resolve: () => void; reject: (error: Error) => void }[] = [];
  #running: Promise<void> | null = null;

  /** `flushed` is called when rows were left for the sequencer. */
  constructor(database: Database, end: ChainEnd, flushed: () => void) {
    this.#database = database;
    this.#end = end;
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
    // Answers that came in one flight have their rows added in this turn: they are written together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, 1000);
      try {
        await this.#write(batch.map((entry) => entry.row));
        for (const entry of batch) entry.resolve();
      } catch (error) {
        for (const entry of batch) entry.reject(error as Error);
      }
    }
    this.#running = null;
  }

  async #write(rows: readonly AuditRow[]): Promise<void> {
    const end = this.#end.seen;
    if (end === null) {
      await this.#database.run(insertAudit(rows));
      this.#tell();
      return;
    }
    let hash = end.hash;
    const hashes = rows.map((row) => {
      hash = chainHash(hash, row.body);
      return hash;
    });
    const answer = await this.#database.once<{ chained: boolean }>(chainOrLeave(rows, hashes, end.seq));
    if (answer.rows[0]?.chained) this.#end.tell(end.seq + rows.length, hash);
    else this.#tell();
  }

  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = null;
      this.#flushed();
    }, TELL_MS).unref();
  }
}

/** One insert for any number of audit rows. */
export function insertAudit(rows: readonly AuditRow[]): Fragment {
  return sql`insert into audit_pending (id, at, person, org, patient, action, body)
    select * from unnest(${columnsOf(rows)})`;
}

const columnsOf = (rows: readonly AuditRow[]): Fragment => sql`${rows.map((row) => row.id)}::uuid[],
  ${rows.map((row) => row.at)}::timestamptz[], ${rows.map((row) => row.person)}::uuid[],
  ${rows.map((row) => row.org)}::uuid[], ${rows.map((row) => row.patient)}::uuid[],
  ${rows.map((row) => row.action)}::text[], ${rows.map((row) => row.body)}::text[]`;

/** Rows with their hashes behind the row with the given number. */
export function extendChain(rows: readonly AuditRow[], hashes: readonly Buffer[], after: number): Fragment {
  return sql`unnest(${rows.map((_, index) => after + 1 + index)}::bigint[], ${columnsOf(rows)}, ${hashes}::bytea[])`;
}

/**
 * In one statement: behind the end of the chain if it is still the one given and nobody holds it, else into the rows that
 * wait for the sequencer. Either way they are there when it has been committed.
 */
function chainOrLeave(rows: readonly AuditRow[], hashes: readonly Buffer[], after: number): Fragment {
  return sql`with given as materialized (select * from ${extendChain(rows, hashes, after)}
        g(seq, id, at, person, org, patient, action, body, hash)),
    held as (select one from sequencer where one and audit_seq = ${after} for update skip locked),
    moved as (update sequencer s set audit_seq = ${after + rows.length}, audit_hash = ${hashes.at(-1)}
      from held where s.one = held.one and s.audit_seq = ${after} returning s.one),
    chained as (insert into audit (seq, id, at, person, org, patient, action, body, hash)
      select g.seq, g.id, g.at, g.person, g.org, g.patient, g.action, g.body, g.hash from given g
      where exists (select 1 from moved)),
    left_over as (insert into audit_pending (id, at, person, org, patient, action, body)
      select g.id, g.at, g.person, g.org, g.patient, g.action, g.body from given g
      where not exists (select 1 from moved))
    select exists (select 1 from moved) as chained`;
}
