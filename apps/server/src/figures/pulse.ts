// The pulse of the county: care by level, cases that move between levels, open and late loops, places, alerts.
// Only numbers leave here; care is counted from the views, work from the engines' own tables.
import type { Pulse, PulseAlert, PulseLevel } from '@yimai/desk/contract';
import { addDays, chinaDate, chinaInstant, type LocalDate, type Text } from '@yimai/kit';
import type { Loop } from '@yimai/loops';
import type { OrgFact, OrgTree } from '@yimai/measures';
import { sql } from '@yimai/postgres';
import type { Reader } from '../desk/desk-deps.ts';
import { DOMAINS, domainName } from '../desk/domains.ts';
import type { OpenFigures } from './figure-shelf.ts';
import { ageOf, type FiguresDeps, scopeOf } from './figures-deps.ts';
import { meansOf } from './pulse-means.ts';
import { scopeIn } from './tiles.ts';

const LEVELS: readonly PulseLevel[] = ['village', 'township', 'county', 'outside'];
const LINE_DAYS = 28;

export async function pulseOf(
  deps: FiguresDeps,
  reader: Reader,
  figures: OpenFigures | null,
  days: number,
): Promise<Pulse> {
  const today = chinaDate(reader.now);
  const [loops, alerts, pools, fund] = await Promise.all([
    loopsOf(deps, today, reader.now),
    alertsOf(deps, reader, figures),
    poolsOf(deps, reader.now),
    fundOf(deps, today),
  ]);
  const common = { now: reader.now.toISOString(), days, loops, alerts, pools, fund };
  if (figures === null) {
    const seq = deps.record.sequencer.head();
    return {
      ...common,
      seq,
      dataAt: null,
      scope: null,
      visits: [],
      moves: [],
      line: [],
      townships: [],
      queues: [],
      beds: [],
      fundByMonth: [],
    };
  }
  const { tree } = figures.engine;
  const county = countyOf(tree, reader);
  const care = await figures.kept(`pulse ${today} ${days} ${county.id}`, () =>
    careOf(figures, county, today, days),
  );
  const means = await figures.kept(`means ${today} ${county.id}`, () => meansOf(figures, county, today));
  return {
    ...common,
    ...means,
    ...ageOf(deps, figures),
    scope: scopeIn(county),
    visits: care.visits,
    line: care.line,
    moves: await movesOf(deps, tree, county, chinaInstant(addDays(today, 1 - days), '00:00')),
    townships: await townshipsOf(deps, tree, county, care.byTownship, reader.now),
  };
}

function countyOf(tree: OrgTree, reader: Reader): OrgFact {
  const own = scopeOf(tree, undefined, reader);
  return tree.orgs.get(own.county ?? '') ?? own;
}

interface Care {
  readonly visits: Pulse['visits'];
  readonly line: Pulse['line'];
  readonly byTownship: ReadonlyMap<string, number>;
}

async function careOf(
  { snapshot }: OpenFigures,
  county: OrgFact,
  today: LocalDate,
  days: number,
): Promise<Care> {
  const { connection } = snapshot;
  const [since, until] = [addDays(today, 1 - days), addDays(today, 1)];
  const counted = "v.status in ('finished', 'in-progress', 'onleave')";
  const inTime = `v.started_at >= $1 and v.started_at < $2 and ${counted}`;
  const byLevel = await connection.runAndReadAll(
    `select case when o.county is distinct from $3 then 'outside' when o.level in ('village', 'township')
        then o.level else 'county' end, count(*) filter (where v.class <> 'IMP'), count(*) filter (where v.class = 'IMP')
      from encounter v join org_fact o on o.org = v.org where ${inTime} group by 1`,
    [since, until, county.id],
  );
  const found = new Map(byLevel.getRows().map(([level, visits, stays]) => [String(level), [visits, stays]]));
  const lines = await connection.runAndReadAll(
    `select left(v.started_at, 10), count(*) from encounter v join org_fact o on o.org = v.org
      where ${inTime} and o.county = $3 group by 1`,
    [addDays(today, 1 - LINE_DAYS), until, county.id],
  );
  const byDay = new Map(lines.getRows().map(([day, visits]) => [String(day), Number(visits)]));
  const townships = await connection.runAndReadAll(
    `select s.scope, count(*) from encounter v join org_scope s on s.org = v.org
      join org_fact o on o.org = s.scope and o.level = 'township' where ${inTime} group by 1`,
    [since, until],
  );
  return {
    visits: LEVELS.map((level) => {
      const [visits = 0, stays = 0] = found.get(level) ?? [];
      return { level, visits: Number(visits), stays: Number(stays) };
    }),
    line: Array.from({ length: LINE_DAYS }, (_, index) => {
      const day = addDays(today, 1 - LINE_DAYS + index);
      return { day, visits: byDay.get(day) ?? 0 };
    }),
    byTownship: new Map(townships.getRows().map(([scope, visits]) => [String(scope), Number(visits)])),
  };
}

