// Builds audit rows: who, in which role and where, did what to which entity, when. No clear personal data in them.
import { uuidv7 } from '@yimai/kit';
import type { Access } from '../types.ts';
import type { AuditRow } from './audit-buffer.ts';
import type { AuditEntry } from './deps.ts';

/** One row per entry; `body` has its keys in a fixed order, because the hash chain covers its bytes. */
export function auditRow(
  access: Access,
  at: Date,
  entry: AuditEntry,
  commandId: string | null = null,
): AuditRow {
  const { actor } = access;
  const body = JSON.stringify({
    at: at.toISOString(),
    action: entry.action,
    user: actor.user,
    role: actor.role,
    org: actor.org,
    patient: entry.patient,
    entity: entry.entity ?? null,
    command: commandId,
    text: entry.text ?? null,
  });
  return {
    id: uuidv7(at.getTime()),
    at,
    person: actor.user,
    org: actor.org,
    patient: entry.patient,
    action: entry.action,
    body,
  };
}
