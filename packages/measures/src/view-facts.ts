// What a view knows of its rows as a whole: which kinds there ever were, whether they are about persons, when they begin.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Part, Population, Scalar } from './definition.ts';
import type { MissingSource } from './values.ts';

/** Every row of these is about a person. */
const PERSON_VIEWS = new Set([
  'encounter',
  'settlement',
  'resident',
  'programme_member',
  'diagnostic_report',
  'death',
]);
/** Rows of these are about a person when they name one. */
const MIXED_VIEWS = new Set(['task', 'registered', 'agreement']);
/** Columns that say what a row is, also where a population does not name one. */
const KIND_COLUMNS = new Set(['line', 'feature', 'priority', 'programme']);

/** Each asked once a snapshot. */
export class ViewFacts {
  readonly #connection: DuckDBConnection;
  readonly #populations: ReadonlyMap<string, Population>;
  readonly #first = new Map<string, Promise<string | null>>();
  /** The kinds of things that there ever were, by view and column. */
  readonly #kinds = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(connection: DuckDBConnection, populations: ReadonlyMap<string, Population>) {
    this.#connection = connection;
    this.#populations = populations;
  }

  /** Whether nobody ever stored a row of the kind that this part counts: then it is not collected, which is not 0. */
  async isUnheardOf(part: Part): Promise<boolean> {
    const population = this.#populations.get(part.population)!;
    const { named, view } = population;
    if (named === null) return false;
    const wanted = this.#namesWanted(part);
    if (wanted.length === 0) return false;
    const kinds = await this.#kindsOf(view, named);
    return !wanted.some((each) => kinds.has(String(each)));
  }

  #kindsOf(view: string, column: string, having: string = column): Promise<ReadonlySet<string>> {
    const key = `${view} ${column} ${having}`;
    const known = this.#kinds.get(key);
    if (known) return known;
    const found = this.#connection
      .runAndReadAll(
        `select distinct "${column}" from "${view}" where "${column}" is not null and "${having}" is not null`,
      )
      .then((reader) => new Set(reader.getRows().map(([kind]) => String(kind))));
    this.#kinds.set(key, found);
    return found;
  }

  /**
   * Whether the rows that a part counts are about persons: those of residents always, those of cases, registers and
   * agreements when such a row names a patient. Posts, sites, visits to premises, evidence and money name nobody.
   */
  async isAboutPersons(part: Part): Promise<boolean> {
    const { view, named } = this.#populations.get(part.population)!;
    if (PERSON_VIEWS.has(view)) return true;
    if (!MIXED_VIEWS.has(view) || named === null) return false;
    const wanted = this.#namesWanted(part);
    const kinds = await this.#kindsOf(view, named, 'patient');
    return wanted.length === 0 ? kinds.size > 0 : wanted.some((each) => kinds.has(String(each)));
  }

  /** The first day of anything of the part's population; null for what has no date of its own. */
  firstDay(part: Part): Promise<string | null> {
    const population = this.#populations.get(part.population)!;
    const timing = part.timing ?? population.timing;
    if (timing.kind !== 'within') return Promise.resolve(null);
    const key = `${population.view} ${timing.column}`;
    const known = this.#first.get(key);
    if (known) return known;
    const found = this.#connection
      .runAndReadAll(`select left(min("${timing.column}"), 10) from "${population.view}"`)
      .then((reader) => (reader.getRows()[0]![0] as string | null) ?? null);
    this.#first.set(key, found);
    return found;
  }

  /** What a part counts, in words of its view: the kind of row, and whether there ever was one. */
  async sourceOf(part: Part): Promise<MissingSource> {
    const { view, named, filters } = this.#populations.get(part.population)!;
    const kind = [...part.filters, ...filters].find(
      ({ column, condition }) =>
        (column === named || KIND_COLUMNS.has(column)) && condition.kind === 'in' && condition.wanted,
    );
    const column = kind?.column ?? null;
    const kinds = kind?.condition.kind === 'in' ? kind.condition.values.map(String) : [];
    if (column !== null) {
      const stored = await this.#kindsOf(view, column);
      return { view, column, kinds, everStored: kinds.some((each) => stored.has(each)) };
    }
    const reader = await this.#connection.runAndReadAll(`select 1 from "${view}" limit 1`);
    return { view, column, kinds, everStored: reader.getRows().length > 0 };
  }

  #namesWanted(part: Part): readonly Scalar[] {
    const population = this.#populations.get(part.population)!;
    return [...part.filters, ...population.filters]
      .filter(({ column }) => column === population.named)
      .flatMap(({ condition }) => (condition.kind === 'in' && condition.wanted ? condition.values : []));
  }
}
