// A workbook read as a stream says what the whole one says: shared and rich texts, dates, formulas, gaps; its faults are told.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RefusalError } from '@yimai/kit';
import ExcelJS from 'exceljs';
import { workbookRows } from './workbook-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'yimai-workbook-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function kept(name: string, fill: (sheet: ExcelJS.Worksheet) => void): Promise<string> {
  const book = new ExcelJS.Workbook();
  fill(book.addWorksheet('清单'));
  book.addWorksheet('别的').addRow(['not read']);
  const path = join(folder, name);
  await book.xlsx.writeFile(path);
  return path;
}

async function read(path: string): Promise<[row: number, ...cells: unknown[]][]> {
  const rows: [number, ...unknown[]][] = [];
  for await (const { row, cells } of workbookRows(path)) rows.push([row, ...cells]);
  return rows;
}

const codeOf = async (path: string): Promise<[code: string, at: string | undefined]> => {
  try {
    await read(path);
  } catch (error) {
    assert.ok(error instanceof RefusalError, String(error));
    return [error.refusal.code, error.refusal.at];
  }
  return ['read', undefined];
};

test('[server F15] texts, numbers, dates, formulas and gaps of the first sheet are read as they stand', async () => {
  const path = await kept('cells.xlsx', (sheet) => {
    sheet.addRow(['清单号', '总费用 & <税>', '日期', '行\n内', '"引号"']);
    sheet.addRow([]);
    sheet.addRow(['A-1', 8000.5, new Date(Date.UTC(2026, 1, 28)), null, '末']);
    sheet.addRow([
      { richText: [{ text: '富' }, { font: { bold: true }, text: '文本' }] },
      { formula: '1+1', result: 2 },
      new Date(Date.UTC(1960, 4, 1)),
      true,
      '',
    ]);
    sheet.getCell('B3').numFmt = '#,##0.00" 元"';
    sheet.getCell('AB5').value = '远';
  });
  assert.deepEqual(await read(path), [
    [1, '清单号', '总费用 & <税>', '日期', '行\n内', '"引号"'],
    [3, 'A-1', 8000.5, '2026-02-28', null, '末'],
    [4, '富文本', 2, '1960-05-01', true, ''],
    [5, ...Array<null>(27).fill(null), '远'],
  ]);
});

test('[server F15] many rows are told in their order, whatever their number', async () => {
  const path = await kept('long.xlsx', (sheet) => {
    for (let index = 1; index <= 3_000; index += 1) sheet.addRow([`号-${index}`, index / 8, '同一段文字']);
  });
  const rows = await read(path);
  assert.equal(rows.length, 3_000);
  for (const [index, row] of rows.entries())
    assert.deepEqual(row, [index + 1, `号-${index + 1}`, (index + 1) / 8, '同一段文字']);
});

test('[server F15] merged cells are refused before a row is told; what is cut, changed or no workbook is unreadable', async () => {
  const merged = await kept('merged.xlsx', (sheet) => {
    sheet.addRow(['清单号', '总费用']);
    sheet.addRow(['A', 1]);
    sheet.mergeCells('A2:B2');
  });
  assert.deepEqual(await codeOf(merged), ['cells-merged', 'A2:B2']);
  const bytes = readFileSync(merged);
  const changed = (name: string, content: Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  for (const [name, content] of [
    ['empty.xlsx', Buffer.alloc(0)],
    ['cut.xlsx', bytes.subarray(0, bytes.length - 400)],
    ['text.xlsx', Buffer.from('PK, but no workbook')],
    ['garbled.xlsx', Buffer.from(bytes.map((byte, at) => (at > 60 && at < 4_000 ? byte ^ 0x5a : byte)))],
  ] as const)
    assert.deepEqual(await codeOf(changed(name, content)), ['file-unreadable', 'file'], name);
});
