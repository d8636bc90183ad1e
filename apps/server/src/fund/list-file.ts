// A file of settlement lists of any size: kept on disk while it is read, its rows told one block after the other in bounded memory.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SETTLEMENT_COLUMNS, type SettlementColumn, type SettlementRow } from '@yimai/fund';
import { type No, RefusalError, refuse } from '@yimai/kit';
import { workbookRows } from './workbook-rows.ts';

/** As long as a file may be that comes in. */
export const FILE_MAX = 1024 * 1024 * 1024;
const CELL_MAX = 256 * 1024;
const BLOCK_ROWS = 2_000;

/** Neighbouring rows; `firstRow` is the number of the first as the clerk counts. */
export interface RowBlock {
  readonly firstRow: number;
  readonly rows: readonly SettlementRow[];
}

export interface ListFile {
  /** Of its bytes: the same file is the same import. */
  readonly digest: string;
  /** Reads the file from its start; may be asked more than once. */
  blocks(): AsyncGenerator<RowBlock>;
  /** What the heads said, once the blocks have been read. */
  readonly heads: () => { readonly columns: readonly string[]; readonly missing: readonly string[] };
  remove(): Promise<void>;
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

/** What people write in the cells, and the codes of the settlement list. */
const CELL_WORDS: Readonly<Partial<Record<SettlementColumn, Readonly<Record<string, string>>>>> = {
  gender: { 男: '1', 女: '2', male: '1', female: '2' },
  level: { 三级: 'tertiary', 二级: 'secondary', 一级: 'primary' },
  payer: { 职工: 'employee', 居民: 'resident', 城乡居民: 'resident' },
};

const OPTIONAL = new Set<SettlementColumn>(['weight', 'dept', 'leavingType', 'proc', 'bedDays']);

/** Written to a private place while its digest is made and its encoding told; removed by `remove`. */
export async function keepFile(stream: Readable, name: string): Promise<ListFile> {
  const folder = await mkdtemp(join(tmpdir(), 'yimai-lists-'));
  const path = join(folder, 'file');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const seen = new FirstLook();
    await pipeline(stream, seen, createWriteStream(path, { mode: 0o600 }));
    if ((stream as { truncated?: boolean }).truncated) throw refused(tooLarge(FILE_MAX));
    const { isWorkbook, encoding, digest } = seen.told();
    if (isWorkbook || /\.xlsx?$/i.test(name)) return { digest, remove, ...workbook(path) };
    const isLines = /\.(jsonl|ndjson|json)$/i.test(name);
    return { digest, remove, ...(isLines ? jsonLines(path, encoding) : csv(path, encoding)) };
  } catch (error) {
    await remove();
    throw error;
  }
}

const refused = ({ refusal }: No): RefusalError => new RefusalError(refusal);

const tooLarge = (most: number): No =>
  refuse(
    'file-too-large',
    {
      zh: `文件超过 ${most / 1024 / 1024} MB，请拆分`,
      en: `the file is above ${most / 1024 / 1024} MB; split it`,
    },
    { at: 'file' },
  );

const empty = (): No =>
  refuse('file-empty', { zh: '文件里没有内容', en: 'the file is empty' }, { at: 'file' });

/** Sees the bytes go by: how many, which digest, whether they are UTF-8 or a packed workbook. */
class FirstLook extends Transform {
  readonly #hash = createHash('sha256');
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #bytes = 0;
  #isUtf8 = true;
  #isWorkbook = false;

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    if (this.#bytes === 0) this.#isWorkbook = chunk[0] === 0x50 && chunk[1] === 0x4b;
    this.#bytes += chunk.length;
    this.#hash.update(chunk);
    this.#look(chunk);
    done(null, chunk);
  }

  told(): { isWorkbook: boolean; encoding: string; digest: string } {
    this.#look();
    const encoding = this.#isUtf8 ? 'utf-8' : 'gb18030';
    return { isWorkbook: this.#isWorkbook, encoding, digest: this.#hash.digest('hex') };
  }

  #look(chunk?: Buffer): void {
    if (!this.#isUtf8) return;
    try {
      if (chunk === undefined) this.#decoder.decode();
      else this.#decoder.decode(chunk, { stream: true });
    } catch {
      this.#isUtf8 = false;
    }
  }
}

async function* textsOf(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    yield decoder.decode(chunk as Buffer, { stream: true });
  }
  yield decoder.decode();
}

