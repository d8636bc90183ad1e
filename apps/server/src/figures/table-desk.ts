// Tables that people build themselves: run under their own reach, saved, shared, made on appointed days, sent as files.
import type { FreeTableAnswer, SavedTableEntry, TableViews } from '@yimai/desk/contract';
import { addDays, chinaDate, type LocalDate, localDate, must, RefusalError } from '@yimai/kit';
import {
  type FreeTable,
  type FreeView,
  freeCells,
  freeIds,
  kindsOfPersons,
  type Period,
  parsePeriod,
  previousPeriod,
  readFreeTable,
  STEPS,
  seesPeopleOf,
} from '@yimai/measures';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { type Body, bad, bodyOf, notPermitted, textOf } from '../desk/read-body.ts';
import { sheetBytes, XLSX_TYPE } from '../desk/sheet.ts';
import { seenCases } from './cases.ts';
import type { OpenFigures } from './figure-shelf.ts';
import { ageOf, type FiguresDeps, mustSeeFigures } from './figures-deps.ts';
import { namedShare, namesOfShares, readShares, rolesToShareWith } from './table-shares.ts';
import {
  mayOpen,
  openedTable,
  removeTable,
  type SavedTable,
  savedTables,
  saveTable,
  TABLE_STEPS,
} from './table-store.ts';

const CASES_MOST = 100;

export function registerTables(app: FastifyInstance, deps: FiguresDeps): void {
  app.get('/desk/tables/views', async (request): Promise<TableViews> => {
    mustSeeFigures(await readerOf(deps, request));
    const { free, words } = deps.shelf.readRules();
    return {
      views: free.map(({ name, title, columns }) => ({
        name,
        title,
        columns: columns.map((column) => ({ ...column, steps: STEPS[column.kind] })),
      })),
      codes: Object.fromEntries(words.codes),
      roles: rolesToShareWith(deps).map(({ code, name }) => ({ code, name })),
    };
  });
  app.post('/desk/tables/run', async (request) => {
    const reader = await readerOf(deps, request);
    return answer(deps, reader, bodyOf(request.body)['table']);
  });
  app.post('/desk/tables/cases', async (request) => {
    const reader = await readerOf(deps, request);
    const body = bodyOf(request.body);
    return casesBehind(deps, reader, body['table'], body['cell']);
  });
  app.post('/desk/tables/export', async (request, reply) => {
    const reader = await readerOf(deps, request);
    const body = bodyOf(request.body);
    const language = body['language'] === 'en' ? 'en' : 'zh';
    const title = textOf(body, 'title', 60) ?? (language === 'zh' ? '统计表' : 'Table');
    const found = await answer(deps, reader, body['table']);
    const bytes = await sheetBytes('xlsx', title, sheetOf(found, language));
    return reply.header('content-type', XLSX_TYPE).send(bytes);
  });
  app.get('/desk/tables', async (request) => {
    const reader = await readerOf(deps, request);
    mustSeeFigures(reader);
    const all = (await savedTables(deps)).filter((table) => mayOpen(table, reader));
    return { items: await entriesOf(deps, reader, all) };
  });
  app.get('/desk/tables/:id', async (request) => {
    const reader = await readerOf(deps, request);
    mustSeeFigures(reader);
    const { id } = request.params as { id: string };
    const table = await openedTable(deps, reader, id);
    const [entry] = await entriesOf(deps, reader, [table]);
    return { ...entry, answer: await resultFor(deps, reader, table) };
  });
  app.post('/desk/tables/:id', async (request) => {
    const reader = await readerOf(deps, request);
    const { id } = request.params as { id: string };
    const table = await readSaved(deps, reader, id, bodyOf(request.body));
    await saveTable(deps, table.saved, table.isShared);
    return (await entriesOf(deps, reader, [table.saved]))[0];
  });
  app.post('/desk/tables/:id/remove', async (request) => {
    const reader = await readerOf(deps, request);
    await removeTable(deps, reader, (request.params as { id: string }).id);
    return { removed: true };
  });
}

/**
 * Organisations whose rows a role's tables are made of: the county for whom the policy lets read its figures, else the
 * reader's own organisation and what lies below it. Null: everything.
 */
export function reachOf({ policy }: FiguresDeps, role: string, org: string): readonly string[] | null {
  if (policy.roles.get(role)?.everything) return null;
  const isOfCounty = policy
    .rowsOf(role)
    .some(
      (row) => row.relationship === 'consortium' && row.kinds.includes('figure') && row.may.includes('read'),
    );
  return isOfCounty ? null : [org];
}

/** The period of a table as it is on a day: those that move with the calendar are worked out. */
export function periodOn(name: string, today: LocalDate): Period {
  const month = must(parsePeriod(today.slice(0, 7)));
  if (name === 'this-year') return must(parsePeriod(today.slice(0, 4)));
  if (name === 'this-month') return month;
  if (name === 'last-month') return previousPeriod(month);
  return must(parsePeriod(name));
}

