// Keeps the state of Subscriptions beside their resources: one row each, made and ended with the resource.
import { RefusalError } from '@yimai/kit';
import { type Sql, sql } from '@yimai/postgres';
import type { Keyring } from '../access/keyring.ts';
import { openSession } from '../access/session.ts';
import { parseSearch } from '../search/parse.ts';
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
  const wanted = resource && followed(resource, row.updatedAt);
  if (wanted && access.actor.role === 'system' && (await isFollowed(run, row, wanted))) return;
  if (row.version > 1) {
    await run.run(sql`update session set revoked_at = ${row.updatedAt} where revoked_at is null
      and id in (select s.session from subscription_state s where s.id = ${row.id})`);
    await run.run(sql`delete from subscription_state where id = ${row.id}`);
  }
  if (!wanted) return;
  const session = await openSession(run, {
    user: access.actor.user,
    kind: 'client',
    label: `Subscription/${row.fhirId}`,
    now: row.updatedAt,
    expires: wanted.expires,
    ...(access.actor.scopes ? { scopes: access.actor.scopes } : {}),
  });
  await run.run(sql`insert into subscription_state
      (id, fhir_id, type, criteria, endpoint, payload, headers, active, token, session, position, next_at)
    select ${row.id}, ${row.fhirId}, ${wanted.type}, ${wanted.criteria}, ${wanted.endpoint}, ${wanted.payload},
      ${wanted.headers}::text[], true, ${keyring.close(`s${session.token}`)}, ${session.session},
      q.change_seq, ${row.updatedAt} from sequencer q`);
}

interface Followed {
  readonly type: string;
  readonly criteria: string;
  readonly endpoint: string;
  readonly payload: boolean;
  readonly headers: string[];
  readonly expires: Date;
}

/** What a resource asks to be told; null: nothing (another channel, off, in error). */
function followed(resource: Resource, now: Date): Followed | null {
  const channel = resource['channel'] as Channel | undefined;
  const status = resource['status'];
  if (channel?.type !== 'rest-hook' || (status !== 'requested' && status !== 'active')) return null;
  const [type, criteria] = splitCriteria(String(resource['criteria'] ?? ''));
  const read = parseSearch(type, criteria, { now, strict: true });
  // A value set is looked for when it is asked for.
  if (!read.ok && read.refusal.code !== 'search-value-set-unknown')
    throw wrong('criteria', read.refusal.detail?.zh ?? '', read.refusal.detail?.en ?? '');
  const endpoint = channel.endpoint ?? '';
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw wrong('channel.endpoint', '应为 http 或 https 网址', 'an http or https address is needed');
  const latest = new Date(now.getTime() + SESSION_DAYS * 86_400_000);
  const end = new Date(String(resource['end'] ?? ''));
  return {
    type,
    criteria,
    endpoint,
    payload: channel.payload !== undefined,
    headers: [...(channel.header ?? [])],
    expires: end < latest ? end : latest,
  };
}

/** Whether this is what is followed already: the worker wrote down how it stands. */
async function isFollowed(run: Sql, row: StoredRow, wanted: Followed): Promise<boolean> {
  const { rows } = await run.run(sql`select 1 from subscription_state s where s.id = ${row.id}
    and s.type = ${wanted.type} and s.criteria = ${wanted.criteria} and s.endpoint = ${wanted.endpoint}`);
  return rows.length > 0;
}

function splitCriteria(text: string): [type: string, criteria: string] {
  const match = /^([A-Z][A-Za-z]+)(?:\?(.*))?$/.exec(text);
  if (!match) throw wrong('criteria', '应形如 Observation?code=…', 'it looks like Observation?code=…');
  return [match[1]!, match[2] ?? ''];
}

function wrong(element: string, zh: string, en: string): RefusalError {
  return new RefusalError({
    code: 'invalid-resource',
    at: `Subscription.${element}`,
    rule: 'R50',
    detail: { zh: `${element}：${zh}`, en: `${element}: ${en}` },
  });
}
