// The inspector's day on a phone of 390 px, on the real server: a reading out of its limit, the visit with photos and no
// network, correction, recheck, grade, and the file that tells all of it; then, in the same house, each mechanism's page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from '@yimai/postgres';
import type { Route } from 'playwright-core';
import { pressAct } from './case-page.ts';
import { wordsIn } from './checks.ts';
import {
  as,
  browser,
  county,
  DESK,
  errors,
  fieldHouse,
  look,
  main,
  PHONE,
  page,
  picture,
  show,
  skip,
} from './field-house.fixture.ts';
import { addMechanisms, commander, POOL } from './inspection.fixture.ts';
import { mechanismTests } from './mechanism-pages.ts';

fieldHouse();

const POOL_NAME = '清江游泳馆1（虚构）';

const act = (name: string, fill?: () => Promise<unknown>) => pressAct(page, name, fill);

async function caseOf(loop: string): Promise<string> {
  const { rows } = await county.consortium.database.run<{ id: string }>(
    sql`select id from loop_case where loop = ${loop} order by opened_at desc limit 1`,
  );
  return rows[0]?.id ?? '';
}

test('[desk D39] a reading out of its limit stands first on the route of the day and is acknowledged on the phone', {
  skip,
}, async () => {
  const inspector = await commander(county.url, 'inspector');
  await inspector('alert.reading', { alert: 'pool-chlorine', object: POOL, values: { chlorine: 0.1 } });
  await as('inspector', '/notices');
  await page.getByRole('row', { name: /危急\s*指标异常/ }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: '外出路线' }).last().click();
  await page.getByRole('heading', { name: '今日路线' }).waitFor();
  const first = page.locator('.stops .stop').first();
  await first.waitFor();
  assert.match(await wordsIn(first), /清江游泳馆1（虚构）[\s\S]*异常指标预警/);
  assert.equal(await page.locator('.stops .stop').count(), 12);
  await look('field-1-route');
  await first.click();
  await page.getByRole('heading', { name: POOL_NAME }).waitFor();
  await look('field-2-object');
  await page
    .getByRole('link', { name: /异常指标预警/ })
    .first()
    .click();
  await act('接收');
  await act('处置', () => page.locator('.form').getByLabel(/^处置/).fill('已到现场核查余氯'));
});

test('[desk D41] the checklist is filled in without network, outlives a reload, and is sent once when the network is back', {
  skip,
}, async () => {
  await show('/field');
  await page.locator('.stops .stop').first().waitFor();
  await page.waitForFunction(
    async () => (await caches.open('yimai-desk-1').then((cache) => cache.keys())).length > 5,
  );
  await show(`/field/supervised-objects/${POOL}`);
  await browser.context.setOffline(true);
  await page.getByRole('button', { name: '开始检查 每周巡查' }).click();
  await page
    .getByRole('group', { name: /发现问题/ })
    .getByText('是', { exact: true })
    .click();
  await page.getByLabel('问题内容').fill('池水余氯低于限值，未公示检测结果');
  const photos = page.getByLabel('拍照或选照片');
  await photos.setInputFiles([picture('池水.png'), picture('公示栏.png')]);
  await page.locator('.photo img').nth(1).waitFor();
  await look('field-3-checklist');
  const pad = page.getByRole('img', { name: /签字处/ });
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + 40, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 160, box.y + 30, { steps: 6 });
  await page.mouse.up();
  await page.getByRole('img', { name: '已签字' }).waitFor();
  await page.getByText('草稿自动保存于').waitFor();
  await page.reload();
  await page.getByText(/没有网络，显示的是/).waitFor();
  await page.getByRole('button', { name: '开始检查 每周巡查' }).click();
  assert.equal(await page.getByLabel('问题内容').inputValue(), '池水余氯低于限值，未公示检测结果');
  await page.locator('.photo img').nth(1).waitFor();
  await page.getByRole('img', { name: '已签字' }).waitFor();
  await page.getByRole('button', { name: '完成检查' }).click();
  await page.getByText('已存在本机，联网后自动上传').waitFor();
  await page.getByText('1 项待上传').first().waitFor();
  await look('field-4-offline');
  await browser.context.setOffline(false);
  await page.getByText('已上传：每周巡查').waitFor();
  await page.getByText('1 项待上传').first().waitFor({ state: 'detached' });
  const done = await county.consortium.database.run<{ plan: string }>(
    sql`select plan from recurring_due where object = ${POOL} and done_at is not null order by plan`,
  );
  assert.deepEqual(
    done.rows.map((row) => row.plan),
    ['monthly-clearing', 'weekly-patrol'],
  );
});

