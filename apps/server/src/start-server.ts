// Starts the HTTP server of one opened consortium: FHIR, commands, feed, accounts, the desk.
import { existsSync } from 'node:fs';
import fastifyCompress from '@fastify/compress';
import fastifyStatic from '@fastify/static';
import type { SystemInfo } from '@yimai/desk/contract';
import { isDiskFull } from '@yimai/postgres';
import Fastify, { type FastifyInstance } from 'fastify';
import { type FirstStart, mountFirstPassword } from './auth/first-password.ts';
import { mountOauth } from './auth/oauth.ts';
import { mountOidc } from './auth/oidc.ts';
import { mountOutsideSignIn, readOutsideSignIn } from './auth/outside-sign-in.ts';
import { mountAuth } from './auth/routes.ts';
import { mountFeed } from './commands/feed-routes.ts';
import { mountCommands } from './commands/routes.ts';
import type { Consortium } from './consortium.ts';
import { guardPlaces, placesOf } from './desk/places.ts';
import { registerDesk } from './desk/register-desk.ts';
import { mountFhir } from './fhir/http.ts';
import { registerFigures } from './figures/register-figures.ts';
import { registerFund } from './fund/register-fund.ts';
import type { DemoSignIn, ServerDeps } from './http/deps.ts';
import { installErrors } from './http/errors.ts';
import { answerMalformedUrl } from './http/malformed-url.ts';
import { accessOfRequests } from './http/session.ts';
import { mountMetrics } from './metrics.ts';

export interface ServerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Only loopback unless TLS or a named proxy stands in front (docs/OPERATIONS.md). */
  readonly host?: string;
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
  /** Address of a reverse proxy whose X-Forwarded headers are believed. */
  readonly trustProxy?: string;
  readonly publicUrl?: string;
  readonly demo?: boolean;
  readonly demoSignIns?: readonly DemoSignIn[];
  readonly deskFolder?: string | null;
  readonly bodyLimit?: number;
  /** False where a simulator moves the clock and fires due times itself. */
  readonly firesDue?: boolean;
  /** False where nobody asks for figures: the process that keeps their views is then not started. */
  readonly keepsViews?: boolean;
  /** How far a demo year has come, while it is still being played. */
  readonly loading?: () => SystemInfo['loading'];
  readonly log: ServerDeps['log'];
}

export interface RunningServer {
  readonly url: string;
  readonly fhir: string;
  readonly app: FastifyInstance;
  /** How the administrator of a fresh house gets the first password at the desk; null when somebody can sign in. */
  readonly firstStart: FirstStart | null;
  /** Every route, for the test that none forgets the policy. */
  readonly routes: readonly { readonly method: string; readonly url: string }[];
  /** Ends open streams and requests, then the socket; the consortium stays open. */
  close(): Promise<void>;
}

const BODY_LIMIT = 64 * 1024 * 1024;

export async function startServer(consortium: Consortium, options: ServerOptions): Promise<RunningServer> {
  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: true },
    ...(options.trustProxy ? { trustProxy: options.trustProxy } : {}),
    ...(options.tls ? { https: options.tls } : {}),
    frameworkErrors: (_error, request, reply) => answerMalformedUrl(request, reply),
  }) as unknown as FastifyInstance;
  const outside = readOutsideSignIn(process.env['YIMAI_OUTSIDE_SIGN_IN']);
  const deps: ServerDeps = {
    record: consortium.record,
    accounts: consortium.accounts,
    clock: consortium.clock,
    demo: options.demo ?? false,
    demoSignIns: options.demoSignIns ?? [],
    publicUrl: options.publicUrl ?? null,
    deskFolder: options.deskFolder ?? null,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    log: options.log,
    isDatabaseAway: (error) => consortium.watch.notes(error),
    isDiskFull,
    ...(outside ? { outsideName: outside.name } : {}),
  };
  const routes: { method: string; url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
  installErrors(app, deps);
  securityHeaders(app);
  const accessOf = accessOfRequests(deps);
  app.get('/health', async () => ({ status: 'ok' }));
  mountMetrics(app, consortium, process.env['YIMAI_METRICS_TOKEN'] || null);
  mountAuth(app, deps, (role) =>
    placesOf({ policy: consortium.policy, runtime: consortium.runtime.context }, role),
  );
  mountOutsideSignIn(app, deps, outside);
  const firstStart = await mountFirstPassword(app, deps);
  mountOauth(app, deps);
  const origin = () => options.publicUrl ?? addressOf(app, options);
  const oidc = await mountOidc(app, deps, consortium.accounts.oidc, origin);
  mountFhir(app, deps, accessOf);
  mountCommands(app, deps);
  mountFeed(app, deps, accessOf);
  const deskDeps = {
    ...deps,
    database: consortium.database,
    runtime: consortium.runtime.context,
    ...(options.loading ? { loading: options.loading } : {}),
  };
  guardPlaces(app, deskDeps);
  await registerDesk(app, deskDeps);
  await registerFund(app, { ...deskDeps, fund: consortium.fund });
  await registerFigures(app, {
    ...deps,
    database: consortium.database,
    runtime: consortium.runtime.context,
    policy: consortium.policy,
    views: { dataDir: consortium.dataDir, url: consortium.appUrl, schema: consortium.schema },
    keepsViews: options.keepsViews ?? true,
  });
  if (deps.deskFolder && existsSync(deps.deskFolder)) await mountDesk(app, deps.deskFolder);
  consortium.record.sequencer.start();
  if (options.firesDue ?? true) consortium.due.start();
  consortium.subscriptions.start();
  try {
    await app.listen({ port: options.port, host: options.host ?? '127.0.0.1' });
    await oidc.ready();
  } catch (error) {
    // A taken port: what was mounted lets go, so that the caller may try another or end.
    await app.close();
    throw error;
  }
  const url = origin();
  return { url, fhir: `${url}/fhir/R4`, app, routes, firstStart, close: () => app.close() };
}

/** Port 0 took a free one; an IPv6 address stands in brackets. */
function addressOf(app: FastifyInstance, { port, host = '127.0.0.1', tls }: ServerOptions): string {
  const address = app.server.address();
  const taken = typeof address === 'object' && address ? address.port : port;
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${taken}`;
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'",
} as const;

function securityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(SECURITY_HEADERS);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}

/** The built desk: hashed files are kept by the browser, the page itself is asked for anew. */
async function mountDesk(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(async (desk) => {
    await desk.register(fastifyCompress, { global: true });
    await desk.register(fastifyStatic, {
      root: folder,
      setHeaders: (reply, path) => {
        void reply.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  });
}
