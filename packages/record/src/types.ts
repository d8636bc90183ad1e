// The nouns of the record: who acts, what a stored row carries, what a reader may see.
import type { Resource } from '@yimai/fhir';
import type { Refusal, Text, Uuid } from '@yimai/kit';
import type { Fragment, LocalSettings } from '@yimai/postgres';

/** A FHIR resource as plain JSON; the fhir room checks it before it gets this type. */
export type { Coding, Resource } from '@yimai/fhir';

/** Locked data classes: each needs a right of its own (facts 09 §9.7). */
export const LOCKS = ['hiv', 'mental', 'minor', 'reproductive'] as const;
export type Lock = (typeof LOCKS)[number];

/** What the policy table decides by; computed from the resource when it is written. */
export interface Labels {
  /** Kind of data of the policy table, such as `clinical-note` or `claim`. */
  readonly kind: string;
  readonly locks: readonly Lock[];
  /** Row key of the owning Organization; null: belongs to the consortium as a whole. */
  readonly org: Uuid | null;
  /** Row key of the Patient it is about. */
  readonly patient: Uuid | null;
}

/** A person or client who acts in one role at one organisation. Built by sign-in, never by a route. */
export interface Actor {
  readonly user: Uuid;
  /** A code of `rules/access/policy.yaml`, such as `township-doctor`. */
  readonly role: string;
  readonly org: Uuid;
  /** Row keys of the own organisation and all below it. */
  readonly orgs: readonly Uuid[];
  /** The resident that this user is (row key of Patient), for access to the own file. */
  readonly patient: Uuid | null;
  /** The FHIR Practitioner behind the user (row key), for work that is assigned to a person. */
  readonly practitioner: Uuid | null;
  /** Rights beyond the role: `lock:hiv`, `break-glass:<patient row key>`, ... */
  readonly rights: readonly string[];
  /** SMART scopes of the token; null when the session has no narrower scope than its role. */
  readonly scopes: readonly string[] | null;
}

/** What one actor may see at one moment, as predicates for the SQL writer. Made by `access/`, needed by every statement. */
export interface Access {
  readonly actor: Actor;
  readonly now: Date;
  readonly settings: LocalSettings;
  /** True for rows of `alias` (resource, history or change: they carry the same label columns) that the actor may read. */
  readable(alias: string): Fragment;
  /**
   * The same of rows of `resource`, written for statements that ask it of every row of a type: tables are read once as sets
   * instead of looked into for each row. Absent: `readable` is all there is.
   */
  readableOfMany?(alias: string): Fragment;
  /** True for some of the rows that `readable` is true of, asked with less; null or absent where nothing less will do. */
  readablePlainly?(alias: string): Fragment | null;
  /** Keys of all rows of a type that the actor could possibly see; null or absent where no index leads to them. */
  candidates?(type: string): Fragment | null;
  /**
   * True for rows that the actor may change, where only the database knows (patients in care, work in hand); together
   * with `readable`. Absent: what `writable` says of the labels is all there is.
   */
  changeable?(alias: string): Fragment;
  /** Refusal if the actor may not do `op` on a row with these labels. */
  writable(op: 'create' | 'update' | 'delete', type: string, labels: Labels): Refusal | null;
  /** Whether encrypted identifiers of that row are shown in clear, or masked with SUBSETTED. */
  showsClear(row: {
    readonly kind: string;
    readonly org: Uuid | null;
    readonly patient: Uuid | null;
  }): boolean;
}

/** One stored version. `content` is JSON text with encrypted values still closed. */
export interface StoredRow extends Labels {
  readonly id: Uuid;
  readonly type: string;
  readonly fhirId: string;
  readonly version: number;
  readonly updatedAt: Date;
  readonly deleted: boolean;
  readonly engine: string | null;
  readonly content: string | null;
}

export interface CommandEnvelope {
  readonly id: Uuid;
  readonly type: string;
  readonly occurredAt: string;
  readonly actingAs: { readonly org: string; readonly role: string };
  readonly subject?: string;
  readonly ifVersion?: number;
  readonly payload: unknown;
}

export type CommandOutcome = 'applied' | 'refused' | 'fault';

export interface CommandAnswer {
  readonly id: string;
  readonly outcome: CommandOutcome;
  readonly seq?: number;
  readonly result?: unknown;
  readonly refusal?: {
    readonly code: string;
    readonly at?: string;
    readonly rule?: string;
    readonly detail?: Text;
  };
}

/** The transaction that a command handler writes in: resources, audit and change rows commit together or not at all. */
export interface RecordTx {
  readonly access: Access;
  /** The server's time of recording; the same throughout the transaction. */
  readonly recordedAt: Date;
  readonly commandId: Uuid | null;
  /** The current version that the actor may read, or null. `forUpdate` locks the row until the end. */
  read(
    type: string,
    id: string,
    options?: { forUpdate?: boolean },
  ): Promise<{ row: StoredRow; resource: Resource } | null>;
  /** As the system: for engines that must see rows beyond their actor's sight (numbering, double-booking checks). */
  readAsSystem(
    type: string,
    id: string,
    options?: { forUpdate?: boolean },
  ): Promise<{ row: StoredRow; resource: Resource } | null>;
  /** The FHIR type and id behind a row key; says nothing of its content. */
  nameOf(key: Uuid): Promise<{ type: string; id: string } | null>;
  /**
   * `engine` marks the resource as owned: REST writes to it are 405, and the engine's own rules stand for the policy
   * table in deciding who may write it. Ids are made here unless given.
   */
  create(
    resource: Resource,
    options?: { id?: string; engine?: string; labels?: Partial<Labels> },
  ): Promise<StoredRow>;
  update(
    resource: Resource,
    options?: { ifVersion?: number; engine?: string; labels?: Partial<Labels> },
  ): Promise<StoredRow>;
  delete(type: string, id: string): Promise<StoredRow | null>;
  /** FHIR search by parameters as the actor, e.g. `search('Task', 'status=ready&_count=5')`. */
  search(
    type: string,
    query: string,
    options?: { asSystem?: boolean },
  ): Promise<readonly { row: StoredRow; resource: Resource }[]>;
  /** A row of the room's own tables; never the record's tables. */
  run<T = Record<string, unknown>>(fragment: Fragment): Promise<{ rows: T[]; rowCount: number }>;
  /** The same for a write whose answer nobody needs: it goes out at once and is waited for before the commit. */
  send(fragment: Fragment): void;
  /** The next running number of that name, starting at 1 (shown to people; gaps are possible after a rollback: none). */
  nextNumber(name: string): Promise<number>;
  /** An entry of the audit beyond those that reading and writing make by themselves. */
  audit(action: string, entity: { patient?: Uuid | null; type?: string; id?: string; text?: string }): void;
}

/** One act that the product knows. Rooms register theirs; the server mounts them all under `POST /commands`. */
export interface CommandHandler<P = unknown> {
  /** `noun.verb`. */
  readonly type: string;
  /** Reads the payload once; what it returns is typed from there on. */
  parse(payload: unknown): { ok: true; value: P } | { ok: false; refusal: Refusal };
  /** Throw `RefusalError` (kit `must`) or return a refusal to say no: everything is rolled back and the answer kept. */
  apply(
    tx: RecordTx,
    command: CommandEnvelope,
    payload: P,
  ): Promise<{ ok: true; value: unknown } | { ok: false; refusal: Refusal }>;
}
