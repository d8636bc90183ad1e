// FHIR operations: $validate, $export and $import as NDJSON streams, Patient/[id]/$everything.
import { isResourceType, parseResourceText, validate } from '@yimai/fhir';
import { must } from '@yimai/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessOf, ServerDeps } from '../http/deps.ts';
import { startExport, streamExport } from './bulk-export.ts';
import { importStream } from './bulk-import.ts';
import { baseOf, header } from './http.ts';
import { readPreferences, say } from './interaction-context.ts';
import { outcomeOf, outcomeOfIssues } from './outcome.ts';
import { search } from './searchset.ts';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';

export function mountOperations(fhir: FastifyInstance, deps: ServerDeps, accessOf: AccessOf): void {
  fhir.post('/:type/$validate', (request, reply) => validateOperation(accessOf, request, reply));
  fhir.post('/$validate', (request, reply) => validateOperation(accessOf, request, reply));
  fhir.get('/Patient/:id/$everything', (request, reply) => everything(deps, accessOf, request, reply));
  mountExport(fhir, deps, accessOf);
  fhir.register(async (bulk) => {
    bulk.removeAllContentTypeParsers();
    // The body stays a stream: 2 GB pass through without being held.
    bulk.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    bulk.post('/$import', { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request, reply) => {
      const access = await accessOf(request);
      const type = header(request, 'content-type') ?? '';
      if (!/ndjson|octet-stream/.test(type)) {
        throw say(
          'unsupported-media-type',
          'Content-Type',
          '$import 接受 application/fhir+ndjson',
          '$import takes application/fhir+ndjson',
        );
      }
      const report = await importStream(deps.record, access, request.body as AsyncIterable<Buffer>);
      return reply.type(FHIR_JSON).send(JSON.stringify(report));
    });
  });
}

async function validateOperation(
  accessOf: AccessOf,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  await accessOf(request);
  const parsed = parseResourceText(typeof request.body === 'string' ? request.body : '');
  reply.type(FHIR_JSON);
  if (!parsed.ok) return reply.code(200).send(JSON.stringify(outcomeOf(parsed.refusal)));
  const given = parsed.value.resource as {
    resourceType: string;
    parameter?: { name?: string; resource?: unknown }[];
  };
  const wrapped =
    given.resourceType === 'Parameters'
      ? given.parameter?.find((one) => one.name === 'resource')?.resource
      : given;
  if (wrapped === undefined)
    throw say(
      'invalid-resource',
      'Parameters.parameter',
      '缺少 resource 参数',
      'the resource parameter is missing',
    );
  const { type } = request.params as { type?: string };
  if (type !== undefined && (wrapped as { resourceType?: string }).resourceType !== type) {
    throw say('type-mismatch', 'resourceType', `应为 ${type}`, `a ${type} is expected`);
  }
  const issues = validate(must(parseResourceText(JSON.stringify(wrapped))).resource, { profiles: true });
  const fine = { severity: 'information', code: 'informational', details: { text: '没有问题 / no issues' } };
  const outcome =
    issues.length === 0 ? { resourceType: 'OperationOutcome', issue: [fine] } : outcomeOfIssues(issues);
  return reply.send(JSON.stringify(outcome));
}

async function everything(
  deps: ServerDeps,
  accessOf: AccessOf,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const access = await accessOf(request);
  const { id } = request.params as { id: string };
  const context = {
    record: deps.record,
    accounts: deps.accounts,
    access,
    tx: null,
    base: baseOf(deps, request),
  };
  const url = request.raw.url ?? '';
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  const answer = await search(context, {
    type: null,
    query,
    strict: false,
    compartment: { type: 'Patient', id },
  });
  return reply.type(FHIR_JSON).send(answer.body);
}

function mountExport(fhir: FastifyInstance, deps: ServerDeps, accessOf: AccessOf): void {
  const run = async (request: FastifyRequest, reply: FastifyReply, patientsOnly: boolean) => {
    const access = await accessOf(request);
    const params = new URLSearchParams((request.raw.url ?? '').split('?')[1] ?? '');
    const types = params.get('_type')?.split(',') ?? null;
    const unknown = types?.find((type) => !isResourceType(type));
    if (unknown !== undefined) {
      throw say('bad-parameter', '_type', '没有这种资源类型', 'there is no such resource type');
    }
    const since = params.get('_since');
    if (since !== null && Number.isNaN(Date.parse(since))) {
      throw say('bad-parameter', '_since', '应为时刻', 'an instant is needed');
    }
    const order = { types, since: since === null ? null : new Date(since), patientsOnly };
    if (readPreferences(header(request, 'prefer')).async) {
      const job = startExport(deps.record, access, order, baseOf(deps, request));
      return reply
        .code(202)
        .header('content-location', `${baseOf(deps, request)}/$export-status/${job}`)
        .send();
    }
    return reply.type('application/fhir+ndjson').send(streamExport(deps.record, access, order));
  };
  fhir.get('/$export', (request, reply) => run(request, reply, false));
  fhir.get('/Patient/$export', (request, reply) => run(request, reply, true));
  fhir.get('/$export-status/:job', async (request, reply) => {
    const access = await accessOf(request);
    const { exportStatus } = await import('./bulk-export.ts');
    const status = exportStatus((request.params as { job: string }).job, access);
    if (status === null) throw say('not-found', 'job', '没有这个导出任务', 'there is no such export');
    return reply.code(200).send(status);
  });
  fhir.get('/$export-file/:job/:type', async (request, reply) => {
    const access = await accessOf(request);
    const { exportOrder } = await import('./bulk-export.ts');
    const { job, type } = request.params as { job: string; type: string };
    const order = exportOrder(job, access);
    if (order === null) throw say('not-found', 'job', '没有这个导出任务', 'there is no such export');
    return reply
      .type('application/fhir+ndjson')
      .send(streamExport(deps.record, access, { ...order, types: [type.replace(/\.ndjson$/, '')] }));
  });
}
