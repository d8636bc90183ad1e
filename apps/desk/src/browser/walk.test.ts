// The main job in a real browser on the real server: a township orders an expert, and everyone does their part to the end.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { openFirstCase, pressAct } from './case-page.ts';
import { accessFaults, pageErrors, widthFaults, wordsIn } from './checks.ts';
import { chromiumPath, openBrowser } from './chromium.ts';
import { type BrowserCounty, browserCounty, CHAIRS, PASSWORD, send } from './county.fixture.ts';
import { signInFromList } from './sign-in.ts';

const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
/** Pictures of each step, for people who look at them. */
const pictures = process.env['YIMAI_PICTURES'];

let county: BrowserCounty;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let errors: string[];

before(async () => {
  if (skip) return;
  county = await browserCounty();
  browser = await openBrowser({ width: 1440, height: 900 });
  page = await browser.context.newPage();
  errors = pageErrors(page);
});

after(async () => {
  await browser?.close();
  await county?.close();
});

async function look(name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Signs in by the list of demo sign-ins, after signing out whoever was there. */
const as = (login: string) =>
  signInFromList(page, county.url, CHAIRS.find((chair) => chair.login === login)!.name);

const main = () => page.locator('main');

const openFirst = () => openFirstCase(page);

const act = (name: string, fill?: () => Promise<unknown>) => pressAct(page, name, fill);

const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

async function date(label: string, value: string): Promise<void> {
  const field = page.getByLabel(label);
  await field.fill(value);
  await field.press('Enter');
}

async function fileOrder(technique: string): Promise<{ case: string }> {
  const answers = {
    techniques: [technique],
    specialty: '骨科',
    from: day(5),
    to: day(90),
    goals: '独立开展',
  };
  const filed = await send(county.url, 'township', 'loop.open', { loop: 'order-dispatch', answers });
  return filed as { case: string };
}

test('[desk D6] a township files an order, the centre reviews, lists and matches, the expert goes, all rate, it closes', {
  skip,
}, async () => {
  await as('township');
  await look('1-home-township');
  await page.getByRole('button', { name: '发起', exact: true }).click();
  await page.getByRole('link', { name: /下派订单/ }).click();
  await page.getByRole('heading', { name: '发起：下派订单' }).waitFor();
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByText(/处需要修改/).waitFor();
  await look('2-start-missing');
  await page.getByLabel('技术项目').fill('心脏彩超、经食管超声');
  await page.getByLabel('专家专业').fill('超声诊断');
  await date('帮扶开始', day(3));
  await date('帮扶结束', day(200));
  await page.getByLabel('帮扶目标').fill('独立开展心脏彩超 200 例');
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByRole('heading', { name: '经过' }).waitFor();
  assert.match(await wordsIn(main()), /心脏彩超[\s\S]*已点单/);
  await look('3-case-filed');

  await as('hr');
  await look('4-home-hr');
  await openFirst();
  await act('接手');
  await act('审核通过', () => page.getByText('补短板').click());
  await act('列入年度需求清单', () => page.getByLabel('批次').fill('1'));
  await look('5-before-match');
  await page.getByRole('link', { name: '年度派单方案' }).click();
  await page.getByRole('heading', { name: '派出方案' }).waitFor();
  await page.getByText('阿卜杜热依木·买买提').first().waitFor();
  await look('6-match');
  await page.getByRole('button', { name: '按此派单' }).click();
  await page.getByText('已派单给').waitFor();

  await as('expert');
  await look('7-home-expert');
  await openFirst();
  await act('接单');
  await act('到岗');
  await look('8-on-site');
  await act('记录帮扶工作', async () => {
    await date('日期', day(0));
    await page
      .getByLabel(/诊疗|门诊/)
      .first()
      .fill('36');
    await page.getByLabel(/带教/).first().fill('2');
  });
  await act('帮扶期满');

  await as('township');
  await openFirst();
  await look('9-rating');
  await act('机构评分', async () => {
    await page.getByLabel('机构评分').fill('5');
    await page.getByText('是', { exact: true }).click();
  });
  await act('医务人员评分', () => page.getByLabel('医务人员评分').fill('4'));

  await as('hr');
  await openFirst();
  await act('录入患者评分', () => page.getByLabel('患者评分').fill('4.5'));
  await act('兑现激励并办结');
  await page.getByText('事项已结束').waitFor();
  await look('10-closed');
  assert.match(await wordsIn(main()), /已办结/);
  assert.deepEqual(errors, []);
});

test('[desk D7] the order is found by its number, its result stands in the register, and can be read as it was', {
  skip,
}, async () => {
  await page.getByRole('link', { name: '台账' }).click();
  await page.getByRole('link', { name: '下派成果台账' }).click();
  await page.getByRole('table', { name: '下派成果台账' }).waitFor();
  assert.match(await wordsIn(main()), /超声诊断/);
  await look('11-register');
  await page.keyboard.press('/');
  await page.keyboard.type('order-dispatch');
  await page.getByRole('option').first().click();
  await page.getByRole('heading', { name: '经过' }).waitFor();
  await page.emulateMedia({ media: 'print' });
  await look('12-print');
  await page.emulateMedia({ media: 'screen' });
});

test('[desk D1] main pages on the real server pass the accessibility rules, wide and on a phone', {
  skip,
}, async () => {
  const faults: string[] = [];
  const check = async (path: string) => {
    await page.goto(county.url + path);
    await page.locator('main h1').first().waitFor();
    await page.waitForFunction(() => document.querySelector('.bone') === null);
    faults.push(...(await accessFaults(page, path)), ...(await widthFaults(page, path)));
  };
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of [
      '/',
      '/work?tab=closed',
      '/programmes/hr/order-dispatch',
      '/registers/talent-pool',
      '/notices',
      '/mechanisms',
      // Places that this role has not: the page says so.
      '/users',
      '/audit',
    ])
      await check(path);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.deepEqual(faults, []);
});

