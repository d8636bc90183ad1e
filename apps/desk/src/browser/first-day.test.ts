// The first day of a house, in a real browser: from a server that nobody can sign in to, to a referral, a screening and an
// expert order that run to their ends on residents who came in with their histories.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chinaDate, fullYears, localDate } from '@yimai/kit';
import { type TestDatabase, testDatabase } from '@yimai/postgres/testing';
import { type Consortium, openConsortium, type RunningServer, startServer } from '@yimai/server';
import type { Download, Page } from 'playwright-core';
import { ensureBuilt } from '../index.ts';
import { openFirstCase, pressAct } from './case-page.ts';
import { accessFaults, pageErrors, widthFaults, wordsIn } from './checks.ts';
import { chromiumPath, openBrowser } from './chromium.ts';
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
import { signInByPassword } from './sign-in.ts';

const skip = chromiumPath() === null ? 'no Chromium on this machine' : false;
const pictures = process.env['YIMAI_PICTURES'];
const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const DATA = process.env['YIMAI_TEST_DATA'] ?? join(REPOSITORY, '../shared/data');
const SYNTHEA = join(DATA, 'synthea/bundles');
const PASSWORD = 'first day of 2026';

let place: TestDatabase;
let house: Consortium;
let server: RunningServer;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let errors: string[];
const passwords = new Map<string, string>();

before(async () => {
  if (skip) return;
  place = await testDatabase();
  const log = () => undefined;
  // As `yimai demo --empty` opens it.
  house = await openConsortium({
    dataDir: join(place.dir, 'data'),
    databaseUrls: { owner: place.ownerUrl, app: place.appUrl },
    schema: place.schema,
    keyFile: join(place.dir, 'keys.json'),
    log,
  });
  server = await startServer(house, {
    port: 0,
    demo: true,
    demoSignIns: [],
    deskFolder: await ensureBuilt(),
    keepsViews: false,
    log,
  });
  browser = await openBrowser({ width: 1440, height: 900 });
  page = await browser.context.newPage();
  errors = pageErrors(page);
  // Long enough for a machine that is busy with other tests: nothing here depends on it.
  page.setDefaultTimeout(60_000);
});

after(async () => {
  await browser?.close();
  await server?.close();
  await house?.close();
  await place?.close();
});

const file = (name: string): string => join(place.dir, name);

