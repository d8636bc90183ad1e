// Sends one rest-hook notification. Hosts must be named by the operator: a subscriber must not be able to make this
// server call whatever lies inside the county's network.
import type { Delivery } from '@yimai/record';

const TIMEOUT_MS = 10_000;
const FORBIDDEN_HEADERS = new Set(['host', 'content-length', 'connection', 'transfer-encoding']);

/** `YIMAI_HOOK_HOSTS`: names with port, separated by commas; unset: this machine only. */
function allowedHosts(): ReadonlySet<string> | null {
  const text = process.env['YIMAI_HOOK_HOSTS'];
  return text ? new Set(text.split(',').map((host) => host.trim())) : null;
}

export async function sendHook({ endpoint, headers, body }: Delivery): Promise<void> {
  const url = new URL(endpoint);
  const hosts = allowedHosts();
  const allowed = hosts ? hosts.has(url.host) : ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (!allowed || !['http:', 'https:'].includes(url.protocol))
    throw new Error('fault: this host is not allowed');
  const sent = new Headers();
  for (const line of headers) {
    const cut = line.indexOf(':');
    const name = line.slice(0, cut).trim().toLowerCase();
    if (cut > 0 && !FORBIDDEN_HEADERS.has(name)) sent.set(name, line.slice(cut + 1).trim());
  }
  if (body !== null) sent.set('content-type', 'application/fhir+json');
  const response = await fetch(url, {
    method: 'POST',
    headers: sent,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === null ? {} : { body }),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`hook answered ${response.status}`);
}
