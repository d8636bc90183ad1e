// Writes a batch of resource versions in few statements: rows, index rows, history and change rows together.
import { type IndexRows, isNationalIdValue, type ReferenceRow, rowKey } from '@yimai/fhir';
import { assert } from '@yimai/kit';
import { type Fragment, join, keyArray, raw, sql, type TxSql, textArray } from '@yimai/postgres';
import type { StoredRow } from '../types.ts';
import { changeOne } from './flush-one.ts';
import { Gathered } from './gathered.ts';
import { leaveChanges } from './numbering.ts';

export interface PendingWrite {
  readonly op: 'create' | 'update' | 'delete';
  readonly row: StoredRow;
  /** The version before; null for the first. */
  readonly before: StoredRow | null;
  /** The number under which its index rows stand: its own, of no other version (entries.ts). */
  readonly entry: number;
  /** Null for a deletion: nothing stays findable. */
  readonly index: IndexRows | null;
}

export interface FlushContext {
  readonly tx: string;
  readonly firstOrd: number;
  readonly commandId: string | null;
  readonly recordedAt: Date;
  /** The change rows of many writes are written by the transaction itself, with their numbers (numbering.ts). */
  readonly numbersOwn?: boolean;
  blind(value: string): string;
}

/** From this many on, rows go by COPY: it costs a flight of its own for each table and half as much for each row. */
export const MANY = 50;

/** Creates and updates go in one statement each; both append their change rows with running ordinals. */
export async function flushWrites(
  run: TxSql,
  writes: readonly PendingWrite[],
  context: FlushContext,
): Promise<void> {
  if (writes.length >= MANY) {
    const moments = writes.map(({ row }) => row.updatedAt);
    return flushMany(run, Gathered.of(writes, context.blind), context, moments);
  }
  const creates = writes.filter((write) => write.op === 'create');
  const changes = writes.filter((write) => write.op !== 'create');
  const work: Promise<{ rowCount: number }>[] = [];
  if (creates.length > 0) {
    const beside = sql`with ${indexInserts(creates, context)} fed as (${changeInsert(writes, creates, context)}) `;
    work.push(run.run(sql`${beside}${resourceInsert(columnsOf(creates), momentsOf(creates), context)}`));
  }
  const [one] = changes;
  if (one && writes.length === 1) {
    work.push(run.run(changeOne(one, indexInserts(changes, context), context)));
  } else if (changes.length > 0) {
    const former = outOfTheWay(changes.map(({ row }) => row.id));
    const beside = sql`, ${indexInserts(changes, context)} fed as (${changeInsert(writes, changes, context)})`;
    const update = resourceUpdate(columnsOf(changes), momentsOf(changes), context);
    work.push(run.run(sql`with ${former}${beside} ${update}`));
  }
  await written(work, writes.length);
}

/** The same for many, but for the change rows where the transaction writes those itself. */
export async function flushMany(
  run: TxSql,
  gathered: Gathered,
  context: FlushContext,
  moments: readonly Date[] = [],
): Promise<void> {
  const { columns, changed, count } = gathered;
  const work: Promise<{ rowCount: number }>[] = [];
  if (changed.length < count) {
    const first = changed.length > 0 ? sql` where n.op = 'create'` : sql``;
    work.push(run.run(sql`${resourceInsert(columns, moments, context)}${first}`));
  }
  if (changed.length > 0)
    work.push(run.run(sql`with ${outOfTheWay(changed)} ${resourceUpdate(columns, moments, context)}`));
  const beside: Promise<unknown>[] = gathered.index.send(run);
  if (!context.numbersOwn) beside.push(leaveChanges(run, columns, context));
  // Everything is on the wire before the first answer is awaited.
  await Promise.all([written(work, count), ...beside]);
}

async function written(work: readonly Promise<{ rowCount: number }>[], count: number): Promise<void> {
  const answers = await Promise.all(work);
  const rows = answers.reduce((sum, answer) => sum + answer.rowCount, 0);
  assert(rows === count, 'a version was written twice in one transaction');
}

/** The version so far to history, its index rows gone. */
function outOfTheWay(ids: readonly string[]): Fragment {
  return sql`former as materialized (select entry from resource where id = any(${ids}::uuid[])),
    kept as (
      insert into history (id, version, type, fhir_id, updated_at, deleted, kind, locks, org, patient, engine, content)
      select id, version, type, fhir_id, updated_at, deleted, kind, locks, org, patient, engine, content
      from resource where id = any(${ids}::uuid[])),
    gone_token as (delete from idx_token where entry = any(array(select entry from former))),
    gone_string as (delete from idx_string where entry = any(array(select entry from former))),
    gone_date as (delete from idx_date where entry = any(array(select entry from former))),
    gone_reference as (delete from idx_reference where entry = any(array(select entry from former))),
    gone_quantity as (delete from idx_quantity where entry = any(array(select entry from former)))`;
}

