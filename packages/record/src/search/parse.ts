// Reads a query string into a search tree; every refusal names the parameter as it was written.
import { isResourceType } from '@yimai/fhir';
import { ok, type Refusal, type Result } from '@yimai/kit';
import { compartmentFilter } from './compartment.ts';
import { readFilter } from './filter.ts';
import { readInclude } from './include.ts';
import { findParameter, type Types } from './parameter.ts';
import { topElement } from './project.ts';
import { no } from './refusals.ts';
import { split } from './split.ts';
import {
  type Filter,
  type Include,
  type SearchTree,
  type SortKey,
  SUMMARY_MODES,
  type SummaryMode,
  TOTAL_MODES,
  type TotalMode,
} from './tree.ts';
import type { CodeOfSet } from './values.ts';

export interface ParseOptions {
  readonly now: Date;
  /** `Prefer: handling=strict`: a parameter that is not understood is refused instead of left out. */
  readonly strict?: boolean;
  /** `Patient/x/Observation` searches within that patient's compartment. */
  readonly compartment?: { readonly type: string; readonly id: string };
  /** Addresses under which this record is known, each with a slash at its end. */
  readonly bases?: readonly string[];
  expandValueSet?(url: string): readonly CodeOfSet[] | undefined;
}

const COUNT_DEFAULT = 20;
export const COUNT_MAX = 1000;
const QUERY_MAX = 65_536;
const PARAMETERS_MAX = 100;
const CRITERIA_MAX = 200;

/** What the loop over the parameters gathers. */
interface Draft {
  types: Types;
  filters: Filter[];
  includes: Include[];
  sort: SortKey[];
  count: number;
  total: TotalMode;
  summary: SummaryMode;
  elements: string[] | null;
  omitted: Refusal[];
  self: URLSearchParams;
  budget: { left: number };
}

export function parseSearch(
  type: string | null,
  query: URLSearchParams | string,
  options: ParseOptions,
): Result<SearchTree> {
  if (typeof query === 'string' && query.length > QUERY_MAX) return no('search-too-long', 'query');
  const pairs = [...(typeof query === 'string' ? new URLSearchParams(query) : query)];
  if (pairs.length > PARAMETERS_MAX) return no('search-too-long', 'query');
  // PostgreSQL's text holds no NUL.
  const bad = pairs.find(([name, value]) => name.includes('\0') || value.includes('\0'));
  if (bad) return no('search-value-invalid', bad[0].replaceAll('\0', ''));
  const types = readTypes(type, pairs);
  if (!types.ok) return types;
  const draft = newDraft(types.value);
  if (options.compartment) {
    const filter = compartmentFilter(draft.types, options.compartment);
    if (!filter.ok) return filter;
    draft.filters.push(filter.value);
  }
  for (const [name, value] of pairs) {
    const read = readPair(draft, name, value, options);
    if (!read.ok) return read;
  }
  const { summary, elements, self, budget: _, ...rest } = draft;
  const count = summary === 'count' ? 0 : rest.count;
  return ok({ ...rest, count, projection: { summary, elements }, self: self.toString() });
}

const newDraft = (types: Types): Draft => ({
  types,
  filters: [],
  includes: [],
  sort: [],
  count: COUNT_DEFAULT,
  total: 'none',
  summary: 'false',
  elements: null,
  omitted: [],
  self: new URLSearchParams(),
  budget: { left: CRITERIA_MAX },
});

function readTypes(type: string | null, pairs: readonly (readonly [string, string])[]): Result<Types> {
  if (type !== null) return isResourceType(type) ? ok([type]) : no('search-type-unknown', type);
  const named = pairs.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','));
  const types = [...new Set(named.filter((one) => one !== ''))];
  if (types.some((one) => !isResourceType(one))) return no('search-type-unknown', '_type');
  return ok(types.length === 0 ? null : types);
}

