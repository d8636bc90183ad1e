// The one way to the server: same origin, session by cookie, the acting role in a header, refusals as values thrown once.
import type { CommandAnswer, RoleAt, Text } from '../contract.ts';
import { uuidv7 } from './uuid.ts';

/** The server said no, in words for the person at the screen. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly at: string | undefined;
  readonly detail: Text | undefined;
  constructor(status: number, code: string, detail: Text | undefined, at?: string) {
    super(code);
    this.name = 'Refused';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.at = at;
  }
}

/** No answer came: no network, or the server is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('unreachable', { cause });
    this.name = 'Unreachable';
  }
}

let acting: { org: string; role: string } | null = null;
const sessionOver = new Set<() => void>();

export function actAs(role: RoleAt | null): void {
  acting = role && { org: role.org, role: role.role };
}

export function actingHeaders(): Record<string, string> {
  return acting ? { 'x-yimai-acting': `${acting.org};${acting.role}` } : {};
}

/** Called when the server no longer knows this session. */
export function onSessionOver(listener: () => void): () => void {
  sessionOver.add(listener);
  return () => sessionOver.delete(listener);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return read<T>(await send(path, signal ? { signal } : {}));
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  return read<T>(await send(path, signal ? { ...request, signal } : request));
}

export async function upload<T>(path: string, file: File): Promise<T> {
  const body = new FormData();
  body.append('file', file);
  return read<T>(await send(path, { method: 'POST', body }));
}

export async function download(path: string, body: unknown, fileName: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await send(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) await read(answer);
  const href = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = href;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(href);
}

export interface CommandRequest {
  readonly type: string;
  readonly payload: unknown;
  readonly subject?: string;
  readonly ifVersion?: number;
  /** Kept by the caller so that a second try of the same act has the effect of once. */
  readonly id?: string;
}

/** Sends one command; a refusal is thrown as `Refused` with its words. */
export async function command(request: CommandRequest): Promise<CommandAnswer> {
  const [answer] = await commands([request]);
  if (!answer) throw new Refused(500, 'no-answer', undefined);
  if (answer.outcome === 'applied') return answer;
  throw new Refused(200, answer.refusal?.code ?? answer.outcome, answer.refusal?.detail, answer.refusal?.at);
}

/** Sends several commands in order; each has its own answer. */
export async function commands(requests: readonly CommandRequest[]): Promise<readonly CommandAnswer[]> {
  const occurredAt = new Date().toISOString();
  const envelopes = requests.map(({ id, ...request }) => ({
    id: id ?? uuidv7(),
    occurredAt,
    actingAs: acting,
    ...request,
  }));
  const answer = await post<CommandAnswer | { answers: CommandAnswer[] } | CommandAnswer[]>(
    '/commands',
    envelopes,
  );
  if (Array.isArray(answer)) return answer;
  return 'answers' in answer ? answer.answers : [answer as CommandAnswer];
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const headers = {
    accept: 'application/json',
    ...(init.headers as Record<string, string>),
    ...actingHeaders(),
  };
  try {
    return await fetch(path, { ...init, headers, credentials: 'same-origin' });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new Unreachable(cause);
  }
}

interface Problem {
  readonly code?: string;
  readonly at?: string;
  readonly detail?: Text | string;
  readonly refusal?: { readonly code?: string; readonly at?: string; readonly detail?: Text };
}

async function read<T>(answer: Response): Promise<T> {
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  if (answer.status === 502 || answer.status === 503 || answer.status === 504)
    throw new Unreachable(answer.status);
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  if (answer.status === 401 && !answer.url.endsWith('/auth/sign-in'))
    for (const listener of sessionOver) listener();
  const { code, detail, at } = problem.refusal ?? problem;
  const words = typeof detail === 'string' ? { zh: detail, en: detail } : detail;
  throw new Refused(answer.status, code ?? `http-${answer.status}`, words, at);
}
