// Alerts: a reading outside its limit opens one case, not one for each reading; silence is an alert of its own.
import { compileExpression } from '@yimai/forms';
import { chinaDate, ok, type Result, refuse } from '@yimai/kit';
import { type Actor, after, before, type CaseData, parseSpan, SYSTEM } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx } from '@yimai/record';
import { declared, type RuntimeContext } from './context.ts';
import type { DueHandler } from './due-runner.ts';
import { handler } from './handler.ts';
import { openCase } from './loop-engine.ts';
import type { AlertDeclaration } from './programme.ts';
import { data, text } from './read-payload.ts';

interface OpenAlert {
  case_id: string | null;
  readings: number;
}

async function reading(
  context: RuntimeContext,
  tx: RecordTx,
  alert: AlertDeclaration,
  object: string,
  values: CaseData,
): Promise<Result<unknown>> {
  await lockGate(tx, alert, object);
  const facts = await objectFacts(tx, object);
  const test = compileExpression(alert.when, () => true);
  if (!test.ok) return test;
  await listenOn(context, tx, alert, object);
  const abnormal = test.value({ reading: values, object: facts }) === true;
  const { rows } = await tx.run<OpenAlert>(sql`select case_id, readings from alert_open
    where rule = ${alert.id} and object = ${object} for update`);
  const standing = rows[0];
  if (!abnormal) {
    if (standing) await tx.run(sql`delete from alert_open where rule = ${alert.id} and object = ${object}`);
    return ok({ alert: null, ended: standing?.case_id ?? null });
  }
  if (standing) {
    await tx.run(sql`update alert_open set readings = readings + 1, last_at = ${tx.recordedAt}
      where rule = ${alert.id} and object = ${object}`);
    return ok({ alert: standing.case_id, readings: standing.readings + 1, opened: false });
  }
  return openAlert(context, tx, alert, object, values, facts);
}

/** After an entry: the alerts that count the entries of this register look at its group. Groups are judged one by one. */
export async function countEntries(
  context: RuntimeContext,
  tx: RecordTx,
  register: string,
  entry: CaseData,
): Promise<Result<void>> {
  for (const alert of context.alerts.values()) {
    const { over } = alert;
    const group = over?.register === register ? entry[over.by] : undefined;
    const span = parseSpan(over?.within);
    if (!over || !span || typeof group !== 'string') continue;
    await lockGate(tx, alert, group);
    const since = chinaDate(new Date(before(tx.recordedAt.getTime(), span, context.calendar)));
    const { rows } = await tx.run<{ count: number }>(sql`select count(*)::int as count from register_entry
      where register = ${register} and data ->> ${over.by}::text = ${group} and from_date > ${since}::date`);
    const read = await reading(context, tx, alert, group, { count: rows[0]?.count ?? 0 });
    if (!read.ok) return read;
  }
  return ok(undefined);
}

/** Readings of one rule and object are judged one after the other, to the end of the transaction. */
async function lockGate(tx: RecordTx, alert: AlertDeclaration, object: string): Promise<void> {
  await tx.run(sql`insert into alert_gate (rule, object, judged_at) values (${alert.id}, ${object}, ${tx.recordedAt})
    on conflict (rule, object) do update set judged_at = excluded.judged_at`);
}

/** The register entries that stand for the object: grid, responsible officer and the like are read from them. */
async function objectFacts(tx: RecordTx, object: string): Promise<CaseData> {
  const today = chinaDate(tx.recordedAt);
  const { rows } = await tx.run<{ data: CaseData }>(sql`select data from register_entry where key = ${object}
    and from_date <= ${today}::date and (to_date is null or to_date >= ${today}::date) order by register`);
  return Object.assign({}, ...rows.map((row) => row.data)) as CaseData;
}

async function openAlert(
  context: RuntimeContext,
  tx: RecordTx,
  alert: AlertDeclaration,
  object: string,
  values: CaseData,
  facts: CaseData,
): Promise<Result<unknown>> {
  const scope = { reading: values, object: facts, key: object };
  const answers = Object.fromEntries(
    Object.entries(alert.with).map(([name, expression]) => {
      const compiled = compileExpression(expression, () => true);
      return [name, compiled.ok ? (compiled.value(scope) as never) : null];
    }),
  );
  const actor: Actor = SYSTEM;
  const opened = await openCase(context, tx, { loop: alert.opens, actor, answers });
  if (!opened.ok) return opened;
  await tx.run(sql`insert into alert_open (rule, object, case_id, since_at, readings, last_at)
    values (${alert.id}, ${object}, ${opened.value.case}, ${tx.recordedAt}, 1, ${tx.recordedAt})`);
  return ok({ alert: opened.value.case, readings: 1, opened: true });
}

/** Each reading puts the hour of silence off. */
async function listenOn(
  context: RuntimeContext,
  tx: RecordTx,
  alert: AlertDeclaration,
  object: string,
): Promise<void> {
  const span = parseSpan(alert.silentAfter);
  if (!span) return;
  const end = after(tx.recordedAt.getTime(), span, context.calendar);
  if (!end.ok) return;
  await tx.run(sql`insert into due_time (id, mechanism, at, target, key)
    values (${`alert|${alert.id}|${object}`}, 'alert', ${new Date(end.value + 1)}, ${object}, ${alert.id})
    on conflict (id) do update set at = excluded.at`);
}

/** No reading in time: missing data is itself a warning, given once until readings come again. */
export function alertDue(context: RuntimeContext): DueHandler {
  return async (tx, row) => {
    const alert = context.alerts.get(row.key);
    if (!alert) return;
    const facts = await objectFacts(tx, row.target);
    const { rowCount } = await tx.run(
      sql`select 1 from alert_open where rule = ${`${alert.id}-silent`} and object = ${row.target}`,
    );
    if (rowCount > 0) return;
    await openAlert(
      context,
      tx,
      { ...alert, id: `${alert.id}-silent` },
      row.target,
      { missing: true },
      facts,
    );
  };
}

export function alertCommands(context: RuntimeContext): CommandHandler<never>[] {
  return [
    handler(
      'alert.reading',
      { alert: text, object: text, values: data },
      async (tx, { alert, object, values }) => {
        const found = declared(context.alerts, alert, 'payload.alert');
        if (!found.ok) return found;
        if (Object.keys(values).length === 0)
          return refuse(
            'field-missing',
            { zh: '没有读数', en: 'the reading is empty' },
            { at: 'payload.values' },
          );
        await tx.run(sql`delete from alert_open where rule = ${`${alert}-silent`} and object = ${object}`);
        return reading(context, tx, found.value, object, values);
      },
    ),
  ];
}
