// An empty house and a browser for the walk of the first day: started once for all its tests.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type TestDatabase, testDatabase } from '@yimai/postgres/testing';
import { type Consortium, openConsortium, type RunningServer, startServer } from '@yimai/server';
import type { Page } from 'playwright-core';
import { ensureBuilt } from '../index.ts';
import { pageErrors } from './checks.ts';
import { chromiumPath, openBrowser } from './chromium.ts';
import { signInByPassword } from './sign-in.ts';

export const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const pictures = process.env['YIMAI_PICTURES'];
export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const DATA = process.env['YIMAI_TEST_DATA'] ?? join(REPOSITORY, '../shared/data');
export const SYNTHEA = join(DATA, 'synthea/bundles');
export const PASSWORD = 'first day of 2026';

export let place: TestDatabase;
let house: Consortium;
export let server: RunningServer;
let browser: Awaited<ReturnType<typeof openBrowser>>;
export let page: Page;
export let errors: string[];
export const passwords = new Map<string, string>();

/** Starts an empty house, as `yimai demo --empty` opens it, and a browser for the tests of this run; ends them after. */
export function emptyHouse(): void {
  before(async () => {
    if (skip) return;
    place = await testDatabase();
    const log = () => undefined;
    house = await openConsortium({
      dataDir: join(place.dir, 'data'),
      databaseUrls: { owner: place.ownerUrl, app: place.appUrl },
      schema: place.schema,
      keyFile: join(place.dir, 'keys.json'),
      log,
    });
    server = await startServer(house, {
      port: 0,
      demo: true,
      demoSignIns: [],
      deskFolder: await ensureBuilt(),
      keepsViews: false,
      log,
    });
    browser = await openBrowser({ width: 1440, height: 900 });
    page = await browser.context.newPage();
    errors = pageErrors(page);
    // Long enough for a machine that is busy with other tests: nothing here depends on it.
    page.setDefaultTimeout(60_000);
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    await house?.close();
    await place?.close();
  });
}

export const file = (name: string): string => join(place.dir, name);

export async function look(name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

export const as = (login: string) =>
  signInByPassword(page, server.url, login, login === 'administrator' ? PASSWORD : passwords.get(login)!);
