// Every screen, with the answers of the stories: accessible, within the screen's width, without an error; by keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { ensureBuilt } from '../index.ts';
import { startStories } from '../stories/story-server.ts';
import { accessFaults, pageErrors, widthFaults, wordsIn } from './checks.ts';
import { chromiumPath, openBrowser, type View } from './chromium.ts';
import { SCREENS } from './screens.ts';

const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const closers: (() => Promise<void> | void)[] = [];
let dist = '';

before(async () => {
  if (!skip) dist = await ensureBuilt();
});
after(async () => {
  for (const close of closers.reverse()) await close();
});

async function open(view: View, mood: 'usual' | 'empty' | 'refused' = 'usual', signedIn = true) {
  const stories = await startStories(dist, { mood, signedIn });
  const browser = await openBrowser(view);
  closers.push(
    () => void stories.server.close(),
    () => stories.server.closeAllConnections(),
    browser.close,
  );
  const page = await browser.context.newPage();
  return {
    page,
    url: stories.url,
    errors: pageErrors(page),
    endSession: stories.endSession,
    context: browser.context,
  };
}

async function show(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('main h1, main h2, .blank').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.bone') === null);
}

const VIEWS: readonly (View & { readonly name: string })[] = [
  { name: 'wide, light, Chinese', width: 1440, height: 900 },
  { name: 'wide, dark, English', width: 1440, height: 900, dark: true, preferences: { language: 'en' } },
  { name: 'phone, large type', width: 390, height: 844, preferences: { type: 'large' } },
];

