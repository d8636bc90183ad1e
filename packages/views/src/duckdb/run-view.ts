// Runs a view once over resources given as lines of JSON, in a DuckDB that lives only for this run.
import { DuckDBInstance } from '@duckdb/node-api';
import { type Refusal, RefusalError, type Result, refuse } from '@yimai/kit';
import { compileView } from '../compile-view.ts';
import { withoutEncrypted } from '../encrypted.ts';
import { runTimeRefusal } from '../run-time-refusal.ts';
import type { View } from '../view-tree.ts';
import { duckdbDialect } from './dialect.ts';
import { toRow, type ViewRow } from './values.ts';

/** Gives the rows chunk by chunk. Throws `RefusalError` for a wrong view or line; `at` names the place. */
export async function* runView(
  view: View,
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<readonly ViewRow[]> {
  const compiled = compileView(view, duckdbDialect, { from: 'resource', content: 'content' });
  if (!compiled.ok) throw new RefusalError(compiled.refusal);
  const { sql, params, columns } = compiled.value;
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run('create table resource (content json)');
    const appender = await connection.createAppender('resource');
    let count = 0;
    for await (const line of lines) {
      count += 1;
      if (line.trim() === '') continue;
      appender.appendVarchar(readLine(line, count));
      appender.endRow();
    }
    appender.closeSync();
    const result = await connection.stream(sql, [...params]);
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

// The text itself goes to the engine: a decimal keeps the places it was written with.
function readLine(line: string, number: number): string {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return withoutEncrypted(line);
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