type Reading = Pick<ListFile, 'blocks' | 'heads'>;

function csv(path: string, encoding: string): Reading {
  let columns: readonly string[] = [];
  const told = (): readonly (SettlementColumn | undefined)[] => columns.map(columnOf);
  return {
    heads: () => ({ columns, missing: missingOf(told()) }),
    async *blocks() {
      columns = [];
      const blocks = new Blocks();
      let known: readonly (SettlementColumn | undefined)[] = [];
      for await (const { row, cells } of csvRows(textsOf(path, encoding))) {
        if (cells.every((cell) => cell.trim() === '')) continue;
        if (columns.length === 0) {
          columns = cells.map((cell) => cell.trim());
          known = told();
          continue;
        }
        const full = blocks.add(row, rowOf(known, cells));
        if (full !== null) yield full;
      }
      if (columns.length === 0) throw refused(empty());
      yield* blocks.end();
    },
  };
}

function jsonLines(path: string, encoding: string): Reading {
  const columns = new Set<string>();
  return {
    heads: () => ({
      columns: [...columns],
      missing: missingOf(SETTLEMENT_COLUMNS.filter((column) => columns.has(column))),
    }),
    async *blocks() {
      const blocks = new Blocks();
      let isEmpty = true;
      for await (const { line, number } of linesOf(textsOf(path, encoding))) {
        if (line.trim() === '') continue;
        isEmpty = false;
        const read = lineOf(line, number, columns);
        if (read === null) throw refused(notJson(number));
        const full = blocks.add(number, read);
        if (full !== null) yield full;
      }
      if (isEmpty) throw refused(empty());
      yield* blocks.end();
    },
  };
}

function workbook(path: string): Reading {
  let columns: readonly string[] = [];
  return {
    heads: () => ({ columns, missing: missingOf(columns.map(columnOf)) }),
    async *blocks() {
      columns = [];
      let known: readonly (SettlementColumn | undefined)[] = [];
      const blocks = new Blocks();
      for await (const { row, cells } of workbookRows(path)) {
        if (cells.every((cell) => String(cell ?? '').trim() === '')) continue;
        if (columns.length === 0) {
          columns = cells.map((cell) => String(cell ?? '').trim());
          known = columns.map(columnOf);
          continue;
        }
        const full = blocks.add(row, rowOf(known, cells));
        if (full !== null) yield full;
      }
      if (columns.length === 0) throw refused(empty());
      yield* blocks.end();
    },
  };
}

/** Puts neighbouring rows together; a blank row in between starts a block anew, so that every row keeps its number. */
class Blocks {
  #firstRow = 0;
  #rows: SettlementRow[] = [];

  add(number: number, row: SettlementRow): RowBlock | null {
    const isNext = this.#rows.length > 0 && number === this.#firstRow + this.#rows.length;
    const full = this.#rows.length > 0 && (!isNext || this.#rows.length >= BLOCK_ROWS) ? this.#take() : null;
    if (this.#rows.length === 0) this.#firstRow = number;
    this.#rows.push(row);
    return full;
  }

  end(): RowBlock[] {
    return this.#rows.length === 0 ? [] : [this.#take()];
  }

  #take(): RowBlock {
    const block = { firstRow: this.#firstRow, rows: this.#rows };
    this.#rows = [];
    return block;
  }
}

const columnOf = (head: string): SettlementColumn | undefined =>
  SETTLEMENT_COLUMNS.find((column) => column === head || COLUMN_WORDS[column] === head);

function missingOf(columns: readonly (SettlementColumn | undefined)[]): string[] {
  return SETTLEMENT_COLUMNS.filter((column) => !OPTIONAL.has(column) && !columns.includes(column)).map(
    (column) => COLUMN_WORDS[column],
  );
}

function rowOf(columns: readonly (SettlementColumn | undefined)[], cells: readonly unknown[]): SettlementRow {
  const row: Partial<Record<SettlementColumn, string>> = {};
  columns.forEach((column, index) => {
    if (column !== undefined) row[column] = cellOf(column, cells[index]);
  });
  return row;
}

const MONEY = new Set<SettlementColumn>(['cost', 'patientBorne']);

function cellOf(column: SettlementColumn, cell: unknown): string {
  if (typeof cell === 'number' && MONEY.has(column)) return amountOf(cell);
  const text = cell === null || cell === undefined ? '' : String(cell).trim();
  const date = /^(\d{4})[年./](\d{1,2})[月./](\d{1,2})日?$/.exec(text);
  if (date !== null) return `${date[1]}-${date[2]!.padStart(2, '0')}-${date[3]!.padStart(2, '0')}`;
  return CELL_WORDS[column]?.[text] ?? text;
}

/** A sheet keeps sums as binary fractions: 0.30000000000000004 is 0.30, while 0.305 stays what it is. */
function amountOf(cell: number): string {
  const cents = cell.toFixed(2);
  return Math.abs(Number(cents) - cell) < 1e-6 ? cents : String(cell);
}

function lineOf(line: string, number: number, columns: Set<string>): SettlementRow | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  if (columns.size < 200) for (const key of Object.keys(value)) columns.add(key.slice(0, 60));
  const row: Partial<Record<SettlementColumn, string>> = {};
  for (const column of SETTLEMENT_COLUMNS) {
    const cell = (value as Record<string, unknown>)[column];
    const cells = Array.isArray(cell) ? cell : [cell ?? ''];
    if (cells.some((one) => typeof one !== 'string' && typeof one !== 'number'))
      throw refused(notText(number, column));
    if (cell !== undefined) row[column] = cellOf(column, cells.length === 1 ? cells[0] : cells.join('|'));
  }
  return row;
}

