// Answers many questions with few scans: all questions on one view and organisation column share one pass.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Part, Population } from './definition.ts';
import {
  aggregateSql,
  orgColumn,
  orgColumnsAsked,
  orgJoin,
  Params,
  partSql,
  populationSql,
  type Question,
  repeatsTable,
  timingOf,
} from './part-sql.ts';
import type { Period } from './period.ts';

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
  readonly tallies: ReadonlyMap<string, Tally>;
}

export function questionKey(part: Part, period: Period): string {
  return `${period.name} ${JSON.stringify(part)}`;
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
    const groups = Map.groupBy(
      questions,
      ([, question]) => `${question.population.view} ${orgColumn(question)}`,
    );
    for (const group of groups.values()) await this.#scan(group, answers);
    for (const [key, question] of questions) {
      if (question.part.count.kind === 'distinct') await this.#countDistinct(key, question, answers);
    }
    return answers;
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
    const sum = summed === null ? '0' : `coalesce(sum(v."${summed}"), 0)`;
    const sql = `select v."${orgColumn(question)}", cast(v."${by}" as varchar), count(*), cast(${sum} as double)
      from ${this.#from([question])} where ${where} and v."${by}" is not null
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
    const sql = `select distinct v.resource_id from ${this.#from([question])}
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
    return `${own} and ${partSql(question, params)}`;
  }

  #hasRepeats(question: Question): boolean {
    return this.#repeats.get(question.population.id) === true;
  }

  #from(questions: readonly Question[]): string {
    const [first] = questions;
    const columns = new Set(questions.flatMap(orgColumnsAsked));
    return `"${first!.population.view}" v ${[...columns].map(orgJoin).join(' ')}`;
  }

  async #scan(group: readonly (readonly [string, Question])[], answers: Map<string, Answer>): Promise<void> {
    const params = new Params();
    const questions = group.map(([, question]) => question);
    const columns = questions.map((question, index) => {
      const population = populationSql(question, params, this.#hasRepeats(question));
      const fits = `${population} and ${partSql(question, params)}`;
      const amount = aggregateSql(question.part.count, fits) ?? `count(*) filter (where ${fits})`;
      return `cast(${amount} as double) as a${index},
        count(*) filter (where ${population}) as s${index}, count(*) filter (where ${fits}) as f${index}`;
    });
    const own = orgColumn(questions[0]!);
    const sql = `select v."${own}", ${columns.join(',\n')} from ${this.#from(questions)}
      where v."${own}" is not null ${this.#span(questions, params)} group by 1`;
    const reader = await this.#connection.runAndReadAll(sql, params.values);
    const rows = reader.getRows();
    for (const [index, [key, question]] of group.entries()) {
      if (question.part.count.kind === 'distinct' && answers.has(key)) continue;
      const tallies = new Map<string, Tally>();
      for (const row of rows) {
        const [amount, seen, fitting] = [
          row[1 + index * 3],
          Number(row[2 + index * 3]),
          Number(row[3 + index * 3]),
        ];
        if (seen > 0)
          tallies.set(String(row[0]), { amount: amount === null ? null : Number(amount), seen, fitting });
      }
      answers.set(key, { byScope: false, tallies });
    }
  }

  // Rows outside of every period asked for need not be looked at, if all questions place rows by the same column.
  #span(questions: readonly Question[], params: Params): string {
    const columns = new Set(
      questions.map((question) => {
        const timing = timingOf(question);
        return timing.kind === 'within' ? timing.column : '';
      }),
    );
    const [column] = columns;
    if (columns.size !== 1 || !column) return '';
    const from = questions.map((question) => question.period.from).sort()[0]!;
    const until = questions
      .map((question) => question.period.until)
      .sort()
      .at(-1)!;
    return `and v."${column}" >= ${params.add(from)} and v."${column}" < ${params.add(until)}`;
  }

  async #countDistinct(key: string, question: Question, answers: Map<string, Answer>): Promise<void> {
    if (question.part.count.kind !== 'distinct') return;
    const params = new Params();
    const where = this.#condition(question, params);
    const sql = `select s.scope, count(distinct v."${question.part.count.column}"), count(*)
      from ${this.#from([question])} join org_scope s on s.org = v."${orgColumn(question)}"
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
    for (const { population } of questions) {
      if (population.once === null || this.#repeats.has(population.id)) continue;
      const keys = population.once.columns.map((column) => `v."${column}"`);
      const params = new Params();
      const question: Question = {
        population,
        populations: this.#populations,
        period: { name: '', from: '' as never, until: '' as never },
        part: {
          population: population.id,
          filters: [],
          count: { kind: 'rows' },
          org: null,
          timing: { kind: 'always' },
          isNegative: false,
        },
      };
      const where = populationSql(question, params, false);
      const present = keys.map((key) => `${key} is not null`).join(' and ');
      const names = population.once.columns.map((_, index) => `k${index}`);
      await this.#connection.run(
        `create or replace temp table ${repeatsTable(population)} as
        with rows as (select v.rowid as row_id, v.resource_id, v."${population.once.order}" as sort_by,
            ${keys.map((key, index) => `${key} as k${index}`).join(', ')}
          from ${this.#from([question])} where ${where} and ${present}),
        several as (select ${names.join(', ')} from rows group by all having count(*) > 1)
        select row_id from (select row_id, row_number() over (partition by ${names.join(', ')}
          order by sort_by desc nulls last, resource_id desc) as place from rows semi join several using (${names.join(', ')}))
        where place > 1`,
        params.values,
      );
      const reader = await this.#connection.runAndReadAll(`select count(*) from ${repeatsTable(population)}`);
      this.#repeats.set(population.id, Number(reader.getRows()[0]![0]) > 0);
    }
  }
}
