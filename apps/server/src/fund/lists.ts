// Settlement lists as files: CSV, XLSX or JSON lines read into rows; first a report by row and column, then the import.
import { createHash } from 'node:crypto';
import type { FundListReport, FundListsImported, FundUnfinishedFiles } from '@yimai/desk/contract';
import { rowKey } from '@yimai/fhir';
import { type Problem, SETTLEMENT_COLUMNS, SeenNumbers, type SettlementRow } from '@yimai/fund';
import { ok, RefusalError, type Uuid, uuidv7 } from '@yimai/kit';
import { checkLists, IMPORT_MAX, unfinishedBatches } from '@yimai/ledger';
import type { Fragment } from '@yimai/postgres';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bad, notPermitted } from '../desk/read-body.ts';
import { sheetBytes } from '../desk/sheet.ts';
import { type FundDeps, imports } from './fund-deps.ts';
import { COLUMN_WORDS, FILE_MAX, keepFile, type ListFile, type RowBlock } from './list-file.ts';

const SHOWN = 500;

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/lists/check', async (request): Promise<FundListReport> => {
    await importer(deps, request);
    return withFile(request, (file) => checkFile(deps, file));
  });
  app.post('/desk/fund/lists/import', async (request): Promise<FundListsImported> => {
    const reader = await importer(deps, request);
    const { goodRows } = request.query as { goodRows?: string };
    return withFile(request, (file) => importFile(deps, reader, file, goodRows === '1'));
  });
  app.post('/desk/fund/lists/unfinished', async (request): Promise<FundUnfinishedFiles> => {
    await importer(deps, request);
    const open = [...(await unfinishedOf(deps)).values()].filter(({ state }) => state === 'open');
    return { files: open.map(({ batch, begunAt }) => ({ batch, begunAt })) };
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

/** What a file says once it has been read to its end; the first problems, the rows of a short file. */
interface Report {
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
  readonly warnings: number;
  readonly problems: readonly Shown[];
  readonly count: number;
  /** The rows with their first number where the file is short enough for one command; null for a long one. */
  readonly short: { readonly firstRow: number; readonly rows: readonly SettlementRow[] } | null;
}

interface Shown extends Problem {
  readonly value: string;
}

async function withFile<T>(request: FastifyRequest, work: (file: ListFile) => Promise<T>): Promise<T> {
  const part = await request.file({
    limits: { fileSize: FILE_MAX, files: 1 },
    throwFileSizeLimit: false,
  } as Parameters<FastifyRequest['file']>[0]);
  if (!part) throw bad('file', '请选择文件', 'choose a file');
  const file = await keepFile(part.file, part.filename);
  try {
    return await work(file);
  } finally {
    await file.remove();
  }
}

/** Every row by the rules; memory holds one block of rows, the first problems and eight bytes a list number. */
async function reportOf({ fund }: FundDeps, file: ListFile): Promise<Report> {
  const seen = new SeenNumbers();
  const problems = new FirstProblems();
  let [rows, good, bad, warnings, count, firstRow] = [0, 0, 0, 0, 0, 0];
  let short: SettlementRow[] | null = [];
  for await (const block of file.blocks()) {
    const checked = await checkLists(fund, block.rows, block.firstRow, seen);
    if (rows === 0) firstRow = block.firstRow;
    rows += block.rows.length;
    good += checked.good.length;
    bad += checked.errorRows;
    count += checked.problems.length;
    warnings += checked.problems.filter(({ severity }) => severity === 'warning').length;
    problems.add(checked.problems, block);
    const isNeighbour: boolean = short !== null && block.firstRow === firstRow + short.length;
    if (short !== null && isNeighbour && short.length + block.rows.length <= IMPORT_MAX)
      short.push(...block.rows);
    else short = null;
  }
  return {
    rows,
    good,
    bad,
    warnings,
    count,
    problems: problems.told(),
    short: short === null ? null : { firstRow, rows: short },
  };
}

/** The first errors, then the first warnings, in the order of the rows. */
class FirstProblems {
  readonly #errors: Shown[] = [];
  readonly #warnings: Shown[] = [];

  add(problems: readonly Problem[], { rows, firstRow }: RowBlock): void {
    for (const problem of problems) {
      const list = problem.severity === 'error' ? this.#errors : this.#warnings;
      if (list.length >= SHOWN) continue;
      list.push({ ...problem, value: rows[problem.row - firstRow]?.[problem.column] ?? '' });
    }
  }

  told(): readonly Shown[] {
    return [...this.#errors, ...this.#warnings].slice(0, SHOWN);
  }
}

async function checkFile(deps: FundDeps, file: ListFile): Promise<FundListReport> {
  const { rows, good, bad, warnings, problems, count } = await reportOf(deps, file);
  const { columns, missing } = file.heads();
  return {
    rows,
    good,
    bad,
    warnings,
    columns,
    missingColumns: missing,
    problems: problems.map(({ row, column, code, severity, value, detail }) => ({
      row,
      column: COLUMN_WORDS[column],
      code,
      severity,
      value,
      detail,
    })),
    more: count - problems.length,
  };
}

/** A short file is one command; a long one comes in by parts and counts once its last part is in. */
async function importFile(
  deps: FundDeps,
  reader: Reader,
  file: ListFile,
  goodRowsOnly: boolean,
): Promise<FundListsImported> {
  const send = sender(deps, reader);
  const batch = createHash('sha256').update(`${file.digest} ${goodRowsOnly} ${reader.org}`).digest('hex');
  const isOpen = (await unfinishedOf(deps)).get(batch)?.state === 'open';
  const report = await reportOf(deps, file);
  if (report.short !== null && !isOpen) {
    const payload = { ...report.short, goodRowsOnly };
    return (await send('settlement-list.import', payload, uuidv7(reader.now.getTime()))) as FundListsImported;
  }
  // What an interrupted import brought in is known and no error of the file.
  const first = report.problems.find(
    ({ severity, code }) => severity === 'error' && !(isOpen && code === 'already-imported'),
  );
  if (first !== undefined && !goodRowsOnly) throw new RefusalError(rowsWithErrors(report.bad, first));
  await send('settlement-list.begin', { batch }, uuidv7(reader.now.getTime()));
  let [imported, leftOut, part] = [0, 0, 0];
  for await (const { firstRow, rows } of file.blocks()) {
    part += 1;
    const payload = { rows, firstRow, goodRowsOnly: true, batch };
    const id = rowKey('Command', `${batch}/${part}`);
    const done = (await send('settlement-list.import', payload, id)) as FundListsImported;
    imported += done.imported;
    leftOut += done.leftOut;
  }
  await send('settlement-list.finish', { batch, imported }, uuidv7(reader.now.getTime()));
  return { imported, leftOut };
}

const unfinishedOf = (deps: FundDeps) => unfinishedBatches((fragment) => fundRead(deps, fragment));

const fundRead = <T>({ fund }: FundDeps, fragment: Fragment) =>
  fund.database.read(fund.shelf.asSystem().settings, fragment) as Promise<{ rows: T[] }>;

function rowsWithErrors(bad: number, first: Problem) {
  const detail = {
    zh: `${bad} 行有错误，未导入任何一行；第 ${first.row} 行：${first.detail.zh}`,
    en: `${bad} rows have errors, nothing was imported; row ${first.row}: ${first.detail.en}`,
  };
  return { code: 'rows-with-errors', at: `rows[${first.row}].${first.column}`, rule: 'F19', detail };
}

/** The same command sent twice is applied once: an import that was interrupted goes on where it stopped. */
function sender(deps: FundDeps, reader: Reader) {
  return async (type: string, payload: object, id: Uuid | string): Promise<unknown> => {
    const command = {
      id: id as Uuid,
      type,
      occurredAt: reader.now.toISOString(),
      actingAs: { org: reader.org, role: reader.actor.role },
      payload,
    };
    const answer = await deps.record.commands.execute(command, async () => ok(reader.access));
    if (answer.outcome === 'applied') return answer.result;
    throw new RefusalError(answer.refusal ?? { code: 'fault' });
  };
}
