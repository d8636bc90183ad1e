// The insurer's year in a real browser on the real server: lists with errors in, months settled, a statement, the clearing,
// the surplus shared, the ledger balanced.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { accessFaults, pageErrors, widthFaults, wordsIn } from '../browser/checks.ts';
import { chromiumPath, openBrowser } from '../browser/chromium.ts';
import { CLERK, type FundCounty, fundCounty, listLines, withFaults } from './fund-county.fixture.ts';

const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const pictures = process.env['YIMAI_PICTURES'];
const LISTS = 480;
const PAGES = [
  '',
  '/cases',
  '/cases/QJ2026-00005',
  '/statements',
  '/lists',
  '/reviews',
  '/results',
  '/notice',
  '/clearing',
  '/ledger',
  '/rules',
];

let county: FundCounty;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let errors: string[];

before(async () => {
  if (skip) return;
  county = await fundCounty();
  browser = await openBrowser({ width: 1440, height: 900 });
  page = await browser.context.newPage();
  errors = pageErrors(page);
});

after(async () => {
  await browser?.close();
  await county?.close();
});

async function look(name: string, fullPage = false): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}

const main = () => page.locator('main');
const heading = (name: string) => page.getByRole('heading', { name, exact: true }).first().waitFor();
const tab = (name: string) =>
  page.getByRole('navigation', { name: '医保基金' }).getByRole('link', { name, exact: true }).click();

async function drop(name: string, text: string): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}

test('[desk fund] lists with errors, the good rows, months, a statement, the clearing, the shares, the ledger balanced', {
  skip,
  timeout: 280_000,
}, async () => {
  await page.goto(county.url);
  await page.getByRole('button', { name: new RegExp(CLERK) }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await page.getByRole('link', { name: '医保基金', exact: true }).click();
  await heading('本年预算尚未确定');
  await page.getByLabel('居民医保人月数').fill('40000');
  await page.getByLabel('职工医保人月数').fill('4000');
  await page.getByRole('button', { name: '确定预算' }).click();
  await page.getByText('预算已确定').waitFor();

  await tab('结算清单导入');
  await drop('lists.csv', withFaults(listLines(LISTS)));
  await page.getByText(`${LISTS + 3} 行：${LISTS} 行正确，3 行有错误`).waitFor();
  const report = await wordsIn(page.getByRole('table', { name: '问题' }));
  assert.match(report, /出院日期2026-03-02[\s\S]*出院早于入院[\s\S]*discharge-before-admission/);
  assert.match(report, /没有诊断[\s\S]*应为金额/);
  await look('1-lists-report');
  await page.getByRole('button', { name: `只导入正确的 ${LISTS} 行` }).click();
  await page.getByText(`已导入 ${LISTS} 份清单，留下 3 行`).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: '再导入一个文件' }).click();
  await drop('again.csv', withFaults(listLines(LISTS)));
  await page.getByText(`${LISTS + 3} 行：0 行正确，${LISTS + 3} 行有错误`).waitFor();

  await tab('总额看板');
  const months = page.getByRole('table', { name: '月度预结算' });
  await months.waitFor();
  for (let month = 1; month <= 12; month += 1) {
    const name = `2026-${String(month).padStart(2, '0')}`;
    await months.getByRole('button', { name: new RegExp(`^预结算\\s*${name}$`) }).click();
    await months
      .getByRole('row', { name: new RegExp(`^${name}`) })
      .getByText(/已结算/)
      .waitFor({ timeout: 30_000 });
  }
  await page.waitForTimeout(600);
  await look('2-board', true);

  await months.getByRole('link', { name: '2026-03' }).click();
  await page.getByText('明细与合计相符').waitFor();
  await look('3-statement');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 XLSX' }).click();
  assert.match((await saving).suggestedFilename(), /^2026-03 .*\.xlsx$/);
  await page.emulateMedia({ media: 'print' });
  await look('4-statement-print', true);
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('table', { name: '医保住院结算单' }).getByRole('link').first().click();
  await heading('为什么是这个组');
  assert.match(await wordsIn(main()), /基金应付[\s\S]*住院结算应付/);
  await page.getByLabel('诊断（第一条为主要诊断） 1').fill('I63.500');
  await page.getByRole('button', { name: '重新分组' }).click();
  await page.getByRole('table', { name: '如果编码不同' }).waitFor();
  await look('5-case', true);

  await tab('年度清算');
  await page.getByText('有病例的月份都已预结算').waitFor();
  await page.getByLabel('考核得分 柳溪镇中心卫生院（虚构）').fill('0.82');
  await page.waitForTimeout(500);
  await look('6-clearing-before', true);
  await page.getByRole('button', { name: '记账清算' }).click();
  await page.getByText(/清算已记账 · 版本 1/).waitFor();
  await page
    .getByLabel('工作记录', { exact: true })
    .fill('Encounter/v1, Practitioner/staff-village, 12.5\nEncounter/t1, Practitioner/staff-township, 7');
  await page.getByRole('button', { name: '分配', exact: true }).click();
  await page.getByText('各份之和等于结余', { exact: true }).waitFor();
  await look('7-clearing-after', true);

  await tab('公示与支付');
  await page.getByText('现行版本尚未公示').waitFor();
  await page.getByRole('button', { name: '公示 7 天' }).click();
  await page.getByText(/现行版本 · 还有 8 天/).waitFor();
  await page.getByText(/现在还不能支付：公示至 2027-01-07 止/).waitFor();
  await look('7b-notice', true);
  await tab('按结果付费');
  await page.getByRole('button', { name: '预付资金拨付' }).click();
  await page.getByText('2,000,000.00').first().waitFor();

  await tab('账簿');
  await page.getByText('借贷平衡', { exact: true }).waitFor();
  await page.getByRole('button', { name: '银行存款 · 医保基金' }).first().click();
  await page.getByText(/显示 \d+ 条/).waitFor();
  await look('8-ledger', true);

  await tab('支付规则');
  await page.getByLabel('rate/resident/secondary rate').fill('7800');
  await page.getByRole('button', { name: '看影响' }).click();
  await page.getByText(/例支付有变化/).waitFor();
  await look('9-rules');
  assert.deepEqual(errors, []);
});

test('[desk fund] its pages pass the accessibility rules and fit, wide and on a phone, in both languages', {
  skip,
  timeout: 200_000,
}, async () => {
  const faults: string[] = [];
  for (const language of ['zh', 'en']) {
    if (language === 'en') {
      const preferences = JSON.stringify({ language });
      await page.addInitScript((text) => localStorage.setItem('yimai.preferences', text), preferences);
    }
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const path of PAGES) {
        await page.goto(`${county.url}/fund${path}`);
        await page.locator('main h1').first().waitFor();
        await page.waitForFunction(() => document.querySelector('.bone') === null);
        await page.waitForTimeout(300);
        const screen = `${path} ${width} ${language}`;
        faults.push(...(await accessFaults(page, screen)), ...(await widthFaults(page, screen)));
        await look(`page${path.replaceAll('/', '-') || '-board'}-${width}-${language}`, width < 768);
      }
    }
  }
  assert.equal(await wordsIn(page.locator('main h1')), 'Payment rules');
  assert.deepEqual(faults, []);
  assert.deepEqual(errors, []);
});
