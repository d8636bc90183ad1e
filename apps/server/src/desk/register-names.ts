// Names in an imported file: a person or house may be written by its name or by its reference; both must exist.
import { ok, type Result, refuse } from '@yimai/kit';
import type { RegisterDeclaration } from '@yimai/runtime';
import type { DeskDeps, Reader } from './desk-deps.ts';
import { byIds, nameIn, searchPage, searchValue } from './resources.ts';
import type { Sheet } from './sheet.ts';

/** What a text in the file points to, or why it points to nothing. */
export type ReferencesByText = ReadonlyMap<string, Result<string>>;

const TYPES = { person: 'Practitioner', organisation: 'Organization' } as const;

export async function resolveNames(
  deps: DeskDeps,
  reader: Reader,
  declared: RegisterDeclaration,
  sheet: Sheet,
): Promise<ReferencesByText> {
  const found = new Map<string, Result<string>>();
  for (const kind of ['person', 'organisation'] as const) {
    const texts = textsOf(declared, sheet, kind);
    const written = texts.filter((text) => text.startsWith(`${TYPES[kind]}/`));
    const known = await byIds(
      deps,
      reader.access,
      TYPES[kind],
      written.map((text) => text.split('/')[1]!),
    );
    for (const text of written) if (known.has(text.split('/')[1]!)) found.set(text, ok(text));
    for (const text of texts)
      if (!text.includes('/')) found.set(text, await byName(deps, reader, TYPES[kind], text));
  }
  return found;
}

function textsOf(declared: RegisterDeclaration, sheet: Sheet, kind: keyof typeof TYPES): string[] {
  const fields = Object.entries(declared.fields).filter(([, field]) => field.type === kind);
  const columns = sheet.heads.flatMap((head, index) => {
    const wanted = head.trim().toLowerCase();
    const fits = fields.some(([name, field]) =>
      [name, field.title.zh, field.title.en].some((each) => each.toLowerCase() === wanted),
    );
    return fits ? [index] : [];
  });
  const texts = sheet.rows.flatMap((row) => columns.map((column) => String(row.cells[column] ?? '').trim()));
  return [...new Set(texts)].filter((text) => text !== '');
}

async function byName(deps: DeskDeps, reader: Reader, type: string, name: string): Promise<Result<string>> {
  const page = await searchPage(deps, reader.access, type, `name:contains=${searchValue(name)}&_count=20`);
  const same = page.items.filter((each) => nameIn(each.resource) === name);
  if (same.length === 1) return ok(`${type}/${same[0]!.row.fhirId}`);
  return same.length === 0
    ? refuse('name-unknown', { zh: `没有找到“${name}”`, en: `"${name}" was not found` })
    : refuse('name-ambiguous', {
        zh: `有 ${same.length} 个“${name}”，请改写编号，如 ${type}/…`,
        en: `there are ${same.length} called "${name}"; write the reference instead, such as ${type}/…`,
      });
}