async function answer(deps: FiguresDeps, reader: Reader, given: unknown): Promise<FreeTableAnswer> {
  mustSeeFigures(reader);
  const found = await deps.shelf.use((figures) => {
    const table = must(readFreeTable(given, figures.rules.free));
    const view = viewOf(figures, table);
    const reach = reachOf(deps, reader.actor.role, reader.org);
    const masks = hidesSmall(deps, reader, table, view, reach ?? [...figures.engine.tree.orgs.keys()]);
    const today = chinaDate(reader.now);
    const period = table.period === null ? null : periodOn(table.period.name, today);
    const key = `table ${JSON.stringify(table)} ${period?.name} ${reach?.join() ?? '*'} ${masks}`;
    return figures
      .kept(key, () => freeCells(figures.snapshot.connection, { table, view, period, reach }, masks))
      .then((cells) => shownTable(deps, figures, table, period, cells));
  });
  if (found === null) throw notReady();
  return found;
}

/** Columns that say what a person has. */
const TELLING = new Set(['disease', 'drg', 'programme', 'cause']);

/**
 * Small counts are shown only to whom the policy opens these very records: the kind of data of the view at each
 * organisation, and every locked class (HIV, mental health ...) where the table says what a person has.
 */
function hidesSmall(
  deps: FiguresDeps,
  reader: Reader,
  table: FreeTable,
  view: FreeView,
  orgs: readonly string[],
): boolean {
  const kinds = kindsOfPersons(deps.policy, view.resources);
  const tells = [...table.rows, ...table.columns, ...table.filters].some(({ column }) => TELLING.has(column));
  return !orgs.every((org) => seesPeopleOf(deps.policy, reader.access.actor, org, kinds, tells));
}

export function shownTable(
  deps: FiguresDeps,
  figures: OpenFigures,
  table: FreeTable,
  period: Period | null,
  cells: FreeTableAnswer['cells'],
): FreeTableAnswer {
  const view = viewOf(figures, table);
  const axes = [...table.rows, ...table.columns];
  const names: Record<string, string> = {};
  for (const [index, axis] of axes.entries()) {
    const column = view.columns.find(({ name }) => name === axis.column)!;
    if (column.kind !== 'organisation' || axis.by === 'level') continue;
    for (const { at } of cells) {
      const id = at[index];
      const name = id ? figures.engine.tree.orgs.get(id)?.name : undefined;
      if (id && name) names[id] = name;
    }
  }
  return {
    ...ageOf(deps, figures),
    rows: table.rows.length,
    heads: axes.map((axis) => view.columns.find(({ name }) => name === axis.column)!.title),
    period: period?.name ?? null,
    cells,
    names,
    hidden: cells.filter(({ masked }) => masked).length,
  };
}

function viewOf({ rules }: OpenFigures, table: FreeTable): FreeView {
  return rules.free.find(({ name }) => name === table.view)!;
}

/** The rows behind one cell, each read again through the record as the reader. */
async function casesBehind(deps: FiguresDeps, reader: Reader, given: unknown, cell: unknown) {
  mustSeeFigures(reader);
  const at = Array.isArray(cell) ? cell.map((each) => (each === null ? null : String(each))) : [];
  const found = await deps.shelf.use(async (figures) => {
    const table = must(readFreeTable(given, figures.rules.free));
    const view = viewOf(figures, table);
    const period = table.period === null ? null : periodOn(table.period.name, chinaDate(reader.now));
    const reach = reachOf(deps, reader.actor.role, reader.org);
    const question = { table, view, period, reach };
    const key = `table ids ${JSON.stringify(table)} ${period?.name} ${reach?.join() ?? '*'} ${JSON.stringify(at)}`;
    const ids = await figures.kept(key, () => freeIds(figures.snapshot.connection, question, at, CASES_MOST));
    const seen = await seenCases(deps, reader, view.resources, ids);
    return { cases: ids.flatMap((id) => seen.get(id) ?? []), looked: ids.length };
  });
  if (found === null) throw notReady();
  return { cases: found.cases };
}

/** What was kept is the owner's; anybody else has the table asked anew, with the period of that day. */
async function resultFor(deps: FiguresDeps, reader: Reader, saved: SavedTable): Promise<FreeTableAnswer> {
  const { kept } = saved;
  const isOwn = saved.owner === reader.actor.person && saved.role === reader.actor.role;
  if (kept === null) return answer(deps, reader, saved.table);
  if (!isOwn) {
    const given = saved.table as { period?: { column: string } | null };
    const period = kept.period === null || !given.period ? null : { ...given.period, name: kept.period };
    return { ...(await answer(deps, reader, { ...given, period })), madeAt: kept.at };
  }
  const found = await deps.shelf.use(async (figures) => {
    const table = must(readFreeTable(saved.table, figures.rules.free));
    const period = kept.period === null ? null : must(parsePeriod(kept.period));
    return { ...shownTable(deps, figures, table, period, kept.cells), madeAt: kept.at, seq: kept.seq };
  });
  if (found === null) throw notReady();
  return found;
}

