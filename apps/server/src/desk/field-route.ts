// The day of those who go out: which objects wait for a visit, why, and which of them first.
import type { FieldRoute, Stop, WorkItem } from '@yimai/desk/contract';
import { compileExpression } from '@yimai/forms';
import { sql } from '@yimai/postgres';
import type { RecurringDeclaration } from '@yimai/runtime';
import type { DeskDeps, Reader } from './desk-deps.ts';
import {
  answersFor,
  dueCheck,
  entriesIn,
  gradesOf,
  type Home,
  homesOf,
  inNaturalOrder,
  planStates,
  plansFor,
  stopOf,
  todayOf,
} from './field-objects.ts';
import { type EntryRow, readableEntries } from './register-rows.ts';
import { itemsOfCases } from './work-items.ts';
import { workRows } from './work-rows.ts';

export interface RouteQuery {
  readonly plans: readonly string[] | null;
  readonly grid: string | null;
  readonly everyone: boolean;
}

const STOPS_MAX = 120;
const CASES_MAX = 200;

interface Candidate {
  readonly home: Home;
  readonly row: EntryRow;
  readonly stop: Stop;
}

export async function routeOf(deps: DeskDeps, reader: Reader, query: RouteQuery): Promise<FieldRoute> {
  const today = todayOf(reader);
  const cases = await casesByObject(deps, reader);
  const plans: FieldRoute['plans'][number][] = [];
  const found: Candidate[] = [];
  for (const home of homesOf(deps)) {
    const domain = home.programme.domain;
    const own = plansFor(deps, domain, reader.actor.role);
    const [rows, grades, states] = await Promise.all([
      entriesIn(deps, [home.register.id], today),
      gradesOf(deps, domain, today),
      planStates(deps, own, today),
    ]);
    const named = rows.some((row) => answersFor(home.register, row.data) === reader.actor.person);
    const mine = rows.filter(
      (row) =>
        cases.has(row.key) ||
        query.everyone ||
        !named ||
        answersFor(home.register, row.data) === reader.actor.person,
    );
    const due = await dueObjects(deps, own, today);
    const chosen = own.filter((plan) => isChosen(plan, query));
    plans.push(
      ...own.map((plan) => {
        const keys = mine.filter(
          (row) =>
            due.get(plan.id)?.has(row.key) &&
            (plan.every !== 'once' || states.get(`${plan.id}|${row.key}`)?.planned === true),
        );
        const of = keys.map((row) => states.get(`${plan.id}|${row.key}`));
        return {
          id: plan.id,
          title: plan.title,
          chosen: chosen.includes(plan),
          due: keys.length,
          done: of.filter((state) => state?.doneAt != null).length,
          missed: of.filter((state) => (state?.missed ?? 0) > 0).length,
        };
      }),
    );
    for (const row of mine) {
      const checks = chosen.flatMap((plan) => {
        if (!due.get(plan.id)?.has(row.key)) return [];
        return dueCheck(plan, states.get(`${plan.id}|${row.key}`), today) ?? [];
      });
      const open = cases.get(row.key) ?? [];
      if (checks.length === 0 && open.length === 0) continue;
      const grade = grades.get(row.key) ?? null;
      found.push({ home, row, stop: stopOf(home, row, { grade, checks, cases: open }) });
    }
  }
  return answerOf(deps, reader, query, plans, found);
}

async function answerOf(
  deps: DeskDeps,
  reader: Reader,
  query: RouteQuery,
  plans: FieldRoute['plans'],
  found: readonly Candidate[],
): Promise<FieldRoute> {
  const byGrid = new Map<string, number>();
  for (const { stop } of found) if (stop.grid) byGrid.set(stop.grid, (byGrid.get(stop.grid) ?? 0) + 1);
  const inGrid = found.filter(({ stop }) => query.grid === null || stop.grid === query.grid);
  const first = [...inGrid]
    .sort(
      (a, b) =>
        urgencyOf(b.stop) - urgencyOf(a.stop) ||
        inNaturalOrder(a.stop.grid ?? '', b.stop.grid ?? '') ||
        (a.stop.key < b.stop.key ? -1 : 1),
    )
    .slice(0, STOPS_MAX);
  const readable = await readableEntries(
    deps,
    reader,
    first.map(({ row }) => row.id),
  );
  return {
    asOf: reader.now.toISOString(),
    today: todayOf(reader),
    mine: !query.everyone,
    plans,
    grids: [...byGrid]
      .map(([name, stops]) => ({ name, stops }))
      .sort((a, b) => inNaturalOrder(a.name, b.name)),
    stops: first.flatMap(({ stop, row }) => (readable.has(row.id) ? [stop] : [])),
    waiting: inGrid.length,
  };
}

/** Late cases first, then cases, then work that earlier periods missed, then what is due. */
const urgencyOf = (stop: Stop): number => {
  if (stop.cases.some((item) => item.state.kind === 'late' || item.state.kind === 'critical')) return 3;
  if (stop.cases.length > 0) return 2;
  return stop.checks.some((check) => check.missed > 0) ? 1 : 0;
};

/** What a place does by itself each day is no reason for a visit, unless it is asked for. */
const isChosen = (plan: RecurringDeclaration, query: RouteQuery): boolean =>
  query.plans === null ? plan.every !== 'day' : query.plans.includes(plan.id);

/** Keys of the objects that each plan is for today. */
async function dueObjects(
  deps: DeskDeps,
  plans: readonly RecurringDeclaration[],
  today: string,
): Promise<Map<string, Set<string>>> {
  const rows = await entriesIn(deps, [...new Set(plans.map((plan) => plan.objects))], today);
  return new Map(
    plans.map((plan) => {
      const when = plan.when === undefined ? null : compileExpression(plan.when, () => true);
      const keys = rows.filter(
        (row) =>
          row.register === plan.objects &&
          (when === null || (when.ok && when.value({ data: row.data, today }) === true)),
      );
      return [plan.id, new Set(keys.map((row) => row.key))];
    }),
  );
}

/** The cases that wait for the reader and are about an object, by its key. */
async function casesByObject(deps: DeskDeps, reader: Reader): Promise<Map<string, WorkItem[]>> {
  const { rows } = await workRows(
    deps.database,
    reader.actor,
    { tab: 'mine', sort: 'deadline' },
    reader.now,
    CASES_MAX,
  );
  const ids = rows.map((row) => row.case_id);
  const { rows: about } = await deps.database.run<{ id: string; subject: string }>(sql`select id, subject
    from loop_case where id = any(${ids}::text[]) and subject is not null`);
  const subjects = new Map(about.map((row) => [row.id, row.subject]));
  const items = await itemsOfCases(
    deps,
    reader,
    rows.filter((row) => subjects.has(row.case_id)),
  );
  const found = new Map<string, WorkItem[]>();
  for (const item of items) {
    const key = subjects.get(item.id) ?? '';
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return found;
}
