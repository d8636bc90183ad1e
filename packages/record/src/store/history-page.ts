// `_history` with its parameters: _count, _since, _at, and a cursor that pins all pages to the moment of the first.
import { RefusalError } from '@yimai/kit';
import type { Access, StoredRow } from '../types.ts';
import type { StoreDeps } from './deps.ts';
import { type HistoryQuery, readHistory } from './read.ts';

const COUNT_DEFAULT = 50;
const COUNT_MAX = 1000;

export interface HistoryPage {
  readonly versions: readonly StoredRow[];
  readonly self: string;
  readonly next: string | null;
}

export async function historyPage(
  deps: StoreDeps,
  access: Access,
  type: string | null,
  id: string | null,
  params: URLSearchParams,
): Promise<HistoryPage> {
  const count = readCount(params.get('_count'));
  const cursor = params.get('_cursor');
  const after = cursor === null ? null : readCursor(cursor);
  const since = params.get('_since');
  const query: HistoryQuery = {
    type,
    id,
    since: since === null ? null : readInstant('_since', since),
    at: after?.at ?? (params.has('_at') ? readInstant('_at', params.get('_at')!) : deps.clock.now()),
    count: count + 1,
    after,
  };
  const found = await readHistory(deps, access, query);
  const versions = found.slice(0, count);
  const last = versions.at(-1);
  const kept = new URLSearchParams([...params].filter(([key]) => ['_count', '_since', '_at'].includes(key)));
  const self = kept.toString();
  if (found.length <= count || !last) return { versions, self, next: null };
  kept.set('_cursor', [query.at.getTime(), last.updatedAt.getTime(), last.id, last.version].join('_'));
  return { versions, self, next: kept.toString() };
}

function readCount(text: string | null): number {
  if (text === null) return COUNT_DEFAULT;
  if (!/^\d{1,6}$/.test(text)) throw bad('_count', '_count 应为整数', '_count is a whole number');
  return Math.min(Number(text), COUNT_MAX);
}

function readInstant(at: string, text: string): Date {
  const instant = new Date(text.length === 10 ? `${text}T00:00:00+08:00` : text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(instant.getTime())) {
    throw bad(at, '应为日期或带时区的时刻', 'a date or an instant with its zone is needed');
  }
  return instant;
}

function readCursor(text: string) {
  const match = /^(\d{1,15})_(\d{1,15})_([0-9a-f-]{36})_(\d{1,9})$/.exec(text);
  if (!match) throw bad('_cursor', '翻页标记无效', 'the page mark is not valid');
  return {
    at: new Date(Number(match[1])),
    updatedAt: new Date(Number(match[2])),
    id: match[3]!,
    version: Number(match[4]),
  };
}

function bad(at: string, zh: string, en: string): RefusalError {
  return new RefusalError({ code: 'bad-parameter', at, rule: 'R15', detail: { zh, en } });
}