const idIn = (reference: string | null): string => (reference ?? '').split('/')[1] ?? '';

function levelOf(tree: OrgTree, id: string, county: OrgFact): PulseLevel | null {
  const org = tree.orgs.get(id);
  if (!org) return null;
  if (org.county !== county.id && org.id !== county.id) return 'outside';
  return org.level === 'village' || org.level === 'township' ? org.level : 'county';
}

/** From the level that opened a case to the level that has it or had it last. */
async function movesOf(
  deps: FiguresDeps,
  tree: OrgTree,
  county: OrgFact,
  since: Date,
): Promise<Pulse['moves']> {
  const { rows } = await deps.database.run<{
    opener: string;
    owner: string | null;
    cases: number;
    open: number;
  }>(sql`select c.opener_org as opener, s.owner_org as owner, count(*)::int as cases,
      (count(*) filter (where c.outcome = 'open'))::int as open
    from loop_case c cross join lateral (
      select owner_org from loop_stay where case_id = c.id and owner_org is not null
      order by since_at desc limit 1) s
    where c.opened_at >= ${since}::timestamptz or c.outcome = 'open' group by 1, 2`);
  const moves = new Map<string, { from: PulseLevel; to: PulseLevel; cases: number; open: number }>();
  for (const row of rows) {
    const from = levelOf(tree, idIn(row.opener), county);
    const to = levelOf(tree, idIn(row.owner), county);
    if (from === null || to === null || from === to) continue;
    const move = moves.get(`${from} ${to}`) ?? { from, to, cases: 0, open: 0 };
    moves.set(`${from} ${to}`, {
      ...move,
      cases: move.cases + row.cases,
      open: move.open + row.open,
    });
  }
  return [...moves.values()];
}

async function townshipsOf(
  deps: FiguresDeps,
  tree: OrgTree,
  county: OrgFact,
  visits: ReadonlyMap<string, number>,
  now: Date,
): Promise<Pulse['townships']> {
  const { rows } = await deps.database.run<{ owner: string; open: number; late: number }>(
    sql`select owner_org as owner, count(distinct case_id)::int as open,
        (count(distinct case_id) filter (where due_at < ${now}::timestamptz))::int as late
      from loop_stay where until_at is null and owner_org is not null group by 1`,
  );
  const work = new Map<string, { open: number; late: number }>();
  for (const row of rows) {
    const own = tree.orgs.get(idIn(row.owner));
    const township = own?.above.find((id) => tree.orgs.get(id)?.scopeLevel === 'township');
    if (!township) continue;
    const known = work.get(township) ?? { open: 0, late: 0 };
    work.set(township, { open: known.open + row.open, late: known.late + row.late });
  }
  return [...tree.orgs.values()]
    .filter((org) => org.scopeLevel === 'township' && org.county === county.id)
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
    .map((org) => ({
      id: org.id,
      name: org.name ?? org.id,
      visits: visits.get(org.id) ?? 0,
      villages: tree.below(org.id).filter((id) => tree.orgs.get(id)?.scopeLevel === 'village').length,
      ...(work.get(org.id) ?? { open: 0, late: 0 }),
    }));
}

async function loopsOf(deps: FiguresDeps, today: LocalDate, now: Date): Promise<Pulse['loops']> {
  const from = chinaInstant(today, '00:00');
  const [cases, late] = await Promise.all([
    deps.database.run<{ loop: string; open: number; closed: number }>(
      sql`select loop, (count(*) filter (where outcome = 'open'))::int as open,
          (count(*) filter (where closed_at >= ${from}::timestamptz))::int as closed
        from loop_case group by loop`,
    ),
    deps.database.run<{ loop: string; late: number }>(
      sql`select loop, count(distinct case_id)::int as late from loop_stay
        where until_at is null and due_at < ${now}::timestamptz group by loop`,
    ),
  ]);
  const domains = new Map(
    deps.runtime.programmes.flatMap((programme) =>
      programme.loops.map((loop) => [loop.declaration.id, programme.domain] as const),
    ),
  );
  const sums = new Map<string, { open: number; late: number; closedToday: number }>();
  const sumOf = (loop: string) => {
    const domain = domains.get(loop) ?? '';
    const sum = sums.get(domain) ?? { open: 0, late: 0, closedToday: 0 };
    sums.set(domain, sum);
    return sum;
  };
  for (const { loop, open, closed } of cases.rows) {
    const sum = sumOf(loop);
    sum.open += open;
    sum.closedToday += closed;
  }
  for (const row of late.rows) sumOf(row.loop).late += row.late;
  return [...DOMAINS.keys()].flatMap((domain) => {
    const sum = sums.get(domain);
    return sum ? [{ domain, name: domainName(domain), ...sum }] : [];
  });
}

