// Keeps the pages fresh: each live change marks what it touches as stale, so that what is on screen is asked for again.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Change, listen } from '../api/live.ts';
import { roleKey, useSession } from './session.tsx';

const GATHER_MS = 400;

export function useLive(): { readonly live: boolean; readonly online: boolean } {
  const queries = useQueryClient();
  const { role, state } = useSession();
  const [live, setLive] = useState(true);
  const online = useOnline();
  const key = role ? roleKey(role) : '';

  // biome-ignore lint/correctness/useExhaustiveDependencies: one connection per role; words and toasts may change under it
  useEffect(() => {
    if (state !== 'open') return;
    let pending: ReturnType<typeof setTimeout> | null = null;
    const changed = new Set<string>();
    const flush = () => {
      pending = null;
      for (const name of keysOf(changed)) void queries.invalidateQueries({ queryKey: [name] });
      changed.clear();
    };
    const stop = listen({
      connected: setLive,
      change: (change: Change) => {
        changed.add(change.type);
        pending ??= setTimeout(flush, GATHER_MS);
      },
      notice: () => void queries.invalidateQueries({ queryKey: ['notices'] }),
    });
    return () => {
      if (pending) clearTimeout(pending);
      stop();
    };
  }, [key, state, queries]);

  return { live, online };
}

function keysOf(types: ReadonlySet<string>): readonly string[] {
  const keys = new Set<string>(['home']);
  for (const type of types) {
    if (type === 'Task' || type === 'Communication')
      for (const key of ['work', 'case', 'notices']) keys.add(key);
    else if (type === 'Patient') keys.add('resident');
    else if (type === 'Organization') keys.add('organisations');
    else if (type === 'AuditEvent') keys.add('audit');
    else for (const key of ['register', 'object', 'case']) keys.add(key);
  }
  return [...keys];
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const change = () => setOnline(navigator.onLine);
    addEventListener('online', change);
    addEventListener('offline', change);
    return () => {
      removeEventListener('online', change);
      removeEventListener('offline', change);
    };
  }, []);
  return online;
}
