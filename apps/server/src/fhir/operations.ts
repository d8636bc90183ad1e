// FHIR operations: $validate, $export and $import as NDJSON streams, Patient/[id]/$everything.
import type { Readable } from 'node:stream';
import { isResourceType, parseResourceText, type Resource, rowKey, sameNumbers, validate } from '@yimai/fhir';
import { must } from '@yimai/kit';
import type { Access } from '@yimai/record';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessOf, ServerDeps } from '../http/deps.ts';
import { type ExportWish, openExportJobs, patientsOfGroup, streamExport } from './bulk-export.ts';
import { importStream } from './bulk-import.ts';
import { baseOf, contextOf, FHIR_BASE, header } from './http.ts';
import { readPreferences, say } from './interaction-context.ts';
import { gone, notFound } from './interactions.ts';
import { outcomeOf, outcomeOfIssues } from './outcome.ts';
import { search } from './searchset.ts';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';

export function mountOperations(fhir: FastifyInstance, deps: ServerDeps, accessOf: AccessOf): void {
  for (const url of ['/:type/$validate', '/:type/:id/$validate', '/$validate'])
    fhir.post(url, (request, reply) => validateOperation(deps, accessOf, request, reply));
  for (const method of ['GET', 'POST'] as const)
    fhir.route({
      method,
      url: '/Patient/:id/$everything',
      handler: (request, reply) => everything(deps, accessOf, request, reply),
    });
  mountExport(fhir, deps, accessOf);
  fhir.register(async (bulk) => {
    bulk.removeAllContentTypeParsers();
    // The body stays a stream: 2 GB pass through without being held.
    bulk.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    bulk.post('/$import', { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request, reply) => {
      const access = await accessOf(request);
      const type = header(request, 'content-type') ?? '';
      if (!/ndjson|octet-stream|gzip/.test(type)) {
        throw say(
          'unsupported-media-type',
          'Content-Type',
          '$import 接受 application/fhir+ndjson',
          '$import takes application/fhir+ndjson',
        );
      }
      const packed = /gzip/.test(type) || /gzip/.test(header(request, 'content-encoding') ?? '');
      const report = await importStream(deps.record, access, request.body as Readable, packed);
      return reply.type(FHIR_JSON).send(JSON.stringify(report));
    });
  });
}

async function validateOperation(
  deps: ServerDeps,
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
    parameter?: { name?: string; resource?: unknown; valueUri?: unknown; valueCanonical?: unknown }[];
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
  const asked = given.resourceType === 'Parameters' ? given.parameter : undefined;
  const named = asked?.find((one) => one.name === 'profile');
  const { profile = named?.valueUri ?? named?.valueCanonical } = request.query as { profile?: unknown };
  const now = deps.clock.now();
  const { resource } = wrapped === given ? parsed.value : must(parseResourceText(JSON.stringify(wrapped)));
  const issues = validate(claiming(resource, profile), { profiles: true, now });
  const fine = { severity: 'information', code: 'informational', details: { text: '没有问题 / no issues' } };
  const outcome =
    issues.length === 0 ? { resourceType: 'OperationOutcome', issue: [fine] } : outcomeOfIssues(issues);
  return reply.send(JSON.stringify(outcome));
}

/** The resource as if it claimed the profile that it is asked to be checked against. */
function claiming<T extends Resource>(resource: T, profile: unknown): T {
  const claimed: unknown = resource.meta?.profile ?? [];
  if (typeof profile !== 'string' || !Array.isArray(claimed) || claimed.includes(profile)) return resource;
  return sameNumbers(resource, {
    ...resource,
    meta: { ...resource.meta, profile: [...claimed, profile] },
  });
}

async function everything(
  deps: ServerDeps,
  accessOf: AccessOf,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const access = await accessOf(request);
  const { id } = request.params as { id: string };
  const context = contextOf(deps, request, access);
  const patient = await deps.record.read(access, 'Patient', id);
  if (!patient) throw notFound('Patient', id);
  if (patient.deleted) throw gone('Patient', id);
  const query = sinceAsUpdated(operationParameters(request));
  const answer = await search(context, {
    type: null,
    query,
    strict: false,
    compartment: { type: 'Patient', id },
  });
  return reply.type(FHIR_JSON).send(answer.body);
}

/** `_since` of the operation is `_lastUpdated` of a search. */
function sinceAsUpdated(params: URLSearchParams): string {
  const since = params.get('_since');
  if (since === null) return params.toString();
  params.delete('_since');
  params.append('_lastUpdated', `ge${since}`);
  return params.toString();
}

