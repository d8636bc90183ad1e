// Computes measures over an open snapshot of the views: parts by scan, values by formula, for one or all scopes.
import type { DuckDBConnection } from '@duckdb/node-api';
import { addDays, assertNever } from '@yimai/kit';
import type { Definition, Formula, Part, Quotient } from './definition.ts';
import { countsShown, isLargest, lastPeriods, partsBehind, partsIn, periodAgainst } from './formula-parts.ts';
import { consumptionIndex, prematureMortality, topItems } from './formulas.ts';
import { type FrozenFigure, type FrozenFigures, frozenFigures } from './frozen.ts';
import { definitionOn, type MeasureSet } from './load-measures.ts';
import type { Period } from './period.ts';
import { type Answer, questionKey, Scanner } from './scan.ts';
import { loadOrgTree, type OrgFact, type OrgTree } from './scopes.ts';
import { type MeasureValue, type MissingSource, ratio, type TopItem } from './values.ts';
import { ViewFacts } from './view-facts.ts';

/** An open snapshot; `@yimai/views` gives one. */
export interface OpenViews {
  readonly connection: DuckDBConnection;
  readonly seq: number;
}

interface Figures {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly items?: readonly TopItem[] | null;
  readonly counts?: readonly number[] | null;
}

const NOTHING: Figures = { value: null, numerator: null, denominator: null };

export class MeasureEngine {
  readonly tree: OrgTree;
  readonly #views: OpenViews;
  readonly #set: MeasureSet;
  readonly #scanner: Scanner;
  readonly #facts: ViewFacts;
  readonly #frozen: FrozenFigures;
  readonly #answers = new Map<string, Answer>();

  private constructor(views: OpenViews, set: MeasureSet, tree: OrgTree, frozen: FrozenFigures) {
    this.#views = views;
    this.#set = set;
    this.tree = tree;
    this.#frozen = frozen;
    this.#scanner = new Scanner(views.connection, set.populations);
    this.#facts = new ViewFacts(views.connection, set.populations);
  }

  static async open(views: OpenViews, set: MeasureSet): Promise<MeasureEngine> {
    const tree = await loadOrgTree(views.connection);
    return new MeasureEngine(views, set, tree, frozenFigures(views.connection));
  }

  /** Work that every reader of a snapshot needs: done once before the snapshot is put in service. */
  warmUp(): Promise<void> {
    return this.#scanner.warmUp();
  }

