// Reads of the pages for those who go out: from the server, and from the device when there is no way to it.
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { type AnswerOr, forgetOldAnswers, readOrKept, useOwner } from '../app/kept-answers.ts';
import { useOfflinePages } from '../app/offline-pages.ts';
import { useSession } from '../app/session.tsx';
import type { FieldObject, Stop } from '../contract.ts';
import { type OutboxState, onOutbox, openOutbox, outboxState } from './outbox.ts';

/** Routes and files of objects name no residents; they are kept for three days. */
const KEEP_MS = 3 * 86_400_000;

export function useField<T>(path: string): UseQueryResult<AnswerOr<T>> {
  const owner = useOwner();
  return useQuery({
    queryKey: ['field', owner, path],
    queryFn: ({ signal }) => readOrKept<T>(owner, path, KEEP_MS, signal),
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
        await readOrKept<FieldObject>(owner, path, KEEP_MS, gone.signal).catch(() => undefined);
      }
      await forgetOldAnswers();
    })();
    return () => gone.abort();
  }, [owner, wanted, fresh]);
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

/** The pages of the route and those that follow it. */
export function useFieldOffline(): void {
  useOfflinePages(() =>
    Promise.all([
      import('./object-page.tsx'),
      import('./map-page.tsx'),
      import('../pages/case.tsx'),
      import('../form/signature-field.tsx'),
      import('../form/date-field.tsx'),
      import('../form/pick-field.tsx'),
    ]),
  );
}
