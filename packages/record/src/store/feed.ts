// The change feed: numbered rows in order, each once, under the reader's predicate. A reader keeps the last number that
// it was told (`next`), also when the rows up to there were not for its eyes.
import { type Fragment, sql } from '@yimai/postgres';
import type { Access } from '../types.ts';
import type { StoreDeps } from './deps.ts';

export interface Change {
  readonly seq: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly op: 'create' | 'update' | 'delete';
  readonly recordedAt: string;
  readonly command: string | null;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  /** Where to go on from: at least the last row answered. */
  readonly next: number;
}

interface ChangeRow {
  seq: number;
  type: string;
  fhir_id: string;
  version: number;
  op: Change['op'];
  recorded_at: Date;
  command: string | null;
}

export async function readChanges(
  deps: StoreDeps,
  access: Access,
  since: number,
  limit: number,
  narrow: Fragment | null = null,
): Promise<ChangePage> {
  const { rows } = await deps.database.read<ChangeRow & { head: number }>(
    access.settings,
    sql`with head as (select change_seq from sequencer)
      select c.seq, c.type, c.fhir_id, c.version, c.op, c.recorded_at, c.command, h.change_seq as head
      from head h left join lateral (
        select c.* from change c where c.seq > ${since} and c.seq <= h.change_seq and ${access.readable('c')}
          ${narrow ? sql`and ${narrow}` : sql``} order by c.seq limit ${limit}) c on true
      order by c.seq`,
  );
  const head = rows[0]?.head ?? since;
  const found = rows.filter((row) => row.seq !== null);
  const last = found.at(-1)?.seq;
  return {
    changes: found.map((row) => ({
      seq: row.seq,
      type: row.type,
      id: row.fhir_id,
      version: row.version,
      op: row.op,
      recordedAt: row.recorded_at.toISOString(),
      command: row.command,
    })),
    next: found.length >= limit && last !== undefined ? last : Math.max(head, since),
  };
}
