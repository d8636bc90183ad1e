// Files that a form takes in: kept as Binary of the case or object they belong to, given back to who may read that.
import type { Labels } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { bad, notFound } from './read-body.ts';
import { type Json, seen } from './resources.ts';

const MB = 1024 * 1024;
const FILE_MAX = 20 * MB;
const SHOWN = /^(image\/(png|jpeg|webp|gif)|application\/pdf)$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/files', { bodyLimit: FILE_MAX + MB }, async (request): Promise<{ url: string }> => {
    const reader = await readerOf(deps, request);
    const { about, id } = request.query as { about?: string; id?: string };
    if (id !== undefined && !UUID.test(id)) throw bad('id', '应为 UUID', 'should be a UUID');
    // A device that lost the answer sends the same file again under the same id: it is kept once.
    if (id !== undefined && (await fileOf(deps, reader, id))) return { url: `Binary/${id}` };
    const part = await request.file({ limits: { fileSize: FILE_MAX, files: 1 } });
    if (!part) throw bad('file', '没有收到文件', 'no file came');
    const bytes = await part.toBuffer().catch(() => {
      throw bad('file', `文件超过 ${FILE_MAX / MB} MB`, `the file is larger than ${FILE_MAX / MB} MB`);
    });
    const context = about === undefined ? null : await contextOf(deps, reader, about);
    const resource = {
      resourceType: 'Binary',
      contentType: part.mimetype,
      ...(context === null ? {} : { securityContext: { reference: context.about } }),
      data: bytes.toString('base64'),
    };
    const row = await deps.record.transaction(reader.access, { via: 'command' }, (tx) =>
      tx.create(resource, {
        engine: 'form',
        ...(id === undefined ? {} : { id }),
        ...(context === null ? {} : { labels: context.labels }),
      }),
    );
    return { url: `Binary/${row.fhirId}` };
  });
  app.get('/desk/files/:url', async (request, reply) => {
    const reader = await readerOf(deps, request);
    const [type, id] = decodeURIComponent((request.params as { url: string }).url).split('/');
    const resource = type === 'Binary' && id ? await fileOf(deps, reader, id) : null;
    if (!resource) throw notFound();
    const contentType = SHOWN.test(resource.contentType) ? resource.contentType : 'application/octet-stream';
    reply.header('content-disposition', SHOWN.test(resource.contentType) ? 'inline' : 'attachment');
    reply.header('cache-control', 'private, no-store');
    return reply.type(contentType).send(Buffer.from(resource.data ?? '', 'base64'));
  });
}

/** Where a file belongs; on the other ways into the record it is what its case is. */
interface Context {
  readonly about: string;
  readonly labels: Labels;
}

/** The case, or the entry of an object, that the file belongs to: the reader must be able to see it. */
async function contextOf(deps: DeskDeps, reader: Reader, about: string): Promise<Context> {
  const [type, id] = about.split('/');
  if ((type === 'Task' || type === 'Basic') && id && ID.test(id)) {
    const row = await deps.record.read(reader.access, type, id);
    if (row && !row.deleted) {
      const { kind, locks, org, patient } = row;
      return { about, labels: { kind, locks, org, patient } };
    }
  }
  throw bad('about', '没有这件事或这个对象，或您无权查看', 'no such case or object, or you may not see it');
}

/** A file that belongs to a case or an object is read by who may read that, and by nobody else. */
async function fileOf(deps: DeskDeps, reader: Reader, id: string): Promise<Json | null> {
  const system = deps.record.systemAccess();
  const row = await deps.record.read(system, 'Binary', id);
  if (!row || row.deleted) return null;
  const { resource } = await seen(deps, system, row);
  const [type, about] = String(resource.securityContext?.reference ?? '').split('/');
  if (type === 'Task' || type === 'Basic') {
    const owner = await deps.record.read(reader.access, type, about ?? '');
    return owner && !owner.deleted ? resource : null;
  }
  const own = await deps.record.read(reader.access, 'Binary', id);
  return own && !own.deleted ? resource : null;
}
