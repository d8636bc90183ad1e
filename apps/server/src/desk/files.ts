// Files that a form takes in: kept as Binary, given back as they came, with only pictures and PDF shown in the browser.
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, readerOf } from './desk-deps.ts';
import { bad, notFound } from './read-body.ts';
import { seen } from './resources.ts';

const MB = 1024 * 1024;
const FILE_MAX = 20 * MB;
const SHOWN = /^(image\/(png|jpeg|webp|gif)|application\/pdf)$/;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/files', { bodyLimit: FILE_MAX + MB }, async (request): Promise<{ url: string }> => {
    const { access } = await readerOf(deps, request);
    const part = await request.file({ limits: { fileSize: FILE_MAX, files: 1 } });
    if (!part) throw bad('file', '没有收到文件', 'no file came');
    const bytes = await part.toBuffer().catch(() => {
      throw bad('file', `文件超过 ${FILE_MAX / MB} MB`, `the file is larger than ${FILE_MAX / MB} MB`);
    });
    const resource = { resourceType: 'Binary', contentType: part.mimetype, data: bytes.toString('base64') };
    const row = await deps.record.transaction(access, { via: 'command' }, (tx) =>
      tx.create(resource, { engine: 'form' }),
    );
    return { url: `Binary/${row.fhirId}` };
  });
  app.get('/desk/files/:url', async (request, reply) => {
    const { access } = await readerOf(deps, request);
    const [type, id] = decodeURIComponent((request.params as { url: string }).url).split('/');
    const row = type === 'Binary' && id ? await deps.record.read(access, 'Binary', id) : null;
    if (!row || row.deleted) throw notFound();
    const { resource } = await seen(deps, access, row);
    const contentType = SHOWN.test(resource.contentType) ? resource.contentType : 'application/octet-stream';
    reply.header('content-disposition', SHOWN.test(resource.contentType) ? 'inline' : 'attachment');
    reply.header('cache-control', 'private, no-store');
    return reply.type(contentType).send(Buffer.from(resource.data ?? '', 'base64'));
  });
}