/** Versions by column: each a list, or one in PostgreSQL's own form. */
export interface VersionColumns {
  readonly id: unknown;
  readonly type: unknown;
  readonly fhirId: unknown;
  readonly version: unknown;
  readonly op: unknown;
  readonly kind: unknown;
  readonly locks: unknown;
  readonly org: unknown;
  readonly patient: unknown;
  readonly engine: unknown;
  readonly content: unknown;
  readonly entry: unknown;
}

function columnsOf(writes: readonly PendingWrite[]): VersionColumns {
  const rows = writes.map((write) => write.row);
  return {
    id: keyArray(rows.map((row) => row.id)),
    type: textArray(rows.map((row) => row.type)),
    fhirId: textArray(rows.map((row) => row.fhirId)),
    version: rows.map((row) => row.version),
    op: textArray(writes.map((write) => write.op)),
    kind: textArray(rows.map((row) => row.kind)),
    locks: textArray(rows.map((row) => row.locks.join(','))),
    org: keyArray(rows.map((row) => row.org)),
    patient: keyArray(rows.map((row) => row.patient)),
    engine: textArray(rows.map((row) => row.engine)),
    content: textArray(rows.map((row) => row.content)),
    entry: writes.map((write) => write.entry),
  };
}

const momentsOf = (writes: readonly PendingWrite[]): Date[] => writes.map((write) => write.row.updatedAt);

/** Without moments of their own, they are all of the time of recording. */
function versions(given: VersionColumns, moments: readonly Date[]): Fragment {
  return sql`unnest(${given.id}::uuid[], ${given.type}::text[], ${given.fhirId}::text[], ${given.version}::int[],
      ${given.op}::text[], ${moments}::timestamptz[], ${given.kind}::text[], ${given.locks}::text[],
      ${given.org}::uuid[], ${given.patient}::uuid[], ${given.engine}::text[], ${given.content}::text[],
      ${given.entry}::bigint[])
    as n(id, type, fhir_id, version, op, updated_at, kind, locks, org, patient, engine, content, entry)`;
}

const LOCKS = raw("coalesce(string_to_array(nullif(n.locks, ''), ','), '{}')");

function resourceInsert(given: VersionColumns, moments: readonly Date[], context: FlushContext): Fragment {
  return sql`insert into resource
      (id, type, fhir_id, version, updated_at, deleted, kind, locks, org, patient, engine, content, entry)
    select n.id, n.type, n.fhir_id, n.version, coalesce(n.updated_at, ${context.recordedAt}::timestamptz), false, n.kind,
      ${LOCKS}, n.org, n.patient, n.engine, n.content, n.entry
    from ${versions(given, moments)}`;
}

function resourceUpdate(given: VersionColumns, moments: readonly Date[], context: FlushContext): Fragment {
  return sql`update resource r set version = n.version,
      updated_at = coalesce(n.updated_at, ${context.recordedAt}::timestamptz), deleted = n.op = 'delete', kind = n.kind,
      locks = ${LOCKS}, org = n.org, patient = n.patient, engine = n.engine, content = n.content, entry = n.entry
    from ${versions(given, moments)} where r.id = n.id and r.version = n.version - 1`;
}

function ordinals(all: readonly PendingWrite[], { firstOrd }: FlushContext): (write: PendingWrite) => number {
  const places = new Map(all.map((write, at) => [write, firstOrd + at]));
  return (write) => places.get(write)!;
}

function changeInsert(
  all: readonly PendingWrite[],
  some: readonly PendingWrite[],
  context: FlushContext,
): Fragment {
  const rows = some.map((write) => write.row);
  return sql`insert into change_pending
      (tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, command, recorded_at)
    select ${context.tx}::uuid, n.ord, n.resource, n.type, n.fhir_id, n.version, n.op, n.kind,
      coalesce(string_to_array(nullif(n.locks, ''), ','), '{}'), n.org, n.patient,
      ${context.commandId}::uuid, ${context.recordedAt}::timestamptz
    from unnest(${some.map(ordinals(all, context))}::int[],
      ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.type)}::text[], ${rows.map((row) => row.fhirId)}::text[],
      ${rows.map((row) => row.version)}::int[], ${some.map((write) => write.op)}::text[],
      ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.locks.join(','))}::text[],
      ${rows.map((row) => row.org)}::uuid[], ${rows.map((row) => row.patient)}::uuid[])
    as n(ord, resource, type, fhir_id, version, op, kind, locks, org, patient)`;
}

// Pairs each index row with its resource; flattened per column, because unnest takes columns.
function gather<T>(writes: readonly PendingWrite[], pick: (index: IndexRows) => readonly T[]) {
  const entry: number[] = [];
  const resource: string[] = [];
  const rows: T[] = [];
  for (const write of writes) {
    if (!write.index) continue;
    for (const row of pick(write.index)) {
      entry.push(write.entry);
      resource.push(write.row.id);
      rows.push(row);
    }
  }
  return { entry, resource, rows };
}

