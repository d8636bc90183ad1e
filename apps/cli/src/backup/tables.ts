// The tables of one consortium: in which order they may be filled, and what stands in them as a count and a digest.
import type pg from 'pg';

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Tables of the schema, those that others point to first; the bookkeeping of migrations is told by the manifest. */
export async function tablesOf(client: pg.ClientBase, schema: string): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] }>(
    `select c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       (select coalesce(array_agg(r.relname::text), '{}') from pg_constraint k join pg_class r on r.oid = k.confrelid
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind = 'r' and c.relname <> 'migration' order by c.relname`,
    [schema],
  );
  const sorted: Table[] = [];
  const waiting = new Map(rows.map((row) => [row.name, row]));
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(({ needs }) => !needs.some((need) => waiting.has(need)));
    if (free.length === 0) throw new Error(`fault: the tables ${[...waiting.keys()]} point to each other`);
    for (const { name, columns } of free) {
      sorted.push({ name, columns });
      waiting.delete(name);
    }
  }
  return sorted;
}

export interface Content {
  readonly rows: number;
  readonly digest: string;
}

export async function contentOf(client: pg.ClientBase, table: Table): Promise<Content> {
  const row = `row(${table.columns.map(quoted).join(', ')})::text`;
  const { rows } = await client.query<{ rows: string; digest: string }>(
    `select count(*)::text as rows, coalesce(sum(hashtextextended(${row}, 0)::numeric), 0)::text as digest
     from ${quoted(table.name)}`,
  );
  return { rows: Number(rows[0]!.rows), digest: rows[0]!.digest };
}

export const columnList = (table: Pick<Table, 'columns'>): string => table.columns.map(quoted).join(', ');

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
