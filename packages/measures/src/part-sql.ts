// One part of a measure for one period as SQL: its condition, what it adds up, which organisations it looks at.
import { addDays, assertNever } from '@yimai/kit';
import type { Bound, Condition, Counting, Filter, Part, Population, Scalar, Timing } from './definition.ts';
import type { Period } from './period.ts';

/** Values of a statement, in order; each becomes `$n`. */
export class Params {
  readonly values: Scalar[] = [];
  add(value: Scalar): string {
    this.values.push(value);
    const type = typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'varchar';
    return `$${this.values.length}::${type}`;
  }
}

/** A part with its population and the period it is asked for. */
export interface Question {
  readonly part: Part;
  readonly population: Population;
  readonly period: Period;
  /** All populations, for conditions that look into another one. */
  readonly populations: ReadonlyMap<string, Population>;
}

export const orgColumn = ({ part, population }: Question): string => part.org ?? population.org;
export const timingOf = ({ part, population }: Question): Timing => part.timing ?? population.timing;

/** Temporary table with the rows of a population that repeat another one. */
export const repeatsTable = (population: Population): string =>
  `repeats_${population.id.replaceAll('-', '_')}`;

/** The condition of the population alone: its rows in the period. `v` is the view. */
export function populationSql(question: Question, params: Params, hasRepeats: boolean): string {
  const rows = membersOfSql(question, params, hasRepeats);
  const timing = timingSql(timingOf(question), question.period, params);
  return timing === null ? rows : `${rows} and ${timing}`;
}

