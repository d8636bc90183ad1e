// AuditEvent over FHIR: read and searched from the audit's own rows, never written.
import { isUuid, must, type Uuid } from '@yimai/kit';
import type { AuditQuery } from '@yimai/record';
import type { Accounts } from '../accounts.ts';
import type { Answer } from './answer.ts';
import { type InteractionContext, say } from './interaction-context.ts';
import { notFound } from './interactions.ts';
import { bundleText } from './searchset.ts';

const KNOWN = new Set([
  'date',
  'patient',
  'agent',
  'action',
  'entity',
  '_id',
  '_count',
  '_before',
  '_sort',
  '_format',
]);

export async function readAuditEvent(
  context: InteractionContext,
  accounts: Accounts,
  id: string,
): Promise<Answer> {
  if (!isUuid(id)) throw notFound('AuditEvent', id);
  const found = must(await accounts.audit(context.access, { id, count: 1 }));
  const event = found.events[0];
  if (!event) throw notFound('AuditEvent', id);
  return { status: 200, headers: { etag: 'W/"1"' }, body: JSON.stringify(event) };
}

export async function searchAuditEvents(
  context: InteractionContext,
  accounts: Accounts,
  query: string,
): Promise<Answer> {
  const params = new URLSearchParams(query);
  const unknown = [...params.keys()].find((key) => !KNOWN.has(key));
  if (unknown !== undefined) {
    throw say(
      'unknown-parameter',
      unknown.slice(0, 64),
      '审计不支持这个检索参数',
      'this parameter does not apply to the audit',
    );
  }
  const count = Number(params.get('_count') ?? 50);
  if (!Number.isSafeInteger(count) || count < 1)
    throw say('bad-parameter', '_count', '应为正整数', 'a positive number is needed');
  const page = must(await accounts.audit(context.access, { ...readQuery(params), count }));
  const link = [{ relation: 'self', url: `${context.base}/AuditEvent${query === '' ? '' : `?${query}`}` }];
  if (page.next !== null) {
    params.set('_before', String(page.next));
    link.push({ relation: 'next', url: `${context.base}/AuditEvent?${params}` });
  }
  const entries = page.events.map((event) => {
    const url = JSON.stringify(`${context.base}/AuditEvent/${event.id}`);
    return `{"fullUrl":${url},"resource":${JSON.stringify(event)},"search":{"mode":"match"}}`;
  });
  const head = { resourceType: 'Bundle', type: 'searchset', link };
  return { status: 200, headers: {}, body: bundleText(head, entries) };
}

function readQuery(params: URLSearchParams): AuditQuery {
  const query: { -readonly [key in keyof AuditQuery]: AuditQuery[key] } = {};
  for (const value of params.getAll('date')) {
    const match = /^(ge|gt|le|lt|eq)?(\d{4}-\d{2}-\d{2}(?:T.+)?)$/.exec(value);
    const instant = match
      ? new Date(match[2]!.length === 10 ? `${match[2]}T00:00:00+08:00` : match[2]!)
      : null;
    if (!match || !instant || Number.isNaN(instant.getTime())) {
      throw say(
        'bad-parameter',
        'date',
        '应为日期或时刻，前面可加 ge、lt',
        'a date or an instant, with ge or lt before it',
      );
    }
    const day = match[2]!.length === 10 ? 86_400_000 : 1;
    const after = new Date(instant.getTime() + day);
    const prefix = match[1] ?? 'eq';
    if (prefix === 'ge' || prefix === 'eq') query.from = instant;
    if (prefix === 'gt') query.from = after;
    if (prefix === 'lt') query.to = instant;
    if (prefix === 'le' || prefix === 'eq') query.to = after;
  }
  const patient = params.get('patient')?.replace(/^Patient\//, '');
  if (patient) query.patient = patient;
  const agent = params.get('agent');
  if (agent) query.agent = agent as Uuid;
  const action = params.get('action');
  if (action) query.action = action;
  const entity = params.get('entity');
  if (entity) query.entity = entity;
  const id = params.get('_id');
  if (id) query.id = id as Uuid;
  const before = params.get('_before');
  if (before) query.before = Number(before);
  return query;
}
