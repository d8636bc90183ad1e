// Turns one actor at one moment into predicates: what each statement may see, and whether a write is allowed.
import { assert, type Refusal, refuse, type Uuid } from '@yimai/kit';
import { and, type Fragment, type LocalSettings, or, raw, sql } from '@yimai/postgres';
import type { Access, Actor, Labels, Lock } from '../types.ts';
import type { May, Policy, PolicyRow, Relationship } from './policy.ts';
import { type Rights, readRights } from './rights.ts';
import { readScopes, type ScopeGrant } from './scopes.ts';

const DAY_MS = 86_400_000;
const NOBODY = '00000000-0000-0000-0000-000000000000' as Uuid;

/** What an actor stands in: computed once, used by every predicate. */
interface Standing {
  readonly actor: Actor;
  readonly now: Date;
  readonly policy: Policy;
  readonly rows: readonly PolicyRow[];
  readonly rights: Rights;
  readonly scopes: readonly ScopeGrant[] | null;
  /** The resident and the children in the resident's care. */
  readonly selves: readonly Uuid[];
  /** Organisations and people in whose hands work is mine. */
  readonly hands: readonly Uuid[];
}

/** `Access` with the predicate of writing, for stores that lock the row before they change it. */
export interface PolicyAccess extends Access {
  /** True for rows that the actor may change; only meaningful together with `readable`. */
  changeable(alias: string): Fragment;
}

export function makeAccess(actor: Actor, now: Date, policy: Policy): PolicyAccess {
  if (policy.roles.get(actor.role)?.everything && actor.scopes === null) return openAccess(actor, now);
  const rights = readRights(actor.rights, now);
  const standing: Standing = {
    actor,
    now,
    policy,
    rows: policy.rowsOf(actor.role),
    rights,
    scopes: actor.scopes === null ? null : readScopes(actor.scopes),
    selves: actor.patient === null ? [] : [actor.patient, ...rights.children],
    hands: [...actor.orgs, actor.practitioner, actor.patient].filter((id) => id !== null),
  };
  return {
    actor,
    now,
    settings: settingsOf(standing),
    readable: (alias) => allowed(standing, alias, 'read'),
    changeable: (alias) => allowed(standing, alias, 'write'),
    writable: (op, type, labels) => refusalOf(standing, op, type, labels),
    showsClear: (row) => showsClear(standing, row),
  };
}

const SYSTEM: Actor = {
  user: NOBODY,
  role: 'system',
  org: NOBODY,
  orgs: [],
  patient: null,
  practitioner: null,
  rights: [],
  scopes: null,
};

/** For engines and imports: sees and writes everything, and the audit says that it was the system. */
export const systemAccess = (now: Date): PolicyAccess => openAccess(SYSTEM, now);

function openAccess(actor: Actor, now: Date): PolicyAccess {
  return {
    actor,
    now,
    settings: { 'app.reach': 'all', 'app.orgs': '' },
    readable: () => raw('true'),
    changeable: () => raw('true'),
    writable: () => null,
    showsClear: () => true,
  };
}

function settingsOf({ actor, policy, rows, rights, selves }: Standing): LocalSettings {
  const beyond = rows
    .filter((row) => !['unit', 'self'].includes(row.relationship))
    .flatMap((row) => row.kinds);
  const persons = [...selves, ...rights.opened.map((look) => look.patient)];
  const settings: Record<`app.${string}`, string> = {
    'app.reach': [...new Set(beyond)].join(','),
    'app.orgs': policy.roles.get(actor.role)?.unit === 'none' ? '' : actor.orgs.join(','),
  };
  if (persons.length > 0) settings['app.persons'] = persons.join(',');
  return settings;
}

function allowed(standing: Standing, alias: string, may: May): Fragment {
  assert(/^[a-z][a-z0-9_]*$/.test(alias), `"${alias}" is no alias that a predicate may be asked for`);
  const r = raw(alias);
  const ways: Fragment[] = [];
  for (const [relationship, locks, kinds] of grouped(standing, may)) {
    const holds = relation(standing, relationship, r);
    if (holds) ways.push(and([sql`${r}.kind = any(${kinds}::text[])`, holds, unlocked(standing, r, locks)]));
  }
  const open = ways.length === 0 ? raw('false') : and([or(ways), consented(standing, r)]);
  const looks = may === 'read' ? standing.rights.opened.map((look) => emergency(standing, r, look)) : [];
  const base = looks.length === 0 ? open : or([open, ...looks]);
  const scope = scoped(standing, r, may);
  return scope ? and([base, scope]) : base;
}

