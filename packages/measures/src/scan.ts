// Answers many questions with few scans: all questions on one view and organisation column share one pass.
import type { DuckDBConnection } from '@duckdb/node-api';
import { localDate } from '@yimai/kit';
import type { Part, Population } from './definition.ts';
import { isLargest } from './formula-parts.ts';
import {
  aggregateSql,
  columnsCounted,
  fromSql,
  membersOfSql,
  orgColumn,
  Params,
  partSql,
  populationSql,
  type Question,
  sumSql,
  timingOf,
} from './part-sql.ts';
import type { Period } from './period.ts';
import { layRepeats } from './repeats.ts';

/** What a part gave for one organisation (or, for distinct counts, one scope). */
export interface Tally {
  /** Null: rows fit but none has a value. */
  readonly amount: number | null;
  /** Rows of the population in the period, whether they fit or not. */
  readonly seen: number;
  /** Rows that fit. */
  readonly fitting: number;
}

/** Answers by question; `byScope` says that they are already rolled up (distinct counts cannot be added). */
export interface Answer {
  readonly byScope: boolean;
  /** Nobody ever stored a row of this kind. */
  readonly isUnheardOf?: boolean;
  readonly tallies: ReadonlyMap<string, Tally>;
}

// More conditions at once would need more memory than a scan saves time; of small tables, planning them costs more than reading.
const QUESTIONS_A_SCAN = 24;
const LASTING_A_SCAN = 6;

const FIRST_DAY = localDate('2000-01-01');

export function questionKey(part: Part, period: Period): string {
  return `${period.name} ${JSON.stringify(part)}`;
}

type Asked = readonly [key: string, question: Question];

/** The columns of a scan in which the answer to a part stands. */
interface Place {
  readonly seen: string;
  readonly fitting: string;
  readonly amount: string;
}

export class Scanner {
  readonly #connection: DuckDBConnection;
  readonly #populations: ReadonlyMap<string, Population>;
  /** Which populations were found to hold repeated rows. */
  readonly #repeats = new Map<string, boolean>();

  constructor(connection: DuckDBConnection, populations: ReadonlyMap<string, Population>) {
    this.#connection = connection;
    this.#populations = populations;
  }

  async answer(
    asked: readonly { readonly part: Part; readonly period: Period }[],
  ): Promise<ReadonlyMap<string, Answer>> {
    const questions = new Map<string, Question>();
    for (const { part, period } of asked)
      questions.set(questionKey(part, period), this.#question(part, period));
    await this.#findRepeats([...questions.values()]);
    const answers = new Map<string, Answer>();
    const groups = Map.groupBy(questions, ([, question]) => {
      const timing = timingOf(question);
      const moment = timing.kind === 'within' ? timing.column : '';
      return `${question.population.view} ${orgColumn(question)} ${moment}`;
    });
    for (const group of groups.values()) {
      for (const part of inScans(group)) await this.#scan(part, answers);
    }
    const distinct = [...questions].filter(([, { part }]) => part.count.kind === 'distinct');
    for (const group of Map.groupBy(distinct, ([, { part }]) => JSON.stringify(part)).values()) {
      const months = group.filter(([, question]) => isMonthOfDates(question));
      if (months.length > 1) await this.#countDistinctByMonth(months, answers);
      for (const [key, question] of group)
        if (months.length < 2 || !isMonthOfDates(question)) await this.#countDistinct(key, question, answers);
    }
    return answers;
  }

  /** Finds the repeated rows of every population, so that no reader of this snapshot waits for it. */
  async warmUp(): Promise<void> {
    const period = { name: '', from: FIRST_DAY, until: FIRST_DAY };
    const questions = [...this.#populations.keys()].map((population) =>
      this.#question(
        { population, filters: [], count: { kind: 'rows' }, org: null, timing: null, isNegative: false },
        period,
      ),
    );
    await this.#findRepeats(questions);
  }

  /** Fitting rows by organisation and the values of one column: number and sum of another column. */
  async grouped(
    part: Part,
    period: Period,
    by: string,
    summed: string | null,
  ): Promise<readonly { org: string; key: string; rows: number; sum: number }[]> {
    const question = this.#question(part, period);
    await this.#findRepeats([question]);
    const params = new Params();
    const where = this.#condition(question, params);
    const sum = summed === null ? '0' : `coalesce(${sumSql(`v."${summed}"`, summed, (all) => all)}, 0)`;
    const sql = `select v."${orgColumn(question)}", cast(v."${by}" as varchar), count(*), cast(${sum} as double)
      from ${fromSql([question])} where ${where} and v."${by}" is not null
        ${summed === null ? '' : `and v."${summed}" is not null`}
      group by all`;
    const reader = await this.#connection.runAndReadAll(sql, params.values);
    return reader.getRows().map(([org, key, rows, total]) => ({
      org: String(org),
      key: String(key),
      rows: Number(rows),
      sum: Number(total),
    }));
  }

