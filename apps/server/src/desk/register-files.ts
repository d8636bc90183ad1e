// Registers as files: export of what is seen, an empty template, import with a preview that names every faulty row.
import type { ImportDone, ImportError, ImportPreview } from '@yimai/desk/contract';
import { chinaDate, isLocalDate, must, ok, type Uuid, uuidv7 } from '@yimai/kit';
import type { CaseData } from '@yimai/loops';
import { checkEntry, keyOf, type RegisterDeclaration } from '@yimai/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { bad, bodyOf, choiceOf, notPermitted } from './read-body.ts';
import { type ReferencesByText, resolveNames } from './register-names.ts';
import { cellOf, type EntryRow, entriesOn, readableOn, referencesOf } from './register-rows.ts';
import { columnsOf, declaredRegister, queryOf, spelledOut } from './registers.ts';
import { namesOf } from './resources.ts';
import { readSheet, type Sheet, sheetBytes } from './sheet.ts';

const FILE_MAX = 30 * 1024 * 1024;
const EXPORT_PAGE = 1000;
const EXPORT_MAX = 200_000;
const IMPORT_CHUNK = 5_000;
const SAMPLE = 8;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/registers/:id/export', async (request, reply) => {
    const reader = await readerOf(deps, request);
    const declared = declaredRegister(deps, (request.params as { id: string }).id);
    const kind = choiceOf(bodyOf(request.body), 'kind', ['xlsx', 'csv'] as const, 'xlsx');
    const rows = await allRows(deps, reader, declared, request.body);
    return reply.type(TYPES[kind]).send(await sheetBytes(kind, declared.title.zh, rows));
  });
  app.post('/desk/registers/:id/template', async (request, reply) => {
    await readerOf(deps, request);
    const declared = declaredRegister(deps, (request.params as { id: string }).id);
    const heads = columnsOf(declared).map((column) => column.name.zh);
    return reply.type(TYPES.xlsx).send(await sheetBytes('xlsx', declared.title.zh, [heads]));
  });
  app.post('/desk/registers/:id/import', { bodyLimit: FILE_MAX }, async (request): Promise<ImportPreview> => {
    const { reader, declared, sheet } = await uploaded(deps, request);
    const read = await readAll(deps, reader, declared, sheet);
    const same = await countSame(deps, reader, declared, read.entries);
    return {
      rows: sheet.rows.length,
      good: read.entries.length - same,
      same,
      errors: read.errors,
      columns: sheet.heads,
      sample: sheet.rows.slice(0, SAMPLE).map((row) => row.cells.map((cell) => String(cell ?? ''))),
    };
  });
  app.post(
    '/desk/registers/:id/import/store',
    { bodyLimit: FILE_MAX },
    async (request): Promise<ImportDone> => {
      const { reader, declared, sheet } = await uploaded(deps, request);
      return storeEntries(deps, reader, declared, await readAll(deps, reader, declared, sheet));
    },
  );
}

export const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;

async function allRows(
  deps: DeskDeps,
  reader: Reader,
  declared: RegisterDeclaration,
  body: unknown,
): Promise<string[][]> {
  const columns = columnsOf(declared);
  const lines: string[][] = [[...columns.map((column) => column.name.zh), '生效日期', '终止日期']];
  let query = {
    ...(await spelledOut(deps, queryOf(declared, body, reader))),
    after: undefined as string | undefined,
    count: EXPORT_PAGE,
  };
  while (lines.length < EXPORT_MAX) {
    const [raw, rows] = await Promise.all([entriesOn(deps, query), readableOn(deps, reader, query)]);
    const names = await namesOf(deps, reader, referencesOf(declared, rows));
    for (const row of rows) {
      const cells = columns.map((column) => cellOf(declared, column.id, row.data, names) ?? '');
      lines.push([...cells, row.from_date, row.to_date ?? '']);
    }
    if (raw.length < EXPORT_PAGE) break;
    query = { ...query, after: raw.at(-1)!.key };
  }
  return lines;
}

