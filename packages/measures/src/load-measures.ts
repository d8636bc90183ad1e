// Loads `rules/measures`: populations first, then every definition; one wrong file refuses the whole set.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalDate, ok, type Refusal, RefusalError, type Result } from '@yimai/kit';
import { LineCounter, parseDocument } from 'yaml';
import type { Definition, Population } from './definition.ts';
import { readDefinition, readPopulation } from './read-definition.ts';
import type { ViewColumns } from './read-part.ts';
import { fields, list, wrongDefinition } from './read-yaml.ts';

export interface MeasureSet {
  readonly populations: ReadonlyMap<string, Population>;
  /** All definitions; one id may have several with dates that do not overlap. */
  readonly definitions: readonly Definition[];
}

const POPULATIONS = 'populations.yaml';
/** Files of the folder that are not definitions: headline rows, the chosen core list, targets, when periods close. */
const OTHERS = new Set([POPULATIONS, 'headline.yaml', 'core-22.yaml', 'targets.yaml', 'closing.yaml']);

export function loadMeasures(folder: string, views: ViewColumns): Result<MeasureSet> {
  try {
    const populations = loadPopulations(folder, views);
    const files = readdirSync(folder)
      .filter((file) => file.endsWith('.yaml') && !OTHERS.has(file))
      .sort();
    const definitions = files.flatMap((file) =>
      list(readYamlFile(folder, file), file).map((entry, index) =>
        readDefinition(entry, `${file}[${index}]`, { populations, views, file }),
      ),
    );
    checkTogether(definitions, populations);
    return ok({ populations, definitions });
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** Keeps the set in use when the new one is refused: a bad file never takes figures away. */
export class MeasureShelf {
  #current: MeasureSet;
  constructor(first: MeasureSet) {
    this.#current = first;
  }
  get current(): MeasureSet {
    return this.#current;
  }
  /** The refusal, if the new set was not taken. */
  replace(next: Result<MeasureSet>): Refusal | null {
    if (!next.ok) return next.refusal;
    this.#current = next.value;
    return null;
  }
}

/** The definition of that id in force on that day. */
export function definitionOn(set: MeasureSet, id: string, on: LocalDate): Definition | null {
  const fits = (definition: Definition): boolean =>
    definition.id === id &&
    definition.effectiveFrom <= on &&
    (definition.effectiveTo === null || on <= definition.effectiveTo);
  return set.definitions.find(fits) ?? null;
}

/** A YAML file of that folder; a mistake in the YAML itself is refused with its line. */
export function readYamlFile(folder: string, file: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(join(folder, file), 'utf8'), { lineCounter: lines });
  const [mistake] = document.errors;
  if (mistake) {
    const { line } = lines.linePos(mistake.pos[0]);
    throw wrongDefinition(`${file}:${line}`, '不是合法的 YAML', mistake.message.split('\n')[0]!, 'not-yaml');
  }
  return document.toJS() as unknown;
}

function loadPopulations(folder: string, views: ViewColumns): ReadonlyMap<string, Population> {
  const value = readYamlFile(folder, POPULATIONS);
  const entries = fields(value, POPULATIONS, Object.keys((value as object) ?? {}));
  return new Map(
    Object.entries(entries).map(([id, entry]) => [
      id,
      readPopulation(id, entry, `${POPULATIONS}: ${id}`, views),
    ]),
  );
}

function checkTogether(
  definitions: readonly Definition[],
  populations: ReadonlyMap<string, Population>,
): void {
  for (const [index, one] of definitions.entries()) {
    const place = `${one.file}: ${one.id}`;
    checkChain(one, definitions, place);
    checkMembers(one, populations, place);
    for (const other of definitions.slice(index + 1)) {
      if (other.id !== one.id) continue;
      const apart =
        (one.effectiveTo !== null && one.effectiveTo < other.effectiveFrom) ||
        (other.effectiveTo !== null && other.effectiveTo < one.effectiveFrom);
      if (!apart)
        throw wrongDefinition(
          place,
          '同一指标的生效期重叠',
          'two definitions of one measure hold at once',
          'definition-twice',
        );
    }
  }
}

// A measure may ask for another one; a circle would never end.
function checkChain(first: Definition, definitions: readonly Definition[], place: string): void {
  const seen = new Set([first.id]);
  for (let one: Definition | undefined = first; one && 'of' in one.formula; ) {
    const { of }: { readonly of: string } = one.formula;
    if (seen.has(of))
      throw wrongDefinition(place, '指标互相引用', 'measures ask for each other', 'measure-circle');
    seen.add(of);
    const next: Definition | undefined = definitions.find((other) => other.id === of);
    if (!next) throw wrongDefinition(place, `没有指标 ${of}`, `there is no measure ${of}`, 'unknown-measure');
    one = next;
  }
}

// Conditions may look into another population (`memberOf`), which must exist.
function checkMembers(one: Definition, populations: ReadonlyMap<string, Population>, place: string): void {
  for (const [, id] of JSON.stringify(one.formula).matchAll(/"kind":"member-of","population":"([^"]+)"/g)) {
    if (populations.has(id!)) continue;
    throw wrongDefinition(place, `没有统计总体 ${id}`, `there is no population ${id}`, 'unknown-population');
  }
}
