// For the tests of the server: a consortium on a throwaway database behind a real HTTP server, and a client.
import { join } from 'node:path';
import { type Clock, must } from '@yimai/kit';
import { testDatabase } from '@yimai/postgres/testing';
import { SCRIPT_LOGIN } from '@yimai/record';
import { type Consortium, openConsortium } from './consortium.ts';
import { type RunningServer, startServer } from './start-server.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape and asserts what it reads
  readonly json: any;
}

/** Stands between the server and its database. */
interface DatabaseDoor {
  url(url: string): string;
  unlock(): Promise<void>;
}

export interface TestServer {
  readonly consortium: Consortium;
  readonly server: RunningServer;
  /** Lines that the server logged. */
  readonly logged: string[];
  token: string;
  /** `fhir('GET', 'Patient/1')`; a body that is not text is sent as JSON. */
  fhir(method: string, path: string, body?: unknown, headers?: { [name: string]: string }): Promise<Reply>;
  request(method: string, path: string, body?: unknown, headers?: { [name: string]: string }): Promise<Reply>;
}

export async function testServer(
  t: { after(fn: () => Promise<void>): void },
  options: { clock?: Clock; port?: number; keepsViews?: boolean; through?: DatabaseDoor } = {},
): Promise<TestServer> {
  const place = await testDatabase();
  const logged: string[] = [];
  const log = (level: string, message: string, fields?: object) => {
    logged.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  };
  options.through?.url(place.appUrl);
  await options.through?.unlock();
  const consortium = await openConsortium({
    dataDir: join(place.dir, 'data'),
    databaseUrls: { owner: place.ownerUrl, app: options.through?.url(place.appUrl) ?? place.appUrl },
    schema: place.schema,
    keyFile: join(place.dir, 'keys.json'),
    log,
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const server = await startServer(consortium, {
    port: options.port ?? 0,
    keepsViews: options.keepsViews ?? false,
    log,
  });
  t.after(async () => {
    await server.close();
    await consortium.close();
    await place.close();
  });
  const fixture: TestServer = {
    consortium,
    server,
    logged,
    token: must(await consortium.accounts.localToken(SCRIPT_LOGIN, consortium.clock.now())).token,
    fhir: (method, path, body, headers) => fixture.request(method, `/fhir/R4/${path}`, body, headers),
    async request(method, path, body, headers = {}) {
      const response = await fetch(`${server.url}${path}`, {
        method,
        headers: {
          ...(fixture.token === '' ? {} : { authorization: `Bearer ${fixture.token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      let json: unknown = null;
      try {
        json = JSON.parse(text);
      } catch {
        json = null;
      }
      return { status: response.status, headers: response.headers, text, json };
    },
  };
  return fixture;
}