for (const view of VIEWS) {
  test(`[desk D1] every screen passes WCAG 2.2 AA and fits: ${view.name}`, { skip }, async () => {
    const { page, url, errors } = await open(view);
    const faults: string[] = [];
    for (const [name, path] of Object.entries(SCREENS)) {
      await show(page, url + path);
      faults.push(...(await widthFaults(page, name)), ...(await accessFaults(page, name)));
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(errors, []);
  });
}

test('[desk D2] empty and refused screens say what would be here and what to do', { skip }, async () => {
  const empty = await open({ width: 1440, height: 900 }, 'empty');
  await show(empty.page, `${empty.url}/`);
  assert.match(await wordsIn(empty.page.locator('main')), /现在没有等您处理的事项/);
  const refused = await open({ width: 1440, height: 900 }, 'refused');
  await show(refused.page, `${refused.url}/work`);
  assert.match(await wordsIn(refused.page.locator('[role=alert]')), /您当前的岗位无权查看/);
  assert.deepEqual(await accessFaults(refused.page, 'refused'), []);
});

test('[desk D2] without network the page says so, keeps what it shows, and goes on when the network is back', {
  skip,
}, async () => {
  const { page, url, context } = await open({ width: 1440, height: 900 });
  await show(page, `${url}/cases/case-2`);
  await page.getByLabel('覆盖人口').fill('12430');
  await context.setOffline(true);
  await page.getByText('网络断开，已填写的内容保存在本机').waitFor();
  await page
    .getByRole('button', { name: '依据是否充分' })
    .or(page.getByText('充分', { exact: true }))
    .first()
    .click();
  await page.getByLabel('建议开始日期').fill('2026-04-01');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await page.getByText('1 项待上传').first().waitFor();
  await context.setOffline(false);
  await page.getByText('网络断开，已填写的内容保存在本机').waitFor({ state: 'detached' });
  // This server takes no command: the work stays, with the reason, and goes back to its form with what was typed.
  await page.getByText('您当前的岗位无权查看').first().waitFor();
  await page.getByRole('button', { name: '改好再交' }).click();
  assert.equal(await page.getByLabel('覆盖人口').inputValue(), '12430');
});

test('[desk D37] the work list opens without network, says of when it is, and is filtered on the device', {
  skip,
}, async () => {
  const { page, url, context } = await open({ width: 1440, height: 900 });
  await show(page, `${url}/work`);
  const rows = page.locator('tr[data-row]');
  const loaded = await rows.count();
  const wanted = await wordsIn(page.locator('.work-link').first());
  const all = await page.locator('.work-link').allInnerTexts();
  await page.getByRole('link', { name: '工作台' }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await context.setOffline(true);
  await page.getByText('网络断开，已填写的内容保存在本机').waitFor();
  await page.getByRole('link', { name: '待办', exact: true }).click();
  await page.getByRole('heading', { name: '待办' }).waitFor();
  await page.getByLabel('编号、类别或居民姓名').fill(wanted);
  await page.keyboard.press('Enter');
  await page.getByText('保存在本机的内容').waitFor();
  await page.waitForFunction((many) => document.querySelectorAll('tr[data-row]').length < many, loaded);
  assert.deepEqual(
    await page.locator('.work-link').allInnerTexts(),
    all.filter((title) => title.includes(wanted)),
  );
});

test('[desk D2] a session that ends asks to sign in over the page, and what was typed is still there', {
  skip,
}, async () => {
  const { page, url, endSession } = await open({ width: 1440, height: 900 });
  await show(page, `${url}/cases/case-2`);
  await page.getByLabel('覆盖人口').fill('12430');
  endSession();
  await page.getByRole('textbox', { name: '留言' }).fill('还在吗');
  await page.getByRole('button', { name: '发送' }).click();
  const dialog = page.getByRole('dialog', { name: '登录已过期' });
  await dialog.waitFor();
  assert.deepEqual(await accessFaults(page, 'session over'), []);
  await dialog.getByLabel('密码').fill('anything');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('覆盖人口').inputValue(), '12430');
});

test('[desk D3] a draft outlives the page and a row of numbers is pasted into the fields after one another', {
  skip,
}, async () => {
  const { page, url } = await open({ width: 1440, height: 900 });
  await show(page, `${url}/cases/case-2`);
  const population = page.getByLabel('覆盖人口');
  await population.evaluate((field) => {
    const data = new DataTransfer();
    data.setData('text', '12430\t861');
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await page.getByText('草稿自动保存于').waitFor();
  await page.reload();
  await population.waitFor();
  assert.deepEqual(
    [await population.inputValue(), await page.getByLabel('近一年相关病种就诊').inputValue()],
    ['12430', '861'],
  );
});

test('[desk D4] by keyboard alone: sign in, search, move in the list, open a case, fill a form and hear what is missing', {
  skip,
}, async () => {
  const { page, url } = await open({ width: 1440, height: 900 }, 'usual', false);
  await page.goto(url);
  await page.getByLabel('用户名').waitFor();
  await page.getByLabel('用户名').focus();
  await page.keyboard.type('township');
  await page.keyboard.press('Tab');
  await page.keyboard.type('anything');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('wang');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await page.getByRole('heading', { name: '待办' }).waitFor();
  await page.locator('tr.here').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  assert.equal(await page.locator('tr.here').getAttribute('data-row'), '1');
  await page.getByText('已选 1 项').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '下一步' }).waitFor();
  await page.getByLabel('覆盖人口').focus();
  await page.keyboard.type('120');
  await page.keyboard.press('Enter');
  assert.equal(
    await page.evaluate(() => document.activeElement?.closest('[data-item]')?.getAttribute('data-item')),
    'cases',
  );
  await page.keyboard.press('Control+Enter');
  const faults = await wordsIn(page.locator('.note.late'));
  assert.match(faults, /有 3 处需要修改/);
  assert.match(faults, /覆盖人口 · 不能小于 500/);
});

test('[desk D5] the first load stays under 350 KB before the first page', { skip }, async () => {
  const { firstLoadBytes } = await import('./first-load.ts');
  const bytes = firstLoadBytes(dist);
  assert.ok(bytes < 350_000, `${bytes} bytes`);
});
