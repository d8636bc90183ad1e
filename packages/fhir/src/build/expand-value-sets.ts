// Lists the codes of a value set from the code systems at hand; a set that needs an outside system stays open.
import type { RawConcept, RawInclude, RawResource } from './raw.ts';

type Codes = Map<string, Set<string>>;

export interface Expansion {
  readonly valueSets: Record<string, Record<string, string[]>>;
  /** Value sets that cannot be listed from these definitions. */
  readonly open: string[];
}

export function expandValueSets(resources: readonly RawResource[], wanted: ReadonlySet<string>): Expansion {
  const systems = new Map<string, RawResource>();
  const sets = new Map<string, RawResource>();
  for (const one of resources) {
    const url = one['url'] as string;
    if (one.resourceType === 'CodeSystem' && one['content'] === 'complete') systems.set(url, one);
    if (one.resourceType === 'ValueSet') sets.set(url, one);
  }
  const valueSets: Record<string, Record<string, string[]>> = {};
  const open: string[] = [];
  for (const url of [...wanted].sort()) {
    const codes = expandSet(url, sets, systems);
    if (codes === null) open.push(url);
    else valueSets[url] = Object.fromEntries([...codes].map(([system, list]) => [system, [...list]]));
  }
  return { valueSets, open };
}

function expandSet(
  url: string,
  sets: Map<string, RawResource>,
  systems: Map<string, RawResource>,
): Codes | null {
  const compose = sets.get(url.split('|')[0] ?? url)?.['compose'] as
    | { include: RawInclude[]; exclude?: RawInclude[] }
    | undefined;
  if (!compose) return null;
  const result: Codes = new Map();
  for (const include of compose.include) {
    const part = expandInclude(include, sets, systems);
    if (part === null) return null;
    for (const [system, codes] of part) {
      const into = result.get(system) ?? new Set();
      for (const code of codes) into.add(code);
      result.set(system, into);
    }
  }
  for (const exclude of compose.exclude ?? []) {
    const part = expandInclude(exclude, sets, systems);
    if (part === null) return null;
    for (const [system, codes] of part) for (const code of codes) result.get(system)?.delete(code);
  }
  return [...result.values()].some((codes) => codes.size > 0) ? result : null;
}

function expandInclude(
  include: RawInclude,
  sets: Map<string, RawResource>,
  systems: Map<string, RawResource>,
): Codes | null {
  const parts = (include.valueSet ?? []).map((url) => expandSet(url, sets, systems));
  if (parts.includes(null)) return null;
  if (include.system) {
    const own = codesOfSystem(include, systems.get(include.system));
    if (own === null) return null;
    parts.push(new Map([[include.system, own]]));
  }
  const [first, ...rest] = parts as Codes[];
  if (!first) return null;
  for (const [system, codes] of first) {
    for (const code of codes) if (rest.some((other) => !other.get(system)?.has(code))) codes.delete(code);
  }
  return first;
}

function codesOfSystem(include: RawInclude, system: RawResource | undefined): Set<string> | null {
  if (include.concept) return new Set(include.concept.map((one) => one.code));
  if (!system) return null;
  const concepts = flatten((system['concept'] as RawConcept[] | undefined) ?? [], []);
  let codes = new Set(concepts.map((one) => one.concept.code));
  for (const filter of include.filter ?? []) {
    if (filter.property !== 'concept' || (filter.op !== 'is-a' && filter.op !== 'descendent-of')) return null;
    const below = concepts.filter((one) => one.above.includes(filter.value)).map((one) => one.concept.code);
    const kept = new Set(filter.op === 'is-a' ? [filter.value, ...below] : below);
    codes = new Set([...codes].filter((code) => kept.has(code)));
  }
  return codes;
}

interface Placed {
  readonly concept: RawConcept;
  readonly above: readonly string[];
}

function flatten(concepts: readonly RawConcept[], above: readonly string[]): Placed[] {
  return concepts.flatMap((concept) => {
    const parents = (concept.property ?? [])
      .filter((one) => one.code === 'subsumedBy')
      .map((one) => one.valueCode ?? '');
    return [
      { concept, above: [...above, ...parents] },
      ...flatten(concept.concept ?? [], [...above, concept.code]),
    ];
  });
}
