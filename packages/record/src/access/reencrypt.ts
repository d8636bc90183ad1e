// The job that follows a key rotation: rows still under an older key are closed again under the newest, page by page.
import type { Uuid } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';
import type { Fields } from './fields.ts';

const PAGE = 500;

/** Goes through current and earlier versions; may be stopped and started again, since done rows no longer change. */
export async function reencryptAll(
  database: Database,
  fields: Fields,
  onProgress: (done: number) => void = () => {},
): Promise<{ changed: number }> {
  let changed = 0;
  for (const table of ['resource', 'history'] as const) {
    let after = '00000000-0000-0000-0000-000000000000' as Uuid;
    let afterVersion = -1;
    for (;;) {
      const page = await database.tx({ 'app.reach': 'all', 'app.orgs': '' }, async (run) => {
        const { rows } = await run.run<{ id: Uuid; version: number; content: string }>(
          table === 'resource'
            ? sql`select id, version, content from resource
                where (id, version) > (${after}::uuid, ${afterVersion}::int) and content like '%"enc:v1:%'
                order by id, version limit ${PAGE} for update`
            : sql`select id, version, content from history
                where (id, version) > (${after}::uuid, ${afterVersion}::int) and content like '%"enc:v1:%'
                order by id, version limit ${PAGE}`,
        );
        for (const row of rows) {
          const text = fields.reencrypt(row.content);
          if (text === null) continue;
          changed += 1;
          await run.run(
            table === 'resource'
              ? sql`update resource set content = ${text} where id = ${row.id} and version = ${row.version}`
              : sql`update history set content = ${text} where id = ${row.id} and version = ${row.version}`,
          );
        }
        return rows;
      });
      onProgress(changed);
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      after = last.id;
      afterVersion = last.version;
    }
  }
  return { changed };
}
