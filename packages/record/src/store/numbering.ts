// Numbers the changes and chains the audit of a large transaction inside it: what the sequencer would take out again and
// write a second time is written once.
import { type Fragment, raw, type Sql, sql } from '@yimai/postgres';
import { chainHash } from '../access/audit-chain.ts';
import { type AuditRow, extendChain } from './audit-buffer.ts';
import type { FlushContext, VersionColumns } from './flush.ts';

interface Held {
  readonly change_seq: number;
  readonly audit_seq: number;
  readonly audit_hash: Buffer;
  /** Committed changes that have no number yet: they come first, so who finds some leaves its own to the sequencer. */
  readonly waiting: boolean;
}

/**
 * Takes the sequencer's row until the end of the transaction; to be the last that it waits for. A version that this
 * transaction has read was committed before: its change is either numbered or seen waiting.
 */
export async function holdNumbers(run: Sql): Promise<Held> {
  const { rows } = await run.run<Held>(
    sql`select change_seq, audit_seq, audit_hash, exists (select 1 from change_pending) as waiting
      from sequencer where one for update`,
  );
  return rows[0]!;
}

/** The numbered rows of changes in the order of their writes; as the system, under row-level security. */
export async function numberChanges(
  run: Sql,
  given: VersionColumns,
  context: FlushContext,
  held: Held,
): Promise<void> {
  await run.run(sql`insert into change (seq, ${COLUMNS})
    select ${held.change_seq}::bigint + n.place, ${changes(given, context)}`);
}

/** The same for the sequencer to number. */
export async function leaveChanges(run: Sql, given: VersionColumns, context: FlushContext): Promise<void> {
  await run.run(sql`insert into change_pending (${COLUMNS}) select ${changes(given, context)}`);
}

const COLUMNS = raw(
  'tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, command, recorded_at',
);

function changes(given: VersionColumns, { tx, firstOrd, commandId, recordedAt }: FlushContext): Fragment {
  return sql`${tx}::uuid, ${firstOrd - 1}::int + n.place, n.resource, n.type, n.fhir_id,
      n.version, n.op, n.kind, coalesce(string_to_array(nullif(n.locks, ''), ','), '{}'), n.org, n.patient,
      ${commandId}::uuid, ${recordedAt}::timestamptz
    from unnest(${given.id}::uuid[], ${given.type}::text[], ${given.fhirId}::text[], ${given.version}::int[],
      ${given.op}::text[], ${given.kind}::text[], ${given.locks}::text[], ${given.org}::uuid[], ${given.patient}::uuid[])
      with ordinality as n(resource, type, fhir_id, version, op, kind, locks, org, patient, place)`;
}

/** The audit behind the end of the chain, and the sequencer's new word. */
export async function chainAndRelease(
  run: Sql,
  audits: readonly AuditRow[],
  numbered: number,
  held: Held,
): Promise<void> {
  let hash = held.audit_hash;
  const hashes = audits.map((row) => {
    hash = chainHash(hash, row.body);
    return hash;
  });
  await run.run(sql`with chained as (insert into audit (seq, id, at, person, org, patient, action, body, hash)
      select * from ${extendChain(audits, hashes, held.audit_seq)})
    update sequencer set change_seq = ${held.change_seq + numbered}, audit_seq = ${held.audit_seq + audits.length},
      audit_hash = ${hash} where one`);
}
