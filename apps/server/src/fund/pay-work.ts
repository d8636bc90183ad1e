// The work behind pay, as the record has it: visits, ward days, operations, follow-ups with who did them; posts; the stays of
// attending teams; the income a house reported. Counts of work only: nothing about a resident leaves this file.
import { parameterId } from '@yimai/fhir';
import {
  loadPayRules,
  ONE,
  type PersonPost,
  type PersonWork,
  type TeamRole,
  type TeamStay,
  workPoints,
} from '@yimai/fund';
import {
  addDays,
  addMonths,
  chinaDate,
  chinaInstant,
  type Fen,
  type LocalDate,
  localDate,
  must,
} from '@yimai/kit';
import type { WorkLine } from '@yimai/ledger';
import { type Database, sql } from '@yimai/postgres';
import { headOfTree, orgKey, orgsBelow } from '@yimai/record';
import type { StayShelf } from './stay-shelf.ts';

/** Where work is read: the engines' tables and the record, as the system sees it. */
export interface WorkDoor {
  readonly database: Database;
  readonly shelf: StayShelf;
}

export interface Span {
  /** First day, included. */
  readonly from: LocalDate;
  /** The day after the last. */
  readonly to: LocalDate;
}

export const monthSpan = (month: string): Span => {
  const from = localDate(`${month}-01`);
  return { from, to: addMonths(from, 1) };
};

interface WorkRow {
  readonly id: string;
  readonly type: string;
  readonly org: string | null;
  readonly code: string | null;
  readonly start: string | null;
  readonly end: string | null;
  readonly people: readonly (string | null)[] | null;
}

const ITEMS: Readonly<Record<string, string>> = {
  AMB: 'outpatient-visit',
  EMER: 'emergency-visit',
  HH: 'home-visit',
  IMP: 'ward-day',
};

export interface Work {
  readonly records: readonly PersonWork[];
  /** Records that name nobody who did them: they make no points. */
  readonly withoutPerson: number;
}

/** All work of a house and below it in the span; each record counts for the first person that it names. */
export async function workOf(fund: WorkDoor, org: string, { from, to }: Span): Promise<Work> {
  const { database, shelf } = fund;
  const { settings } = shelf.asSystem();
  const orgs = await orgsBelow(database, orgKey(org));
  const [early, start, end] = [addDays(from, -120), from, to].map((day) => chinaInstant(day).toISOString());
  // A stay counts when it ends: the index is by its beginning, so it is asked from some months before.
  const { rows } = await database.read<WorkRow>(
    settings,
    sql`with found as (
        select r.id, r.fhir_id, r.type, r.org, r.content::jsonb as j from resource r join idx_date d on d.resource = r.id
        where not r.deleted and r.org = any(${orgs}::uuid[])
          and ((d.param = ${parameterId('Encounter', 'date')} and r.type = 'Encounter'
              and d.low >= ${early}::timestamptz and d.high >= ${start}::timestamptz and d.high < ${end}::timestamptz)
            or (d.param = ${parameterId('Procedure', 'date')} and r.type = 'Procedure'
              and d.low >= ${start}::timestamptz and d.low < ${end}::timestamptz)
            or (d.param = ${parameterId('Observation', 'date')} and r.type = 'Observation' and r.kind = 'public-health'
              and d.low >= ${start}::timestamptz and d.low < ${end}::timestamptz)))
      select f.fhir_id as id, f.type, o.fhir_id as org, f.j #>> '{class,code}' as code,
        coalesce(f.j #>> '{period,start}', f.j ->> 'performedDateTime', f.j ->> 'effectiveDateTime') as start,
        f.j #>> '{period,end}' as "end",
        array(select p ->> 'reference' from (
            select jsonb_path_query(f.j, '$.participant[*].individual') as p
            union all select jsonb_path_query(f.j, '$.performer[*].actor')
            union all select jsonb_path_query(f.j, '$.performer[*]')) as named
          where p ->> 'reference' like 'Practitioner/%') as people
      from found f left join resource o on o.id = f.org order by f.fhir_id`,
  );
  const records = rows.flatMap(workRow);
  return { records, withoutPerson: rows.length - records.length };
}

function workRow({ id, type, org, code, start, end, people }: WorkRow): PersonWork[] {
  const person = people?.[0];
  const item = type === 'Encounter' ? ITEMS[code ?? ''] : type === 'Procedure' ? 'operation' : 'follow-up';
  if (!person || item === undefined || start === null) return [];
  const first = chinaDate(new Date(start));
  const on = item === 'ward-day' && end !== null ? chinaDate(new Date(end)) : first;
  const days = Math.max(1, Math.round((Date.parse(on) - Date.parse(first)) / 86_400_000));
  const quantity = item === 'ward-day' ? BigInt(days) : 1n;
  return [{ id: `${type}/${id}`, person, department: org ?? '', item, on, quantity }];
}

