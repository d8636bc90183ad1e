// What a transaction is about to write: versions gather here, with their audit, until a question or the end sends them.
import { type Uuid, uuidv7 } from '@yimai/kit';
import { type Fragment, sql } from '@yimai/postgres';
import type { Access, Resource } from '../types.ts';
import { auditRow } from './audit.ts';
import { type AuditRow, insertAudit } from './audit-buffer.ts';
import type { Conversation } from './conversation.ts';
import type { AuditEntry, StoreDeps, Via } from './deps.ts';
import { type FlushContext, flushMany, flushWrites, MANY, type PendingWrite } from './flush.ts';
import { Gathered } from './gathered.ts';
import { chainAndRelease, holdNumbers, leaveChanges, numberChanges } from './numbering.ts';
import { idTaken } from './refusals.ts';

/** Who writes, how and when: the same throughout a transaction. */
export interface Occasion {
  readonly access: Access;
  readonly via: Via;
  readonly recordedAt: Date;
  readonly commandId: Uuid | null;
}

type Written = Parameters<StoreDeps['afterWrite']>[1][number];

export class Outgoing {
  readonly #deps: StoreDeps;
  readonly #talk: Conversation;
  readonly #occasion: Occasion;
  readonly #id = uuidv7();
  readonly #audits: Audits;
  #pending: PendingWrite[] = [];
  #written: Written[] = [];
  readonly #pendingKeys = new Set<string>();
  #ord = 0;
  #last: Fragment | null = null;
  /** Takes the place of `#pending` where many come. */
  #gathered: Gathered | null = null;
  /** Versions whose change rows go out at the end, with their numbers. */
  readonly #unnumbered: { readonly versions: Gathered; readonly context: FlushContext }[] = [];

  constructor(deps: StoreDeps, talk: Conversation, occasion: Occasion) {
    this.#deps = deps;
    this.#talk = talk;
    this.#occasion = occasion;
    this.#audits = new Audits(occasion);
  }

  get wrote(): boolean {
    return this.#ord > 0 || this.#pendingKeys.size > 0 || !this.#audits.isEmpty;
  }

  /** So many will come, of so many letters, that they are not kept as objects. */
  expectMany(count: number, letters: number): void {
    this.#gathered = new Gathered(this.#deps.blind, count, letters);
  }

  /** A new version with its index rows; null for a deletion: nothing stays findable. */
  add(write: Omit<PendingWrite, 'entry'>, resource: Resource | null): void {
    const { row, before, op } = write;
    const { id, type, fhirId, version, patient } = row;
    if (this.#pendingKeys.has(id)) this.send();
    this.#pendingKeys.add(id);
    const numbered = { ...write, entry: this.#deps.entries.next() };
    if (this.#gathered) this.#gathered.add(numbered, write.index);
    else this.#pending.push(numbered);
    if (this.#deps.projects(type)) {
      const kept = this.#gathered ? { ...row, content: null } : row;
      this.#written.push({ row: kept, before, resource });
    }
    this.audit({ action: op, patient, entity: { type, id: fhirId, version } });
  }

  audit(entry: AuditEntry): void {
    this.#audits.add(entry);
  }

  /** The statement that goes out last, together with the audit. */
  endWith(fragment: Fragment): void {
    this.#last = fragment;
  }

  /** Sends what has gathered, without waiting for its answers. */
  send(): void {
    const { access, via, recordedAt, commandId } = this.#occasion;
    const count = this.#pendingKeys.size;
    if (count === 0) return;
    const context = {
      tx: this.#id,
      firstOrd: this.#ord,
      commandId,
      recordedAt,
      numbersOwn: via === 'import' && this.#gathered !== null && count >= MANY,
      blind: this.#deps.blind,
    };
    this.#ord += count;
    this.#pendingKeys.clear();
    if (this.#gathered) this.#sendMany(this.#gathered, context);
    else this.#sendFew(context);
    const written = this.#written;
    this.#written = [];
    if (written.length > 0) this.#talk.write(null, (run) => this.#deps.afterWrite(run, written, access));
  }

  #sendMany(versions: Gathered, context: FlushContext): void {
    this.expectMany(0, 0);
    if (context.numbersOwn) this.#unnumbered.push({ versions, context });
    this.#talk.write(versions.hasEngines ? 'all' : 'own', (run) =>
      flushMany(run, versions, context).catch(idTaken),
    );
  }

  #sendFew(context: FlushContext): void {
    const writes = this.#pending;
    this.#pending = [];
    const reach = writes.some(({ row }) => row.engine !== null) ? 'all' : 'own';
    this.#talk.write(reach, (run) => flushWrites(run, writes, context).catch(idTaken));
  }

  /** Sends the rest and the audit; the caller commits. */
  async finish(): Promise<void> {
    this.send();
    const rows = this.#audits.rows();
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
    for (const { versions, context } of this.#unnumbered) {
      const behind = { ...held, change_seq: held.change_seq + numbered };
      const { columns, count } = versions;
      this.#talk.write('all', (run) =>
        held.waiting ? leaveChanges(run, columns, context) : numberChanges(run, columns, context, behind),
      );
      if (!held.waiting) numbered += count;
    }
    this.#talk.write(null, (run) => chainAndRelease(run, audits, numbered, held));
    await this.#talk.settle();
  }
}

/** What the audit is told at the end: each entry, or of an import how many for each patient. */
class Audits {
  readonly #occasion: Occasion;
  readonly #entries: AuditEntry[] = [];
  readonly #counts = new Map<Uuid | null, number>();

  constructor(occasion: Occasion) {
    this.#occasion = occasion;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.#counts.size === 0;
  }

  add(entry: AuditEntry): void {
    if (this.#occasion.via !== 'import') this.#entries.push(entry);
    else this.#counts.set(entry.patient, (this.#counts.get(entry.patient) ?? 0) + 1);
  }

  // An import writes thousands of resources: one audit row for each patient of a batch says as much as one for each.
  rows(): AuditRow[] {
    const { access, via, recordedAt, commandId } = this.#occasion;
    if (via !== 'import') return this.#entries.map((entry) => auditRow(access, recordedAt, entry, commandId));
    return [...this.#counts].map(([patient, count]) =>
      auditRow(access, recordedAt, { action: 'import', patient, text: `${count} resources` }),
    );
  }
}
