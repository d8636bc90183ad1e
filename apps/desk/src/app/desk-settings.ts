// What a person takes along to every device: kept on the server, changed here at once and sent behind.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { get, post } from '../api/client.ts';
import type { DeskSettings } from '../contract.ts';
import { useSession } from './session.tsx';

const KEY = ['settings'] as const;

export const QUIET_FIRST = { from: 20, to: 7 };

export function useDeskSettings(): {
  readonly settings: DeskSettings;
  readonly known: boolean;
  readonly change: (some: DeskSettings) => void;
} {
  const queries = useQueryClient();
  const { state } = useSession();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => get<DeskSettings>('/desk/settings', signal),
    enabled: state === 'open',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const change = useCallback(
    (some: DeskSettings) => {
      queries.setQueryData<DeskSettings>(KEY, (old) => ({ ...old, ...some }));
      // What the server did not take stands there as it was: ask what that is.
      for (const [key, value] of Object.entries(some))
        post('/desk/settings', { key, value }).catch(() => void queries.invalidateQueries({ queryKey: KEY }));
    },
    [queries],
  );
  return { settings: data ?? {}, known: data !== undefined, change };
}
