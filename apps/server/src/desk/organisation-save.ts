// Organisations kept at the desk: one entered or amended, a whole list from a file, checked before anything is stored.
import type {
  ImportDone,
  ImportPreview,
  Organisation,
  OrganisationEntry,
  OrganisationKind,
} from '@yimai/desk/contract';
import { must } from '@yimai/kit';
import { ORG_LEVELS } from '@yimai/record';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { ORGANISATION_KINDS } from './organisation-kinds.ts';
import { officesWanted } from './organisation-offices.ts';
import { organisationResource } from './organisation-resource.ts';
import { ORGANISATION_COLUMNS, readOrganisations } from './organisation-rows.ts';
import { allOrganisations } from './organisations.ts';
import { bad, bodyOf, choiceOf, notFound, textOf } from './read-body.ts';
import { byIds, type Json } from './resources.ts';
import { readSheet, type Sheet, sheetBytes, XLSX_TYPE } from './sheet.ts';
import { ID_FORM, templateOf } from './sheet-rows.ts';

const FILE_MAX = 30 * 1024 * 1024;
const SAMPLE = 8;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/organisations/kinds', async (request): Promise<readonly OrganisationKind[]> => {
    await readerOf(deps, request);
    return ORGANISATION_KINDS.map(({ code, name }) => ({ code, name }));
  });
  app.post('/desk/organisations/save', async (request): Promise<{ id: string }> => {
    const reader = await keeperOf(deps, request);
    return save(deps, reader, entryOf(request.body));
  });
  app.post('/desk/organisations/template', async (request, reply) => {
    await readerOf(deps, request);
    const { heads, notes } = templateOf(ORGANISATION_COLUMNS);
    return reply.type(XLSX_TYPE).send(await sheetBytes('xlsx', '机构', [heads], notes));
  });
  app.post('/desk/organisations/import', { bodyLimit: FILE_MAX }, async (request): Promise<ImportPreview> => {
    const reader = await keeperOf(deps, request);
    const { sheet } = await uploadedSheet(request);
    const { entries, errors } = readOrganisations(sheet, await known(deps, reader));
    const { changed } = await changedOf(deps, reader, entries);
    return {
      rows: sheet.rows.length,
      good: changed.length,
      same: entries.length - changed.length,
      errors,
      columns: sheet.heads,
      sample: sampleOf(sheet),
    };
  });
  app.post(
    '/desk/organisations/import/store',
    { bodyLimit: FILE_MAX },
    async (request): Promise<ImportDone> => {
      const reader = await keeperOf(deps, request);
      const { sheet } = await uploadedSheet(request);
      const { entries, errors } = readOrganisations(sheet, await known(deps, reader));
      const { changed, before } = await changedOf(deps, reader, entries);
      const importer = deps.record.importer(reader.access, { via: 'command' });
      for (const { row, entry } of changed)
        await importer.add(JSON.stringify(organisationResource(entry, before.get(entry.id))), row);
      const report = await importer.finish();
      const refused = report.errors.map(({ line, refusal }) => ({
        row: line,
        column: null,
        value: null,
        detail: refusal.detail ?? { zh: refusal.code, en: refusal.code },
      }));
      deps.accounts.forget();
      return {
        stored: report.created + report.updated,
        same: entries.length - changed.length + report.unchanged,
        refused: [...errors, ...refused],
      };
    },
  );
}

export const sampleOf = (sheet: Sheet): string[][] =>
  sheet.rows.slice(0, SAMPLE).map((row) => row.cells.map((cell) => String(cell ?? '')));

/** Who may keep organisations, by the policy table; refuses others before a file is read. */
async function keeperOf(deps: DeskDeps, request: FastifyRequest): Promise<Reader> {
  const reader = await readerOf(deps, request);
  const labels = { kind: 'organisation', locks: [], org: null, patient: null };
  const no = reader.access.writable('update', 'Organization', labels);
  if (no) must({ ok: false, refusal: no });
  return reader;
}

