// Turns what a route threw into an answer: refusals with their status, faults with a reference and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Refusal, RefusalError, uuidv7 } from '@yimai/kit';
import { InvalidResourceError } from '@yimai/record';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faultOutcome, outcomeOf, outcomeOfIssues, statusOf } from '../fhir/outcome.ts';
import type { ServerDeps } from './deps.ts';

const FASTIFY_CODES: Readonly<Record<string, readonly [code: string, zh: string, en: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', '正文过大', 'the body is too large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported-media-type',
    '不支持的内容类型',
    'this content type is not supported',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid-json', '正文为空', 'the body is empty'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid-json', '正文不是合法 JSON', 'the body is not JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'bad-header',
    'Content-Length 与正文不符',
    'Content-Length does not fit the body',
  ],
};

const INTERFACES = /^\/(fhir|commands|changes|live|auth|oauth|oidc|desk)(\/|\?|$)/;

export function installErrors(app: FastifyInstance, deps: ServerDeps): void {
  app.setErrorHandler((error: FastifyError | RefusalError, request, reply) =>
    answerError(error, request, reply, deps),
  );
  app.setNotFoundHandler((request, reply) => {
    // Addresses inside the desk are answered by its page, which knows them; a missing file of the desk is missing.
    const wantsPage = request.method === 'GET' && /text\/html/.test(request.headers.accept ?? '');
    if (wantsPage && deps.deskFolder && !INTERFACES.test(request.url) && !/\.\w+$/.test(request.url)) {
      void reply
        .code(200)
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(readFileSync(join(deps.deskFolder, 'index.html')));
      return;
    }
    const detail = { zh: '没有这个地址', en: 'there is no such address' };
    void answerError(new RefusalError({ code: 'not-found', detail }), request, reply, deps);
  });
}

function answerError(
  error: FastifyError | RefusalError,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDeps,
): FastifyReply {
  const refusal = refusalOf(error) ?? weatherOf(error, deps);
  const isFhir = request.url.startsWith('/fhir/');
  if (refusal) {
    const status = statusOf(refusal);
    if (status === 413) readOn(request, reply, deps);
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (status === 503) reply.header('retry-after', '5');
    if (status === 405) reply.header('allow', 'GET, HEAD');
    if (!isFhir)
      return reply
        .code(status)
        .send({ code: refusal.code, at: refusal.at, rule: refusal.rule, detail: refusal.detail });
    const outcome =
      error instanceof InvalidResourceError ? outcomeOfIssues(error.issues) : outcomeOf(refusal);
    return reply.code(status).type('application/fhir+json').send(JSON.stringify(outcome));
  }
  const reference = uuidv7().slice(-12);
  // The route's pattern, not the URL: a URL may hold a search value. The message of a database error may hold a value,
  // so only its code and the place in our code are kept.
  deps.log('error', 'fault', {
    reference,
    route: `${request.method} ${request.routeOptions.url ?? '?'}`,
    code: String((error as { code?: unknown }).code ?? error.name),
    stack: placesOf(error),
  });
  if (isFhir)
    return reply
      .code(500)
      .type('application/fhir+json')
      .send(JSON.stringify(faultOutcome(reference)));
  const detail = { zh: `系统故障，编号 ${reference}`, en: `an internal fault, reference ${reference}` };
  return reply.code(500).send({ code: 'fault', detail });
}

/** A body that is not absurdly large is read to its end and thrown away: a sender that still writes would miss the answer. */
function readOn(request: FastifyRequest, reply: FastifyReply, deps: ServerDeps): void {
  const length = Number(request.headers['content-length']);
  if (!(length <= 8 * deps.bodyLimit)) return;
  reply.removeHeader('connection');
  request.raw.resume();
}

function weatherOf(error: Error, deps: ServerDeps): Refusal | null {
  if (deps.isDatabaseAway?.(error)) return AWAY;
  if (!deps.isDiskFull?.(error)) return null;
  deps.log('error', 'the disk is full');
  return FULL;
}

/** What was asked for is not kept; what is there can still be read. */
const FULL: Refusal = {
  code: 'disk-full',
  detail: {
    zh: '服务器磁盘已满，未能保存；请告知信息中心',
    en: 'the disk of the server is full, nothing was kept; please tell the IT centre',
  },
};

/** Nothing is lost: what was not answered was not done, or its command id says so when it is sent again. */
const AWAY: Refusal = {
  code: 'database-away',
  detail: {
    zh: '数据库暂时连不上，请稍后再试',
    en: 'the database cannot be reached now; please try again shortly',
  },
};

function refusalOf(error: FastifyError | RefusalError) {
  if (error instanceof RefusalError) return error.refusal;
  const known = FASTIFY_CODES[error.code];
  if (known) return { code: known[0], detail: { zh: known[1], en: known[2] } };
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { code: 'bad-parameter', detail: { zh: '请求有误', en: 'the request is not well formed' } };
  }
  return null;
}

/** Where in our code, without the message. A message that starts with `fault:` is ours and holds no data. */
export function placesOf(error: Error): string {
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8);
  const places = frames.map((line) => /([^/(]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? '').join(' < ');
  return error.message.startsWith('fault: ') ? `${error.message} | ${places}` : places;
}
