// Reading one resource, one version, a history: always under the reader's predicate, and audited before it is answered.
import { rowKey } from '@yimai/fhir';
import type { Uuid } from '@yimai/kit';
import { type Fragment, sql } from '@yimai/postgres';
import type { Access, StoredRow } from '../types.ts';
import { auditRow } from './audit.ts';
import type { StoreDeps } from './deps.ts';
import { Luck } from './luck.ts';
import { currentRow, type RawRow, ROW_COLUMNS, toStoredRow } from './rows.ts';

/** One key finds one row, whoever reads: planning the reader's predicate anew would cost more than the row. */
const LOOK_UP = { lookUp: true } as const;

/** The current version (deleted ones included: the edge answers 410), or null if there is none for this reader. */
export async function readCurrent(
  deps: StoreDeps,
  access: Access,
  type: string,
  id: string,
): Promise<StoredRow | null> {
  const key = rowKey(type, id);
  const row =
    (await plainRow(deps, access, type, key)) ?? (await rowUnder(deps, access, key, access.readable('r')));
  if (row) await auditRead(deps, access, 'read', [row]);
  return row;
}

/** Most reads are of the reader's own house; who reads elsewhere is seldom asked the shorter question in vain. */
const plainly = new Luck();

async function plainRow(deps: StoreDeps, access: Access, type: string, key: Uuid): Promise<StoredRow | null> {
  const readable = access.readablePlainly?.('r') ?? null;
  const who = `${access.actor.role} ${access.actor.org} ${type}`;
  if (readable === null || !plainly.worthTrying(who)) return null;
  const row = await rowUnder(deps, access, key, readable);
  plainly.tried(who, row !== null);
  return row;
}

async function rowUnder(
  deps: StoreDeps,
  access: Access,
  key: Uuid,
  readable: Fragment,
): Promise<StoredRow | null> {
  const { rows } = await deps.database.read<RawRow>(access.settings, currentRow(key, readable), LOOK_UP);
  return rows[0] ? toStoredRow(rows[0]) : null;
}

/** One version, current or earlier. */
export async function readVersion(
  deps: StoreDeps,
  access: Access,
  type: string,
  id: string,
  version: number,
): Promise<StoredRow | null> {
  const key = rowKey(type, id);
  const { rows } = await deps.database.read<RawRow>(
    access.settings,
    sql`select ${ROW_COLUMNS} from resource r where r.id = ${key} and r.version = ${version} and ${access.readable('r')}
      union all
      select ${ROW_COLUMNS} from history r where r.id = ${key} and r.version = ${version} and ${access.readable('r')}`,
    LOOK_UP,
  );
  const row = rows[0] ? toStoredRow(rows[0]) : null;
  if (row) await auditRead(deps, access, 'vread', [row]);
  return row;
}

export interface HistoryQuery {
  readonly type: string | null;
  readonly id: string | null;
  readonly since: Date | null;
  /** Only versions at or before this instant: pages of one history are pinned to its first. */
  readonly at: Date;
  readonly count: number;
  /** Keyset of the last version already seen. */
  readonly after: { readonly updatedAt: Date; readonly id: string; readonly version: number } | null;
}

/** Versions, newest first. A reader sees those versions that the policy opened when they were written. */
export async function readHistory(
  deps: StoreDeps,
  access: Access,
  query: HistoryQuery,
): Promise<StoredRow[]> {
  const where = (): Fragment => sql`${access.readable('r')}
    and r.updated_at <= ${query.at}
    ${query.type && query.id ? sql`and r.id = ${rowKey(query.type, query.id)}` : query.type ? sql`and r.type = ${query.type}` : sql``}
    ${query.since ? sql`and r.updated_at >= ${query.since}` : sql``}
    ${
      query.after
        ? sql`and (r.updated_at, r.id, r.version) < (${query.after.updatedAt}, ${query.after.id}::uuid, ${query.after.version})`
        : sql``
    }`;
  const { rows } = await deps.database.read<RawRow>(
    access.settings,
    sql`select * from (
        (select ${ROW_COLUMNS} from resource r where ${where()} order by r.updated_at desc, r.id desc, r.version desc limit ${query.count})
        union all
        (select ${ROW_COLUMNS} from history r where ${where()} order by r.updated_at desc, r.id desc, r.version desc limit ${query.count})
      ) r order by r.updated_at desc, r.id desc, r.version desc limit ${query.count}`,
  );
  const found = rows.map(toStoredRow);
  await auditRead(deps, access, 'history', found);
  return found;
}

/** One audit row per person whose record was answered; definitions and other impersonal rows leave none. */
export async function auditRead(
  deps: StoreDeps,
  access: Access,
  action: string,
  rows: readonly StoredRow[],
): Promise<void> {
  const at = deps.clock.now();
  const byPatient = new Map<string, StoredRow[]>();
  for (const row of rows) {
    if (row.patient === null) continue;
    const group = byPatient.get(row.patient);
    if (group) group.push(row);
    else byPatient.set(row.patient, [row]);
  }
  const waits = [...byPatient.values()].map((group) => {
    const first = group[0]!;
    const entity = { type: first.type, id: first.fhirId, version: first.version };
    return deps.auditBuffer.add(
      auditRow(access, at, {
        action,
        patient: first.patient,
        entity,
        ...(group.length > 1 ? { text: `${group.length} resources` } : {}),
      }),
    );
  });
  await Promise.all(waits);
}
