// AuditEvent over FHIR: read and searched from the audit's own rows, never written.
import { instantRange } from '@yimai/fhir';
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
  '_pretty',
  '_lastUpdated',
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

/** What is no id of ours belongs to nobody: nothing is found by it. */
const uuidOrNobody = (text: string): Uuid => (isUuid(text) ? text : NOBODY);
const NOBODY = '00000000-0000-0000-0000-000000000000' as Uuid;

function readQuery(params: URLSearchParams): AuditQuery {
  const query: { -readonly [key in keyof AuditQuery]: AuditQuery[key] } = {};
  for (const value of [...params.getAll('date'), ...params.getAll('_lastUpdated')]) {
    const [, prefix = 'eq', text = ''] = /^(ge|gt|le|lt|eq)?(.*)$/.exec(value) ?? [];
    const range = instantRange(text);
    if (!range)
      throw say(
        'bad-parameter',
        'date',
        '应为日期或时刻，前面可加 ge、lt',
        'a date or an instant, with ge or lt before it',
      );
    if (prefix === 'ge' || prefix === 'eq') query.from = new Date(range.low);
    if (prefix === 'gt') query.from = new Date(range.high);
    if (prefix === 'lt') query.to = new Date(range.low);
    if (prefix === 'le' || prefix === 'eq') query.to = new Date(range.high);
  }
  const patient = params.get('patient')?.replace(/^Patient\//, '');
  if (patient) query.patient = patient;
  const agent = params.get('agent');
  if (agent) query.agent = uuidOrNobody(agent);
  const action = params.get('action');
  if (action) query.action = action;
  const entity = params.get('entity');
  if (entity) query.entity = entity;
  const id = params.get('_id');
  if (id) query.id = uuidOrNobody(id);
  const before = params.get('_before');
  if (before !== null) {
    if (!/^\d{1,15}$/.test(before))
      throw say('bad-parameter', '_before', '翻页标记无效', 'the page mark is not valid');
    query.before = Number(before);
  }
  return query;
}
