// Who is who in a case: resolves a party of the declaration to roles, an organisation, a person, and matches actors.
import type { CompiledParty, Loop } from './compile.ts';
import type { Actor, CaseData, Owner, Places } from './types.ts';

const NOBODY: Owner = { party: 'nobody', roles: [], organisation: null, person: null };

interface Case {
  readonly places: Places;
  readonly data: CaseData;
  readonly opener: Actor;
}

/** The owner that a party stands for in this case; an empty organisation field leaves `organisation` null. */
export function resolveParty(loop: Loop, of: Case, name: string): Owner {
  const party = loop.parties.get(name);
  if (!party) return { ...NOBODY, party: name };
  return {
    party: name,
    roles: party.roles,
    organisation: organisationOf(party, of),
    person: personOf(party, of),
  };
}

function organisationOf(party: CompiledParty, of: Case): string | null {
  const at = party.at;
  if (!at || at === 'anywhere') return null;
  if (at === 'opener') return of.opener.organisation;
  if (at.startsWith('field:')) return textOf(of.data[at.slice(6)]);
  return of.places[at] ?? '';
}

function personOf(party: CompiledParty, of: Case): string | null {
  if (!party.person) return null;
  if (party.person === 'opener') return of.opener.person;
  if (party.person.startsWith('field:')) return textOf(of.data[party.person.slice(6)]);
  return null;
}

/** An empty field stands for nobody, never for anybody. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** True when the actor is this party in this case; every part that the party names must fit. */
export function isParty(loop: Loop, of: Case, name: string, actor: Actor): boolean {
  if (name === 'system') return actor.role === 'system';
  const party = loop.parties.get(name);
  if (!party) return false;
  if (party.person) return personOf(party, of) === actor.person && actor.person !== '';
  if (party.roles.length > 0 && !party.roles.includes(actor.role)) return false;
  const organisation = organisationOf(party, of);
  return organisation === null || (organisation !== '' && organisation === actor.organisation);
}

/** The same for an owner already resolved, as work lists need it. */
export function isOwner(owner: Owner, actor: Actor): boolean {
  if (owner.person !== null) return owner.person === actor.person;
  if (owner.roles.length > 0 && !owner.roles.includes(actor.role)) return false;
  return owner.organisation === null || owner.organisation === actor.organisation;
}