test('[desk D14] what is filed elsewhere stands in my list without a reload', {
  skip,
}, async () => {
  await as('hr');
  await page.getByRole('heading', { name: '等我处理' }).waitFor();
  const before = await main().locator('.home-mine tbody tr').count();
  await fileOrder('骨密度测定');
  await main().getByText('骨密度测定').waitFor();
  assert.equal(await main().locator('.home-mine tbody tr').count(), before + 1);
});

test('[desk D43] what stands in a form outlives a reload and what another does with the case meanwhile', {
  skip,
}, async () => {
  const { case: id } = await fileOrder('宫腔镜检查');
  await as('hr');
  await page.goto(`${county.url}/cases/${id}`);
  await page.locator('.acts').getByRole('button', { name: '退回并说明' }).click();
  await page.getByLabel('理由').fill('帮扶目标写得太笼统');
  await page.reload();
  await page.locator('.acts').getByRole('button', { name: '退回并说明' }).click();
  assert.equal(await page.getByLabel('理由').inputValue(), '帮扶目标写得太笼统');
  await send(county.url, 'hr', 'loop.act', { case: id, event: '$claim' });
  await page.locator('.acts').getByRole('button', { name: '放回' }).waitFor();
  assert.equal(await page.getByLabel('理由').inputValue(), '帮扶目标写得太笼统');
  await send(county.url, 'township', 'loop.act', { case: id, event: 'withdraw', reason: '改期再报' });
  const unsent = page.getByRole('region', { name: /“退回并说明”没有提交/ });
  await unsent.waitFor();
  assert.match(await wordsIn(unsent), /帮扶目标写得太笼统/);
  assert.deepEqual(await accessFaults(page, 'unsent'), []);
  await look('12b-unsent');
  await unsent.getByRole('button', { name: '清空草稿' }).click();
  await unsent.waitFor({ state: 'detached' });
});

test('[desk D44] of cases taken on together those refused are named with their reasons and stay selected', {
  skip,
}, async () => {
  const { case: id } = await fileOrder('支气管镜检查');
  await fileOrder('关节镜检查');
  await send(county.url, 'hr-2', 'loop.act', { case: id, event: '$claim' });
  await as('hr');
  await page.goto(`${county.url}/work?tab=office`);
  const [taken, free] = ['支气管镜检查', '关节镜检查'].map((name) => page.getByRole('row', { name })) as [
    Locator,
    Locator,
  ];
  await taken.getByRole('checkbox').check();
  await free.getByRole('checkbox').check();
  await page.getByRole('button', { name: '接手所选' }).click();
  const refused = page.getByRole('alert').filter({ hasText: '1 项已办，1 项未办' });
  await refused.waitFor();
  assert.match(await wordsIn(refused), /支气管镜检查[\s\S]*已由他人认领/);
  assert.doesNotMatch(await wordsIn(refused), /关节镜检查/);
  assert.deepEqual(
    [await taken.getByRole('checkbox').isChecked(), await free.getByRole('checkbox').isChecked()],
    [true, false],
  );
  await look('12c-refused');
  await refused.getByRole('button', { name: '关闭' }).click();
  await refused.waitFor({ state: 'detached' });
});

test('[desk D9] the township doctor finds a resident by pinyin and opens the file; the look is in the audit', {
  skip,
}, async () => {
  await as('doctor');
  await page.getByRole('link', { name: '居民', exact: true }).click();
  await page.getByLabel('姓名、拼音、首字母或证件号').fill('wgl');
  await page.getByRole('button', { name: '王桂兰' }).click();
  await page.getByRole('heading', { name: '健康经过' }).waitFor();
  await look('13-resident');
  await as('security');
  await page.getByRole('link', { name: '访问审计' }).click();
  await page.getByRole('heading', { name: '访问审计' }).waitFor();
  await look('14-audit');
});

test('[desk D10] who keeps the users blocks one and takes it back; the session of the blocked ends', {
  skip,
}, async () => {
  await as('keeper');
  await page.getByRole('link', { name: '用户与角色' }).click();
  const row = page.getByRole('row', { name: /周明/ });
  await row.getByRole('button', { name: '停用' }).click();
  await row.getByText('已停用').waitFor();
  const answer = await fetch(`${county.url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'doctor', password: PASSWORD }),
  });
  assert.equal(answer.status, 401);
  await page.getByRole('button', { name: '撤销' }).click();
  await row.getByText('在用').waitFor();
  await look('15-users');
  assert.deepEqual(errors, []);
});
