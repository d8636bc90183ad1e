// A list of any length from the server, page after page by cursor as one scrolls; what was loaded is there again on return.
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Page } from '../contract.ts';

export interface LongList<P> {
  /** The first page with the rows of all that are loaded; undefined until there is one. */
  readonly data: P | undefined;
  readonly isError: boolean;
  readonly error: Error | null;
  readonly refetch: () => unknown;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Loads the next page, if there is one and none is on its way. */
  readonly more: () => void;
}

/** Longer lists are asked anew on return only after something in them has changed. */
const FRESH_PAGES = 4;

export function useLongList<P extends Page<unknown>>(
  key: readonly unknown[],
  ask: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
): LongList<P> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchOnMount: ({ state }) => state.isInvalidated || (state.data?.pages.length ?? 0) <= FRESH_PAGES,
  });
  const { data, isError, error, refetch, hasNextPage, isFetching, fetchNextPage } = query;
  const [first] = data?.pages ?? [];
  return {
    data: first && data ? { ...first, items: data.pages.flatMap((page) => page.items) } : undefined,
    isError,
    error,
    refetch,
    hasMore: hasNextPage,
    isLoading: isFetching,
    more: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}

/** State that outlives its page until sign-out: what a list was filtered by. */
export function useKept<T>(name: string, initial: T): readonly [T, (next: T | ((old: T) => T)) => void] {
  const queries = useQueryClient();
  const key = ['kept', name];
  const [value, setValue] = useState<T>(() => queries.getQueryData<T>(key) ?? initial);
  const set = (next: T | ((old: T) => T)) =>
    setValue((old) => {
      const after = typeof next === 'function' ? (next as (old: T) => T)(old) : next;
      queries.setQueryData(key, after);
      return after;
    });
  return [value, set];
}
