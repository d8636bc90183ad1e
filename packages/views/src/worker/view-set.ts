// The county's views: one ViewDefinition a file, its `name` is the name of the table.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, ok, RefusalError, type Result, refuse } from '@yimai/kit';
import { type CompiledView, compileView } from '../compile-view.ts';
import { duckdbDialect } from '../duckdb/dialect.ts';
import { parseView } from '../parse-view.ts';

export interface NamedView {
  readonly name: string;
  readonly resource: string;
  /** Changes whenever the table would look different. */
  readonly checksum: string;
  readonly compiled: CompiledView;
}

/** The table in which a batch of changes waits for its views. */
export const INCOMING = 'incoming';
/** First column of every view table: the id of the resource that the row comes from. */
export const ROW_KEY = 'resource_id';

const TABLE_NAME = /^[a-z][a-z0-9_]{0,60}$/;

/** Reads all `*.json` of a folder; one wrong file refuses the whole set, so that the set in use stays. */
export function loadViews(folder: string): Result<NamedView[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort();
  const views: NamedView[] = [];
  for (const file of files) {
    const view = readNamedView(readFileSync(join(folder, file), 'utf8'));
    if (!view.ok) return { ok: false, refusal: { ...view.refusal, at: `${file}: ${view.refusal.at ?? ''}` } };
    views.push(view.value);
  }
  return ok(views);
}

export function readNamedView(text: string): Result<NamedView> {
  try {
    const definition = parseJson(text);
    const view = must(parseView(definition));
    if (view.name === null || !TABLE_NAME.test(view.name) || view.name === INCOMING) {
      const detail = { zh: '视图须有小写名称，用作表名', en: 'a view needs a lower-case name for its table' };
      return refuse('wrong-view-name', detail, { at: 'name', rule: 'V2' });
    }
    const source = {
      from: `(select id as ${ROW_KEY}, type, content from ${INCOMING} where content is not null and not left_out)`,
      content: 'content',
      type: 'type',
      carry: [ROW_KEY],
    };
    const compiled = must(compileView(view, duckdbDialect, source));
    const checksum = createHash('sha256')
      .update(compiled.sql)
      .update(JSON.stringify(compiled.params))
      .digest('hex');
    return ok({ name: view.name, resource: view.resource, checksum, compiled });
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const detail = { zh: '不是 JSON 文件', en: 'this is not a JSON file' };
    throw new RefusalError({ code: 'not-json', at: '$', rule: 'V2', detail });
  }
}
