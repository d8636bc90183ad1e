// Measures what the engines promise, each figure beside its floor or target: committed acts, the work list of a busy office
// and the lag of due times among 100,000 open cases. Acts over HTTP with fsync on are measured by the server's bench.
import { sql } from '@yimai/postgres';
import { bareActs, contentOf } from './bench-rows.ts';
import { DIRECTOR_A, HR, smallCounty, type TestCounty, testCounty } from './testing.ts';
import { workList } from './work.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly target?: string;
}

const CLIENTS = 16;
const CASES = 64;
const SECONDS = 5;
const OPEN_LOOPS = Number(process.env['YIMAI_BENCH_LOOPS'] ?? 100_000);
/** Deadlines that end within ten seconds of one another, and deadlines that all end at one midnight. */
const SPREAD = 2_000;
const MIDNIGHT = 10_000;
const ORDER = {
  techniques: ['超声'],
  specialty: '儿科',
  from: '2026-06-01',
  to: '2026-09-30',
  goals: '目标',
};

export async function benchRuntime(): Promise<Figure[]> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const county = await testCounty({ after: (end) => void ends.push(end) });
    await smallCounty(county);
    const acts = await actFigures(county);
    await openLoops(county);
    return [...acts, await busyOffice(county), await lagOfDueTimes(county), await midnight(county)];
  } finally {
    for (const end of ends) await end();
  }
}

/** Claim and release in turn, each client on cases of its own: the whole way of a command, HTTP and fsync left out. */
async function actFigures(county: TestCounty): Promise<Figure[]> {
  const cases: string[] = [];
  const order = { loop: 'order-dispatch', answers: ORDER };
  for (let n = 0; n < CASES; n += 1) cases.push((await county.apply(DIRECTOR_A, 'loop.open', order)).case);
  await claims(county, cases, 1);
  const perSecond = await claims(county, cases, SECONDS);
  const content = await contentOf(county.database, cases[0]!);
  const floorOf = (from: number, count: number) =>
    bareActs(county.database, cases, content, CLIENTS, { from, count }, county.clock);
  const warm = CASES * 4;
  await floorOf(0, warm);
  const floor = await floorOf(warm, Math.round(perSecond * 10));
  return [{ name: 'acts in process, 16 clients', value: perSecond, unit: '1/s', floor }];
}

async function claims(county: TestCounty, cases: readonly string[], seconds: number): Promise<number> {
  let done = 0;
  const begin = performance.now();
  const client = async (own: number): Promise<void> => {
    for (let round = 0; performance.now() - begin < seconds * 1000; round += 1) {
      const id = cases[(own + CLIENTS * Math.floor(round / 2)) % cases.length]!;
      const event = round % 2 === 0 ? '$claim' : '$release';
      await county.apply(HR, 'loop.act', { case: id, event });
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, own) => client(own)));
  return (done / (performance.now() - begin)) * 1000;
}

/** Open cases with due times, made directly: only reading and firing are measured on them. */
async function openLoops({ database, clock }: TestCounty): Promise<void> {
  const now = clock.now();
  await database.run(sql`insert into loop_case (id, loop, loop_version, seq, outcome, opened_at, opener_org, opener_person, title)
    select 'bench-' || n, 'order-dispatch', 1, 1, 'open', ${now}, 'Organization/x', 'p', 't'
    from generate_series(1, ${OPEN_LOOPS}::int) n`);
  await database.run(sql`insert into loop_stay (case_id, branch, entry, loop, state, since_at, due_at, owner_party, owner_roles, owner_org,
      opener_org)
    select 'bench-' || n, 'main', 1, 'order-dispatch', 'filed', ${now},
      ${now}::timestamptz + n * interval '1 minute', 'centre', array['hr-clerk'],
      case when n % 10 = 0 then 'Organization/hr-centre' else 'Organization/' || n % 50 end, 'Organization/x'
    from generate_series(1, ${OPEN_LOOPS}::int) n`);
  await database.run(sql`insert into due_time (id, mechanism, at, target, key)
    select 'bench-' || n, 'loop-notice', ${now}::timestamptz + interval '1 day' + n * interval '1 minute', 'bench-' || n, 'main|1|due|0'
    from generate_series(1, ${OPEN_LOOPS}::int) n`);
  for (const table of ['loop_stay', 'loop_case', 'due_time']) await database.text(`analyze ${table}`);
}

async function busyOffice(county: TestCounty): Promise<Figure> {
  const times: number[] = [];
  for (let n = 0; n < 40; n += 1) {
    const begin = performance.now();
    await workList(county.database, county.actor(HR), county.clock.now(), { limit: 50 });
    times.push(performance.now() - begin);
  }
  const p95 = times.sort((a, b) => a - b)[37]!;
  return {
    name: `work list of an office with ${OPEN_LOOPS / 10} pieces of work, p95`,
    value: p95,
    unit: 'ms',
    target: '< 100',
  };
}

/**
 * Due times that end one after the other within ten seconds, the clock running beside the wall: how late each is told,
 * the runner's own poll included.
 */
async function lagOfDueTimes({ database, clock, due }: TestCounty): Promise<Figure> {
  const start = clock.now().getTime();
  await database.run(sql`insert into due_time (id, mechanism, at, target, key)
    select 'lag-' || n, 'loop-notice', ${clock.now()}::timestamptz + n * interval '5 milliseconds', 'bench-' || n, 'main|1|due|0'
    from generate_series(1, ${SPREAD}::int) n`);
  const begin = performance.now();
  const lags: number[] = [];
  for (let told = 0; told < SPREAD; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const until = start + (performance.now() - begin);
    clock.advanceTo(new Date(until));
    const fired = await due.fireDue();
    const end = performance.now() - begin;
    for (let n = told + 1; n <= told + fired; n += 1) lags.push(end - n * 5);
    told += fired;
  }
  const p99 = lags.sort((a, b) => a - b)[Math.floor(lags.length * 0.99)]!;
  return {
    name: `lag of due times among ${OPEN_LOOPS} open cases, p99`,
    value: p99,
    unit: 'ms',
    target: '< 2000',
  };
}

/** Until the last of ten thousand deadlines of one midnight is told. */
async function midnight({ database, clock, due }: TestCounty): Promise<Figure> {
  await database.run(sql`insert into due_time (id, mechanism, at, target, key)
    select 'midnight-' || n, 'loop-notice', ${clock.now()}::timestamptz + interval '1 hour', 'bench-' || n, 'main|1|due|0'
    from generate_series(1, ${MIDNIGHT}::int) n`);
  clock.advanceBy(3_600_000);
  const begin = performance.now();
  await due.fireDue();
  const value = performance.now() - begin;
  return {
    name: `${MIDNIGHT} deadlines of one midnight, until the last is told`,
    value,
    unit: 'ms',
    target: '< 2000',
  };
}
