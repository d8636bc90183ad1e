// Reads the audit as FHIR AuditEvents: all of it for who watches, the own part for the resident ("who looked at my file").
import { rowKey } from '@yimai/fhir';
import { ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { and, type Fragment, raw, sql } from '@yimai/postgres';
import type { Access, Resource } from '../types.ts';
import type { Policy } from './policy.ts';
import { readRights } from './rights.ts';
import type { Runner } from './runner.ts';

export interface AuditQuery {
  /** Instants; from counts, to does not. */
  readonly from?: Date;
  readonly to?: Date;
  /** FHIR id of the Patient. */
  readonly patient?: string;
  /** User id. */
  readonly agent?: Uuid;
  /** Our word (`read`, `break-glass.open`) or FHIR's letter C, R, U, D, E. */
  readonly action?: string;
  /** A role of the policy, as the actor held it. */
  readonly role?: string;
  /** The beginning of the actor's name or login. */
  readonly name?: string;
  /** `Type/id`. */
  readonly entity?: string;
  /** The audit id of one event. */
  readonly id?: Uuid;
  /** Answers what is older than this number; the pages go back in time. */
  readonly before?: number;
  readonly count?: number;
  /** Oldest first; `before` is then what is newer than this number. */
  readonly ascending?: boolean;
  /** Whether all that match are to be counted. */
  readonly counted?: boolean;
}

interface AuditRow {
  seq: number;
  id: Uuid;
  at: Date;
  action: string;
  body: string;
  patient_id: string | null;
  login: string | null;
  name: string | null;
  org_id: string | null;
  org_name: string | null;
}

const COUNT_MAX = 1000;

export interface AuditPage {
  readonly events: Resource[];
  readonly next: number | null;
  /** 0 where it was not asked for. */
  readonly total: number;
}

/** Newest first unless asked otherwise. Only chained rows are answered: what is shown can be proven. */
export async function searchAudit(
  run: Runner,
  policy: Policy,
  access: Access,
  query: AuditQuery,
): Promise<Result<AuditPage>> {
  const sight = sightOf(policy, access);
  if (!sight)
    return refuse(
      'kind-not-readable',
      { zh: '该岗位不能查看审计', en: 'this role may not see the audit' },
      { rule: 'A15' },
    );
  const count = Math.min(Math.max(query.count ?? 50, 0), COUNT_MAX);
  const { rows } =
    await run.run<AuditRow>(sql`select a.seq, a.id, a.at, a.action, a.body, p.fhir_id as patient_id,
      u.login, u.name, o.fhir_id as org_id, o.name as org_name
    from audit a left join app_user u on u.id = a.person left join org_node o on o.id = a.org
    left join resource p on p.id = a.patient
    where ${and([sight, ...filters(query), ...after(query)])}
    order by a.seq ${raw(query.ascending ? 'asc' : 'desc')} limit ${count + 1}`);
  const page = rows.slice(0, count);
  const next = rows.length > count ? (page.at(-1)?.seq ?? null) : null;
  return ok({
    events: page.map(toAuditEvent),
    next,
    total: query.counted ? await total(run, sight, query) : 0,
  });
}

async function total(run: Runner, sight: Fragment, query: AuditQuery): Promise<number> {
  const { rows } = await run.run<{ n: number }>(sql`select count(*) as n
    from audit a left join app_user u on u.id = a.person where ${and([sight, ...filters(query)])}`);
  return Number(rows[0]?.n ?? 0);
}

function sightOf(policy: Policy, access: Access): Fragment | null {
  const { actor } = access;
  if (actor.role === 'system' || policy.roles.get(actor.role)?.everything) return raw('true');
  const rows = policy
    .rowsOf(actor.role)
    .filter((row) => row.kinds.includes('audit') && row.may.includes('read'));
  if (rows.some((row) => row.relationship === 'consortium')) return raw('true');
  if (!rows.some((row) => row.relationship === 'self') || actor.patient === null) return null;
  const selves = [actor.patient, ...readRights(actor.rights, access.now).children];
  return sql`a.patient = any(${selves}::uuid[])`;
}

const LETTERS: Readonly<Record<string, readonly string[]>> = {
  C: ['create', 'import'],
  R: ['read', 'vread', 'history', 'export'],
  U: ['update', 'patch'],
  D: ['delete'],
};

const letterOf = (action: string): string =>
  Object.entries(LETTERS).find(([, actions]) => actions.includes(action))?.[0] ?? 'E';

function filters(query: AuditQuery): Fragment[] {
  const parts: Fragment[] = [];
  if (query.from) parts.push(sql`a.at >= ${query.from}::timestamptz`);
  if (query.to) parts.push(sql`a.at < ${query.to}::timestamptz`);
  if (query.patient) parts.push(sql`a.patient = ${rowKey('Patient', query.patient)}::uuid`);
  if (query.agent) parts.push(sql`a.person = ${query.agent}::uuid`);
  if (query.id) parts.push(sql`a.id = ${query.id}::uuid`);
  if (query.role) parts.push(sql`a.body::jsonb ->> 'role' = ${query.role}`);
  if (query.name) {
    const start = query.name.toLowerCase();
    parts.push(sql`(starts_with(lower(u.name), ${start}) or starts_with(lower(u.login), ${start}))`);
  }
  if (query.action === 'E') parts.push(sql`not a.action = any(${Object.values(LETTERS).flat()}::text[])`);
  else if (query.action) parts.push(sql`a.action = any(${LETTERS[query.action] ?? [query.action]}::text[])`);
  if (query.entity) {
    const [type, id] = query.entity.split('/');
    parts.push(
      sql`a.body::jsonb -> 'entity' ->> 'type' = ${type} and a.body::jsonb -> 'entity' ->> 'id' = ${id ?? ''}`,
    );
  }
  return parts;
}

/** Where the page begins. */
function after({ before, ascending }: AuditQuery): Fragment[] {
  if (!before) return [];
  return [ascending ? sql`a.seq > ${before}::bigint` : sql`a.seq < ${before}::bigint`];
}

interface AuditBody {
  readonly role?: string;
  readonly user?: string;
  readonly entity?: { readonly type: string; readonly id: string; readonly version?: number } | null;
  readonly command?: string | null;
  readonly text?: string | null;
}

function toAuditEvent(row: AuditRow): Resource {
  const body = JSON.parse(row.body) as AuditBody;
  const entities = [];
  if (body.entity)
    entities.push({
      what: {
        reference: `${body.entity.type}/${body.entity.id}${body.entity.version ? `/_history/${body.entity.version}` : ''}`,
      },
    });
  if (row.patient_id && body.entity?.id !== row.patient_id)
    entities.push({
      what: { reference: `Patient/${row.patient_id}` },
      role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1', display: 'Patient' },
    });
  return {
    resourceType: 'AuditEvent',
    id: row.id,
    type: {
      system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
      code: 'rest',
      display: 'RESTful Operation',
    },
    subtype: [{ system: 'https://yimai.example/fhir/CodeSystem/audit-action', code: row.action }],
    action: letterOf(row.action),
    recorded: row.at.toISOString(),
    outcome: '0',
    ...(body.text ? { outcomeDesc: body.text } : {}),
    agent: [
      {
        requestor: true,
        who: {
          identifier: { system: 'https://yimai.example/fhir/user', value: body.user ?? 'system' },
          display: row.name ?? row.login ?? body.role ?? 'system',
        },
        role: [
          { coding: [{ system: 'https://yimai.example/fhir/CodeSystem/role', code: body.role ?? 'system' }] },
        ],
        ...(row.org_name
          ? { location: { reference: `Organization/${row.org_id}`, display: row.org_name } }
          : {}),
      },
    ],
    source: { observer: { display: 'Yimai' } },
    ...(entities.length > 0 ? { entity: entities } : {}),
  };
}
