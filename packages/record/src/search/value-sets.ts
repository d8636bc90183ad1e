// The codes behind `:in` and `:not-in`: of value sets that lie in the record, as the reader sees them, or that R4 defines.
import { parseCanonical, standardValueSet } from '@yimai/fhir';
import type { StoredRow } from '../types.ts';
import type { CodeOfSet } from './values.ts';

type Find = (type: 'ValueSet', query: string) => Promise<StoredRow | null>;
type Json = { readonly [name: string]: unknown };

const ASKS = /(?::|%3a)(?:not-)?in=/i;
const DEPTH_MAX = 4;
const CODES_MAX = 20_000;

/** The sets that a query names, by the name it gives them; null if it names none. */
export async function valueSetsOf(
  query: string,
  find: Find,
): Promise<Map<string, readonly CodeOfSet[]> | null> {
  if (!ASKS.test(query)) return null;
  const asked = [...new URLSearchParams(query)].flatMap(([name, value]) =>
    /:(?:not-)?in$/.test(name) ? value.split(',') : [],
  );
  const known = new Map<string, readonly CodeOfSet[]>();
  for (const name of new Set(asked)) {
    const codes = await codesOf(name, find, 0);
    if (codes && codes.length <= CODES_MAX) known.set(name, codes);
  }
  return known;
}

/** Null if the set is not known here, or says its codes in a way that is not listed (filters). */
async function codesOf(name: string, find: Find, depth: number): Promise<readonly CodeOfSet[] | null> {
  if (depth > DEPTH_MAX) return null;
  const stored = await find('ValueSet', criterionOf(name));
  if (!stored?.content) return standardValueSet(parseCanonical(name).url) ?? null;
  const set = JSON.parse(stored.content) as Json;
  const expansion = set['expansion'] as Json | undefined;
  if (expansion) return [...contained(list(expansion['contains']))];
  const compose = (set['compose'] ?? {}) as Json;
  const included = await codesOfParts(list(compose['include']), find, depth);
  const excluded = await codesOfParts(list(compose['exclude']), find, depth);
  if (!included || !excluded || excluded.some(({ code }) => code === undefined)) return null;
  const out = new Set(excluded.map(keyOf));
  // A whole system less some of its codes cannot be listed.
  if (out.size > 0 && included.some(({ code }) => code === undefined)) return null;
  return included.filter((one) => !out.has(keyOf(one)));
}

const keyOf = ({ system, code }: CodeOfSet): string => `${system}|${code}`;

function criterionOf(name: string): string {
  const id = /^ValueSet\/([A-Za-z0-9\-.]{1,64})$/.exec(name)?.[1];
  if (id !== undefined) return `_id=${id}`;
  const { url, version } = parseCanonical(name);
  const criteria = new URLSearchParams({ url });
  if (version !== null) criteria.set('version', version);
  return criteria.toString();
}

/** Parts add up; within a part, what it names itself and its value sets must all hold. */
async function codesOfParts(parts: readonly Json[], find: Find, depth: number): Promise<CodeOfSet[] | null> {
  const codes: CodeOfSet[] = [];
  for (const part of parts) {
    const own = ownCodes(part);
    if (own === 'not listed') return null;
    let held = own;
    for (const name of list(part['valueSet']) as unknown as string[]) {
      const other = await codesOf(name, find, depth + 1);
      if (!other) return null;
      held = held === null ? other : both(held, other);
    }
    codes.push(...(held ?? []));
  }
  return codes;
}

function ownCodes(part: Json): readonly CodeOfSet[] | 'not listed' | null {
  const { system } = part;
  if (part['filter'] !== undefined) return 'not listed';
  if (typeof system !== 'string') return null;
  if (part['concept'] === undefined) return [{ system }];
  return list(part['concept']).map(({ code }) => ({ system, code: String(code) }));
}

/** What is in both; a whole system holds each of its codes. */
function both(one: readonly CodeOfSet[], other: readonly CodeOfSet[]): CodeOfSet[] {
  const holds = (codes: readonly CodeOfSet[], { system, code }: CodeOfSet) =>
    codes.some((each) => each.system === system && (each.code === undefined || each.code === code));
  const narrow = [...one, ...other].filter((each) => holds(one, each) && holds(other, each));
  return [...new Map(narrow.map((each) => [keyOf(each), each])).values()];
}

function* contained(concepts: readonly Json[]): Generator<CodeOfSet> {
  for (const { system, code, abstract, contains } of concepts) {
    if (typeof code === 'string' && abstract !== true)
      yield { code, ...(typeof system === 'string' ? { system } : {}) };
    yield* contained(list(contains));
  }
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
