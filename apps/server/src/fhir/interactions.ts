// The FHIR interactions on one resource: create, read, vread, update, patch, delete, with their conditional forms.
import { parseResourceText, sameNumbers } from '@yimai/fhir';
import { must } from '@yimai/kit';
import {
  fileHead,
  type Labels,
  type Resource,
  type SourceText,
  type StoredRow,
  type Transaction,
} from '@yimai/record';
import { type Answer, etag, outcomeAnswer, versionHeaders } from './answer.ts';
import {
  contentOf,
  type InteractionContext,
  inTransaction,
  type Preferences,
  say,
} from './interaction-context.ts';
import type { OperationOutcome } from './outcome.ts';
import { applyPatch } from './patch.ts';

const ID_FORM = /^[A-Za-z0-9\-.]{1,64}$/;

export interface WriteRequest {
  readonly type: string;
  readonly id: string | null;
  /** Query string of a conditional interaction, without `?`. */
  readonly query: string;
  readonly body: string;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifNoneExist: string | undefined;
  readonly preferences: Preferences;
  /** The id that a transaction has already promised to other entries. */
  readonly promisedId?: string;
}

export async function read(
  context: InteractionContext,
  type: string,
  id: string,
  conditional: { ifNoneMatch?: string | undefined; ifModifiedSince?: string | undefined } = {},
): Promise<Answer> {
  const row = context.tx
    ? ((await context.tx.read(type, id))?.row ?? null)
    : type === 'Binary'
      ? ((await context.record.file(context.access, id, null))?.row ?? null)
      : await context.record.read(context.access, type, id);
  if (!row) throw notFound(type, id);
  if (row.deleted) throw gone(type, id);
  const headers = versionHeaders(context.base, row, false);
  const { updatedAt } = row;
  if (unchanged(row, conditional)) return { status: 304, headers, body: null, updatedAt };
  return { status: 200, headers, body: await contentOf(context, row), updatedAt };
}

export function unchanged(
  row: StoredRow,
  {
    ifNoneMatch,
    ifModifiedSince,
  }: { ifNoneMatch?: string | undefined; ifModifiedSince?: string | undefined },
): boolean {
  const since = ifModifiedSince ? Date.parse(ifModifiedSince) : Number.NaN;
  return namesVersion(ifNoneMatch, row.version) || Math.floor(row.updatedAt.getTime() / 1000) * 1000 <= since;
}

