// Asks for figures and keeps them fresh: a live change looks at the age of the figures, a newer age asks them anew.
import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { get } from '../api/client.ts';
import type { FigureAge, FigureDetail, FigureGroup, FigureTiles, Pulse } from './contract.ts';

/** The views are published up to two seconds after the record; the live stream itself comes before. */
const LOOK_EVERY_MS = 2_500;

export interface FigureSearch {
  readonly period?: string;
  readonly scope?: string;
}

export function query(search: object): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(given as [string, string][]).toString();
}

/** Renews everything under `figures` when newer data were published. The key lies under `home`: live changes touch it. */
export function useFigureAge(): FigureAge | undefined {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ['home', 'figure-age'],
    queryFn: ({ signal }) => get<FigureAge>('/desk/figures/age', signal),
    refetchInterval: LOOK_EVERY_MS,
    retry: true,
  });
  const shown = useRef<number | null>(null);
  const seq = data?.seq ?? null;
  useEffect(() => {
    if (seq === null || seq === shown.current) return;
    if (shown.current !== null) void queries.invalidateQueries({ queryKey: ['figures'] });
    shown.current = seq;
  }, [seq, queries]);
  return data;
}

export function useTiles(search: FigureSearch, group: FigureGroup): UseQueryResult<FigureTiles> {
  return useQuery({
    queryKey: ['figures', 'tiles', search, group],
    queryFn: ({ signal }) => get<FigureTiles>(`/desk/figures?${query({ ...search, group })}`, signal),
    placeholderData: keepPreviousData,
    ...untilReady,
  });
}

export function useDetail(id: string, search: FigureSearch): UseQueryResult<FigureDetail> {
  return useQuery({
    queryKey: ['figures', 'detail', id, search],
    queryFn: ({ signal }) =>
      get<FigureDetail>(`/desk/figures/${encodeURIComponent(id)}?${query(search)}`, signal),
    placeholderData: keepPreviousData,
  });
}

export function usePulse(): UseQueryResult<Pulse> {
  return useQuery({
    queryKey: ['figures', 'pulse'],
    queryFn: ({ signal }) => get<Pulse>('/desk/pulse?days=7', signal),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

/** Just after a start the first figures are being put together. */
const untilReady = { retry: 10, retryDelay: 2_000 } as const;
