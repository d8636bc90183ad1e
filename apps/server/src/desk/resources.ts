// Resources as their reader may see them: pages of a search, several by id, and the names of what references point to.
import type { Access, StoredRow } from '@yimai/record';
import { usersOf } from './accounts-read.ts';
import type { DeskDeps, Reader } from './desk-deps.ts';

// biome-ignore lint/suspicious/noExplicitAny: FHIR JSON of any type; each caller reads what it needs and checks it
export type Json = any;

export interface Seen {
  readonly row: StoredRow;
  readonly resource: Json;
}

export interface SeenPage {
  readonly items: readonly Seen[];
  /** Query of the next page. */
  readonly next: string | null;
}

export async function searchPage(
  deps: DeskDeps,
  access: Access,
  type: string,
  query: string,
): Promise<SeenPage> {
  const page = await deps.record.search(access, type, query);
  const items = await Promise.all(page.matches.map((row) => seen(deps, access, row)));
  return { items, next: page.next?.split('?')[1] ?? null };
}

export async function seen(deps: DeskDeps, access: Access, row: StoredRow): Promise<Seen> {
  return { row, resource: JSON.parse(await deps.record.contentFor(access, row)) };
}

const IDS_MAX = 100;

/** Those of the ids that the reader may see, by id. */
export async function byIds(
  deps: DeskDeps,
  access: Access,
  type: string,
  ids: readonly string[],
): Promise<Map<string, Seen>> {
  const wanted = [...new Set(ids)].filter((id) => /^[A-Za-z0-9\-.]{1,64}$/.test(id));
  const found = new Map<string, Seen>();
  for (let at = 0; at < wanted.length; at += IDS_MAX) {
    const some = wanted.slice(at, at + IDS_MAX);
    const page = await searchPage(deps, access, type, `_id=${some.join(',')}&_count=${IDS_MAX}`);
    for (const each of page.items) found.set(each.row.fhirId, each);
  }
  return found;
}

/** Display names by reference (`Organization/x`); references that the reader may not follow have none. */
export async function namesOf(
  deps: DeskDeps,
  reader: Reader,
  references: readonly (string | null | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const byType = new Map<string, string[]>();
  for (const reference of new Set(references)) {
    const [type, id] = (reference ?? '').split('/');
    if (type && id) byType.set(type, [...(byType.get(type) ?? []), id]);
  }
  const names = new Map<string, string>();
  const ofType = async (type: string, ids: readonly string[]): Promise<void> => {
    if (type === 'User') for (const [id, name] of await userNames(deps)) names.set(`User/${id}`, name);
    else if (NAMED.has(type)) {
      for (const [id, each] of await byIds(deps, reader.access, type, ids))
        names.set(`${type}/${id}`, nameIn(each.resource));
    }
  };
  await Promise.all([...byType].map(([type, ids]) => ofType(type, ids)));
  return names;
}

const NAMED = new Set(['Organization', 'Practitioner', 'Patient', 'Location', 'Device', 'Task']);

async function userNames(deps: DeskDeps): Promise<Map<string, string>> {
  return new Map((await usersOf(deps.database, deps.clock.now())).map((user) => [user.id, user.name]));
}

/** The name of an organisation, place, device or person in one line. */
export function nameIn(resource: Json): string {
  const { name, deviceName, resourceType, description } = resource;
  if (resourceType === 'Task') return saidTask(String(description ?? ''));
  if (typeof name === 'string') return name;
  if (Array.isArray(deviceName)) return String(deviceName[0]?.name ?? '');
  const [first] = Array.isArray(name) ? name : [];
  if (!first) return '';
  const { text, family = '', given = [] } = first;
  if (text) return String(text);
  // Names in Latin letters are written given name first, with a space.
  return /[A-Za-z]/.test(family) ? [...given, family].join(' ') : `${family}${given.join('')}`;
}

/** `双向转诊 two-way-referral-2026-00003` without the name that programs know the loop by. */
const saidTask = (description: string): string => description.replace(/ [a-z][a-z-]*-(\d{4}-\d+)$/, ' $1');

/** `"value"` in a FHIR search query, with the separators of the language taken as letters. */
export const searchValue = (text: string): string =>
  encodeURIComponent(text.replace(/[\\,$|]/g, (sign) => `\\${sign}`));