/** `*`, or a list with the version in it; a strong tag names the same version as a weak one. */
const namesVersion = (header: string | undefined, version: number): boolean =>
  header?.trim() === '*' ||
  (header ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${version}"`);

export async function vread(
  context: InteractionContext,
  type: string,
  id: string,
  version: string,
): Promise<Answer> {
  const number = /^[1-9]\d{0,8}$/.test(version) ? Number(version) : null;
  const row =
    number === null
      ? null
      : type === 'Binary'
        ? ((await context.record.file(context.access, id, number))?.row ?? null)
        : await context.record.readVersion(context.access, type, id, number);
  if (!row) throw notFound(type, `${id}/_history/${version}`);
  if (row.deleted) throw gone(type, id);
  return {
    status: 200,
    headers: versionHeaders(context.base, row, false),
    body: await contentOf(context, row),
    updatedAt: row.updatedAt,
  };
}

export async function create(context: InteractionContext, request: WriteRequest): Promise<Answer> {
  const { resource, source } = parseBody(request);
  return inTransaction(context, async (tx) => {
    if (request.ifNoneExist !== undefined) {
      const match = await matchForWrite(tx, request.type, request.ifNoneExist);
      if (match) return writeAnswer(context, match, 200, request.preferences);
    }
    const row = await tx.create(resource, {
      source,
      base: context.base,
      labels: await contextLabels(tx, resource),
      ...(request.promisedId ? { id: request.promisedId } : {}),
    });
    return writeAnswer(context, row, 201, request.preferences);
  });
}

export async function update(context: InteractionContext, request: WriteRequest): Promise<Answer> {
  const { resource, source } = parseBody(request);
  return inTransaction(context, async (tx) => {
    const id = request.id ?? (await conditionalId(tx, request, resource));
    if (request.id !== null && resource.id !== undefined && resource.id !== request.id) {
      throw say(
        'id-mismatch',
        `${request.type}.id`,
        '正文的 id 与地址不一致',
        'the id in the body is not that of the URL',
      );
    }
    if (request.id !== null && resource.id === undefined) {
      throw say(
        'id-missing',
        `${request.type}.id`,
        '更新的正文必须带 id',
        'the body of an update needs its id',
      );
    }
    if (!ID_FORM.test(id))
      throw say('id-invalid', `${request.type}.id`, 'id 不合 FHIR 规则', 'not a FHIR id');
    const { row, created } = await put(tx, sameNumbers(resource, { ...resource, id }), source, {
      ...request,
      base: context.base,
    });
    return writeAnswer(context, row, created ? 201 : 200, request.preferences);
  });
}

/** Writes a resource under its id, new or over what was there. */
export async function put(
  tx: Transaction,
  resource: Resource & { readonly id: string },
  source: SourceText,
  conditional: Pick<WriteRequest, 'ifMatch' | 'ifNoneMatch'> & { readonly base?: string },
): Promise<{ row: StoredRow; created: boolean }> {
  const { resourceType: type, id } = resource;
  const ifVersion = versionOf(conditional.ifMatch);
  const before = await tx.rowForWrite(type, id);
  if (conditional.ifNoneMatch?.trim() === '*' && before && !before.deleted)
    throw say('version-conflict', 'If-None-Match', '此编号已有资源', 'there is a resource with this id');
  const row = await tx.update(resource, {
    source,
    labels: await contextLabels(tx, resource),
    ...(conditional.base === undefined ? {} : { base: conditional.base }),
    ...(ifVersion === undefined ? {} : { ifVersion }),
  });
  return { row, created: !before || before.deleted };
}

/** A file is the kind of data that its security context is, about the same person, under the same locks. */
export async function contextLabels(tx: Transaction, resource: Resource): Promise<Partial<Labels>> {
  if (resource.resourceType !== 'Binary') return {};
  const { context } = fileHead(JSON.stringify({ ...resource, data: undefined }));
  const found = context && (await tx.readAsSystem(context.type, context.id));
  return found ? { kind: found.row.kind, locks: found.row.locks, patient: found.row.patient } : {};
}

export async function patch(
  context: InteractionContext,
  request: WriteRequest,
  mediaType: string,
): Promise<Answer> {
  return inTransaction(context, async (tx) => {
    const id = request.id ?? (await singleMatch(tx, request.type, request.query))?.fhirId;
    if (id === undefined) throw notFound(request.type, '?');
    if (request.type === 'Binary' && !(await context.record.file(context.access, id, null)))
      throw notFound(request.type, id);
    const found = await tx.read(request.type, id, { forUpdate: true });
    if (!found) throw notFound(request.type, id);
    const text = applyPatch(found.text, request.body, mediaType);
    const parsed = must(parseResourceText(text));
    const patched = parsed.resource as unknown as Resource;
    if (patched.resourceType !== request.type || patched.id !== id) {
      throw say('patch-failed', 'id', '补丁不能改变资源的类型和 id', 'a patch cannot change type or id');
    }
    const ifVersion = versionOf(request.ifMatch);
    const source = { text, lossless: parsed.lossless };
    const { base } = context;
    const row = await tx.update(patched, { source, base, ...(ifVersion === undefined ? {} : { ifVersion }) });
    return writeAnswer(context, row, 200, request.preferences);
  });
}

export async function remove(context: InteractionContext, request: WriteRequest): Promise<Answer> {
  return inTransaction(context, async (tx) => {
    const id = request.id ?? (await singleMatch(tx, request.type, request.query))?.fhirId;
    const ifVersion = versionOf(request.ifMatch);
    if (id !== undefined && ifVersion !== undefined) {
      const before = await tx.rowForWrite(request.type, id);
      if (before && before.version !== ifVersion) {
        throw say(
          'version-conflict',
          'If-Match',
          `当前版本是 ${before.version}`,
          `the current version is ${before.version}`,
        );
      }
    }
    const row = id === undefined ? null : await tx.delete(request.type, id);
    return { status: 204, headers: row ? { etag: etag(row.version) } : {}, body: null };
  });
}

/** What a conditional create or update starts from: of two at the same moment the second finds what the first made. */
export async function matchForWrite(tx: Transaction, type: string, query: string): Promise<StoredRow | null> {
  await tx.holdCondition(type, conditionOf(query));
  return singleMatch(tx, type, query);
}

// Some clients send the whole search, `Patient?identifier=…`, where its query alone is asked for.
export const conditionOf = (query: string): string => query.replace(/^[^=&]*\?/, '');

/** The one resource that a condition finds, null for none; two are refused. */
export async function singleMatch(tx: Transaction, type: string, query: string): Promise<StoredRow | null> {
  const condition = conditionOf(query);
  if (condition === '') throw say('bad-parameter', `${type}?`, '条件不能为空', 'a condition cannot be empty');
  const matches = await tx.matches(type, condition);
  if (matches.length > 1) {
    throw say('multiple-matches', type, '条件匹配到多个资源', 'the condition matches more than one resource');
  }
  return matches[0] ?? null;
}

async function conditionalId(tx: Transaction, request: WriteRequest, resource: Resource): Promise<string> {
  const match = await matchForWrite(tx, request.type, request.query);
  if (!match) return resource.id ?? tx.newId();
  if (resource.id !== undefined && resource.id !== match.fhirId) {
    throw say(
      'id-mismatch',
      `${request.type}.id`,
      '正文的 id 与匹配到的资源不一致',
      'the id is not that of the match',
    );
  }
  return match.fhirId;
}

function parseBody(request: WriteRequest): { resource: Resource; source: SourceText } {
  const parsed = must(parseResourceText(request.body));
  const resource = parsed.resource as unknown as Resource;
  if (resource.resourceType !== request.type) {
    throw say(
      'type-mismatch',
      'resourceType',
      `正文是 ${resource.resourceType}，地址是 ${request.type}`,
      `the body is a ${resource.resourceType}, the URL says ${request.type}`,
    );
  }
  return { resource, source: { text: request.body, lossless: parsed.lossless } };
}

export async function writeAnswer(
  context: InteractionContext,
  row: StoredRow,
  status: number,
  preferences: Preferences,
): Promise<Answer> {
  const headers = versionHeaders(context.base, row, true);
  const { updatedAt } = row;
  if (preferences.returns === 'minimal') return { status, headers, body: null, updatedAt };
  if (preferences.returns === 'OperationOutcome') {
    const outcome: OperationOutcome = {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'information', code: 'informational', details: { text: '已保存 / saved' } }],
    };
    return { ...outcomeAnswer(status, outcome), headers, updatedAt };
  }
  return { status, headers, body: await contentOf(context, row), updatedAt };
}

function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined;
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim());
  if (!match) throw say('bad-header', 'If-Match', 'If-Match 应形如 W/"3"', 'If-Match looks like W/"3"');
  return Number(match[1]);
}

export function notFound(type: string, id: string) {
  return say('not-found', type, `没有 ${type}/${id}`, `there is no ${type}/${id}`);
}

export function gone(type: string, id: string) {
  return say('gone', type, `${type}/${id} 已删除`, `${type}/${id} has been deleted`);
}