const notText = (number: number, column: SettlementColumn): No =>
  refuse(
    'cell-not-text',
    {
      zh: `第 ${number} 行“${COLUMN_WORDS[column]}”应为文字、数或其列表`,
      en: `line ${number}: "${column}" should be a text, a number or a list of them`,
    },
    { at: `line ${number}.${column}` },
  );

const notJson = (number: number): No =>
  refuse(
    'line-not-json',
    { zh: `第 ${number} 行不是 JSON 对象`, en: `line ${number} is not a JSON object` },
    { at: `line ${number}` },
  );

const cellTooLong = (row: number): No =>
  refuse(
    'cell-too-long',
    {
      zh: `第 ${row} 行有一格过长，可能缺少引号`,
      en: `a cell of row ${row} is too long; a quotation mark may be missing`,
    },
    { at: `row ${row}` },
  );

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<{ line: string; number: number }> {
  let rest = '';
  let number = 0;
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > CELL_MAX) throw refused(notJson(number + lines.length + 1));
    for (const line of lines) {
      number += 1;
      yield { line: number === 1 ? line.replace(/^\uFEFF/, '') : line, number };
    }
  }
  if (rest !== '') yield { line: rest.replace(/^\uFEFF/, ''), number: number + 1 };
}

interface CsvRow {
  /** The line that the row starts on. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** RFC 4180 with CRLF or LF; a quoted cell may hold line ends, a text may be cut anywhere. */
export async function* csvRows(texts: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  let cells: string[] = [];
  let cell = '';
  let state: 'plain' | 'quoted' | 'quote-in-quoted' = 'plain';
  let line = 1;
  let startLine = 1;
  for await (const text of texts) {
    let from = 0;
    const take = (at: number): void => {
      if (at > from) cell += text.slice(from, at);
      from = at + 1;
    };
    for (let at = 0; at < text.length; at += 1) {
      const letter = text.charCodeAt(at);
      if (letter === LF) line += 1;
      if (state === 'quoted') {
        if (letter !== QUOTE) continue;
        take(at);
        state = 'quote-in-quoted';
      } else if (state === 'quote-in-quoted' && letter === QUOTE) {
        from = at;
        state = 'quoted';
      } else {
        state = 'plain';
        if (letter === QUOTE && cell === '' && at === from) {
          from = at + 1;
          state = 'quoted';
        } else if (letter === COMMA) {
          take(at);
          cells.push(cell);
          cell = '';
        } else if (letter === LF) {
          take(at);
          cells.push(cell);
          yield { row: startLine, cells };
          cells = [];
          cell = '';
          startLine = line;
        } else if (letter === CR || letter === BYTE_ORDER_MARK) take(at);
      }
    }
    take(text.length);
    if (cell.length > CELL_MAX) throw refused(cellTooLong(startLine));
  }
  if (cell !== '' || cells.length > 0) yield { row: startLine, cells: [...cells, cell] };
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const BYTE_ORDER_MARK = 0xfeff;
