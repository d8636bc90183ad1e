// Routes of those who go out: the day's route, one object, the map of the grids.
import type { FieldObject, FieldRoute, GridList, GridMap, GridTile } from '@yimai/desk/contract';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { fieldObjectOf } from './field-object.ts';
import {
  dueCheck,
  entriesIn,
  gradesOf,
  type Home,
  homesOf,
  inNaturalOrder,
  openCasesOf,
  planStates,
  plansFor,
  stopOf,
  tiersOf,
  todayOf,
  worksIn,
} from './field-objects.ts';
import { routeOf } from './field-route.ts';
import { notFound, notPermitted } from './read-body.ts';
import { readableEntries } from './register-rows.ts';
import { itemsOfCases } from './work-items.ts';
import { casesAbout } from './work-rows.ts';

const GRID_ROWS = 300;
const ALL = '-';

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/field/route', async (request): Promise<FieldRoute> => {
    const reader = await readerOf(deps, request);
    const asked = request.query as { plans?: string; grid?: string; whose?: string };
    return routeOf(deps, reader, {
      plans: asked.plans === undefined ? null : asked.plans.split(',').filter((one) => one !== ''),
      grid: asked.grid || null,
      everyone: asked.whose === 'everyone',
    });
  });
  app.get('/desk/field/objects/:register/:key', async (request): Promise<FieldObject> => {
    const reader = await readerOf(deps, request);
    const asked = request.params as { register: string; key: string };
    return fieldObjectOf(deps, reader, asked.register, asked.key);
  });
  app.get('/desk/field/map', async (request): Promise<GridMap> => {
    const reader = await readerOf(deps, request);
    return mapOf(deps, reader, (request.query as { register?: string }).register);
  });
  app.get('/desk/field/map/:register/:grid', async (request): Promise<GridList> => {
    const reader = await readerOf(deps, request);
    const asked = request.params as { register: string; grid: string };
    return gridOf(deps, reader, asked.register, asked.grid);
  });
}

/** Registers with grids that the reader works with. */
const mapped = (deps: DeskDeps, reader: Reader): Home[] =>
  homesOf(deps).filter(
    (home) =>
      home.register.fields['grid'] !== undefined && worksIn(deps, home.programme.domain, reader.actor.role),
  );

async function mapOf(deps: DeskDeps, reader: Reader, wanted: string | undefined): Promise<GridMap> {
  const homes = mapped(deps, reader);
  const home = homes.find((one) => one.register.id === wanted) ?? homes[0];
  const shared = {
    registers: homes.map((one) => ({ id: one.register.id, name: one.register.title })),
    asOf: reader.now.toISOString(),
  };
  if (!home) {
    if (homesOf(deps).some((one) => one.register.fields['grid'])) throw notPermitted();
    return { ...shared, register: null, grids: [], grades: [] };
  }
  const domain = home.programme.domain;
  const today = todayOf(reader);
  const plans = plansFor(deps, domain, null);
  const [rows, grades, states] = await Promise.all([
    entriesIn(deps, [home.register.id], today),
    gradesOf(deps, domain, today),
    planStates(deps, plans, today),
  ]);
  const open = rows.filter((row) => row.data['status'] !== 'closed');
  const late = new Set(
    [...states].flatMap(([key, state]) => (state.missed > 0 ? [key.slice(key.indexOf('|') + 1)] : [])),
  );
  const cases = new Map(
    (
      await openCasesOf(
        deps,
        open.map((row) => row.key),
      )
    ).map((one) => [one.subject, one]),
  );
  const tiles = new Map<string, GridTile & { graded: Record<string, number> }>();
  for (const row of open) {
    const name = String(row.data['grid'] ?? '') || ALL;
    const tile = tiles.get(name) ?? emptyTile(name);
    const grade = grades.get(row.key);
    const about = cases.get(row.key);
    tiles.set(name, {
      ...tile,
      objects: tile.objects + 1,
      overdue: tile.overdue + (late.has(row.key) ? 1 : 0),
      openCases: tile.openCases + (about?.open ?? 0),
      lateCases: tile.lateCases + (about?.late ? 1 : 0),
      ungraded: tile.ungraded + (grade ? 0 : 1),
      graded: grade ? { ...tile.graded, [grade.tier]: (tile.graded[grade.tier] ?? 0) + 1 } : tile.graded,
    });
  }
  return {
    ...shared,
    register: { id: home.register.id, name: home.register.title },
    grids: [...tiles.values()].sort((a, b) => inNaturalOrder(a.name, b.name)),
    grades: [...tiersOf(deps, domain)].map(([tier, one]) => ({ tier, ...one })),
  };
}

/** 柳溪镇第3网格 lies in 柳溪镇. */
const areaOf = (grid: string): string =>
  grid
    .replace(/第?\s*[0-9一二三四五六七八九十百]+\s*(号)?(网格|格|片区?|区)\s*$/, '')
    .replace(/\s*(grid|no\.?)\s*\d+$/i, '')
    .trim() || grid;

const emptyTile = (name: string): GridTile & { graded: Record<string, number> } => ({
  name,
  area: areaOf(name),
  objects: 0,
  overdue: 0,
  openCases: 0,
  lateCases: 0,
  ungraded: 0,
  graded: {},
});

async function gridOf(deps: DeskDeps, reader: Reader, register: string, grid: string): Promise<GridList> {
  const home = mapped(deps, reader).find((one) => one.register.id === register);
  if (!home) throw notFound();
  const today = todayOf(reader);
  const domain = home.programme.domain;
  const all = (await entriesIn(deps, [register], today)).filter(
    (row) => (String(row.data['grid'] ?? '') || ALL) === grid && row.data['status'] !== 'closed',
  );
  const rows = all.slice(0, GRID_ROWS);
  const keys = rows.map((row) => row.key);
  const plans = plansFor(deps, domain, null);
  const [grades, states, readable, open] = await Promise.all([
    gradesOf(deps, domain, today),
    planStates(deps, plans, today, keys),
    readableEntries(
      deps,
      reader,
      rows.map((row) => row.id),
    ),
    openCasesOf(deps, keys),
  ]);
  const items = await Promise.all(
    open.map(async (one) => {
      const found = await itemsOfCases(deps, reader, await casesAbout(deps.database, one.subject));
      return [
        one.subject,
        found.filter((item) => item.deadline !== null || item.state.kind !== 'done'),
      ] as const;
    }),
  );
  const cases = new Map(items);
  const stops = rows
    .filter((row) => readable.has(row.id))
    .map((row) =>
      stopOf(home, row, {
        grade: grades.get(row.key) ?? null,
        checks: plans.flatMap((plan) => {
          const state = states.get(`${plan.id}|${row.key}`);
          return state && state.missed > 0 ? (dueCheck(plan, { ...state, doneAt: null }, today) ?? []) : [];
        }),
        cases: (cases.get(row.key) ?? []).filter((item) => !['done', 'closed'].includes(item.state.kind)),
      }),
    );
  const weight = (stop: (typeof stops)[number]) => stop.cases.length * 2 + (stop.checks.length > 0 ? 1 : 0);
  return { name: grid, stops: stops.sort((a, b) => weight(b) - weight(a) || (a.key < b.key ? -1 : 1)) };
}
