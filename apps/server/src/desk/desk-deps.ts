// What the desk's routes are given, and who asks: access for the record, actor for the engines.
import type { SystemInfo } from '@yimai/desk/contract';
import type { Uuid } from '@yimai/kit';
import type { Actor } from '@yimai/loops';
import type { Database } from '@yimai/postgres';
import type { Access, SignedIn } from '@yimai/record';
import type { RuntimeContext } from '@yimai/runtime';
import type { FastifyRequest } from 'fastify';
import type { ServerDeps } from '../http/deps.ts';
import { actingOf, signedInOf } from '../http/session.ts';

export interface DeskDeps extends ServerDeps {
  /** For the engines' own tables; person data are read through `record` only. */
  readonly database: Database;
  readonly runtime: RuntimeContext;
  /** How far a demo year has come, while it is still being played. */
  readonly loading?: () => SystemInfo['loading'];
}

export interface Reader {
  readonly access: Access;
  readonly signedIn: SignedIn;
  readonly actor: Actor;
  /** FHIR id of the organisation in which the reader acts. */
  readonly org: string;
  /** That organisation heads the tree: its offices act for the consortium as a whole. */
  readonly isHead: boolean;
  readonly now: Date;
}

/** Row keys never change their names, so they are asked once. */
const names = new Map<Uuid, string>();

/** Refuses who is not signed in, by throwing. */
export async function readerOf(deps: DeskDeps, request: FastifyRequest): Promise<Reader> {
  const signedIn = await signedInOf(deps, request);
  const now = deps.clock.now();
  const access = deps.accounts.accessOf(signedIn, now);
  const { actor } = signedIn;
  const chosen = actingOf(request) ?? signedIn.roles[0];
  const org = chosen?.org ?? '';
  const person = await personOf(deps, access, actor.practitioner ?? actor.patient);
  return {
    access,
    signedIn,
    org,
    isHead: (await deps.accounts.headOfTree()) === org,
    now,
    actor: {
      person: person ?? `User/${actor.user}`,
      role: actor.role,
      organisation: `Organization/${org}`,
    },
  };
}

async function personOf(deps: DeskDeps, access: Access, key: Uuid | null): Promise<string | null> {
  if (key === null) return null;
  const known = names.get(key);
  if (known !== undefined) return known;
  const found = await deps.record.transaction(access, { via: 'rest' }, (tx) => tx.nameOf(key));
  if (!found) return null;
  const name = `${found.type}/${found.id}`;
  names.set(key, name);
  return name;
}
