// The county's views: one ViewDefinition a file, its `name` is the name of the table; `kinds.yaml` says which rows of
// these tables come from what the engines store.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, ok, RefusalError, type Result, refuse } from '@yimai/kit';
import { parse } from 'yaml';
import { type CompiledColumn, type CompiledView, compileView } from '../compile-view.ts';
import { duckdbDialect } from '../duckdb/dialect.ts';
import { parseView } from '../parse-view.ts';
import {
  type ColumnValue,
  type Constant,
  conditionsOf,
  type FedRows,
  fieldPath,
  readFedRows,
  resourceOf,
  usualColumns,
  wrongKinds,
} from './fed-rows.ts';

/** One statement that gives rows of a table out of the batch: the key, then the columns in their order. */
export interface RowSource {
  readonly resource: string;
  /** The declaration that its resources come from; null: all of the type that no other line of the table takes. */
  readonly code: string | null;
  readonly sql: string;
  readonly params: readonly (string | number | boolean)[];
}

export interface NamedView {
  readonly name: string;
  /** What the definition calls itself: Chinese, a space, English. */
  readonly title: string;
  readonly resource: string;
  /** Changes whenever the table would look different. */
  readonly checksum: string;
  readonly compiled: CompiledView;
  readonly sources: readonly RowSource[];
  /** Every resource type that gives rows. */
  readonly resources: readonly string[];
}

/** The table in which a batch of changes waits for its views. */
export const INCOMING = 'incoming';
/** First column of every view table: the id of the resource that the row comes from. */
export const ROW_KEY = 'resource_id';
/** Last column: its type, where a table has rows of several types; else empty. */
export const ROW_TYPE = 'resource_type';

const TABLE_NAME = /^[a-z][a-z0-9_]{0,60}$/;
const KINDS = 'kinds.yaml';

interface Read {
  readonly name: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly compiled: CompiledView;
}

/** Reads all `*.json` of a folder; one wrong file refuses the whole set, so that the set in use stays. */
export function loadViews(folder: string): Result<NamedView[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort();
  const read: Read[] = [];
  for (const file of files) {
    const view = caught(() => readOne(readFileSync(join(folder, file), 'utf8')));
    if (!view.ok) return { ok: false, refusal: { ...view.refusal, at: `${file}: ${view.refusal.at ?? ''}` } };
    read.push(view.value);
  }
  const kinds = join(folder, KINDS);
  const lines = caught(() => (existsSync(kinds) ? readKinds(readFileSync(kinds, 'utf8'), read) : []));
  if (!lines.ok)
    return { ok: false, refusal: { ...lines.refusal, at: `${KINDS}: ${lines.refusal.at ?? ''}` } };
  return caught(() =>
    read.map((view) =>
      namedView(
        view,
        lines.value.filter((line) => line.table === view.name),
      ),
    ),
  );
}

export function readNamedView(text: string): Result<NamedView> {
  return caught(() => namedView(readOne(text), []));
}

