// Mounts the figures: starts the view process, opens the shelf, answers tiles, details, cases, pulse and their tables.
import { FIGURE_GROUPS, type FigureCase, type FigureCases, type FigureGroup } from '@yimai/desk/contract';
import { RefusalError } from '@yimai/kit';
import type { OrgFact, Period } from '@yimai/measures';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from '../desk/desk-deps.ts';
import { bad } from '../desk/read-body.ts';
import { sheetBytes } from '../desk/sheet.ts';
import { placesOf } from '../http/errors.ts';
import { loadAlertRules } from './alert-rules.ts';
import { casesOf } from './cases.ts';
import { definitionOf, detailOf } from './detail.ts';
import { keepWatch } from './figure-alerts.ts';
import { FigureShelf, type OpenFigures } from './figure-shelf.ts';
import { ageOf, type FiguresDeps, mustSeeFigures, periodOf, scopeOf } from './figures-deps.ts';
import { registerProgrammeFigures } from './programme-figures.ts';
import { pulseOf } from './pulse.ts';
import { registerQuality } from './quality-watch.ts';
import { keepRules } from './rules-in-use.ts';
import { registerTables } from './table-desk.ts';
import { casesTable, detailTable, pulseTable, tilesTable } from './tables.ts';
import { tilesOf } from './tiles.ts';
import { keepViews, viewsFolder } from './view-keeper.ts';

export interface FiguresOptions extends DeskDeps {
  readonly policy: FiguresDeps['policy'];
  readonly views: { readonly dataDir: string; readonly url: string; readonly schema: string };
  readonly keepsViews: boolean;
}

/** Rows of a sheet of cases. */
const SHEET_MOST = 2_000;

type Query = Readonly<Record<string, string | undefined>>;

export async function registerFigures(app: FastifyInstance, options: FiguresOptions): Promise<void> {
  const folder = viewsFolder(options.views.dataDir);
  const shelf = new FigureShelf(folder);
  if (options.keepsViews)
    app.addHook('onListen', () => {
      setTimeout(sayWrongRules, RULES_AFTER_MS, shelf, options).unref();
    });
  const { url, schema } = options.views;
  const keeper = options.keepsViews ? keepViews({ url, schema, folder }, options.log) : null;
  const deps: FiguresDeps = { ...options, shelf, alertRules: loadAlertRules() };
  const watch = options.keepsViews ? keepWatch(deps) : null;
  app.addHook('onClose', async () => {
    await watch?.stop();
    shelf.close();
    await keeper?.stop();
  });

  registerProgrammeFigures(app, deps);
  registerTables(app, deps);
  registerQuality(app, deps);
  app.get('/desk/figures/age', async (request) => {
    mustSeeFigures(await readerOf(deps, request));
    return await withFigures(deps, async (figures) => ageOf(deps, figures));
  });
  app.get('/desk/figures', async (request) => tiles(deps, request));
  app.get('/desk/figures/:id', async (request) => detail(deps, request));
  app.get('/desk/figures/:id/cases', async (request) => {
    const reader = await readerOf(deps, request);
    mustSeeFigures(reader);
    const query = request.query as Query;
    const part = query['part'] ?? 'numerator';
    if (part !== 'numerator' && part !== 'denominator')
      throw bad('part', 'part 应为 numerator 或 denominator', 'part is numerator or denominator');
    return withFigures(deps, (figures) =>
      casesOf(deps, reader, figures, {
        ...asked(figures, request, reader),
        part,
        after: query['after'] || null,
      }),
    );
  });
  app.post('/desk/figures/:id/cases/export', async (request, reply) => {
    const language = languageOf(request);
    const { title, cases } = await allCases(deps, request, language);
    return sendTable(reply, casesTable(title, cases, language));
  });
  app.get('/desk/pulse', async (request) => pulse(deps, request));
  app.post('/desk/figures/export', async (request, reply) =>
    sendTable(reply, tilesTable(await tiles(deps, request), languageOf(request))),
  );
  app.post('/desk/figures/:id/export', async (request, reply) =>
    sendTable(reply, detailTable(await detail(deps, request), languageOf(request))),
  );
  app.post('/desk/pulse/export', async (request, reply) =>
    sendTable(reply, pulseTable(await pulse(deps, request), languageOf(request))),
  );
}

/** Rules are read when the first requests have been answered: nobody waits for them at the start. */
const RULES_AFTER_MS = 500;

