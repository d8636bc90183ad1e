// Who acts, in the words of the engines: person, role and organisation as FHIR references.
import { ok, type Result, refuse } from '@yimai/kit';
import { type Actor, SYSTEM } from '@yimai/loops';
import type { CommandEnvelope, RecordTx } from '@yimai/record';

/** The person is the Practitioner (or Patient) behind the user; a user who is neither acts under the user's own id. */
export async function actorOf(tx: RecordTx, command: CommandEnvelope): Promise<Actor> {
  const { actor } = tx.access;
  if (actor.role === 'system') return SYSTEM;
  const key = actor.practitioner ?? actor.patient;
  const name = key ? await tx.nameOf(key) : null;
  return {
    person: name ? `${name.type}/${name.id}` : `User/${actor.user}`,
    role: actor.role,
    organisation: `Organization/${command.actingAs.org}`,
  };
}

export function mustHoldRole(tx: RecordTx, roles: readonly string[]): Result<void> {
  const { role } = tx.access.actor;
  if (role === 'system' || roles.includes(role)) return ok(undefined);
  return refuse(
    'role-not-allowed',
    { zh: '您的岗位不能做这件事', en: 'your role may not do this' },
    { at: 'actingAs.role' },
  );
}
