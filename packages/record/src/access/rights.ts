// Rights beyond the role, as the texts that stand in an Actor: locks, emergency looks, children in one's care.
import { isUuid, type Uuid } from '@yimai/kit';
import { LOCKS, type Lock } from '../types.ts';

export interface Rights {
  readonly locks: readonly Lock[];
  /** Residents whose record an emergency look opens now, with the locked classes it names. */
  readonly opened: readonly { readonly patient: Uuid; readonly locks: readonly Lock[] }[];
  /** Children that the resident acts for now. */
  readonly children: readonly Uuid[];
}

export const lockRight = (lock: Lock): string => `lock:${lock}`;

/** `break-glass:<patient row key>|<until>|<locks>`; without an end it holds as long as the actor does. */
export const breakGlassRight = (patient: Uuid, until: Date, locks: readonly Lock[]): string =>
  `break-glass:${patient}|${until.toISOString()}|${locks.join('+')}`;

/** `guardian:<patient row key>|<until>`: until the birthday on which the child decides alone. */
export const guardianRight = (child: Uuid, until: Date): string => `guardian:${child}|${until.toISOString()}`;

/** Rights in force at `now`; an end that has come no longer holds, a right that cannot be read gives nothing. */
export function readRights(rights: readonly string[], now: Date): Rights {
  const locks: Lock[] = [];
  const opened: { patient: Uuid; locks: Lock[] }[] = [];
  const children: Uuid[] = [];
  for (const right of rights) {
    const colon = right.indexOf(':');
    const name = right.slice(0, colon);
    const [subject = '', until = '', extra = ''] = right.slice(colon + 1).split('|');
    if (name === 'lock') {
      if (isLock(subject)) locks.push(subject);
    } else if (isUuid(subject) && (until === '' || Date.parse(until) > now.getTime())) {
      if (name === 'break-glass') opened.push({ patient: subject, locks: extra.split('+').filter(isLock) });
      if (name === 'guardian') children.push(subject);
    }
  }
  return { locks, opened, children };
}

const isLock = (text: string): text is Lock => (LOCKS as readonly string[]).includes(text);
