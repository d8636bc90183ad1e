// A list of organisations as people write it in a sheet: each wrong row is told with its column and the reason.
import type { ImportError, Organisation, OrganisationEntry } from '@yimai/desk/contract';
import {
  kindNamed,
  LEVEL_NAMES,
  levelNamed,
  OFFICE_NAMES,
  ORGANISATION_KINDS,
  officeNamed,
} from './organisation-kinds.ts';
import type { Sheet } from './sheet.ts';
import {
  type Faults,
  faults,
  ID_FORM,
  listed,
  type NamedRow,
  namedRows,
  type SheetColumn,
} from './sheet-rows.ts';

const words = (names: readonly { zh: string; en: string }[]) => ({
  zh: names.map((name) => name.zh).join('、'),
  en: names.map((name) => name.en).join(', '),
});
const LEVELS = words(Object.values(LEVEL_NAMES));
const KINDS = words(ORGANISATION_KINDS.map((kind) => kind.name));

export const ORGANISATION_COLUMNS: readonly SheetColumn[] = [
  {
    id: 'id',
    name: { zh: '编号', en: 'Number' },
    also: ['机构编号', '机构代码', 'code'],
    required: true,
    help: { zh: '字母、数字、点、短横，全县不重复', en: 'letters, digits, dots, dashes; unique' },
  },
  {
    id: 'name',
    name: { zh: '名称', en: 'Name' },
    also: ['机构名称'],
    required: true,
    help: { zh: '全称', en: 'in full' },
  },
  {
    id: 'level',
    name: { zh: '级别', en: 'Level' },
    required: true,
    help: { zh: `任一：${LEVELS.zh}`, en: `one of: ${LEVELS.en}` },
  },
  {
    id: 'parent',
    name: { zh: '上级机构', en: 'Above' },
    also: ['上级', '上级编号', 'parent'],
    help: { zh: '上级的编号或名称；最上一级留空', en: 'number or name of the one above; empty at the top' },
  },
  {
    id: 'kind',
    name: { zh: '类别', en: 'Kind' },
    also: ['机构类别'],
    help: { zh: `任一：${KINDS.zh}`, en: `one of: ${KINDS.en}` },
  },
  {
    id: 'offices',
    name: { zh: '承担职能', en: 'Duties' },
    also: ['职能'],
    help: {
      zh: `流程按此找到办事机构，可填多个：${words(Object.values(OFFICE_NAMES)).zh}`,
      en: `how loops find it, several allowed: ${words(Object.values(OFFICE_NAMES)).en}`,
    },
  },
];

export interface KnownOrganisations {
  readonly all: readonly Organisation[];
  readonly offices: readonly string[];
}

interface ReadOrganisation {
  readonly row: number;
  readonly entry: OrganisationEntry;
}

/** Parents before children. */
export function readOrganisations(
  sheet: Sheet,
  known: KnownOrganisations,
): { entries: ReadOrganisation[]; errors: readonly ImportError[] } {
  const found = faults();
  const rows = uniqueRows(namedRows(sheet, ORGANISATION_COLUMNS, found), found);
  const byId = new Map(rows.map((row) => [row.cell('id'), row]));
  const idsByName = namesOf(rows, known.all);
  const drafts = rows.flatMap((row): ReadOrganisation[] => {
    const level = levelNamed(row.cell('level'));
    const kind = row.cell('kind') === '' ? null : kindNamed(row.cell('kind'));
    const parent = parentOf(row, byId, known.all, idsByName, found);
    const offices = officesOf(row, known, found);
    if (!level)
      found.add(row.row, '级别', row.cell('level'), `应为${LEVELS.zh}之一`, `should be one of ${LEVELS.en}`);
    if (kind === undefined)
      found.add(row.row, '类别', row.cell('kind'), `应为${KINDS.zh}之一`, `should be one of ${KINDS.en}`);
    if (!level || kind === undefined || parent === undefined || offices === undefined) return [];
    const entry = {
      id: row.cell('id'),
      name: row.cell('name'),
      level,
      kind: kind?.code ?? null,
      parent,
      offices,
    };
    return [{ row: row.row, entry: { ...entry, isNew: !known.all.some((each) => each.id === entry.id) } }];
  });
  const entries = inOrder(drafts, known.all, found);
  return { entries, errors: found.all.sort((a, b) => a.row - b.row) };
}

