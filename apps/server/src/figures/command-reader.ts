// As whom the measures command reads: a login of this machine, in its first role, as it would open the desk.
import { must } from '@yimai/kit';
import type { FigureReader } from '@yimai/measures';
import type { Consortium } from '../consortium.ts';
import { notPermitted } from '../desk/read-body.ts';
import { seesFigures } from './figures-deps.ts';

export async function figureReader(
  { accounts, clock }: Pick<Consortium, 'accounts' | 'clock'>,
  login: string,
): Promise<FigureReader> {
  const now = clock.now();
  const { token } = must(await accounts.localToken(login, now));
  const { actor } = must(await accounts.signedIn(token, now));
  await accounts.signOut(token, now);
  if (!seesFigures(actor.role)) throw notPermitted();
  return { role: actor.role, orgs: actor.orgs };
}
