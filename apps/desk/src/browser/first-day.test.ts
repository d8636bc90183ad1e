// The first day of a house, in a real browser: from a server that nobody can sign in to, to organisations, staff and residents
// who came in with their histories; then a referral, a screening and an expert order that run to their ends on them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Download } from 'playwright-core';
import { accessFaults, widthFaults, wordsIn } from './checks.ts';
import {
  type Cells,
  fillTemplate,
  HOUSES,
  manyStaff,
  mergedSheet,
  STAFF,
  WRONG_HOUSES,
  writeOwnResidents,
} from './first-day.fixture.ts';
import { firstCases } from './first-day-cases.ts';
import {
  emptyHouse,
  file,
  look,
  PASSWORD,
  page,
  passwords,
  place,
  REPOSITORY,
  SYNTHEA,
  server,
  skip,
} from './first-day-house.fixture.ts';

emptyHouse();

async function saved(press: () => Promise<void>, name: string): Promise<string> {
  const [got] = await Promise.all([page.waitForEvent('download'), press()]);
  await (got as Download).saveAs(file(name));
  return file(name);
}

/** Gives a file to the open import page and waits for what it says. */
async function check(path: string): Promise<string> {
  await page.locator('input[type=file]').setInputFiles(path);
  const counts = page.locator('.import-counts');
  const refused = page.locator('.note.late');
  await counts.or(refused).first().waitFor({ timeout: 240_000 });
  return wordsIn(counts.or(refused).first());
}

async function store(): Promise<string> {
  await page.getByRole('button', { name: /存入无误的/ }).click();
  const done = page.getByText(/已存入 \d+ 行/);
  await done.waitFor({ timeout: 360_000 });
  return wordsIn(done);
}

