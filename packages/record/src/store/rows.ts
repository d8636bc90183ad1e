// Reads current and earlier versions as rows: the one place that turns database columns into a StoredRow.
import type { Uuid } from '@yimai/kit';
import { type Fragment, raw, type Sql, sql } from '@yimai/postgres';
import type { Lock, StoredRow } from '../types.ts';

export interface RawRow {
  id: string;
  type: string;
  fhir_id: string;
  version: number;
  updated_at: Date;
  deleted: boolean;
  kind: string;
  locks: string[];
  org: string | null;
  patient: string | null;
  engine: string | null;
  content: string | null;
}

/** The columns of `StoredRow`, of table alias `r`. */
export const ROW_COLUMNS: Fragment = raw(
  'r.id, r.type, r.fhir_id, r.version, r.updated_at, r.deleted, r.kind, r.locks, r.org, r.patient, r.engine, r.content',
);

export function toStoredRow(row: RawRow): StoredRow {
  return {
    id: row.id as Uuid,
    type: row.type,
    fhirId: row.fhir_id,
    version: row.version,
    updatedAt: row.updated_at,
    deleted: row.deleted,
    kind: row.kind,
    locks: row.locks as Lock[],
    org: row.org as Uuid | null,
    patient: row.patient as Uuid | null,
    engine: row.engine,
    content: row.content,
  };
}

/** The current version by row key, under the given predicate. */
export function currentRow(id: Uuid, readable: Fragment, forUpdate = false, more = raw('')): Fragment {
  return sql`select ${ROW_COLUMNS}${more} from resource r where r.id = ${id} and ${readable}${raw(forUpdate ? ' for update' : '')}`;
}

export async function firstRow(run: Sql, fragment: Fragment): Promise<StoredRow | null> {
  const { rows } = await run.run<RawRow>(fragment);
  return rows[0] ? toStoredRow(rows[0]) : null;
}