async function uploaded(deps: DeskDeps, request: FastifyRequest) {
  const reader = await readerOf(deps, request);
  const declared = declaredRegister(deps, (request.params as { id: string }).id);
  if (!declared.by.includes(reader.actor.role)) throw notPermitted();
  const part = await request.file({ limits: { fileSize: FILE_MAX, files: 1 } });
  if (!part) throw bad('file', '没有收到文件', 'no file came');
  return { reader, declared, sheet: must(await readSheet(await part.toBuffer(), part.filename)) };
}

/** Names of people and houses in the file become references first; the rest is read row by row. */
async function readAll(
  deps: DeskDeps,
  reader: Reader,
  declared: RegisterDeclaration,
  sheet: Sheet,
): Promise<ReadEntries> {
  const found = await resolveNames(deps, reader, declared, sheet);
  return readEntries(declared, sheet, chinaDate(reader.now), found);
}

interface ReadEntry {
  readonly row: number;
  readonly entry: CaseData;
}

interface ReadEntries {
  readonly entries: readonly ReadEntry[];
  readonly errors: readonly ImportError[];
}

/** Columns are known by their title in either language or by their name; strangers are left out. */
export function readEntries(
  declared: RegisterDeclaration,
  sheet: Sheet,
  today: string,
  references: ReferencesByText = new Map(),
): ReadEntries {
  const columns = sheet.heads.map((head) => fieldNamed(declared, head));
  const missing = declared.key.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const titles = missing.map((name) => declared.fields[name]?.title ?? { zh: name, en: name });
    throw bad(
      'file',
      `缺少列“${titles.map((title) => title.zh).join('”“')}”`,
      `columns missing: ${titles.map((title) => title.en).join(', ')}`,
    );
  }
  const entries: ReadEntry[] = [];
  const errors: ImportError[] = [];
  const seen = new Map<string, number>();
  for (const { row, cells } of sheet.rows) {
    const entry: Record<string, CaseData[string]> = {};
    const faults: ImportError[] = [];
    for (const [index, field] of columns.entries()) {
      if (field === null) continue;
      const read = cellValue(declared.fields[field]!, cells[index], references);
      if (read.ok) {
        if (read.value !== null) entry[field] = read.value;
      } else
        faults.push({
          row,
          column: sheet.heads[index] ?? field,
          value: String(cells[index] ?? ''),
          detail: read.refusal.detail ?? { zh: '', en: '' },
        });
    }
    const called = declared.key.map((field) => String(cells[columns.indexOf(field)] ?? '')).join(' ');
    if (faults.length === 0) faults.push(...wholeFaults(declared, { row, entry, called }, seen, today));
    if (faults.length > 0) errors.push(...faults);
    else entries.push({ row, entry });
  }
  return { entries, errors };
}

/** `called`: what the row is about, as it stands in the file. */
function wholeFaults(
  declared: RegisterDeclaration,
  { row, entry, called }: { readonly row: number; readonly entry: CaseData; readonly called: string },
  seen: Map<string, number>,
  today: string,
): ImportError[] {
  const sound = checkEntry(declared, entry, today);
  if (!sound.ok) {
    const field = sound.refusal.at?.split('.').at(-1) ?? '';
    const column = declared.fields[field]?.title.zh ?? null;
    return [
      {
        row,
        column,
        value: null,
        detail: sound.refusal.detail ?? { zh: sound.refusal.code, en: sound.refusal.code },
      },
    ];
  }
  const key = keyOf(declared, entry);
  const earlier = seen.get(key);
  seen.set(key, earlier ?? row);
  return earlier === undefined
    ? []
    : [
        {
          row,
          column: null,
          value: called,
          detail: { zh: `与第 ${earlier} 行重复`, en: `the same object as row ${earlier}` },
        },
      ];
}

function fieldNamed(declared: RegisterDeclaration, head: string): string | null {
  const wanted = head.trim().toLowerCase();
  const found = Object.entries(declared.fields).find(([name, field]) =>
    [name, field.title.zh, field.title.en].some((each) => each.toLowerCase() === wanted),
  );
  return found?.[0] ?? null;
}

const no = (zh: string, en: string) => ({
  ok: false as const,
  refusal: { code: 'cell-invalid', detail: { zh, en } },
});

