// The newest published figures, opened once for all readers of this server: a snapshot, its engine, its answers.
import { join } from 'node:path';
import { must } from '@yimai/kit';
import {
  type ClosingRule,
  type FreeView,
  type FreeWords,
  freeViews,
  loadChecks,
  loadClosing,
  loadCoreList,
  loadFreeWords,
  loadMeasures,
  loadTargets,
  MeasureEngine,
  type MeasureSet,
  type QualityCheck,
  type Target,
} from '@yimai/measures';
import {
  currentSnapshot,
  loadViews,
  openSnapshot,
  publishedFolder,
  ROW_KEY,
  type Snapshot,
} from '@yimai/views';
import { type RulesInUse, rulesInUse } from './rules-in-use.ts';

export const RULES = join(import.meta.dirname, '../../../../rules');
/** A pointer that was just looked at is not looked at again. */
const LOOK_EVERY_MS = 500;

export interface FigureRules {
  readonly set: MeasureSet;
  readonly targets: readonly Target[];
  /** The resource types behind each view. */
  readonly types: ReadonlyMap<string, readonly string[]>;
  /** The views as people see them who build tables of their own. */
  readonly free: readonly FreeView[];
  readonly words: FreeWords;
  readonly checks: readonly QualityCheck[];
  /** When periods close by themselves, newest first. */
  readonly closing: readonly ClosingRule[];
  coreList(on: string): readonly string[];
}

export interface OpenFigures {
  readonly seq: number;
  readonly publishedAt: string;
  readonly snapshot: Snapshot;
  readonly engine: MeasureEngine;
  readonly rules: FigureRules;
  /** The answer of an earlier question on the same snapshot, or that of `ask`. */
  kept<T>(key: string, ask: () => Promise<T>): Promise<T>;
}

interface Held extends OpenFigures {
  users: number;
  outdated: boolean;
}

export class FigureShelf {
  readonly #viewsFolder: string;
  readonly #folder: string;
  readonly #product: string;
  #inUse: RulesInUse<FigureRules> | null = null;
  #held: Held | null = null;
  #opening: Promise<Held | null> | null = null;
  /** Measures that count persons, as the newest snapshot has it; before there is one, all are taken to. */
  #aboutPersons: ReadonlyMap<string, boolean> = new Map();
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** One question at a time: they share a connection and its temporary tables. */
  #queue: Promise<unknown> = Promise.resolve();

  /** `product`: the folder of the rules that came with the product. */
  constructor(viewsFolder: string, product: string = RULES) {
    this.#viewsFolder = viewsFolder;
    this.#product = product;
    this.#folder = publishedFolder(viewsFolder);
  }

  /** Throws the refusal of a wrong file where there are no earlier rules to go on with. */
  readRules(): FigureRules {
    return this.rulesInUse().rules;
  }

  rulesInUse(): RulesInUse<FigureRules> {
    this.#inUse ??= rulesInUse(this.#product, this.#viewsFolder, loadRules);
    return this.#inUse;
  }

  isAboutPersons(measure: string): boolean {
    return this.#aboutPersons.get(measure) ?? true;
  }

  /** Null while no snapshot has been published yet. */
  async use<T>(work: (figures: OpenFigures) => Promise<T>): Promise<T | null> {
    const held = await this.#newest();
    if (held === null) return null;
    held.users += 1;
    try {
      return await work(held);
    } finally {
      held.users -= 1;
      closeWhenFree(held);
    }
  }

  close(): void {
    if (this.#held === null) return;
    this.#held.outdated = true;
    closeWhenFree(this.#held);
    this.#held = null;
  }

  async #newest(): Promise<Held | null> {
    if (this.#held && performance.now() - this.#lookedMs < LOOK_EVERY_MS) return this.#held;
    this.#opening ??= this.#look().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #look(): Promise<Held | null> {
    const pointer = await currentSnapshot(this.#folder);
    this.#lookedMs = performance.now();
    if (pointer === null) return null;
    if (this.#held?.seq === pointer.seq && this.#held.publishedAt === pointer.publishedAt) return this.#held;
    const snapshot = await openSnapshot(this.#folder);
    if (snapshot === null) return null;
    const old = this.#held;
    this.#held = await this.#open(snapshot);
    if (old) {
      old.outdated = true;
      closeWhenFree(old);
    }
    return this.#held;
  }

  async #open(snapshot: Snapshot): Promise<Held> {
    const rules = this.readRules();
    const engine = await MeasureEngine.open(snapshot, rules.set);
    const about = new Map<string, boolean>();
    for (const definition of rules.set.definitions)
      about.set(
        definition.id,
        about.get(definition.id) === true || (await engine.isAboutPersons(definition)),
      );
    this.#aboutPersons = about;
    const answers = new Map<string, Promise<unknown>>();
    return {
      seq: snapshot.seq,
      publishedAt: snapshot.publishedAt,
      snapshot,
      engine,
      rules,
      users: 0,
      outdated: false,
      kept: <T>(key: string, ask: () => Promise<T>): Promise<T> => {
        const known = answers.get(key) as Promise<T> | undefined;
        if (known) return known;
        const answer = this.#queue.then(ask, ask);
        this.#queue = answer.catch(() => {});
        answers.set(key, answer);
        answer.catch(() => answers.delete(key));
        return answer;
      },
    };
  }
}

function closeWhenFree(held: Held): void {
  if (held.outdated && held.users === 0) held.snapshot.close();
}

/** Throws the refusal of a wrong file. */
export function loadRules(rules: string): FigureRules {
  const views = must(loadViews(join(rules, 'views')));
  const columns = new Map(
    views.map((view) => [view.name, new Set([ROW_KEY, ...view.compiled.columns.map(({ name }) => name)])]),
  );
  const folder = join(rules, 'measures');
  const set = must(loadMeasures(folder, columns));
  const core = new Map<string, readonly string[]>();
  const words = loadFreeWords(join(rules, 'views', 'words.yaml'));
  return {
    set,
    words,
    checks: must(loadChecks(join(rules, 'quality'), columns)),
    closing: must(loadClosing(folder)),
    free: freeViews(views, words),
    targets: must(loadTargets(folder, set)),
    types: new Map(views.map((view) => [view.name, view.resources])),
    coreList(on) {
      const known = core.get(on) ?? must(loadCoreList(folder, set, on));
      core.set(on, known);
      return known;
    },
  };
}
