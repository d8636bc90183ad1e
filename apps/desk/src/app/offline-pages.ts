// The pages of the phone open without network once they have been opened with it: their files are kept by the browser.
import { useEffect } from 'react';
import { useSession } from './session.tsx';

const CACHE = 'yimai-desk-1';
/** After what the page itself asks for. */
const SOON_MS = 1500;
const PHONE = '(max-width: 767px)';

/** `next` fetches the pages that follow this one, while there is a network. */
export function useOfflinePages(next: () => Promise<unknown>): void {
  const { role } = useSession();
  const goesOut = role?.places.includes('field') ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the pages that follow are the same at every draw
  useEffect(() => {
    const keepsFiles = 'serviceWorker' in navigator && 'caches' in window;
    if (!keepsFiles || (!goesOut && !matchMedia(PHONE).matches)) {
      // At a desk the pages that follow are at hand for as long as this one stays open.
      const soon = setTimeout(() => void next().catch(() => undefined), SOON_MS);
      return () => clearTimeout(soon);
    }
    const prepare = async () => {
      await navigator.serviceWorker.register('/sw.js');
      await next();
      const cache = await caches.open(CACHE);
      const loaded = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
      const files = new Set(['/', '/mark.svg', ...loaded.filter((path) => /^\/assets\//.test(path))]);
      for (const path of files) if (!(await cache.match(path))) await cache.add(path).catch(() => undefined);
    };
    prepare().catch(() => undefined);
  }, [goesOut]);
}
