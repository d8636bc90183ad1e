// Recurring work at the desk: each period with due, done and overdue, and the objects of one period.
import type { DueLine, PeriodLine, RecurringPage } from '@yimai/desk/contract';
import { and, sql } from '@yimai/postgres';
import { currentForm, periodOf, type RecurringDeclaration } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { ask, madeAct } from './act-forms.ts';
import { declarationOf, versionOf, wrap } from './acts.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { homesOf, nameOfEntry, todayOf } from './field-objects.ts';
import { notFound } from './read-body.ts';
import { readableEntries } from './register-rows.ts';
import { namesOf } from './resources.ts';
import { programmeHolding } from './work-items.ts';

const PERIODS = 14;
const PAGE = 100;

interface Asked {
  readonly period?: string;
  readonly only?: string;
  readonly cursor?: string;
}

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/recurring/:id', async (request): Promise<RecurringPage> => {
    const reader = await readerOf(deps, request);
    const plan = deps.runtime.recurring.get((request.params as { id: string }).id);
    if (!plan) throw notFound();
    return pageOf(deps, reader, plan, request.query as Asked);
  });
}

async function pageOf(
  deps: DeskDeps,
  reader: Reader,
  plan: RecurringDeclaration,
  asked: Asked,
): Promise<RecurringPage> {
  const today = todayOf(reader);
  const periods = await periodsOf(deps, plan, today);
  const current = periodOf(plan.every, today);
  const period = periods.find((one) => one.name === (asked.period ?? current.name)) ?? {
    ...current,
    due: 0,
    done: 0,
    overdue: 0,
  };
  const only = asked.only === 'done' || asked.only === 'all' ? asked.only : 'open';
  const { items, next } = await linesOf(deps, reader, plan, {
    period: period.name,
    only,
    today,
    after: asked.cursor,
  });
  const mine = plan.by.includes(reader.actor.role);
  return {
    id: plan.id,
    name: plan.title,
    programme: programmeHolding(deps, (one) => one.recurring.some((each) => each.id === plan.id)),
    asOf: reader.now.toISOString(),
    every: plan.every,
    register: {
      id: plan.objects,
      name: deps.runtime.registers.get(plan.objects)?.title ?? { zh: '', en: '' },
    },
    period,
    periods,
    only,
    items,
    next,
    plan: mine
      ? madeAct({
          id: 'generate',
          name: { zh: '排定本期', en: 'List this period' },
          type: 'recurring.generate',
          payload: { plan: plan.id, on: today },
          tone: 'plain',
        })
      : null,
    report: mine ? reportAct(deps, reader, plan, today) : null,
  };
}

async function periodsOf(deps: DeskDeps, plan: RecurringDeclaration, today: string): Promise<PeriodLine[]> {
  const { rows } =
    await deps.database.run<PeriodLine>(sql`select period as name, min(due_date)::text as "from",
      max(due_date)::text as "to", count(*)::int as due, count(done_at)::int as done,
      (count(*) filter (where done_at is null and due_date < ${today}::date))::int as overdue
    from recurring_due where plan = ${plan.id} group by period order by max(due_date) desc limit ${PERIODS}`);
  return rows.map((row) => ({
    ...row,
    from: plan.every === 'once' ? row.from : periodOf(plan.every, row.to).from,
  }));
}

interface LineQuery {
  readonly period: string;
  readonly only: RecurringPage['only'];
  readonly today: string;
  readonly after: string | undefined;
}

interface LineRow {
  readonly object: string;
  readonly due_date: string;
  readonly done_at: Date | null;
  readonly entry: string | null;
  readonly register: string | null;
  readonly data: Record<string, never> | null;
}

async function linesOf(
  deps: DeskDeps,
  reader: Reader,
  plan: RecurringDeclaration,
  query: LineQuery,
): Promise<{ items: DueLine[]; next: string | null }> {
  // The object's own file says its name; a register keyed by `object` only speaks about it.
  const domain = deps.runtime.programmes.find((one) => one.recurring.includes(plan))?.domain;
  const homes = homesOf(deps).filter((home) => home.programme.domain === domain);
  const registers = [...homes.map((home) => home.register.id), plan.objects];
  const parts = [
    sql`d.plan = ${plan.id}`,
    sql`d.period = ${query.period}`,
    sql`d.object > ${query.after ?? ''}`,
  ];
  if (query.only === 'open') parts.push(sql`d.done_at is null`);
  if (query.only === 'done') parts.push(sql`d.done_at is not null`);
  const { rows } =
    await deps.database.run<LineRow>(sql`select d.object, d.due_date::text as due_date, d.done_at,
      e.id as entry, e.register, e.data
    from recurring_due d left join lateral (select id, register, data from register_entry
      where key = d.object and register = any(${registers}::text[]) and to_date is null
      order by array_position(${registers}::text[], register) limit 1) e on true
    where ${and(parts)} order by d.object limit ${PAGE}`);
  const readable = await readableEntries(
    deps,
    reader,
    rows.flatMap((row) => row.entry ?? []),
  );
  const names = await namesOf(
    deps,
    reader,
    rows.map((row) => row.object),
  );
  const items = rows
    .filter((row) => row.entry === null || readable.has(row.entry))
    .map((row): DueLine => {
      const declared = row.register ? deps.runtime.registers.get(row.register) : undefined;
      const named = declared && row.data ? nameOfEntry(declared, row.data, row.object) : row.object;
      const grid = row.data?.['grid'] as unknown;
      return {
        key: row.object,
        name: names.get(row.object) ?? named,
        place: typeof grid === 'string' ? grid : null,
        dueOn: row.due_date,
        doneAt: row.done_at?.toISOString() ?? null,
        late: row.done_at === null && row.due_date < query.today,
      };
    });
  return { items, next: rows.length === PAGE ? (rows.at(-1)?.object ?? null) : null };
}

function reportAct(deps: DeskDeps, reader: Reader, plan: RecurringDeclaration, today: string) {
  const form = plan.form === undefined ? null : currentForm(deps.runtime, plan.form, reader.now);
  const name = { zh: '登记完成', en: 'Report as done' };
  const payload = { plan: plan.id, on: today, answers: {} };
  if (!form?.ok)
    return madeAct({
      id: 'done',
      name,
      type: 'recurring.done',
      payload,
      items: [ask('on', 'date', '完成日期', 'Done on', { required: true })],
      prefill: { on: today },
    });
  return {
    ...madeAct({
      id: 'done',
      name,
      type: 'recurring.done',
      payload: { ...payload, ...versionOf(form.value.version) },
    }),
    form: wrap(declarationOf(form.value), {}, {}),
    answersAs: 'answers' as const,
  };
}
