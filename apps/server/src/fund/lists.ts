// Settlement lists as files: CSV, XLSX or JSON lines read into rows; first a report by row and column, then the import.
import type { FundListReport, FundListsImported } from '@yimai/desk/contract';
import { SETTLEMENT_COLUMNS, type SettlementColumn, type SettlementRow } from '@yimai/fund';
import { must, ok, RefusalError, type Result, refuse, type Uuid, uuidv7 } from '@yimai/kit';
import { checkLists, IMPORT_MAX } from '@yimai/ledger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bad, notPermitted } from '../desk/read-body.ts';
import { readSheet, sheetBytes } from '../desk/sheet.ts';
import { type FundDeps, imports } from './fund-deps.ts';

const FILE_MAX = 32 * 1024 * 1024;
const SHOWN = 500;

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/lists/check', async (request): Promise<FundListReport> => {
    await importer(deps, request);
    const file = must(await fileOf(request));
    return reportOf(deps, file);
  });
  app.post('/desk/fund/lists/import', async (request): Promise<FundListsImported> => {
    const reader = await importer(deps, request);
    const file = must(await fileOf(request));
    const { goodRows } = request.query as { goodRows?: string };
    return importFile(deps, reader, file, goodRows === '1');
  });
  app.post('/desk/fund/lists/template', async (request, reply) => {
    await importer(deps, request);
    const heads = SETTLEMENT_COLUMNS.map((column) => COLUMN_WORDS[column]);
    const bytes = await sheetBytes('xlsx', '医保结算清单', [heads, EXAMPLE]);
    return reply.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').send(bytes);
  });
}

async function importer(deps: FundDeps, request: FastifyRequest): Promise<Reader> {
  const reader = await readerOf(deps, request);
  if (!imports(reader)) throw notPermitted();
  return reader;
}

export const COLUMN_WORDS: Readonly<Record<SettlementColumn, string>> = {
  id: '结算清单号',
  patient: '参保人',
  org: '机构编号',
  level: '机构等级',
  payer: '险种',
  gender: '性别',
  birthDate: '出生日期',
  weight: '新生儿体重',
  dept: '科室',
  admittedOn: '入院日期',
  dischargedOn: '出院日期',
  leavingType: '离院方式',
  dx: '诊断',
  proc: '手术操作',
  cost: '总费用',
  patientBorne: '个人负担',
  bedDays: '按床日',
};

const EXAMPLE = [
  'DEMO-0001',
  'made-up-1',
  'county-hospital',
  'secondary',
  'resident',
  '2',
  '1960-05-01',
  '',
  '',
  '2026-03-02',
  '2026-03-12',
  '1',
  'J18.000|I10.x00x002',
  '',
  '8000.50',
  '2000.00',
  '',
];

/** What people write in the cells, and the codes of the settlement list. */
const CELL_WORDS: Readonly<Partial<Record<SettlementColumn, Readonly<Record<string, string>>>>> = {
  gender: { 男: '1', 女: '2', male: '1', female: '2' },
  level: { 三级: 'tertiary', 二级: 'secondary', 一级: 'primary' },
  payer: { 职工: 'employee', 居民: 'resident', 城乡居民: 'resident' },
};

interface ListFile {
  readonly columns: readonly string[];
  readonly missing: readonly string[];
  readonly rows: readonly SettlementRow[];
  readonly firstRow: number;
}

