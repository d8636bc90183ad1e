// Index rows of many writes by COPY: rows in PostgreSQL's own form instead of lists that it takes apart.
import type { IndexRows, ReferenceRow } from '@yimai/fhir';
import { Columns, CopyRows, type TxSql } from '@yimai/postgres';
import { type FlushContext, logicalKey, targetKey } from './flush.ts';

const OWN_BYTES = 64;

/** Index rows on their way to COPY, one for each kind of index that has rows. */
export class IndexCopies {
  readonly #blind: FlushContext['blind'];
  readonly #own = new Columns(OWN_BYTES);
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
    // Every row begins with these two: spelled out once.
    const own = this.#own.again().int8(entry).uuid(resource).all;
    const begin = (into: CopyRows, columns: number, param: number): CopyRows =>
      into.open(columns).written(own).int4(param);
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
