// Rows of a register as of a day, kept to those whose entry the reader may see in the record.
import type { Said } from '@yimai/desk/contract';
import type { CaseData } from '@yimai/loops';
import { and, sql } from '@yimai/postgres';
import type { RegisterDeclaration } from '@yimai/runtime';
import { type CodeWords, codeWord } from './code-words.ts';
import type { DeskDeps, Reader } from './desk-deps.ts';
import { byIds } from './resources.ts';
import { allWords, inOne, plainWords } from './words.ts';

export interface EntryRow {
  readonly id: string;
  readonly key: string;
  readonly from_date: string;
  readonly to_date: string | null;
  readonly data: CaseData;
}

export interface RegisterQuery {
  readonly register: string;
  readonly on: string;
  readonly text?: string | undefined;
  /** Entries that the text finds by pinyin or initials. */
  readonly spelled?: readonly string[];
  readonly after?: string | undefined;
  readonly count: number;
}

/** In force on the day (both ends belong to an entry), by key. */
export async function entriesOn(deps: DeskDeps, query: RegisterQuery): Promise<EntryRow[]> {
  const { rows } = await deps.database.run<EntryRow>(sql`select id, key, from_date::text as from_date,
      to_date::text as to_date, data
    from register_entry where ${and(conditions(query))} and key > ${query.after ?? ''} order by key limit ${query.count}`);
  return rows;
}

export async function countOn(deps: DeskDeps, query: RegisterQuery, most: number): Promise<number> {
  const { rows } = await deps.database.run<{ count: number }>(sql`select count(*)::int as count from (select 1
    from register_entry where ${and(conditions(query))} limit ${most}) e`);
  return rows[0]?.count ?? 0;
}

function conditions(query: RegisterQuery) {
  return [
    sql`register = ${query.register}`,
    sql`from_date <= ${query.on}::date`,
    sql`(to_date is null or to_date >= ${query.on}::date)`,
    ...(query.text
      ? [
          sql`(position(lower(${query.text}::text) in lower(data::text)) > 0
            or id = any(${[...(query.spelled ?? [])]}::text[]))`,
        ]
      : []),
  ];
}

/** Ids of entries that the reader may see. */
export async function readableEntries(
  deps: DeskDeps,
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  return new Set((await byIds(deps, reader.access, 'Basic', ids)).keys());
}

export async function readableOn(deps: DeskDeps, reader: Reader, query: RegisterQuery): Promise<EntryRow[]> {
  const rows = await entriesOn(deps, query);
  const readable = await readableEntries(
    deps,
    reader,
    rows.map((row) => row.id),
  );
  return rows.filter((row) => readable.has(row.id));
}

/** Every version of one object, newest first, as far as the reader may see them. */
export async function storyRows(
  deps: DeskDeps,
  reader: Reader,
  register: string,
  key: string,
): Promise<EntryRow[]> {
  const { rows } = await deps.database.run<EntryRow>(sql`select id, key, from_date::text as from_date,
      to_date::text as to_date, data
    from register_entry where register = ${register} and key = ${key} order by from_date desc, id desc limit 200`);
  const readable = await readableEntries(
    deps,
    reader,
    rows.map((row) => row.id),
  );
  return rows.filter((row) => readable.has(row.id));
}

/** A cell as people read it on a screen, in both languages. */
export function cellWords(
  { register, codes }: { readonly register: RegisterDeclaration; readonly codes: CodeWords },
  field: string,
  data: CaseData,
  names: ReadonlyMap<string, string>,
): Said | null {
  const value = data[field];
  if (value === undefined || value === null || value === '') return null;
  const words = [value]
    .flat()
    .map(
      (one) =>
        register.fields[field]?.codes?.[String(one)] ?? codeWord(codes, field, one) ?? plainWords(one, names),
    );
  return inOne(allWords(words));
}

/** A cell in words as a file keeps it: read in again it is the same. */
export function cellOf(
  register: RegisterDeclaration,
  field: string,
  data: CaseData,
  names: ReadonlyMap<string, string>,
): string | null {
  const value = data[field];
  if (value === undefined || value === null || value === '') return null;
  const declared = register.fields[field];
  return [value]
    .flat()
    .map(
      (one) =>
        declared?.codes?.[String(one)]?.zh ??
        names.get(String(one)) ??
        (one === true ? '是' : one === false ? '否' : String(one)),
    )
    .join('、');
}

/** References in these rows, for their names. */
export function referencesOf(register: RegisterDeclaration, rows: readonly EntryRow[]): string[] {
  const fields = Object.entries(register.fields).flatMap(([name, field]) =>
    field.type === 'organisation' || field.type === 'person' || field.type === 'reference' ? [name] : [],
  );
  return rows.flatMap((row) => fields.flatMap((field) => [row.data[field] ?? []].flat().map(String)));
}