/**
 * Read soon after the start, so that files changed while the server runs do not meet older code. A wrong file is said
 * with its place; the rules that were right last stay in use.
 */
function sayWrongRules(shelf: FigureShelf, { views, log }: FiguresOptions): void {
  try {
    const { folder, refusal } = shelf.rulesInUse();
    if (refusal === null) keepRules(folder, viewsFolder(views.dataDir));
    else
      log('error', 'the rules of figures are wrong; the last right ones stay in use', {
        code: refusal.code,
        at: refusal.at ?? '',
      });
  } catch (error) {
    // The house serves without figures; each question for one meets the error again.
    const { code, at = '' } =
      error instanceof RefusalError ? error.refusal : { code: 'fault', at: placesOf(error as Error) };
    log('error', 'the rules of figures are wrong; figures are not answered', { code, at });
  }
}

async function tiles(deps: FiguresDeps, request: FastifyRequest) {
  const reader = await readerOf(deps, request);
  mustSeeFigures(reader);
  return withFigures(deps, (figures) => {
    const { period, org } = asked(figures, request, reader);
    return tilesOf(deps, reader, figures, period, org, groupOf(request));
  });
}

async function detail(deps: FiguresDeps, request: FastifyRequest) {
  const reader = await readerOf(deps, request);
  mustSeeFigures(reader);
  return withFigures(deps, (figures) => detailOf(deps, reader, figures, asked(figures, request, reader)));
}

async function pulse(deps: FiguresDeps, request: FastifyRequest) {
  const reader = await readerOf(deps, request);
  mustSeeFigures(reader);
  const { days = '7' } = request.query as Query;
  if (!/^[1-9]\d?$/.test(days)) throw bad('days', '应为 1 到 99 的整数', 'a whole number from 1 to 99');
  const found = await deps.shelf.use((figures) => pulseOf(deps, reader, figures, Number(days)));
  return found ?? pulseOf(deps, reader, null, Number(days));
}

/** Page after page, up to a sheet that a person can still read. */
async function allCases(deps: FiguresDeps, request: FastifyRequest, language: 'zh' | 'en') {
  const reader = await readerOf(deps, request);
  mustSeeFigures(reader);
  const part = (request.query as Query)['part'] === 'denominator' ? 'denominator' : 'numerator';
  return withFigures(deps, async (figures) => {
    const question = asked(figures, request, reader);
    const cases: FigureCase[] = [];
    let after: string | null = null;
    do {
      const page: FigureCases = await casesOf(deps, reader, figures, { ...question, part, after });
      cases.push(...page.cases);
      after = page.next;
    } while (after !== null && cases.length < SHEET_MOST);
    return { title: definitionOf(figures, question.id, question.period).name[language], cases };
  });
}

/** Without one: all but the long list of headline figures. */
function groupOf(request: FastifyRequest): FigureGroup | null {
  const { group } = request.query as Query;
  if (group === undefined) return null;
  const found = FIGURE_GROUPS.find((each) => each === group);
  if (found) return found;
  throw bad('group', `应为 ${FIGURE_GROUPS.join('、')} 之一`, `one of ${FIGURE_GROUPS.join(', ')}`);
}

function asked(
  { engine }: OpenFigures,
  request: FastifyRequest,
  reader: Reader,
): { readonly id: string; readonly period: Period; readonly org: OrgFact } {
  const query = request.query as Query;
  const { id = '' } = request.params as { id?: string };
  return {
    id,
    period: periodOf(query['period'], reader.now),
    org: scopeOf(engine.tree, query['scope'], reader),
  };
}

async function withFigures<T>(deps: FiguresDeps, work: (figures: OpenFigures) => Promise<T>): Promise<T> {
  const answer = await deps.shelf.use(work);
  if (answer !== null) return answer;
  throw new RefusalError({
    code: 'figures-not-ready',
    detail: {
      zh: '指标正在首次汇总，请稍候再看',
      en: 'the figures are being put together for the first time, please look again in a moment',
    },
  });
}

const languageOf = (request: FastifyRequest): 'zh' | 'en' =>
  (request.query as Query)['language'] === 'en' ? 'en' : 'zh';

async function sendTable(
  reply: FastifyReply,
  table: { readonly title: string; readonly rows: readonly (readonly string[])[] },
): Promise<FastifyReply> {
  const bytes = await sheetBytes('xlsx', table.title, table.rows);
  return reply
    .header('content-type', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    .send(bytes);
}
