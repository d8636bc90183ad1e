// What kind of system this is, asked once: its name, whether its data are synthetic, how far the demo year has come.
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import type { SystemInfo } from '../contract.ts';

const LOADING_ASK_MS = 2_000;
const KEPT = 'yimai.system';

/** The last answer, so that synthetic data are marked on every screen without network too. */
function keptSystem(): SystemInfo | undefined {
  try {
    return (JSON.parse(localStorage.getItem(KEPT) ?? 'null') as SystemInfo | null) ?? undefined;
  } catch {
    return undefined;
  }
}

async function askSystem(signal: AbortSignal): Promise<SystemInfo> {
  const info = await get<SystemInfo>('/desk/system', signal);
  localStorage.setItem(KEPT, JSON.stringify({ ...info, loading: null }));
  return info;
}

export function useSystem(): SystemInfo | null {
  const { data } = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => askSystem(signal),
    placeholderData: keptSystem,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: (query) => (query.state.data?.loading ? LOADING_ASK_MS : false),
  });
  return data ?? keptSystem() ?? null;
}
