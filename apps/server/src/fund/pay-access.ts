// Who may see whose pay: everyone the own slip, finance those of the houses below it, nobody else any.
import { rowKey } from '@yimai/fhir';
import type { Reader } from '../desk/desk-deps.ts';

/** Freezes and answers for that house: its finance clerk, or the consortium's finance office above it. */
export function keepsPay({ actor, access }: Reader, house: string): boolean {
  if (actor.role === 'script') return true;
  return actor.role === 'finance-clerk' && access.actor.orgs.includes(rowKey('Organization', house));
}

export const keepsAnyPay = ({ actor }: Reader): boolean =>
  actor.role === 'script' || actor.role === 'finance-clerk';

/** The one predicate of every read of a slip. */
export function maySeeSlip(reader: Reader, house: string, person: string): boolean {
  return person === reader.actor.person || keepsPay(reader, house);
}
