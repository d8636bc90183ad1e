// Residents as their reader may see them: found by name, pinyin, initials or ID; one person with history and readers.
import type { Page, PersonHeader, Resident, ResidentRow } from '@yimai/desk/contract';
import { RefusalError } from '@yimai/kit';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { historyOf } from './history.ts';
import { bad, bodyOf, countOf, notFound, notPermitted, textOf } from './read-body.ts';
import { type Json, nameIn, namesOf, searchPage, searchValue, seen } from './resources.ts';
import { itemsOfCases } from './work-items.ts';
import { casesAbout } from './work-rows.ts';

const PAGE = 50;
const READERS = 20;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/residents', async (request): Promise<Page<ResidentRow>> => {
    const reader = await readerOf(deps, request);
    const body = bodyOf(request.body);
    return findResidents(
      deps,
      reader,
      textOf(body, 'text') ?? '',
      textOf(body, 'cursor', 4000),
      countOf(body, PAGE),
    );
  });
  app.get('/desk/residents/:id', async (request): Promise<Resident> => {
    const reader = await readerOf(deps, request);
    return residentOf(deps, reader, (request.params as { id: string }).id);
  });
  app.post('/desk/residents/:id/reveal', async (request): Promise<{ id: string }> => {
    const reader = await readerOf(deps, request);
    const row = await deps.record.read(reader.access, 'Patient', (request.params as { id: string }).id);
    if (!row || row.deleted) throw notFound();
    const clear = nationalId((await seen(deps, reader.access, row)).resource);
    if (clear === null || clear.includes('*')) throw notPermitted();
    await deps.record.transaction(reader.access, { via: 'command' }, async (tx) =>
      tx.audit('identifier.reveal', { patient: row.id, type: 'Patient', id: row.fhirId }),
    );
    return { id: clear };
  });
}

export async function findResidents(
  deps: DeskDeps,
  reader: Reader,
  text: string,
  cursor: string | undefined,
  count: number,
  counted = true,
): Promise<Page<ResidentRow>> {
  const after = cursor === undefined ? null : readCursor(cursor);
  const most = text === '' ? COUNTED_MAX : NAMED_MAX;
  const filter = text === '' ? '' : `${filterOf(text)}&`;
  // Without a sum the record walks along its order; the sum is asked for beside it, and no further than it is shown.
  const [page, total] = await Promise.all([
    deps.record.search(reader.access, 'Patient', after?.query ?? `${filter}_count=${count}`),
    after ? after.total : counted ? countTo(deps, reader, filter, most) : null,
  ]);
  const items = await Promise.all(page.matches.map((row) => seen(deps, reader.access, row)));
  const villages = await namesOf(
    deps,
    reader,
    items.map((each) => each.resource.managingOrganization?.reference),
  );
  const all = total ?? items.length;
  const next = page.next?.split('?')[1];
  return {
    items: items.map(({ resource }) => toRow(resource, villages)),
    next: next === undefined ? null : writeCursor(all, next),
    total: { count: Math.min(all, most), more: all > most },
  };
}

/** How far a sum is told: nobody reads hundreds of namesakes, and counting them costs more than their page. */
const COUNTED_MAX = 999;
const NAMED_MAX = 99;

async function countTo(deps: DeskDeps, reader: Reader, filter: string, most: number): Promise<number> {
  const page = await deps.record.search(reader.access, 'Patient', `${filter}_count=${most + 1}&_elements=id`);
  return page.matches.length;
}

/** All are counted once, at the first page; the pages after it carry the sum along. */
const writeCursor = (total: number, query: string): string => `${total}|${query}`;

function readCursor(text: string): { readonly total: number; readonly query: string } {
  const [, total, query] = /^(\d+)\|(.*)$/s.exec(text) ?? [];
  if (query === undefined) throw bad('cursor', '应为上一页给出的记号', 'should be what the page before gave');
  return { total: Number(total), query };
}

const SPACE_IN_HAN = /(?<=\p{Script=Han})[\s·]+(?=\p{Script=Han})/gu;

/**
 * An ID is looked for exactly (it is stored encrypted). Everything else is a part of a name in characters, or its beginning
 * in pinyin or initials: each end of a Chinese name stands in the index, so that a part of it is found as a beginning.
 */
function filterOf(text: string): string {
  const plain = text.replaceAll(/\s/g, '').toUpperCase();
  return /^\d{14,17}[\dX]$/.test(plain)
    ? `identifier=${searchValue(plain)}`
    : `name=${searchValue(text.replaceAll(SPACE_IN_HAN, ''))}`;
}

