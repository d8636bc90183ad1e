// Data quality runs with the measures: checks on every new snapshot, one correction for each check, owner and period.
import type { QualityPage } from '@yimai/desk/contract';
import { chinaDate, must, type Uuid, uuidv7 } from '@yimai/kit';
import {
  correctionOf,
  type Finding,
  type Period,
  parsePeriod,
  previousPeriod,
  qualityFindings,
} from '@yimai/measures';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import type { Json } from '../desk/resources.ts';
import { seenCases } from './cases.ts';
import type { OpenFigures } from './figure-shelf.ts';
import { ageOf, type FiguresDeps, mustSeeFigures, periodOf } from './figures-deps.ts';
import { reachOf } from './table-desk.ts';

const REGISTER = 'data-quality-findings';
const LOOP = 'data-quality-correction';
/** A first look at years of data must not open a thousand cases at once: the rest follows at the next looks. */
const OPENED_MOST = 20;
const ROWS_SHOWN = 100;

/** Snapshot at which the checks ran last, by server. */
const looked = new WeakMap<FiguresDeps, number>();

/** Opens what is not being corrected yet; how many corrections were opened. */
export async function watchQuality(deps: FiguresDeps): Promise<number> {
  const today = chinaDate(deps.clock.now());
  const month = must(parsePeriod(today.slice(0, 7)));
  const found = await deps.shelf.use(async (figures) => {
    if (looked.get(deps) === figures.seq) return null;
    const all: { readonly finding: Finding; readonly period: string }[] = [];
    for (const period of [previousPeriod(month), month])
      for (const finding of await findingsIn(figures, period)) all.push({ finding, period: period.name });
    return { seq: figures.seq, all };
  });
  if (!found) return 0;
  const standing = await standingFindings(deps);
  const due = found.all.filter(({ finding, period }) => {
    const status = standing.get(keyOf(finding, period));
    return status === undefined || status === 'corrected';
  });
  let opened = 0;
  for (const { finding, period } of due.slice(0, OPENED_MOST))
    if (await openCorrection(deps, finding, period)) opened += 1;
  if (due.length <= OPENED_MOST) looked.set(deps, found.seq);
  return opened;
}

export function registerQuality(app: FastifyInstance, deps: FiguresDeps): void {
  app.get('/desk/quality', async (request): Promise<QualityPage> => {
    const reader = await readerOf(deps, request);
    mustSeeFigures(reader);
    const { period } = request.query as { period?: string };
    return pageOf(deps, reader, periodOf(period ?? chinaDate(reader.now).slice(0, 7), reader.now));
  });
  app.get('/desk/quality/rows', async (request) => {
    const reader = await readerOf(deps, request);
    mustSeeFigures(reader);
    const query = request.query as { period?: string; check?: string; owner?: string };
    const period = periodOf(query.period ?? chinaDate(reader.now).slice(0, 7), reader.now);
    const found = await deps.shelf.use(async (figures) => {
      const findings = await findingsIn(figures, period);
      const finding = findings.find(({ check, owner }) => check === query.check && owner === query.owner);
      const check = figures.rules.checks.find(({ id }) => id === query.check);
      if (!finding || !check) return { cases: [] };
      const ids = finding.rows.slice(0, ROWS_SHOWN);
      const seen = await seenCases(deps, reader, figures.rules.types.get(check.view) ?? [], ids);
      return { cases: ids.flatMap((id) => seen.get(id) ?? []) };
    });
    return found ?? { cases: [] };
  });
}

async function pageOf(deps: FiguresDeps, reader: Reader, period: Period): Promise<QualityPage> {
  const cases = await casesOpen(deps, period.name);
  const page = await deps.shelf.use(async (figures) => {
    const reach = reachOf(deps, reader.actor.role, reader.org);
    const inside = reach === null ? null : new Set(reach.flatMap((org) => figures.engine.tree.below(org)));
    const findings = (await findingsIn(figures, period)).filter(({ owner }) => inside?.has(owner) ?? true);
    return {
      ...ageOf(deps, figures),
      period: period.name,
      checks: figures.rules.checks.map(({ id, name }) => ({ id, name })),
      findings: findings.map((finding) => {
        const own = cases.get(keyOf(finding, period.name));
        return {
          check: finding.check,
          name: figures.rules.checks.find(({ id }) => id === finding.check)!.name,
          owner: {
            id: finding.owner,
            name: figures.engine.tree.orgs.get(finding.owner)?.name ?? finding.owner,
          },
          rows: finding.rows.length,
          detail: finding.detail,
          case: own ?? null,
        };
      }),
    };
  });
  return page ?? { seq: 0, dataAt: null, period: period.name, checks: [], findings: [] };
}

function findingsIn(figures: OpenFigures, period: Period): Promise<readonly Finding[]> {
  return figures.kept(`quality ${period.name}`, () =>
    qualityFindings(figures.snapshot, figures.rules.checks, period, figures.engine.tree),
  );
}

const keyOf = ({ check, owner }: Finding, period: string): string =>
  `${check}|Organization/${owner}|${period}`;

async function standingFindings(deps: FiguresDeps): Promise<ReadonlyMap<string, string>> {
  const { rows } = await deps.database.run<{ key: string; status: string | null }>(
    sql`select key, data ->> 'status' as status from register_entry
      where register = ${REGISTER} and to_date is null`,
  );
  return new Map(rows.map(({ key, status }) => [key, status ?? 'open']));
}

/** The newest correction of each finding of a period. */
async function casesOpen(
  deps: FiguresDeps,
  period: string,
): Promise<ReadonlyMap<string, { readonly id: string; readonly state: string }>> {
  const query = `code=https://yimai.example/fhir/CodeSystem/loop|${LOOP}&_sort=_lastUpdated&_count=500`;
  const tasks = await deps.record.transaction(deps.record.systemAccess(), { via: 'command' }, (tx) =>
    tx.search('Task', query, { asSystem: true }),
  );
  const found = new Map<string, { id: string; state: string }>();
  for (const { resource } of tasks) {
    const task = resource as Json;
    const field = (name: string): string | undefined =>
      task.input?.find((each: Json) => each.type?.coding?.[0]?.code === name)?.valueString;
    if (field('period') !== period) continue;
    found.set(`${field('check')}|${field('owner')}|${period}`, {
      id: task.id,
      state: task.businessStatus?.text ?? '',
    });
  }
  return found;
}

async function openCorrection(deps: FiguresDeps, finding: Finding, period: string): Promise<boolean> {
  const answer = await deps.record.commands.execute(
    {
      id: uuidv7() as Uuid,
      type: 'loop.open',
      occurredAt: deps.clock.now().toISOString(),
      actingAs: { org: 'system', role: 'system' },
      payload: correctionOf(finding, period),
    },
    async () => ({ ok: true, value: deps.record.systemAccess() }),
  );
  if (answer.outcome === 'applied') return true;
  deps.log('warn', 'a correction of data was not opened', {
    code: answer.refusal?.code ?? answer.outcome,
  });
  return false;
}
