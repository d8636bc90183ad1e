// Reads of the pages for those who go out: from the server, and from the device when there is no way to it.
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { get, Unreachable } from '../api/client.ts';
import { roleKey, useSession } from '../app/session.tsx';
import type { FieldObject, Stop } from '../contract.ts';
import { allKept, drop, keep, kept } from '../form/device-store.ts';
import { type OutboxState, onOutbox, openOutbox, outboxState } from './outbox.ts';

interface KeptAnswer<T> {
  readonly id: string;
  readonly at: string;
  readonly data: T;
}

/** An answer with the moment at which it was saved, where it comes from the device. */
export interface FieldAnswer<T> {
  readonly data: T;
  readonly savedAt: string | null;
}

const KEEP_MS = 3 * 86_400_000;

/** Registers, routes and files of objects name no residents; they are kept for three days under the person's own key. */
export async function read<T>(owner: string, path: string, signal?: AbortSignal): Promise<FieldAnswer<T>> {
  const id = `${owner}|${path}`;
  try {
    const data = await get<T>(path, signal);
    const value: KeptAnswer<T> = { id, at: new Date().toISOString(), data };
    await keep('kept', value).catch(() => undefined);
    return { data, savedAt: null };
  } catch (cause) {
    if (!(cause instanceof Unreachable)) throw cause;
    const found = await kept<KeptAnswer<T>>('kept', id).catch(() => undefined);
    if (!found || Date.now() - Date.parse(found.at) > KEEP_MS) throw cause;
    return { data: found.data, savedAt: found.at };
  }
}

export function useOwner(): string {
  const { session, role } = useSession();
  return `${session?.user.id ?? ''}|${role ? roleKey(role) : ''}`;
}

export function useField<T>(path: string): UseQueryResult<FieldAnswer<T>> {
  const owner = useOwner();
  return useQuery({
    queryKey: ['field', owner, path],
    queryFn: ({ signal }) => read<T>(owner, path, signal),
    retry: false,
  });
}

export const objectPath = (register: string, key: string): string =>
  `/desk/field/objects/${encodeURIComponent(register)}/${encodeURIComponent(key)}`;

/** Fetches the files of the stops ahead, so that they open in a cellar without network. */
export function usePack(stops: readonly Stop[], fresh: boolean): void {
  const owner = useOwner();
  const wanted = stops.map((stop) => objectPath(stop.register, stop.key)).join('\n');
  useEffect(() => {
    if (!fresh || wanted === '') return;
    const gone = new AbortController();
    void (async () => {
      for (const path of wanted.split('\n')) {
        if (gone.signal.aborted) return;
        await read<FieldObject>(owner, path, gone.signal).catch(() => undefined);
      }
      await forgetOld();
    })();
    return () => gone.abort();
  }, [owner, wanted, fresh]);
}

async function forgetOld(): Promise<void> {
  for (const one of await allKept<KeptAnswer<unknown>>('kept').catch(() => []))
    if (Date.now() - Date.parse(one.at) > KEEP_MS) await drop('kept', one.id);
}

/** What waits on this device; opened for the person who is signed in. */
export function useOutbox(): OutboxState {
  const { session } = useSession();
  const user = session?.user.id;
  useEffect(() => {
    if (user) void openOutbox(user);
  }, [user]);
  return useSyncExternalStore(onOutbox, outboxState);
}

/** The pages themselves open without network once they have been opened with it. */
export function useOfflinePages(): void {
  useEffect(() => {
    if (!('serviceWorker' in navigator) || !('caches' in window)) return;
    const prepare = async () => {
      await navigator.serviceWorker.register('/sw.js');
      // The pages that follow this one, fetched while there is a network.
      await Promise.all([
        import('./object-page.tsx'),
        import('./map-page.tsx'),
        import('../form/signature-field.tsx'),
        import('../form/date-field.tsx'),
        import('../form/pick-field.tsx'),
      ]);
      const cache = await caches.open('yimai-desk-1');
      const loaded = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
      const files = new Set(['/', ...loaded.filter((path) => /^\/(assets\/|mark\.svg)/.test(path))]);
      for (const path of files) if (!(await cache.match(path))) await cache.add(path).catch(() => undefined);
    };
    prepare().catch(() => undefined);
  }, []);
}