test('[desk D39] what was found goes on: an event with its photos is dispatched, handled, verified and evaluated', {
  skip,
}, async () => {
  await page.getByRole('heading', { name: '接着办' }).waitFor();
  await page.getByRole('button', { name: '监督事件' }).click();
  assert.equal(await page.getByLabel('事件类别').inputValue(), '池水余氯低于限值，未公示检测结果');
  assert.equal(await page.locator('.field-form .photo img').count(), 2);
  await page.locator('.field-form .form-foot .button.main').click();
  await page.getByText('已上传：监督事件').waitFor();
  const event = await caseOf('inspection-event');
  await as('inspector-2', `/cases/${event}`);
  await act('分拨', async () => {
    await page.getByLabel('处置人').fill('赵岚');
    await page.locator('.ant-select-item-option', { hasText: '赵岚' }).first().click();
  });
  await as('inspector', `/cases/${event}`);
  await act('处置', async () => {
    await page.getByLabel('处置结果').fill('当场责令改正，已加药并公示');
  });
  await as('inspector-2', `/cases/${event}`);
  await act('核实通过');
  await as('bureau', `/cases/${event}`);
  await page.locator('.case-files a, .case-files img').first().waitFor();
  await act('监督评价', () => page.locator('.form').getByLabel(/^评价/).fill('5'));
  await look('field-5-event-closed');
});

test('[desk D37] a case that waits opens without network, is handled there with its photo, and is sent once', {
  skip,
}, async () => {
  const other = await commander(county.url, 'inspector-2');
  const { case: id } = await other('loop.open', {
    loop: 'inspection-event',
    answers: { object: 'HS990004', kind: '毛巾未一客一换', 'found-by': 'patrol' },
  });
  await other('loop.act', {
    case: id,
    event: 'dispatch',
    answers: { handler: 'Practitioner/staff-inspector' },
  });
  const ahead = page.waitForResponse((answer) => answer.url().endsWith(`/desk/cases/${id}`));
  await as('inspector');
  await ahead;
  await page.waitForFunction(
    async () =>
      (await caches.open('yimai-desk-1').then((cache) => cache.keys())).filter(({ url }) =>
        /\/case-/.test(url),
      ).length > 0,
  );
  await browser.context.setOffline(true);
  await page.reload();
  await page.getByText(/没有网络，显示的是/).waitFor();
  await page.getByRole('link', { name: /清江小学4（虚构），毛巾未一客一换/ }).click();
  await page.getByLabel('处置结果').fill('责令当场更换');
  await page.getByText(/没有网络，显示的是/).waitFor();
  await page.getByLabel('拍照或选照片').setInputFiles([picture('毛巾.png')]);
  await page.locator('.photo img').first().waitFor();
  await page.locator('.form-foot .button.main').click();
  await page.getByText('1 项待上传').first().waitFor();
  await look('field-8-case-offline');
  await browser.context.setOffline(false);
  await page.locator('.case-files a, .case-files img').first().waitFor();
  assert.equal(await page.getByText('1 项待上传').count(), 0);
  const { rows } = await county.consortium.database.run<{ state: string }>(
    sql`select state from loop_stay where case_id = ${String(id)} and until_at is null`,
  );
  assert.deepEqual(rows, [{ state: 'handled' }]);
});

test('[desk D39] correction is ordered and rechecked, the place graded, and its file tells the whole story', {
  skip,
}, async () => {
  await as('inspector', `/field/supervised-objects/${POOL}`);
  await page.getByRole('button', { name: '线上督促改正' }).click();
  await page.getByLabel('违法行为').fill('未公示余氯检测结果');
  await page.locator('.field-form .form-foot .button.main').click();
  await page.getByText('已上传：线上督促改正').waitFor();
  await show(`/cases/${await caseOf('online-correction')}`);
  await act('提交证明', () => page.getByLabel('改正证明').fill('公示栏照片已核对'));
  await act('核对通过');
  await show(`/field/supervised-objects/${POOL}`);
  await page.getByRole('button', { name: '量化评级' }).click();
  await page.locator('.field-form .form-foot .button.main').click();
  await page.getByText('已上传：量化评级').waitFor();
  await show(`/cases/${await caseOf('grading')}`);
  await act('评分', async () => {
    await page
      .getByRole('group', { name: /卫生许可证/ })
      .getByText('符合', { exact: true })
      .click();
    await page.getByLabel('水质与循环净化').fill('30');
    await page.getByLabel('从业人员健康管理').fill('18');
    await page.getByLabel('清洗消毒').fill('16');
    await page.getByRole('group', { name: /通风/ }).getByText('不适用').click();
  });
  await as('inspector-2', `/cases/${await caseOf('grading')}`);
  await act('第二监督员签字并公示');
  await show(`/field/supervised-objects/${POOL}`);
  const words = await wordsIn(main());
  assert.match(words, /量化等级[\s\S]*B级/);
  assert.match(words, /每周巡查[\s\S]*池水余氯低于限值/);
  for (const name of ['监督事件', '线上督促改正', '量化评级', '异常指标预警'])
    assert.match(words, new RegExp(name));
  const photo = page.locator('.story-photo img').first();
  await photo.waitFor();
  await page.waitForFunction(
    () => (document.querySelector('.story-photo img') as HTMLImageElement).naturalWidth > 0,
  );
  await look('field-6-story');
  await page.setViewportSize(DESK);
  await show(`/registers/supervised-objects/objects/${POOL}`);
  assert.match(await wordsIn(main()), /B级[\s\S]*全部经过/);
  await look('field-7-object-file', false);
  await page.setViewportSize(PHONE);
});

