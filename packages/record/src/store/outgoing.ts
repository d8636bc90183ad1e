// What a transaction is about to write: versions gather here, with their audit, until a question or the end sends them.
import type { IndexRows } from '@yimai/fhir';
import { type Uuid, uuidv7 } from '@yimai/kit';
import { type Fragment, sql } from '@yimai/postgres';
import type { Access, Resource } from '../types.ts';
import { auditRow } from './audit.ts';
import { type AuditRow, insertAudit } from './audit-buffer.ts';
import type { Conversation } from './conversation.ts';
import { changeCopy, IndexCopies } from './copies.ts';
import type { AuditEntry, StoreDeps, Via } from './deps.ts';
import { type FlushContext, flushWrites, MANY, type PendingWrite } from './flush.ts';
import { chainAndRelease, holdNumbers, numberChanges } from './numbering.ts';
import { idTaken } from './refusals.ts';

/** Who writes, how and when: the same throughout a transaction. */
export interface Occasion {
  readonly access: Access;
  readonly via: Via;
  readonly recordedAt: Date;
  readonly commandId: Uuid | null;
}

export class Outgoing {
  readonly #deps: StoreDeps;
  readonly #talk: Conversation;
  readonly #occasion: Occasion;
  readonly #id = uuidv7();
  readonly #entries: AuditEntry[] = [];
  #pending: { write: PendingWrite; resource: Resource | null }[] = [];
  readonly #pendingKeys = new Set<string>();
  #ord = 0;
  #last: Fragment | null = null;
  /** Index rows of a large batch, written down as they come. */
  #gathered: IndexCopies | null = null;
  /** Writes whose change rows go out at the end, with their numbers. */
  readonly #unnumbered: { readonly writes: readonly PendingWrite[]; readonly context: FlushContext }[] = [];

  constructor(deps: StoreDeps, talk: Conversation, occasion: Occasion) {
    this.#deps = deps;
    this.#talk = talk;
    this.#occasion = occasion;
  }

  get wrote(): boolean {
    return this.#ord > 0 || this.#pending.length > 0 || this.#entries.length > 0;
  }

  /** So many will come that their index rows are not kept as objects. */
  expectMany(): void {
    this.#gathered = new IndexCopies(this.#deps.blind);
  }

  /** A new version with its index rows; null for a deletion: nothing stays findable. */
  add(write: Omit<PendingWrite, 'entry'>, resource: Resource | null): void {
    const { id, type, fhirId, version, patient } = write.row;
    if (this.#pendingKeys.has(id)) this.send();
    const entry = this.#deps.entries.next();
    this.#pending.push({ write: { ...write, entry, index: this.#keep(id, entry, write.index) }, resource });
    this.#pendingKeys.add(id);
    this.audit({ action: write.op, patient, entity: { type, id: fhirId, version } });
  }

  #keep(id: Uuid, entry: number, index: IndexRows | null): IndexRows | null {
    if (!this.#gathered) return index;
    if (index) this.#gathered.add(id, entry, index);
    return null;
  }

  audit(entry: AuditEntry): void {
    this.#entries.push(entry);
  }

  /** The statement that goes out last, together with the audit. */
  endWith(fragment: Fragment): void {
    this.#last = fragment;
  }

  /** Sends what has gathered, without waiting for its answers. */
  send(): void {
    if (this.#pending.length === 0) return;
    const batch = this.#pending;
    this.#pending = [];
    this.#pendingKeys.clear();
    const writes = batch.map(({ write }) => write);
    const { access, via, recordedAt, commandId } = this.#occasion;
    const numbersOwn = via === 'import' && writes.length >= MANY;
    const context = {
      tx: this.#id,
      firstOrd: this.#ord,
      commandId,
      recordedAt,
      numbersOwn,
      gathered: this.#gathered,
      blind: this.#deps.blind,
    };
    if (this.#gathered) this.expectMany();
    if (numbersOwn) this.#unnumbered.push({ writes, context });
    const reach = writes.some(({ row }) => row.engine !== null) ? 'all' : 'own';
    this.#talk.write(reach, (run) => flushWrites(run, writes, context).catch(idTaken));
    this.#ord += batch.length;
    const written = batch.map(({ write, resource }) => ({ row: write.row, before: write.before, resource }));
    this.#talk.write(null, (run) => this.#deps.afterWrite(run, written, access));
  }

  /** Sends the rest and the audit; the caller commits. */
  async finish(): Promise<void> {
    this.send();
    const rows = this.#auditRows();
    if (this.#unnumbered.length > 0) return this.#finishNumbered(rows);
    const audit = rows.length > 0 ? insertAudit(rows) : null;
    const last = audit && this.#last ? sql`with audited as (${audit}) ${this.#last}` : (audit ?? this.#last);
    if (last) this.#talk.write(null, (run) => run.run(last));
    await this.#talk.settle();
  }

  // Everything else is written by now: the sequencer's row is held for as little as can be.
  async #finishNumbered(audits: readonly AuditRow[]): Promise<void> {
    const held = await this.#talk.ask('all', holdNumbers);
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

  // An import writes thousands of resources: one audit row for each patient of a batch says as much as one for each.
  #auditRows(): AuditRow[] {
    const { access, via, recordedAt, commandId } = this.#occasion;
    if (via !== 'import') return this.#entries.map((entry) => auditRow(access, recordedAt, entry, commandId));
    const counts = new Map<Uuid | null, number>();
    for (const entry of this.#entries) counts.set(entry.patient, (counts.get(entry.patient) ?? 0) + 1);
    return [...counts].map(([patient, count]) =>
      auditRow(access, recordedAt, { action: 'import', patient, text: `${count} resources` }),
    );
  }
}
