// Builds every projection of this folder again from all stored versions, in the order in which they were recorded.
import type { Uuid } from '@yimai/kit';
import { type Database, raw, sql } from '@yimai/postgres';
import type { Resource, StoredRow } from '../types.ts';
import type { Policy } from './policy.ts';
import { type AfterWrite, hasProjection } from './projections.ts';

const TABLES = [
  'org_node',
  'care_relation',
  'assignment',
  'consent_denial',
  'minor',
  'related_person',
  'patient_link',
  'practitioner_role',
];
const PAGE = 1000;

interface Place {
  readonly at: Date;
  readonly id: Uuid;
  readonly version: number;
}

interface Version {
  id: Uuid;
  type: string;
  fhir_id: string;
  version: number;
  updated_at: Date;
  deleted: boolean;
  kind: string;
  org: Uuid | null;
  patient: Uuid | null;
  content: string | null;
}

/** In one transaction: readers see the old projections until the new ones stand. Encrypted values are not needed. */
export async function rebuildProjections(
  database: Database,
  policy: Policy,
  afterWrite: AfterWrite,
  types: readonly string[],
): Promise<{ versions: number }> {
  const wanted = types.filter((type) => hasProjection(policy, type));
  return database.tx({ 'app.reach': 'all', 'app.orgs': '' }, async (run) => {
    for (const table of TABLES) await run.run(sql`delete from ${raw(table)}`);
    let versions = 0;
    let place: Place | null = null;
    for (;;) {
      const { rows }: { rows: Version[] } = await run.run<Version>(sql`select * from (
          select id, type, fhir_id, version, updated_at, deleted, kind, org, patient, content from resource
          union all select id, type, fhir_id, version, updated_at, deleted, kind, org, patient, content from history) v
        where v.type = any(${wanted}::text[])
          ${place ? sql`and (v.updated_at, v.id, v.version) > (${place.at}::timestamptz, ${place.id}::uuid, ${place.version}::int)` : sql``}
        order by v.updated_at, v.id, v.version limit ${PAGE}`);
      for (const row of rows) {
        const resource = row.content === null ? null : (JSON.parse(row.content) as Resource);
        await afterWrite(run, [{ row: toRow(row), resource }]);
      }
      versions += rows.length;
      const last: Version | undefined = rows.at(-1);
      if (!last || rows.length < PAGE) return { versions };
      place = { at: last.updated_at, id: last.id, version: last.version };
    }
  });
}

const toRow = (row: Version): StoredRow => ({
  id: row.id,
  type: row.type,
  fhirId: row.fhir_id,
  version: row.version,
  updatedAt: row.updated_at,
  deleted: row.deleted,
  kind: row.kind,
  locks: [],
  org: row.org,
  patient: row.patient,
  engine: null,
  content: null,
});
