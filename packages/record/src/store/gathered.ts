// Versions of a large batch on their way to the database: each is written down as it comes, because what is kept as objects
// until thousands are there outlives many collections of garbage.
import type { IndexRows } from '@yimai/fhir';
import { type ElementType, ListColumn } from '@yimai/postgres';
import { IndexCopies } from './copies.ts';
import type { FlushContext, PendingWrite, VersionColumns } from './flush.ts';

const HEAD_BYTES = 64;
/** What a version's stamp adds to its text, and some letters of more than one byte. */
const STAMP_BYTES = 200;

export class Gathered {
  readonly index: IndexCopies;
  /** Row keys of those that follow a version before. */
  readonly changed: string[] = [];
  count = 0;
  hasEngines = false;
  readonly #id: ListColumn;
  readonly #type: ListColumn;
  readonly #fhirId: ListColumn;
  readonly #version: ListColumn;
  readonly #op: ListColumn;
  readonly #kind: ListColumn;
  readonly #locks: ListColumn;
  readonly #org: ListColumn;
  readonly #patient: ListColumn;
  readonly #engine: ListColumn;
  readonly #content: ListColumn;
  readonly #entry: ListColumn;
  #columns: VersionColumns | null = null;

  /** `count` versions with about so many letters are expected; more may come. */
  constructor(blind: FlushContext['blind'], count: number, letters: number) {
    this.index = new IndexCopies(blind);
    const column = (type: ElementType, each: number) => new ListColumn(type, count * each + HEAD_BYTES);
    this.#id = column('uuid', 20);
    this.#type = column('text', 16);
    this.#fhirId = column('text', 40);
    this.#version = column('int4', 8);
    this.#op = column('text', 10);
    this.#kind = column('text', 20);
    this.#locks = column('text', 4);
    this.#org = column('uuid', 20);
    this.#patient = column('uuid', 20);
    this.#engine = column('text', 4);
    this.#content = new ListColumn('text', letters + count * STAMP_BYTES);
    this.#entry = column('int8', 12);
  }

  static of(writes: readonly PendingWrite[], blind: FlushContext['blind']): Gathered {
    const letters = writes.reduce((sum, { row }) => sum + (row.content?.length ?? 0), 0);
    const gathered = new Gathered(blind, writes.length, letters);
    for (const write of writes) gathered.add(write, write.index);
    return gathered;
  }

  add({ op, row, entry }: Omit<PendingWrite, 'index'>, index: IndexRows | null): void {
    this.count += 1;
    if (op !== 'create') this.changed.push(row.id);
    if (row.engine !== null) this.hasEngines = true;
    this.#id.uuid(row.id);
    this.#type.text(row.type);
    this.#fhirId.text(row.fhirId);
    this.#version.int4(row.version);
    this.#op.text(op);
    this.#kind.text(row.kind);
    this.#locks.text(row.locks.join(','));
    this.#org.uuid(row.org);
    this.#patient.uuid(row.patient);
    this.#engine.text(row.engine);
    this.#content.text(row.content);
    this.#entry.int8(entry);
    if (index) this.index.add(row.id, entry, index);
  }

  /** All of them; nothing is added afterwards. */
  get columns(): VersionColumns {
    const { count } = this;
    this.#columns ??= {
      id: this.#id.end(count),
      type: this.#type.end(count),
      fhirId: this.#fhirId.end(count),
      version: this.#version.end(count),
      op: this.#op.end(count),
      kind: this.#kind.end(count),
      locks: this.#locks.end(count),
      org: this.#org.end(count),
      patient: this.#patient.end(count),
      engine: this.#engine.end(count),
      content: this.#content.end(count),
      entry: this.#entry.end(count),
    };
    return this.#columns;
  }
}
