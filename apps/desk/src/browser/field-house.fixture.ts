// The browser and the house of the inspection walks: started once for all their tests, with what a step on a page needs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import type { Page } from 'playwright-core';
import { pageErrors } from './checks.ts';
import { chromiumPath, openBrowser } from './chromium.ts';
import { type BrowserCounty, browserCounty, CHAIRS } from './county.fixture.ts';
import { addInspection } from './inspection.fixture.ts';

export const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const pictures = process.env['YIMAI_PICTURES'];
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };

export let county: BrowserCounty;
export let browser: Awaited<ReturnType<typeof openBrowser>>;
export let page: Page;
export let errors: string[];

/** Starts house and browser for the tests of this run, and ends them after. */
export function fieldHouse(): void {
  before(async () => {
    if (skip) return;
    county = await browserCounty();
    await addInspection(county.url);
    browser = await openBrowser(PHONE);
    page = await browser.context.newPage();
    // Long enough for a machine that is busy with other tests: nothing here depends on it.
    page.setDefaultTimeout(60_000);
    errors = pageErrors(page);
  });
  // Where a test ended, for people who look at what went wrong; the next one begins with the network.
  afterEach(async (t) => {
    if (skip) return;
    if (errors.length > 0) process.stderr.write(`${errors.join('\n')}\n`);
    await look(`end-${t.name.slice(0, 30)}`, false);
    await browser.context.setOffline(false);
  });
  after(async () => {
    await browser?.close();
    await county?.close();
  });
}

export async function look(name: string, fullPage = true): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}

/** Another person at this device: the session ends as by signing out, the list of demo sign-ins is shown. */
export async function as(login: string, path = '/'): Promise<void> {
  await browser.context.clearCookies();
  await page.goto(county.url + path);
  const name = CHAIRS.find((chair) => chair.login === login)!.name;
  await page.getByRole('button', { name: new RegExp(name) }).click();
  await page.locator('.shell-main h1').first().waitFor();
}

export async function show(path: string): Promise<void> {
  await page.goto(county.url + path);
  await page.locator('.shell-main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.bone') === null);
}

export const main = () => page.locator('main');
export const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PIXEL });
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
