// Keeps the desk's own files so that its pages open without network; answers of the server are never kept here.
const CACHE = 'yimai-desk-1';
const SLOW_MS = 4000;
const ENTRIES_MAX = 200;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (url.pathname.startsWith('/assets/') || url.pathname === '/mark.svg')
    event.respondWith(asset(request));
});

/** The page anew while the network answers in time, else the one kept. */
async function page(request) {
  const cache = await caches.open(CACHE);
  const slow = new Promise((resolve) => setTimeout(resolve, SLOW_MS, null));
  const asked = fetch(request)
    .then(async (answer) => {
      if (answer.ok && (answer.headers.get('content-type') ?? '').includes('text/html'))
        await cache.put('/', answer.clone());
      return answer;
    })
    .catch(() => null);
  const first = await Promise.race([asked, slow]);
  return first ?? (await cache.match('/')) ?? (await asked) ?? Response.error();
}

/** Files with their content in their name never change. */
async function asset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const all = await cache.keys();
    for (const old of all.slice(0, Math.max(0, all.length - ENTRIES_MAX)))
      if (new URL(old.url).pathname !== '/') await cache.delete(old);
  }
  return answer;
}
