// Global search and the pickers of forms: residents, cases, objects, organisations, programmes, registers, people.
import type { PickAnswer, SearchAnswer, SearchHit } from '@yimai/desk/contract';
import type { CaseData } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { bodyOf, choiceOf, textOf } from './read-body.ts';
import { cellOf, readableEntries } from './register-rows.ts';
import { entriesSpelled } from './register-spelling.ts';
import { findResidents } from './residents.ts';
import { byIds, nameIn, namesOf, searchPage, searchValue } from './resources.ts';
import { itemsOfCases } from './work-items.ts';
import { casesNumbered } from './work-rows.ts';

const EACH = 6;
const PICKS = 20;
const LEAST = 2;
const OBJECTS = ['supervised-objects', 'talent-pool', 'equipment'];

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/search', async (request): Promise<SearchAnswer> => {
    const reader = await readerOf(deps, request);
    const text = textOf(bodyOf(request.body), 'text') ?? '';
    if ([...text].length < LEAST) return { groups: [] };
    const [residents, cases, objects, organisations] = await Promise.all([
      residentHits(deps, reader, text),
      caseHits(deps, reader, text),
      objectHits(deps, reader, text),
      organisationHits(deps, reader, text),
    ]);
    return {
      groups: [
        { kind: 'resident', hits: residents },
        { kind: 'case', hits: cases },
        { kind: 'object', hits: objects },
        { kind: 'organisation', hits: organisations },
        { kind: 'programme', hits: declaredHits(deps, text, 'programme') },
        { kind: 'register', hits: declaredHits(deps, text, 'register') },
      ],
    };
  });
  app.post('/desk/pick', async (request): Promise<PickAnswer> => {
    const reader = await readerOf(deps, request);
    const body = bodyOf(request.body);
    const kind = choiceOf(
      body,
      'kind',
      ['organisation', 'person', 'resident', 'object'] as const,
      'organisation',
    );
    const type = kind === 'person' ? 'Practitioner' : kind === 'resident' ? 'Patient' : 'Organization';
    const text = textOf(body, 'text') ?? '';
    const chosen = [body['chosen']]
      .flat()
      .flatMap((each) =>
        typeof each === 'string' && each.startsWith(`${type}/`) ? [each.slice(type.length + 1)] : [],
      );
    const named = kind === 'organisation' || kind === 'object' ? 'name:contains' : 'name';
    const query = `${text === '' ? '' : `${named}=${searchValue(text)}&`}_count=${PICKS}`;
    const [page, known] = await Promise.all([
      searchPage(deps, reader.access, type, query),
      byIds(deps, reader.access, type, chosen),
    ]);
    const all = new Map([...page.items, ...known.values()].map((each) => [each.row.fhirId, each.resource]));
    return {
      items: [...all].map(([id, resource]) => ({
        reference: `${type}/${id}`,
        name: nameIn(resource),
        detail: null,
      })),
    };
  });
}

async function residentHits(deps: DeskDeps, reader: Reader, text: string): Promise<SearchHit[]> {
  const page = await findResidents(deps, reader, text, undefined, EACH, false);
  return page.items.map((row) => ({
    link: { kind: 'resident', id: row.id },
    title: row.name,
    detail: [row.maskedId, row.village].filter(Boolean).join(' · '),
  }));
}

async function caseHits(deps: DeskDeps, reader: Reader, text: string): Promise<SearchHit[]> {
  const items = await itemsOfCases(deps, reader, await casesNumbered(deps.database, text, EACH));
  return items.map((item) => ({
    link: { kind: 'case', id: item.id },
    title: item.title,
    detail: {
      zh: `${item.loop.name.zh} ${item.number} · ${item.state.name.zh}`,
      en: `${item.loop.name.en} ${item.number} · ${item.state.name.en}`,
    },
  }));
}

async function organisationHits(deps: DeskDeps, reader: Reader, text: string): Promise<SearchHit[]> {
  const page = await searchPage(
    deps,
    reader.access,
    'Organization',
    `name:contains=${searchValue(text)}&_count=${EACH}`,
  );
  return page.items.map(({ resource }) => ({
    link: { kind: 'organisation', id: resource.id },
    title: nameIn(resource),
    detail: null,
  }));
}

async function objectHits(deps: DeskDeps, reader: Reader, text: string): Promise<SearchHit[]> {
  const { rows } = await deps.database.run<{
    id: string;
    register: string;
    key: string;
    data: CaseData;
  }>(sql`select id, register, key, data
    from register_entry where to_date is null and (position(lower(${text}::text) in lower(data::text)) > 0
      or id = any(${await spelledAnywhere(deps, text)}::text[]))
    order by register, key limit ${EACH}`);
  const readable = await readableEntries(
    deps,
    reader,
    rows.map((row) => row.id),
  );
  const seenRows = rows.filter((row) => readable.has(row.id));
  const names = await namesOf(
    deps,
    reader,
    seenRows.flatMap((row) => row.key.split('|')),
  );
  return seenRows.flatMap((row) => {
    const register = deps.runtime.registers.get(row.register);
    if (!register) return [];
    const title = register.key.map((field) => cellOf(register, field, row.data, names) ?? '').join(' ');
    const link = { kind: 'object' as const, id: row.key, within: row.register };
    return [{ link, title, detail: register.title }];
  });
}

/** In the registers that hold objects people look for by name. */
async function spelledAnywhere(deps: DeskDeps, text: string): Promise<string[]> {
  const found = await Promise.all(OBJECTS.map((id) => entriesSpelled(deps.database, id, text)));
  return found.flat().slice(0, 200);
}

function declaredHits(deps: DeskDeps, text: string, kind: 'programme' | 'register'): SearchHit[] {
  const wanted = text.toLowerCase();
  const all =
    kind === 'programme'
      ? deps.runtime.programmes.map((each) => ({ id: `${each.domain}/${each.id}`, title: each.title }))
      : [...deps.runtime.registers.values()];
  return all
    .filter((each) => `${each.title.zh} ${each.title.en}`.toLowerCase().includes(wanted))
    .slice(0, EACH)
    .map((each) => ({ link: { kind, id: each.id }, title: each.title, detail: null }));
}
