// Committed acts on cases over HTTP with 16 clients, beside bare transactions that write the same rows: fsync, audit,
// policy, validation and once-only command ids are on.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, type Uuid, uuidv7 } from '@yimai/kit';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { bareActs, contentOf } from '@yimai/runtime/bench';
import type { Figure } from './bench.ts';
import { CLIENTS, loaderOf } from './bench-load.ts';
import { processorTime } from './bench-processor.ts';
import { profiled } from './bench-profile.ts';
import { type Consortium, openConsortium } from './consortium.ts';
import { startServer } from './start-server.ts';

const CASES = 128;
/** So many go first, until every connection has its plans. */
const WARM = CASES * 4;
const ACTS = Number(process.env['YIMAI_BENCH_ACTS'] ?? 6_000);
const OFFICE = 'https://yimai.example/fhir/office';

export async function benchActs(): Promise<Figure[]> {
  const dir = join(tmpdir(), `yimai-bench-acts-${process.pid}`);
  const log = (level: string, message: string, fields?: object) => {
    if (level === 'error') process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  };
  const consortium = await openConsortium({
    dataDir: join(dir, 'data'),
    keyFile: join(dir, 'keys.json'),
    log,
  });
  const server = await startServer(consortium, { port: 0, keepsViews: false, log });
  try {
    await house(consortium);
    const director = await signedIn(consortium, 'bench-director', 'township-director', 'town-a');
    const clerk = await signedIn(consortium, 'bench-clerk', 'hr-clerk', 'hr-centre');
    const cases = await openCases(server.url, director);
    const load = loaderOf(server.url, clerk);
    await load(claims(cases, WARM, consortium));
    const { database, clock, record } = consortium;
    // Numbering what was written is part of the work, of acts as of bare transactions.
    const timed = <T>(work: () => Promise<T>) =>
      processorTime(database, async () => {
        const value = await work();
        await record.sequencer.settle();
        return value;
      });
    const requests = claims(cases, ACTS, consortium);
    const { value: acts, ms } = await timed(() => profiled('acts', () => load(requests)));
    await mustBeDone(consortium, WARM + ACTS);
    const content = await contentOf(database, cases[0]!);
    const bareOf = (from: number, count: number) =>
      bareActs(database, cases, content, CLIENTS, { from, count }, clock);
    await bareOf(0, WARM);
    const bare = await timed(() => bareOf(WARM, ACTS));
    const processor: Figure[] =
      ms === null || bare.ms === null
        ? []
        : [{ name: 'processor time of an act', value: ms / ACTS, unit: 'ms', floor: bare.ms / ACTS }];
    return [
      {
        name: 'acts over HTTP, 16 clients',
        value: acts.perSecond,
        unit: '1/s',
        floor: bare.value,
        target: 'ratio >= 0.3',
      },
      { name: 'act over HTTP, p99', value: acts.p99, unit: 'ms' },
      ...processor,
    ];
  } finally {
    await server.close();
    await consortium.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function house({ record }: Consortium): Promise<void> {
  const organisation = (id: string, office?: string) =>
    ({
      resourceType: 'Organization',
      id,
      name: `${id}（合成）`,
      ...(office === undefined ? {} : { identifier: [{ system: OFFICE, value: office }] }),
    }) as Resource;
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    for (const one of [
      organisation('county'),
      organisation('hr-centre', 'hr-centre'),
      organisation('town-a'),
    ])
      await tx.update(one);
  });
}

async function signedIn(
  { database, policy, accounts, clock }: Consortium,
  login: string,
  role: string,
  org: string,
) {
  const now = clock.now();
  const user = must(await createUser(database, policy, { login, name: login }, now));
  must(await assignRole(database, policy, { user: user.id, role, org }, now));
  return must(await accounts.localToken(login, now)).token;
}

interface Answer {
  readonly outcome: string;
  readonly result: { readonly case: string };
}

async function openCases(url: string, token: string): Promise<string[]> {
  const cases: string[] = [];
  const answers = {
    techniques: ['超声'],
    specialty: '儿科',
    from: '2027-06-01',
    to: '2027-09-30',
    goals: '目标',
  };
  for (let n = 0; n < CASES; n += 1) {
    const response = await fetch(`${url}/commands`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: command(
        'loop.open',
        { loop: 'order-dispatch', answers },
        'town-a',
        'township-director',
        new Date(),
      ),
    });
    const answer = (await response.json()) as Answer;
    if (answer.outcome !== 'applied')
      throw new Error(`fault: a case did not open: ${JSON.stringify(answer)}`);
    cases.push(answer.result.case);
  }
  return cases;
}

const command = (type: string, payload: object, org: string, role: string, at: Date): string =>
  JSON.stringify({
    id: uuidv7() as Uuid,
    type,
    occurredAt: at.toISOString(),
    actingAs: { org, role },
    payload,
  });

/** All cases claimed one after the other, then all released: no two acts on one case are ever on their way together. */
function claims(cases: readonly string[], count: number, { clock }: Consortium) {
  return Array.from({ length: count }, (_, n) => {
    const event = Math.floor(n / cases.length) % 2 === 0 ? '$claim' : '$release';
    const payload = { case: cases[n % cases.length]!, event };
    return {
      method: 'POST',
      path: '/commands',
      body: command('loop.act', payload, 'hr-centre', 'hr-clerk', clock.now()),
    };
  });
}

async function mustBeDone({ database }: Consortium, count: number): Promise<void> {
  const { rows } = await database.text<{ n: number }>(
    `select count(*)::int as n from loop_event where event like '$%'`,
  );
  if (rows[0]?.n !== count) throw new Error(`fault: ${rows[0]?.n} of ${count} acts were applied`);
}
