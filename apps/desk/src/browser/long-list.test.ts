// Lists of some thousand rows in a real browser: they load on as one scrolls, hold few rows at a time, keep their place on
// return, go by keyboard, and print whole.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testDatabase } from '@yimai/postgres/testing';
import { openConsortium, startServer } from '@yimai/server';
import type { Page } from 'playwright-core';
import { ensureBuilt } from '../index.ts';
import { fillCounty, PASSWORD } from './bench-county.ts';
import { accessFaults, pageErrors, widthFaults, wordsIn } from './checks.ts';
import { chromiumPath, openBrowser } from './chromium.ts';

const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const pictures = process.env['YIMAI_PICTURES'];
const ROWS = 2_000;
const closers: (() => Promise<void>)[] = [];
let url = '';

before(async () => {
  if (skip) return;
  const place = await testDatabase();
  const log = () => undefined;
  const consortium = await openConsortium({
    dataDir: join(place.dir, 'data'),
    databaseUrls: { owner: place.ownerUrl, app: place.appUrl },
    schema: place.schema,
    keyFile: join(place.dir, 'keys.json'),
    log,
  });
  await fillCounty(consortium, ROWS);
  const server = await startServer(consortium, { port: 0, deskFolder: await ensureBuilt(), log });
  url = server.url;
  closers.push(
    () => place.close(),
    () => consortium.close(),
    () => server.close(),
  );
});
after(async () => {
  for (const close of closers.reverse()) await close();
});

async function signedIn(login: string, width: number, path: string): Promise<Page> {
  const browser = await openBrowser({ width, height: width < 500 ? 844 : 900 });
  closers.push(browser.close);
  const page = await browser.context.newPage();
  await page.goto(url);
  await page.getByLabel('用户名').fill(login);
  await page.getByLabel('密码').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await page.goto(url + path);
  await page.locator('[data-row="0"]').waitFor();
  return page;
}

const drawn = (page: Page): Promise<number> => page.locator('tr[data-row]').count();

/** Scrolls as a person does until the foot says that so many are shown. */
async function scrollTo(page: Page, rows: number): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    const words = await wordsIn(page.locator('main footer [role=status]'));
    if (Number(/已显示 (\d+)/.exec(words)?.[1] ?? ROWS) >= rows) return;
    await page.mouse.wheel(0, 3_000);
    await page.waitForTimeout(40);
  }
  assert.fail(`never came to ${rows} rows`);
}

/** The first row that can be seen whole: below the heads, which stay in sight. */
const firstSeen = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const heads = document.querySelector('thead th')?.getBoundingClientRect().bottom ?? 0;
    const rows = [...document.querySelectorAll<HTMLElement>('tr[data-row]')];
    const seen = rows.find((row) => row.getBoundingClientRect().top >= Math.max(0, heads));
    return Number(seen?.dataset['row'] ?? -1);
  });

async function look(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

for (const width of [1440, 390]) {
  test(`[desk D38] a work list of thousands of rows at ${width} px: scrolled, opened, returned to its place`, {
    skip,
  }, async () => {
    const page = await signedIn('bench-hr', width, '/work');
    const errors = pageErrors(page);
    await page.mouse.move(width / 2, 600);
    await scrollTo(page, width < 500 ? 500 : 900);
    await page.waitForTimeout(300);
    assert.ok((await drawn(page)) < 400, `${await drawn(page)} rows are drawn`);
    assert.deepEqual(await widthFaults(page, 'work'), []);
    const seen = await firstSeen(page);
    assert.ok(seen > 300, `row ${seen}`);
    await look(page, `long-work-${width}`);
    await page.locator(`tr[data-row="${seen + 1}"] .work-link`).click();
    await page.getByRole('heading', { name: '经过' }).waitFor();
    await page.goBack();
    await page.locator(`tr[data-row="${seen}"]`).waitFor();
    await page.waitForTimeout(300);
    assert.ok(Math.abs((await firstSeen(page)) - seen) <= 2, `back at ${await firstSeen(page)}, not ${seen}`);
    assert.deepEqual(await accessFaults(page, 'work'), []);
    assert.deepEqual(errors, []);
  });
}

test('[desk D38] a work list goes on by keyboard beyond what is loaded, and prints all that is', {
  skip,
}, async () => {
  const page = await signedIn('bench-hr', 1440, '/work');
  for (let turn = 0; turn < 70; turn += 1) await page.keyboard.press('j');
  await page.locator('tr.here[data-row]').waitFor();
  assert.equal(await page.locator('tr.here').getAttribute('data-row'), '70');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '经过' }).waitFor();
  await page.goBack();
  await scrollTo(page, 450);
  await page.waitForTimeout(300);
  const few = await drawn(page);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.ok((await drawn(page)) >= 450 && few < 400, `${few} rows, printed ${await drawn(page)}`);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
});

test('[desk D38] residents and a register on the phone: thousands of rows, what was looked for is kept', {
  skip,
}, async () => {
  const page = await signedIn('bench-doctor', 390, '/residents');
  await page.mouse.move(195, 600);
  await scrollTo(page, 500);
  await page.waitForTimeout(300);
  assert.ok((await drawn(page)) < 400);
  assert.deepEqual(await widthFaults(page, 'residents'), []);
  await look(page, 'long-residents-390');
  await page.getByRole('searchbox').last().fill('王建');
  await page.getByText('共 ').waitFor();
  await page.locator('tr[data-row="0"] button', { hasText: '王建' }).click();
  await page.waitForURL(/residents\/./);
  await page.goBack();
  await page.locator('tr[data-row="0"] button', { hasText: '王建' }).waitFor();
  assert.equal(await page.getByRole('searchbox').last().inputValue(), '王建');

  const register = await signedIn('bench-hr', 390, '/registers/talent-pool');
  await register.mouse.move(195, 600);
  await scrollTo(register, 600);
  await register.waitForTimeout(300);
  assert.ok((await drawn(register)) < 400);
  assert.deepEqual(await widthFaults(register, 'register'), []);
  assert.deepEqual(await accessFaults(register, 'register'), []);
  await look(register, 'long-register-390');
});
