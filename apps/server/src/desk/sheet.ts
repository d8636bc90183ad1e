// Tables as files: XLSX and CSV read into rows with their numbers, and written so that no cell runs as a formula.
import { ok, type Result, refuse } from '@yimai/kit';
import type ExcelJS from 'exceljs';

export interface SheetRow {
  /** The row's number in the file, as the person sees it. */
  readonly row: number;
  readonly cells: readonly unknown[];
}

export interface Sheet {
  readonly heads: readonly string[];
  readonly rows: readonly SheetRow[];
}

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const ROWS_MAX = 100_000;

/** The first sheet; its first filled row holds the heads. Merged cells are refused: what they say of each row is a guess. */
export async function readSheet(bytes: Buffer, fileName: string): Promise<Result<Sheet>> {
  const isZip = bytes.length > 3 && bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isZip && /\.xlsx?$/i.test(fileName)) return unreadable();
  const rows = isZip ? await readXlsx(bytes) : ok(readCsv(decode(bytes)));
  if (!rows.ok) return rows;
  const filled = rows.value.filter((row) => row.cells.some((cell) => String(cell ?? '').trim() !== ''));
  const [head, ...rest] = filled;
  if (!head) return refuse('file-empty', { zh: '文件里没有内容', en: 'the file is empty' }, { at: 'file' });
  if (rest.length > ROWS_MAX)
    return refuse(
      'file-too-long',
      { zh: `一次至多 ${ROWS_MAX} 行`, en: `at most ${ROWS_MAX} rows at a time` },
      { at: 'file' },
    );
  return ok({ heads: head.cells.map((cell) => String(cell ?? '').trim()), rows: rest });
}

const unreadable = () =>
  refuse(
    'file-unreadable',
    { zh: '读不出这个文件，请另存为 XLSX 或 CSV', en: 'the file cannot be read; save it as XLSX or CSV' },
    { at: 'file' },
  );

/** Loaded with the first file: a server starts without it. */
const newBook = async () => new (await import('exceljs')).default.Workbook();

async function readXlsx(bytes: Buffer): Promise<Result<SheetRow[]>> {
  const book = await newBook();
  try {
    await book.xlsx.load(bytes as unknown as ArrayBuffer);
  } catch {
    return unreadable();
  }
  const sheet = book.worksheets[0];
  if (!sheet) return unreadable();
  const merges = (sheet.model as { merges?: string[] }).merges ?? [];
  if (merges.length > 0) {
    const place = merges[0]!;
    return refuse(
      'cells-merged',
      {
        zh: `有合并单元格（${place}），请取消合并后再导入`,
        en: `cells are merged (${place}); unmerge them first`,
      },
      { at: place },
    );
  }
  const rows: SheetRow[] = [];
  sheet.eachRow((row, number) => {
    const cells: unknown[] = [];
    row.eachCell({ includeEmpty: true }, (cell, column) => {
      cells[column - 1] = plainCell(cell.value);
    });
    rows.push({ row: number, cells });
  });
  return ok(rows);
}

function plainCell(value: ExcelJS.CellValue): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value !== 'object') return value;
  if ('result' in value) return plainCell(value.result as ExcelJS.CellValue);
  if ('richText' in value) return value.richText.map((part) => part.text).join('');
  if ('text' in value) return String(value.text);
  return null;
}

/** UTF-8, or GB 18030 where a Chinese spreadsheet program saved it so. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

export function readCsv(text: string): SheetRow[] {
  const rows: SheetRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let startLine = 1;
  const endCell = () => {
    cells.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    rows.push({ row: startLine, cells });
    cells = [];
    startLine = line;
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    if (letter === '\n') line += 1;
    if (quoted) {
      if (letter === '"' && text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (letter === '"') quoted = false;
      else cell += letter;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === ',') endCell();
    else if (letter === '\n') endRow();
    else if (letter !== '\r' && letter !== '\uFEFF') cell += letter;
  }
  if (cell !== '' || cells.length > 0) endRow();
  return rows;
}

export async function sheetBytes(
  kind: 'xlsx' | 'csv',
  title: string,
  rows: readonly (readonly string[])[],
  notes: readonly (readonly string[])[] = [],
): Promise<Buffer> {
  if (kind === 'csv') {
    const lines = rows.map((row) => row.map((cell) => `"${harmless(cell).replaceAll('"', '""')}"`).join(','));
    return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`, 'utf8');
  }
  const book = await newBook();
  addSheet(book, title, rows);
  if (notes.length > 0) addSheet(book, '填写说明', notes);
  return Buffer.from(await book.xlsx.writeBuffer());
}

function addSheet(book: ExcelJS.Workbook, title: string, rows: readonly (readonly string[])[]): void {
  const sheet = book.addWorksheet(title.slice(0, 28).replaceAll(/[\\/*?:[\]]/g, ' '), {
    views: [{ state: 'frozen', ySplit: 1 }],
  });
  for (const row of rows) sheet.addRow(row.map(typed));
  sheet.getRow(1).font = { bold: true };
  for (const column of sheet.columns) column.width = 18;
}

const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d+)?$/;
const typed = (cell: string): string | number => (NUMBER.test(cell) ? Number(cell) : cell);

/** A cell that a spreadsheet would take for a formula is written as text. */
const harmless = (cell: string): string =>
  /^[=+\-@\t]/.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