async function poolsOf(deps: FiguresDeps, now: Date): Promise<Pulse['pools']> {
  const { rows } = await deps.database.run<{ pool: string; units: number; held: number }>(
    sql`select u.pool, sum(u.capacity)::int as units, coalesce(sum(b.held), 0)::int as held
      from pool_unit u left join lateral (
        select count(*) as held from pool_booking b where b.unit = u.id and b.state <> 'released'
          and b.from_at <= ${now}::timestamptz and b.to_at > ${now}::timestamptz) b on true
      where u.open group by u.pool order by u.pool`,
  );
  return rows.map(({ pool, units, held }) => ({
    id: pool,
    name: deps.runtime.pools.get(pool)?.title ?? both(pool),
    units,
    held,
  }));
}

const both = (text: string): Text => ({ zh: text, en: text });

/** `rule scope` of a figure's alert in words: the measure and the organisation. */
function figureOf(deps: FiguresDeps, figures: OpenFigures | null, object: string): Text | null {
  const [id, scope = ''] = object.split(' ');
  const rule = deps.alertRules.find((each) => each.id === id);
  const definition = figures?.rules.set.definitions.find((each) => each.id === rule?.measure);
  if (!definition) return null;
  const org = figures?.engine.tree.orgs.get(scope)?.name ?? scope;
  return { zh: `${definition.name.zh} · ${org}`, en: `${definition.name.en} · ${org}` };
}

async function alertsOf(
  deps: FiguresDeps,
  reader: Reader,
  figures: OpenFigures | null,
): Promise<readonly PulseAlert[]> {
  const { rows } = await deps.database.run<{
    rule: string;
    object: string;
    case_id: string | null;
    since_at: Date;
    loop: string | null;
    state: string | null;
    owner_org: string | null;
  }>(sql`select a.rule, a.object, a.case_id, a.since_at, s.loop, s.state, s.owner_org
    from alert_open a left join lateral (
      select loop, state, owner_org from loop_stay where case_id = a.case_id and until_at is null
      order by entry limit 1) s on true
    order by a.since_at desc limit 20`);
  return rows.map((row) => {
    const rule = row.rule.replace(/-silent$/, '');
    const loop = row.loop === null ? undefined : deps.runtime.loops.get(row.loop)?.at(-1);
    const state = row.state === null ? undefined : loop?.states.get(row.state)?.declaration;
    return {
      rule: row.rule,
      name: figureOf(deps, figures, row.object) ?? deps.runtime.alerts.get(rule)?.title ?? both(rule),
      scope: row.object,
      since: row.since_at.toISOString(),
      state: state?.title ?? { zh: '已办结，数值仍异常', en: 'Closed, the value is still out of bounds' },
      acknowledged: !loop || row.state === null || isTakenUp(loop, row.state),
      caseId: row.case_id,
      mine: row.owner_org === reader.actor.organisation,
    };
  });
}

/** Somebody brought the case into this state; where only the clock leads to, nobody has taken it up yet. */
const isTakenUp = ({ declaration }: Loop, state: string): boolean =>
  declaration.transitions.some(({ to, by }) => to === state && by !== 'system');

/** Present only when money was posted this year. */
async function fundOf(deps: FiguresDeps, today: LocalDate): Promise<Pulse['fund']> {
  const year = today.slice(0, 4);
  const { rows } = await deps.database.run<{ runs: number; fen: string | null }>(
    sql`select count(*)::int as runs, sum(total_fen)::text as fen from ledger_run r
      where period like ${`${year}%`} and not exists (select 1 from ledger_run n where n.supersedes = r.id)`,
  );
  const [row] = rows;
  if (!row || row.runs === 0) return null;
  const fen = BigInt(row.fen ?? '0');
  const dayOfYear = (Date.parse(today) - Date.parse(`${year}-01-01`)) / 86_400_000 + 1;
  const days = Number(year) % 4 === 0 ? 366 : 365;
  return {
    period: year,
    totalYuan: `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`,
    yearShare: dayOfYear / days,
  };
}
