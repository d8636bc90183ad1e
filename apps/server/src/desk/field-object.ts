// One object as the person standing before it needs it: its file, what is due, what may be opened, its whole story.
import type { AnswerLine, FieldCheck, FieldObject, FormOfAct } from '@yimai/desk/contract';
import { compileExpression } from '@yimai/forms';
import type { CaseData, Loop } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import { currentForm, newestLoop, periodOf, type RecurringDeclaration } from '@yimai/runtime';
import { declarationOf, formFor, versionOf, wrap } from './acts.ts';
import { type CodeWords, codesOfRegister } from './code-words.ts';
import type { DeskDeps, Reader } from './desk-deps.ts';
import {
  entriesIn,
  gradesOf,
  type Home,
  homesOf,
  planStates,
  plansFor,
  stopOf,
  todayOf,
} from './field-objects.ts';
import { storyOf } from './object-story.ts';
import { notFound } from './read-body.ts';
import { cellWords, type EntryRow, readableEntries, referencesOf } from './register-rows.ts';
import { namesOf } from './resources.ts';
import { mayOpen } from './starts.ts';
import { itemsOfCases } from './work-items.ts';
import type { CaseRow } from './work-rows.ts';

export async function fieldObjectOf(
  deps: DeskDeps,
  reader: Reader,
  register: string,
  key: string,
): Promise<FieldObject> {
  const home = homesOf(deps).find((one) => one.register.id === register);
  if (!home) throw notFound();
  const today = todayOf(reader);
  const [row] = await entriesIn(deps, [register], today, key);
  if (!row || !(await readableEntries(deps, reader, [row.id])).has(row.id)) throw notFound();
  const domain = home.programme.domain;
  const [grades, cases, checks, story, names] = await Promise.all([
    gradesOf(deps, domain, today, key),
    openCases(deps, reader, key),
    checksOf(deps, reader, home, key, today),
    storyOf(deps, reader, domain, home.register, key),
    namesOf(deps, reader, referencesOf(home.register, [row])),
  ]);
  const due = checks.filter((check) => check.due);
  return {
    stop: stopOf(home, row, { grade: grades.get(key) ?? null, checks: due, cases }),
    about: `Basic/${row.id}`,
    facts: factsOf(home, row, names, codesOfRegister(deps, home.register.id)),
    checks,
    openings: openingsFor(deps, reader, home, row),
    story,
    asOf: reader.now.toISOString(),
  };
}

function factsOf(
  home: Home,
  row: EntryRow,
  names: ReadonlyMap<string, string>,
  codes: CodeWords,
): AnswerLine[] {
  return Object.entries(home.register.fields).flatMap(([name, field]) => {
    const value = cellWords({ register: home.register, codes }, name, row.data, names);
    return value === null || name === 'latitude' || name === 'longitude'
      ? []
      : [{ label: field.title, value }];
  });
}

async function openCases(deps: DeskDeps, reader: Reader, key: string) {
  const { rows } = await deps.database.run<CaseRow>(sql`select c.id as case_id, c.loop, null::text as branch,
      null::timestamptz as since_at, null::timestamptz as due_at
    from loop_case c where c.subject = ${key} and c.outcome = 'open' order by c.opened_at, c.id limit 30`);
  return itemsOfCases(deps, reader, rows);
}

/** Work that the reader does on this object, due or not; one form may settle several of them. */
async function checksOf(
  deps: DeskDeps,
  reader: Reader,
  home: Home,
  key: string,
  today: string,
): Promise<FieldCheck[]> {
  const plans = plansFor(deps, home.programme.domain, reader.actor.role);
  const states = await planStates(deps, plans, today, [key]);
  const facts = await entriesIn(deps, [...new Set(plans.map((plan) => plan.objects))], today, key);
  return plans.flatMap((plan): FieldCheck[] => {
    const data = facts.find((one) => one.register === plan.objects)?.data;
    if (!data || !isFor(plan, data, today)) return [];
    const state = states.get(`${plan.id}|${key}`);
    const form = formOf(deps, reader, plan, key);
    const planned = state?.planned ?? false;
    return [
      {
        plan: plan.id,
        every: plan.every,
        title: plan.title,
        dueOn: periodOf(plan.every, today).to,
        missed: state?.missed ?? 0,
        due: state?.doneAt == null && (plan.every !== 'once' || planned),
        doneAt: state?.doneAt?.toISOString() ?? null,
        planned,
        act: {
          id: plan.id,
          name: plan.title,
          tone: 'main',
          form: form?.form ?? null,
          needsReason: false,
          barred: null,
          command: {
            type: 'recurring.done',
            payload: { plan: plan.id, object: key, on: today, ...versionOf(form?.version), answers: {} },
          },
          answersAs: 'answers',
          final: false,
        },
      },
    ];
  });
}

function isFor(plan: RecurringDeclaration, data: CaseData, today: string): boolean {
  const when = plan.when === undefined ? null : compileExpression(plan.when, () => true);
  return when === null || (when.ok && when.value({ data, today }) === true);
}

function formOf(
  deps: DeskDeps,
  reader: Reader,
  plan: RecurringDeclaration,
  key: string,
): { form: FormOfAct; version: string } | null {
  if (plan.form === undefined) return null;
  const form = currentForm(deps.runtime, plan.form, reader.now);
  if (!form.ok) return null;
  return { form: wrap(declarationOf(form.value), {}, { object: key }), version: form.value.version };
}

/** Loops of the domain that are about an object and that the reader may open, filled with what its file knows. */
function openingsFor(deps: DeskDeps, reader: Reader, home: Home, row: EntryRow): FieldObject['openings'] {
  const programmes = deps.runtime.programmes.filter((one) => one.domain === home.programme.domain);
  return programmes.flatMap((programme) => {
    const ids = [...new Set(programme.loops.map((loop) => loop.declaration.id))];
    return ids.flatMap((id) => {
      const newest = newestLoop(deps.runtime, id);
      if (!newest.ok || !mayOpen(newest.value, reader.actor.role) || !takesObject(newest.value)) return [];
      const loop = newest.value;
      const known = { ...loop.defaults, ...knownOf(loop, row), object: row.key };
      const { form: formId, takes, requires } = loop.opening;
      const asked = formFor(deps, formId, takes, requires, loop.declaration.fields, known, reader.now);
      return [
        {
          name: loop.declaration.title,
          programme: programme.title,
          act: {
            id: id,
            name: loop.declaration.title,
            tone: 'plain' as const,
            form: asked?.form ?? null,
            needsReason: false,
            barred: null,
            command: { type: 'loop.open', payload: { loop: id, ...versionOf(asked?.version) } },
            answersAs: 'answers' as const,
            final: false,
          },
        },
      ];
    });
  });
}

const takesObject = (loop: Loop): boolean =>
  loop.declaration.fields['object']?.type === 'text' && loop.opening.takes.includes('object');

/** Fields of the loop that the object's file answers by the same name; `place` is where it stands. */
function knownOf(loop: Loop, row: EntryRow): CaseData {
  const data: CaseData = { ...row.data, place: row.data['address'] ?? row.data['name'] ?? null };
  return Object.fromEntries(
    Object.keys(loop.declaration.fields).flatMap((name) => {
      const value = data[name];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
}
