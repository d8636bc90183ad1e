// Which notices were seen: everything up to the moment a person last marked them, kept on this device.
import { useSyncExternalStore } from 'react';
import { useSession } from './session.tsx';

const listeners = new Set<() => void>();
const keyOf = (user: string): string => `yimai.notices-read.${user}`;

export function useReadMark(): { readonly readUpTo: string; readonly markRead: (at: string) => void } {
  const { session } = useSession();
  const key = keyOf(session?.user.id ?? '');
  const readUpTo = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(key) ?? '',
  );
  return {
    readUpTo,
    markRead: (at) => {
      localStorage.setItem(key, at);
      for (const listener of listeners) listener();
    },
  };
}