// Rows of the table that open the same way become one condition.
function grouped(standing: Standing, may: May): [Relationship, readonly Lock[], string[]][] {
  const groups = new Map<string, [Relationship, readonly Lock[], Set<string>]>();
  for (const row of standing.rows) {
    if (!row.may.includes(may)) continue;
    const locks = [...new Set([...row.locks, ...standing.rights.locks])].sort();
    const key = `${row.relationship}|${locks.join()}`;
    const group = groups.get(key) ?? [row.relationship, locks, new Set<string>()];
    for (const kind of row.kinds) group[2].add(kind);
    groups.set(key, group);
  }
  return [...groups.values()].map(([relationship, locks, kinds]) => [relationship, locks, [...kinds].sort()]);
}

/** Inner aliases begin with `_`, so that no alias of a caller can be taken for one of them. The condition of a relationship; null when the actor cannot stand in it at all. */
function relation(standing: Standing, relationship: Relationship, r: Fragment): Fragment | null {
  const { actor, policy } = standing;
  const tree = policy.roles.get(actor.role)?.unit === 'tree' && actor.orgs.length > 0;
  switch (relationship) {
    case 'consortium':
      return raw('true');
    case 'unit':
      return tree ? sql`${r}.org = any(${actor.orgs}::uuid[])` : null;
    case 'self':
      return standing.selves.length > 0 ? sql`${r}.patient = any(${standing.selves}::uuid[])` : null;
    case 'assigned':
      return standing.hands.length > 0
        ? sql`exists (select 1 from assignment _hand where _hand.type = ${r}.type and _hand.fhir_id = ${r}.fhir_id
            and _hand.assignee = any(${standing.hands}::uuid[]))`
        : null;
    case 'patients':
      return tree ? treated(standing, r, actor.orgs) : null;
    case 'my-patients':
      return actor.practitioner ? treated(standing, r, [actor.practitioner]) : null;
  }
}

function treated({ now, policy }: Standing, r: Fragment, parties: readonly Uuid[]): Fragment {
  const graceEnd = new Date(now.getTime() - policy.settings.episodeGraceDays * DAY_MS);
  return sql`exists (select 1 from care_relation _care where _care.patient = ${r}.patient and _care.party = any(${parties}::uuid[])
    and _care.from_at <= ${now}::timestamptz and (_care.until_at is null or _care.until_at >= ${graceEnd}::timestamptz))`;
}

// Locked classes of the version, and the age of the resident, which no label can keep up with.
function unlocked({ now }: Standing, r: Fragment, locks: readonly Lock[]): Fragment {
  const byLabel = sql`${r}.locks <@ ${locks}::text[]`;
  if (locks.includes('minor')) return byLabel;
  return and([
    byLabel,
    sql`${r}.patient is null or not exists (select 1 from minor _minor
      where _minor.patient = ${r}.patient and _minor.until_at > ${now}::timestamptz)`,
  ]);
}

/**
 * A denial that names an organisation closes it there, the own records included; one that names none closes it to all
 * but the organisation that made the record. A denial without a kind covers the kinds that rest on consent.
 */
function consented({ actor, now, policy, selves }: Standing, r: Fragment): Fragment {
  const resting = [...policy.kinds.kinds.values()].filter((kind) => kind.consent).map((kind) => kind.code);
  return sql`${r}.patient is null or ${r}.patient = any(${selves}::uuid[]) or not exists (
    select 1 from consent_denial _denial where _denial.patient = ${r}.patient
      and (_denial.kind = ${r}.kind or (_denial.kind is null and ${r}.kind = any(${resting}::text[])))
      and (_denial.org = any(${[...actor.orgs, actor.org]}::uuid[])
        or (_denial.org is null and (${r}.org is null or not ${r}.org = any(${actor.orgs}::uuid[]))))
      and _denial.from_at <= ${now}::timestamptz and (_denial.until_at is null or _denial.until_at > ${now}::timestamptz))`;
}