/** Health management of the year by staff of townships and villages, at the points of the rules of pay. */
export async function healthWorkOf(fund: WorkDoor, year: string): Promise<WorkLine[]> {
  const rules = must(loadPayRules(REGION, year));
  const [{ records }, houses] = await Promise.all([
    workOf(fund, await headOfTree(fund.database), {
      from: localDate(`${year}-01-01`),
      to: localDate(`${Number(year) + 1}-01-01`),
    }),
    fund.shelf.houses(),
  ]);
  const own = records.filter(({ item }) => rules.healthManagement.items.includes(item));
  const points = must(
    workPoints(
      own.map((one) => ({ ...one, role: ONE, adjustments: [], deduction: 0n })),
      rules.values,
    ),
  );
  return points.map((line, index) => ({
    ...line,
    isPrimaryCare: houses.get(own[index]!.department)?.level === 'primary',
  }));
}

/** The region whose rules of pay this consortium follows. */
export const REGION = 'consortium-county';

/** Posts in force on the first day of the month, of the house and below it. */
export async function postsOf(
  { database, shelf }: WorkDoor,
  org: string,
  on: LocalDate,
): Promise<PersonPost[]> {
  const orgs = await orgsBelow(database, orgKey(org));
  const { rows } = await database.read<{ id: string; person: string; org: string; kind: string | null }>(
    shelf.asSystem().settings,
    sql`select r.fhir_id as id, r.content::jsonb #>> '{practitioner,reference}' as person, o.fhir_id as org,
        (select c ->> 'code' from jsonb_path_query(r.content::jsonb, '$.code[*].coding[*]') as c limit 1) as kind
      from resource r join resource o on o.id = r.org
      where r.type = 'PractitionerRole' and not r.deleted and r.org = any(${orgs}::uuid[])
        and coalesce(r.content::jsonb #>> '{period,start}', '') <= ${on}
        and coalesce(r.content::jsonb #>> '{period,end}', '9') >= ${on}
      order by r.fhir_id`,
  );
  return rows.flatMap(({ id, person, org: department, kind }) =>
    person && kind ? [{ id: `PractitionerRole/${id}`, person, department, kind }] : [],
  );
}

/** Settled stays of the month with the doctors that their lists name as responsible and assisting. */
export async function teamStaysOf(
  database: Database,
  fund: WorkDoor,
  stays: readonly {
    readonly id: string;
    readonly org: string;
    readonly on: LocalDate;
    readonly weight: bigint;
    readonly department: string;
  }[],
  org: string,
): Promise<TeamStay[]> {
  const members = await careTeams(
    database,
    fund,
    stays.filter((one) => one.org === org).map(({ id }) => id),
  );
  return stays
    .filter((one) => one.org === org)
    .map(({ id, on, weight, department }) => ({
      id: `Claim/${id}`,
      on,
      department,
      weight,
      members: members.get(id) ?? [],
    }));
}

export async function careTeams(
  database: Database,
  { shelf }: WorkDoor,
  claims: readonly string[],
): Promise<ReadonlyMap<string, { person: string; role: TeamRole }[]>> {
  if (claims.length === 0) return new Map();
  const { rows } = await database.read<{ id: string; person: string; responsible: boolean | null }>(
    shelf.asSystem().settings,
    sql`select r.fhir_id as id, m #>> '{provider,reference}' as person, (m ->> 'responsible')::boolean as responsible
      from resource r cross join lateral jsonb_array_elements(r.content::jsonb -> 'careTeam') as m
      where r.type = 'Claim' and not r.deleted and r.fhir_id = any(${claims}::text[])
        and jsonb_typeof(r.content::jsonb -> 'careTeam') = 'array'
      order by r.fhir_id, (m ->> 'sequence')::int`,
  );
  const found = new Map<string, { person: string; role: TeamRole }[]>();
  for (const { id, person, responsible } of rows) {
    const list = found.get(id) ?? [];
    list.push({ person, role: responsible === true ? 'responsible' : 'assisting' });
    found.set(id, list);
  }
  return found;
}

/** Medical-service income that the house and its departments reported for the month; null where they reported none. */
export async function serviceIncomeOf(
  { database, shelf }: WorkDoor,
  org: string,
  { from, to }: Span,
): Promise<Fen | null> {
  const orgs = await orgsBelow(database, orgKey(org));
  const { rows } = await database.read<{ yuan: string | null }>(
    shelf.asSystem().settings,
    sql`select sum((g #>> '{measureScore,value}')::numeric)::text as yuan
      from resource r cross join lateral jsonb_array_elements(r.content::jsonb -> 'group') as g
      where r.type = 'MeasureReport' and not r.deleted and r.org = any(${orgs}::uuid[])
        and r.content::jsonb #>> '{period,start}' >= ${from} and r.content::jsonb #>> '{period,end}' < ${to}
        and jsonb_path_exists(g, '$.code.coding[*] ? (@.code == "medical-service-income")')`,
  );
  const yuan = rows[0]?.yuan;
  return yuan === null || yuan === undefined ? null : BigInt(Math.round(Number(yuan) * 100));
}
