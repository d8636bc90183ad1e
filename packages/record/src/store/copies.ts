// Index rows and change rows of many writes by COPY: rows in PostgreSQL's own form instead of lists that it takes apart.
import type { IndexRows, ReferenceRow } from '@yimai/fhir';
import { CopyRows, type TxSql, textArray } from '@yimai/postgres';
import { type FlushContext, logicalKey, type PendingWrite, targetKey } from './flush.ts';

/**
 * Index rows on their way to COPY, one for each kind of index that has rows. They are written down as they come: rows of
 * thousands of resources would outlive many collections of garbage.
 */
export class IndexCopies {
  readonly #blind: FlushContext['blind'];
  readonly #token = new CopyRows();
  readonly #string = new CopyRows();
  readonly #date = new CopyRows();
  readonly #reference = new CopyRows();
  readonly #quantity = new CopyRows();

  constructor(blind: FlushContext['blind']) {
    this.#blind = blind;
  }

  add(resource: string, entry: number, index: IndexRows): void {
    const blind = this.#blind;
    const begin = (into: CopyRows, columns: number, param: number): CopyRows =>
      into.open(columns).int8(entry).uuid(resource).int4(param);
    for (const { param, value, system, text, part, sensitive } of index.tokens)
      begin(this.#token, 7, param)
        .text(sensitive ? blind(value) : value)
        .text(system)
        .text(text)
        .int4(part);
    for (const { param, value, exact, part } of index.strings)
      begin(this.#string, 6, param).text(value).text(exact).int4(part);
    for (const { param, low, high, part } of index.dates)
      begin(this.#date, 6, param)
        .instant(low ?? '-infinity')
        .instant(high ?? 'infinity')
        .int4(part);
    for (const one of index.references) referenceColumns(begin(this.#reference, 9, one.param), one, blind);
    for (const one of index.quantities) quantityColumns(begin(this.#quantity, 10, one.param), one);
  }

  /** After the statement that took earlier rows away. */
  send(run: TxSql): Promise<number>[] {
    const copies: Promise<number>[] = [];
    const copy = (into: string, rows: CopyRows) => {
      if (rows.rows > 0) copies.push(run.copy(into, rows.end()));
    };
    copy('idx_token (entry, resource, param, value, system, display, part)', this.#token);
    copy('idx_string (entry, resource, param, value, exact, part)', this.#string);
    copy('idx_date (entry, resource, param, low, high, part)', this.#date);
    copy(
      'idx_reference (entry, resource, param, target, target_type, url, url_version, identifier, part)',
      this.#reference,
    );
    copy('idx_quantity (entry, resource, param, value, low, high, system, code, unit, part)', this.#quantity);
    return copies;
  }
}

function referenceColumns(into: CopyRows, row: ReferenceRow, blind: FlushContext['blind']): void {
  into.uuid(targetKey(row)).text(row.targetType).text(row.url).text(row.version);
  into.text(logicalKey(row, blind)).int4(row.part);
}

function quantityColumns(into: CopyRows, row: IndexRows['quantities'][number]): void {
  into.numeric(row.value).numeric(row.low).numeric(row.high);
  into.text(row.system).text(row.code).text(row.unit).int4(row.part);
}

export function changeCopy(
  run: TxSql,
  writes: readonly PendingWrite[],
  { tx, firstOrd, commandId, recordedAt }: FlushContext,
): Promise<number> {
  const at = recordedAt.toISOString();
  const rows = new CopyRows();
  for (const [place, { op, row }] of writes.entries()) {
    rows
      .open(13)
      .uuid(tx)
      .int4(firstOrd + place)
      .uuid(row.id);
    rows.text(row.type).text(row.fhirId).int4(row.version).text(op).text(row.kind);
    rows.textArray(locksOf(row.locks)).uuid(row.org).uuid(row.patient).uuid(commandId).instant(at);
  }
  const columns =
    'tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, command, recorded_at';
  return run.copy(`change_pending (${columns})`, rows.end());
}

const NO_LOCKS = textArray([]);
const locksOf = (locks: readonly string[]): Buffer => (locks.length === 0 ? NO_LOCKS : textArray(locks));
