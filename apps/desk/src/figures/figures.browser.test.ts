// From the tile to the record in a real browser on the real server: tile, trend, institution, cases, person; then the wall.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { chinaDate } from '@yimai/kit';
import { entry } from '@yimai/measures/testing';
import type { Resource } from '@yimai/record';
import type { Page } from 'playwright-core';
import { accessFaults, pageErrors, widthFaults } from '../browser/checks.ts';
import { chromiumPath, openBrowser } from '../browser/chromium.ts';
import { type BrowserCounty, browserCounty, PASSWORD } from '../browser/county.fixture.ts';

const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const pictures = process.env['YIMAI_PICTURES'];
const CODES = 'https://yimai.example/fhir/CodeSystem/';
const coded = (word: string, code: string) => ({ coding: [{ system: `${CODES}${word}`, code }] });

let county: BrowserCounty;

const HOUSES = [
  ['county', '清江县医共体总医院（虚构）', 'county', 'county', null],
  ['hospital', '清江县人民医院（虚构）', 'county', 'hospital', 'county'],
  ['town-a', '柳溪镇中心卫生院（虚构）', 'township', 'township-hospital', 'county'],
  ['town-b', '双河彝族苗族乡卫生院（虚构）', 'township', 'township-hospital', 'county'],
  ['village-a1', '上坪村卫生室（虚构）', 'village', 'village-clinic', 'town-a'],
] as const;

/** Who goes where: the resident of one township is not seen by the doctor of another. */
const PATIENT_AT: Readonly<Record<string, string>> = { hospital: 'resident-2', 'town-b': 'resident-b' };

const visit = (at: string, index: number, day: string): Resource => ({
  resourceType: 'Encounter',
  id: `figure-${at}-${index}`,
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  reasonCode: [{ text: '急性支气管炎' }],
  subject: { reference: `Patient/${PATIENT_AT[at] ?? 'resident-1'}` },
  serviceProvider: { reference: `Organization/${at}` },
  period: { start: `${day}T09:00:00+08:00`, end: `${day}T09:20:00+08:00` },
});

async function write(resources: readonly Resource[]): Promise<void> {
  const { record } = county.consortium;
  await record.transaction(record.systemAccess(), { via: 'import' }, async (tx) => {
    for (const resource of resources) await tx.update(resource);
  });
}

before(async () => {
  if (skip) return;
  county = await browserCounty();
  const day = chinaDate(county.consortium.clock.now());
  await write(
    HOUSES.map(([id, name, level, kind, parent]) => ({
      resourceType: 'Organization',
      id,
      name,
      active: true,
      type: [coded('organisation-level', level), coded('institution-class', kind)],
      ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
    })),
  );
  await write([
    {
      resourceType: 'Patient',
      id: 'resident-b',
      active: true,
      name: [{ text: '龙阿妹' }],
      managingOrganization: { reference: 'Organization/town-b' },
    },
  ]);
  await writeMeans(day);
  for (const [at, count] of [
    ['town-a', 12],
    ['town-b', 6],
    ['hospital', 12],
  ] as const)
    await write(Array.from({ length: count }, (_, index) => visit(at, index, day)));
});

/** What the county works with: a queue, beds, money. */
async function writeMeans(day: string): Promise<void> {
  const year = day.slice(0, 4);
  const to = { reference: 'Organization/hospital' };
  await write([
    ...['a', 'b', 'c'].map(
      (id): Resource => ({
        resourceType: 'Task',
        id: `ecg-${id}`,
        status: 'requested',
        intent: 'order',
        code: coded('loop-kind', 'remote-ecg'),
        identifier: [{ value: id }],
        requester: { reference: 'Organization/town-a' },
        owner: to,
        authoredOn: `${day}T08:0${id.length}:00+08:00`,
      }),
    ),
    {
      resourceType: 'MeasureReport',
      id: 'beds',
      status: 'complete',
      type: 'summary',
      measure: 'https://yimai.example/fhir/Measure/beds',
      date: `${year}-01-05`,
      reporter: to,
      period: { start: `${year}-01-01`, end: `${year}-01-31` },
      group: [{ code: coded('report-line', 'open-beds'), measureScore: { value: 120 } }],
    },
    {
      ...visit('hospital', 99, day),
      status: 'in-progress',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      period: { start: `${day}T07:00:00+08:00` },
    },
    ...[`${year}-01-10`, `${year}-03-10`, `${year}-06-10`].map((on, index) => ({
      ...entry(`paid-${index}`, {
        make: 'settlement',
        org: 'hospital',
        on,
        disease: 'J18',
        drg: 'ES2',
        days: 3,
        weight: 1,
        fund: 4000,
        plain: true,
      }),
      patient: { reference: 'Patient/resident-2' },
      insurer: { reference: 'Organization/county' },
    })),
  ] as Resource[]);
}

