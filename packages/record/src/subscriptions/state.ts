// Keeps the state of Subscriptions beside their resources: one row each, made and ended with the resource.
import { RefusalError } from '@yimai/kit';
import { type Sql, sql } from '@yimai/postgres';
import type { Keyring } from '../access/keyring.ts';
import { openSession } from '../access/session.ts';
import type { Access, Resource, StoredRow } from '../types.ts';

/** A subscription reads with a session of its own for this long; renewing the Subscription renews it. */
const SESSION_DAYS = 400;

interface Channel {
  readonly type?: string;
  readonly endpoint?: string;
  readonly payload?: string;
  readonly header?: readonly string[];
}

/** `Observation?code=…` with a rest-hook channel; other channels are followed through the event stream by themselves. */
export async function projectSubscription(
  run: Sql,
  keyring: Keyring,
  access: Access,
  row: StoredRow,
  resource: Resource | null,
): Promise<void> {
  if (row.version > 1) {
    await run.run(sql`update session set revoked_at = ${row.updatedAt} where revoked_at is null
      and id in (select s.session from subscription_state s where s.id = ${row.id})`);
    await run.run(sql`delete from subscription_state where id = ${row.id}`);
  }
  const channel = resource?.['channel'] as Channel | undefined;
  const status = resource?.['status'];
  if (!resource || channel?.type !== 'rest-hook' || (status !== 'requested' && status !== 'active')) return;
  const [type, criteria] = splitCriteria(String(resource['criteria'] ?? ''));
  const expires = new Date(row.updatedAt.getTime() + SESSION_DAYS * 86_400_000);
  const session = await openSession(run, {
    user: access.actor.user,
    kind: 'client',
    label: `Subscription/${row.fhirId}`,
    now: row.updatedAt,
    expires,
    ...(access.actor.scopes ? { scopes: access.actor.scopes } : {}),
  });
  await run.run(sql`insert into subscription_state
      (id, fhir_id, type, criteria, endpoint, payload, headers, active, token, session, position, next_at)
    select ${row.id}, ${row.fhirId}, ${type}, ${criteria}, ${channel.endpoint ?? ''}, ${channel.payload !== undefined},
      ${[...(channel.header ?? [])]}::text[], true, ${keyring.close(`s${session.token}`)}, ${session.session},
      q.change_seq, ${row.updatedAt} from sequencer q`);
}

function splitCriteria(text: string): [type: string, criteria: string] {
  const match = /^([A-Z][A-Za-z]+)(?:\?(.*))?$/.exec(text);
  if (!match) {
    const detail = { zh: 'criteria 应形如 Observation?code=…', en: 'criteria look like Observation?code=…' };
    throw new RefusalError({ code: 'invalid-resource', at: 'Subscription.criteria', rule: 'R50', detail });
  }
  return [match[1]!, match[2] ?? ''];
}
