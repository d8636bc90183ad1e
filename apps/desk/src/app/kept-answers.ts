// Reads that open without network: the last answer is kept on the device under the key of the person and role who had it.
import { get, Unreachable } from '../api/client.ts';
import { allKept, drop, keep, kept } from '../form/device-store.ts';
import { roleKey, useSession } from './session.tsx';

interface KeptAnswer<T> {
  readonly id: string;
  readonly at: string;
  /** Until when it may be shown. */
  readonly until: string;
  readonly data: T;
}

/** An answer with the moment at which it was saved, where it comes from the device. */
export interface AnswerOr<T> {
  readonly data: T;
  readonly savedAt: string | null;
}

/** From the server; without a way to it what was kept, as long as it may be. */
export const readOrKept = <T>(
  owner: string,
  path: string,
  keepMs: number,
  signal?: AbortSignal,
): Promise<AnswerOr<T>> => askOrKept(`${owner}|${path}`, keepMs, () => get<T>(path, signal));

/** The same for an answer that is asked for by a body; `id` names its owner and what it is. */
export async function askOrKept<T>(id: string, keepMs: number, ask: () => Promise<T>): Promise<AnswerOr<T>> {
  try {
    const data = await ask();
    const now = Date.now();
    const value: KeptAnswer<T> = {
      id,
      at: new Date(now).toISOString(),
      until: new Date(now + keepMs).toISOString(),
      data,
    };
    await keep('kept', value).catch(() => undefined);
    return { data, savedAt: null };
  } catch (cause) {
    if (!(cause instanceof Unreachable)) throw cause;
    const found = await keptAnswer<T>(id);
    if (!found) throw cause;
    return found;
  }
}

/** What was kept, as long as it may be shown. */
export async function keptAnswer<T>(id: string): Promise<AnswerOr<T> | null> {
  const found = await kept<KeptAnswer<T>>('kept', id).catch(() => undefined);
  return found && !isOver(found) ? { data: found.data, savedAt: found.at } : null;
}

/** One without an end was kept by an earlier version of the desk. */
const isOver = (one: { readonly until?: string }): boolean =>
  one.until === undefined || Date.parse(one.until) < Date.now();

export async function forgetOldAnswers(): Promise<void> {
  for (const one of await allKept<KeptAnswer<unknown>>('kept').catch(() => []))
    if (isOver(one)) await drop('kept', one.id);
}

export function useOwner(): string {
  const { session, role } = useSession();
  return `${session?.user.id ?? ''}|${role ? roleKey(role) : ''}`;
}