test('[desk D41] a photo of 40 MB is made smaller or named with its size, and the form keeps everything', {
  skip,
}, async () => {
  await show('/field/supervised-objects/HS990007');
  await page.getByRole('button', { name: '开始检查 每周巡查' }).click();
  const photos = page.getByLabel('拍照或选照片');
  // 41 MB that no browser reads as a picture.
  await photos.evaluate((input: HTMLInputElement) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(41_000_000)], '大照片.heic', { type: 'image/heic' }));
    input.files = data.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await page.getByText(/照片 41\.0 MB，本机读不出这种格式/).waitFor();
  // A readable picture of 5,000 x 3,000 px goes as JPEG of at most 2,000 px.
  await photos.evaluate(async (input: HTMLInputElement) => {
    const canvas = new OffscreenCanvas(5000, 3000);
    const pen = canvas.getContext('2d')!;
    for (let at = 0; at < 400; at += 1) {
      pen.fillStyle = `hsl(${at * 7} 80% 50%)`;
      pen.fillRect((at * 131) % 5000, (at * 71) % 3000, 300, 200);
    }
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    const data = new DataTransfer();
    data.items.add(new File([blob], '大图.png', { type: 'image/png' }));
    input.files = data.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  const image = page.locator('.photo img').first();
  await image.waitFor();
  await page.waitForFunction(
    () => (document.querySelector('.photo img') as HTMLImageElement).naturalWidth > 0,
  );
  assert.equal(await image.evaluate((each: HTMLImageElement) => each.naturalWidth), 2000);
  await page.getByRole('button', { name: '取消' }).click();
});

test('[desk D43] a check given on an old version of its form stands first as refused, goes back into the form and is sent again', {
  skip,
}, async () => {
  await show('/field/supervised-objects/HS990013');
  // What a device sends that was without network while the form got its new version.
  const old = async (route: Route) => {
    const envelopes = (route.request().postDataJSON() as { payload: object }[]).map((one) => ({
      ...one,
      payload: { ...one.payload, formVersion: '2019' },
    }));
    await route.continue({ postData: JSON.stringify(envelopes) });
  };
  await page.route('**/commands', old);
  await page.getByRole('button', { name: '开始检查 每周巡查' }).click();
  await page.getByRole('radio', { name: '否' }).check();
  await page.getByLabel('被检查单位签字').fill('张三');
  await page.getByRole('button', { name: '以此署名' }).click();
  await page.getByRole('button', { name: '完成检查' }).click();
  await page.getByText(/表单已更新为 .* 版/).waitFor();
  assert.equal(await page.getByText('已上传。').count(), 0);
  await show('/field');
  const first = page.locator('main section.panel').first();
  assert.match(await wordsIn(first), /没有被接受[\s\S]*表单已更新/);
  await look('field-9-refused', false);
  await page.unroute('**/commands', old);
  await first.getByRole('button', { name: '改好再交' }).click();
  await page.getByRole('button', { name: '开始检查 每周巡查' }).click();
  assert.equal(await page.getByRole('radio', { name: '否' }).isChecked(), true);
  await page.getByRole('button', { name: '完成检查' }).click();
  await page.getByText('已上传。').waitFor();
});

test('[desk D39] the officer sees the grids by township, opens one, and the table says the same', {
  skip,
}, async () => {
  await page.setViewportSize(DESK);
  await addMechanisms(county.url);
  await show('/field/map');
  await page.getByRole('link', { name: /双河乡\s*第3网格/ }).waitFor();
  await look('map-1-wide', false);
  await page.getByRole('link', { name: /双河乡\s*第3网格/ }).click();
  await page.getByRole('heading', { name: /双河乡第3网格 的对象/ }).waitFor();
  await page.locator('.map-list a').first().waitFor();
  await look('map-2-grid', false);
  await page.getByRole('button', { name: '列表' }).click();
  await page.getByRole('table', { name: '监管网格图' }).waitFor();
  await look('map-3-table', false);
});

test('[desk D4] by keyboard alone: from the route to an object, a check begun, signed by a typed name, and finished', {
  skip,
}, async () => {
  await page.setViewportSize(PHONE);
  await as('inspector', '/field/supervised-objects/HS990010');
  const press = async (key: string, times = 1) => {
    for (let n = 0; n < times; n += 1) await page.keyboard.press(key);
  };
  await page.getByRole('button', { name: '开始检查 每周巡查' }).focus();
  await press('Enter');
  await page.getByRole('radio', { name: '否' }).focus();
  await press('Space');
  await page.getByLabel('被检查单位签字').focus();
  await page.keyboard.type('张三');
  await press('Tab');
  await press('Enter');
  await page.getByRole('img', { name: '已签字' }).waitFor();
  await page.getByRole('button', { name: '重新签字' }).focus();
  await press('Control+Enter');
  await page.getByText('已上传：每周巡查').waitFor();
  assert.deepEqual(errors, []);
});

mechanismTests();
