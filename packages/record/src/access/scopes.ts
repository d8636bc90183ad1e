// SMART scopes: what a token's owner allowed it, never more than the role may. An unknown scope opens nothing.
import { isResourceType } from '@yimai/fhir';
import { type Refusal, refuse } from '@yimai/kit';
import type { Actor } from '../types.ts';

export interface ScopeGrant {
  readonly context: 'patient' | 'user' | 'system';
  /** `*` or a resource type. */
  readonly type: string;
  readonly read: boolean;
  readonly search: boolean;
  readonly create: boolean;
  readonly update: boolean;
  readonly delete: boolean;
}

/** Lets a narrowed token use commands; an engine decides for itself, so no resource scope can stand for it. */
export const COMMAND_SCOPE = 'yimai/commands';

/** Why this actor may send no command at all, or null. */
export function commandRefusal(actor: Actor): Refusal | null {
  if (actor.scopes === null || actor.scopes.includes(COMMAND_SCOPE)) return null;
  return refuse(
    'scope-too-narrow',
    { zh: '令牌的授权范围不含命令', en: 'the token has no scope for commands' },
    { rule: 'A11' },
  ).refusal;
}

const SCOPE = /^(patient|user|system)\/(\*|[A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)$/;

/**
 * Version 1 (`patient/*.read`) and version 2 (`system/Observation.rs`) scopes. A scope with a search restriction
 * (`?category=…`) is not supported and opens nothing, so that it can never open too much.
 */
export function readScopes(scopes: readonly string[]): ScopeGrant[] {
  const grants: ScopeGrant[] = [];
  for (const scope of scopes) {
    const match = SCOPE.exec(scope);
    if (!match?.[3] || (match[2] !== '*' && !isResourceType(match[2]!))) continue;
    const rights =
      match[3] === 'read' ? 'rs' : match[3] === 'write' ? 'cud' : match[3] === '*' ? 'cruds' : match[3];
    grants.push({
      context: match[1] as ScopeGrant['context'],
      type: match[2]!,
      read: rights.includes('r'),
      search: rights.includes('s'),
      create: rights.includes('c'),
      update: rights.includes('u'),
      delete: rights.includes('d'),
    });
  }
  return grants;
}
