// Alert rules at the desk: what stands now, what each standing alert has opened, how fast alerts are handled.
import type { AlertPage, StandingAlert } from '@yimai/desk/contract';
import { sql } from '@yimai/postgres';
import { type AlertDeclaration, newestLoop } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { ask, madeAct } from './act-forms.ts';
import { readingName, ruleInWords, sortName } from './alert-words.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { entriesIn, nameOfEntry, todayOf } from './field-objects.ts';
import { notFound } from './read-body.ts';
import { itemsOfCases, programmeHolding, programmeOf } from './work-items.ts';
import type { CaseRow } from './work-rows.ts';

const YEAR_MS = 365 * 86_400_000;
const RECENT = 30;
const STANDING_MAX = 200;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/alerts/:id', async (request): Promise<AlertPage> => {
    const reader = await readerOf(deps, request);
    const alert = deps.runtime.alerts.get((request.params as { id: string }).id);
    if (!alert) throw notFound();
    return pageOf(deps, reader, alert);
  });
}

async function pageOf(deps: DeskDeps, reader: Reader, alert: AlertDeclaration): Promise<AlertPage> {
  const loop = newestLoop(deps.runtime, alert.opens);
  const [standing, statistics, recent] = await Promise.all([
    standingOf(deps, reader, alert),
    statisticsOf(deps, alert, reader.now),
    recentOf(deps, reader, alert.opens),
  ]);
  return {
    id: alert.id,
    name: alert.title,
    programme: programmeHolding(deps, (one) => one.alerts.some((each) => each.id === alert.id)),
    asOf: reader.now.toISOString(),
    class: sortName(alert.class),
    rule: ruleInWords(alert.when),
    silentAfter: alert.silentAfter ?? null,
    opens: {
      loop: alert.opens,
      name: loop.ok ? loop.value.declaration.title : { zh: alert.opens, en: alert.opens },
      programme: programmeOf(deps, alert.opens).id,
    },
    standing,
    statistics,
    recent,
    reading: alert.over === undefined && (await mayRead(deps, reader, alert)) ? readingAct(alert) : null,
  };
}

/** A reading by hand is for those who keep the registers of the programme. */
async function mayRead(deps: DeskDeps, reader: Reader, alert: AlertDeclaration): Promise<boolean> {
  const programme = deps.runtime.programmes.find((one) => one.alerts.some((each) => each.id === alert.id));
  return programme?.registers.some((one) => one.by.includes(reader.actor.role)) ?? false;
}

interface OpenRow {
  readonly rule: string;
  readonly object: string;
  readonly case_id: string | null;
  readonly since_at: Date;
  readonly readings: number;
  readonly last_at: Date;
}

const rowFor = (id: string): CaseRow => ({
  case_id: id,
  loop: '',
  branch: null,
  since_at: null,
  due_at: null,
});

/** Those whose case the reader may see; a standing alert without a case is shown by its object only. */
async function standingOf(deps: DeskDeps, reader: Reader, alert: AlertDeclaration): Promise<StandingAlert[]> {
  const { rows } =
    await deps.database.run<OpenRow>(sql`select rule, object, case_id, since_at, readings, last_at
    from alert_open where rule = any(${[alert.id, `${alert.id}-silent`]}::text[])
    order by since_at limit ${STANDING_MAX}`);
  const items = await itemsOfCases(
    deps,
    reader,
    rows.flatMap((row) => (row.case_id ? [rowFor(row.case_id)] : [])),
  );
  const seen = new Map(items.map((item) => [item.id, item]));
  const names = await objectNames(deps, reader, alert);
  return rows.flatMap((row) => {
    const item = row.case_id === null ? null : (seen.get(row.case_id) ?? null);
    if (row.case_id !== null && item === null) return [];
    return [
      {
        object: row.object,
        // What no register names is called as the case that it opened.
        name: names.get(row.object) ?? item?.title ?? row.object,
        silent: row.rule !== alert.id,
        since: row.since_at.toISOString(),
        lastAt: row.last_at.toISOString(),
        readings: row.readings,
        item,
      },
    ];
  });
}

async function objectNames(
  deps: DeskDeps,
  reader: Reader,
  alert: AlertDeclaration,
): Promise<Map<string, string>> {
  const programme = deps.runtime.programmes.find((one) => one.alerts.some((each) => each.id === alert.id));
  const registers = new Map((programme?.registers ?? []).map((one) => [one.id, one]));
  const rows = await entriesIn(deps, [...registers.keys()], todayOf(reader));
  return new Map(rows.map((row) => [row.key, nameOfEntry(registers.get(row.register)!, row.data, row.key)]));
}

async function statisticsOf(
  deps: DeskDeps,
  alert: AlertDeclaration,
  now: Date,
): Promise<AlertPage['statistics']> {
  const { rows } = await deps.database.run<{
    opened: number;
    handled: number;
    late: number;
    median: number | null;
  }>(sql`select count(*)::int as opened, (count(*) filter (where c.outcome <> 'open'))::int as handled,
      (count(*) filter (where exists (select 1 from loop_stay s where s.case_id = c.id and s.until_at is null
        and s.due_at < ${now}::timestamptz)))::int as late,
      percentile_cont(0.5) within group (order by extract(epoch from c.closed_at - c.opened_at) / 60)
        filter (where c.closed_at is not null) as median
    from loop_case c where c.loop = ${alert.opens} and c.opened_at >= ${new Date(now.getTime() - YEAR_MS)}`);
  const { opened = 0, handled = 0, late = 0, median = null } = rows[0] ?? {};
  return { opened, handled, late, medianMinutes: median === null ? null : Math.round(median) };
}

async function recentOf(deps: DeskDeps, reader: Reader, loop: string) {
  const { rows } = await deps.database.run<{ id: string }>(sql`select id from loop_case where loop = ${loop}
    order by (outcome = 'open') desc, opened_at desc, id limit ${RECENT}`);
  return itemsOfCases(
    deps,
    reader,
    rows.map((row) => rowFor(row.id)),
  );
}

/** The readings that the rule speaks of, as numbers to type in where no device sends them. */
function readingAct(alert: AlertDeclaration) {
  const named = [
    ...`${alert.when} ${Object.values(alert.with).join(' ')}`.matchAll(/reading\.([a-z][a-zA-Z-]*)/g),
  ];
  const names = [...new Set(named.map((one) => one[1]!))].filter((name) => name !== 'missing');
  return madeAct({
    id: 'reading',
    name: { zh: '录入读数', en: 'Enter a reading' },
    type: 'alert.reading',
    payload: { alert: alert.id },
    items: [
      ask('object', 'text', '对象（编号）', 'Object (its code)', { required: true }),
      ...names.map((name) => ask(name, 'number', readingName(name).zh, readingName(name).en)),
    ],
    nest: Object.fromEntries(names.map((name) => [name, 'values'])),
    tone: 'plain',
  });
}