function caught<T>(work: () => T): Result<T> {
  try {
    return ok(work());
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

function readOne(text: string): Read {
  const definition = parseJson(text) as Readonly<Record<string, unknown>>;
  const view = must(parseView(definition));
  if (view.name === null || !TABLE_NAME.test(view.name) || view.name === INCOMING) {
    const detail = { zh: '视图须有小写名称，用作表名', en: 'a view needs a lower-case name for its table' };
    return must(refuse('wrong-view-name', detail, { at: 'name', rule: 'V2' }));
  }
  return { name: view.name, definition, compiled: compiledOf(definition, []) };
}

function readKinds(text: string, views: readonly Read[]): FedRows[] {
  const value: unknown = parse(text);
  if (!Array.isArray(value)) throw wrongKinds('$', '应为列表', 'a list is expected here');
  return value.map((each, index) => {
    const line = readFedRows(each, `[${index}]`);
    const columns = views.find((view) => view.name === line.table)?.compiled.columns;
    if (!columns) throw wrongKinds(`[${index}].table`, '没有这个视图', 'there is no such view');
    const known = new Set(columns.map(({ name }) => name));
    for (const name of line.columns.keys())
      if (!known.has(name)) throw wrongKinds(`[${index}].columns.${name}`, '没有这一列', 'no such column');
    return line;
  });
}

/** `taken`: declarations whose resources other lines of the same table show. */
function compiledOf(definition: unknown, taken: readonly string[], code?: string): CompiledView {
  const list = taken.map((each) => `'${each}'`).join(', ');
  const own = code === undefined ? '' : ` and code = '${code}'`;
  const others = list === '' ? '' : ` and (code is null or code not in (${list}))`;
  const source = {
    from: `(select id as ${ROW_KEY}, type, content from ${INCOMING} where content is not null and not left_out${own}${others})`,
    content: 'content',
    type: 'type',
    carry: [ROW_KEY],
  };
  return must(compileView(must(parseView(definition)), duckdbDialect, source));
}

function namedView({ name, definition, compiled }: Read, lines: readonly FedRows[]): NamedView {
  const resource = String(definition['resource']);
  const taken = lines.filter((line) => resourceOf(line.source) === resource).map(({ id }) => id);
  const own = taken.length === 0 ? compiled : compiledOf(definition, [...new Set(taken)]);
  const resources = [...new Set([resource, ...lines.map((line) => resourceOf(line.source))])];
  const tail = (of: string): string => (resources.length > 1 ? `, '${of}'` : '');
  const values = compiled.columns.map((column) => `${inChinaTime(column)} as "${column.name}"`).join(', ');
  const base: RowSource = {
    resource,
    code: null,
    sql: `select ${ROW_KEY}, ${values}${tail(resource)} from (${own.sql})`,
    params: own.params,
  };
  const sources = [base, ...lines.map((line) => rowsOf(line, definition, compiled.columns, tail))];
  const checksum = createHash('sha256');
  for (const { sql, params } of sources) checksum.update(sql).update(JSON.stringify(params));
  const title = String(definition['title'] ?? name);
  return { name, title, resource, compiled, sources, resources, checksum: checksum.digest('hex') };
}

/** The columns of the table out of a resource of an engine: a ViewDefinition of the needed paths, then their form. */
function rowsOf(
  line: FedRows,
  definition: Read['definition'],
  columns: readonly CompiledColumn[],
  tail: (resource: string) => string,
): RowSource {
  const resource = resourceOf(line.source);
  const usual = usualColumns(line);
  const paths = new Map<string, string>();
  const params: Constant[] = [];
  const isOwn = definition['resource'] === resource;
  const basePaths = new Map(isOwn ? pathsOf(definition) : []);
  const plans = columns.map((column) => {
    const value = line.columns.get(column.name) ?? usual.get(column.name);
    const basePath = basePaths.get(column.name);
    if (value) return { column, value };
    return { column, value: basePath === undefined ? null : ({ kind: 'path', path: basePath } as const) };
  });
  for (const { column, value } of plans) addPaths(line, column, value, paths);
  const compiled = compiledOf(
    {
      resource,
      where: conditionsOf(line).map((path) => ({ path })),
      select: [{ column: [...paths].map(([name, path]) => ({ name, path })) }],
    },
    [],
    line.id,
  );
  const param = (value: Constant): string => {
    params.push(value);
    const type = typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'varchar';
    return `$${compiled.params.length + params.length}::${type}`;
  };
  const types = new Map(compiled.columns.map(({ name, type }) => [name, type]));
  const shown = plans.map(({ column, value }) => {
    const sql = valueSql(column, value, types, param);
    return `cast(${sql} as ${column.sqlType}) as "${column.name}"`;
  });
  return {
    resource,
    code: line.id,
    sql: `select ${ROW_KEY}, ${shown.join(', ')}${tail(resource)} from (${compiled.sql})`,
    params: [...compiled.params, ...params],
  };
}

const STATE = 'businessStatus.coding.code.first()';
const TYPES: Readonly<Record<string, readonly string[]>> = {
  double: ['decimal'],
  bigint: ['decimal'],
  boolean: ['boolean'],
  varchar: ['string', 'date'],
};

function addPaths(
  line: FedRows,
  { name, sqlType }: CompiledColumn,
  value: ColumnValue | null,
  paths: Map<string, string>,
): void {
  if (value?.kind === 'path') paths.set(`${name}_p`, value.path);
  else if (value?.kind === 'state') paths.set(`${name}_s`, STATE);
  else if (value?.kind === 'field') {
    const types = value.is !== null ? ['string'] : (TYPES[sqlType] ?? ['string']);
    const asked = line.source === 'loop' ? types : types.slice(0, 1);
    for (const [index, type] of asked.entries())
      paths.set(`${name}_f${index}`, fieldPath(line.source, value.field, type));
  }
  if (paths.size === 0) paths.set('nothing', 'id');
}

function valueSql(
  column: CompiledColumn,
  value: ColumnValue | null,
  types: ReadonlyMap<string, string | null>,
  param: (value: Constant) => string,
): string {
  if (value === null) return 'null';
  const { name } = column;
  if (value.kind === 'constant') return param(value.value);
  if (value.kind === 'path') {
    const type = types.get(`${name}_p`) ?? null;
    return inChinaTime({ ...column, name: `${name}_p`, type });
  }
  const parts = ['s', 'f0', 'f1'].map((part) => `${name}_${part}`).filter((part) => types.has(part));
  const found =
    parts.length === 1 ? `"${parts[0]}"` : `coalesce(${parts.map((each) => `"${each}"`).join(', ')})`;
  if (value.is) {
    const cases = [...value.is].map(([from, to]) => `when ${param(from)} then ${param(to)}`);
    return `case ${found} ${cases.join(' ')} end`;
  }
  // Engines write an organisation or person in a field as `Organization/id`; tables hold the id.
  return column.sqlType === 'varchar' ? `regexp_replace(${found}, '^[A-Z][A-Za-z]+/', '')` : found;
}

function pathsOf(definition: Read['definition']): (readonly [string, string])[] {
  const selects = definition['select'] as readonly { column?: readonly { name: string; path: string }[] }[];
  return selects.flatMap((select) => (select.column ?? []).map(({ name, path }) => [name, path] as const));
}

// Instants are kept as text in China time (UTC+8 all year), so that their first ten letters are the local date (V16).
function inChinaTime({ name, type, collection }: CompiledColumn): string {
  const column = `"${name}"`;
  if (collection || (type !== 'dateTime' && type !== 'instant')) return column;
  const moment = `make_timestamp(epoch_us(try_cast(${column} as timestamptz)) + 28800000000)`;
  return `case when not contains(${column}, ':') or ends_with(${column}, '+08:00') then ${column}
    else strftime(${moment}, '%Y-%m-%dT%H:%M:%S+08:00') end`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const detail = { zh: '不是 JSON 文件', en: 'this is not a JSON file' };
    throw new RefusalError({ code: 'not-json', at: '$', rule: 'V2', detail });
  }
}
