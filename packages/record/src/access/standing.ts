// What an actor stands in at one moment: rows of the table, rights in force, own people, own hands.
import type { Uuid } from '@yimai/kit';
import type { Actor } from '../types.ts';
import type { Policy, PolicyRow } from './policy.ts';
import { type Rights, readRights } from './rights.ts';
import { readScopes, type ScopeGrant } from './scopes.ts';

export interface Standing {
  readonly actor: Actor;
  readonly now: Date;
  readonly policy: Policy;
  readonly rows: readonly PolicyRow[];
  readonly rights: Rights;
  readonly scopes: readonly ScopeGrant[] | null;
  /** The resident and the children in the resident's care. */
  readonly selves: readonly Uuid[];
  /** Organisations and people in whose hands work is mine. */
  readonly hands: readonly Uuid[];
}

export function makeStanding(actor: Actor, now: Date, policy: Policy): Standing {
  const rights = readRights(actor.rights, now);
  return {
    actor,
    now,
    policy,
    rows: policy.rowsOf(actor.role),
    rights,
    scopes: actor.scopes === null ? null : readScopes(actor.scopes),
    selves: actor.patient === null ? [] : [actor.patient, ...rights.children],
    hands: [...actor.orgs, actor.practitioner, actor.patient].filter((id) => id !== null),
  };
}
