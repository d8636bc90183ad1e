// GET /metrics: counts and lags for the county's monitoring, in OpenMetrics text. It names classes of routes and states of
// the machine, never a person, an organisation or a value.
import { timingSafeEqual } from 'node:crypto';
import { must, refuse } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { currentSnapshot, publishedFolder } from '@yimai/views';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Consortium } from './consortium.ts';
import { viewsFolder } from './figures/view-keeper.ts';

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const CLASSES = [
  'fhir',
  'commands',
  'changes',
  'live',
  'auth',
  'oauth',
  'oidc',
  'desk',
  'figures',
  'fund',
] as const;
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

interface Timed {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** `tokenWanted`: without one only this machine is answered. */
export function mountMetrics(app: FastifyInstance, consortium: Consortium, tokenWanted: string | null): void {
  const requests = new Map<string, number>();
  const times = new Map<string, Timed>();
  app.addHook('onResponse', (request, reply, done) => {
    const route = classOf(request);
    const key = `route="${route}",status="${Math.floor(reply.statusCode / 100)}xx"`;
    requests.set(key, (requests.get(key) ?? 0) + 1);
    // A stream of events lasts as long as its reader; its length says nothing about the server.
    if (route !== 'live') note(times, `route="${route}"`, reply.elapsedTime / 1000);
    done();
  });
  app.get('/metrics', async (request, reply) => {
    refuseStrangers(request, tokenWanted);
    const lines = [...trafficLines(requests, times), ...processLines(), ...(await stateLines(consortium))];
    return reply.type(OPEN_METRICS).send(`${lines.join('\n')}\n# EOF\n`);
  });
}

function note(times: Map<string, Timed>, key: string, seconds: number): void {
  const timed = times.get(key) ?? { buckets: BUCKETS.map(() => 0), sum: 0, count: 0 };
  times.set(key, timed);
  timed.sum += seconds;
  timed.count += 1;
  for (const [at, limit] of BUCKETS.entries()) if (seconds <= limit) timed.buckets[at]! += 1;
}

/** By the pattern of the route, never by the address that was asked for. */
function classOf(request: FastifyRequest): string {
  const pattern = request.routeOptions.url ?? '';
  const first = pattern.split('/')[1] ?? '';
  if (first === 'fhir')
    return pattern.includes('$') ? 'fhir-operation' : `fhir-${FHIR_ACTS[request.method] ?? 'other'}`;
  return (CLASSES as readonly string[]).includes(first) ? first : 'page';
}

const FHIR_ACTS: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'write',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'write',
};

function refuseStrangers(request: FastifyRequest, tokenWanted: string | null): void {
  const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (tokenWanted !== null && given !== undefined && isSame(given, tokenWanted)) return;
  // A proxy on this machine passes the whole world on; what it forwards is not local.
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers['forwarded'];
  const address = request.socket.remoteAddress ?? '';
  if (forwarded === undefined && /^(::ffff:)?127\.|^::1$/.test(address)) return;
  const detail = { zh: '只限本机，或持监测令牌', en: 'for this machine only, or with the monitoring token' };
  must(refuse('not-signed-in', detail, { at: 'Authorization' }));
}

const isSame = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
};

function* trafficLines(requests: ReadonlyMap<string, number>, times: ReadonlyMap<string, Timed>) {
  yield '# TYPE yimai_http_requests counter';
  for (const [key, count] of requests) yield `yimai_http_requests_total{${key}} ${count}`;
  yield '# TYPE yimai_http_request_seconds histogram';
  yield '# UNIT yimai_http_request_seconds seconds';
  for (const [key, { buckets, sum, count }] of times) {
    for (const [at, limit] of BUCKETS.entries())
      yield `yimai_http_request_seconds_bucket{${key},le="${limit}"} ${buckets[at]}`;
    yield `yimai_http_request_seconds_bucket{${key},le="+Inf"} ${count}`;
    yield `yimai_http_request_seconds_sum{${key}} ${sum}`;
    yield `yimai_http_request_seconds_count{${key}} ${count}`;
  }
}

function* gauge(name: string, help: string, value: number | null, labels = ''): Generator<string> {
  if (value === null || !Number.isFinite(value)) return;
  yield `# TYPE ${name} gauge`;
  yield `# HELP ${name} ${help}`;
  yield `${name}${labels} ${value}`;
}

