// For the tests of the store: a whole record on a throwaway database, with the real labels, policy and projections.
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SimulatedClock } from '@yimai/kit';
import { type Database, migrate, openDatabase, readMigrations } from '@yimai/postgres';
import { testDatabase } from '@yimai/postgres/testing';
import { systemAccess } from '../access/access.ts';
import { makeLabels } from '../access/labels.ts';
import { loadPolicy } from '../access/policy.ts';
import { hasProjection, makeAfterWrite } from '../access/projections.ts';
import { openRecord, type Record } from '../record.ts';
import type { CommandHandler } from '../types.ts';
import { openBlobs } from './blobs.ts';

export interface TestStore {
  readonly record: Record;
  readonly database: Database;
  readonly clock: SimulatedClock;
  readonly faults: Error[];
}

export async function testStore(
  t: { after(fn: () => Promise<void>): void },
  options: { handlers?: readonly CommandHandler[]; start?: string } = {},
): Promise<TestStore> {
  const place = await testDatabase();
  const clock = new SimulatedClock(options.start ?? '2026-03-02T01:00:00Z');
  await migrate({
    ownerUrl: place.ownerUrl,
    schema: place.schema,
    appRole: new URL(place.appUrl).username,
    migrations: readMigrations('record', fileURLToPath(new URL('../../migrations/', import.meta.url))),
    now: clock.now(),
  });
  const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 16 });
  const policy = loadPolicy();
  const faults: Error[] = [];
  const record = openRecord({
    database,
    clock,
    blobs: openBlobs(join(place.dir, 'blobs')),
    handlers: options.handlers ?? [],
    protection: {
      labelsOf: makeLabels(policy.kinds),
      closeFields: (content) => content,
      openFields: (content) => content,
      blind: (value) => createHmac('sha256', 'test').update(value).digest('base64url'),
      projects: (type) => hasProjection(policy, type),
      afterWrite: makeAfterWrite(policy),
      systemAccess,
    },
    onFault: (error) => faults.push(error),
  });
  t.after(async () => {
    await record.close();
    await database.close();
    await place.close();
  });
  return { record, database, clock, faults };
}
