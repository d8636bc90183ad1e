// For the tests of access: a small county on the real database. All persons are synthetic.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rowKey } from '@yimai/fhir';
import { must, SimulatedClock, type Uuid } from '@yimai/kit';
import { type Database, migrate, openDatabase, readMigrations } from '@yimai/postgres';
import { testDatabase } from '@yimai/postgres/testing';
import { openRecord, type Record as TheRecord } from '../record.ts';
import { openBlobs } from '../store/blobs.ts';
import type { Actor, Resource } from '../types.ts';
import { makeAccess, type PolicyAccess } from './access.ts';
import { type ActingAs, actorOf } from './actor.ts';
import { accessCommands } from './commands.ts';
import { type Keyring, openKeyring } from './keyring.ts';
import { loadPolicy, type Policy } from './policy.ts';
import { makeProtection } from './protection.ts';
import { openSession } from './session.ts';
import { assignRole, createUser } from './users.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url));
export const START = new Date('2026-03-02T01:00:00.000Z');

export interface County {
  readonly database: Database;
  readonly ownerUrl: string;
  readonly record: TheRecord;
  readonly policy: Policy;
  readonly keyring: Keyring;
  readonly clock: SimulatedClock;
  /** Writes as the system, through the store. */
  put(...resources: Resource[]): Promise<void>;
  remove(type: string, id: string): Promise<void>;
  user(login: string, roles: readonly ActingAs[], more?: UserMore): Promise<string>;
  /** The access of this token now. */
  as(token: string, actingAs?: ActingAs): Promise<PolicyAccess>;
  actor(token: string, actingAs?: ActingAs): Promise<Actor>;
}

interface UserMore {
  readonly practitioner?: string;
  readonly patient?: string;
  readonly rights?: readonly string[];
  readonly password?: string;
}

export async function testCounty(t: { after(fn: () => Promise<void>): void }): Promise<County> {
  const place = await testDatabase();
  await migrate({
    ownerUrl: place.ownerUrl,
    schema: place.schema,
    appRole: new URL(place.appUrl).username,
    migrations: readMigrations('record', MIGRATIONS),
    now: START,
  });
  const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 4 });
  const clock = new SimulatedClock(START);
  const policy = loadPolicy();
  const keyring = openKeyring(join(place.dir, 'keys.json'), { createIfMissing: true });
  const record = openRecord({
    database,
    clock,
    blobs: openBlobs(join(place.dir, 'blobs')),
    handlers: accessCommands(policy),
    protection: makeProtection(policy, keyring),
    onFault: (error) => {
      throw error;
    },
  });
  t.after(async () => {
    await record.close();
    await database.close();
    await place.close();
  });

  const actor = async (token: string, actingAs?: ActingAs): Promise<Actor> =>
    must(await actorOf(database, policy, token, clock.now(), actingAs)).actor;
  return {
    database,
    ownerUrl: place.ownerUrl,
    record,
    policy,
    keyring,
    clock,
    async put(...resources) {
      await record.transaction(record.systemAccess(), { via: 'import' }, async (tx) => {
        for (const resource of resources) await tx.update(resource);
      });
    },
    async remove(type, id) {
      await record.transaction(record.systemAccess(), { via: 'import' }, (tx) => tx.delete(type, id));
    },
    async user(login, roles, more = {}) {
      const now = clock.now();
      const user = must(
        await createUser(
          database,
          policy,
          {
            login,
            name: login,
            practitioner: more.practitioner ? rowKey('Practitioner', more.practitioner) : null,
            patient: more.patient ? rowKey('Patient', more.patient) : null,
            ...(more.password ? { password: more.password } : {}),
          },
          now,
        ),
      );
      for (const role of roles)
        must(await assignRole(database, policy, { user: user.id, ...role, rights: more.rights ?? [] }, now));
      const expires = new Date(now.getTime() + 40 * 365 * 86_400_000);
      return (await openSession(database, { user: user.id, kind: 'web', now, expires })).token;
    },
    actor,
    as: async (token, actingAs) => makeAccess(await actor(token, actingAs), clock.now(), policy),
  };
}

export const keyOf = (reference: string): Uuid => {
  const [type, id] = reference.split('/');
  return rowKey(type!, id!);
};
