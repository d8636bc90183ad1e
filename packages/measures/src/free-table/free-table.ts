// A table that a person builds from the columns of one view: read and checked, then one statement with its values apart.
import { ok, RefusalError, type Result } from '@yimai/kit';
import type { Scalar } from '../definition.ts';
import { Params } from '../part-sql.ts';
import { type Period, parsePeriod } from '../period.ts';
import type { ColumnKind, FreeColumn, FreeView } from './free-columns.ts';

export interface Axis {
  readonly column: string;
  /** How finely: dates by year, quarter, month, day; organisations by themselves, their township or their level. */
  readonly by: string | null;
}

export const OPERATORS = ['is', 'is-not', 'at-least', 'at-most', 'filled', 'empty'] as const;
export interface FreeFilter {
  readonly column: string;
  readonly operator: (typeof OPERATORS)[number];
  readonly values: readonly Scalar[];
}

export const COUNTINGS = ['rows', 'distinct', 'sum', 'mean'] as const;
export interface FreeTable {
  readonly view: string;
  readonly rows: readonly Axis[];
  readonly columns: readonly Axis[];
  readonly value: { readonly count: (typeof COUNTINGS)[number]; readonly column: string | null };
  readonly filters: readonly FreeFilter[];
  /** Rows placed by this date in this period; all where it is left out. */
  readonly period: { readonly column: string; readonly name: string } | null;
}

export const STEPS: Readonly<Record<ColumnKind, readonly string[]>> = {
  date: ['year', 'quarter', 'month', 'day'],
  organisation: ['self', 'township', 'level'],
  birth: ['ten-years', 'year'],
  text: [],
  number: [],
  'yes-no': [],
  person: [],
};
const AXES_MOST = 3;
const CELLS_MOST = 20_000;