function toRow(resource: Json, villages: ReadonlyMap<string, string>): ResidentRow {
  return {
    id: resource.id,
    name: nameIn(resource),
    sex: resource.gender ?? 'unknown',
    birthDate: resource.birthDate ?? null,
    maskedId: masked(nationalId(resource)),
    village: villageOf(resource) ?? villages.get(resource.managingOrganization?.reference) ?? null,
  };
}

const villageOf = (resource: Json): string | null => {
  const address = resource.address?.[0];
  return address?.text ?? ([address?.district, ...(address?.line ?? [])].filter(Boolean).join('') || null);
};

const ID_SYSTEM = /(resident-id|national-id|idcard|2\.16\.156\.10011\.1\.3|id-card)/i;

function nationalId(resource: Json): string | null {
  const all: Json[] = resource.identifier ?? [];
  const found =
    all.find((each) => ID_SYSTEM.test(each.system ?? '')) ??
    all.find((each) => /^[\d*]{14,17}[\dX*]$/.test(each.value ?? ''));
  return found?.value ?? null;
}

/** Everyone sees the ID masked first (4 + 4); the whole one is asked for, and the asking is recorded. */
function masked(id: string | null): string | null {
  if (id === null || id.includes('*')) return id;
  return id.length > 8 ? id.slice(0, 4) + '*'.repeat(id.length - 8) + id.slice(-4) : '*'.repeat(id.length);
}

export async function personHeader(deps: DeskDeps, reader: Reader, id: string): Promise<PersonHeader | null> {
  const row = await deps.record.read(reader.access, 'Patient', id);
  if (!row || row.deleted) return null;
  const { resource } = await seen(deps, reader.access, row);
  const villages = await namesOf(deps, reader, [resource.managingOrganization?.reference]);
  const about = `patient=${encodeURIComponent(id)}&_count=20`;
  const [allergies, coverage] = await Promise.all([
    searchPage(deps, reader.access, 'AllergyIntolerance', about),
    searchPage(deps, reader.access, 'Coverage', `beneficiary=Patient/${encodeURIComponent(id)}&_count=1`),
  ]);
  const flags = await searchPage(deps, reader.access, 'Flag', `${about}&status=active`);
  return {
    ...toRow(resource, villages),
    insurer:
      coverage.items[0]?.resource.type?.text ?? coverage.items[0]?.resource.payor?.[0]?.display ?? null,
    tiers: flags.items.flatMap(({ resource: flag }) => tierOf(flag)),
    allergies: allergies.items
      .map((each) => String(each.resource.code?.text ?? each.resource.code?.coding?.[0]?.display ?? ''))
      .filter(Boolean),
  };
}

/** Risk tiers (红黄绿) are Flags with a colour code. */
function tierOf(flag: Json): PersonHeader['tiers'][number][] {
  const tier = (flag.code?.coding ?? [])
    .map((coding: Json) => coding.code)
    .find((code: string) => ['red', 'yellow', 'green'].includes(code));
  const name = flag.code?.text ?? '';
  return tier ? [{ name: { zh: name, en: name }, tier }] : [];
}

async function residentOf(deps: DeskDeps, reader: Reader, id: string): Promise<Resident> {
  const person = await personHeader(deps, reader, id);
  if (!person) throw closed(deps, reader);
  const masked = person.name.includes('*');
  const breakGlass = masked && mayBreakGlass(deps, reader);
  const [rows, history, readers] = await Promise.all([
    casesAbout(deps.database, `Patient/${id}`),
    historyOf(deps, reader, id),
    readersOf(deps, reader, id),
  ]);
  return { person, breakGlass, cases: await itemsOfCases(deps, reader, rows), history, readers };
}

const mayBreakGlass = (deps: DeskDeps, reader: Reader): boolean =>
  deps.accounts.policy.breakGlass.roles.includes(reader.actor.role);

/** The answer is the same whether the person does not exist or may not be seen. */
function closed(deps: DeskDeps, reader: Reader): RefusalError {
  if (!mayBreakGlass(deps, reader)) return notFound();
  const detail = {
    zh: '您平时不能查看此档案；紧急救治时可凭理由查看',
    en: 'closed to you; in an emergency you may look with a reason',
  };
  return new RefusalError({ code: 'break-glass-needed', detail });
}

async function readersOf(deps: DeskDeps, reader: Reader, patient: string): Promise<Resident['readers']> {
  const found = await deps.accounts.audit(reader.access, { patient, count: READERS });
  if (!found.ok) return [];
  return found.value.events.map((event: Json) => ({
    at: event.recorded,
    who: event.agent?.[0]?.who?.display ?? '',
    org: event.agent?.[0]?.location?.display ?? null,
    why: event.outcomeDesc ? { zh: event.outcomeDesc, en: event.outcomeDesc } : null,
  }));
}
