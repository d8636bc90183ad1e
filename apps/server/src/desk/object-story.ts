// The whole story of one object: entries of every register about it, checks with their photos, cases, grades; newest first.
import type { AnswerLine, FileRef, Said, StoryEntry, Text } from '@yimai/desk/contract';
import { sql } from '@yimai/postgres';
import { type RegisterDeclaration, SYSTEMS } from '@yimai/runtime';
import { inWords, photosOf } from './case.ts';
import { type CodeWords, codesOfRegister } from './code-words.ts';
import type { DeskDeps, Reader } from './desk-deps.ts';
import { aboutRegisters } from './field-objects.ts';
import { cellWords, type EntryRow, readableEntries, referencesOf } from './register-rows.ts';
import { byIds, type Json, namesOf, searchPage } from './resources.ts';
import { openedCase, toItem } from './work-items.ts';

const EACH = 60;
const GRADE_FIELD = 'tier';
const REGISTER_ENTRY = { zh: '登记', en: 'entry' } satisfies Text;

export async function storyOf(
  deps: DeskDeps,
  reader: Reader,
  domain: string,
  home: RegisterDeclaration,
  key: string,
): Promise<StoryEntry[]> {
  const parts = await Promise.all([
    entriesAbout(deps, reader, domain, home, key),
    checksOf(deps, reader, domain, key),
    casesOf(deps, reader, domain, key),
  ]);
  return parts.flat().sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id));
}

/** A computed number with one digit after the point, as people say it. */
const shortened = (value: Said): Said =>
  typeof value === 'string' && /^\d+\.\d{3,}$/.test(value) ? Number(value).toFixed(1) : value;

type Row = EntryRow & { readonly register: string };

async function entriesAbout(
  deps: DeskDeps,
  reader: Reader,
  domain: string,
  home: RegisterDeclaration,
  key: string,
): Promise<StoryEntry[]> {
  const about = aboutRegisters(deps, domain);
  const { rows } = await deps.database.run<Row>(sql`select id, register, key, from_date::text as from_date,
      to_date::text as to_date, data
    from register_entry where (register = ${home.id} and key = ${key})
      or (register = any(${about.map((one) => one.id)}::text[]) and data ->> 'object' = ${key})
    order by from_date desc, id desc limit ${EACH}`);
  const readable = await readableEntries(
    deps,
    reader,
    rows.map((row) => row.id),
  );
  const shown = rows.filter((row) => readable.has(row.id));
  const registers = new Map([home, ...about].map((one) => [one.id, one]));
  const names = await namesOf(
    deps,
    reader,
    shown.flatMap((row) => referencesOf(registers.get(row.register)!, [row])),
  );
  return shown.map((row) =>
    entryStory(registers.get(row.register)!, row, names, codesOfRegister(deps, row.register)),
  );
}

function entryStory(
  register: RegisterDeclaration,
  row: Row,
  names: ReadonlyMap<string, string>,
  codes: CodeWords,
): StoryEntry {
  const answers = Object.entries(register.fields).flatMap(([name, field]): AnswerLine[] => {
    const value =
      name === 'object' || name === 'case' ? null : cellWords({ register, codes }, name, row.data, names);
    return value === null ? [] : [{ label: field.title, value: shortened(value) }];
  });
  const caseOf = row.data['case'];
  return {
    id: row.id,
    at: `${row.from_date}T00:00:00+08:00`,
    kind: register.fields[GRADE_FIELD] ? 'grade' : 'entry',
    title: {
      zh: `${register.title.zh} · ${REGISTER_ENTRY.zh}`,
      en: `${register.title.en} · ${REGISTER_ENTRY.en}`,
    },
    who: null,
    note: null,
    answers,
    files: [],
    state: null,
    link:
      typeof caseOf === 'string' && caseOf !== ''
        ? { kind: 'case', id: caseOf.replace(/^Task\//, '') }
        : null,
  };
}

/** Recurring work done on the object: who, when, what was found, with photos and signature. */
async function checksOf(deps: DeskDeps, reader: Reader, domain: string, key: string): Promise<StoryEntry[]> {
  const query = `group-identifier=${encodeURIComponent(`${SYSTEMS.workObject}|${key}`)}&_sort=-modified&_count=${EACH}`;
  const { items } = await searchPage(deps, reader.access, 'Task', query);
  const plans = new Map(
    deps.runtime.programmes
      .filter((one) => one.domain === domain)
      .flatMap((one) => one.recurring)
      .map((plan) => [plan.id, plan]),
  );
  const tasks = items.flatMap(({ resource, row }) => {
    const plan = plans.get(String(resource.code?.coding?.[0]?.code));
    return plan ? [{ task: resource as Json, plan, at: row.updatedAt }] : [];
  });
  const responses = tasks.flatMap(({ task }) => String(task.focus?.reference ?? '').split('/')[1] ?? []);
  // Answers given with the work belong to it: who may read the work reads them.
  const answered = await byIds(deps, deps.record.systemAccess(), 'QuestionnaireResponse', responses);
  const houses = await namesOf(deps, reader, [
    ...tasks.map(({ task }) => task.requester?.reference),
    ...[...answered.values()].map((one) => one.resource.author?.reference),
  ]);
  return tasks.map(({ task, plan, at }): StoryEntry => {
    const response = answered.get(String(task.focus?.reference ?? '').split('/')[1] ?? '')?.resource;
    const given = response ? inWords(deps, response, new Map()) : { lines: [], files: [] as FileRef[] };
    const author = houses.get(response?.author?.reference ?? '');
    const house = houses.get(task.requester?.reference ?? '');
    return {
      id: task.id,
      at: at.toISOString(),
      kind: 'check',
      title: plan.title,
      who: [author, author === house ? undefined : house].filter(Boolean).join(' · ') || null,
      note: null,
      answers: given.lines,
      files: given.files,
      state: null,
      link: null,
    };
  });
}

async function casesOf(deps: DeskDeps, reader: Reader, domain: string, key: string): Promise<StoryEntry[]> {
  const loops = deps.runtime.programmes
    .filter((one) => one.domain === domain)
    .flatMap((one) => one.loops.map((loop) => loop.declaration.id));
  const { rows } = await deps.database.run<{
    id: string;
  }>(sql`select id from loop_case where subject = ${key} and loop = any(${loops}::text[])
    order by opened_at desc, id limit ${EACH}`);
  const tasks = await byIds(
    deps,
    reader.access,
    'Task',
    rows.map((row) => row.id),
  );
  return [...tasks.values()].flatMap(({ resource, row }): StoryEntry[] => {
    const each = openedCase(deps, resource, row.version);
    if (!each) return [];
    const item = toItem(deps, reader, each, new Map());
    return [
      {
        id: item.id,
        at: item.openedAt,
        kind: 'case',
        title: item.loop.name,
        who: null,
        note: item.title,
        answers: [],
        files: photosOf(each),
        state: { kind: item.state.kind, name: item.state.name },
        link: { kind: 'case', id: item.id },
      },
    ];
  });
}
