// Batch and transaction Bundles. A batch carries out each entry by itself; a transaction carries out all of them in one
// database transaction, in the order the standard gives (DELETE, POST, PUT/PATCH, GET), with references between its
// entries resolved before anything is written.
import { parseResourceText } from '@yimai/fhir';
import { must, RefusalError } from '@yimai/kit';
import { InvalidResourceError } from '@yimai/record';
import type { Answer } from './answer.ts';
import { conditionalReferences, resolved, rootOf } from './bundle-references.ts';
import { dispatch, type FhirRequest } from './dispatch.ts';
import { type InteractionContext, readPreferences, say } from './interaction-context.ts';
import { conditionOf, singleMatch } from './interactions.ts';
import { type OperationOutcome, outcomeOfError, statusOf } from './outcome.ts';
import { bundleText } from './searchset.ts';

/** An entry beyond this would hold locks for too long; a sender splits its load or uses $import. */
const ENTRIES_MAX = 5_000;

interface Entry {
  readonly index: number;
  readonly fullUrl: string | null;
  readonly method: string;
  /** `Patient/1`, `Patient?identifier=…`, without the base. */
  readonly url: string;
  readonly resource: { [key: string]: unknown } | null;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

interface SourceJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

export async function processBundle(
  context: InteractionContext,
  text: string,
  prefer: string,
): Promise<Answer> {
  const parsed = must(parseResourceText(text));
  const exact = parsed.lossless ? parsed.resource : exactTree(text);
  const { type, list } = readList(exact as { [key: string]: unknown });
  const read = (value: unknown, index: number) => readEntry(context, value, index);
  const responses =
    type === 'batch'
      ? await batch(context, list, read, prefer)
      : await transaction(context, list.map(read), prefer);
  return {
    status: 200,
    headers: {},
    body: bundleText({ resourceType: 'Bundle', type: `${type}-response` }, responses),
  };
}

// Numbers as raw texts: what is cut out of the Bundle has the digits that came in.
function exactTree(text: string): unknown {
  const source = JSON as unknown as SourceJson;
  return source.parse(text, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined ? source.rawJSON(context.source) : value,
  );
}

const FORM = 'application/x-www-form-urlencoded';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

function readList(bundle: { [key: string]: unknown }) {
  const type = bundle['type'];
  if (type !== 'batch' && type !== 'transaction') {
    throw malformed('Bundle.type', '只接受 batch 或 transaction', 'only batch and transaction are processed');
  }
  const list = bundle['entry'] ?? [];
  if (!Array.isArray(list)) throw malformed('Bundle.entry', 'entry 应为数组', 'entry is an array');
  if (list.length > ENTRIES_MAX) {
    throw say('too-large', 'Bundle.entry', `至多 ${ENTRIES_MAX} 条`, `at most ${ENTRIES_MAX} entries`);
  }
  return { type, list } as const;
}

function readEntry(context: InteractionContext, value: unknown, index: number): Entry {
  const at = `Bundle.entry[${index}]`;
  const entry = (value ?? {}) as { fullUrl?: unknown; resource?: unknown; request?: unknown };
  const request = (entry.request ?? {}) as Record<string, unknown>;
  const { method, url } = request;
  if (typeof method !== 'string' || !METHODS.has(method)) {
    throw malformed(`${at}.request.method`, '缺少或无效的方法', 'the method is missing or not known');
  }
  if (typeof url !== 'string' || url === '')
    throw malformed(`${at}.request.url`, '缺少地址', 'the URL is missing');
  const relative = url.startsWith(`${context.base}/`)
    ? url.slice(context.base.length + 1)
    : url.replace(/^\//, '');
  if (/^[a-z]+:/i.test(relative))
    throw malformed(`${at}.request.url`, '地址不在本服务器', 'the URL is not on this server');
  const resource = entry.resource;
  const needsResource = method === 'PUT' || (method === 'POST' && !/(^|\/)_search(\?|$)/.test(relative));
  if (needsResource && (typeof resource !== 'object' || resource === null)) {
    throw malformed(`${at}.resource`, '缺少资源', 'the resource is missing');
  }
  const header = (name: string) =>
    typeof request[name] === 'string' ? (request[name] as string) : undefined;
  return {
    index,
    fullUrl: typeof entry.fullUrl === 'string' ? entry.fullUrl : null,
    method,
    url: relative,
    resource: (resource as { [key: string]: unknown } | undefined) ?? null,
    headers: {
      'if-match': header('ifMatch'),
      'if-none-match': header('ifNoneMatch'),
      'if-none-exist': header('ifNoneExist'),
      'if-modified-since': header('ifModifiedSince'),
    },
  };
}

function malformed(at: string, zh: string, en: string): RefusalError {
  return say('bundle-malformed', at, zh, en);
}

/** What is wrong with one entry, its shape included, is answered in its place. */
async function batch(
  context: InteractionContext,
  list: readonly unknown[],
  read: (value: unknown, index: number) => Entry,
  prefer: string,
): Promise<string[]> {
  const responses: string[] = [];
  for (const [index, value] of list.entries()) {
    try {
      const entry = read(value, index);
      responses.push(responseText(await dispatch(context, requestOf(entry, entry.resource, prefer))));
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      responses.push(failureText(error));
    }
  }
  return responses;
}

const ORDER: Readonly<Record<string, number>> = { DELETE: 0, POST: 1, PUT: 2, PATCH: 2, GET: 3, HEAD: 3 };

async function transaction(
  context: InteractionContext,
  entries: readonly Entry[],
  prefer: string,
): Promise<string[]> {
  refuseSameTarget(entries);
  return context.record.transaction(context.access, { via: 'rest' }, async (tx) => {
    const inside: InteractionContext = { ...context, tx };
    await holdConditions(inside, entries);
    const promised = new Map<number, string>();
    const places = new Map<string, string>();
    for (const entry of entries) {
      const place = await promisedPlace(inside, entry, promised);
      if (entry.fullUrl && place) places.set(entry.fullUrl, place);
    }
    const byCondition = await conditionalReferences(inside, entries);
    const known = { byFullUrl: places, byCondition };
    const responses = new Array<string>(entries.length);
    const ordered = [...entries].sort((a, b) => ORDER[a.method]! - ORDER[b.method]! || a.index - b.index);
    for (const entry of ordered) {
      const resource = entry.resource && resolved(entry.resource, known, rootOf(entry.fullUrl));
      try {
        const answer = await dispatch(inside, requestOf(entry, resource, prefer, promised.get(entry.index)));
        responses[entry.index] = responseText(answer);
      } catch (error) {
        throw located(error, entry.index);
      }
    }
    return responses;
  });
}

/** In one order for all: two Bundles that write under the same conditions wait for each other, never crosswise. */
async function holdConditions({ tx }: InteractionContext, entries: readonly Entry[]): Promise<void> {
  const conditions = entries.flatMap(({ method, url, headers }) => {
    const [path = '', query] = url.split('?');
    const condition = method === 'POST' ? headers['if-none-exist'] : method === 'PUT' ? query : undefined;
    return condition ? [[path, conditionOf(condition)] as const] : [];
  });
  for (const [type, query] of conditions.sort((a, b) => (a.join('?') < b.join('?') ? -1 : 1)))
    await tx!.holdCondition(type, query);
}

/** Where the entry's resource will stand, if it is written: new ids are given before anything is written. */
async function promisedPlace(
  context: InteractionContext,
  entry: Entry,
  promised: Map<number, string>,
): Promise<string | null> {
  const path = entry.url.split('?')[0]!;
  const query = entry.url.includes('?') ? entry.url.slice(entry.url.indexOf('?') + 1) : null;
  if (entry.method === 'POST' && !path.includes('/') && !path.startsWith('$')) {
    const condition = entry.headers['if-none-exist'];
    const match = condition ? await singleMatch(context.tx!, path, condition) : null;
    const id = match?.fhirId ?? context.tx!.newId();
    if (!match) promised.set(entry.index, id);
    return `${path}/${id}`;
  }
  if (entry.method === 'PUT' && query === null) return path;
  if (entry.method === 'PUT' && query !== null) {
    const match = await singleMatch(context.tx!, path, query);
    const given = entry.resource?.['id'];
    const id = match?.fhirId ?? (typeof given === 'string' ? given : context.tx!.newId());
    if (!match && typeof given !== 'string') promised.set(entry.index, id);
    return `${path}/${id}`;
  }
  return null;
}

function refuseSameTarget(entries: readonly Entry[]): void {
  const seen = new Map<string, number>();
  const fullUrls = new Set<string>();
  for (const entry of entries) {
    if (entry.resource && entry.fullUrl) {
      if (fullUrls.has(entry.fullUrl))
        throw malformed(
          `Bundle.entry[${entry.index}].fullUrl`,
          'fullUrl 重复，引用无从分辨',
          'the fullUrl stands twice: references to it could mean either',
        );
      fullUrls.add(entry.fullUrl);
    }
    if (entry.method === 'GET' || entry.method === 'HEAD' || entry.method === 'POST') continue;
    const earlier = seen.get(entry.url);
    if (earlier !== undefined) {
      throw malformed(
        `Bundle.entry[${entry.index}].request.url`,
        `与第 ${earlier + 1} 条针对同一资源`,
        `entry ${earlier} is about the same resource`,
      );
    }
    seen.set(entry.url, entry.index);
  }
}

function requestOf(entry: Entry, resource: object | null, prefer: string, promisedId?: string): FhirRequest {
  const cut = entry.url.indexOf('?');
  return {
    method: entry.method,
    path: (cut < 0 ? entry.url : entry.url.slice(0, cut)).split('/').filter((part) => part !== ''),
    query: cut < 0 ? '' : entry.url.slice(cut + 1),
    body: resource === null ? '' : bodyOf(entry, resource),
    contentType:
      resource === null
        ? FORM
        : carriesJsonPatch(entry)
          ? 'application/json-patch+json'
          : 'application/fhir+json',
    header: (name) => entry.headers[name],
    preferences: readPreferences(prefer),
    ...(promisedId ? { promisedId } : {}),
  };
}

// A PATCH inside a Bundle carries its operations as a Binary (JSON Patch) or as Parameters (FHIRPath Patch).
const carriesJsonPatch = (entry: Entry): boolean =>
  entry.method === 'PATCH' && entry.resource?.['resourceType'] !== 'Parameters';

function bodyOf(entry: Entry, resource: object): string {
  const { resourceType, data } = resource as { resourceType?: unknown; data?: unknown };
  if (entry.method === 'PATCH' && resourceType === 'Binary' && typeof data === 'string') {
    return Buffer.from(data, 'base64').toString('utf8');
  }
  return JSON.stringify(resource);
}

function responseText(answer: Answer): string {
  const response = {
    status: String(answer.status),
    ...(answer.headers['location'] ? { location: answer.headers['location'] } : {}),
    ...(answer.headers['etag'] ? { etag: answer.headers['etag'] } : {}),
    ...(answer.updatedAt ? { lastModified: answer.updatedAt.toISOString() } : {}),
  };
  const resource = answer.body === null ? '' : `"resource":${answer.body},`;
  return `{${resource}"response":${JSON.stringify(response)}}`;
}

function failureText(error: RefusalError): string {
  const outcome: OperationOutcome = outcomeOfError(error);
  return JSON.stringify({ response: { status: String(statusOf(error.refusal)), outcome } });
}

/** The place of a refusal inside a transaction begins with its entry. */
function located(error: unknown, index: number): unknown {
  const prefix = `Bundle.entry[${index}].resource`;
  // `Patient.name[0]` of the resource alone is `name[0]` below its entry.
  const below = (at: string) => `${prefix}.${at}`.replace(/^(.*\.resource)\.[A-Z][A-Za-z]+(?=\.|$)/, '$1');
  if (error instanceof InvalidResourceError) {
    return new InvalidResourceError(error.issues.map((issue) => ({ ...issue, at: below(issue.at) })));
  }
  if (error instanceof RefusalError) {
    const { at, ...rest } = error.refusal;
    return new RefusalError({ ...rest, at: at ? below(at) : prefix });
  }
  return error;
}
