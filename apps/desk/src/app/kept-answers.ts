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
export async function readOrKept<T>(
  owner: string,
  path: string,
  keepMs: number,
  signal?: AbortSignal,
): Promise<AnswerOr<T>> {
  const id = `${owner}|${path}`;
  try {
    const data = await get<T>(path, signal);
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
    const found = await kept<KeptAnswer<T>>('kept', id).catch(() => undefined);
    if (!found || isOver(found)) throw cause;
    return { data: found.data, savedAt: found.at };
  }
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
