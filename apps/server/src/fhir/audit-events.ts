// AuditEvent over FHIR: read and searched from the audit's own rows, never written.
import { instantRange } from '@yimai/fhir';
import { isUuid, must, type Uuid } from '@yimai/kit';
import type { AuditQuery } from '@yimai/record';
import type { Accounts } from '../accounts.ts';
import type { Answer } from './answer.ts';
import { type InteractionContext, say } from './interaction-context.ts';
import { notFound } from './interactions.ts';
import { bundleText } from './searchset.ts';

/** What the audit is searched by, for the CapabilityStatement too. */
export const AUDIT_PARAMETERS: ReadonlySet<string> = new Set([
  '_id',
  'date',
  'patient',
  'agent',
  'agent-name',
  'agent-role',
  'action',
  'entity',
  'type',
  'subtype',
  'outcome',
]);
const CONTROLS = new Set([
  '_count',
  '_total',
  '_summary',
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
  const unknown = [...params.keys()].find((key) => !AUDIT_PARAMETERS.has(key) && !CONTROLS.has(key));
  if (unknown !== undefined) {
    throw say(
      'unknown-parameter',
      unknown.slice(0, 64),
      '审计不支持这个检索参数',
      'this parameter does not apply to the audit',
    );
  }
  const asked = readControls(params);
  const found = isNever(params)
    ? { events: [], next: null, total: 0 }
    : must(await accounts.audit(context.access, { ...readQuery(params), ...asked }));
  const link = [{ relation: 'self', url: `${context.base}/AuditEvent${query === '' ? '' : `?${query}`}` }];
  if (found.next !== null && asked.count > 0) {
    params.set('_before', String(found.next));
    link.push({ relation: 'next', url: `${context.base}/AuditEvent?${params}` });
  }
  const entries = found.events.map((event) => {
    const url = JSON.stringify(`${context.base}/AuditEvent/${event.id}`);
    return `{"fullUrl":${url},"resource":${JSON.stringify(event)},"search":{"mode":"match"}}`;
  });
  const total = asked.counted ? { total: found.total } : {};
  const head = { resourceType: 'Bundle', type: 'searchset', ...total, link };
  return { status: 200, headers: {}, body: bundleText(head, entries) };
}

const ORDERS: Readonly<Record<string, boolean>> = {
  '-date': false,
  '-_lastUpdated': false,
  date: true,
  _lastUpdated: true,
};

function readControls(params: URLSearchParams) {
  const count = Number(params.get('_count') ?? 50);
  if (!Number.isSafeInteger(count) || count < 0)
    throw say('bad-parameter', '_count', '应为不小于 0 的整数', 'a whole number of at least 0 is needed');
  const ascending = ORDERS[params.get('_sort') ?? '-date'];
  if (ascending === undefined)
    throw say('bad-parameter', '_sort', '审计只能按时间排序', 'the audit is sorted by date alone');
  const summary = params.get('_summary') ?? 'false';
  const total = params.get('_total') ?? 'none';
  if (!/^(false|count)$/.test(summary) || !/^(none|estimate|accurate)$/.test(total))
    throw say('bad-parameter', '_summary', '_summary 或 _total 无效', '_summary or _total is not valid');
  const onlyCount = summary === 'count' || count === 0;
  return { count: onlyCount ? 0 : count, ascending, counted: onlyCount || total !== 'none' };
}

const code = (token: string): string => token.slice(token.indexOf('|') + 1);

/** Every event is a REST act that went well; one of another kind is not to be found. */
function isNever(params: URLSearchParams): boolean {
  const [type, outcome] = [params.get('type'), params.get('outcome')];
  return (type !== null && code(type) !== 'rest') || (outcome !== null && code(outcome) !== '0');
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
  const action = params.get('action') ?? params.get('subtype');
  if (action) query.action = code(action);
  const role = params.get('agent-role');
  if (role) query.role = code(role);
  const name = params.get('agent-name');
  if (name) query.name = name;
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