/** Result parameters of the standard; everything else is a criterion. */
function readPair(draft: Draft, name: string, value: string, options: ParseOptions): Result<true> {
  switch (name) {
    case '_format':
    case '_pretty':
      return ok(true);
    case '_type':
      return kept(draft, name, value);
    case '_count':
      return readCount(draft, name, value);
    case '_sort':
      return readSort(draft, name, value, options);
    case '_total':
      return oneOf(draft, name, value, TOTAL_MODES, (mode) => {
        draft.total = mode;
      });
    case '_summary':
      return oneOf(draft, name, value, SUMMARY_MODES, (mode) => {
        draft.summary = mode;
      });
    case '_elements':
      return readElements(draft, name, value);
    case '_contained':
      return value === 'false' ? kept(draft, name, value) : no('search-parameter-unsupported', name);
    default:
      return /^_(rev)?include(:|$)/.test(name)
        ? addInclude(draft, name, value)
        : addFilter(draft, name, value, options);
  }
}

function kept(draft: Draft, name: string, value: string): Result<true> {
  draft.self.append(name, value);
  return ok(true);
}

function addFilter(draft: Draft, name: string, value: string, options: ParseOptions): Result<true> {
  const filter = readFilter(draft.types, name, value, {
    at: name,
    now: options.now,
    bases: options.bases ?? [],
    budget: draft.budget,
    expandValueSet: options.expandValueSet ?? (() => undefined),
  });
  if (!filter.ok) return pass(draft, filter, options);
  if (filter.value === null) {
    const empty = no('search-value-invalid', name, {
      zh: '值为空，已忽略',
      en: 'it is empty and was left out',
    });
    return pass(draft, empty, { strict: options.strict ?? false }, true);
  }
  draft.filters.push(filter.value);
  return kept(draft, name, value);
}

/** Lenient handling leaves out what is unknown or empty and says so; everything else that is wrong is refused. */
function pass(
  draft: Draft,
  refused: { readonly ok: false; readonly refusal: Refusal },
  options: { readonly strict?: boolean },
  empty = false,
): Result<true> {
  const forgivable = empty || refused.refusal.code === 'search-parameter-unknown';
  if (options.strict || !forgivable) return refused;
  draft.omitted.push(refused.refusal);
  return ok(true);
}

function addInclude(draft: Draft, name: string, value: string): Result<true> {
  const include = readInclude(draft.types, name, value);
  if (!include.ok) return include;
  draft.includes.push(include.value);
  return kept(draft, name, value);
}

function readCount(draft: Draft, name: string, value: string): Result<true> {
  if (!/^\d{1,9}$/.test(value)) return no('search-control-invalid', name);
  draft.count = Math.min(Number(value), COUNT_MAX);
  return kept(draft, name, String(draft.count));
}

function oneOf<T extends string>(
  draft: Draft,
  name: string,
  value: string,
  modes: readonly T[],
  set: (mode: T) => void,
): Result<true> {
  const mode = modes.find((one) => one === value);
  if (mode === undefined)
    return no('search-control-invalid', name, {
      zh: `可用 ${modes.join('、')}`,
      en: `one of ${modes.join(', ')}`,
    });
  set(mode);
  return kept(draft, name, value);
}

function readElements(draft: Draft, name: string, value: string): Result<true> {
  const elements = value.split(',').map(topElement);
  if (elements.some((one) => !/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(one)))
    return no('search-control-invalid', name);
  draft.elements = [...(draft.elements ?? []), ...elements];
  return kept(draft, name, value);
}

const UNSORTABLE = new Set(['composite', 'special']);

function readSort(draft: Draft, name: string, value: string, options: ParseOptions): Result<true> {
  for (const piece of split(value, ',').map((one) => one.trim())) {
    if (piece === '') continue;
    const descending = piece.startsWith('-');
    const code = descending ? piece.slice(1) : piece;
    const parameter = findParameter(draft.types, code);
    if (code === '_lastUpdated') draft.sort.push({ by: 'updated', descending });
    else if (code === '_id') draft.sort.push({ by: 'id', descending });
    else if (!parameter || UNSORTABLE.has(parameter.kind)) {
      const refused = no('search-sort-invalid', name);
      if (options.strict) return refused;
      draft.omitted.push(refused.refusal);
    } else draft.sort.push({ by: parameter, descending });
  }
  if (draft.sort.length > 5) return no('search-too-long', name);
  return kept(draft, name, value);
}