/** One insert for each kind of index that has rows; each ends with a comma. */
function indexInserts(writes: readonly PendingWrite[], context: FlushContext): Fragment {
  const token = gather(writes, (index) => index.tokens);
  const text = gather(writes, (index) => index.strings);
  const date = gather(writes, (index) => index.dates);
  const reference = gather(writes, (index) => index.references);
  const quantity = gather(writes, (index) => index.quantities);
  const inserts: Fragment[] = [];
  if (token.rows.length > 0) inserts.push(tokenInsert(token, context));
  if (text.rows.length > 0) inserts.push(stringInsert(text));
  if (date.rows.length > 0) inserts.push(dateInsert(date));
  if (reference.rows.length > 0) inserts.push(referenceInsert(reference, context));
  if (quantity.rows.length > 0) inserts.push(quantityInsert(quantity));
  return join(inserts, '');
}

interface Paired<T> {
  readonly entry: readonly number[];
  readonly resource: readonly string[];
  readonly rows: readonly T[];
}

const tokenInsert = ({ entry, resource, rows }: Paired<IndexRows['tokens'][number]>, context: FlushContext) =>
  sql`new_token as (
      insert into idx_token (entry, resource, param, value, system, display, part)
      select * from unnest(${entry}::bigint[], ${resource}::uuid[], ${rows.map((row) => row.param)}::int[],
        ${rows.map((row) => (row.sensitive ? context.blind(row.value) : row.value))}::text[],
        ${rows.map((row) => row.system)}::text[], ${rows.map((row) => row.text ?? null)}::text[],
        ${rows.map((row) => row.part)}::int[])), `;

const stringInsert = ({ entry, resource, rows }: Paired<IndexRows['strings'][number]>) =>
  sql`new_string as (
      insert into idx_string (entry, resource, param, value, exact, part)
      select * from unnest(${entry}::bigint[], ${resource}::uuid[], ${rows.map((row) => row.param)}::int[],
        ${rows.map((row) => row.value)}::text[], ${rows.map((row) => row.exact)}::text[],
        ${rows.map((row) => row.part)}::int[])), `;

const dateInsert = ({ entry, resource, rows }: Paired<IndexRows['dates'][number]>) =>
  sql`new_date as (
      insert into idx_date (entry, resource, param, low, high, part)
      select entry, resource, param, coalesce(low::timestamptz, '-infinity'), coalesce(high::timestamptz, 'infinity'), part
      from unnest(${entry}::bigint[], ${resource}::uuid[], ${rows.map((row) => row.param)}::int[],
        ${rows.map((row) => row.low)}::text[], ${rows.map((row) => row.high)}::text[],
        ${rows.map((row) => row.part)}::int[]) as n(entry, resource, param, low, high, part)), `;

const referenceInsert = ({ entry, resource, rows }: Paired<ReferenceRow>, context: FlushContext) =>
  sql`new_reference as (
      insert into idx_reference (entry, resource, param, target, target_type, url, url_version, identifier, part)
      select * from unnest(${entry}::bigint[], ${resource}::uuid[], ${rows.map((row) => row.param)}::int[],
        ${rows.map(targetKey)}::uuid[], ${rows.map((row) => row.targetType)}::text[],
        ${rows.map((row) => row.url)}::text[], ${rows.map((row) => row.version ?? null)}::text[],
        ${rows.map((row) => logicalKey(row, context.blind))}::text[], ${rows.map((row) => row.part)}::int[])), `;

const quantityInsert = ({ entry, resource, rows }: Paired<IndexRows['quantities'][number]>) =>
  sql`new_quantity as (
      insert into idx_quantity (entry, resource, param, value, low, high, system, code, unit, part)
      select * from unnest(${entry}::bigint[], ${resource}::uuid[], ${rows.map((row) => row.param)}::int[],
        ${rows.map((row) => row.value)}::numeric[], ${rows.map((row) => row.low)}::numeric[],
        ${rows.map((row) => row.high)}::numeric[], ${rows.map((row) => row.system)}::text[],
        ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.unit)}::text[],
        ${rows.map((row) => row.part)}::int[])), `;

export function targetKey(row: ReferenceRow): string | null {
  return row.targetType && row.targetId ? rowKey(row.targetType, row.targetId) : null;
}

/** `system|value` of a reference by identifier; a national ID stands there only as its blind index. */
export function logicalKey(row: ReferenceRow, blind: FlushContext['blind']): string | null {
  if (!row.identifierValue) return null;
  const system = row.identifierSystem ?? '';
  const isSensitive = isNationalIdValue(system, row.identifierValue);
  const value = isSensitive ? blind(row.identifierValue) : row.identifierValue;
  return `${system}|${value}`;
}