/** Refused with the place of the word that is wrong. */
export function readFreeTable(value: unknown, views: readonly FreeView[]): Result<FreeTable> {
  try {
    return ok(read(fieldsOf(value, 'table'), views));
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function read(given: Fields, views: readonly FreeView[]): FreeTable {
  const view = views.find(({ name }) => name === given['view']);
  if (!view) throw wrong('view', '没有这张表', 'there is no such view');
  const columnOf = (name: unknown, at: string): FreeColumn => {
    const column = view.columns.find((each) => each.name === name);
    if (column) return column;
    throw wrong(at, '没有这一列', 'there is no such column');
  };
  const axes = (list: unknown, at: string): Axis[] =>
    listOf(list, at).map((each, index) => {
      const place = `${at}[${index}]`;
      const axis = fieldsOf(each, place);
      const column = columnOf(axis['column'], `${place}.column`);
      if (column.kind === 'person' || column.kind === 'number')
        throw wrong(`${place}.column`, '这一列不能作行或列', 'a table has no lines by this column');
      const steps = STEPS[column.kind];
      const by = axis['by'] ?? steps[0] ?? null;
      if (by !== null && !steps.includes(String(by)))
        throw wrong(`${place}.by`, `可选：${steps.join('、')}`, `one of: ${steps.join(', ')}`);
      return { column: column.name, by: by === null ? null : String(by) };
    });
  const rows = axes(given['rows'], 'rows');
  const columns = axes(given['columns'] ?? [], 'columns');
  if (rows.length === 0) throw wrong('rows', '至少选一个行', 'choose at least one line');
  if (rows.length + columns.length > AXES_MOST)
    throw wrong('columns', `行列合计至多 ${AXES_MOST} 个`, `at most ${AXES_MOST} lines and columns together`);
  return {
    view: view.name,
    rows,
    columns,
    value: readValue(fieldsOf(given['value'] ?? { count: 'rows' }, 'value'), columnOf),
    filters: listOf(given['filters'] ?? [], 'filters').map((each, index) =>
      readFilter(fieldsOf(each, `filters[${index}]`), `filters[${index}]`, columnOf),
    ),
    period: readPeriod(given['period'], columnOf),
  };
}

type ColumnOf = (name: unknown, at: string) => FreeColumn;

function readValue(value: Fields, columnOf: ColumnOf): FreeTable['value'] {
  const count = COUNTINGS.find((each) => each === value['count']);
  if (!count) throw wrong('value.count', `可选：${COUNTINGS.join('、')}`, `one of: ${COUNTINGS.join(', ')}`);
  if (count === 'rows') return { count, column: null };
  const column = columnOf(value['column'], 'value.column');
  if (count !== 'distinct' && column.kind !== 'number')
    throw wrong('value.column', '只有数值列可以求和、求平均', 'only numbers are added up or averaged');
  return { count, column: column.name };
}

function readFilter(filter: Fields, at: string, columnOf: ColumnOf): FreeFilter {
  const column = columnOf(filter['column'], `${at}.column`);
  const operator = OPERATORS.find((each) => each === filter['operator']);
  if (!operator) throw wrong(`${at}.operator`, '不认识的条件', 'this condition is not known');
  // A condition on one person would make a table about that person.
  if (column.kind === 'person' && operator !== 'filled' && operator !== 'empty')
    throw wrong(`${at}.column`, '不能按个人筛选', 'a table is not about one person');
  const values = listOf(filter['values'] ?? [], `${at}.values`).map((each) => scalarOf(column, each, at));
  const wanted = operator === 'filled' || operator === 'empty' ? 0 : 1;
  if (values.length < wanted || (operator.startsWith('at-') && values.length !== 1))
    throw wrong(`${at}.values`, '缺少比较值', 'a value to compare with is missing');
  return { column: column.name, operator, values };
}

function scalarOf(column: FreeColumn, value: unknown, at: string): Scalar {
  if (column.kind === 'number') {
    if (value !== '' && Number.isFinite(Number(value))) return Number(value);
    throw wrong(`${at}.values`, '应为数', 'a number is expected here');
  }
  if (column.kind === 'yes-no') return value === true || value === 'true';
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw wrong(`${at}.values`, '应为文字', 'a text is expected here');
}

function readPeriod(value: unknown, columnOf: ColumnOf): FreeTable['period'] {
  if (value === undefined || value === null) return null;
  const period = fieldsOf(value, 'period');
  const column = columnOf(period['column'], 'period.column');
  if (column.kind !== 'date')
    throw wrong('period.column', '应为日期列', 'a column of dates is expected here');
  const name = String(period['name'] ?? '');
  if (!MOVING.has(name)) {
    const parsed = parsePeriod(name);
    if (!parsed.ok) throw new RefusalError({ ...parsed.refusal, at: 'period.name' });
  }
  return { column: column.name, name };
}

/** Periods that move with the day on which the table is looked at. */
export const MOVING: ReadonlySet<string> = new Set(['this-year', 'this-month', 'last-month']);

export interface FreeQuestion {
  readonly table: FreeTable;
  readonly view: FreeView;
  readonly period: Period | null;
  /** Organisations whose rows this reader's figures are made of, each with everything below; null: all. */
  readonly reach: readonly string[] | null;
}

/** One statement: a row for each cell with its lines, its rows (`n`) and its value (`x`). */
export function cellsSql(question: FreeQuestion): { sql: string; values: readonly Scalar[] } {
  const params = new Params();
  const { table, view } = question;
  const axes = [...table.rows, ...table.columns].map((axis) => axisSql(axis, view));
  const joins = new Set(axes.flatMap(({ join }) => (join === null ? [] : [join])));
  const selected = axes.map(({ sql }, index) => `${sql} as a${index}`);
  return {
    sql: `select ${selected.join(', ')}, count(*) as n, ${valueSql(table)} as x
      from "${view.name}" v ${[...joins].join(' ')} where ${whereSql(question, params)}
      group by all order by all limit ${CELLS_MOST + 1}`,
    values: params.values,
  };
}

/** Ids of the resources behind one cell; its lines as the cells gave them. */
export function idsSql(
  question: FreeQuestion,
  cell: readonly (string | null)[],
  limit: number,
): { sql: string; values: readonly Scalar[] } {
  const params = new Params();
  const { table, view } = question;
  const axes = [...table.rows, ...table.columns].map((axis) => axisSql(axis, view));
  const joins = new Set(axes.flatMap(({ join }) => (join === null ? [] : [join])));
  const where = [whereSql(question, params)];
  for (const [index, { sql }] of axes.entries()) {
    const at = cell[index] ?? null;
    where.push(at === null ? `${sql} is null` : `cast(${sql} as varchar) = ${params.add(at)}`);
  }
  return {
    sql: `select distinct v.resource_id from "${view.name}" v ${[...joins].join(' ')}
      where ${where.join(' and ')} order by 1 limit ${Math.trunc(limit)}`,
    values: params.values,
  };
}

function whereSql({ table, view, period, reach }: FreeQuestion, params: Params): string {
  const conditions = table.filters.map((filter) => filterSql(filter, params));
  if (table.period !== null && period !== null) {
    const column = `v."${table.period.column}"`;
    conditions.push(`${column} >= ${params.add(period.from)} and ${column} < ${params.add(period.until)}`);
  }
  if (reach !== null) {
    const list = reach.map((each) => params.add(each)).join(', ');
    conditions.push(
      reach.length === 0
        ? 'false'
        : `v."${view.org}" in (select org from org_scope where scope in (${list}))`,
    );
  }
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

function filterSql({ column, operator, values }: FreeFilter, params: Params): string {
  const value = `v."${column}"`;
  switch (operator) {
    case 'filled':
      return `${value} is not null`;
    case 'empty':
      return `${value} is null`;
    case 'at-least':
      return `${value} >= ${params.add(values[0]!)}`;
    case 'at-most':
      return `${value} <= ${params.add(values[0]!)}`;
    default: {
      const list = values.map((each) => params.add(each)).join(', ');
      return operator === 'is' ? `${value} in (${list})` : `(${value} is null or ${value} not in (${list}))`;
    }
  }
}

function valueSql({ value }: FreeTable): string {
  if (value.count === 'rows') return 'count(*)';
  const column = `v."${value.column}"`;
  if (value.count === 'distinct') return `count(distinct ${column})`;
  if (value.count === 'mean') return `avg(${column})`;
  // Money is added as whole fen, like in every figure (M17).
  return value.column?.endsWith('_yuan')
    ? `cast(sum(cast(round(${column} * 100) as bigint)) as double) / 100`
    : `sum(${column})`;
}

function axisSql({ column, by }: Axis, view: FreeView): { sql: string; join: string | null } {
  const value = `v."${column}"`;
  const { kind } = view.columns.find((each) => each.name === column)!;
  if (kind === 'organisation') {
    if (by === 'level') return { sql: `f_${column}.level`, join: factJoin(column) };
    if (by === 'township') return { sql: `t_${column}.scope`, join: townshipJoin(column) };
    return { sql: value, join: null };
  }
  if (kind === 'birth' && by === 'ten-years')
    return { sql: `(cast(left(${value}, 4) as integer) // 10) * 10`, join: null };
  if (by === 'year' || kind === 'birth') return { sql: `left(${value}, 4)`, join: null };
  if (by === 'month') return { sql: `left(${value}, 7)`, join: null };
  if (by === 'day') return { sql: `left(${value}, 10)`, join: null };
  if (by === 'quarter')
    return {
      sql: `left(${value}, 4) || '-Q' || ((cast(substr(${value}, 6, 2) as integer) + 2) // 3)`,
      join: null,
    };
  return { sql: value, join: null };
}

const factJoin = (column: string): string =>
  `left join org_fact f_${column} on f_${column}.org = v."${column}"`;
const townshipJoin = (column: string): string =>
  `left join (select s.org, min(s.scope) as scope from org_scope s join organisation o
    on o.resource_id = s.scope and o.level = 'township' group by 1) t_${column} on t_${column}.org = v."${column}"`;

function listOf(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value) && value.length <= 50) return value;
  throw wrong(at, '应为列表', 'a list is expected here');
}

function fieldsOf(value: unknown, at: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(at, '应为键值', 'a mapping is expected here');
}

const wrong = (at: string, zh: string, en: string): RefusalError =>
  new RefusalError({ code: 'wrong-table', at, rule: 'T1', detail: { zh, en } });

export const cellsMost = CELLS_MOST;