function uniqueRows(rows: readonly NamedRow[], found: Faults): NamedRow[] {
  const seen = new Map<string, number>();
  return rows.filter((row) => {
    const id = row.cell('id');
    const earlier = seen.get(id);
    if (!ID_FORM.test(id))
      found.add(row.row, '编号', id, '只能用字母、数字、点和短横', 'letters, digits, dots and dashes only');
    else if (earlier !== undefined)
      found.add(row.row, '编号', id, `与第 ${earlier} 行重复`, `the same number as row ${earlier}`);
    else {
      seen.set(id, row.row);
      return true;
    }
    return false;
  });
}

function namesOf(rows: readonly NamedRow[], all: readonly Organisation[]): ReadonlyMap<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  const add = (name: string, id: string) => ids.set(name, (ids.get(name) ?? new Set()).add(id));
  for (const each of all) add(each.name, each.id);
  for (const row of rows) add(row.cell('name'), row.cell('id'));
  return ids;
}

/** Null at the top; undefined when what is written points to nothing. */
function parentOf(
  row: NamedRow,
  byId: ReadonlyMap<string, NamedRow>,
  all: readonly Organisation[],
  idsByName: ReadonlyMap<string, Set<string>>,
  found: Faults,
): string | null | undefined {
  const text = row.cell('parent');
  if (text === '') return null;
  if (byId.has(text) || all.some((each) => each.id === text)) return text;
  const ids = [...(idsByName.get(text) ?? [])];
  if (ids.length === 1) return ids[0]!;
  if (ids.length === 0)
    found.add(
      row.row,
      '上级机构',
      text,
      '没有这个编号或名称的机构',
      'no organisation of this number or name',
    );
  else
    found.add(
      row.row,
      '上级机构',
      text,
      '同名机构不止一个，请写编号',
      'several have this name; write the number',
    );
  return undefined;
}

function officesOf(row: NamedRow, known: KnownOrganisations, found: Faults): string[] | undefined {
  const offices: string[] = [];
  for (const text of listed(row.cell('offices'))) {
    const office = officeNamed(text, [...new Set([...known.offices, ...Object.keys(OFFICE_NAMES)])]);
    const holder = known.all.find((each) => office && each.offices.includes(office));
    if (office === undefined) {
      const choices = words(Object.values(OFFICE_NAMES));
      found.add(row.row, '承担职能', text, `应为：${choices.zh}`, `should be one of: ${choices.en}`);
      return undefined;
    }
    if (holder && holder.id !== row.cell('id')) {
      found.add(row.row, '承担职能', text, `“${holder.name}”已承担`, `"${holder.name}" holds it already`);
      return undefined;
    }
    offices.push(office);
  }
  return offices;
}

/** Those whose parents stand, parents first; a row below a wrong row or in a circle is wrong too. */
function inOrder(
  drafts: readonly ReadOrganisation[],
  all: readonly Organisation[],
  found: Faults,
): ReadOrganisation[] {
  const standing = new Set(all.map((each) => each.id));
  for (const { entry } of drafts) standing.delete(entry.id);
  const ordered: ReadOrganisation[] = [];
  let waiting = [...drafts];
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length;
    const ready = waiting.filter(({ entry }) => entry.parent === null || standing.has(entry.parent));
    for (const each of ready) standing.add(each.entry.id);
    ordered.push(...ready);
    waiting = waiting.filter(({ entry }) => !standing.has(entry.id));
  }
  for (const { row, entry } of waiting)
    found.add(
      row,
      '上级机构',
      entry.parent,
      '上级机构所在的行有误，或上下级互为上级',
      'the row of the one above is wrong, or the two stand above each other',
    );
  return ordered;
}
