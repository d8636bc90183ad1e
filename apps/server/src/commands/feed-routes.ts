// GET /changes: the feed as NDJSON up to its present end, or open-ended as server-sent events.

import { RefusalError } from '@yimai/kit';
import type { Access, Change } from '@yimai/record';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessOf, ServerDeps } from '../http/deps.ts';

const PAGE = 1000;
const HEARTBEAT_MS = 15_000;

export function mountFeed(app: FastifyInstance, deps: ServerDeps, accessOf: AccessOf): void {
  app.get('/changes', async (request, reply) => {
    const access = await accessOf(request);
    const { since, limit, follow } = request.query as { since?: string; limit?: string; follow?: string };
    const from = wholeNumber('since', since || '0');
    const atMost = limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber('limit', limit);
    const lastEventId = request.headers['last-event-id'];
    if (/text\/event-stream/.test(request.headers.accept ?? '')) {
      const resume = typeof lastEventId === 'string' ? wholeNumber('Last-Event-ID', lastEventId) : from;
      return streamEvents(deps, request, reply, resume, () => accessOf(request));
    }
    if (follow !== undefined && follow !== 'true') {
      throw bad('follow', 'follow 只能是 true', 'follow can only be true');
    }
    return streamLines(deps, request, reply, access, from, atMost, follow === 'true');
  });
  app.get('/live', async (request, reply) => {
    await accessOf(request);
    const from = request.headers['last-event-id'];
    const start =
      typeof from === 'string' ? wholeNumber('Last-Event-ID', from) : await deps.record.feedHead();
    return streamEvents(deps, request, reply, start, () => accessOf(request));
  });
}

async function streamLines(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  access: Access,
  since: number,
  atMost: number,
  follow: boolean,
): Promise<FastifyReply> {
  reply.hijack();
  const out = reply.raw;
  out.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' });
  let open = true;
  request.raw.on('close', () => {
    open = false;
  });
  let from = since;
  let sent = 0;
  while (open && sent < atMost) {
    const page = await deps.record.changes(access, from, Math.min(PAGE, atMost - sent));
    from = page.next;
    sent += page.changes.length;
    if (
      page.changes.length > 0 &&
      !out.write(page.changes.map((change) => `${JSON.stringify(change)}\n`).join(''))
    ) {
      await drained(out);
    }
    if (page.changes.length > 0) continue;
    if (!follow) break;
    await nextAdvance(deps, from, HEARTBEAT_MS);
  }
  out.end();
  return reply;
}

async function streamEvents(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  since: number,
  freshAccess: () => Promise<Access>,
): Promise<FastifyReply> {
  reply.hijack();
  const out = reply.raw;
  out.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  out.write(`retry: 2000\nid: ${since}\nevent: hello\ndata: {}\n\n`);
  let open = true;
  request.raw.on('close', () => {
    open = false;
  });
  let from = since;
  while (open) {
    let access: Access;
    try {
      // Asked anew each time: an ended session or role ends its stream.
      access = await freshAccess();
    } catch {
      out.write('event: session-over\ndata: {}\n\n');
      break;
    }
    const page = await deps.record.changes(access, from, PAGE);
    from = page.next;
    const text = page.changes.map(eventText).join('');
    if (text !== '' && !out.write(text)) await drained(out);
    if (page.changes.length === 0) {
      const advanced = await nextAdvance(deps, from, HEARTBEAT_MS);
      if (!advanced && open) out.write(`id: ${from}\nevent: beat\ndata: {}\n\n`);
    }
  }
  out.end();
  return reply;
}

function eventText(change: Change): string {
  return `id: ${change.seq}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`;
}

function drained(out: NodeJS.WritableStream & { destroyed?: boolean }): Promise<void> {
  return new Promise((resolve) => {
    out.once('drain', resolve);
    out.once('close', resolve);
  });
}

/** True when the sequencer has given new numbers, false after the time is over. */
function nextAdvance(deps: ServerDeps, from: number, withinMs: number): Promise<boolean> {
  if (deps.record.sequencer.head() > from) return Promise.resolve(true);
  return new Promise((resolve) => {
    const off = deps.record.sequencer.onAdvance(() => end(true));
    const timer = setTimeout(() => end(false), withinMs);
    function end(advanced: boolean) {
      off();
      clearTimeout(timer);
      resolve(advanced);
    }
  });
}

function wholeNumber(at: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw bad(at, '应为非负整数', 'a whole number is needed');
  return Number(text);
}

function bad(at: string, zh: string, en: string): RefusalError {
  return new RefusalError({ code: 'bad-parameter', at, detail: { zh, en } });
}