  /** Resource ids of the rows behind a part within some organisations, in the order of their ids. */
  async cases(
    part: Part,
    period: Period,
    scope: string,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<string[]> {
    const question = this.#question(part, period);
    await this.#findRepeats([question]);
    const params = new Params();
    const where = this.#condition(question, params);
    const after = page.after === null ? '' : `and v.resource_id > ${params.add(page.after)}`;
    const sql = `select distinct v.resource_id from ${fromSql([question])}
      where ${where} ${after}
        and v."${orgColumn(question)}" in (select org from org_scope where scope = ${params.add(scope)})
      order by 1 limit ${Math.trunc(page.limit)}`;
    const reader = await this.#connection.runAndReadAll(sql, params.values);
    return reader.getRows().map(([id]) => String(id));
  }

  #question(part: Part, period: Period): Question {
    const population = this.#populations.get(part.population);
    if (population === undefined) throw new Error(`fault: population ${part.population} was not loaded`);
    return { part, population, period, populations: this.#populations };
  }

  #condition(question: Question, params: Params): string {
    const own = populationSql(question, params, this.#hasRepeats(question));
    return `${own} and ${partSql(question, params) ?? 'true'}`;
  }

  #hasRepeats(question: Question): boolean {
    return this.#repeats.get(question.population.id) === true;
  }

  // The conditions stand in a sub-select, each once: as filters of the aggregates they would be worked out over and over.
  // Rows that are placed by one date are added up by month, and periods are put together from months afterwards.
  async #scan(group: readonly Asked[], answers: Map<string, Answer>): Promise<void> {
    const params = new Params();
    const [[, first]] = group as [Asked];
    const timing = timingOf(first);
    const moment = timing.kind === 'within' ? timing.column : null;
    const flags = new Map<string, string>();
    const aggregates = new Set<string>();
    const places = new Map<string, Place>();
    for (const [key, question] of group) {
      const shape = moment === null ? key : JSON.stringify(question.part);
      if (!places.has(shape))
        places.set(shape, this.#place(question, moment === null, params, flags, aggregates));
    }
    const own = orgColumn(first);
    const values = new Set(group.flatMap(([, question]) => columnsCounted(question.part.count)));
    const columns = [
      `v."${own}" as own_org`,
      `${moment === null ? "''" : `left(v."${moment}", 7)`} as own_month`,
    ];
    columns.push(...[...values].map((column) => `v."${column}"`));
    for (const [sql, name] of flags) columns.push(`(${sql}) as ${name}`);
    const questions = group.map(([, question]) => question);
    const sql = `select own_org, own_month, ${[...aggregates].join(',\n')}
      from (select ${columns.join(',\n')} from ${fromSql(questions)}
        where v."${own}" is not null ${moment === null ? '' : spanSql(moment, questions, params)}) v group by 1, 2`;
    const rows = (await this.#connection.runAndReadAll(sql, params.values)).getRowObjects();
    for (const [key, question] of group) {
      const place = places.get(moment === null ? key : JSON.stringify(question.part))!;
      const inside =
        moment === null ? rows : rows.filter((row) => isMonthIn(String(row['own_month']), question.period));
      answers.set(key, { byScope: false, tallies: tallyUp(inside, place, question) });
    }
  }

  #place(
    question: Question,
    isTimed: boolean,
    params: Params,
    flags: Map<string, string>,
    aggregates: Set<string>,
  ): Place {
    const flag = (sql: string): string => {
      const known = flags.get(sql) ?? `b${flags.size}`;
      flags.set(sql, known);
      return known;
    };
    const hasRepeats = this.#hasRepeats(question);
    const members = (isTimed ? populationSql : membersOfSql)(question, params, hasRepeats);
    const population = flag(members);
    const own = partSql(question, params);
    const fits = own === null ? population : `${population} and ${flag(own)}`;
    const name = fits.replaceAll(' and ', '_');
    aggregates.add(`count(*) filter (where ${population}) as s_${population}`);
    aggregates.add(`count(*) filter (where ${fits}) as f_${name}`);
    const { count } = question.part;
    const amount = count.kind === 'rows' ? null : aggregateSql(count, fits);
    const place = { seen: `s_${population}`, fitting: `f_${name}` };
    if (amount === null) return { ...place, amount: place.fitting };
    const column = `a${aggregates.size}`;
    aggregates.add(`cast(${amount} as double) as ${column}`);
    return { ...place, amount: column };
  }

