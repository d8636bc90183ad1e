// Looks whether the change feed is whole: numbered without gaps up to its head, each row as the version that it tells of,
// and no version without its row.
import type pg from 'pg';

export interface FeedFinding {
  readonly [detail: string]: unknown;
  readonly ok: boolean;
  readonly head: number;
  readonly rows: number;
  readonly waiting: number;
  /** The first number that is missing, null if none. */
  readonly missing: number | null;
  /** The first row that differs from what was stored, null if none. */
  readonly changed: number | null;
  /** The first version of which no row tells, null if none. */
  readonly untold: string | null;
}

interface Row {
  head: string;
  rows: string;
  waiting: string;
  missing: string | null;
  changed: string | null;
  untold: string | null;
}

/** One statement, so that all of it is of one moment while a server goes on writing. */
export async function checkFeed(owner: pg.Client): Promise<FeedFinding> {
  const { rows } = await owner.query<Row>(
    `with version as materialized (
       select id, version, type, fhir_id, deleted, kind, locks, org, patient, updated_at from resource union all
       select id, version, type, fhir_id, deleted, kind, locks, org, patient, updated_at from history),
     numbered as (select seq, lag(seq, 1, 0::bigint) over (order by seq) as before from change),
     head as (select change_seq from sequencer)
     select (select change_seq from head)::text as head, (select count(*) from change)::text as rows,
       (select count(*) from change_pending)::text as waiting,
       coalesce((select min(before) + 1 from numbered where seq <> before + 1),
         (select change_seq from head where change_seq <> (select coalesce(max(seq), 0) from change)))::text as missing,
       (select min(c.seq) from change c left join version v on v.id = c.resource and v.version = c.version
         where (v.type, v.fhir_id, v.kind, v.locks, v.org, v.patient, v.updated_at, v.deleted) is distinct from
           (c.type, c.fhir_id, c.kind, c.locks, c.org, c.patient, c.recorded_at, c.op = 'delete'))::text as changed,
       (select v.type || '/' || v.fhir_id || '/_history/' || v.version from version v
         where not exists (select 1 from change c where c.resource = v.id and c.version = v.version)
           and not exists (select 1 from change_pending p where p.resource = v.id and p.version = v.version)
         order by v.updated_at, v.id limit 1) as untold`,
  );
  const { head, rows: count, waiting, missing, changed, untold } = rows[0]!;
  return {
    ok: missing === null && changed === null && untold === null,
    head: Number(head),
    rows: Number(count),
    waiting: Number(waiting),
    missing: missing === null ? null : Number(missing),
    changed: changed === null ? null : Number(changed),
    untold,
  };
}
