// Runs a view once over resources given as lines of JSON, in a DuckDB that lives only for this run.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Refusal, RefusalError, type Result, refuse } from '@yimai/kit';
import { compileView } from '../compile-view.ts';
import { withoutEncrypted } from '../encrypted.ts';
import { runTimeRefusal } from '../run-time-refusal.ts';
import type { View } from '../view-tree.ts';
import { duckdbDialect } from './dialect.ts';
import { toRow, type ViewRow } from './values.ts';

// What does not fit goes to a file of DuckDB's own, which no one else may read.
const MEMORY = '1GB';

/** Gives the rows chunk by chunk, the first one when all are there. Throws `RefusalError` for a wrong view or line; `at` names the place. */
export async function* runView(
  view: View,
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<readonly ViewRow[]> {
  const compiled = compileView(view, duckdbDialect, { from: 'resource', content: 'content' });
  if (!compiled.ok) throw new RefusalError(compiled.refusal);
  const { sql, params, columns } = compiled.value;
  const folder = await mkdtemp(join(tmpdir(), 'yimai-view-'));
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: folder, memory_limit: MEMORY });
  const connection = await instance.connect();
  try {
    await connection.run('create table resource (content json)');
    const appender = await connection.createAppender('resource');
    let count = 0;
    for await (const line of lines) {
      count += 1;
      const text = count === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (text.trim() === '') continue;
      appender.appendVarchar(readLine(text, count));
      appender.endRow();
    }
    appender.closeSync();
    // The driver ends a stream early, without a word, where a row fails: all rows are made before one is given out.
    await connection.run(`create table answer as ${sql}`, [...params]);
    await connection.run('drop table resource');
    const result = await connection.stream('from answer');
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      yield chunk.getRows().map((row) => toRow(row, columns));
    }
  } catch (error) {
    const refusal: Refusal | null = runTimeRefusal(error);
    throw refusal === null ? error : new RefusalError(refusal);
  } finally {
    connection.closeSync();
    instance.closeSync();
    process.off('exit', clear);
    clear();
  }
}

/** All rows at once. */
export async function collectView(
  view: View,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<Result<ViewRow[]>> {
  try {
    const rows: ViewRow[] = [];
    for await (const chunk of runView(view, lines)) rows.push(...chunk);
    return { ok: true, value: rows };
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

const HALF_LETTER = /\\u[dD][89a-fA-F]/;

/** Half of a pair of code units is no text: no engine takes it. */
function hasHalfLetter(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, each]) => !key.isWellFormed() || hasHalfLetter(each));
}

// The text itself goes to the engine: a decimal keeps the places it was written with.
function readLine(line: string, number: number): string {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject && !(HALF_LETTER.test(line) && hasHalfLetter(value))) return withoutEncrypted(line);
  } catch {
    // Reported below: the text of a line is personal data and is not repeated.
  }
  throw new RefusalError(
    refuse(
      'wrong-line',
      { zh: `第 ${number} 行不是 JSON 对象`, en: `line ${number} is not a JSON object` },
      { at: `line ${number}`, rule: 'V10' },
    ).refusal,
  );
}
