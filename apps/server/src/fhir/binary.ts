// Binary as bytes (R4 §2.40): any content type comes in as it is and goes out as it came, in a stream; as a resource only
// where FHIR JSON is spoken. Its security context decides who may have it.
import { Readable } from 'node:stream';
import { binaryOfBlob, type FileHead, type StoredRow } from '@yimai/record';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessOf, ServerDeps } from '../http/deps.ts';
import { versionHeaders } from './answer.ts';
import { textOfBody } from './body-text.ts';
import { baseOf, contextOf, handle, header, send } from './http.ts';
import { inTransaction, readPreferences, say } from './interaction-context.ts';
import { contextLabels, gone, notFound, put, unchanged, writeAnswer } from './interactions.ts';

/** Longest file in bytes. */
const FILE_MAX = 256 * 1024 * 1024;
/** A longer file goes into its JSON form as a stream. */
const JSON_FILE_MAX = 2 * 1024 * 1024;
const FHIR_JSON = /^application\/(fhir\+)?json\b/i;
/** Shown in a browser as they are: they hold nothing that runs. */
const SHOWN = /^(image\/(png|jpeg|webp|gif)|application\/pdf|text\/plain)\s*(;|$)/i;

/** An id of FHIR; `_history` and `_search` are none. */
const ONE = '/Binary/:id(^[A-Za-z0-9.-]{1,64}$)';

export function mountBinary(fhir: FastifyInstance, deps: ServerDeps, accessOf: AccessOf): void {
  fhir.register(async (files) => {
    files.removeAllContentTypeParsers();
    // The body stays a stream until it is known whether it is a resource or a file.
    files.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    const options = { bodyLimit: FILE_MAX };
    const write = (request: FastifyRequest, reply: FastifyReply) => take(deps, accessOf, request, reply);
    files.post('/Binary', options, write);
    files.put(ONE, options, write);
    files.get(ONE, (request, reply) => give(deps, accessOf, request, reply));
    files.get(`${ONE}/_history/:version`, (request, reply) => give(deps, accessOf, request, reply));
  });
}

async function take(
  deps: ServerDeps,
  accessOf: AccessOf,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const access = await accessOf(request);
  const contentType = header(request, 'content-type') ?? '';
  if (FHIR_JSON.test(contentType)) {
    const text = await textOfBody(request.body as Readable | undefined, deps.bodyLimit);
    return handle(deps, accessOf, request, reply, text);
  }
  if (contentType === '')
    throw say('unsupported-media-type', 'Content-Type', '缺少内容类型', 'the content type is missing');
  const { id } = request.params as { id?: string };
  const base = baseOf(deps, request);
  const context = contextOf(deps, request, access);
  const reference = header(request, 'x-security-context')?.replace(`${base}/`, '');
  const kept = await deps.record.blobs.putStream(request.body as Readable, FILE_MAX);
  if (!kept) throw say('too-large', 'body', '文件过大', 'the file is too large');
  if (kept.size === 0) throw say('invalid-resource', 'body', '文件是空的', 'the file is empty');
  const head = {
    ...(id === undefined ? {} : { id }),
    contentType,
    ...(reference ? { securityContext: { reference } } : {}),
  };
  const { resource, source } = binaryOfBlob(head, kept.hash);
  const preferences = readPreferences(header(request, 'prefer') ?? 'return=minimal');
  const answer = await inTransaction(context, async (tx) => {
    if (id === undefined) {
      const row = await tx.create(resource, { source, labels: await contextLabels(tx, resource) });
      return writeAnswer(context, row, 201, preferences);
    }
    const conditional = {
      ifMatch: header(request, 'if-match'),
      ifNoneMatch: header(request, 'if-none-match'),
    };
    const { row, created } = await put(tx, { ...resource, id }, source, conditional);
    return writeAnswer(context, row, created ? 201 : 200, preferences);
  });
  return send(reply, answer);
}

async function give(
  deps: ServerDeps,
  accessOf: AccessOf,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const access = await accessOf(request);
  const { id, version } = request.params as { id: string; version?: string };
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) throw notFound('Binary', id);
  const file = await deps.record.file(access, id, version === undefined ? null : Number(version));
  if (!file) throw notFound('Binary', id);
  const { row, head } = file;
  if (row.deleted) throw gone('Binary', id);
  reply.headers(versionHeaders(baseOf(deps, request), row, false));
  const since = header(request, 'if-modified-since');
  if (unchanged(row, { ifNoneMatch: header(request, 'if-none-match'), ifModifiedSince: since }))
    return reply.code(304).send();
  if (wantsResource(request, head)) return giveResource(deps, access, reply, row, head);
  return giveBytes(deps, reply, row, head);
}

/** FHIR JSON was asked for; a file that is itself JSON is had as such by its own name. */
function wantsResource(request: FastifyRequest, head: FileHead): boolean {
  const { _format, _summary, _elements } = request.query as Record<string, string | undefined>;
  if (_format !== undefined || _summary !== undefined || _elements !== undefined) return true;
  const accept = header(request, 'accept') ?? '';
  if (/application\/fhir\+json/i.test(accept)) return true;
  return /application\/json/i.test(accept) && !/^application\/json/i.test(head.contentType);
}

async function giveResource(
  deps: ServerDeps,
  access: Parameters<ServerDeps['record']['contentFor']>[0],
  reply: FastifyReply,
  row: StoredRow,
  head: FileHead,
): Promise<FastifyReply> {
  const isLong = head.blob !== null && (await deps.record.blobs.size(head.blob)) > JSON_FILE_MAX;
  const [before, after] = (row.content ?? '').split(`"blob:${head.blob}"`);
  // A file of gigabytes is not held as one text.
  if (isLong && before !== undefined && after !== undefined) {
    const text = asJson(`${before}"`, deps.record.blobs.stream(head.blob), `"${after}`);
    return reply.type('application/fhir+json; charset=utf-8').send(Readable.from(text));
  }
  return send(reply, { status: 200, headers: {}, body: await deps.record.contentFor(access, row) });
}

/** The bytes in base64 between two pieces of JSON; three bytes make four letters, so a rest waits for the next chunk. */
async function* asJson(before: string, bytes: AsyncIterable<Buffer>, after: string): AsyncGenerator<string> {
  yield before;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = whole.length - (whole.length % 3);
    rest = whole.subarray(end);
    yield whole.toString('base64', 0, end);
  }
  yield rest.toString('base64') + after;
}

async function giveBytes(
  deps: ServerDeps,
  reply: FastifyReply,
  row: StoredRow,
  head: FileHead,
): Promise<FastifyReply> {
  reply.type(head.contentType);
  reply.header('content-disposition', SHOWN.test(head.contentType) ? 'inline' : 'attachment');
  if (head.context) reply.header('x-security-context', head.context.reference);
  const { blobs } = deps.record;
  if (head.blob === null) {
    const { data } = JSON.parse(await deps.record.contentFor(deps.record.systemAccess(), row)) as {
      data?: string;
    };
    return reply.send(Buffer.from(data ?? '', 'base64'));
  }
  reply.header('content-length', await blobs.size(head.blob));
  return reply.send(blobs.stream(head.blob));
}
