// The home by role and the work list.
import { type Home, WORK_TABS, type WorkPage, type WorkQuery } from '@yimai/desk/contract';
import { type Database, sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { bodyOf, choiceOf, countOf, textOf } from './read-body.ts';
import { findResidents } from './residents.ts';
import { startsFor } from './starts.ts';
import { itemsOfCases, programmeOf } from './work-items.ts';
import { COUNT_MAX, countByLoop, type LoopCount, type RowQuery, workRows } from './work-rows.ts';

const HOME_ROWS = 12;
const WAITING_ROWS = 6;
const PAGE = 50;
const DAY_MS = 86_400_000;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/home', async (request) => homeOf(deps, await readerOf(deps, request)));
  app.post('/desk/work', async (request): Promise<WorkPage> => {
    const reader = await readerOf(deps, request);
    return workPage(deps, reader, readQuery(request.body));
  });
}

function readQuery(value: unknown): WorkQuery {
  const body = bodyOf(value);
  const [loop, state, text, cursor] = ['loop', 'state', 'text', 'cursor'].map((key) =>
    textOf(body, key, 500),
  );
  return {
    tab: choiceOf(body, 'tab', WORK_TABS, 'mine'),
    sort: choiceOf(body, 'sort', ['deadline', 'age', 'number'] as const, 'deadline'),
    late: body['late'] === true,
    count: countOf(body, PAGE),
    ...(loop ? { loop } : {}),
    ...(state ? { state } : {}),
    ...(text ? { text } : {}),
    ...(cursor ? { cursor } : {}),
  };
}

async function workPage(deps: DeskDeps, reader: Reader, asked: WorkQuery): Promise<WorkPage> {
  const query: RowQuery = { ...asked, subjects: await peopleNamed(deps, reader, asked.text) };
  const [{ rows, next }, counts] = await Promise.all([
    workRows(deps.database, reader.actor, query, reader.now, query.count ?? PAGE),
    countedLately(deps, reader, query),
  ]);
  const counted = counts.filter((each) => query.loop === undefined || each.loop === query.loop);
  const total = counted.reduce((sum, each) => sum + each.open, 0);
  return {
    items: await itemsOfCases(deps, reader, rows),
    next,
    total: { count: Math.min(total, COUNT_MAX), more: total > COUNT_MAX },
    loops: counts.map((each) => ({ id: each.loop, name: loopName(deps, each.loop), count: each.open })),
  };
}

const COUNTED_MS = 60_000;
const COUNTED_MAX = 500;
type Counted = Map<string, { readonly at: number; readonly counts: readonly LoopCount[] }>;
const lately = new WeakMap<Database, Counted>();

/** Who pages on has counted at the first page: a list is not counted again for each of its pages. */
async function countedLately(deps: DeskDeps, reader: Reader, query: RowQuery): Promise<readonly LoopCount[]> {
  const { cursor, count: _count, sort: _sort, ...asked } = query;
  const key = JSON.stringify([reader.actor, asked]);
  const at = Date.now();
  const all = lately.get(deps.database) ?? (new Map() as Counted);
  lately.set(deps.database, all);
  const known = all.get(key);
  if (cursor && known && at - known.at < COUNTED_MS) return known.counts;
  const counts = await countByLoop(deps.database, reader.actor, query, reader.now);
  if (all.size >= COUNTED_MAX) all.clear();
  all.set(key, { at, counts });
  return counts;
}

const NAMED_MAX = 50;

/** Residents whose name fits, for a list that is searched by name. */
async function peopleNamed(deps: DeskDeps, reader: Reader, text: string | undefined): Promise<string[]> {
  if (!text || /\d/.test(text)) return [];
  const page = await findResidents(deps, reader, text, undefined, NAMED_MAX, false);
  return page.items.map((row) => `Patient/${row.id}`);
}

const loopName = (deps: DeskDeps, loop: string) =>
  deps.runtime.loops.get(loop)?.at(-1)?.declaration.title ?? programmeOf(deps, loop).name;

async function homeOf(deps: DeskDeps, reader: Reader): Promise<Home> {
  const { database } = deps;
  const { actor, now } = reader;
  const [kinds, mine, waiting, figures] = await Promise.all([
    countByLoop(database, actor, { tab: 'mine' }, now),
    workRows(database, actor, { tab: 'mine' }, now, HOME_ROWS),
    workRows(database, actor, { tab: 'waiting-for' }, now, WAITING_ROWS),
    figuresOf(deps, reader),
  ]);
  const items = await itemsOfCases(deps, reader, mine.rows);
  const today = items.filter((item) => item.deadline && isWithinADay(item.deadline.at, now));
  return {
    kinds: kinds.map((kind) => ({
      loop: kind.loop,
      name: loopName(deps, kind.loop),
      open: kind.open,
      late: kind.late,
      dueSoon: kind.soon,
    })),
    mine: items,
    waitingFor: await itemsOfCases(deps, reader, waiting.rows),
    calendar: today.map((item) => ({
      at: item.deadline!.at,
      title: typeof item.title === 'string' ? { zh: item.title, en: item.title } : item.title,
      state: item.state.kind,
      link: { kind: 'case', id: item.id },
    })),
    figures,
    starts: startsFor(deps, reader),
    asOf: now.toISOString(),
  };
}

const isWithinADay = (at: string, now: Date): boolean => {
  const ahead = Date.parse(at) - now.getTime();
  return ahead >= 0 && ahead < DAY_MS;
};

/** The office's own figures over ninety days: what is open, what was done in time. */
async function figuresOf(deps: DeskDeps, reader: Reader): Promise<Home['figures']> {
  const since = new Date(reader.now.getTime() - 90 * DAY_MS);
  const { rows } = await deps.database.run<{
    open: number;
    ended: number;
    in_time: number;
    with_due: number;
  }>(sql`select
      (count(*) filter (where until_at is null))::int as open,
      (count(*) filter (where until_at >= ${since}::timestamptz))::int as ended,
      (count(*) filter (where until_at >= ${since}::timestamptz and due_at is not null))::int as with_due,
      (count(*) filter (where until_at >= ${since}::timestamptz and until_at <= due_at))::int as in_time
    from loop_stay where owner_org = ${reader.actor.organisation}`);
  const { open = 0, ended = 0, in_time: inTime = 0, with_due: withDue = 0 } = rows[0] ?? {};
  const cases = { zh: '件', en: 'cases' };
  return [
    {
      id: 'open',
      name: { zh: '本单位在办', en: 'Open at my office' },
      value: String(open),
      unit: cases,
      link: null,
    },
    {
      id: 'ended',
      name: { zh: '近 90 天办结环节', en: 'Steps done, 90 days' },
      value: String(ended),
      unit: null,
      link: null,
    },
    {
      id: 'on-time',
      name: { zh: '近 90 天按时率', en: 'On time, 90 days' },
      value: withDue === 0 ? '–' : ((100 * inTime) / withDue).toFixed(1),
      unit: withDue === 0 ? null : { zh: '%', en: '%' },
      link: null,
    },
  ];
}