function* processLines(): Generator<string> {
  yield* gauge('yimai_process_resident_memory_bytes', 'Memory of this process.', process.memoryUsage.rss());
  yield* gauge('yimai_process_uptime_seconds', 'Since this process started.', Math.round(process.uptime()));
}

interface State {
  change_seq: number;
  audit_seq: number;
  waiting: number;
  waiting_seconds: number | null;
  audit_waiting: number;
  due: number;
  due_seconds: number | null;
  subscriptions: number;
  subscription_position: number | null;
  failing: number;
  bytes: number;
}

async function* databaseLines({ database, clock, watch, dataDir }: Consortium): AsyncGenerator<string> {
  const { total, idle, waiting } = database.connections();
  yield '# TYPE yimai_database_connections gauge';
  yield '# HELP yimai_database_connections Connections of the pool, and requests that wait for one.';
  for (const [state, count] of Object.entries({ busy: total - idle, idle, waiting }))
    yield `yimai_database_connections{state="${state}"} ${count}`;
  const now = clock.now();
  // While the database is known to be away nobody waits for it here.
  const state = watch.isAway
    ? null
    : await database
        .run<State>(
          sql`select q.change_seq, q.audit_seq,
        (select count(*)::int from change_pending) as waiting,
        (select extract(epoch from ${now}::timestamptz - min(recorded_at))::float8 from change_pending) as waiting_seconds,
        (select count(*)::int from audit_pending) as audit_waiting,
        (select count(*)::int from due_time where at <= ${now}::timestamptz) as due,
        (select extract(epoch from ${now}::timestamptz - min(at))::float8 from due_time where at <= ${now}::timestamptz)
          as due_seconds,
        (select count(*)::int from subscription_state where active) as subscriptions,
        (select min(position) from subscription_state where active) as subscription_position,
        (select count(*)::int from subscription_state where active and failures > 0) as failing,
        pg_database_size(current_database()) as bytes
      from sequencer q`,
        )
        .then(({ rows }) => rows[0] ?? null)
        .catch((error: unknown) => {
          if (watch.notes(error)) return null;
          throw error;
        });
  yield* gauge('yimai_database_up', 'Whether the database answers.', state ? 1 : 0);
  if (!state) return;
  const late = (seconds: number | null) => Math.max(0, Math.round((seconds ?? 0) * 1000) / 1000);
  yield* gauge('yimai_database_size_bytes', 'Size of the database.', state.bytes);
  yield* gauge('yimai_feed_head', 'Last number of the change feed.', state.change_seq);
  yield* gauge('yimai_sequencer_waiting_changes', 'Committed changes without a number yet.', state.waiting);
  yield* gauge('yimai_sequencer_lag_seconds', 'Age of the oldest of them.', late(state.waiting_seconds));
  yield* gauge('yimai_audit_chain_head', 'Last number of the chained audit.', state.audit_seq);
  yield* gauge('yimai_audit_waiting', 'Audit entries not chained yet.', state.audit_waiting);
  yield* gauge('yimai_due_waiting', 'Due times that have passed and not fired.', state.due);
  yield* gauge('yimai_due_lag_seconds', 'Age of the oldest of them.', late(state.due_seconds));
  yield* gauge('yimai_subscriptions', 'Active subscriptions.', state.subscriptions);
  yield* gauge('yimai_subscriptions_failing', 'Those whose last delivery failed.', state.failing);
  const feedLag = state.subscription_position === null ? 0 : state.change_seq - state.subscription_position;
  yield* gauge('yimai_feed_lag_changes', 'Changes that the slowest subscription has not seen.', feedLag);
  const snapshot = await currentSnapshot(publishedFolder(viewsFolder(dataDir)));
  yield* gauge('yimai_views_seq', 'Change up to which the figures reach.', snapshot?.seq ?? null);
  yield* gauge(
    'yimai_views_lag_changes',
    'Changes that the figures have not seen.',
    snapshot ? Math.max(0, state.change_seq - snapshot.seq) : null,
  );
}

async function stateLines(consortium: Consortium): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of databaseLines(consortium)) lines.push(line);
  return lines;
}
