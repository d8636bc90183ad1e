// Reports at the desk: the rows of a standing question with names, over the entries that the reader may see.
import type { ReportPage } from '@yimai/desk/contract';
import { chinaDate, RefusalError, type Text } from '@yimai/kit';
import type { FieldValue } from '@yimai/loops';
import { type RegisterDeclaration, type ReportDeclaration, reportOn } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { nameOfEntry } from './field-objects.ts';
import { bad, bodyOf, choiceOf, dateOf, notFound } from './read-body.ts';
import { TYPES } from './register-files.ts';
import { cellOf, readableEntries } from './register-rows.ts';
import { namesOf } from './resources.ts';
import { sheetBytes } from './sheet.ts';
import { programmeHolding } from './work-items.ts';

/** More are counted and not listed one by one. */
const NAMED_MAX = 500;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/reports/:id', async (request): Promise<ReportPage> => {
    const reader = await readerOf(deps, request);
    return pageOf(deps, reader, declaredReport(deps, request.params), request.query);
  });
  app.post('/desk/mechanisms/reports/:id/export', async (request, reply) => {
    const reader = await readerOf(deps, request);
    const kind = choiceOf(bodyOf(request.body), 'kind', ['xlsx', 'csv'] as const, 'xlsx');
    const page = await pageOf(deps, reader, declaredReport(deps, request.params), request.body);
    return reply.type(TYPES[kind]).send(await sheetBytes(kind, page.name.zh, sheetOf(page)));
  });
}

function declaredReport(deps: DeskDeps, params: unknown): ReportDeclaration {
  const found = deps.runtime.reports.get((params as { id: string }).id);
  if (!found) throw notFound();
  return found;
}

async function pageOf(
  deps: DeskDeps,
  reader: Reader,
  report: ReportDeclaration,
  asked: unknown,
): Promise<ReportPage> {
  const today = chinaDate(reader.now);
  const body = bodyOf(asked);
  const to = dateOf(body, 'to') ?? today;
  const from = dateOf(body, 'from') ?? `${to.slice(0, 4)}-01-01`;
  if (from > to) throw bad('from', '起始日期晚于截止日期', 'begins after its end');
  const answered = await reportOn(deps.runtime, deps.database, {
    report: report.id,
    on: to,
    from,
    readable: (ids) => deps.record.readableAmong(reader.access, 'Basic', ids),
  });
  if (!answered.ok) throw new RefusalError(answered.refusal);
  const { rows, total, named, counted } = answered.value;
  const register = deps.runtime.registers.get(report.register)!;
  // What is named is shown, so it is read: the audit says who saw it.
  const seen = await readableEntries(
    deps,
    reader,
    named.slice(0, NAMED_MAX).map(({ id }) => id),
  );
  const shown = named.filter(({ id }) => seen.has(id));
  const by = report.by ?? [];
  const names = await namesOf(deps, reader, [
    ...rows.flatMap((row) => row.of),
    ...shown.flatMap(({ data }) => register.key.map((field) => textIn(data[field]))),
  ]);
  return {
    id: report.id,
    name: report.title,
    programme: programmeHolding(deps, (one) => one.reports.some((each) => each.id === report.id)),
    asOf: reader.now.toISOString(),
    register: { id: register.id, name: register.title },
    over: report.counts === 'begun' || report.joins?.counts === 'begun' ? 'period' : 'day',
    from,
    to,
    by: by.map((field) => register.fields[field]?.title ?? { zh: field, en: field }),
    columns: (report.columns ?? []).map(({ id, title }) => ({ id, name: title })),
    rows: rows.map((row) => ({
      of: row.of.map((value, at) => wordOf(register, by[at] ?? '', value, names)),
      cells: row.cells,
      lacks: row.lacks.map(({ text }) => text),
    })),
    total,
    names: report.names !== undefined,
    named: shown.map(({ key, data, lacks }) => ({
      key,
      name: titleOf(register, data, key, names),
      lacks: lacks.map(({ text }) => text),
    })),
    namedCount: named.length,
    counted,
  };
}

/** A value of a field that makes rows: its word where it is a code, a name where it refers to somebody. */
function wordOf(
  register: RegisterDeclaration,
  field: string,
  value: string,
  names: ReadonlyMap<string, string>,
): Text {
  const code = register.fields[field]?.codes?.[value];
  if (code) return code;
  if (value === 'true') return { zh: '是', en: 'Yes' };
  if (value === 'false') return { zh: '否', en: 'No' };
  if (value === '') return { zh: '未填写', en: 'Not given' };
  const word = names.get(value) ?? value;
  return { zh: word, en: word };
}

/** Its own name, or else the fields of its key in words. */
function titleOf(
  register: RegisterDeclaration,
  data: Readonly<Record<string, FieldValue>>,
  key: string,
  names: ReadonlyMap<string, string>,
): string {
  const named = nameOfEntry(register, data, '');
  if (named !== '') return named;
  const parts = register.key.map((field) => cellOf(register, field, data, names));
  return parts.filter((part) => part !== null).join(' · ') || key;
}

const textIn = (value: FieldValue | undefined): string | null => (typeof value === 'string' ? value : null);

function sheetOf(page: ReportPage): string[][] {
  const written = (cells: readonly (number | null)[]) =>
    cells.map((cell) => (cell === null ? '' : String(cell)));
  const heads = [...page.by.map(({ zh }) => zh), ...page.columns.map(({ name }) => name.zh)];
  const rows = page.rows.map((row) => [...row.of.map(({ zh }) => zh), ...written(row.cells)]);
  const total =
    page.by.length > 0 ? [['合计', ...page.by.slice(1).map(() => ''), ...written(page.total)]] : [];
  const named = page.named.map(({ name, lacks }) => [name, lacks.map(({ zh }) => zh).join('、')]);
  return [heads, ...rows, ...total, ...(named.length > 0 ? [[], ['名单', '说明'], ...named] : [])];
}