async function readSaved(
  deps: FiguresDeps,
  reader: Reader,
  id: string,
  body: Body,
): Promise<{ saved: SavedTable; isShared: boolean }> {
  mustSeeFigures(reader);
  if (!/^[A-Za-z0-9-]{8,64}$/.test(id)) throw bad('id', '编号不对', 'this id is not one');
  must(readFreeTable(body['table'], deps.shelf.readRules().free));
  const title = textOf(body, 'title', 60);
  if (title === undefined) throw bad('title', '请给表起个名字', 'a table has a name');
  const every = body['every'] ?? null;
  const step = every === null ? null : TABLE_STEPS.find((each) => each === every);
  if (step === undefined)
    throw bad('every', `可选：${TABLE_STEPS.join('、')}`, `one of: ${TABLE_STEPS.join(', ')}`);
  const shares = await readShares(deps, reader, body['shares'] ?? []);
  const before = (await savedTables(deps)).find((each) => each.id === id);
  if (before && before.owner !== reader.actor.person) throw notPermitted();
  const known = new Set((before?.shares ?? []).map((share) => `${share.kind} ${share.id}`));
  const isShared = shares.some((share) => !known.has(`${share.kind} ${share.id}`));
  const today = chinaDate(reader.now);
  const due = step === null ? null : before?.every === step ? before.due : dueAfter(today, step);
  const saved: SavedTable = {
    id,
    title,
    table: body['table'],
    owner: reader.actor.person,
    ownerName: reader.signedIn.name,
    role: reader.actor.role,
    org: reader.org,
    shares,
    every: step,
    due,
    kept: before && JSON.stringify(before.table) === JSON.stringify(body['table']) ? before.kept : null,
  };
  return { saved, isShared };
}

/** The morning after, next Monday, the first of next month. */
export function dueAfter(today: LocalDate, every: (typeof TABLE_STEPS)[number]): LocalDate {
  if (every === 'day') return addDays(today, 1);
  if (every === 'month') {
    const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
    const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
    return localDate(next);
  }
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay();
  return addDays(today, weekday === 0 ? 1 : 8 - weekday);
}

async function entriesOf(
  deps: FiguresDeps,
  reader: Reader,
  tables: readonly SavedTable[],
): Promise<readonly SavedTableEntry[]> {
  const names = await namesOfShares(
    deps,
    reader,
    tables.flatMap(({ shares }) => shares),
  );
  return tables.map((table) => ({
    id: table.id,
    title: table.title,
    table: table.table,
    owner: table.ownerName,
    mine: table.owner === reader.actor.person,
    shares: table.shares.map((share) => namedShare(share, names)),
    every: table.every,
    due: table.due,
    madeAt: table.kept?.at ?? null,
  }));
}

/** As a sheet: one line for each row of the table, one column for each value of its columns. */
export function sheetOf(found: FreeTableAnswer, language: 'zh' | 'en'): readonly (readonly string[])[] {
  const hidden = language === 'zh' ? '数量过小，已隐去' : 'too small a count, hidden';
  const empty = language === 'zh' ? '（空）' : '(empty)';
  const text = (value: string | null | undefined): string =>
    value === null || value === undefined ? empty : (found.names[value] ?? value);
  const across = [
    ...new Map(found.cells.map(({ at }) => [JSON.stringify(at.slice(found.rows)), at.slice(found.rows)])),
  ];
  const lines = new Map<string, { head: readonly (string | null)[]; cells: Map<string, string> }>();
  for (const { at, value, masked } of found.cells) {
    const head = at.slice(0, found.rows);
    const line = lines.get(JSON.stringify(head)) ?? { head, cells: new Map() };
    line.cells.set(
      JSON.stringify(at.slice(found.rows)),
      masked ? hidden : value === null ? '' : String(value),
    );
    lines.set(JSON.stringify(head), line);
  }
  const heads = found.heads.slice(0, found.rows).map((head) => head[language]);
  const values = language === 'zh' ? '数值' : 'Value';
  return [
    [...heads, ...across.map(([, at]) => (at.length === 0 ? values : at.map(text).join(' · ')))],
    ...[...lines.values()].map(({ head, cells }) => [
      ...head.map(text),
      ...across.map(([key]) => cells.get(key) ?? ''),
    ]),
    [language === 'zh' ? '数据截至' : 'Data as of', found.dataAt ?? ''],
  ];
}

const notReady = (): RefusalError =>
  new RefusalError({
    code: 'figures-not-ready',
    detail: {
      zh: '指标正在首次汇总，请稍候再看',
      en: 'the figures are being put together, look again in a moment',
    },
  });
