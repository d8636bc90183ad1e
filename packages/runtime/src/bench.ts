// Measures committed acts on cases with 16 clients beside bare transactions that write rows of the same number and size.
import { type Uuid, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { DIRECTOR_A, HR, smallCounty, type TestCounty, testCounty } from './testing.ts';
import { workList } from './work.ts';

export interface RuntimeBench {
  readonly actsPerSecond: number;
  readonly floorPerSecond: number;
  readonly target: number;
  readonly workListMs: number;
  /** Until the last of 10,000 deadlines of one midnight is told; the target is 2,000. */
  readonly midnightMs: number;
}

const CLIENTS = 16;
const ORDER = {
  techniques: ['超声'],
  specialty: '儿科',
  from: '2026-06-01',
  to: '2026-09-30',
  goals: '目标',
};

export async function benchRuntime(
  t: { after(fn: () => Promise<void>): void },
  options: { readonly cases: number; readonly seconds: number; readonly openLoops: number },
): Promise<RuntimeBench> {
  const county = await testCounty(t);
  await smallCounty(county);
  const cases = await openCases(county, options.cases);
  const actsPerSecond = await claims(county, cases, options.seconds);
  const floorPerSecond = await bareWrites(county, options.seconds);
  const workListMs = await busyOffice(county, options.openLoops);
  const midnightMs = await firingLag(county);
  return { actsPerSecond, floorPerSecond, target: 0.3, workListMs, midnightMs };
}

async function openCases(county: TestCounty, count: number): Promise<string[]> {
  const cases: string[] = [];
  for (let n = 0; n < count; n += 1) {
    cases.push(
      (await county.apply(DIRECTOR_A, 'loop.open', { loop: 'order-dispatch', answers: ORDER })).case,
    );
  }
  return cases;
}

async function inClients(
  seconds: number,
  body: (client: number, round: number) => Promise<void>,
): Promise<number> {
  let done = 0;
  const begin = performance.now();
  const one = async (client: number): Promise<void> => {
    for (let round = 0; performance.now() - begin < seconds * 1000; round += 1) {
      await body(client, round);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => one(client)));
  return (done / (performance.now() - begin)) * 1000;
}

/** Claim and release in turn, each client on cases of its own: the whole way of a command, form and deadline left out. */
function claims(county: TestCounty, cases: readonly string[], seconds: number): Promise<number> {
  return inClients(seconds, async (client, round) => {
    const id = cases[(client + CLIENTS * Math.floor(round / 2)) % cases.length]!;
    await county.send(HR, 'loop.act', { case: id, event: round % 2 === 0 ? '$claim' : '$release' });
  });
}

/** One transaction with as many rows as an act writes: resource, history, index, command, case, stay, event, audit, change. */
function bareWrites(county: TestCounty, seconds: number): Promise<number> {
  const text = 'x'.repeat(3_000);
  return inClients(seconds, async () => {
    const id = uuidv7() as Uuid;
    const now = county.clock.now();
    await county.database.tx({ 'app.reach': 'all' }, async (run) => {
      await run.run(sql`with
        r as (insert into resource (id, type, fhir_id, version, updated_at, kind, content)
          values (${id}, 'Task', ${id}, 1, ${now}, 'work', ${text})),
        h as (insert into history (id, version, type, fhir_id, updated_at, kind, content)
          values (${id}, 1, 'Task', ${id}, ${now}, 'work', ${text})),
        i as (insert into idx_token (resource, param, value) select ${id}, n, 'v' from generate_series(1, 6) n),
        d as (insert into idx_date (resource, param, low, high) select ${id}, n, ${now}, ${now} from generate_series(1, 3) n),
        f as (insert into idx_reference (resource, param, target) select ${id}, n, ${id} from generate_series(1, 5) n),
        k as (insert into command (id, person, body_hash, type, occurred_at, recorded_at, answer)
          values (${id}, ${id}, ''::bytea, 'bench', ${now}, ${now}, '{}')),
        e as (insert into loop_event (case_id, seq, event, person, org, role, at) values (${id}, 1, 'x', 'x', 'x', 'x', ${now}))
        insert into change_pending (tx, ord, resource, type, fhir_id, version, op, kind, recorded_at)
          values (${id}, 0, ${id}, 'Task', ${id}, 1, 'create', 'work', ${now})`);
    });
  });
}

/** Time of the first page of a busy office among many open loops (rows made directly: only reading is measured). */
async function busyOffice(county: TestCounty, loops: number): Promise<number> {
  await county.database.run(sql`insert into loop_case (id, loop, loop_version, seq, outcome, opened_at, opener_org, opener_person, title)
    select 'bench-' || n, 'order-dispatch', 1, 1, 'open', ${county.clock.now()}, 'Organization/x', 'p', 't' from generate_series(1, ${loops}::int) n`);
  await county.database.run(sql`insert into loop_stay (case_id, branch, entry, loop, state, since_at, due_at, owner_party, owner_roles, owner_org)
    select 'bench-' || n, 'main', 1, 'order-dispatch', 'filed', ${county.clock.now()},
      ${county.clock.now()}::timestamptz + n * interval '1 minute', 'centre', array['hr-clerk'],
      case when n % 10 = 0 then 'Organization/hr-centre' else 'Organization/' || n % 50 end
    from generate_series(1, ${loops}::int) n`);
  await county.database.run(sql`insert into due_time (id, mechanism, at, target, key)
    select 'bench-' || n, 'none', ${county.clock.now()}::timestamptz + interval '1 day' + n * interval '1 millisecond', 'bench-' || n, 'due'
    from generate_series(1, ${loops}::int) n`);
  await county.database.text('analyze loop_stay');
  await county.database.text('analyze loop_case');
  const times: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const begin = performance.now();
    await workList(county.database, county.actor(HR), county.clock.now(), { limit: 50 });
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[18]!;
}

/** Ten thousand deadlines that end at one midnight, beside all the others: how late the last of them is told. */
async function firingLag(county: TestCounty): Promise<number> {
  await county.database.run(sql`insert into due_time (id, mechanism, at, target, key)
    select 'midnight-' || n, 'loop-notice', ${county.clock.now()}::timestamptz + interval '1 hour', 'bench-' || n, 'main|1|due|0'
    from generate_series(1, 10000) n`);
  county.clock.advanceBy(3_600_000);
  const begin = performance.now();
  await county.due.fireDue();
  return performance.now() - begin;
}
