// Objects that people go to: their files, grades, what is due for them and which cases are about them.
import type { DueCheck, GradeMark, Stop } from '@yimai/desk/contract';
import { chinaDate, type Text } from '@yimai/kit';
import type { CaseData } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import {
  type Programme,
  periodOf,
  type RecurringDeclaration,
  type RegisterDeclaration,
} from '@yimai/runtime';
import type { DeskDeps, Reader } from './desk-deps.ts';
import type { EntryRow } from './register-rows.ts';

/** A register whose entries speak about the objects of another one is keyed by this field. */
const ABOUT = 'object';
/** How far back missed work is told. */
const MISSED_DAYS = 92;

export interface Home {
  readonly programme: Programme;
  readonly register: RegisterDeclaration;
}

/** Registers whose objects are gone to: those that recurring work or draws speak of. */
export function homesOf(deps: Pick<DeskDeps, 'runtime'>): Home[] {
  const named = new Set(
    deps.runtime.programmes.flatMap((one) => [
      ...one.recurring.map((plan) => plan.objects),
      ...one.draws.map((draw) => draw.from),
    ]),
  );
  return deps.runtime.programmes.flatMap((programme) =>
    programme.registers.flatMap((register) =>
      named.has(register.id) && register.key.length === 1 && register.key[0] !== ABOUT
        ? [{ programme, register }]
        : [],
    ),
  );
}

/** Registers of a domain that speak about an object by its key. */
export const aboutRegisters = (deps: DeskDeps, domain: string): RegisterDeclaration[] =>
  deps.runtime.programmes
    .filter((one) => one.domain === domain)
    .flatMap((one) => one.registers)
    .filter((one) => one.fields[ABOUT]?.type === 'text' || one.subject === ABOUT);

/** Recurring work of a domain that a role does. */
export const plansFor = (
  deps: Pick<DeskDeps, 'runtime'>,
  domain: string,
  role: string | null,
): RecurringDeclaration[] =>
  deps.runtime.programmes
    .filter((one) => one.domain === domain)
    .flatMap((one) => one.recurring)
    .filter((plan) => role === null || plan.by.includes(role));

/** Who works with the objects of a domain: any role that its registers, draws or recurring work name. */
export function worksIn(deps: Pick<DeskDeps, 'runtime'>, domain: string, role: string): boolean {
  return deps.runtime.programmes
    .filter((one) => one.domain === domain)
    .some((one) => [...one.registers, ...one.draws, ...one.recurring].some((each) => each.by.includes(role)));
}

export async function entriesIn(
  deps: DeskDeps,
  registers: readonly string[],
  on: string,
  key?: string,
): Promise<(EntryRow & { readonly register: string })[]> {
  const { rows } = await deps.database.run<EntryRow & { register: string }>(sql`select id, register, key,
      from_date::text as from_date, to_date::text as to_date, data
    from register_entry where register = any(${[...registers]}::text[]) and (${key ?? null}::text is null or key = ${key ?? null})
      and from_date <= ${on}::date and (to_date is null or to_date >= ${on}::date) order by key`);
  return rows;
}

const words = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

export function nameOfEntry(register: RegisterDeclaration, data: CaseData, key: string): string {
  const titled = words(data['name']) ?? words(data['title']);
  if (titled !== null) return titled;
  const told = Object.entries(register.fields).find(
    ([name, field]) => field.type === 'text' && !register.key.includes(name) && words(data[name]) !== null,
  );
  return (told && words(data[told[0]])) ?? key;
}

export function stopOf(home: Home, row: EntryRow, rest: Pick<Stop, 'grade' | 'checks' | 'cases'>): Stop {
  const { data } = row;
  const trade = Object.entries(home.register.fields).find(
    ([name, field]) => field.codes && name !== 'status' && words(data[name]) !== null,
  );
  const [latitude, longitude] = [data['latitude'], data['longitude']];
  return {
    register: home.register.id,
    key: row.key,
    name: nameOfEntry(home.register, data, row.key),
    trade: trade ? (trade[1].codes?.[String(data[trade[0]])] ?? null) : null,
    grid: words(data['grid']),
    address: words(data['address']),
    at: typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : null,
    ...rest,
  };
}

/** The person who answers for an object; null where the register names none. */
export function answersFor(register: RegisterDeclaration, data: CaseData): string | null {
  const field = Object.entries(register.fields).find(([, one]) => one.type === 'person')?.[0];
  return field === undefined ? null : words(data[field]);
}

