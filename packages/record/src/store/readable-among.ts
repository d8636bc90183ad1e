// Which of many resources a reader may see, in one statement: for counting them, where none of their content is shown.
import { rowKey } from '@yimai/fhir';
import { sql } from '@yimai/postgres';
import type { Access } from '../types.ts';
import type { StoreDeps } from './deps.ts';

/** Ids of current resources. Nothing is audited: who shows more than a count reads those resources themselves. */
export async function readableAmong(
  deps: Pick<StoreDeps, 'database'>,
  access: Access,
  type: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const readable = (access.readableOfMany ?? access.readable)('r');
  const { rows } = await deps.database.read<{ id: string }>(
    access.settings,
    sql`select r.fhir_id as id from resource r
      where r.id = any(${ids.map((id) => rowKey(type, id))}::uuid[]) and not r.deleted and ${readable}`,
  );
  return new Set(rows.map(({ id }) => id));
}
