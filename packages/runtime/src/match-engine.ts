// Plans: orders that wait in a state of a loop, people of a register, solved away from the request in a worker thread.
import { Worker } from 'node:worker_threads';
import type { Task } from '@medplum/fhirtypes';
import { chinaDate, type LocalDate, ok, type Result } from '@yimai/kit';
import type { CaseData, FieldValue } from '@yimai/loops';
import { DEFAULT_RULES, type Order, type Person, type Plan, type Rules } from '@yimai/matching';
import { type Database, sql } from '@yimai/postgres';
import type { Record } from '@yimai/record';
import { stateOf } from './case-task.ts';
import { declared, type RuntimeContext } from './context.ts';

/** Reads orders and people as they stand, plans, and explains. Nothing is changed: a person confirms each choice. */
export async function planMatch(
  context: RuntimeContext,
  from: { readonly record: Record; readonly database: Database },
  id: string,
): Promise<Result<Plan>> {
  const found = declared(context.matches, id, 'payload.match');
  if (!found.ok) return found;
  const match = found.value;
  const orders = await readOrders(from.record, from.database, match.orders.loop, match.orders.state);
  const people = await readPeople(from.database, match.people, chinaDate(from.record.clock.now()));
  return ok(await planInWorker(orders, people, { ...DEFAULT_RULES, ...match.rules }));
}

async function readOrders(record: Record, database: Database, loop: string, state: string): Promise<Order[]> {
  const { rows } = await database.run<{ case_id: string }>(sql`select case_id from loop_stay
    where loop = ${loop} and state = ${state} and until_at is null order by case_id`);
  const orders: Order[] = [];
  for (const { case_id } of rows) {
    const row = await record.read(record.systemAccess(), 'Task', case_id);
    if (!row?.content) continue;
    const caseState = stateOf(JSON.parse(row.content) as Task);
    orders.push(toOrder(case_id, caseState.opener.organisation, caseState.data));
  }
  return orders;
}

const words = (value: FieldValue | undefined): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : [];
const number = (value: FieldValue | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

function toOrder(id: string, site: string, data: CaseData): Order {
  return {
    id,
    site,
    specialty: String(data['specialty'] ?? ''),
    gradeLeast: number(data['grade-least'], 2),
    skills: words(data['techniques']),
    places: number(data['places'], 1),
    priority: number(data['priority'], 1),
    from: String(data['from'] ?? '') as LocalDate,
    to: String(data['to'] ?? '') as LocalDate,
  };
}

async function readPeople(database: Database, register: string, today: string): Promise<Person[]> {
  const { rows } = await database.run<{
    key: string;
    data: CaseData;
  }>(sql`select key, data from register_entry
    where register = ${register} and from_date <= ${today}::date and (to_date is null or to_date >= ${today}::date) order by key`);
  const booked = await database.run<{
    unit: string;
    from_date: string;
    to_date: string;
  }>(sql`select split_part(unit, '/', 2) || '/' ||
      split_part(unit, '/', 3) as unit, (from_at at time zone 'Asia/Shanghai')::date::text as from_date,
      coalesce(((to_at - interval '1 second') at time zone 'Asia/Shanghai')::date::text, '9999-12-31') as to_date
    from pool_booking where state <> 'released'`);
  return rows.map((row): Person => {
    const person = String(row.data['person'] ?? row.key);
    return {
      id: person,
      home: String(row.data['home'] ?? ''),
      specialties: words(row.data['specialty']),
      grade: number(row.data['grade'], 0),
      skills: words(row.data['skills']),
      away: booked.rows
        .filter((one) => one.unit === person)
        .map((one) => ({ from: one.from_date as LocalDate, to: one.to_date as LocalDate })),
      lastPosted: typeof row.data['last-posted'] === 'string' ? (row.data['last-posted'] as LocalDate) : null,
      load: number(row.data['load'], 0),
    };
  });
}

/** The solver blocks its thread, so it gets one of its own. */
function planInWorker(orders: readonly Order[], people: readonly Person[], rules: Rules): Promise<Plan> {
  const worker = new Worker(new URL('./match-worker.ts', import.meta.url), {
    workerData: { orders, people, rules },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (plan: Plan) => resolve(plan));
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code !== 0) reject(new Error(`fault: the matching worker ended with code ${code}`));
    });
  });
}
