// An alert in a real browser: raised by itself, left alone it climbs, is taken up, and becomes an order to a township.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addDays, chinaDate, must, SimulatedClock } from '@yimai/kit';
import { parsePeriod, previousPeriod } from '@yimai/measures';
import { sql } from '@yimai/postgres';
import type { Resource } from '@yimai/record';
import type { Page } from 'playwright-core';
import { pressAct } from '../browser/case-page.ts';
import { accessFaults, pageErrors, widthFaults } from '../browser/checks.ts';
import { chromiumPath, openBrowser } from '../browser/chromium.ts';
import { type BrowserCounty, browserCounty, PASSWORD } from '../browser/county.fixture.ts';

const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const pictures = process.env['YIMAI_PICTURES'];
const CODES = 'https://yimai.example/fhir/CodeSystem/';
const coded = (word: string, code: string) => ({ coding: [{ system: `${CODES}${word}`, code }] });
/** The server looks at its limits by itself, every half minute. */
const PATIENCE = { timeout: 120_000 };

// Starts now: people of the fixture send commands with the time of their own devices.
const clock = new SimulatedClock(new Date());
const { from } = previousPeriod(must(parsePeriod(chinaDate(clock.now()).slice(0, 7))));
const LAST_MONTH = addDays(from, 11);
let county: BrowserCounty;

async function write(resources: readonly Resource[]): Promise<void> {
  const { record } = county.consortium;
  await record.transaction(record.systemAccess(), { via: 'import' }, async (tx) => {
    for (const resource of resources) await tx.update(resource);
  });
}

const house = (id: string, name: string, level: string, kind: string, parent?: string): Resource => ({
  resourceType: 'Organization',
  id,
  name,
  active: true,
  type: [coded('organisation-level', level), coded('institution-class', kind)],
  ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
});

const visit = (at: string, index: number): Resource => ({
  resourceType: 'Encounter',
  id: `visit-${at}-${index}`,
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: 'Patient/resident-1' },
  serviceProvider: { reference: `Organization/${at}` },
  period: { start: `${LAST_MONTH}T09:00:00+08:00`, end: `${LAST_MONTH}T09:20:00+08:00` },
});

before(async () => {
  if (skip) return;
  county = await browserCounty(clock);
  await write([
    house('county', '清江县医共体总医院（虚构）', 'county', 'county'),
    house('hospital', '清江县人民医院（虚构）', 'county', 'hospital', 'county'),
    house('town-a', '柳溪镇中心卫生院（虚构）', 'township', 'township-hospital', 'county'),
  ]);
  // A fifth of the visits of last month at primary level: the limit is 60 percent.
  await write([
    ...Array.from({ length: 16 }, (_, index) => visit('hospital', index)),
    ...Array.from({ length: 4 }, (_, index) => visit('town-a', index)),
  ]);
});

after(async () => {
  await county?.close();
});

async function signIn(page: Page, login: string): Promise<void> {
  const data = { login, password: PASSWORD };
  const answer = await page.request.post(`${county.url}/auth/sign-in`, { data });
  assert.ok(answer.ok(), await answer.text());
}

async function countOf(loop: string): Promise<number> {
  const { rows } = await county.consortium.database.run<{ n: number }>(
    sql`select count(*)::int as n from loop_case where loop = ${loop}`,
  );
  return rows[0]!.n;
}

test('[figures F14] an alert nobody takes up climbs to the bureau, which acknowledges it and orders a township to act', {
  skip,
}, async () => {
  const browser = await openBrowser({ width: 1440, height: 900 });
  try {
    const page = await browser.context.newPage();
    const errors = pageErrors(page);
    const faults: string[] = [];
    const check = async (screen: string) => {
      faults.push(...(await widthFaults(page, screen)), ...(await accessFaults(page, screen)));
      if (!pictures) return;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `alerts-${screen}.png`) });
    };
    await signIn(page, 'office');
    await page.goto(`${county.url}/centre`);
    const alert = page.locator('.centre-alerts li');
    await alert.filter({ hasText: /诊疗人次占比 · 清江县/ }).waitFor(PATIENCE);
    assert.match((await alert.textContent()) ?? '', /已预警/);
    await check('raised');

    // A day goes by without anybody's word: sessions end, the case goes up.
    clock.advanceBy(24 * 3_600_000 + 60_000);
    await county.consortium.due.fireDue();
    await signIn(page, 'bureau');
    await page.goto(`${county.url}/notices`);
    const told = page.getByRole('row').filter({ hasText: '指标预警' }).filter({ hasText: '已逾期' });
    await told.first().waitFor();
    await page.goto(`${county.url}/centre`);
    await alert.filter({ hasText: /已升级至卫健局/ }).waitFor(PATIENCE);
    assert.equal(await alert.count(), 1);
    await check('climbed');
    await alert.getByRole('link').click();
    await pressAct(page, '接收');
    await pressAct(page, '下达指令给责任单位', async () => {
      await page.getByLabel('责任科室或机构').fill('柳溪');
      await page.locator('.ant-select-item-option', { hasText: '柳溪镇中心卫生院' }).first().click();
    });
    await check('ordered');
    await page.goto(`${county.url}/centre`);
    await alert.filter({ hasText: /已下达指令/ }).waitFor(PATIENCE);
    assert.deepEqual([await countOf('figure-alert'), await countOf('command-order')], [1, 1]);
    assert.deepEqual([...faults, ...errors], []);
  } finally {
    await browser.close();
  }
});
