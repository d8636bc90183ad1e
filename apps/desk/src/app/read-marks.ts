// Which notices were seen: everything up to the moment a person last marked them, on whatever device that was.
import { useDeskSettings } from './desk-settings.ts';

export function useReadMark(): { readonly readUpTo: string; readonly markRead: (at: string) => void } {
  const { settings, change } = useDeskSettings();
  return { readUpTo: settings.noticesRead ?? '', markRead: (at) => change({ noticesRead: at }) };
}