  /** The definitions in force at the end of the period, or those of them that are asked for. */
  definitions(period: Period, ids?: readonly string[]): readonly Definition[] {
    const on = addDays(period.until, -1);
    const wanted = ids ?? [...new Set(this.#set.definitions.map((definition) => definition.id))];
    return wanted.flatMap((id) => definitionOn(this.#set, id, on) ?? []);
  }

  /** Values of all measures for each scope; a measure has values only at the levels it rolls up by. */
  async compute(
    period: Period,
    scopes: readonly string[],
    ids?: readonly string[],
  ): Promise<readonly MeasureValue[]> {
    const definitions = this.definitions(period, ids);
    await this.#ask(definitions.flatMap((definition) => this.#partsOf(definition.formula, period)));
    const values: MeasureValue[] = [];
    for (const definition of definitions) {
      for (const scope of scopes) {
        const org = this.tree.orgs.get(scope);
        if (!org?.scopeLevel || !definition.levels.includes(org.scopeLevel)) continue;
        values.push(await this.#valueOf(definition, period, org));
      }
    }
    return values;
  }

  /** A value by exactly that definition, also for a period before it was in force: for comparison with earlier years. */
  async valueWith(definition: Definition, period: Period, scope: string): Promise<MeasureValue | null> {
    const org = this.tree.orgs.get(scope);
    if (!org?.scopeLevel || !definition.levels.includes(org.scopeLevel)) return null;
    await this.#ask(this.#partsOf(definition.formula, period));
    return this.#valueOf(definition, period, org);
  }

  /** The value as the data gives it now, whether or not it was frozen: what restating a closed period writes. */
  async valueAnew(definition: Definition, period: Period, scope: string): Promise<MeasureValue | null> {
    const org = this.tree.orgs.get(scope);
    if (!org?.scopeLevel || !definition.levels.includes(org.scopeLevel)) return null;
    await this.#ask(this.#partsOf(definition.formula, period));
    return this.#valueOf(definition, period, org, true);
  }

  /** Asks the views for all of these at once, so that later questions about them need no scan of their own. */
  async prepare(periods: readonly Period[], ids?: readonly string[]): Promise<void> {
    await this.#ask(
      periods.flatMap((period) =>
        this.definitions(period, ids).flatMap(({ formula }) => this.#partsOf(formula, period)),
      ),
    );
  }

  /** One measure over several periods for one scope, answered with as few scans as one period takes. */
  async trend(id: string, periods: readonly Period[], scope: string): Promise<readonly MeasureValue[]> {
    const parts = periods.flatMap((period) =>
      this.definitions(period, [id]).flatMap((definition) => this.#partsOf(definition.formula, period)),
    );
    await this.#ask(parts);
    const values: MeasureValue[] = [];
    for (const period of periods) values.push(...(await this.compute(period, [scope], [id])));
    return values;
  }

  /** Every organisation that a measure can be given for. */
  allScopes(): readonly string[] {
    return [...this.tree.orgs.values()].filter((org) => org.scopeLevel !== null).map((org) => org.id);
  }

  /** Whether a measure counts persons or what happened to them: then its small counts are hidden. */
  async isAboutPersons({ formula }: Definition): Promise<boolean> {
    for (const part of partsIn(formula)) if (await this.#facts.isAboutPersons(part)) return true;
    const behind = 'of' in formula ? this.#set.definitions.find(({ id }) => id === formula.of) : undefined;
    return behind !== undefined && this.isAboutPersons(behind);
  }

  /** Why a value is not there: each kind of row that it rests on and does not find in the period and scope. */
  async missing(definition: Definition, period: Period, scope: string): Promise<readonly MissingSource[]> {
    const org = this.tree.orgs.get(scope);
    if (!org) return [];
    const asked = this.#partsOf(definition.formula, period);
    const all = asked.length > 0 ? asked : partsIn(definition.formula).map((part) => ({ part, period }));
    await this.#ask(all);
    const found = new Map<string, MissingSource>();
    for (const { part, period: own } of all) {
      if (this.#amount([part], own, org)) continue;
      const source = await this.#facts.sourceOf(part);
      found.set(`${source.view} ${source.kinds.join()}`, source);
    }
    return [...found.values()];
  }

  /**
   * Whether the record has only a part of the period: its first row of what the measure counts comes more than a month
   * after the period began. Comparing with such a period misleads.
   */
  async isPartlyKnown({ formula }: Definition, period: Period): Promise<boolean> {
    const own = 'of' in formula ? this.#definition(formula.of, period).formula : formula;
    for (const part of partsIn(own)) {
      const first = await this.#facts.firstDay(part);
      if (first !== null && first > addDays(period.from, 31) && first < period.until) return true;
    }
    return false;
  }

  /** Ids of the resources behind a part: numbers and ids are all that figures give out. */
  async cases(
    definition: Definition,
    period: Period,
    scope: string,
    which: 'numerator' | 'denominator',
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly string[]> {
    const parts = partsBehind(definition.formula, which, (id) => this.#definition(id, period).formula);
    const lists = await Promise.all(parts.map((part) => this.#scanner.cases(part, period, scope, page)));
    return [...new Set(lists.flat())].sort().slice(0, page.limit);
  }

  async #valueOf(
    definition: Definition,
    period: Period,
    org: OrgFact,
    isAnew = false,
  ): Promise<MeasureValue> {
    const kept = isAnew ? undefined : await this.#frozen.get(definition.id, period.name, org.id);
    const frozen: FrozenFigure | null = kept ?? null;
    const figures: Figures =
      (frozen?.isMasked === false ? frozen : null) ?? (await this.#figures(definition, period, org));
    return {
      measure: definition.id,
      version: frozen?.version ?? definition.version,
      period: period.name,
      scope: org.id,
      unit: definition.unit,
      value: figures.value,
      numerator: figures.numerator,
      denominator: figures.denominator,
      dataVersion: frozen?.dataVersion ?? this.#views.seq,
      frozenAt: frozen?.frozenAt ?? null,
      items: figures.items ?? null,
      counts: figures.counts ?? countsShown(definition.formula, figures.numerator, figures.denominator),
    };
  }

  async #figures(definition: Definition, period: Period, org: OrgFact): Promise<Figures> {
    const { formula, unit } = definition;
    switch (formula.kind) {
      case 'parts': {
        const numerator = this.#amount(formula.numerator, period, org);
        if (formula.denominator === null) return { value: numerator, numerator, denominator: null };
        const denominator = this.#amount(formula.denominator, period, org);
        return { value: ratio(numerator, denominator, unit), numerator, denominator };
      }
      case 'quotients': {
        const upper = this.#quotient(formula.upper, period, org);
        const lower = this.#quotient(formula.lower, period, org);
        return { value: ratio(upper, lower, unit), numerator: upper, denominator: lower };
      }
      case 'mean-over':
        return this.#meanOver(formula, period, org);
      case 'change':
        return this.#change(formula, period, org);
      case 'mean-of':
        return this.#meanOf(formula, period, org);
      case 'rank':
        return this.#rank(formula.of, period, org);
      case 'top': {
        const rows = await this.#scanner.grouped(formula.part, period, formula.by, formula.sum ?? null);
        const weighed = formula.sum === undefined ? 'rows' : 'sum';
        return topItems(rows, new Set(this.tree.below(org.id)), formula.most, weighed) ?? NOTHING;
      }
      case 'premature-mortality': {
        const deaths = await this.#scanner.grouped(formula.deaths, period, 'age_years', null);
        const people = await this.#scanner.grouped(formula.people, period, formula.band, 'value');
        return prematureMortality(deaths, people, new Set(this.tree.below(org.id))) ?? NOTHING;
      }
      case 'consumption-index': {
        const rows = await this.#scanner.grouped(formula.part, period, formula.by, formula.column);
        return consumptionIndex(rows, new Set(this.tree.below(org.id))) ?? NOTHING;
      }
      default:
        return assertNever(formula);
    }
  }

  async #change(
    formula: Extract<Formula, { kind: 'change' }>,
    period: Period,
    org: OrgFact,
  ): Promise<Figures> {
    const before = periodAgainst(formula.against, period);
    const values = [
      await this.#valueOf(this.#definition(formula.of, period), period, org),
      await this.#valueOf(this.#definition(formula.of, before), before, org),
    ] as const;
    const [now, then] = [values[0].value, values[1].value];
    const counts = [...values[0].counts, ...values[1].counts];
    if (now === null || then === null) return { value: null, numerator: now, denominator: then, counts };
    if (formula.as === 'points') return { value: now - then, numerator: now, denominator: then, counts };
    const change = then === 0 ? null : ((now - then) / then) * 100;
    return {
      value: change !== null && formula.as === 'fall' ? -change : change,
      numerator: now,
      denominator: then,
      counts,
    };
  }

  #quotient(quotient: Quotient, period: Period, org: OrgFact): number | null {
    return ratio(
      this.#amount(quotient.numerator, period, org),
      this.#amount(quotient.denominator, period, org),
      'ratio',
    );
  }

  // A year without a value would silently make the mean too small: then there is none.
  async #meanOver(
    formula: Extract<Formula, { kind: 'mean-over' }>,
    period: Period,
    org: OrgFact,
  ): Promise<Figures> {
    let sum = 0;
    for (const each of lastPeriods(period, formula.periods)) {
      const { value } = await this.#valueOf(this.#definition(formula.of, each), each, org);
      if (value === null) return NOTHING;
      sum += value;
    }
    return { value: sum / formula.periods, numerator: sum, denominator: formula.periods };
  }

  async #meanOf(
    formula: Extract<Formula, { kind: 'mean-of' }>,
    period: Period,
    org: OrgFact,
  ): Promise<Figures> {
    const definition = this.#definition(formula.of, period);
    const values: number[] = [];
    for (const id of this.tree.below(org.id)) {
      const member = this.tree.orgs.get(id)!;
      if (member.scopeLevel !== formula.level) continue;
      const { value } = await this.#valueOf(definition, period, member);
      if (value !== null) values.push(value);
    }
    const numerator = values.reduce((sum, value) => sum + value, 0);
    return values.length === 0
      ? NOTHING
      : { value: numerator / values.length, numerator, denominator: values.length };
  }

  // Places are shared: two first places are followed by a third. An organisation without a value has no place.
  async #rank(of: string, period: Period, org: OrgFact): Promise<Figures> {
    const definition = this.#definition(of, period);
    const own = (await this.#valueOf(definition, period, org)).value;
    if (own === null) return NOTHING;
    const peers: number[] = [];
    for (const peer of this.peersOf(org)) {
      const { value } = await this.#valueOf(definition, period, peer);
      if (value !== null) peers.push(value);
    }
    const better = peers.filter((value) =>
      definition.direction === 'down' ? value < own : value > own,
    ).length;
    return { value: better + 1, numerator: better + 1, denominator: peers.length };
  }

  /** Organisations of the same level and class under the same parent, itself among them. */
  peersOf(org: OrgFact): readonly OrgFact[] {
    return [...this.tree.orgs.values()].filter(
      (other) => other.scopeLevel === org.scopeLevel && other.parent === org.parent,
    );
  }

  // A part is null when nobody collected it: no row of its population (or, for reported lines, no fitting row).
  #amount(parts: readonly Part[], period: Period, org: OrgFact): number | null {
    let sum: number | null = null;
    for (const part of parts) {
      let isReported = false;
      const answer = this.#answers.get(questionKey(part, period));
      if (answer === undefined) throw new Error(`fault: ${part.population} was not asked for ${period.name}`);
      if (answer.isUnheardOf) continue;
      const ids = answer.byScope ? [org.id] : this.tree.below(org.id);
      const { absent } = this.#set.populations.get(part.population)!;
      for (const id of ids) {
        const tally = answer.tallies.get(id);
        if (tally === undefined || (absent === 'unknown' && tally.fitting === 0)) continue;
        if (tally.amount === null && tally.fitting > 0) continue;
        isReported = true;
        const amount = (part.isNegative ? -1 : 1) * (tally.amount ?? 0);
        sum = isLargest(part) ? Math.max(sum ?? amount, amount) : (sum ?? 0) + amount;
      }
      // A sum of reported lines of which one is not there would be silently too small, a difference too large.
      if (absent === 'unknown' && !isReported) return null;
    }
    return sum;
  }

  async #ask(parts: readonly { part: Part; period: Period }[]): Promise<void> {
    const open = parts.filter(({ part, period }) => !this.#answers.has(questionKey(part, period)));
    if (open.length === 0) return;
    for (const [key, answer] of await this.#scanner.answer(open)) this.#answers.set(key, answer);
    for (const { part, period } of open) {
      if (!(await this.#facts.isUnheardOf(part))) continue;
      const key = questionKey(part, period);
      this.#answers.set(key, { ...this.#answers.get(key)!, isUnheardOf: true });
    }
  }

  #partsOf(formula: Formula, period: Period): { part: Part; period: Period }[] {
    switch (formula.kind) {
      case 'parts':
        return [...formula.numerator, ...(formula.denominator ?? [])].map((part) => ({ part, period }));
      case 'change': {
        const before = periodAgainst(formula.against, period);
        return [period, before].flatMap((each) =>
          this.#partsOf(this.#definition(formula.of, each).formula, each),
        );
      }
      case 'quotients': {
        const { upper, lower } = formula;
        const parts = [upper.numerator, upper.denominator, lower.numerator, lower.denominator].flat();
        return parts.map((part) => ({ part, period }));
      }
      case 'mean-over':
        return lastPeriods(period, formula.periods).flatMap((each) =>
          this.#partsOf(this.#definition(formula.of, each).formula, each),
        );
      case 'mean-of':
      case 'rank':
        return this.#partsOf(this.#definition(formula.of, period).formula, period);
      default:
        return [];
    }
  }

  // A measure asked for by another one counts with the definition of today, also for years before it was written.
  #definition(id: string, period: Period): Definition {
    const own = definitionOn(this.#set, id, addDays(period.until, -1));
    const found = own ?? this.#set.definitions.find((definition) => definition.id === id);
    if (!found) throw new Error(`fault: measure ${id} was not loaded`);
    return found;
  }
}
