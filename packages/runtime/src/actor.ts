// Who acts, in the words of the engines: person, role and organisation as FHIR references.
import { ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { type Actor, SYSTEM } from '@yimai/loops';
import type { CommandEnvelope, RecordTx } from '@yimai/record';

/** The person is the Practitioner (or Patient) behind the user; a user who is neither acts under the user's own id. */
export async function actorOf(tx: RecordTx, command: CommandEnvelope): Promise<Actor> {
  const { actor } = tx.access;
  if (actor.role === 'system') return SYSTEM;
  const key = actor.practitioner ?? actor.patient;
  const name = key ? await nameOf(tx, key) : null;
  return {
    person: name ? `${name.type}/${name.id}` : `User/${actor.user}`,
    role: actor.role,
    organisation: `Organization/${command.actingAs.org}`,
  };
}

const names = new Map<Uuid, { readonly type: string; readonly id: string }>();
const NAMES_MAX = 20_000;

/** What a row key stands for never changes, so it is asked once for each person. */
async function nameOf(
  tx: RecordTx,
  key: Uuid,
): Promise<{ readonly type: string; readonly id: string } | null> {
  const known = names.get(key);
  if (known) return known;
  const found = await tx.nameOf(key);
  if (found) {
    if (names.size >= NAMES_MAX) names.clear();
    names.set(key, found);
  }
  return found;
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
