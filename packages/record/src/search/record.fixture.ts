// For the tests of search: a migrated database, resources written by the store's own statements, and readers.
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { extractIndexRows, rowKey } from '@yimai/fhir';
import { uuidv7 } from '@yimai/kit';
import {
  type Database,
  type Fragment,
  migrate,
  openDatabase,
  raw,
  readMigrations,
  sql,
} from '@yimai/postgres';
import { testDatabase } from '@yimai/postgres/testing';
import { flushWrites, type PendingWrite } from '../store/flush.ts';
import type { Access, Labels, Resource, StoredRow } from '../types.ts';
import { runSearch, type SearchDeps, type SearchOptions, type SearchPage } from './run-search.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url));
export const NOW = new Date('2026-11-21T08:00:00.000Z');

/** Stands for the keyed hash of the access half. */
export const blind = (value: string): string =>
  createHmac('sha256', 'test').update(value).digest('base64url');

interface Finishing {
  after(fn: () => Promise<void>): void;
}

export interface TestRecord {
  readonly database: Database;
  readonly deps: SearchDeps;
  put(resource: Resource, options?: { labels?: Partial<Labels>; at?: Date }): Promise<StoredRow>;
  putAll(resources: readonly Resource[], labels?: (resource: Resource) => Partial<Labels>): Promise<void>;
  remove(type: string, id: string, at?: Date): Promise<void>;
  /** Ids of the matches as someone who sees everything; throws on a refusal. */
  ids(type: string | null, query: string, reader?: Access): Promise<string[]>;
  page(type: string | null, query: string, reader?: Access, options?: SearchOptions): Promise<SearchPage>;
}

export async function testRecord(t: Finishing): Promise<TestRecord> {
  const place = await testDatabase();
  const migrations = readMigrations('record', MIGRATIONS);
  await migrate({
    ownerUrl: place.ownerUrl,
    schema: place.schema,
    appRole: new URL(place.appUrl).username,
    migrations,
    now: NOW,
  });
  const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 4 });
  t.after(async () => {
    await database.close();
    await place.close();
  });
  const deps: SearchDeps = {
    database,
    blind,
    openFields: (content) => content,
    bases: ['https://county.example/fhir/R4/'],
  };
  const latest = new Map<string, StoredRow>();
  let entries = 0;
  const nextEntry = () => {
    entries += 1;
    return entries;
  };

  async function write(writes: readonly PendingWrite[]): Promise<void> {
    await database.tx(everything.settings, (run) =>
      flushWrites(run, writes, { tx: uuidv7(), firstOrd: 0, commandId: null, recordedAt: NOW, blind }),
    );
    for (const { row } of writes) latest.set(row.id, row);
  }

  function pending(resource: Resource, labels: Partial<Labels>, at: Date): PendingWrite {
    const fhirId = resource.id ?? uuidv7();
    const before = latest.get(rowKey(resource.resourceType, fhirId));
    const row = newRow({ ...resource, id: fhirId }, labels, at, (before?.version ?? 0) + 1);
    const index = extractIndexRows({ ...resource, id: fhirId });
    return { op: before ? 'update' : 'create', row, before: before ?? null, entry: nextEntry(), index };
  }

  async function page(
    type: string | null,
    query: string,
    reader: Access = everything,
    options: SearchOptions = {},
  ): Promise<SearchPage> {
    const result = await runSearch(deps, reader, type, query, options);
    if (!result.ok) throw new Error(`refused: ${result.refusal.code} at ${result.refusal.at}`);
    return result.value;
  }

  return {
    database,
    deps,
    page,
    ids: async (type, query, reader) =>
      (await page(type, query, reader)).matches.map((row) => row.fhirId).sort(),
    put: async (resource, options = {}) => {
      const one = pending(resource, options.labels ?? {}, options.at ?? NOW);
      await write([one]);
      return one.row;
    },
    putAll: async (resources, labels = () => ({})) => {
      for (let from = 0; from < resources.length; from += 500)
        await write(resources.slice(from, from + 500).map((one) => pending(one, labels(one), NOW)));
    },
    remove: async (type, id, at = NOW) => {
      const before = latest.get(rowKey(type, id))!;
      const row = { ...before, version: before.version + 1, updatedAt: at, deleted: true, content: null };
      await write([{ op: 'delete', row, before, entry: nextEntry(), index: null }]);
    },
  };
}

function newRow(resource: Resource, labels: Partial<Labels>, at: Date, version: number): StoredRow {
  return {
    id: rowKey(resource.resourceType, resource.id!),
    type: resource.resourceType,
    fhirId: resource.id!,
    version,
    updatedAt: at,
    deleted: false,
    engine: null,
    content: JSON.stringify(resource),
    kind: 'clinical-note',
    locks: [],
    org: null,
    patient: null,
    ...labels,
  };
}

/** A reader whose sight is the given predicate; the settings open the second belt so that the first is what is tested. */
export function reader(readable: (alias: string) => Fragment): Access {
  return {
    actor: {
      user: uuidv7(),
      role: 'test',
      org: uuidv7(),
      orgs: [],
      patient: null,
      practitioner: null,
      rights: [],
      scopes: null,
    },
    now: NOW,
    settings: { 'app.reach': 'all' },
    readable,
    writable: () => null,
    showsClear: () => true,
  };
}

export const everything: Access = reader(() => raw('true'));

/** Sees all but rows of this locked class. */
export const without = (lock: string): Access =>
  reader((alias) => sql`not (${lock} = any(${raw(alias)}.locks))`);
