// Registers at the desk: the list of them, one as of a day with who is missing, and one object's file.
import type { Act, Column, Coverage, ObjectFile, RegisterPage, RegisterSummary } from '@yimai/desk/contract';
import { chinaDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { coverageOf, type RegisterDeclaration } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { formOfFields, wrap } from './acts.ts';
import { codesOfRegister } from './code-words.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { gradesOf, homesOf, nameOfEntry } from './field-objects.ts';
import { storyOf } from './object-story.ts';
import { registerSummary } from './programmes.ts';
import { bodyOf, countOf, dateOf, notFound, textOf } from './read-body.ts';
import {
  cellOf,
  cellWords,
  countOn,
  type EntryRow,
  type RegisterQuery,
  readableOn,
  referencesOf,
  storyRows,
} from './register-rows.ts';
import { entriesSpelled } from './register-spelling.ts';
import { namesOf } from './resources.ts';
import { itemsOfCases } from './work-items.ts';
import { type CaseRow, COUNT_MAX, casesAbout } from './work-rows.ts';

const PAGE = 100;
const MISSING_MAX = 500;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/registers', async (request): Promise<readonly RegisterSummary[]> => {
    const reader = await readerOf(deps, request);
    const counts = await entriesByRegister(deps, chinaDate(reader.now));
    const all = [...deps.runtime.registers.keys()].map((id) => ({
      ...registerSummary(deps, id),
      entries: counts.get(id) ?? 0,
    }));
    // Those that hold something come first, in the order of the catalogue.
    return [...all.filter((each) => each.entries > 0), ...all.filter((each) => each.entries === 0)];
  });
  app.post('/desk/registers/:id', async (request): Promise<RegisterPage> => {
    const reader = await readerOf(deps, request);
    const declared = declaredRegister(deps, (request.params as { id: string }).id);
    return pageOf(deps, reader, declared, await spelledOut(deps, queryOf(declared, request.body, reader)));
  });
  app.get('/desk/registers/:id/objects/:key', async (request): Promise<ObjectFile> => {
    const reader = await readerOf(deps, request);
    const { id, key } = request.params as { id: string; key: string };
    return objectOf(deps, reader, declaredRegister(deps, id), key);
  });
}

export function declaredRegister(deps: DeskDeps, id: string): RegisterDeclaration {
  const found = deps.runtime.registers.get(id);
  if (!found) throw notFound();
  return found;
}

export function queryOf(declared: RegisterDeclaration, value: unknown, reader: Reader): RegisterQuery {
  const body = bodyOf(value);
  return {
    register: declared.id,
    on: dateOf(body, 'asOf') ?? chinaDate(reader.now),
    text: textOf(body, 'text'),
    after: textOf(body, 'cursor', 2000),
    count: countOf(body, PAGE),
  };
}

/** The query with what its text finds by pinyin and initials. */
export async function spelledOut(deps: DeskDeps, query: RegisterQuery): Promise<RegisterQuery> {
  if (!query.text) return query;
  return { ...query, spelled: await entriesSpelled(deps.database, query.register, query.text) };
}

async function entriesByRegister(deps: DeskDeps, on: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await deps.database.run<{
    register: string;
    entries: number;
  }>(sql`select register, count(*)::int as entries
    from register_entry where from_date <= ${on}::date and (to_date is null or to_date >= ${on}::date) group by register`);
  return new Map(rows.map((row) => [row.register, row.entries]));
}

export const columnsOf = (declared: RegisterDeclaration): Column[] => {
  const named = Object.keys(declared.fields);
  const ordered = [...declared.key, ...named.filter((name) => !declared.key.includes(name))];
  return ordered.flatMap((id): Column[] => {
    const field = declared.fields[id];
    if (!field) return [];
    const kind = field.codes ? 'choice' : (KINDS[field.type] ?? 'text');
    return [{ id, name: field.title, kind }];
  });
};

const KINDS: Readonly<Record<string, Column['kind']>> = {
  number: 'number',
  date: 'date',
  organisation: 'organisation',
  'yes-no': 'yes-no',
};

