// Rows of a sheet by named columns: heads are known in either language, every wrong cell is told with row and column.
import type { ImportError } from '@yimai/desk/contract';
import type { Text } from '@yimai/kit';
import { bad } from './read-body.ts';
import type { Sheet } from './sheet.ts';

export interface SheetColumn {
  readonly id: string;
  readonly name: Text;
  /** Other heads under which people write it. */
  readonly also?: readonly string[];
  readonly required?: boolean;
  /** What the template says under the head. */
  readonly help: Text;
}

export interface NamedRow {
  readonly row: number;
  /** What is written under a column; empty where nothing is. */
  readonly cell: (id: string) => string;
}

export interface Faults {
  readonly all: ImportError[];
  add(row: number, column: string | null, value: string | null, zh: string, en: string): void;
}

export function faults(): Faults {
  const all: ImportError[] = [];
  return { all, add: (row, column, value, zh, en) => all.push({ row, column, value, detail: { zh, en } }) };
}

/** Refuses a file without its required columns; a row without a required cell is a fault of that row. */
export function namedRows(sheet: Sheet, columns: readonly SheetColumn[], found: Faults): NamedRow[] {
  const places = new Map(columns.map((column) => [column.id, placeOf(sheet, column)]));
  const missing = columns.filter((column) => column.required && places.get(column.id) === -1);
  if (missing.length > 0) {
    const names = missing.map((column) => column.name);
    const zh = `缺少列“${names.map((name) => name.zh).join('”“')}”，请用模板`;
    throw bad('file', zh, `columns missing: ${names.map((name) => name.en).join(', ')}; use the template`);
  }
  const rows: NamedRow[] = [];
  for (const { row, cells } of sheet.rows) {
    const cell = (id: string): string => String(cells[places.get(id) ?? -1] ?? '').trim();
    const empty = columns.filter((column) => column.required && cell(column.id) === '');
    for (const column of empty) found.add(row, column.name.zh, '', '此格必填', 'this cell is required');
    if (empty.length === 0) rows.push({ row, cell });
  }
  return rows;
}

function placeOf(sheet: Sheet, column: SheetColumn): number {
  const names = [column.id, column.name.zh, column.name.en, ...(column.also ?? [])].map((name) =>
    name.toLowerCase(),
  );
  // A star after a head marks what is required in the template.
  return sheet.heads.findIndex((head) =>
    names.includes(
      head
        .replace(/\s*\*$/, '')
        .trim()
        .toLowerCase(),
    ),
  );
}

/** Heads and, on a second sheet, what belongs under each. */
export function templateOf(columns: readonly SheetColumn[]): { heads: string[]; notes: string[][] } {
  return {
    heads: columns.map((column) => `${column.name.zh}${column.required ? ' *' : ''}`),
    notes: [
      ['列', '怎样填', 'Column', 'What goes in'],
      ...columns.map((column) => [column.name.zh, column.help.zh, column.name.en, column.help.en]),
    ],
  };
}

/** Several values in one cell. */
export const listed = (text: string): string[] =>
  text
    .split(/[、,，;；/]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** What may be the id of a resource: it is shown in addresses. */
export const ID_FORM = /^[A-Za-z0-9][A-Za-z0-9.-]{0,49}$/;
