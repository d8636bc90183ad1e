// Which department a command means, who may act on it, and how an act is noted.
import { rowKey } from '@yimai/fhir';
import { ok, type Result, refuse } from '@yimai/kit';
import type { RecordTx } from '@yimai/record';
import { NAME, type Payload, textOf, YEAR } from '../settlement/deps.ts';
import {
  OPERATING_APPROVERS,
  OPERATING_KEEPERS,
  type OperatingBudget,
  type OperatingKey,
} from './budget-store.ts';

export const KEY = /^[a-z0-9][a-z0-9-]{0,59}$/;

export function keyOf(payload: Payload): Result<OperatingKey> {
  const year = textOf(payload, 'year', YEAR);
  if (!year.ok) return year;
  const house = textOf(payload, 'house', NAME);
  if (!house.ok) return house;
  const department = textOf(payload, 'department', KEY);
  return department.ok
    ? ok({ year: year.value, house: house.value, department: department.value })
    : department;
}

/** Finance or the director of the house itself or above it. */
export function mustKeepHouse(tx: RecordTx, house: string): Result<null> {
  const { actor } = tx.access;
  if (actor.role === 'system' || actor.role === 'script') return ok(null);
  const own: readonly string[] = actor.orgs;
  if (OPERATING_KEEPERS.includes(actor.role) && own.includes(rowKey('Organization', house))) return ok(null);
  const detail = { zh: '只有本单位财务可以办理', en: 'only finance of the own house may do this' };
  return refuse('role-not-allowed', detail, { at: 'actingAs.role' });
}

export function mustApprove(tx: RecordTx, proposedBy: string | null): Result<null> {
  const { actor } = tx.access;
  const isApprover = ['system', 'script', ...OPERATING_APPROVERS].includes(actor.role);
  if (!isApprover) {
    const detail = { zh: '由医共体批准', en: 'the consortium approves' };
    return refuse('role-not-allowed', detail, { at: 'actingAs.role' });
  }
  if (actor.user !== proposedBy) return ok(null);
  const detail = { zh: '须由另一人批准', en: 'another person has to approve' };
  return refuse('same-person', detail, { at: 'actingAs', rule: 'F15' });
}

export const actOf = (tx: RecordTx, act: string, note = ''): OperatingBudget['acts'][number] => ({
  act,
  by: tx.access.actor.user,
  at: tx.recordedAt.toISOString(),
  note,
});