after(async () => {
  await county?.close();
});

async function look(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await pause(500);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

async function signIn(page: Page, login: string): Promise<void> {
  const answer = await page.request.post(`${county.url}/auth/sign-in`, {
    data: { login, password: PASSWORD },
  });
  assert.ok(answer.ok(), await answer.text());
}

for (const [width, height] of [
  [1440, 900],
  [1920, 1080],
] as const) {
  test(`[figures F6] a township doctor walks from the tile over trend and institution to the record, ${width} wide`, {
    skip,
  }, async () => {
    const browser = await openBrowser({ width, height });
    try {
      const page = await browser.context.newPage();
      const errors = pageErrors(page);
      const faults: string[] = [];
      const check = async (screen: string) => {
        faults.push(...(await widthFaults(page, screen)), ...(await accessFaults(page, screen)));
        await look(page, `figures-${width}-${screen}`);
      };
      await signIn(page, 'doctor');
      await page.goto(county.url);
      await page.getByRole('link', { name: '指标', exact: true }).click();
      await page.getByLabel('机构', { exact: true }).selectOption('county');
      const tile = page.getByRole('link', { name: /县域内基层医疗卫生机构诊疗人次占比/ });
      await tile.getByText('60.00').waitFor();
      await check('tiles');
      await tile.click();
      await page.getByRole('heading', { name: '趋势' }).waitFor();
      await page.locator('.chart svg').first().waitFor();
      assert.match((await page.locator('.figure-summary').textContent()) ?? '', /60\.00.*18 \/ 30/);
      await check('figure');
      await page.getByRole('button', { name: '看表格' }).click();
      assert.match((await page.getByRole('table').first().textContent()) ?? '', /未采集.*60\.00/);

      await page.getByRole('button', { name: '双河彝族苗族乡卫生院（虚构）', exact: true }).click();
      await page.getByText('共 6 例').waitFor();
      assert.equal(
        await page.locator('.figure-cases tbody tr').count(),
        0,
        'cases of another township stay closed',
      );
      await page.getByRole('button', { name: '柳溪镇中心卫生院（虚构）', exact: true }).click();
      await page.getByText('共 12 例').waitFor();
      await page.locator('.figure-cases tbody tr').nth(11).waitFor();
      await check('cases');
      await page.locator('.figure-cases').getByRole('link', { name: '王桂兰' }).first().click();
      await page.getByRole('heading', { name: '健康经过' }).waitFor();
      assert.match((await page.locator('main').textContent()) ?? '', /王桂兰/);
      await look(page, `figures-${width}-record`);
      assert.deepEqual(faults, []);
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
    }
  });
}

test('[figures F7] the wall fits 1920 x 1080, says how old it is and renews itself when a visit is recorded', {
  skip,
}, async () => {
  const browser = await openBrowser({ width: 1920, height: 1080 });
  try {
    const page = await browser.context.newPage();
    const errors = pageErrors(page);
    await signIn(page, 'keeper');
    await page.goto(`${county.url}/centre`);
    await page.getByRole('link', { name: '大屏' }).click();
    await page.locator('.wall .figure-value').first().waitFor();
    await page.locator('.wall .chart svg').first().waitFor();
    assert.match(
      (await page.locator('.wall').textContent()) ?? '',
      /数据截至 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
    );
    const overflow = await page.evaluate(() => {
      const wall = document.querySelector('.wall')!;
      return [wall.scrollWidth - wall.clientWidth, wall.scrollHeight - wall.clientHeight];
    });
    assert.deepEqual(overflow, [0, 0]);
    assert.deepEqual(await accessFaults(page, 'wall'), []);
    await look(page, 'wall-1920');
    for (const means of ['.centre-queues', '.centre-beds', '.centre-fund'])
      assert.doesNotMatch((await page.locator(means).textContent()) ?? '', /未采集/, means);
    const townships = page.locator('.township-map');
    assert.match((await townships.textContent()) ?? '', /双河彝族苗族乡\s*6/);
    const started = performance.now();
    await write([visit('town-b', 7, chinaDate(county.consortium.clock.now()))]);
    await page.waitForFunction(() =>
      /双河彝族苗族乡\s*7/.test(document.querySelector('.township-map')?.textContent ?? ''),
    );
    const behindMs = performance.now() - started;
    assert.ok(behindMs < 15_000, `${behindMs} ms`);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
});

test('[figures F12] who keeps the figures freezes a value of a year that is over and restates it with a reason', {
  skip,
}, async () => {
  const lastYear = String(Number(chinaDate(county.consortium.clock.now()).slice(0, 4)) - 1);
  await write(
    ['town-a', 'hospital'].flatMap((at) =>
      Array.from({ length: 12 }, (_, index) => visit(at, 200 + index, `${lastYear}-05-10`)),
    ),
  );
  const browser = await openBrowser({ width: 1440, height: 900 });
  try {
    const page = await browser.context.newPage();
    const place = `${county.url}/figures/primary-visit-share?period=${lastYear}&scope=county`;
    await signIn(page, 'doctor');
    await page.goto(place);
    await page.locator('.figure-big').getByText('50.00').waitFor();
    assert.equal(
      await page.getByRole('button', { name: '定稿本期数值' }).count(),
      0,
      'a doctor keeps no figures',
    );
    await signIn(page, 'office');
    await page.goto(place);
    await page.getByRole('button', { name: '定稿本期数值' }).click();
    await page.getByRole('button', { name: '重述本期数值' }).waitFor();
    await page.getByLabel('重述理由').fill('补录');
    assert.deepEqual(await accessFaults(page, 'closing'), []);
    await look(page, 'figure-closing-1440');
    await page.getByRole('button', { name: '重述本期数值' }).click();
    await page.getByText('已重述，形成新版本').waitFor();
    await page.goto(place.replace(lastYear, String(Number(lastYear) + 1)));
    await page.locator('.figure-summary').waitFor();
    assert.equal(await page.getByRole('button', { name: /本期数值/ }).count(), 0, 'the running year is open');
  } finally {
    await browser.close();
  }
});

test('[figures F9] a person builds a table, saves it and finds it again; the cells open to the records', {
  skip,
}, async () => {
  const browser = await openBrowser({ width: 1440, height: 900 });
  try {
    const page = await browser.context.newPage();
    const errors = pageErrors(page);
    await signIn(page, 'doctor');
    await page.goto(`${county.url}/figures`);
    await page.getByRole('link', { name: '自助统计表' }).click();
    await page.getByRole('button', { name: '加一列' }).click();
    await page.getByLabel('列 1', { exact: true }).selectOption('class');
    await page.getByRole('button', { name: '看结果' }).click();
    const cell = page.getByRole('row', { name: /柳溪镇中心卫生院/ }).getByRole('button');
    assert.equal(await cell.textContent(), '12');
    await cell.click();
    await page.getByRole('heading', { name: '这一格背后的记录' }).waitFor();
    assert.deepEqual([...(await widthFaults(page, 'tables')), ...(await accessFaults(page, 'tables'))], []);
    await look(page, 'tables-1440');
    await page.getByLabel('表名').fill('本年门诊（按机构）');
    await page.getByLabel('定时生成').selectOption('week');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('button', { name: '本年门诊（按机构）' }).waitFor();
    await page.goto(`${county.url}/tables`);
    await page.getByRole('button', { name: '本年门诊（按机构）' }).click();
    await page.getByRole('row', { name: /柳溪镇中心卫生院/ }).waitFor();
    await page.goto(`${county.url}/data-quality`);
    await page.getByRole('heading', { name: '数据质量' }).waitFor();
    await page.getByText('本期没有发现问题').waitFor();
    await look(page, 'quality-1440');
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
});
