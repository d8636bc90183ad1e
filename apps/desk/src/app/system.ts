// What kind of system this is, asked once: its name, whether its data are synthetic, how far the demo year has come.
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import type { SystemInfo } from '../contract.ts';

const LOADING_ASK_MS = 2_000;

export function useSystem(): SystemInfo | null {
  const { data } = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => get<SystemInfo>('/desk/system', signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: (query) => (query.state.data?.loading ? LOADING_ASK_MS : false),
  });
  return data ?? null;
}
