// The answer to a table: its cells under the reader's reach, small counts of persons hidden before anything leaves.
import type { DuckDBConnection } from '@duckdb/node-api';
import { RefusalError } from '@yimai/kit';
import { MASK_BELOW } from '../values.ts';
import { cellsMost, cellsSql, type FreeQuestion, idsSql } from './free-table.ts';

export interface FreeCell {
  /** The values of the lines and columns, in their order; null: not filled in. */
  readonly at: readonly (string | null)[];
  readonly value: number | null;
  /** A small count that could name a person. */
  readonly masked: boolean;
}

/** `masks`: whether this reader does not see the persons anyway. */
export async function freeCells(
  connection: DuckDBConnection,
  question: FreeQuestion,
  masks: boolean,
): Promise<readonly FreeCell[]> {
  const { sql, values } = cellsSql(question);
  const reader = await connection.runAndReadAll(sql, [...values]);
  const rows = reader.getRows();
  if (rows.length > cellsMost)
    throw new RefusalError({
      code: 'table-too-large',
      at: 'rows',
      rule: 'T3',
      detail: {
        zh: `超过 ${cellsMost} 格，请加筛选或选粗一些的行列`,
        en: `more than ${cellsMost} cells: narrow the filter or choose coarser lines`,
      },
    });
  const isDistinct = question.table.value.count === 'distinct';
  return rows.map((row) => {
    const at = row.slice(0, -2).map((each) => (each === null ? null : String(each)));
    const [n, x] = [Number(row.at(-2)), row.at(-1) === null ? null : Number(row.at(-1))];
    const smallest = isDistinct && x !== null ? Math.min(n, x) : n;
    const masked = masks && question.view.aboutPersons && smallest > 0 && smallest < MASK_BELOW;
    return { at, value: masked ? null : x, masked };
  });
}

/** Ids of what is behind a cell, for reading again as the reader. */
export async function freeIds(
  connection: DuckDBConnection,
  question: FreeQuestion,
  cell: readonly (string | null)[],
  limit: number,
): Promise<readonly string[]> {
  const { sql, values } = idsSql(question, cell, limit);
  const reader = await connection.runAndReadAll(sql, [...values]);
  return reader.getRows().map(([id]) => String(id));
}
