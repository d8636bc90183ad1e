// Live changes: server-sent events read over fetch, so that the acting role goes along; it reconnects by itself.
import { actingHeaders } from './client.ts';

export interface Change {
  readonly seq: number;
  readonly type: string;
  readonly id: string;
  readonly op?: string;
}

export interface LiveListeners {
  readonly change: (change: Change) => void;
  readonly notice: (notice: unknown) => void;
  readonly connected: (yes: boolean) => void;
}

const WAIT_FIRST_MS = 1_000;
const WAIT_MAX_MS = 30_000;

/** Listens until the returned function is called. */
export function listen(listeners: LiveListeners): () => void {
  const stop = new AbortController();
  void keepListening(listeners, stop.signal);
  return () => stop.abort();
}

async function keepListening(listeners: LiveListeners, signal: AbortSignal): Promise<void> {
  let lastId: string | null = null;
  let wait = WAIT_FIRST_MS;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream', ...actingHeaders() };
      if (lastId !== null) headers['last-event-id'] = lastId;
      const answer = await fetch('/live', { headers, signal, credentials: 'same-origin' });
      if (answer.status === 401 || answer.status === 404) {
        listeners.connected(answer.status === 404);
        return;
      }
      if (answer.ok && answer.body) {
        listeners.connected(true);
        wait = WAIT_FIRST_MS;
        lastId = await readEvents(answer.body, listeners, lastId);
      }
    } catch {
      if (signal.aborted) return;
    }
    listeners.connected(false);
    await pause(wait, signal);
    wait = Math.min(wait * 2, WAIT_MAX_MS);
  }
}

async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  listeners: LiveListeners,
  lastId: string | null,
): Promise<string | null> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let id = lastId;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return id;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event.id !== null) id = event.id;
      if (event.data === '') continue;
      if (event.name === 'change') listeners.change(JSON.parse(event.data) as Change);
      else if (event.name === 'notice') listeners.notice(JSON.parse(event.data));
    }
  }
}

function parseEvent(block: string): { name: string; data: string; id: string | null } {
  const event = { name: 'message', data: '', id: null as string | null };
  for (const line of block.split(/\r?\n/)) {
    const match = /^(\w+): ?(.*)$/.exec(line);
    if (match?.[1] === 'event') event.name = match[2]!;
    else if (match?.[1] === 'data') event.data += match[2];
    else if (match?.[1] === 'id') event.id = match[2]!;
  }
  return event;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
