// Files in and out: CSV as spreadsheets write it, XLSX with merged cells, formulas that must not run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ExcelJS from 'exceljs';
import { readCsv, readSheet, sheetBytes } from './sheet.ts';

test('[desk D20] CSV: quotes, line breaks inside a cell, a byte order mark, and the row numbers that a person sees', () => {
  const rows = readCsv('\uFEFF名称,地址\r\n"甲""馆""","一楼\n二号"\r\n\r\n乙,"x,y"');
  assert.deepEqual(rows, [
    { row: 1, cells: ['名称', '地址'] },
    { row: 2, cells: ['甲"馆"', '一楼\n二号'] },
    { row: 4, cells: [''] },
    { row: 5, cells: ['乙', 'x,y'] },
  ]);
});

test('[desk D20] a file of a Chinese spreadsheet program in GB 18030 is read', async () => {
  const bytes = Buffer.from([0xc3, 0xfb, 0xb3, 0xc6, 0x0a, 0xbc, 0xd7]);
  const sheet = await readSheet(bytes, 'a.csv');
  assert.ok(sheet.ok);
  assert.deepEqual([sheet.value.heads, sheet.value.rows], [['名称'], [{ row: 2, cells: ['甲'] }]]);
});

test('[desk D21] merged cells, an empty file and a broken file are refused with the place', async () => {
  const book = new ExcelJS.Workbook();
  const page = book.addWorksheet('表');
  page.addRow(['名称', '地址']);
  page.addRow(['甲', '乙']);
  page.mergeCells('A2:B2');
  const merged = await readSheet(Buffer.from(await book.xlsx.writeBuffer()), 'a.xlsx');
  assert.ok(!merged.ok);
  assert.deepEqual([merged.refusal.code, merged.refusal.at], ['cells-merged', 'A2:B2']);
  const empty = await readSheet(Buffer.from('\n\n'), 'a.csv');
  assert.equal(empty.ok ? '' : empty.refusal.code, 'file-empty');
  const broken = await readSheet(Buffer.from('PK\u0003\u0004 not a workbook'), 'a.xlsx');
  assert.equal(broken.ok ? '' : broken.refusal.code, 'file-unreadable');
});

test('[desk D22] what is exported comes back equal, and no cell runs as a formula', async () => {
  const rows = [
    ['名称', '人数'],
    ['=1+1', '12'],
    ['@x', '-3.5'],
  ];
  const xlsx = await readSheet(await sheetBytes('xlsx', '台账', rows), 'a.xlsx');
  assert.ok(xlsx.ok);
  assert.deepEqual(
    xlsx.value.rows.map((row) => row.cells),
    [
      ['=1+1', 12],
      ['@x', -3.5],
    ],
  );
  const csv = (await sheetBytes('csv', '台账', rows)).toString();
  assert.equal(csv, '\uFEFF"名称","人数"\r\n"\'=1+1","12"\r\n"\'@x","-3.5"\r\n');
});
