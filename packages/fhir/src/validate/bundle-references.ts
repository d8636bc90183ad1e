// In a document or message the first resource's references must lead to exactly one entry of the same bundle.
import { isObject } from '../path/node.ts';
import type { Findings } from './findings.ts';

/** The references that must travel with the bundle, by resource and path. */
const FOLLOWED: Readonly<Record<string, readonly string[]>> = {
  Composition: [
    'subject',
    'encounter',
    'author',
    'attester.party',
    'custodian',
    'event.detail',
    'section.author',
    'section.focus',
    'section.entry',
    'section.section.entry',
  ],
  MessageHeader: ['focus'],
};

const ABSOLUTE = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
const REST_BASE = /^(https?:\/\/.*)\/[A-Z][A-Za-z]+\/[^/]+$/;

/** Entries by fullUrl and by type and id; a relative reference is completed by its entry's base (R4 bundle §2.36.4.1). */
class EntryIndex {
  readonly #entries: readonly unknown[];
  readonly #byFullUrl = new Map<string, number[]>();
  readonly #byTypeAndId = new Map<string, number[]>();

  constructor(entries: readonly unknown[]) {
    this.#entries = entries;
    entries.forEach((entry, at) => {
      if (!isObject(entry)) return;
      const { fullUrl, resource } = entry;
      if (typeof fullUrl === 'string') add(this.#byFullUrl, fullUrl, at);
      if (isObject(resource))
        add(this.#byTypeAndId, `${String(resource['resourceType'])}/${String(resource['id'])}`, at);
    });
  }

  /** The entries that a reference standing in entry `from` leads to. */
  targets(reference: string, from: number): readonly number[] {
    const [plain = reference, version] = reference.split('/_history/');
    const base = this.#baseOf(from);
    const found = ABSOLUTE.test(plain)
      ? this.#byFullUrl.get(plain)
      : base === null
        ? this.#byTypeAndId.get(plain)
        : this.#byFullUrl.get(`${base}/${plain}`);
    return version === undefined
      ? (found ?? [])
      : (found ?? []).filter((at) => this.#versionOf(at) === version);
  }

  #baseOf(at: number): string | null {
    const entry = this.#entries[at];
    const fullUrl = isObject(entry) ? entry['fullUrl'] : undefined;
    return typeof fullUrl === 'string' ? (REST_BASE.exec(fullUrl)?.[1] ?? null) : null;
  }

  #versionOf(at: number): unknown {
    const entry = this.#entries[at];
    const resource = isObject(entry) && isObject(entry['resource']) ? entry['resource'] : {};
    return isObject(resource['meta']) ? resource['meta']['versionId'] : undefined;
  }
}

function add(index: Map<string, number[]>, key: string, at: number): void {
  const known = index.get(key);
  if (known) known.push(at);
  else index.set(key, [at]);
}

export function checkBundleReferences(
  entries: readonly unknown[],
  document: boolean,
  findings: Findings,
): void {
  const index = new EntryIndex(entries);
  const [first] = entries;
  const resource = isObject(first) && isObject(first['resource']) ? first['resource'] : null;
  for (const path of resource ? (FOLLOWED[String(resource['resourceType'])] ?? []) : []) {
    for (const { at, reference } of referencesAt(resource, path.split('.'), 'Bundle.entry[0].resource')) {
      if (!reference.startsWith('#')) checkOne(index.targets(reference, 0).length, reference, at, findings);
    }
  }
  if (document) checkReachable(entries, index, findings);
}

function checkOne(matches: number, reference: string, at: string, findings: Findings): void {
  if (matches === 0) {
    findings.error(
      'not-found',
      at,
      '引用的资源不在此 Bundle 中',
      `"${reference}" is not in the bundle`,
      'F13',
    );
  } else if (matches > 1) {
    const en = `"${reference}" matches ${matches} entries of the bundle`;
    findings.error('duplicate', at, '引用在此 Bundle 中对应多个资源', en, 'F13');
  }
}

interface Found {
  readonly at: string;
  readonly reference: string;
}

function referencesAt(value: unknown, path: readonly string[], at: string): Found[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => referencesAt(one, path, `${at}[${index}]`));
  if (!isObject(value)) return [];
  const [step, ...rest] = path;
  if (step !== undefined) return referencesAt(value[step], rest, `${at}.${step}`);
  return typeof value['reference'] === 'string' ? [{ at, reference: value['reference'] }] : [];
}

/** In a document every entry is reached from the Composition, forwards or backwards (R4 documents §3.3.1). */
function checkReachable(entries: readonly unknown[], index: EntryIndex, findings: Findings): void {
  const neighbours = entries.map((): number[] => []);
  entries.forEach((entry, from) => {
    for (const reference of referencesIn(entry)) {
      for (const to of index.targets(reference, from)) {
        neighbours[from]?.push(to);
        neighbours[to]?.push(from);
      }
    }
  });
  const reached = new Set([0]);
  for (const at of reached) for (const next of neighbours[at] ?? []) reached.add(next);
  for (let at = 1; at < entries.length; at++) {
    if (reached.has(at)) continue;
    const en = 'this entry cannot be reached from the Composition';
    findings.error('not-found', `Bundle.entry[${at}]`, '从 Composition 无法到达此条目', en, 'F13');
  }
}

/** Every literal reference inside an entry, contained ones aside. */
function referencesIn(value: unknown, out: string[] = []): string[] {
  if (Array.isArray(value)) for (const one of value) referencesIn(one, out);
  else if (isObject(value)) {
    const { reference } = value;
    if (typeof reference === 'string' && !reference.startsWith('#')) out.push(reference);
    for (const key in value) referencesIn(value[key], out);
  }
  return out;
}