/** Grades in force of a domain's objects, in the words of the forms that give them. */
export async function gradesOf(
  deps: DeskDeps,
  domain: string,
  on: string,
  key?: string,
): Promise<Map<string, GradeMark & { readonly tier: string }>> {
  const registers = deps.runtime.programmes
    .filter((one) => one.domain === domain)
    .flatMap((one) => one.registers)
    .filter((one) => one.key.length === 1 && one.key[0] === ABOUT && one.fields['tier'] !== undefined);
  const found = new Map<string, GradeMark & { tier: string }>();
  if (registers.length === 0) return found;
  const tiers = tiersOf(deps, domain);
  for (const row of await entriesIn(
    deps,
    registers.map((one) => one.id),
    on,
    key,
  )) {
    const tier = String(row.data['tier'] ?? '');
    const known = tiers.get(tier);
    const score = row.data['score'];
    found.set(row.key, {
      tier,
      name: known?.name ?? { zh: tier, en: tier },
      colour: known?.colour ?? null,
      on: row.from_date,
      score: typeof score === 'number' ? Math.round(score * 10) / 10 : null,
      recheck: words(row.data['recheck']),
    });
  }
  return found;
}

export function tiersOf(
  deps: DeskDeps,
  domain: string,
): Map<string, { readonly name: Text; readonly colour: GradeMark['colour'] }> {
  const forms = deps.runtime.programmes.filter((one) => one.domain === domain).flatMap((one) => one.forms);
  return new Map(
    forms
      .flatMap((form) => form.scoring?.declaration.tiers ?? [])
      .map((tier) => [tier.tier, { name: tier.title, colour: tier.colour ?? null }]),
  );
}

export interface PlanState {
  readonly planned: boolean;
  readonly doneAt: Date | null;
  readonly missed: number;
}

/** How each plan stands for each object: listed in this period, done in it, and how many periods ended without it. */
export async function planStates(
  deps: DeskDeps,
  plans: readonly RecurringDeclaration[],
  today: string,
  keys?: readonly string[],
): Promise<Map<string, PlanState>> {
  const current = [...new Set(plans.map((plan) => periodOf(plan.every, today).name))];
  const { rows } = await deps.database.run<{
    plan: string;
    object: string;
    planned: boolean;
    done_at: Date | null;
    missed: number;
  }>(sql`select plan, object, bool_or(period = any(${current}::text[])) as planned,
      max(done_at) filter (where period = any(${current}::text[])) as done_at,
      (count(*) filter (where done_at is null and due_date < ${today}::date))::int as missed
    from recurring_due where plan = any(${plans.map((plan) => plan.id)}::text[])
      and due_date >= ${today}::date - ${MISSED_DAYS}::int
      and (${keys === undefined}::boolean or object = any(${[...(keys ?? [])]}::text[]))
      and (done_at is null or period = any(${current}::text[]))
    group by plan, object`);
  return new Map(
    rows.map((row) => [
      `${row.plan}|${row.object}`,
      { planned: row.planned, doneAt: row.done_at, missed: row.missed },
    ]),
  );
}

/** What is due now; work without a period of its own is due only where it was listed. */
export function dueCheck(
  plan: RecurringDeclaration,
  state: PlanState | undefined,
  today: string,
): DueCheck | null {
  if (state?.doneAt) return null;
  if (plan.every === 'once' && !state?.planned) return null;
  return {
    plan: plan.id,
    title: plan.title,
    dueOn: periodOf(plan.every, today).to,
    missed: state?.missed ?? 0,
  };
}

/** Open cases of each of the objects; a case is about an object when it keeps its key. */
export async function openCasesOf(
  deps: DeskDeps,
  keys: readonly string[],
): Promise<{ readonly subject: string; readonly late: boolean; readonly open: number }[]> {
  const now = deps.clock.now();
  const { rows } = await deps.database.run<{
    subject: string;
    late: boolean;
    open: number;
  }>(sql`select c.subject,
      bool_or(s.due_at < ${now}::timestamptz) as late, count(distinct c.id)::int as open
    from loop_case c join loop_stay s on s.case_id = c.id and s.until_at is null
    where c.outcome = 'open' and c.subject = any(${[...keys]}::text[]) group by c.subject`);
  return rows;
}

export const todayOf = (reader: Reader): string => chinaDate(reader.now);

/** Names with numbers in them in the order that people expect: 第2网格 before 第10网格. */
export const inNaturalOrder = (a: string, b: string): number => a.localeCompare(b, 'zh', { numeric: true });
