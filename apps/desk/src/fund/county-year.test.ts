// The demo county settles its year, and the desk shows it in a real browser: budget, months, clearing, shares, notice, pay with
// its appeal, warnings, prices and operations; then every page of pay and operations wide, narrow and in both languages.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DEMO_PASSWORD, playCounty, prepareCounty, yearBefore } from '@yimai/county';
import { chinaInstant, localDate, SimulatedClock } from '@yimai/kit';
import { testDatabase } from '@yimai/postgres/testing';
import { type Consortium, openConsortium, startServer } from '@yimai/server';
import type { Page } from 'playwright-core';
import { accessFaults, pageErrors, widthFaults, wordsIn } from '../browser/checks.ts';
import { chromiumPath, openBrowser } from '../browser/chromium.ts';
import { ensureBuilt } from '../index.ts';

const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const pictures = process.env['YIMAI_PICTURES'];
const UNTIL = localDate('2027-02-03');
const RESIDENTS = 800;

let url = '';
let consortium: Consortium;
let refused: readonly object[] = [];
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let errors: string[];
const closing: (() => Promise<unknown>)[] = [];

before(
  async () => {
    if (skip) return;
    const place = await testDatabase();
    closing.unshift(() => place.close());
    const clock = new SimulatedClock(chinaInstant(yearBefore(UNTIL)).toISOString());
    consortium = await openConsortium({
      dataDir: join(place.dir, 'data'),
      databaseUrls: { owner: place.ownerUrl, app: place.appUrl },
      schema: place.schema,
      keyFile: join(place.dir, 'keys.json'),
      clock,
      log: () => undefined,
    });
    closing.unshift(() => consortium.close());
    const { record, database, policy, due, runtime } = consortium;
    // Only the fund's story is told: what other programmes do in a year is shown elsewhere.
    const programmes = ofDomain(runtime.context, 'fund');
    const county = { record, database, policy, clock, fireDue: () => due.fireDue(), programmes };
    await prepareCounty(county);
    refused = await playCounty(county, { residents: RESIDENTS, until: UNTIL, objects: 0 });
    clock.advanceTo(chinaInstant(UNTIL, '09:00'));
    const server = await startServer(consortium, {
      port: 0,
      demo: true,
      keepsViews: false,
      deskFolder: await ensureBuilt(),
      log: () => undefined,
    });
    url = server.url;
    closing.unshift(() => server.close());
    browser = await openBrowser({ width: 1440, height: 900 });
    closing.unshift(() => browser.close());
    page = await browser.context.newPage();
    errors = pageErrors(page);
  },
  { timeout: 300_000 },
);

/** A context in which only the programmes of one domain tell stories; every mechanism works as it does. */
function ofDomain(context: Consortium['runtime']['context'], domain: string): typeof context {
  const programmes = context.programmes.filter((one) => one.domain === domain);
  const own = new Set(programmes.flatMap(({ loops }) => loops.map(({ declaration }) => declaration.id)));
  const none = new Map();
  return {
    ...context,
    programmes,
    loops: new Map([...context.loops].filter(([id]) => own.has(id))),
    trees: none,
    recurring: none,
    draws: none,
    stocks: none,
    agreements: none,
    pools: none,
    matches: none,
  };
}

after(async () => {
  for (const close of closing) await close();
});

