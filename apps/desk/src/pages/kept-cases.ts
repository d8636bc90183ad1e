// Which cases open without network: those opened within the last day, and for who goes out all that wait at objects.
import { useEffect } from 'react';
import { readOrKept, useOwner } from '../app/kept-answers.ts';
import { useSession } from '../app/session.tsx';
import type { Case, WorkItem } from '../contract.ts';

/** A case may name a resident: it stays on the device for a shift and is wiped when its reader signs out. */
export const CASE_KEPT_MS = 86_400_000;
const AHEAD = 12;

export const casePath = (id: string): string => `/desk/cases/${encodeURIComponent(id)}`;

/**
 * Fetches the cases that wait for who goes out, before the way begins. Not for others: their cases are about residents,
 * and a look that nobody took must not stand among those who looked at a file.
 */
export function useCasesAhead(items: readonly WorkItem[], fresh: boolean): void {
  const owner = useOwner();
  const { role } = useSession();
  const goesOut = role?.places.includes('field') === true && !role.places.includes('residents');
  const wanted = items
    .slice(0, AHEAD)
    .map((item) => casePath(item.id))
    .join('\n');
  useEffect(() => {
    if (!goesOut || !fresh || wanted === '') return;
    const gone = new AbortController();
    void (async () => {
      for (const path of wanted.split('\n')) {
        if (gone.signal.aborted) return;
        await readOrKept<Case>(owner, path, CASE_KEPT_MS, gone.signal).catch(() => undefined);
      }
    })();
    return () => gone.abort();
  }, [owner, wanted, fresh, goesOut]);
}
