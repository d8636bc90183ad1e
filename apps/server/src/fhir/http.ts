// Mounts FHIR R4 at /fhir/R4: reads the request as text, dispatches it, writes status, headers and body.

import type { Access } from '@yimai/record';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessOf, ServerDeps } from '../http/deps.ts';
import type { Answer } from './answer.ts';
import { mountBinary } from './binary.ts';
import { textOf } from './body-text.ts';
import { processBundle } from './bundle.ts';
import { capabilityStatement } from './capability.ts';
import { dispatch, type FhirRequest } from './dispatch.ts';
import { type InteractionContext, readPreferences, say } from './interaction-context.ts';
import { mountOperations } from './operations.ts';

export const FHIR_BASE = '/fhir/R4';
/** `$import` opens gzip while it reads; nothing else takes what may unfold beyond the limit of a body. */
const TAKES_COMPRESSED = /^\/fhir\/R4\/\$import(\?|$)/;
const FHIR_JSON = 'application/fhir+json; charset=utf-8';

export function mountFhir(app: FastifyInstance, deps: ServerDeps, accessOf: AccessOf): void {
  void app.register(
    async (fhir) => {
      fhir.removeAllContentTypeParsers();
      const asBytes = { parseAs: 'buffer', bodyLimit: deps.bodyLimit } as const;
      fhir.addHook('preParsing', (request, _reply, _payload, done) => {
        try {
          refuseFormats(request);
          done();
        } catch (error) {
          done(error as Error);
        }
      });
      fhir.addContentTypeParser(
        [
          'application/json',
          'application/fhir+json',
          'application/json-patch+json',
          'application/x-www-form-urlencoded',
        ],
        asBytes,
        (_request, body, done) => {
          try {
            done(null, textOf(body as unknown as Buffer));
          } catch (error) {
            done(error as Error);
          }
        },
      );
      fhir.get('/metadata', async (request, reply) => {
        reply.type(FHIR_JSON);
        return JSON.stringify(capabilityStatement(deps, baseOf(deps, request)));
      });
      mountOperations(fhir, deps, accessOf);
      mountBinary(fhir, deps, accessOf);
      fhir.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url: '/*',
        handler: (request, reply) => handle(deps, accessOf, request, reply),
      });
      fhir.route({
        method: ['GET', 'POST'],
        url: '',
        handler: (request, reply) => handle(deps, accessOf, request, reply),
      });
    },
    { prefix: FHIR_BASE },
  );
}

export function baseOf(deps: ServerDeps, request: FastifyRequest): string {
  return `${deps.publicUrl ?? `${request.protocol}://${request.host}`}${FHIR_BASE}`;
}

export function contextOf(deps: ServerDeps, request: FastifyRequest, access: Access): InteractionContext {
  const base = baseOf(deps, request);
  const capability = () => JSON.stringify(capabilityStatement(deps, base));
  return { record: deps.record, accounts: deps.accounts, access, tx: null, base, capability };
}

export async function handle(
  deps: ServerDeps,
  accessOf: AccessOf,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown = request.body,
): Promise<FastifyReply> {
  const context = contextOf(deps, request, await accessOf(request));
  const fhirRequest = readRequest(request, body);
  const isBundle = fhirRequest.path.length === 0 && request.method === 'POST';
  const answer = isBundle
    ? await processBundle(context, fhirRequest.body, header(request, 'prefer') ?? '')
    : await dispatch(context, fhirRequest);
  if (isBundle || (request.method !== 'GET' && SIGHT_TYPES.has(fhirRequest.path[0] ?? '')))
    deps.accounts.forget();
  return send(reply, answer);
}

/** Types whose writes can change who sees what: the tree of organisations, roles, families. */
const SIGHT_TYPES = new Set(['Organization', 'PractitionerRole', 'Patient', 'RelatedPerson', 'Consent']);

export function send(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status).headers(answer.headers);
  if (answer.body === null) return reply.send();
  return reply.type(FHIR_JSON).send(answer.body);
}

function readRequest(request: FastifyRequest, body: unknown): FhirRequest {
  const url = request.raw.url ?? '';
  const cut = url.indexOf('?');
  const path = (cut < 0 ? url : url.slice(0, cut)).slice(FHIR_BASE.length);
  const contentType = header(request, 'content-type') ?? '';
  return {
    method: request.method,
    path: path
      .split('/')
      .filter((part) => part !== '')
      .map(decodePart),
    query: cut < 0 ? '' : url.slice(cut + 1),
    body: typeof body === 'string' ? body : '',
    contentType,
    header: (name) => header(request, name),
    preferences: readPreferences(header(request, 'prefer')),
  };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw say('bad-parameter', 'URL', '地址编码有误', 'the URL is not encoded well');
  }
}

export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Files have any content type; only the FHIR forms of a Binary are JSON alone. */
const IS_FILE = /^\/fhir\/R4\/Binary(\/[^/]+(\/_history\/\d+)?)?\/?(\?|$)/;

/** The version of FHIR that a media type names; null: none. */
const versionOf = (mediaType: string): string | null =>
  /;\s*fhirVersion\s*=\s*"?([0-9.]+)/i.exec(mediaType)?.[1] ?? null;
const isR4 = (version: string | null): boolean => version === null || /^4\.0(\.|$)/.test(version);

const JSON_FORMAT = /^(json|application\/json|application\/fhir[+ ]json|text\/json)$/;

/** Whether one kind of answer that a client would take is one that we give. */
const isOffered = (mediaType: string, isFile: boolean): boolean =>
  isR4(versionOf(mediaType)) &&
  (/html/.test(mediaType) || !(isFile ? /fhir\+(xml|turtle)/ : /xml|turtle|rdf/).test(mediaType));

// Only JSON is spoken; saying so is kinder than answering JSON to who asked for XML.
function refuseFormats(request: FastifyRequest): void {
  const accept = header(request, 'accept') ?? '';
  const isFile = IS_FILE.test(request.url);
  // `_format` overrides what a browser or a library puts into the header.
  const query = (request.raw.url ?? '').split('?')[1] ?? '';
  const format = /_format|%/.test(query) ? new URLSearchParams(query).get('_format') : null;
  const refused =
    format === null
      ? !accept.split(',').some((one) => isOffered(one, isFile))
      : !JSON_FORMAT.test(format.split(';')[0]!.trim().toLowerCase()) || !isR4(versionOf(format));
  if (refused)
    throw say(
      'not-acceptable',
      format === null ? 'Accept' : '_format',
      '只提供 JSON',
      'only JSON is offered',
    );
  const contentType = header(request, 'content-type');
  if (contentType && !isR4(versionOf(contentType)))
    throw say('unsupported-media-type', 'Content-Type', '只接受 FHIR 4.0', 'only FHIR 4.0 is taken');
  const charset = contentType && /charset=\s*"?([^;"\s]+)/i.exec(contentType)?.[1];
  if (charset && !isFile && !/^(utf-?8|us-ascii)$/i.test(charset))
    throw say('unsupported-media-type', 'Content-Type', '正文应为 UTF-8', 'the body must be UTF-8');
  if (header(request, 'content-encoding') !== undefined && !TAKES_COMPRESSED.test(request.url)) {
    throw say(
      'unsupported-media-type',
      'Content-Encoding',
      '请求正文不接受压缩',
      'compressed request bodies are not accepted',
    );
  }
}