  async #countDistinct(key: string, question: Question, answers: Map<string, Answer>): Promise<void> {
    if (question.part.count.kind !== 'distinct') return;
    const params = new Params();
    const where = this.#condition(question, params);
    const sql = `select s.scope, count(distinct v."${question.part.count.column}"), count(*)
      from ${fromSql([question])} join org_scope s on s.org = v."${orgColumn(question)}"
      where ${where} group by 1`;
    const reader = await this.#connection.runAndReadAll(sql, params.values);
    const byOrg = answers.get(key)!.tallies;
    const tallies = new Map<string, Tally>();
    const seen = await this.#seenByScope(byOrg);
    for (const [scope, rows] of seen) tallies.set(scope, { amount: 0, seen: rows, fitting: 0 });
    for (const [scope, amount, fitting] of reader.getRows()) {
      const at = String(scope);
      tallies.set(at, {
        amount: Number(amount),
        seen: seen.get(at) ?? Number(fitting),
        fitting: Number(fitting),
      });
    }
    answers.set(key, { byScope: true, tallies });
  }

  /** Months of the same part in one statement: a trend costs as much as its longest period. */
  async #countDistinctByMonth(group: readonly Asked[], answers: Map<string, Answer>): Promise<void> {
    const sorted = group.map(([, { period }]) => period).sort((a, b) => (a.from < b.from ? -1 : 1));
    const [, first] = group[0]!;
    const span = { ...first.period, from: sorted[0]!.from, until: sorted.at(-1)!.until };
    const question: Question = { ...first, period: span };
    const timing = timingOf(question);
    if (first.part.count.kind !== 'distinct' || timing.kind !== 'within') return;
    const params = new Params();
    const where = this.#condition(question, params);
    const sql = `select s.scope, left(v."${timing.column}", 7), count(distinct v."${first.part.count.column}"), count(*)
      from ${fromSql([question])} join org_scope s on s.org = v."${orgColumn(question)}"
      where ${where} group by 1, 2`;
    const reader = await this.#connection.runAndReadAll(sql, params.values);
    const byMonth = Map.groupBy(reader.getRows(), ([, month]) => String(month));
    for (const [key, { period }] of group) {
      const seen = await this.#seenByScope(answers.get(key)!.tallies);
      const tallies = new Map<string, Tally>();
      for (const [scope, rows] of seen) tallies.set(scope, { amount: 0, seen: rows, fitting: 0 });
      for (const [scope, , amount, fitting] of byMonth.get(period.from.slice(0, 7)) ?? []) {
        const at = String(scope);
        tallies.set(at, {
          amount: Number(amount),
          seen: seen.get(at) ?? Number(fitting),
          fitting: Number(fitting),
        });
      }
      answers.set(key, { byScope: true, tallies });
    }
  }

  async #seenByScope(byOrg: ReadonlyMap<string, Tally>): Promise<Map<string, number>> {
    const reader = await this.#connection.runAndReadAll('select org, scope from org_scope');
    const seen = new Map<string, number>();
    for (const [org, scope] of reader.getRows() as string[][]) {
      const tally = byOrg.get(org!);
      if (tally) seen.set(scope!, (seen.get(scope!) ?? 0) + tally.seen);
    }
    return seen;
  }

  async #findRepeats(questions: readonly Question[]): Promise<void> {
    for (const question of questions) {
      const { once, id } = question.population;
      if (once !== null && !this.#repeats.has(id))
        this.#repeats.set(id, await layRepeats(this.#connection, question));
    }
  }
}

/** A single month of rows that are placed by one date. Ages are worked out for each period on its own. */
function isMonthOfDates(question: Question): boolean {
  const { period, part, population } = question;
  const asksAge = [...part.filters, ...population.filters].some(({ condition }) =>
    ['age', 'lasts', 'member-of'].includes(condition.kind),
  );
  return timingOf(question).kind === 'within' && /^\d{4}-\d{2}$/.test(period.name) && !asksAge;
}

// Rows placed by one date are added up by month: the same part in other periods costs nothing more, so a scan is cut by its
// parts. Of rows that last, each period asks its own conditions, and planning many of them takes longer than reading the rows.
function inScans(group: readonly Asked[]): readonly (readonly Asked[])[] {
  const isPlaced = timingOf(group[0]![1]).kind === 'within';
  const units = isPlaced
    ? [...Map.groupBy(group, ([, question]) => JSON.stringify(question.part)).values()]
    : group.map((asked) => [asked]);
  const most = isPlaced ? QUESTIONS_A_SCAN : LASTING_A_SCAN;
  return Array.from({ length: Math.ceil(units.length / most) }, (_, index) =>
    units.slice(index * most, (index + 1) * most).flat(),
  );
}

// Rows outside of every period asked for need not be looked at.
function spanSql(column: string, questions: readonly Question[], params: Params): string {
  const from = questions.map((question) => question.period.from).sort()[0]!;
  const until = questions
    .map((question) => question.period.until)
    .sort()
    .at(-1)!;
  return `and v."${column}" >= ${params.add(from)} and v."${column}" < ${params.add(until)}`;
}

function isMonthIn(month: string, period: Period): boolean {
  return month >= period.from.slice(0, 7) && month < period.until.slice(0, 7);
}

function tallyUp(
  rows: readonly Readonly<Record<string, unknown>>[],
  place: Place,
  { part }: Question,
): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const row of rows) {
    const seen = Number(row[place.seen]);
    if (seen === 0) continue;
    const org = String(row['own_org']);
    const before = tallies.get(org) ?? { amount: null, seen: 0, fitting: 0 };
    const raw = row[place.amount];
    const amount = raw === null || raw === undefined ? null : Number(raw);
    tallies.set(org, {
      amount:
        amount === null
          ? before.amount
          : isLargest(part)
            ? Math.max(before.amount ?? amount, amount)
            : (before.amount ?? 0) + amount,
      seen: before.seen + seen,
      fitting: before.fitting + Number(row[place.fitting]),
    });
  }
  return tallies;
}
