// Case libraries at the desk: what was reviewed and published, by theme, with who has taken it over.
import type { Act, LibraryCase, LibraryPage } from '@yimai/desk/contract';
import { asList, type Loop } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import { newestLoop, type Programme, type RegisterDeclaration } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { formFor, versionOf } from './acts.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { entriesIn, todayOf } from './field-objects.ts';
import { notFound } from './read-body.ts';
import { readableEntries } from './register-rows.ts';
import { namesOf } from './resources.ts';
import { mayOpen } from './starts.ts';
import { itemsOfCases, programmeHolding } from './work-items.ts';

interface Library {
  readonly programme: Programme;
  /** What was published. */
  readonly register: RegisterDeclaration;
  /** Who took it over, keyed by the published case. */
  readonly adoptions: RegisterDeclaration | null;
  /** The field of the adoptions that names the published case. */
  readonly by: string | null;
  readonly submit: Loop;
}

/** A loop that publishes its case, with title and theme, into a register of its programme: that register is a library. */
export function librariesOf(programme: Programme): Library[] {
  return programme.registers.flatMap((register): Library[] => {
    const { title, theme, summary } = register.fields;
    if (!title || !theme || !summary || register.key[0] !== 'case') return [];
    const submit = programme.loops.find((loop) =>
      loop.declaration.transitions.some((transition) =>
        (transition.do ?? []).some((action) => 'put' in action && action.put === register.id),
      ),
    );
    if (!submit) return [];
    const adoptions = programme.registers.find((one) => one.covers?.register === register.id) ?? null;
    return [{ programme, register, adoptions, by: adoptions?.covers?.field ?? null, submit }];
  });
}

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/libraries/:id', async (request): Promise<LibraryPage> => {
    const reader = await readerOf(deps, request);
    const { id } = request.params as { id: string };
    const library = deps.runtime.programmes.flatMap(librariesOf).find((one) => one.register.id === id);
    if (!library) throw notFound();
    return pageOf(deps, reader, library);
  });
}

async function pageOf(deps: DeskDeps, reader: Reader, library: Library): Promise<LibraryPage> {
  const { programme, register, adoptions, by, submit } = library;
  const today = todayOf(reader);
  const rows = await entriesIn(deps, [register.id, ...(adoptions ? [adoptions.id] : [])], today);
  const readable = await readableEntries(
    deps,
    reader,
    rows.map((row) => row.id),
  );
  const shown = rows.filter((row) => readable.has(row.id));
  const taken = adoptions ? shown.filter((row) => row.register === adoptions.id) : [];
  const names = await namesOf(
    deps,
    reader,
    taken.flatMap((row) => Object.values(row.data).flat().map(String)),
  );
  const cases = shown
    .filter((row) => row.register === register.id)
    .map((row): LibraryCase => {
      const adopters = taken.filter((one) => by !== null && one.data[by] === row.key);
      const mine = adopters.some((one) => Object.values(one.data).includes(reader.actor.organisation));
      return {
        key: row.key,
        title: String(row.data['title'] ?? ''),
        theme: row.data['theme'] ? String(row.data['theme']) : null,
        summary: row.data['summary'] ? String(row.data['summary']) : null,
        since: row.from_date,
        adopters: adopters.map((one) => ({
          name: names.get(String(one.data['institution'] ?? '')) ?? '',
          on: one.from_date,
          note: one.data['note'] ? String(one.data['note']) : null,
        })),
        adopt: mine ? null : adoptAct(deps, reader, library, row.key),
      };
    })
    .sort((a, b) => b.since.localeCompare(a.since) || a.title.localeCompare(b.title, 'zh'));
  return {
    id: register.id,
    name: register.title,
    programme: programmeHolding(deps, (one) => one === programme),
    asOf: reader.now.toISOString(),
    themes: [...new Set(cases.flatMap((one) => one.theme ?? []))],
    cases,
    waiting: await waitingOf(deps, reader, submit),
    submit: mayOpen(submit, reader.actor.role)
      ? {
          programme: `${programme.domain}/${programme.id}`,
          loop: submit.declaration.id,
          name: submit.declaration.title,
        }
      : null,
  };
}

/** The loop that takes a published case over, where the programme has one and the reader may open it. */
function adoptAct(deps: DeskDeps, reader: Reader, library: Library, key: string): Act | null {
  const { adoptions, by, programme } = library;
  if (!adoptions || by === null) return null;
  const found = programme.loops.find((loop) =>
    asList(loop.declaration.open.do).some((action) => 'put' in action && action.put === adoptions.id),
  );
  const newest = found ? newestLoop(deps.runtime, found.declaration.id) : null;
  if (!newest?.ok || !mayOpen(newest.value, reader.actor.role)) return null;
  const loop = newest.value;
  const { form: formId, takes, requires } = loop.opening;
  const asked = takes.filter((name) => name !== by);
  const form = formFor(
    deps,
    formId,
    asked,
    requires.filter((name) => name !== by),
    loop.declaration.fields,
    {},
    reader.now,
  );
  return {
    id: `adopt-${key}`,
    name: loop.declaration.title,
    tone: 'plain',
    form: form?.form ?? null,
    needsReason: false,
    barred: null,
    command: {
      type: 'loop.open',
      payload: { loop: loop.declaration.id, answers: { [by]: key }, ...versionOf(form?.version) },
    },
    answersAs: 'payload',
    nest: Object.fromEntries(asked.map((name) => [name, 'answers'])),
    final: false,
  };
}

async function waitingOf(deps: DeskDeps, reader: Reader, loop: Loop) {
  const { rows } = await deps.database.run<{ id: string }>(sql`select id from loop_case
    where loop = ${loop.declaration.id} and outcome = 'open' order by opened_at, id limit 50`);
  return itemsOfCases(
    deps,
    reader,
    rows.map((row) => ({ case_id: row.id, loop: '', branch: null, since_at: null, due_at: null })),
  );
}