test('[desk D28] whoever started the server sets the first password with its code, and no one after', {
  skip,
}, async () => {
  await page.goto(server.url);
  await page.getByRole('heading', { name: '首次启动' }).waitFor();
  await look('01-first-start');
  assert.deepEqual(await accessFaults(page, 'first start'), []);
  await page.getByLabel('首次启动码').fill('0000-0000');
  await page.getByLabel('新口令').fill(PASSWORD);
  await page.getByLabel('再输一遍').fill(PASSWORD);
  await page.getByRole('button', { name: '设置口令并登录' }).click();
  await page.getByText('首次启动码不对').waitFor();
  await page.getByLabel('首次启动码').fill(server.firstStart!.code);
  await page.getByRole('button', { name: '设置口令并登录' }).click();
  await page.getByRole('heading', { name: '第一天：把这个医共体建起来' }).waitFor();
  await look('02-first-day');
  const again = await fetch(`${server.url}/auth/first-password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: server.firstStart!.code, password: 'another one 2026' }),
  });
  assert.equal(((await again.json()) as { code: string }).code, 'first-start-over');
});

test('[desk D19] organisations come in from the template: merged cells and wrong rows are told, nothing comes twice', {
  skip,
}, async () => {
  await page.getByRole('link', { name: '导入机构' }).click();
  await page.getByRole('heading', { name: '导入“机构”' }).waitFor();
  await mergedSheet(file('merged.xlsx'));
  assert.match(await check(file('merged.xlsx')), /合并单元格（A1:F1）/);
  const template = await saved(() => page.getByRole('button', { name: '模板' }).click(), 'template.xlsx');
  const heads = await fillTemplate(template, [...HOUSES, ...WRONG_HOUSES], file('houses.xlsx'));
  assert.deepEqual(heads, ['编号 *', '名称 *', '级别 *', '上级机构', '类别', '承担职能']);
  assert.match(await check(file('houses.xlsx')), /共 10 行：可存入 7，与现有相同 0，有误 3/);
  const wrong = await wordsIn(page.getByRole('table', { name: /有误的行/ }));
  assert.match(wrong, /9级别片区应为市、县、乡镇、村、科室之一/);
  assert.match(wrong, /10上级机构没有的卫生院没有这个编号或名称的机构/);
  assert.match(wrong, /11编号qc-liuxi与第 7 行重复/);
  await look('03-organisations-preview');
  assert.deepEqual(await accessFaults(page, 'import'), []);
  assert.match(await store(), /已存入 7 行，相同 0 行/);
  await page.getByRole('button', { name: '再导入一个文件' }).click();
  assert.match(await check(file('houses.xlsx')), /可存入 0，与现有相同 7，有误 3/);
});

test('[desk D29] a duty without a holder is given to an organisation, and an organisation is added and amended', {
  skip,
}, async () => {
  await page.getByRole('link', { name: '机构', exact: true }).click();
  await page.getByRole('heading', { name: '职能分工' }).waitFor();
  await page.getByLabel('选择机构 筛查专家组').selectOption('qc-hospital');
  await page.getByText('已保存“青川县人民医院（虚构）”').waitFor();
  await page.getByRole('button', { name: '新增机构' }).click();
  await page.getByLabel('编号').fill('qc-ward');
  await page.getByLabel('名称', { exact: true }).fill('超声医学科');
  await page.getByLabel('级别').selectOption('department');
  await page.getByLabel('上级机构').selectOption('qc-hospital');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('heading', { name: '超声医学科' }).waitFor();
  await page.getByRole('button', { name: '修改' }).click();
  await page.getByLabel('名称', { exact: true }).fill('超声诊断科');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('heading', { name: '超声诊断科' }).waitFor();
  await look('04-organisations');
  assert.deepEqual(
    [...(await accessFaults(page, 'organisations')), ...(await widthFaults(page, 'organisations'))],
    [],
  );
});

test('[desk D19] staff come in with their sign-ins; of 5,000 rows the 37 wrong ones are told and the good ones stored once', {
  skip,
}, async () => {
  await page.getByRole('link', { name: '用户与角色' }).click();
  await page.getByRole('link', { name: '导入人员' }).click();
  const template = await saved(
    () => page.getByRole('button', { name: '模板' }).click(),
    'staff-template.xlsx',
  );
  await fillTemplate(template, STAFF, file('staff.xlsx'));
  assert.match(await check(file('staff.xlsx')), /共 9 行：可存入 9，与现有相同 0，有误 0/);
  await store();
  await page.getByText('新开账号 9 个').waitFor();
  const many: readonly Cells[] = manyStaff();
  await page.getByRole('button', { name: '再导入一个文件' }).click();
  await fillTemplate(template, many, file('many.xlsx'));
  assert.match(await check(file('many.xlsx')), /共 5000 行：可存入 4963，与现有相同 0，有误 37/);
  await look('05-many-wrong');
  assert.match(await store(), /已存入 4963 行，相同 0 行/);
  await page.getByRole('button', { name: '再导入一个文件' }).click();
  assert.match(await check(file('many.xlsx')), /可存入 0，与现有相同 4963，有误 37/);
});

test('[desk D30] passwords are handed out on one list, once', { skip }, async () => {
  await page.getByRole('link', { name: '用户与角色' }).click();
  await page.getByText('9 人还没有口令').waitFor();
  const list = await saved(
    () => page.getByRole('button', { name: '发放口令并下载口令单' }).click(),
    'passwords.csv',
  );
  for (const line of readFileSync(list, 'utf8').trim().split('\r\n').slice(1)) {
    const [, login, password] = line.slice(1, -1).split('","');
    passwords.set(login!, password!);
  }
  assert.equal(passwords.size, 9);
  await page.getByText(/还没有口令/).waitFor({ state: 'detached' });
  await page.getByLabel('姓名、拼音或用户名').fill('lxl');
  await page.getByRole('row', { name: /李秀兰/ }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await look('06-users');
  assert.deepEqual(await accessFaults(page, 'users'), []);
});

test('[desk D31] residents come in with their histories by the importer, and a second time change nothing', {
  skip,
}, async (t) => {
  writeOwnResidents(file('residents.ndjson'));
  const own = await bringIn(file('residents.ndjson'));
  assert.match(own, /created 6, updated 0, unchanged 0, refused 0/);
  if (!existsSync(SYNTHEA)) return t.diagnostic('no Synthea bundles here: only our own residents came in');
  const first = await bringIn(SYNTHEA);
  assert.match(first, /created 6\d{3}, updated \d+, unchanged \d+, refused 0/);
  assert.match(await bringIn(SYNTHEA), /created 0, updated 0, unchanged 6\d{3}, refused 0/);
});

function bringIn(path: string): Promise<string> {
  const main = join(REPOSITORY, 'apps/cli/src/main.ts');
  const env = {
    ...process.env,
    DATABASE_URL: place.appUrl,
    DATABASE_OWNER_URL: place.ownerUrl,
    YIMAI_KEY_FILE: file('keys.json'),
    YIMAI_LANG: 'en',
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, 'import', path, '--data', file('data')], {
      env,
      cwd: place.dir,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    child.on('error', reject);
    child.on('close', () => resolve(said));
  });
}

firstCases();
