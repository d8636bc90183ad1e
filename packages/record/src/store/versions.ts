// The next version of a resource: whether its writer may make it, what it is labelled and the text that is stored.
import {
  extractIndexRows,
  referencesOf,
  rowKey,
  sameNumbers,
  validate,
  withOwnReferences,
} from '@yimai/fhir';
import { RefusalError } from '@yimai/kit';
import { type Fragment, raw, sql } from '@yimai/postgres';
import { bringsMaskBack } from '../access/mask.ts';
import type { Access, Labels, Resource, StoredRow } from '../types.ts';
import { moveBlobOut, type SourceText, stampedText } from './content.ts';
import type { Conversation } from './conversation.ts';
import type { StoreDeps } from './deps.ts';
import { InvalidResourceError } from './invalid.ts';
import type { Occasion, Outgoing } from './outgoing.ts';
import {
  maskedBack,
  referenceBroken,
  refuseEngineOwned,
  refuseEngineTag,
  refuseNationalId,
  refuseSubsetted,
} from './refusals.ts';
import { type RawRow, toStoredRow } from './rows.ts';

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

/** A row, with whether a relationship that only the database knows lets the actor change it. */
export interface WritableRow extends RawRow {
  readonly changeable?: boolean;
}

export class Versions {
  readonly #deps: StoreDeps;
  readonly #talk: Conversation;
  readonly #occasion: Occasion;
  readonly #outgoing: Outgoing;
  /** Rows read for writing that the database itself has found changeable for the actor. */
  readonly #changeable = new Set<string>();

  constructor(deps: StoreDeps, talk: Conversation, occasion: Occasion, outgoing: Outgoing) {
    this.#deps = deps;
    this.#talk = talk;
    this.#occasion = occasion;
    this.#outgoing = outgoing;
  }

  // A token's scopes tell updating from deleting, which the predicate does not.
  asksChangeable(): Fragment {
    const { access } = this.#occasion;
    if (!access.changeable || access.actor.scopes !== null) return raw('');
    return sql`, (${access.changeable('r')}) as changeable`;
  }

  noteChangeable(row: WritableRow): StoredRow {
    if (row.changeable) this.#changeable.add(row.id);
    else this.#changeable.delete(row.id);
    return toStoredRow(row);
  }

  // An engine's own rules (parties of a loop, signers of an agreement) have decided who may: the table of kinds does not
  // decide again, and the row may lie beyond the actor's sight.
  byEngine(options: WriteOptions): boolean {
    return this.#occasion.via === 'command' && options.engine !== undefined;
  }

