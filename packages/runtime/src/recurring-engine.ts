// Recurring work: what is due for each object in each period, what was done, what is late.
import { compileExpression } from '@yimai/forms';
import { addDays, addMonths, chinaDate, type LocalDate, ok, type Result, refuse, uuidv7 } from '@yimai/kit';
import { type Actor, type CaseData, dayOfDate } from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx, Resource } from '@yimai/record';
import { mustHoldRole } from './actor.ts';
import { declared, type RuntimeContext, SYSTEMS } from './context.ts';
import { storeForm } from './form-store.ts';
import { handler } from './handler.ts';
import type { RecurringDeclaration } from './programme.ts';
import { data, date, optionalText, text } from './read-payload.ts';

export interface Period {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** The period that a day belongs to: the day, the week from Monday, the month, the quarter, the year. */
export function periodOf(every: RecurringDeclaration['every'], on: string): Period {
  const day = on as LocalDate;
  if (every === 'once') return { name: 'once', from: on, to: on };
  if (every === 'day') return { name: on, from: on, to: on };
  if (every === 'week') {
    const weekday = (dayOfDate(day) + 3) % 7;
    const from = addDays(day, -weekday);
    return { name: `week-${from}`, from, to: addDays(from, 6) };
  }
  const month = Number(on.slice(5, 7));
  const first = every === 'month' ? month : every === 'quarter' ? month - ((month - 1) % 3) : 1;
  const length = every === 'month' ? 1 : every === 'quarter' ? 3 : 12;
  const from = `${on.slice(0, 4)}-${String(first).padStart(2, '0')}-01` as LocalDate;
  const name = every === 'year' ? on.slice(0, 4) : `${every}-${from.slice(0, 7)}`;
  return { name, from, to: addDays(addMonths(from, length), -1) };
}

/** Makes the due list of the period that holds `on`, for the objects of that day; made again it adds what is missing. */
async function generate(tx: RecordTx, plan: RecurringDeclaration, on: string): Promise<Result<unknown>> {
  const period = periodOf(plan.every, on);
  const when = plan.when === undefined ? undefined : compileExpression(plan.when, () => true);
  if (when && !when.ok) return when;
  const { rows } = await tx.run<{ key: string; data: CaseData }>(sql`select key, data from register_entry
    where register = ${plan.objects} and from_date <= ${on}::date and (to_date is null or to_date >= ${on}::date)
    order by key`);
  const keys = rows
    .filter((row) => !when || when.value({ data: row.data, today: on }) === true)
    .map((row) => row.key);
  const { rowCount } = await tx.run(sql`insert into recurring_due (id, plan, object, period, due_date)
    select ${plan.id} || '|' || ${period.name} || '|' || k, ${plan.id}, k, ${period.name}, ${period.to}::date
    from unnest(${[...new Set(keys)]}::text[]) as k on conflict (plan, object, period) do nothing`);
  return ok({ period: period.name, objects: keys.length, added: rowCount });
}

interface Done {
  readonly object: string;
  readonly on: string;
  readonly answers: CaseData;
  readonly formVersion: string | undefined;
}

/** Work done for an object on a day. Done twice in one period counts once; work that was not due is kept as an extra. */
async function done(
  context: RuntimeContext,
  tx: RecordTx,
  plan: RecurringDeclaration,
  work: Done,
  actor: Actor,
): Promise<Result<unknown>> {
  if (work.on > chinaDate(tx.recordedAt)) {
    return refuse(
      'date-in-future',
      { zh: '完成日期在将来', en: 'the day is in the future' },
      { at: 'payload.on' },
    );
  }
  const period = periodOf(plan.every, work.on);
  const stored = plan.form
    ? await storeForm(
        context,
        tx,
        { form: plan.form, version: work.formVersion, answers: work.answers, subject: undefined },
        actor,
      )
    : ok(undefined);
  if (!stored.ok) return stored;
  const { rows } = await tx.run<{ first: boolean }>(sql`with found as (
      select id, done_at from recurring_due where plan = ${plan.id} and object = ${work.object} and period = ${period.name} for update),
    changed as (update recurring_due d set done_at = ${tx.recordedAt}::timestamptz, owner_org = ${actor.organisation}
      from found where d.id = found.id and found.done_at is null)
    select done_at is null as first from found`);
  const id = uuidv7(tx.recordedAt.getTime());
  const response = stored.value?.id;
  const task = {
    resourceType: 'Task',
    id,
    groupIdentifier: { system: SYSTEMS.workObject, value: work.object },
    status: 'completed',
    intent: 'order',
    instantiatesUri: `${SYSTEMS.extension}recurring/${plan.id}`,
    code: {
      coding: [{ system: `${SYSTEMS.extension}recurring`, code: plan.id, display: plan.title.zh }],
      text: plan.title.zh,
    },
    description: `${plan.title.zh} ${work.object} ${period.name}`,
    ...(/^Organization\//.test(actor.organisation) ? { requester: { reference: actor.organisation } } : {}),
    executionPeriod: { start: work.on, end: work.on },
    ...(response === undefined ? {} : { focus: { reference: `QuestionnaireResponse/${response}` } }),
  };
  await tx.create(task as unknown as Resource, { id, engine: 'recurring' });
  const outcome = rows[0] === undefined ? 'extra' : rows[0].first ? 'done' : 'again';
  return ok({
    task: id,
    period: period.name,
    outcome,
    ...(stored.value ? { values: stored.value.values } : {}),
  });
}

export function recurringCommands(context: RuntimeContext): CommandHandler<never>[] {
  const planOf = (tx: RecordTx, id: string): Result<RecurringDeclaration> => {
    const found = declared(context.recurring, id, 'payload.plan');
    if (!found.ok) return found;
    const allowed = mustHoldRole(tx, found.value.by);
    return allowed.ok ? found : allowed;
  };
  return [
    handler('recurring.generate', { plan: text, on: date }, async (tx, { plan, on }) => {
      const found = planOf(tx, plan);
      return found.ok ? generate(tx, found.value, on) : found;
    }),
    handler(
      'recurring.done',
      { plan: text, object: text, on: date, answers: data, formVersion: optionalText },
      async (tx, payload, actor) => {
        const found = planOf(tx, payload.plan);
        return found.ok ? done(context, tx, found.value, payload, actor) : found;
      },
    ),
  ];
}

export interface Completion {
  readonly plan: string;
  readonly due: number;
  readonly done: number;
  readonly overdue: number;
}

/** Done and due of each plan over the periods that end in a span of days. */
export async function completion(
  database: Database,
  plans: readonly string[],
  from: string,
  to: string,
  today: string,
): Promise<Completion[]> {
  const { rows } =
    await database.run<Completion>(sql`select plan, count(*)::int as due, count(done_at)::int as done,
      (count(*) filter (where done_at is null and due_date < ${today}::date))::int as overdue
    from recurring_due where plan = any(${[...plans]}::text[]) and due_date between ${from}::date and ${to}::date
    group by plan order by plan`);
  return rows;
}

export async function overdueObjects(database: Database, plan: string, today: string): Promise<string[]> {
  const { rows } = await database.run<{ object: string }>(sql`select distinct object from recurring_due
    where plan = ${plan} and done_at is null and due_date < ${today}::date order by object`);
  return rows.map((row) => row.object);
}
