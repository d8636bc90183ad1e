// The change feed together with the resources as they stand now: for followers inside the house that keep tables of
// their own from it (the views). Encrypted values stay closed; who follows acts for the system, not for a person.
import { type Database, sql } from '@yimai/postgres';
import type { Access } from '../types.ts';
import type { Change } from './feed.ts';

export interface ChangeWithContent extends Pick<Change, 'seq' | 'type' | 'id' | 'version' | 'op'> {
  /** The present version as JSON text; null when it is deleted, or of a type that was not asked for. */
  readonly content: string | null;
}

/** Changes after `since` in order, at most `limit`; contents only of the given types. */
export async function changesWithContent(
  database: Database,
  access: Access,
  since: number,
  limit: number,
  types: readonly string[],
): Promise<readonly ChangeWithContent[]> {
  const { rows } = await database.read<ChangeWithContent>(
    access.settings,
    sql`select c.seq, c.type, c.fhir_id as id, c.version, c.op, r.content::text as content
      from (select c.* from change c where c.seq > ${since}
          and c.seq <= (select change_seq from sequencer) and ${access.readable('c')}
        order by c.seq limit ${limit}) c
      left join resource r on r.id = c.resource and not r.deleted and c.type = any(${[...types]}::text[])
      order by c.seq`,
  );
  return rows;
}
