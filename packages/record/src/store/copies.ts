// Index rows and change rows of many writes by COPY: lines of text instead of lists that PostgreSQL takes apart again.
import type { IndexRows } from '@yimai/fhir';
import { copyCell as cell, type TxSql } from '@yimai/postgres';
import { type FlushContext, logicalKey, type PendingWrite, targetKey } from './flush.ts';

/** One COPY for each kind of index that has rows; after the statement that took earlier rows away. */
export function indexCopies(
  run: TxSql,
  writes: readonly PendingWrite[],
  context: FlushContext,
): Promise<number>[] {
  const { blind } = context;
  const lines = { token: '', string: '', date: '', reference: '', quantity: '' };
  for (const { row, entry, index } of writes) {
    if (!index) continue;
    const id = `${entry}\t${row.id}`;
    lines.token += tokenLines(id, index.tokens, blind);
    for (const { param, value, exact, part } of index.strings)
      lines.string += `${id}\t${param}\t${cell(value)}\t${cell(exact)}\t${cell(part)}\n`;
    for (const { param, low, high, part } of index.dates)
      lines.date += `${id}\t${param}\t${low ?? '-infinity'}\t${high ?? 'infinity'}\t${cell(part)}\n`;
    lines.reference += referenceLines(id, index.references, blind);
    for (const { param, value, low, high, system, code, unit, part } of index.quantities)
      lines.quantity += `${id}\t${param}\t${value}\t${low}\t${high}\t${cell(system)}\t${cell(code)}\t${cell(unit)}\t${cell(part)}\n`;
  }
  const copies: Promise<number>[] = [];
  const copy = (into: string, text: string) => {
    if (text !== '') copies.push(run.copy(into, Buffer.from(text)));
  };
  copy('idx_token (entry, resource, param, value, system, display, part)', lines.token);
  copy('idx_string (entry, resource, param, value, exact, part)', lines.string);
  copy('idx_date (entry, resource, param, low, high, part)', lines.date);
  copy(
    'idx_reference (entry, resource, param, target, target_type, url, url_version, identifier, part)',
    lines.reference,
  );
  copy('idx_quantity (entry, resource, param, value, low, high, system, code, unit, part)', lines.quantity);
  return copies;
}

function tokenLines(id: string, rows: IndexRows['tokens'], blind: FlushContext['blind']): string {
  let lines = '';
  for (const { param, value, system, text, part, sensitive } of rows)
    lines += `${id}\t${param}\t${cell(sensitive ? blind(value) : value)}\t${cell(system)}\t${cell(text)}\t${cell(part)}\n`;
  return lines;
}

function referenceLines(id: string, rows: IndexRows['references'], blind: FlushContext['blind']): string {
  let lines = '';
  for (const row of rows)
    lines += `${id}\t${row.param}\t${cell(targetKey(row))}\t${cell(row.targetType)}\t${cell(row.url)}\t${cell(row.version)}\t${cell(logicalKey(row, blind))}\t${cell(row.part)}\n`;
  return lines;
}

export function changeCopy(
  run: TxSql,
  writes: readonly PendingWrite[],
  { tx, firstOrd, commandId, recordedAt }: FlushContext,
): Promise<number> {
  const end = `${cell(commandId)}\t${recordedAt.toISOString()}\n`;
  let lines = '';
  for (const [at, { op, row }] of writes.entries())
    lines += `${tx}\t${firstOrd + at}\t${row.id}\t${row.type}\t${row.fhirId}\t${row.version}\t${op}\t${row.kind}\t{${row.locks.join(',')}}\t${cell(row.org)}\t${cell(row.patient)}\t${end}`;
  const columns =
    'tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, command, recorded_at';
  return run.copy(`change_pending (${columns})`, Buffer.from(lines));
}
