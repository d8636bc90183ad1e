// Draws and dated lists at the desk: every draw with its seed and pool, so that anyone can repeat it; lists as of a day.
import { randomBytes } from 'node:crypto';
import type { DatedListPage, DrawnOne, DrawPage, DrawRow } from '@yimai/desk/contract';
import { chinaDate } from '@yimai/kit';
import { type DrawDeclaration, SYSTEMS } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { ask, madeAct } from './act-forms.ts';
import { sortName } from './alert-words.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { entriesIn, nameOfEntry, todayOf } from './field-objects.ts';
import { dateOf, notFound } from './read-body.ts';
import { type Json, namesOf, searchPage } from './resources.ts';
import { programmeHolding } from './work-items.ts';

const DRAWS_MAX = 50;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/draws/:id', async (request): Promise<DrawPage> => {
    const reader = await readerOf(deps, request);
    const found = deps.runtime.draws.get((request.params as { id: string }).id);
    if (!found) throw notFound();
    return drawPage(deps, reader, found);
  });
  app.get('/desk/mechanisms/lists/:id', async (request): Promise<DatedListPage> => {
    const reader = await readerOf(deps, request);
    const { id } = request.params as { id: string };
    const list = deps.runtime.lists.get(id);
    if (!list) throw notFound();
    const on = dateOf(request.query as Record<string, unknown>, 'on') ?? chinaDate(reader.now);
    return {
      id,
      name: list.title,
      programme: programmeHolding(deps, (one) => one.lists.some((each) => each.id === id)),
      asOf: reader.now.toISOString(),
      value: list.value,
      source: list.source,
      on,
      rows: [...list.rows]
        .sort((a, b) => a.key.localeCompare(b.key, 'zh') || a.from.localeCompare(b.from))
        .map((row) => ({
          key: row.key,
          name: sortName(row.key),
          from: row.from,
          to: row.to ?? null,
          value: String(row.value),
          state: row.from > on ? 'coming' : row.to !== undefined && row.to < on ? 'over' : 'in-force',
        })),
    };
  });
}

async function drawPage(deps: DeskDeps, reader: Reader, one: DrawDeclaration): Promise<DrawPage> {
  const register = deps.runtime.registers.get(one.from);
  if (!register) throw notFound();
  const rows = await entriesIn(deps, [one.from], todayOf(reader));
  const people = await namesOf(
    deps,
    reader,
    rows.map((row) => row.key),
  );
  const names = new Map(
    rows.map((row) => [row.key, people.get(row.key) ?? nameOfEntry(register, row.data, row.key)]),
  );
  const counts = new Map<string, number>();
  for (const row of rows) {
    const code = String(row.data[one.field] ?? '');
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const field = register.fields[one.field];
  const fields = [...counts].map(([code, count]) => ({
    code,
    count,
    name: field?.codes?.[code]?.zh ?? code,
  }));
  return {
    id: one.id,
    name: one.title,
    programme: programmeHolding(deps, (each) => each.draws.some((draw) => draw.id === one.id)),
    asOf: reader.now.toISOString(),
    register: { id: register.id, name: register.title },
    field: field?.title ?? { zh: one.field, en: one.field },
    ties: one.ties.map((tie) => register.fields[tie]?.title ?? { zh: tie, en: tie }),
    fields,
    pool: rows.length,
    make: one.by.includes(reader.actor.role) ? makeAct(one, fields, field?.title, reader) : null,
    draws: await drawsOf(deps, reader, one, names),
  };
}

function makeAct(
  one: DrawDeclaration,
  fields: DrawPage['fields'],
  title: DrawPage['field'] | undefined,
  reader: Reader,
) {
  return madeAct({
    id: 'draw',
    name: { zh: '抽取', en: 'Draw' },
    type: 'draw.make',
    payload: { draw: one.id, conflicts: [], exclude: [] },
    items: [
      ask('seed', 'text', '随机种子（先公布承诺值，再抽取）', 'Seed (publish its commitment before)', {
        required: true,
      }),
      ask('field', 'choice', title?.zh ?? '类别', title?.en ?? 'Field', {
        options: fields
          .filter((each) => each.code !== '')
          .map((each) => ({
            code: each.code,
            text: { zh: `${each.name}（${each.count}）`, en: `${each.name} (${each.count})` },
          })),
      }),
      ask('count', 'whole', '抽取数', 'How many', { required: true, min: 1 }),
      ask('reserves', 'whole', '候补数', 'Reserves', { min: 0 }),
      ask('conflicts', 'text', '应回避的单位或人员', 'Parties to be avoided', { repeats: true }),
      ask('exclude', 'text', '已抽取或排除的编号', 'Drawn before or excluded', { repeats: true }),
    ],
    prefill: { seed: `${todayOf(reader)}-${randomBytes(6).toString('hex')}`, reserves: 0 },
    final: true,
  });
}

async function drawsOf(
  deps: DeskDeps,
  reader: Reader,
  one: DrawDeclaration,
  names: ReadonlyMap<string, string>,
): Promise<DrawRow[]> {
  const code = encodeURIComponent(`${SYSTEMS.draw}|${one.id}`);
  const query = `code=${code}&_sort=-_lastUpdated&_count=${DRAWS_MAX}`;
  const { items } = await searchPage(deps, reader.access, 'Basic', query);
  const named = (id: string): DrawnOne => ({ id, name: names.get(id) ?? id });
  return items.map(({ resource, row }) => ({
    id: row.fhirId,
    at: row.updatedAt.toISOString(),
    seed: valuesOf(resource, 'seed')[0] ?? '',
    commitment: valuesOf(resource, 'commitment')[0] ?? '',
    pool: valuesOf(resource, 'pool'),
    chosen: valuesOf(resource, 'chosen').map(named),
    reserves: valuesOf(resource, 'reserve').map(named),
    excluded: valuesOf(resource, 'excluded').map((text) => {
      const at = text.lastIndexOf(': ');
      return { ...named(text.slice(0, at)), code: text.slice(at + 2) };
    }),
  }));
}

/** Values of a named field that an engine wrote into a Basic. */
export function valuesOf(resource: Json, name: string): string[] {
  return (resource.extension ?? []).flatMap((one: Json) => {
    const parts: Json[] = one.extension ?? [];
    if (parts.find((part) => part.url === 'name')?.valueCode !== name) return [];
    const value = parts.find((part) => part.url === 'value');
    const found = value?.valueString ?? value?.valueDecimal ?? value?.valueBoolean;
    return found === undefined ? [] : [String(found)];
  });
}