  /** `before` is the version that this one replaces; null for the first. */
  async next(
    resource: Resource,
    id: string,
    before: StoredRow | null,
    options: WriteOptions,
  ): Promise<StoredRow> {
    const { access, via, recordedAt } = this.#occasion;
    const type = resource.resourceType;
    refuseEngineOwned(via, type, before?.engine ?? null);
    refuseSubsetted(resource);
    if (via !== 'command') refuseEngineTag(via, resource);
    // An id that came along is checked too, also where a new one takes its place.
    const named = resource.id === id ? resource : sameNumbers(resource, { ...resource, id });
    const issues = validate(resource.id === undefined ? named : resource, {
      profiles: true,
      now: recordedAt,
    });
    if (issues.some((issue) => issue.severity === 'error')) throw new InvalidResourceError(issues);
    if (via === 'command' && this.#deps.checkReferences) await this.#refuseBrokenReferences(resource, before);

    const { base, source = null } = options;
    const known = base !== undefined && source?.text.includes(base) ? withOwnReferences(named, base) : named;
    const keeper = before ? before.org : ownsRows(access) ? access.actor.org : null;
    const labels: Labels = { ...this.#deps.labelsOf(known, { org: keeper }), ...options.labels };
    if (!this.byEngine(options)) this.#refuseUnlessWritable(type, before, labels);

    const version = (before?.version ?? 0) + 1;
    const stamp = { id, versionId: String(version), lastUpdated: recordedAt.toISOString() };
    const stamped = stampedText(resource, source, stamp);
    if (before?.content && stamped.includes('*')) this.#refuseMaskedBack(stamped, before.content);
    const content = this.#deps.closeFields(await moveBlobOut(resource, stamped, this.#deps.blobs), resource);
    const engine = options.engine ?? before?.engine ?? null;
    refuseNationalId(type, id, engine, content);
    const row: StoredRow = {
      ...labels,
      id: rowKey(type, id),
      type,
      fhirId: id,
      version,
      updatedAt: recordedAt,
      deleted: false,
      engine,
      content,
    };
    const index = extractIndexRows(known);
    this.#outgoing.add({ op: before ? 'update' : 'create', row, before, index }, resource);
    return row;
  }

  /** A last version that says only that there is nothing any more. */
  end(before: StoredRow): StoredRow {
    const { via, recordedAt } = this.#occasion;
    refuseEngineOwned(via, before.type, before.engine);
    if (!this.#changeable.has(before.id)) this.#refuseUnwritable('delete', before.type, before);
    const row: StoredRow = {
      ...before,
      version: before.version + 1,
      updatedAt: recordedAt,
      deleted: true,
      content: null,
    };
    this.#outgoing.add({ op: 'delete', row, before, index: null }, null);
    return row;
  }

  #refuseUnlessWritable(type: string, before: StoredRow | null, labels: Labels): void {
    const isProven = before !== null && this.#changeable.has(before.id);
    if (before && !before.deleted && !isProven) this.#refuseUnwritable('update', type, before);
    // What keeps its labels keeps the relationship that was found; with others it is another row to this actor.
    if (!(isProven && sameLabels(before, labels)))
      this.#refuseUnwritable(before && !before.deleted ? 'update' : 'create', type, labels);
  }

  #refuseUnwritable(op: 'create' | 'update' | 'delete', type: string, labels: Labels): void {
    const refusal = this.#occasion.access.writable(op, type, labels);
    if (refusal) throw new RefusalError(refusal);
  }

  /** The mark of a masked answer may have been taken off: its values are known by the row that they would overwrite. */
  #refuseMaskedBack(text: string, stored: string): void {
    const [masked, clear] = [this.#deps.openFields(stored, false), this.#deps.openFields(stored, true)];
    if (bringsMaskBack(text, masked, clear)) throw maskedBack();
  }

  async #refuseBrokenReferences(resource: Resource, before: StoredRow | null): Promise<void> {
    const wanted = referencesOf(resource).filter(
      ({ targetType, targetId, reference }) => targetType && targetId && !refersAlready(before, reference),
    );
    if (wanted.length === 0) return;
    const keys = wanted.map((reference) => rowKey(reference.targetType!, reference.targetId!));
    // What this transaction writes itself may be what is referred to.
    this.#outgoing.send();
    const { rows } = await this.#talk.ask('all', (run) =>
      run.run<{ id: string }>(
        sql`select r.id from resource r where r.id = any(${keys}::uuid[]) and not r.deleted`,
      ),
    );
    const there = new Set(rows.map((row) => row.id));
    const broken = wanted.find((_, index) => !there.has(keys[index]!));
    if (broken) throw referenceBroken(broken.at);
  }
}

/** A version that an engine wrote was checked itself: what it referred to was there. */
const refersAlready = (before: StoredRow | null, reference: string): boolean =>
  before?.engine != null && before.content?.includes(`"reference":${JSON.stringify(reference)}`) === true;

const sameLabels = (one: Labels, other: Labels): boolean =>
  one.kind === other.kind &&
  one.org === other.org &&
  one.patient === other.patient &&
  one.locks.join() === other.locks.join();

// The system belongs to no organisation: what it writes without one belongs to the consortium as a whole.
function ownsRows(access: Access): boolean {
  return access.actor.role !== 'system';
}
