// Finds rows that are the same case as another one, so that a case counts once however often it was written down.
import type { DuckDBConnection } from '@duckdb/node-api';
import { fromSql, membersOfSql, Params, type Question, repeatsTable } from './part-sql.ts';

/** Lays the repeated rows of a population down in its own temporary table; whether there are any. */
export async function layRepeats(connection: DuckDBConnection, asked: Question): Promise<boolean> {
  const { population } = asked;
  if (population.once === null) return false;
  const question: Question = { ...asked, part: { ...asked.part, filters: [], org: null, timing: null } };
  const params = new Params();
  const keys = population.once.columns.map((column) => `v."${column}"`);
  const names = keys.map((_, index) => `k${index}`).join(', ');
  const present = keys.map((key) => `${key} is not null`).join(' and ');
  const rows = `${fromSql([question])} where ${membersOfSql(question, params, false)} and ${present}`;
  const table = repeatsTable(population);
  // Hashes find the few suspects in one cheap pass; only these are compared by their real keys.
  await connection.run(
    `create or replace temp table ${table} as
    with suspects as (select hash(${keys.join(', ')}) as h from ${rows} group by h having count(*) > 1),
    several as (select v.rowid as row_id, v.resource_id, v."${population.once.order}" as sort_by,
        ${keys.map((key, index) => `${key} as k${index}`).join(', ')}
      from ${rows} and hash(${keys.join(', ')}) in (select h from suspects))
    select row_id from (select row_id, row_number() over (partition by ${names}
      order by sort_by desc nulls last, resource_id desc) as place from several) where place > 1`,
    params.values,
  );
  const reader = await connection.runAndReadAll(`select count(*) from ${table}`);
  return Number(reader.getRows()[0]![0]) > 0;
}
