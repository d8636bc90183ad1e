// Reading registers: as of a day, the story of one object, counts and sums by fields, what a set of objects still lacks.
import type { CaseData, FieldValue } from '@yimai/loops';
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

/** Only entries whose fields hold these values. */
export type Where = Readonly<Record<string, FieldValue>>;

/** Entries in force on a day, by key; both the first and the last day belong to an entry. */
export async function registerOn(
  database: Database,
  register: string,
  on: string,
  page: { readonly after?: string; readonly limit: number; readonly where?: Where } = { limit: 10_000 },
): Promise<Entry[]> {
  const { rows } =
    await database.run<Row>(sql`select id, key, from_date::text as from_date, to_date::text as to_date, data
    from register_entry where register = ${register} and from_date <= ${on}::date
      and (to_date is null or to_date >= ${on}::date) and key > ${page.after ?? ''}
      and data @> ${JSON.stringify(page.where ?? {})}::jsonb
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

export interface Coverage {
  readonly covered: number;
  readonly all: number;
  readonly missing: readonly string[];
}

export interface CoveredBy {
  readonly register: string;
  /** Several fields stand for a key of several parts. */
  readonly field: string | readonly string[];
  /** Only entries that began on or after this day count: what was done in the period. */
  readonly since?: string;
  readonly where?: Where;
}

/** "X of Y, these are missing": keys of one register that no entry of another names in its field. */
export async function coverageOf(
  database: Database,
  of: { readonly register: string; readonly where?: Where },
  by: CoveredBy,
  on: string,
): Promise<Coverage> {
  const fields = typeof by.field === 'string' ? [by.field] : [...by.field];
  const { rows } = await database.run<{ key: string; covered: boolean }>(sql`with named as (
      select distinct array_to_string(array(select coalesce(e.data ->> f, '')
        from unnest(${fields}::text[]) with ordinality as n(f, i) order by i), '|') as key
      from register_entry e where e.register = ${by.register} and e.from_date <= ${on}::date
        and (e.to_date is null or e.to_date >= ${on}::date)
        and (${by.since ?? null}::date is null or e.from_date >= ${by.since ?? null}::date)
        and e.data @> ${JSON.stringify(by.where ?? {})}::jsonb)
    select distinct o.key, exists (select 1 from named n where n.key = o.key) as covered
    from register_entry o where o.register = ${of.register} and o.from_date <= ${on}::date
      and (o.to_date is null or o.to_date >= ${on}::date) and o.data @> ${JSON.stringify(of.where ?? {})}::jsonb
    order by o.key`);
  const missing = rows.filter((row) => !row.covered).map((row) => row.key);
  return { covered: rows.length - missing.length, all: rows.length, missing };
}