function mountExport(fhir: FastifyInstance, deps: ServerDeps, accessOf: AccessOf): void {
  const jobs = openExportJobs(deps.record, deps.accounts);
  const run = (patientsOnly: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
    const access = await accessOf(request);
    const params = operationParameters(request);
    const patients = await exportPatients(deps, access, request, params);
    const order: ExportWish = {
      ...readExportOrder(params),
      patientsOnly,
      ...(patients === null ? {} : { patients }),
    };
    if (readPreferences(header(request, 'prefer')).async) {
      const base = baseOf(deps, request);
      const asked = `${base}${(request.raw.url ?? '').slice(FHIR_BASE.length)}`;
      const job = await jobs.start(access, order, base, asked);
      return reply.code(202).header('content-location', `${base}/$export-status/${job}`).send();
    }
    return reply.type('application/fhir+ndjson').send(await streamExport(deps.record, access, order));
  };
  for (const method of ['GET', 'POST'] as const) {
    fhir.route({ method, url: '/$export', handler: run(false) });
    fhir.route({ method, url: '/Patient/$export', handler: run(true) });
    fhir.route({ method, url: '/Group/:id/$export', handler: run(true) });
  }
  const unknown = () => say('not-found', 'job', '没有这个导出任务', 'there is no such export');
  fhir.get('/$export-status/:job', async (request, reply) => {
    const access = await accessOf(request);
    const manifest = await jobs.manifest((request.params as { job: string }).job, access);
    if (manifest === null) throw unknown();
    return reply.code(200).send(manifest);
  });
  fhir.delete('/$export-status/:job', async (request, reply) => {
    const access = await accessOf(request);
    if (!(await jobs.end((request.params as { job: string }).job, access))) throw unknown();
    return reply.code(202).send();
  });
  fhir.get('/$export-file/:job/:type', async (request, reply) => {
    const access = await accessOf(request);
    const { job, type } = request.params as { job: string; type: string };
    const order = await jobs.order(job, type.replace(/\.ndjson$/, ''), access);
    if (order === null) throw unknown();
    return reply.type('application/fhir+ndjson').send(await streamExport(deps.record, access, order));
  });
}

/** Row keys of the Patients that the order names, by a Group or one by one; null: it names none. */
async function exportPatients(
  deps: ServerDeps,
  access: Access,
  request: FastifyRequest,
  params: URLSearchParams,
): Promise<string[] | null> {
  const { id } = request.params as { id?: string };
  const ofGroup = id === undefined ? null : await patientsOfGroup(deps.record, access, id);
  if (id !== undefined && ofGroup === null) throw notFound('Group', id);
  const named = params.getAll('patient').map((reference) => {
    const [, patient] = /^Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(reference) ?? [];
    if (patient === undefined)
      throw say('bad-parameter', 'patient', '应为 Patient/编号', 'expected Patient/[id]');
    return rowKey('Patient', patient);
  });
  if (named.length === 0) return ofGroup;
  return ofGroup === null ? named : named.filter((key) => ofGroup.includes(key));
}

/** From the query, or from a Parameters resource in the body. */
function operationParameters(request: FastifyRequest): URLSearchParams {
  const params = new URLSearchParams((request.raw.url ?? '').split('?')[1] ?? '');
  if (typeof request.body !== 'string' || request.body === '') return params;
  const { resourceType, parameter } = must(parseResourceText(request.body)).resource;
  if (resourceType !== 'Parameters')
    throw say('type-mismatch', 'resourceType', '正文应为 Parameters', 'the body is a Parameters resource');
  for (const one of Array.isArray(parameter) ? parameter : []) {
    const { name, ...value } = (one ?? {}) as { name?: unknown; [value: string]: unknown };
    const reference = value['valueReference'] as { reference?: unknown } | undefined;
    const text =
      value['valueString'] ??
      value['valueInstant'] ??
      value['valueCode'] ??
      value['valueInteger'] ??
      reference?.reference;
    if (typeof name === 'string' && (typeof text === 'string' || typeof text === 'number'))
      params.append(name, String(text));
  }
  return params;
}

const NDJSON_FORMATS = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);

function readExportOrder(params: URLSearchParams) {
  const types = params.getAll('_type').flatMap((text) => text.split(','));
  if (types.some((type) => !isResourceType(type)))
    throw say('bad-parameter', '_type', '没有这种资源类型', 'there is no such resource type');
  const since = params.get('_since');
  if (since !== null && Number.isNaN(Date.parse(since)))
    throw say('bad-parameter', '_since', '应为时刻', 'an instant is needed');
  const format = params.get('_outputFormat')?.replace(' ', '+') ?? 'ndjson';
  if (!NDJSON_FORMATS.has(format))
    throw say('bad-parameter', '_outputFormat', '只提供 NDJSON', 'only NDJSON is offered');
  const filters = readTypeFilters(params, types);
  const elements = readElements(params);
  return {
    types: types.length === 0 ? null : types,
    since: since === null ? null : new Date(since),
    ...(filters.length === 0 ? {} : { filters }),
    ...(elements.length === 0 ? {} : { elements }),
  };
}

/** `_typeFilter=Patient?gender=female,Observation?code=…`: searches of types that are exported. */
function readTypeFilters(params: URLSearchParams, types: readonly string[]) {
  const texts = params.getAll('_typeFilter').flatMap((text) => text.split(/,(?=[A-Z][A-Za-z]+\?)/));
  return texts.map((text) => {
    const [, type = '', query = ''] = /^([A-Z][A-Za-z]+)\?(.+)$/.exec(text) ?? [];
    if (!isResourceType(type) || (types.length > 0 && !types.includes(type)))
      throw say(
        'bad-parameter',
        '_typeFilter',
        '应为 类型?检索条件，且该类型在导出之列',
        'expected Type?criteria of a type that is exported',
      );
    return { type, query };
  });
}

/** `birthDate` of every type that has it, `Patient.birthDate` of one. */
function readElements(params: URLSearchParams): string[] {
  const elements = params.getAll('_elements').flatMap((text) => text.split(','));
  if (elements.some((one) => !/^([A-Z][A-Za-z]+\.)?[a-z][A-Za-z0-9]{0,63}$/.test(one)))
    throw say('bad-parameter', '_elements', '应为元素名', 'expected names of elements');
  return elements;
}
