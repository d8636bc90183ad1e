// The catalogue of programmes, and one of them with its diagrams and figures.
import type {
  LoopStatistics,
  ProgrammeDetail,
  ProgrammeSummary,
  RegisterSummary,
} from '@yimai/desk/contract';
import type { Text } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { figuresOf, newestLoop, type Programme } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, readerOf } from './desk-deps.ts';
import { diagramOf } from './diagram.ts';
import { DOMAINS, domainName } from './domains.ts';
import { notFound } from './read-body.ts';
import { runsOf } from './runs.ts';
import { mayOpen } from './starts.ts';

const YEAR_MS = 365 * 86_400_000;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/programmes', async (request): Promise<readonly ProgrammeSummary[]> => {
    await readerOf(deps, request);
    const open = await openByLoop(deps);
    const order = [...DOMAINS.keys()];
    return deps.runtime.programmes
      .map((programme) => summaryOf(programme, open))
      .sort((a, b) => order.indexOf(a.domain) - order.indexOf(b.domain) || a.id.localeCompare(b.id));
  });
  app.get('/desk/programmes/:domain/:id', async (request): Promise<ProgrammeDetail> => {
    const reader = await readerOf(deps, request);
    const { domain, id } = request.params as { domain: string; id: string };
    const programme = deps.runtime.programmes.find((each) => each.domain === domain && each.id === id);
    if (!programme) throw notFound();
    return detailOf(deps, programme, reader.actor.role, reader.now);
  });
}

async function openByLoop(deps: DeskDeps): Promise<ReadonlyMap<string, number>> {
  const { rows } = await deps.database.run<{ loop: string; open: number }>(
    sql`select loop, count(*)::int as open from loop_case where outcome = 'open' group by loop`,
  );
  return new Map(rows.map((row) => [row.loop, row.open]));
}

function summaryOf(programme: Programme, open: ReadonlyMap<string, number>): ProgrammeSummary {
  const loops = new Set(programme.loops.map((loop) => loop.declaration.id));
  return {
    id: `${programme.domain}/${programme.id}`,
    domain: programme.domain,
    domainName: domainName(programme.domain),
    name: programme.title,
    summary: null,
    loops: loops.size,
    registers: programme.registers.length,
    openCases: [...loops].reduce((sum, loop) => sum + (open.get(loop) ?? 0), 0),
  };
}

async function detailOf(
  deps: DeskDeps,
  programme: Programme,
  role: string,
  now: Date,
): Promise<ProgrammeDetail> {
  const ids = [...new Set(programme.loops.map((loop) => loop.declaration.id))];
  const loops = await Promise.all(
    ids.map(async (id) => {
      const newest = newestLoop(deps.runtime, id);
      if (!newest.ok) return [];
      const loop = newest.value;
      const statistics = await statisticsOf(deps, id, now);
      return [
        {
          id,
          name: loop.declaration.title,
          diagram: diagramOf(loop),
          canStart: mayOpen(loop, role),
          statistics,
        },
      ];
    }),
  );
  return {
    programme: summaryOf(programme, await openByLoop(deps)),
    reform: [domainName(programme.domain), programme.title],
    sources: [programme.source],
    loops: loops.flat(),
    registers: programme.registers.map((each) => registerSummary(deps, each.id)),
    trees: programme.trees.map((each) => ({ id: each.id, name: each.title })),
    matches: programme.matches.map((each) => ({ id: each.id, name: each.title })),
    runs: await runsOf(deps, programme, now),
    parts: partsOf(programme),
  };
}

export function registerSummary(deps: DeskDeps, id: string): RegisterSummary {
  const programme = deps.runtime.programmes.find((each) => each.registers.some((one) => one.id === id));
  const declared = deps.runtime.registers.get(id);
  return {
    id,
    name: declared?.title ?? { zh: id, en: id },
    programme: programme
      ? { id: `${programme.domain}/${programme.id}`, name: programme.title }
      : { id: '', name: { zh: '', en: '' } },
    entries: null,
  };
}

const share = ({ numerator, denominator }: { numerator: number; denominator: number }): string | null =>
  denominator === 0 ? null : (numerator / denominator).toFixed(4);

/** Over the last year. */
async function statisticsOf(deps: DeskDeps, loop: string, now: Date): Promise<LoopStatistics> {
  const figures = await figuresOf(deps.database, loop, new Date(now.getTime() - YEAR_MS), now, now);
  return {
    open: figures.open,
    closed: figures.closed + figures.withoutResult,
    late: [...figures.overdueByOwner.values()].reduce((sum, count) => sum + count, 0),
    onTimeRate: share(figures.onTime),
    closureRate: share(figures.closureRate),
    ratingAverage: figures.ratingMean === null ? null : figures.ratingMean.toFixed(1),
  };
}

type Titled = readonly { readonly title: Text }[];

function partsOf(programme: Programme): ProgrammeDetail['parts'] {
  const parts: readonly (readonly [Text, Titled])[] = [
    [{ zh: '表单', en: 'Forms' }, programme.forms],
    [{ zh: '协议', en: 'Agreements' }, programme.agreements],
    [{ zh: '随机抽取', en: 'Draws' }, programme.draws],
    [{ zh: '价格与清单', en: 'Dated lists' }, programme.lists],
    [{ zh: '资格规则', en: 'Entitlement rules' }, programme.entitlements],
    [{ zh: '库存', en: 'Stock' }, programme.stocks],
    [{ zh: '预警规则', en: 'Alert rules' }, programme.alerts],
  ];
  return parts.flatMap(([kind, titled]) =>
    titled.length > 0 ? [{ kind, names: titled.map((each) => each.title) }] : [],
  );
}