function emergency({ policy }: Standing, r: Fragment, look: Rights['opened'][number]): Fragment {
  return and([
    sql`${r}.patient = ${look.patient}::uuid`,
    sql`${r}.kind = any(${policy.breakGlass.kinds}::text[])`,
    sql`${r}.locks <@ ${[...look.locks, 'minor']}::text[]`,
  ]);
}

function scoped(standing: Standing, r: Fragment, may: May): Fragment | null {
  if (standing.scopes === null) return null;
  const granted = standing.scopes.filter((scope) =>
    may === 'read' ? scope.read || scope.search : scope.update || scope.delete,
  );
  return or(
    granted.map((scope) => {
      const type = scope.type === '*' ? raw('true') : sql`${r}.type = ${scope.type}`;
      if (scope.context !== 'patient') return type;
      return and([type, sql`${r}.patient = any(${standing.selves}::uuid[])`]);
    }),
  );
}

const closed = (code: string, zh: string, en: string): Refusal =>
  refuse(code, { zh, en }, { rule: 'A4' }).refusal;

function refusalOf(
  standing: Standing,
  op: 'create' | 'update' | 'delete',
  type: string,
  labels: Labels,
): Refusal | null {
  if (standing.scopes !== null) {
    const fits = standing.scopes.some(
      (scope) =>
        scope[op] &&
        (scope.type === '*' || scope.type === type) &&
        (scope.context !== 'patient' ||
          (labels.patient !== null && standing.selves.includes(labels.patient))),
    );
    if (!fits)
      return closed('scope-too-narrow', '令牌的授权范围不含此操作', 'the token has no scope for this');
  }
  const rows = standing.rows.filter((row) => row.kinds.includes(labels.kind));
  if (!rows.some((row) => row.may.includes('write')))
    return closed('kind-not-writable', '该岗位不能书写此类数据', 'this role may not write this kind of data');
  const held = [...standing.rights.locks];
  const fits = rows.some((row) => {
    if (!row.may.includes('write')) return false;
    // A diagnosis may be recorded by who may not read it back; changing it needs the right.
    if (op !== 'create' && !labels.locks.every((lock) => row.locks.includes(lock) || held.includes(lock)))
      return false;
    return (
      proven(standing, row, labels) || (op !== 'create' && impliedByReading(standing, row, rows, labels))
    );
  });
  return fits
    ? null
    : closed('not-related', '与该数据没有可书写的关系', 'no relationship that allows writing this');
}

/** Whether the labels alone show that the relationship holds. */
function proven(
  standing: Standing,
  row: PolicyRow,
  labels: { org: Uuid | null; patient: Uuid | null },
): boolean {
  switch (row.relationship) {
    case 'consortium':
      return true;
    case 'unit':
      return (
        labels.org !== null &&
        standing.policy.roles.get(row.role === '*' ? standing.actor.role : row.role)?.unit === 'tree' &&
        standing.actor.orgs.includes(labels.org)
      );
    case 'self':
      return labels.patient !== null && standing.selves.includes(labels.patient);
    default:
      return false;
  }
}

// Work in hand and patients in care are known to the database only. The row was read under `readable`; if no wider
// row of the table could have shown it, this relationship did.
function impliedByReading(
  standing: Standing,
  row: PolicyRow,
  rows: readonly PolicyRow[],
  labels: { org: Uuid | null; patient: Uuid | null },
): boolean {
  if (!['assigned', 'patients', 'my-patients'].includes(row.relationship)) return false;
  if (standing.rights.opened.some((look) => look.patient === labels.patient)) return false;
  return rows.every((other) => other.may.includes('write') || ruledOut(standing, other, labels));
}

function showsClear(
  standing: Standing,
  row: { kind: string; org: Uuid | null; patient: Uuid | null },
): boolean {
  const rows = standing.rows.filter((one) => one.kinds.includes(row.kind));
  if (rows.some((one) => one.may.includes('clear') && proven(standing, one, row))) return true;
  if (row.patient !== null && standing.rights.opened.some((look) => look.patient === row.patient))
    return true;
  return rows.length > 0 && rows.every((one) => one.may.includes('clear') || ruledOut(standing, one, row));
}

const ruledOut = (
  standing: Standing,
  row: PolicyRow,
  labels: { org: Uuid | null; patient: Uuid | null },
): boolean => ['consortium', 'unit', 'self'].includes(row.relationship) && !proven(standing, row, labels);