async function look(name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

async function saved(press: () => Promise<void>, name: string): Promise<string> {
  const [got] = await Promise.all([page.waitForEvent('download'), press()]);
  await (got as Download).saveAs(file(name));
  return file(name);
}

const as = (login: string) =>
  signInByPassword(page, server.url, login, login === 'administrator' ? PASSWORD : passwords.get(login)!);

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

async function start(name: RegExp): Promise<void> {
  await page.getByRole('button', { name: '发起', exact: true }).click();
  await page.getByRole('link', { name }).first().click();
  await page.getByRole('heading', { name: /^发起：/ }).waitFor();
}

async function choose(resident: string): Promise<void> {
  const answered = page.waitForResponse(
    (answer) => answer.request().postData()?.includes(JSON.stringify(resident)) === true,
  );
  await page.getByLabel('姓名、拼音、首字母或证件号').fill(resident);
  await answered;
  await page.getByText('共 1 项').waitFor();
  await page.locator('main table .link-button').first().click();
}

async function submit(): Promise<void> {
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByRole('heading', { name: '经过' }).waitFor();
}

const openFirst = () => openFirstCase(page);

const act = (name: string, fill?: () => Promise<unknown>) => pressAct(page, name, fill);

/** Chooses in a field that looks things up by name. */
async function pick(label: string, text: string): Promise<void> {
  await page.getByLabel(new RegExp(`^${label}( 必填)?$`)).fill(text);
  await page.locator('.ant-select-item-option').filter({ hasText: text }).first().click();
}

async function answer(label: string, value: '是' | '否'): Promise<void> {
  await page.locator('.field', { hasText: label }).getByText(value, { exact: true }).first().click();
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

test('[desk D32] a referral goes up, is accepted, seen, comes back down and is followed up', {
  skip,
}, async () => {
  await as('doctor');
  await start(/双向转诊/);
  await choose(existsSync(SYNTHEA) ? 'Gulgowski' : '王桂兰');
  await look('07-referral-form');
  await page.getByText('疑难病例').click();
  await page.getByLabel('病情摘要').fill('反复胸闷半月，心电图 ST 段改变');
  await pick('接收医院', '青川县人民医院');
  await answer('患者同意', '是');
  await submit();
  await look('07b-filed');
  await as('referral');
  await look('07c-referral-home');
  await openFirst();
  await act('接收', () => page.getByLabel('床位或号源').fill('心内科 12 床'));
  await act('到诊');
  await as('hospital');
  await openFirst();
  await act('下转', async () => {
    await page.getByLabel('出院小结').fill('不稳定型心绞痛，药物治疗后平稳');
    await page.getByLabel('康复计划').fill('每两周随访，监测血压');
  });
  await as('doctor');
  await openFirst();
  await look('08-referral-back');
  await act('随访', () => page.getByLabel('随访结果').fill('血压 132/80，无不适'));
  await page.getByText('事项已结束').waitFor();
});

test('[desk D32] a screening goes from the list to the expert group, the referral and back to management', {
  skip,
}, async () => {
  await as('health');
  await page.getByRole('link', { name: '台账' }).click();
  for (const [register, fill] of [
    [
      '试点村',
      async () => {
        await page.getByLabel(/^村( 必填)?$/).fill('上坪村');
        await pick('村卫生室', '上坪村卫生室');
      },
    ],
    [
      '筛查病种（四高四癌）',
      async () => {
        await page.getByLabel(/^病种( 必填)?$/).fill('高血压');
        await page.getByText('四高', { exact: true }).click();
      },
    ],
  ] as const) {
    await page.getByRole('link', { name: '台账', exact: true }).click();
    await page.getByRole('link', { name: register }).click();
    await page.getByRole('button', { name: '登记' }).click();
    await fill();
    await page.locator('.form-foot .button.main').click();
    const told = page.locator('.toast', { hasText: '已登记' });
    await told.waitFor();
    // Put away, so that the next entry's word is its own.
    await told.getByRole('button').last().click();
  }
  await look('09-pilot-villages');
  // A resident of the bundles where they are here: with a history of years, and of no house of this county, so that it
  // is the township's doctor who finds the person; public health sees its own area.
  await as('doctor');
  await start(/四高四癌/);
  const [resident, born] = existsSync(SYNTHEA) ? ['Bradtke', '1968-03-06'] : ['王桂兰', '1968-07-02'];
  await choose(resident);
  assert.equal(
    await page.getByLabel('周岁').inputValue(),
    String(fullYears(localDate(born), localDate(day(0)))),
  );
  await page.getByLabel(/^村( 必填)?$/).fill('上坪村');
  await answer('本地参保', '是');
  await page.locator('.field', { hasText: '既往病史' }).getByText('高血压').click();
  await page.locator('.field', { hasText: '家族史' }).getByText('无', { exact: true }).first().click();
  await page.getByLabel('体质指数').fill('27.5');
  await page.getByLabel('收缩压').fill('156');
  await answer('吸烟或长期饮酒', '否');
  await look('10-screening-form');
  await submit();
  await as('village');
  await openFirst();
  await act('动员到位', () => page.getByLabel('动员干部').fill('村支书'));
  await act('筛查为疑似', async () => {
    await answer('疑似', '是');
    await page.getByLabel('病种').fill('高血压');
    await page.getByLabel('筛查所见').fill('三次收缩压 156、158、152');
  });
  await as('hospital');
  await openFirst();
  await act('评估：需转诊', () => page.getByLabel('专家组意见').fill('需查继发原因'));
  await as('health');
  await openFirst();
  await act('转诊', () => answer('上转县级医院', '是'));
  await as('hospital');
  await openFirst();
  await act('接诊并反馈', () => page.getByLabel('诊治结果').fill('原发性高血压 2 级'));
  await as('village');
  await openFirst();
  await act('纳入慢病或肿瘤管理', () => page.getByLabel('管理方案').fill('每月随访一次'));
  await page.getByText('事项已结束').waitFor();
  await look('11-screening-managed');
});

/** The day in China, on which the desk works, whatever the hour is elsewhere. */
const day = (ahead: number): string => chinaDate(new Date(Date.now() + ahead * 86_400_000));

async function date(label: string, value: string): Promise<void> {
  await page.getByLabel(label).fill(value);
  await page.getByLabel(label).press('Enter');
}

test('[desk D32] an expert order is filed, reviewed, matched, worked, rated and closed', {
  skip,
}, async () => {
  await as('hr');
  await page.getByRole('link', { name: '台账' }).click();
  await page.getByRole('link', { name: '人才资源库' }).click();
  await page.getByRole('button', { name: '登记' }).click();
  await pick('人员', '阿卜杜热依木');
  await page.getByLabel('姓名').fill('阿卜杜热依木·买买提');
  await pick('所在医院', '青川县人民医院');
  await page.getByLabel(/^专业( 必填)?$/).fill('超声诊断');
  await page.getByLabel('职称级别').fill('3');
  await look('12-talent-pool');
  await page.locator('.form-foot .button.main').click();
  await page.getByText('已登记').waitFor();
  await as('liuxi');
  await start(/下派订单/);
  await page.getByLabel('技术项目').fill('心脏彩超');
  await page.getByLabel('专家专业').fill('超声诊断');
  await date('帮扶开始', day(3));
  await date('帮扶结束', day(200));
  await page.getByLabel('帮扶目标').fill('独立开展心脏彩超 200 例');
  await submit();
  await as('hr');
  await openFirst();
  await act('审核通过', () => page.getByText('补短板').click());
  await act('列入年度需求清单', () => page.getByLabel('批次').fill('1'));
  await act('派单', () => pick('下派专家', '阿卜杜热依木'));
  await as('expert');
  await openFirst();
  await act('接单');
  await act('到岗');
  await act('记录帮扶工作', async () => {
    await date('日期', day(0));
    await page
      .getByLabel(/诊疗|门诊/)
      .first()
      .fill('36');
    await page.getByLabel(/带教/).first().fill('2');
  });
  await act('帮扶期满');
  await as('liuxi');
  await openFirst();
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
  await look('13-order-closed');
  assert.deepEqual(errors, []);
});
