// One table of FHIR interactions: method and path decide which function answers, for HTTP and for Bundle entries alike.
import { resourceTypes } from '@yimai/fhir';
import { commandWords } from '@yimai/record';
import type { Answer } from './answer.ts';
import { readAuditEvent, searchAuditEvents } from './audit-events.ts';
import { type InteractionContext, type Preferences, say } from './interaction-context.ts';
import { create, patch, read, remove, update, vread, type WriteRequest } from './interactions.ts';
import { history, narrowed, search } from './searchset.ts';

export interface FhirRequest {
  readonly method: string;
  /** Path below the base: `['Patient', '1', '_history', '2']`. */
  readonly path: readonly string[];
  readonly query: string;
  readonly body: string;
  readonly contentType: string;
  header(name: string): string | undefined;
  readonly preferences: Preferences;
  readonly promisedId?: string;
}

const TYPES = new Set(resourceTypes());

/** Refuses what it does not know by 404 or 405; operations ($export …) are routed before this is asked. */
export async function dispatch(context: InteractionContext, request: FhirRequest): Promise<Answer> {
  const [type, id, third, fourth] = request.path;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const params = () => new URLSearchParams(request.query);
  if (type === undefined) {
    if (method === 'GET')
      return search(context, { type: null, query: request.query, strict: request.preferences.strict });
    throw notAllowed(request.method, '');
  }
  if (type === '_history' && request.path.length === 1 && method === 'GET') {
    return history(context, { type: null, id: null, params: params() });
  }
  if (type === '_search' && method === 'POST') return formSearch(context, null, request);
  if (type === 'metadata' && request.path.length === 1 && method === 'GET')
    return { status: 200, headers: {}, body: context.capability() };
  if (!TYPES.has(type)) {
    throw say(
      'unsupported-operation',
      type.slice(0, 64),
      '没有这种资源类型',
      'there is no such resource type',
    );
  }
  if (type === 'AuditEvent' && method === 'GET' && context.tx === null) {
    if (request.path.length === 1) return searchAuditEvents(context, context.accounts, request.query);
    if (request.path.length === 2 && id !== '_history') return readAuditEvent(context, context.accounts, id!);
  }
  if (type === 'AuditEvent' && method === 'POST' && id === '_search' && context.tx === null)
    return searchAuditEvents(context, context.accounts, formQuery(request));
  // The trail of who did what is written by the product alone, whatever the id says.
  if (type === 'AuditEvent' && method !== 'GET' && id !== '_search' && third !== '_search') {
    const { zh, en } = commandWords('audit');
    throw say('engine-owned', type, `AuditEvent ${zh}`, `AuditEvent ${en}`);
  }
  const write: WriteRequest = {
    type,
    id: id ?? null,
    query: request.query,
    body: request.body,
    ifMatch: request.header('if-match'),
    ifNoneMatch: request.header('if-none-match'),
    ifNoneExist: request.header('if-none-exist'),
    preferences: request.preferences,
    ...(request.promisedId ? { promisedId: request.promisedId } : {}),
  };
  switch (request.path.length) {
    case 1:
      if (method === 'GET')
        return search(context, { type, query: request.query, strict: request.preferences.strict });
      if (method === 'POST') return create(context, write);
      if (method === 'PUT') return update(context, write);
      if (method === 'PATCH') return patch(context, write, request.contentType);
      if (method === 'DELETE') return remove(context, write);
      break;
    case 2:
      if (id === '_history' && method === 'GET')
        return history(context, { type, id: null, params: params() });
      if (id === '_search' && method === 'POST') return formSearch(context, type, request);
      if (method === 'GET') {
        const answer = await read(context, type, id!, {
          ifNoneMatch: request.header('if-none-match'),
          ifModifiedSince: request.header('if-modified-since'),
        });
        return request.query === '' ? answer : narrowed(answer, params());
      }
      if (method === 'PUT') return update(context, write);
      if (method === 'PATCH') return patch(context, write, request.contentType);
      if (method === 'DELETE') return remove(context, write);
      break;
    case 3:
      if (third === '_history' && method === 'GET')
        return history(context, { type, id: id!, params: params() });
      if (method === 'GET' && third !== undefined && (third === '*' || TYPES.has(third))) {
        const strict = request.preferences.strict;
        const compartment = { type, id: id! };
        return search(context, {
          type: third === '*' ? null : third,
          query: request.query,
          strict,
          compartment,
        });
      }
      break;
    case 4:
      if (fourth === '_search' && method === 'POST' && (third === '*' || TYPES.has(third!)))
        return formSearch(context, third === '*' ? null : third!, request, { type, id: id! });
      if (third === '_history' && method === 'GET') return vread(context, type, id!, fourth!);
      break;
    default:
  }
  throw notAllowed(request.method, request.path.join('/'));
}

function formSearch(
  context: InteractionContext,
  type: string | null,
  request: FhirRequest,
  compartment?: { readonly type: string; readonly id: string },
): Promise<Answer> {
  return search(context, {
    type,
    query: formQuery(request),
    strict: request.preferences.strict,
    ...(compartment ? { compartment } : {}),
  });
}

/** What stands in the address and what stands in the form are one query. */
function formQuery(request: FhirRequest): string {
  if (!request.contentType.startsWith('application/x-www-form-urlencoded')) {
    throw say(
      'unsupported-media-type',
      'Content-Type',
      '_search 的正文应为表单',
      'the body of _search is a form',
    );
  }
  return [request.query, request.body].filter((part) => part !== '').join('&');
}

function notAllowed(method: string, path: string) {
  return say(
    'method-not-allowed',
    path.slice(0, 128),
    `此处不支持 ${method}`,
    `${method} is not supported here`,
  );
}