/** The same without the period. */
export function membersOfSql(question: Question, params: Params, hasRepeats: boolean): string {
  const conditions = question.population.filters.map((filter) => filterSql(filter, question, params));
  if (hasRepeats) conditions.push(`v.rowid not in (select row_id from ${repeatsTable(question.population)})`);
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

/** What the part adds to the condition of its population; null when it adds nothing. */
export function partSql(question: Question, params: Params): string | null {
  const conditions = question.part.filters.map((filter) => filterSql(filter, question, params));
  return conditions.length === 0 ? null : conditions.join(' and ');
}

/** The columns of the view that a way of counting reads. */
export function columnsCounted(counting: Counting): readonly string[] {
  if (counting.kind === 'rows' || counting.kind === 'distinct') return [];
  return 'column' in counting ? [counting.column] : counting.columns;
}

// The columns whose organisation is asked for its level, class, grade, role or county.
function orgColumnsAsked(question: Question): string[] {
  const filters = [...question.population.filters, ...question.part.filters];
  return filters.flatMap(({ column, condition }) => {
    if (condition.kind === 'same-county') return [column, orgColumn(question)];
    return column.includes('.') ? [column.split('.')[0]!] : [];
  });
}

/** The aggregate over the rows that fit; null for distinct counts, which have a statement of their own. */
export function aggregateSql(counting: Counting, fits: string): string | null {
  const over = (aggregate: string): string => `${aggregate} filter (where ${fits})`;
  switch (counting.kind) {
    case 'rows':
      return over('count(*)');
    case 'distinct':
      return null;
    case 'sum':
      return sumSql(`v."${counting.column}"`, counting.column, over);
    case 'product':
      return sumSql(`v."${counting.columns[0]}" * v."${counting.columns[1]}"`, counting.columns[0], over);
    case 'max':
      return over(`max(v."${counting.column}")`);
    case 'cut':
    case 'max-cut': {
      const [old, now] = counting.columns.map((column) => `v."${column}"`);
      return over(`${counting.kind === 'cut' ? 'sum' : 'max'}((${old} - ${now}) / nullif(${old}, 0))`);
    }
    case 'saving': {
      const [old, now, quantity] = counting.columns.map((column) => `v."${column}"`);
      return sumSql(`(${old} - ${now}) * ${quantity}`, counting.columns[0], over);
    }
    case 'between':
      return over(`sum(${betweenSql(counting)})`);
    default:
      return assertNever(counting);
  }
}

// Money is added as whole fen: a sum of floating yuan would depend on the order of the rows.
export function sumSql(value: string, column: string, over: (aggregate: string) => string): string {
  if (!column.endsWith('_yuan')) return over(`sum(${value})`);
  return `${over(`sum(cast(round((${value}) * 100) as bigint))`)} / 100.0`;
}

function betweenSql({ columns, unit }: Extract<Counting, { kind: 'between' }>): string {
  const [from, to] = columns.map((column) => `v."${column}"`);
  if (unit === 'days')
    return `date_diff('day', try_cast(left(${from}, 10) as date), try_cast(left(${to}, 10) as date))`;
  const seconds = `date_diff('second', try_cast(left(${from}, 19) as timestamp), try_cast(left(${to}, 19) as timestamp))`;
  return `${seconds} / ${unit === 'hours' ? '3600.0' : '60.0'}`;
}

function filterSql({ column, condition }: Filter, question: Question, params: Params): string {
  const [stem, fact] = column.split('.');
  const value = fact === undefined ? `v."${stem}"` : `o_${stem}."${fact}"`;
  return conditionSql(value, stem!, condition, question, params);
}

function conditionSql(
  value: string,
  stem: string,
  condition: Condition,
  question: Question,
  params: Params,
): string {
  switch (condition.kind) {
    case 'in': {
      const list = condition.values.map((each) => params.add(each));
      const test = list.length === 1 ? `${value} = ${list[0]}` : `${value} in (${list.join(', ')})`;
      // A row without a value is not one with another value: "not" leaves it out as well.
      return condition.wanted ? test : `not (${test})`;
    }
    case 'range':
      return condition.bounds
        .map((bound) => `${value} ${bound.operator} ${params.add(bound.value)}`)
        .join(' and ');
    case 'starts-with':
      return `(${condition.prefixes.map((prefix) => `starts_with(${value}, ${params.add(prefix)})`).join(' or ')})`;
    case 'present':
      return `${value} is ${condition.wanted ? 'not ' : ''}null`;
    case 'age':
      return condition.bounds.map((bound) => ageSql(value, bound, question.period, params)).join(' and ');
    case 'lasts': {
      const until = `coalesce(v."${condition.until}", ${params.add(question.period.until)})`;
      const from = `greatest(${value}, ${params.add(question.period.from)})`;
      const to = `least(${until}, ${params.add(question.period.until)})`;
      const days = `date_diff('day', try_cast(${from} as date), try_cast(${to} as date))`;
      return condition.bounds
        .map((bound) => `${days} ${bound.operator} ${params.add(bound.value)}`)
        .join(' and ');
    }
    case 'member-of':
      return `${value} in (${membersSql(condition.population, stem, question, params)})`;
    case 'same-county': {
      const same = `o_${stem}.county = o_${orgColumn(question)}.county`;
      return condition.wanted ? `coalesce(${same}, false)` : `not coalesce(${same}, false)`;
    }
    default:
      return assertNever(condition);
  }
}

// Full years are reached on the birthday: who is 65 on the last day was born on or before that day 65 years earlier.
function ageSql(value: string, bound: Bound, period: Period, params: Params): string {
  const lastDay = addDays(period.until, -1);
  const isOver = bound.operator === '>' || bound.operator === '>=';
  const isStrict = bound.operator === '>' || bound.operator === '<=';
  const years = Number(bound.value) + (isStrict ? 1 : 0);
  const born = `${String(Number(lastDay.slice(0, 4)) - years).padStart(4, '0')}${lastDay.slice(4)}`;
  return `${value} ${isOver ? '<=' : '>'} ${params.add(born)}`;
}

function membersSql(id: string, column: string, question: Question, params: Params): string {
  const population = question.populations.get(id);
  if (population === undefined) throw new Error(`fault: population ${id} was not loaded`);
  const inner: Question = {
    ...question,
    population,
    part: { ...question.part, filters: [], org: null, timing: null },
  };
  const joins = [...new Set(orgColumnsAsked(inner))].map(orgJoin).join(' ');
  const key = population.view === 'resident' ? 'resource_id' : column;
  return `select v."${key}" from "${population.view}" v ${joins} where ${populationSql(inner, params, false)}`;
}

// Brings in the facts of the organisation that a column names.
const orgJoin = (column: string): string =>
  `left join org_fact o_${column} on o_${column}.org = v."${column}"`;

/** The view with the facts of every organisation that these questions ask about. */
export function fromSql(questions: readonly Question[]): string {
  const columns = new Set(questions.flatMap(orgColumnsAsked));
  return `"${questions[0]!.population.view}" v ${[...columns].map(orgJoin).join(' ')}`;
}

function timingSql(timing: Timing, period: Period, params: Params): string | null {
  switch (timing.kind) {
    case 'within':
      return `v."${timing.column}" >= ${params.add(period.from)} and v."${timing.column}" < ${params.add(period.until)}`;
    case 'at-end': {
      const began = `v."${timing.from}" < ${params.add(period.until)}`;
      if (timing.to === null) return began;
      return `${began} and (v."${timing.to}" is null or v."${timing.to}" >= ${params.add(period.until)})`;
    }
    case 'during': {
      const began = `v."${timing.from}" < ${params.add(period.until)}`;
      if (timing.to === null) return began;
      return `${began} and (v."${timing.to}" is null or v."${timing.to}" >= ${params.add(period.from)})`;
    }
    case 'always':
      return null;
    default:
      return assertNever(timing);
  }
}