async function look(name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

async function signIn(login: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(url);
  await page.evaluate(() => localStorage.removeItem('yimai.role'));
  const answer = await page.request.post(`${url}/auth/sign-in`, { data: { login, password: DEMO_PASSWORD } });
  assert.equal(answer.status(), 200, await answer.text());
}

async function open(path: string): Promise<string> {
  await page.goto(`${url}${path}`);
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.bone') === null);
  await page.waitForTimeout(250);
  return wordsIn(page.locator('main'));
}

test('[county C16] the fund of the county plays its year with no refusal', { skip }, () => {
  assert.deepEqual(refused, []);
});

test('[desk fund] the county has settled its year: months, clearing, shares by work records, notice, paid, books balanced', {
  skip,
  timeout: 120_000,
}, async () => {
  await signIn('insurer');
  const board = await open('/fund?year=2026');
  await look('county-1-board');
  assert.match(board, /月度预结算/);
  const clearing = await open('/fund/clearing?year=2026');
  assert.match(clearing, /清算已记账/);
  assert.match(clearing, /各份之和等于结余/);
  await look('county-2-clearing');
  const notice = await open('/fund/notice?year=2026');
  assert.match(notice, /已支付/);
  assert.match(clearing, /结余已支付，本年不再清算/);
  assert.ok(!/更正清算|重新分配/.test(clearing), 'what is paid is not offered to be cleared again');
  await look('county-3-notice');
  assert.match(await open('/fund/ledger'), /借贷平衡/);
  await look('county-4-ledger');
});

test('[desk fund] the running year lives: reviews at several stages, RED and MES with what bars them, a package, an objection answered', {
  skip,
  timeout: 120_000,
}, async () => {
  const reviews = await open('/fund/reviews?year=2027');
  const before = await open('/fund/reviews?year=2026');
  assert.match(`${reviews} ${before}`, /专家评议中/);
  const results = await open('/fund/results?year=2026');
  for (const word of ['已付', '有一方违约', '3/4 方已签', '缺少依据', '2 型糖尿病'])
    assert.ok(results.includes(word), word);
  await look('county-8-results');
  await page.getByRole('button', { name: /^退回/ }).first().click();
  await page.getByLabel('金额').fill('100');
  await page.getByLabel('退回原因（不写姓名）').fill('随访记录不实（虚构）');
  await page.getByRole('button', { name: '退回', exact: true }).click();
  await page.getByText(/已退回 100\.00/).waitFor();
  await page.getByText('年末结清预付资金').click();
  await page.getByRole('button', { name: /^退回医保/ }).click();
  await page.getByText(/已结清 · 结转 0\.00/).waitFor();
  await look('county-8-closed');
  assert.match(await open('/fund/notice?year=2026'), /不成立/);
  assert.match(await open('/fund?year=2027'), /年度预算/);
  await signIn('finance');
  const budget = await open('/pay/budget?year=2027');
  assert.match(budget, /内科/);
  await look('county-9-budget');
  await signIn('doctor');
  await open('/pay');
  await page.getByRole('link', { name: '公示与支付' }).click();
  await page.getByRole('heading', { name: '公示与支付', level: 1 }).waitFor();
  assert.match(await open('/pay/notice?year=2026'), /已支付/);
  assert.equal(await page.locator('nav.tabs').getByRole('link', { name: '结算单' }).count(), 0);
  await look('county-8-staff-notice');
  assert.match(await open('/pay/in-stay'), /栖云县人民医院/);
  await look('county-10-in-stay');
});

test('[desk pay] a doctor opens the own slip to its records; finance answers the appeal and makes a new version', {
  skip,
  timeout: 120_000,
}, async () => {
  await signIn('doctor');
  assert.match(await open('/pay'), /工分（RBRVS）/);
  await page.getByRole('button', { name: /^打开 2026-12 工分/ }).click();
  await page
    .getByRole('table', { name: '工作记录' })
    .getByText(/^Encounter\//)
    .first()
    .waitFor();
  await look('county-5-slip');
  await signIn('finance');
  assert.match(await open('/fund/statements'), /人民医院/);
  await open('/pay/pools?kind=rbrvs&house=county-hospital&month=2026-12');
  await look('county-6-pool');
  await page.getByRole('button', { name: '答复', exact: true }).click();
  await page.getByLabel('答复理由').fill('已核对，补记两次会诊');
  await page.getByRole('button', { name: '支持', exact: true }).click();
  await page.getByText('已支持，待重算').waitFor();
  await page.getByLabel('总额（元）').fill('15000');
  await page.getByRole('button', { name: '按申诉形成新版本' }).click();
  await page.getByText(/已冻结 · 版本 2/).waitFor();
  await look('county-7-version-2');
});

const PAGES = [
  '/pay',
  '/pay/pools',
  '/pay/prices',
  '/pay/procurement',
  '/pay/operations',
  '/pay/budget',
  '/fund/warnings?month=2026-12',
  '/fund/rules',
  '/fund/reviews?year=2026',
  '/fund/results?year=2026',
];

test('[desk pay] pay, prices, procurement, operations, warnings, rules: readable, in width, wide and on a phone, zh and en', {
  skip,
  timeout: 200_000,
}, async () => {
  const faults: string[] = [];
  // Each language once, so that each width and each language is seen; all four with pictures.
  const screens = pictures
    ? (['zh', 'en'] as const).flatMap((language) => [1440, 390].map((width) => [language, width] as const))
    : ([
        ['zh', 390],
        ['en', 1440],
      ] as const);
  for (const [language, width] of screens) {
    const preferences = JSON.stringify({ language });
    await page.addInitScript((text) => localStorage.setItem('yimai.preferences', text), preferences);
    await page.setViewportSize({ width, height: 844 });
    for (const path of PAGES) {
      await open(path);
      const screen = `${path} ${width} ${language}`;
      faults.push(...(await accessFaults(page, screen)), ...(await widthFaults(page, screen)));
      await look(`page${path.replaceAll(/[/?=]/g, '-')}-${width}-${language}`);
    }
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(errors, []);
});