async function fileOf(request: FastifyRequest): Promise<Result<ListFile>> {
  const part = await request.file({ limits: { fileSize: FILE_MAX, files: 1 } });
  if (!part) throw bad('file', '请选择文件', 'choose a file');
  let bytes: Buffer;
  try {
    bytes = await part.toBuffer();
  } catch (error) {
    if ((error as { code?: string }).code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge();
    throw error;
  }
  return /\.(jsonl|ndjson|json)$/i.test(part.filename) ? readLines(bytes) : readTable(bytes, part.filename);
}

const tooLarge = () =>
  refuse(
    'file-too-large',
    { zh: '文件超过 32 MB，请按月或按机构拆分', en: 'the file is above 32 MB; split it by month or house' },
    { at: 'file' },
  );

const tooLong = () =>
  refuse(
    'file-too-long',
    { zh: `一次至多 ${IMPORT_MAX} 行`, en: `at most ${IMPORT_MAX} rows at a time` },
    { at: 'file' },
  );

async function readTable(bytes: Buffer, name: string): Promise<Result<ListFile>> {
  const sheet = await readSheet(bytes, name);
  if (!sheet.ok) return sheet;
  const { heads, rows } = sheet.value;
  if (rows.length > IMPORT_MAX) return tooLong();
  const columns = heads.map((head) =>
    SETTLEMENT_COLUMNS.find((column) => column === head || COLUMN_WORDS[column] === head),
  );
  const firstRow = rows[0]?.row ?? 2;
  const filled: SettlementRow[] = [];
  for (const { row, cells } of rows) {
    // A blank row in between keeps its number, so that later rows are told by theirs.
    while (filled.length < row - firstRow) filled.push({});
    filled.push(rowOf(columns, cells));
  }
  return ok({ columns: heads, missing: missingOf(columns), rows: filled, firstRow });
}

function rowOf(columns: readonly (SettlementColumn | undefined)[], cells: readonly unknown[]): SettlementRow {
  const row: Partial<Record<SettlementColumn, string>> = {};
  columns.forEach((column, index) => {
    if (column !== undefined) row[column] = cellOf(column, cells[index]);
  });
  return row;
}

function cellOf(column: SettlementColumn, cell: unknown): string {
  const text = cell === null || cell === undefined ? '' : String(cell).trim();
  const date = /^(\d{4})[年./](\d{1,2})[月./](\d{1,2})日?$/.exec(text);
  if (date !== null) return `${date[1]}-${date[2]!.padStart(2, '0')}-${date[3]!.padStart(2, '0')}`;
  return CELL_WORDS[column]?.[text] ?? text;
}

function readLines(bytes: Buffer): Result<ListFile> {
  const lines = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) {
    return refuse('file-empty', { zh: '文件里没有内容', en: 'the file is empty' }, { at: 'file' });
  }
  if (lines.length > IMPORT_MAX) return tooLong();
  const rows: SettlementRow[] = [];
  const columns = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const read = lineOf(line);
    if (read === null) {
      const detail = {
        zh: `第 ${index + 1} 行不是 JSON 对象`,
        en: `line ${index + 1} is not a JSON object`,
      };
      return refuse('line-not-json', detail, { at: `line ${index + 1}` });
    }
    for (const key of Object.keys(read)) columns.add(key);
    rows.push(read);
  }
  const known = SETTLEMENT_COLUMNS.filter((column) => columns.has(column));
  return ok({ columns: [...columns], missing: missingOf(known), rows, firstRow: 1 });
}

function lineOf(line: string): SettlementRow | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const row: Partial<Record<SettlementColumn, string>> = {};
  for (const column of SETTLEMENT_COLUMNS) {
    const cell = (value as Record<string, unknown>)[column];
    if (cell !== undefined) row[column] = cellOf(column, Array.isArray(cell) ? cell.join('|') : cell);
  }
  return row;
}

const OPTIONAL = new Set<SettlementColumn>(['weight', 'dept', 'leavingType', 'proc', 'bedDays']);

function missingOf(columns: readonly (SettlementColumn | undefined)[]): string[] {
  return SETTLEMENT_COLUMNS.filter((column) => !OPTIONAL.has(column) && !columns.includes(column)).map(
    (column) => COLUMN_WORDS[column],
  );
}

async function reportOf({ fund }: FundDeps, file: ListFile): Promise<FundListReport> {
  const { good, problems, errorRows } = await checkLists(fund, file.rows, file.firstRow);
  const shown = [...problems].sort((left, right) => rank(left) - rank(right)).slice(0, SHOWN);
  return {
    rows: file.rows.length,
    good: good.length,
    bad: errorRows,
    warnings: problems.filter(({ severity }) => severity === 'warning').length,
    columns: file.columns,
    missingColumns: file.missing,
    problems: shown.map(({ row, column, code, severity, detail }) => ({
      row,
      column: COLUMN_WORDS[column],
      code,
      severity,
      value: file.rows[row - file.firstRow]?.[column] ?? '',
      detail,
    })),
    more: problems.length - shown.length,
  };
}

const rank = ({ severity, row }: { severity: string; row: number }): number =>
  (severity === 'error' ? 0 : 1_000_000) + row;

async function importFile(
  deps: FundDeps,
  reader: Reader,
  { rows, firstRow }: ListFile,
  goodRowsOnly: boolean,
): Promise<FundListsImported> {
  const command = {
    id: uuidv7(reader.now.getTime()) as Uuid,
    type: 'settlement-list.import',
    occurredAt: reader.now.toISOString(),
    actingAs: { org: reader.org, role: reader.actor.role },
    payload: { rows, firstRow, goodRowsOnly },
  };
  const answer = await deps.record.commands.execute(command, async () => ok(reader.access));
  if (answer.outcome === 'applied') return answer.result as FundListsImported;
  throw new RefusalError(answer.refusal ?? { code: 'fault' });
}