function cellValue(
  field: RegisterDeclaration['fields'][string],
  cell: unknown,
  references: ReferencesByText,
) {
  const text = cell === null || cell === undefined ? '' : String(cell).trim();
  if (text === '') return ok(null);
  if (field.codes) {
    const found = Object.entries(field.codes).find(([code, title]) =>
      [code, title.zh, title.en].includes(text),
    );
    const choices = Object.values(field.codes).map((title) => title.zh);
    return found
      ? ok(found[0])
      : no(`“${text}”不在可选项内：${choices.join('、')}`, `"${text}" is not one of ${choices.join(', ')}`);
  }
  switch (field.type) {
    case 'number': {
      const number = typeof cell === 'number' ? cell : Number(text.replaceAll(',', ''));
      return Number.isFinite(number) ? ok(number) : no(`“${text}”不是数字`, `"${text}" is not a number`);
    }
    case 'yes-no':
      if (/^(是|y|yes|true|1)$/i.test(text)) return ok(true);
      return /^(否|n|no|false|0)$/i.test(text)
        ? ok(false)
        : no(`“${text}”应为 是 或 否`, `"${text}" should be yes or no`);
    case 'date': {
      const date = text.replace(
        /^(\d{4})[年./](\d{1,2})[月./](\d{1,2})日?$/,
        (_, y, m, d) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
      );
      return isLocalDate(date)
        ? ok(date)
        : no(`“${text}”不是存在的日期，应写作 2026-03-05`, `"${text}" is not a date; write 2026-03-05`);
    }
    case 'person':
    case 'organisation':
      return references.get(text) ?? no(`没有找到“${text}”`, `"${text}" was not found`);
    case 'list':
      return ok(text.split(/[、,，;；]/).map((one) => one.trim()));
    default:
      return ok(text);
  }
}

async function countSame(
  deps: DeskDeps,
  reader: Reader,
  declared: RegisterDeclaration,
  entries: readonly ReadEntry[],
): Promise<number> {
  const all: EntryRow[] = [];
  for (let after: string | undefined; ; after = all.at(-1)!.key) {
    const page = await entriesOn(deps, {
      register: declared.id,
      on: chinaDate(reader.now),
      after,
      count: EXPORT_PAGE,
    });
    all.push(...page);
    if (page.length < EXPORT_PAGE) break;
  }
  const known = new Map(all.map((row) => [row.key, fingerprint(row.data)]));
  return entries.filter(({ entry }) => known.get(keyOf(declared, entry)) === fingerprint(entry)).length;
}

const fingerprint = (data: CaseData): string =>
  JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));

interface Stored {
  readonly added: number;
  readonly amended: number;
  readonly unchanged: number;
  readonly refused: readonly {
    readonly row: number;
    readonly at?: string;
    readonly detail?: { zh: string; en: string };
  }[];
}

async function storeEntries(
  deps: DeskDeps,
  reader: Reader,
  declared: RegisterDeclaration,
  read: ReadEntries,
): Promise<ImportDone> {
  const refused: ImportError[] = [...read.errors];
  let stored = 0;
  let same = 0;
  for (let at = 0; at < read.entries.length; at += IMPORT_CHUNK) {
    const chunk = read.entries.slice(at, at + IMPORT_CHUNK);
    const command = {
      id: uuidv7(reader.now.getTime()) as Uuid,
      type: 'register.import',
      occurredAt: reader.now.toISOString(),
      actingAs: { org: reader.org, role: reader.actor.role },
      payload: { register: declared.id, rows: chunk.map((each) => each.entry) },
    };
    const answer = await deps.record.commands.execute(command, async () => ok(reader.access));
    if (answer.outcome !== 'applied') {
      const detail = answer.refusal?.detail ?? { zh: '未能存入', en: 'could not be stored' };
      for (const each of chunk) refused.push({ row: each.row, column: null, value: null, detail });
      continue;
    }
    const result = answer.result as Stored;
    stored += result.added + result.amended;
    same += result.unchanged;
    for (const one of result.refused) {
      refused.push({
        row: chunk[one.row - 1]?.row ?? 0,
        column: null,
        value: null,
        detail: one.detail ?? { zh: '未能存入', en: 'refused' },
      });
    }
  }
  return { stored, same, refused };
}