export async function uploadedSheet(request: FastifyRequest): Promise<{ sheet: Sheet }> {
  const part = await request.file({ limits: { fileSize: FILE_MAX, files: 1 } });
  if (!part) throw bad('file', '没有收到文件', 'no file came');
  return { sheet: must(await readSheet(await part.toBuffer(), part.filename)) };
}

async function known(deps: DeskDeps, reader: Reader) {
  return { all: await allOrganisations(deps, reader), offices: [...officesWanted(deps).keys()] };
}

type Row = { readonly row: number; readonly entry: OrganisationEntry };

/** Rows that say something else than the record does. */
async function changedOf(deps: DeskDeps, reader: Reader, rows: readonly Row[]) {
  const found = await byIds(
    deps,
    reader.access,
    'Organization',
    rows.map(({ entry }) => entry.id),
  );
  const before = new Map<string, Json>([...found].map(([id, each]) => [id, each.resource]));
  const changed = rows.filter(({ entry }) => {
    const old = before.get(entry.id);
    return old === undefined || !sameFacts(organisationResource(entry, old), old);
  });
  return { changed, before };
}

function sameFacts(now: Json, before: Json): boolean {
  const facts = ({ name, type, identifier, partOf, active }: Json): string =>
    JSON.stringify([name, type ?? [], identifier ?? [], partOf?.reference ?? null, active ?? true]);
  return facts(now) === facts(before);
}

function entryOf(value: unknown): OrganisationEntry {
  const body = bodyOf(value);
  const id = textOf(body, 'id', 50) ?? '';
  if (!ID_FORM.test(id))
    throw bad('id', '编号只能用字母、数字、点和短横', 'letters, digits, dots and dashes');
  const name = textOf(body, 'name', 60);
  if (name === undefined) throw bad('name', '请填写机构名称', 'a name is needed');
  const { offices = [] } = body;
  if (!Array.isArray(offices) || !offices.every((office) => typeof office === 'string'))
    throw bad('offices', '应为列表', 'should be a list');
  const kind = textOf(body, 'kind', 40) ?? null;
  if (kind !== null && !ORGANISATION_KINDS.some((each) => each.code === kind))
    throw bad('kind', '没有这个类别', 'no such kind');
  return {
    id,
    name,
    kind,
    level: choiceOf(body, 'level', ORG_LEVELS, 'county') as Organisation['level'],
    parent: textOf(body, 'parent', 64) ?? null,
    offices: offices as string[],
    isNew: body['isNew'] === true,
  };
}

async function save(deps: DeskDeps, reader: Reader, entry: OrganisationEntry): Promise<{ id: string }> {
  const all = new Map((await allOrganisations(deps, reader)).map((each) => [each.id, each]));
  if (entry.isNew && all.has(entry.id)) throw bad('id', '编号已被使用', 'the number is taken');
  if (!entry.isNew && !all.has(entry.id)) throw notFound();
  for (let at = entry.parent; at !== null; at = all.get(at)?.parent ?? null) {
    if (at === entry.id)
      throw bad('parent', '上级机构不能是自己或自己的下级', 'not itself and none below it');
    if (!all.has(at)) throw bad('parent', '没有这个上级机构', 'no such organisation');
  }
  for (const office of entry.offices) {
    const holder = [...all.values()].find((each) => each.id !== entry.id && each.offices.includes(office));
    if (holder)
      throw bad(
        'offices',
        `“${holder.name}”已承担这项职能，请先取消`,
        `"${holder.name}" holds this duty; take it away there first`,
      );
  }
  await deps.record.transaction(reader.access, { via: 'command' }, async (tx) => {
    const old = await tx.read('Organization', entry.id, { forUpdate: true });
    await tx.update(organisationResource(entry, old?.resource ?? null));
  });
  deps.accounts.forget();
  return { id: entry.id };
}
