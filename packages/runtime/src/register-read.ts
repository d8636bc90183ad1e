// Reading registers: as of a day, the story of one object, counts by a field, and what a set of objects still lacks.
import type { CaseData } from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';

export interface Entry {
  readonly id: string;
  readonly key: string;
  readonly from: string;
  readonly to: string | null;
  readonly data: CaseData;
}

interface Row {
  id: string;
  key: string;
  from_date: string;
  to_date: string | null;
  data: CaseData;
}

const toEntry = (row: Row): Entry => ({
  id: row.id,
  key: row.key,
  from: row.from_date,
  to: row.to_date,
  data: row.data,
});

/** Entries in force on a day, by key; both the first and the last day belong to an entry. */
export async function registerOn(
  database: Database,
  register: string,
  on: string,
  page: { readonly after?: string; readonly limit: number } = { limit: 10_000 },
): Promise<Entry[]> {
  const { rows } =
    await database.run<Row>(sql`select id, key, from_date::text as from_date, to_date::text as to_date, data
    from register_entry where register = ${register} and from_date <= ${on}::date
      and (to_date is null or to_date >= ${on}::date) and key > ${page.after ?? ''}
    order by key limit ${page.limit}`);
  return rows.map(toEntry);
}

/** The whole story of one object. */
export async function storyOf(database: Database, register: string, key: string): Promise<Entry[]> {
  const { rows } =
    await database.run<Row>(sql`select id, key, from_date::text as from_date, to_date::text as to_date, data
    from register_entry where register = ${register} and key = ${key} order by from_date, id`);
  return rows.map(toEntry);
}

export interface Counted {
  readonly value: string;
  readonly entries: number;
}

/** How many entries in force on a day carry each value of a field. */
export async function countBy(
  database: Database,
  register: string,
  field: string,
  on: string,
): Promise<Counted[]> {
  const { rows } = await database.run<{
    value: string;
    entries: number;
  }>(sql`select coalesce(data ->> ${field}::text, '') as value,
      count(*)::int as entries
    from register_entry where register = ${register} and from_date <= ${on}::date and (to_date is null or to_date >= ${on}::date)
    group by 1 order by 1`);
  return rows;
}

export async function sumOf(
  database: Database,
  register: string,
  field: string,
  from: string,
  to: string,
): Promise<number> {
  const { rows } = await database.run<{
    total: number;
  }>(sql`select coalesce(sum((data ->> ${field}::text)::numeric), 0)::float8 as total
    from register_entry where register = ${register} and from_date between ${from}::date and ${to}::date`);
  return rows[0]?.total ?? 0;
}

export interface Coverage {
  readonly covered: number;
  readonly all: number;
  readonly missing: readonly string[];
}

/** "X of Y, these are missing": keys of one register that no entry of another names in its field. */
export async function coverageOf(
  database: Database,
  of: { readonly register: string },
  by: { readonly register: string; readonly field: string },
  on: string,
): Promise<Coverage> {
  const { rows } = await database.run<{ key: string; covered: boolean }>(sql`select o.key, exists (
      select 1 from register_entry e where e.register = ${by.register} and e.data ->> ${by.field}::text = o.key
        and e.from_date <= ${on}::date and (e.to_date is null or e.to_date >= ${on}::date)) as covered
    from register_entry o where o.register = ${of.register} and o.from_date <= ${on}::date
      and (o.to_date is null or o.to_date >= ${on}::date) order by o.key`);
  const missing = rows.filter((row) => !row.covered).map((row) => row.key);
  return { covered: rows.length - missing.length, all: rows.length, missing };
}
