// Search and history answers as Bundles, put together from stored texts without parsing them where nothing is left out.

import { type Projection, project, readProjection, type StoredRow } from '@yimai/record';
import type { Answer } from './answer.ts';
import { etag } from './answer.ts';
import { type InteractionContext, say } from './interaction-context.ts';
import { outcomeOf } from './outcome.ts';

export interface SearchRequest {
  /** Null: over all types. */
  readonly type: string | null;
  readonly query: string;
  readonly strict: boolean;
  readonly compartment?: { readonly type: string; readonly id: string };
}

export async function search(context: InteractionContext, request: SearchRequest): Promise<Answer> {
  const page = await context.record.search(context.access, request.type, request.query, {
    strict: request.strict,
    ...(request.compartment ? { compartment: request.compartment } : {}),
    bases: [`${context.base}/`],
    tx: context.tx,
  });
  const entries: string[] = [];
  for (const row of page.matches) entries.push(await entryOf(context, row, 'match', page.projection));
  for (const row of page.includes) entries.push(await entryOf(context, row, 'include', null));
  if (page.warnings.length > 0) {
    const issue = page.warnings.flatMap((refusal) =>
      outcomeOf(refusal).issue.map((one) => ({ ...one, severity: 'warning' as const })),
    );
    const outcome = { resourceType: 'OperationOutcome', issue };
    entries.push(`{"resource":${JSON.stringify(outcome)},"search":{"mode":"outcome"}}`);
  }
  const link = [{ relation: 'self', url: `${context.base}/${page.self}` }];
  if (page.next) link.push({ relation: 'next', url: `${context.base}/${page.next}` });
  const head = {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(page.total === undefined ? {} : { total: page.total }),
    link,
  };
  return { status: 200, headers: {}, body: bundleText(head, entries) };
}

function linkTo(here: string, query: string): string {
  return query === '' ? here : `${here}?${query}`;
}

/** Files longer than this come without their bytes where many may come at once. */
const LISTED_FILE_MAX = 1024 * 1024;

const listed = (context: InteractionContext, row: StoredRow): Promise<string> =>
  context.record.contentFor(context.access, row, LISTED_FILE_MAX);

async function entryOf(
  context: InteractionContext,
  row: StoredRow,
  mode: 'match' | 'include',
  projection: Projection | null,
): Promise<string> {
  const whole = await listed(context, row);
  const content = projection ? project(whole, projection) : whole;
  const url = JSON.stringify(`${context.base}/${row.type}/${row.fhirId}`);
  return `{"fullUrl":${url},"resource":${content},"search":{"mode":"${mode}"}}`;
}

/** The answer of a read with `_summary` and `_elements` carried out. */
export function narrowed(answer: Answer, params: URLSearchParams): Answer {
  if (answer.body === null || !(params.has('_summary') || params.has('_elements'))) return answer;
  const projection = readProjection(params);
  if (projection === null)
    throw say(
      'bad-parameter',
      '_summary',
      '_summary 或 _elements 无效',
      '_summary or _elements is not valid',
    );
  return { ...answer, body: project(answer.body, projection) };
}

/** A Bundle whose entries are JSON texts already. An empty entry list is left out: FHIR forbids empty arrays. */
export function bundleText(head: object, entries: readonly string[]): string {
  const opened = JSON.stringify(head).slice(0, -1);
  return entries.length === 0 ? `${opened}}` : `${opened},"entry":[${entries.join(',')}]}`;
}

export interface HistoryRequest {
  readonly type: string | null;
  readonly id: string | null;
  readonly params: URLSearchParams;
}

export async function history(context: InteractionContext, request: HistoryRequest): Promise<Answer> {
  const page = await context.record.history(context.access, request.type, request.id, request.params);
  if (page.versions.length === 0 && request.type !== null && request.id !== null) {
    const [type, id] = [request.type, request.id];
    const any = await context.record.history(context.access, type, id, new URLSearchParams('_count=1'));
    if (any.versions.length === 0)
      throw say('not-found', type, `没有 ${type}/${id}`, `there is no ${type}/${id}`);
  }
  const path = [request.type, request.id, '_history'].filter((part) => part !== null).join('/');
  const link = [{ relation: 'self', url: linkTo(`${context.base}/${path}`, page.self) }];
  if (page.next) link.push({ relation: 'next', url: linkTo(`${context.base}/${path}`, page.next) });
  const entries: string[] = [];
  for (const row of page.versions) entries.push(await historyEntry(context, row));
  return {
    status: 200,
    headers: {},
    body: bundleText({ resourceType: 'Bundle', type: 'history', link }, entries),
  };
}

async function historyEntry(context: InteractionContext, row: StoredRow): Promise<string> {
  const url = `${row.type}/${row.fhirId}`;
  const method = row.deleted ? 'DELETE' : row.version === 1 ? 'POST' : 'PUT';
  const request = JSON.stringify({ method, url: method === 'POST' ? row.type : url });
  const status = row.deleted ? '204' : row.version === 1 ? '201' : '200';
  const response = JSON.stringify({
    status,
    etag: etag(row.version),
    lastModified: row.updatedAt.toISOString(),
  });
  const resource = row.deleted ? '' : `"resource":${await listed(context, row)},`;
  return `{"fullUrl":${JSON.stringify(`${context.base}/${url}`)},${resource}"request":${request},"response":${response}}`;
}
