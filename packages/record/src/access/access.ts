// Turns one actor at one moment into predicates: what each statement may see, and whether a write is allowed.
import { type Refusal, refuse, type Uuid } from '@yimai/kit';
import { type Fragment, type LocalSettings, raw } from '@yimai/postgres';
import type { Access, Actor, Labels } from '../types.ts';
import { candidates } from './candidates.ts';
import type { Policy, PolicyRow } from './policy.ts';
import { allowed, plainlyReadable } from './predicate.ts';
import { makeStanding, type Standing } from './standing.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000' as Uuid;

/** `Access` with the predicate of writing, for stores that lock the row before they change it. */
export interface PolicyAccess extends Access {
  /** True for rows that the actor may change; only meaningful together with `readable`. */
  changeable(alias: string): Fragment;
}

export function makeAccess(actor: Actor, now: Date, policy: Policy): PolicyAccess {
  if (policy.roles.get(actor.role)?.everything && actor.scopes === null) return openAccess(actor, now);
  const standing = makeStanding(actor, now, policy);
  return {
    actor,
    now,
    settings: settingsOf(standing),
    readable: (alias) => allowed(standing, alias, 'read'),
    readableOfMany: (alias) => allowed(standing, alias, 'read', 'sets'),
    readablePlainly: (alias) => plainlyReadable(standing, alias),
    candidates: (type) => candidates(standing, type),
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

const settled = new WeakMap<Actor, LocalSettings>();

/** The same for an actor at any moment, unless a right that ends by itself is part of it. */
function settingsOf(standing: Standing): LocalSettings {
  const { actor, rights } = standing;
  if (rights.opened.length + rights.children.length > 0) return settingsNow(standing);
  const settings = settled.get(actor) ?? settingsNow(standing);
  settled.set(actor, settings);
  return settings;
}

function settingsNow({ actor, policy, rows, rights, selves }: Standing): LocalSettings {
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