async function pageOf(
  deps: DeskDeps,
  reader: Reader,
  declared: RegisterDeclaration,
  query: RegisterQuery,
): Promise<RegisterPage> {
  const [rows, total, coverage] = await Promise.all([
    readableOn(deps, reader, query),
    countOn(deps, query, COUNT_MAX + 1),
    coveragesOf(deps, reader, declared, query.on),
  ]);
  const names = await namesOf(deps, reader, referencesOf(declared, rows));
  const columns = columnsOf(declared);
  const codes = codesOfRegister(deps, declared.id);
  const mayWrite = declared.by.includes(reader.actor.role);
  return {
    register: { ...registerSummary(deps, declared.id), entries: total },
    columns,
    items: rows.map((row) => ({
      key: row.key,
      cells: columns.map((column) => cellWords({ register: declared, codes }, column.id, row.data, names)),
      effectiveFrom: row.from_date,
      effectiveTo: row.to_date,
    })),
    next: rows.length === query.count ? (rows.at(-1)?.key ?? null) : null,
    total: { count: Math.min(total, COUNT_MAX), more: total > COUNT_MAX },
    asOf: query.on,
    coverage,
    canImport: mayWrite,
    write: mayWrite ? writeAct(declared) : null,
  };
}

function writeAct(declared: RegisterDeclaration): Act {
  const fields = columnsOf(declared).map((column) => column.id);
  return {
    id: 'put',
    name: { zh: '登记', en: 'Add' },
    tone: 'main',
    form: wrap(formOfFields('entry', fields, declared.fields, declared.key), declared.fields, {}),
    needsReason: false,
    barred: null,
    command: { type: 'register.put', payload: { register: declared.id } },
    answersAs: 'entry',
    final: false,
  };
}

async function coveragesOf(
  deps: DeskDeps,
  reader: Reader,
  declared: RegisterDeclaration,
  on: string,
): Promise<Coverage[]> {
  const { covers } = declared;
  if (!covers) return [];
  const found = await coverageOf(
    deps.database,
    { register: covers.register },
    { register: declared.id, field: covers.field },
    on,
  );
  const missing = found.missing.slice(0, MISSING_MAX);
  const names = await namesOf(deps, reader, missing);
  const name = deps.runtime.registers.get(covers.register)?.title ?? {
    zh: covers.register,
    en: covers.register,
  };
  return [
    {
      name,
      have: found.covered,
      of: found.all,
      missing: missing.map((key) => ({ id: key, name: names.get(key) ?? key })),
    },
  ];
}

async function objectOf(
  deps: DeskDeps,
  reader: Reader,
  declared: RegisterDeclaration,
  key: string,
): Promise<ObjectFile> {
  const rows = await storyRows(deps, reader, declared.id, key);
  const newest = rows[0];
  if (!newest) throw notFound();
  const names = await namesOf(deps, reader, referencesOf(declared, rows));
  const codes = codesOfRegister(deps, declared.id);
  const factsOf = (row: EntryRow) =>
    columnsOf(declared).flatMap((column) => {
      const value = cellWords({ register: declared, codes }, column.id, row.data, names);
      return value === null ? [] : [{ label: column.name, value }];
    });
  const subject = declared.subject === undefined ? undefined : newest.data[declared.subject];
  const about = [
    typeof subject === 'string' ? subject : '',
    `Basic/${newest.id}`,
    isHome(deps, declared) ? key : '',
  ].filter((each) => each !== '');
  const cases: CaseRow[] = (await Promise.all(about.map((each) => casesAbout(deps.database, each)))).flat();
  return {
    register: registerSummary(deps, declared.id),
    title: isHome(deps, declared)
      ? nameOfEntry(declared, newest.data, key)
      : declared.key.map((name) => cellOf(declared, name, newest.data, names) ?? '').join(' '),
    facts: factsOf(newest),
    versions: rows.map((row) => ({
      at: `${row.from_date}T00:00:00+08:00`,
      who: null,
      effectiveFrom: row.from_date,
      effectiveTo: row.to_date,
      facts: factsOf(row),
    })),
    cases: await itemsOfCases(deps, reader, cases),
    ...(await historyOf(deps, reader, declared, key)),
  };
}

/** What stands beside the entries of an object in its domain: its grade, its checks, cases and other entries. */
async function historyOf(deps: DeskDeps, reader: Reader, declared: RegisterDeclaration, key: string) {
  const programme = deps.runtime.programmes.find((one) => one.registers.includes(declared));
  if (!programme) return { grade: null, story: [] };
  const [grades, story] = await Promise.all([
    gradesOf(deps, programme.domain, chinaDate(reader.now), key),
    storyOf(deps, reader, programme.domain, declared, key),
  ]);
  return { grade: grades.get(key) ?? null, story };
}

const isHome = (deps: DeskDeps, declared: RegisterDeclaration): boolean =>
  homesOf(deps).some((home) => home.register === declared);
