// The pages of the smaller mechanisms and the tree of tasks, walked in the house that the inspector's day has filled.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessFaults, widthFaults, wordsIn } from './checks.ts';
import {
  as,
  browser,
  county,
  DESK,
  errors,
  look,
  PHONE,
  page,
  picture,
  show,
  skip,
} from './field-house.fixture.ts';
import { addTree, POOL } from './inspection.fixture.ts';

const MECHANISMS = [
  '/mechanisms',
  '/mechanisms/recurring/weekly-patrol',
  '/mechanisms/agreements/operating-agreement',
  '/mechanisms/stocks/emergency-reserve',
  '/mechanisms/alerts/pool-chlorine',
  '/mechanisms/draws/special-action-draw',
  '/mechanisms/lists/registration-fee',
  '/mechanisms/surveys/community-satisfaction',
  '/mechanisms/pools/expert-postings',
  '/mechanisms/reports/check-totals',
  '/mechanisms/reports/contradicted-self-checks',
  '/mechanisms/libraries/practice-library',
  '/programmes/insp/four-checks',
];

/** Registers the tests in the run that has the house open: another house and browser would cost more than they tell. */
export function mechanismTests(): void {
  test('[desk D1] every page of the phone and of the mechanisms passes the accessibility rules and fits, wide and narrow', {
    skip,
  }, async () => {
    const faults: string[] = [];
    const paths = ['/field', '/field/map', `/field/supervised-objects/${POOL}`, '/', ...MECHANISMS];
    for (const [size, login] of [
      [DESK, 'inspector'],
      [PHONE, 'office'],
    ] as const) {
      await page.setViewportSize(size);
      await as(login);
      for (const path of paths) {
        if (login === 'office' && path.startsWith('/field')) continue;
        await show(path);
        faults.push(...(await accessFaults(page, path)), ...(await widthFaults(page, path)));
        await look(`page-${login}-${size.width}${path.replaceAll('/', '-')}`);
      }
    }
    await as('inspector');
    for (const path of ['/field', '/field/map', `/field/supervised-objects/${POOL}`]) {
      await show(path);
      faults.push(...(await accessFaults(page, path)), ...(await widthFaults(page, path)));
    }
    assert.deepEqual(faults, []);
  });

  test('[desk D40] an agreement is signed, stock goes out first-expiring first, a draw repeats, a practice is taken over', {
    skip,
  }, async () => {
    await page.setViewportSize(DESK);
    await as('office', '/mechanisms/agreements/operating-agreement');
    await page.getByRole('link', { name: /托管运营协议/ }).click();
    await page.getByRole('button', { name: '代表本单位签署' }).click();
    await page.locator('.form-foot .button.main').click();
    await page.getByRole('button', { name: '确认' }).click();
    await page.getByText('已办理：代表本单位签署').waitFor();
    await page
      .getByText(/1 \/ 2 方|已签署/)
      .first()
      .waitFor();
    await look('mechanism-agreement', false);
    await show('/mechanisms/stocks/emergency-reserve');
    await page.getByRole('button', { name: '出库' }).click();
    await page.getByRole('group', { name: '物资' }).getByText('医用防护口罩').click();
    await page.getByLabel('数量').fill('700');
    await page.locator('.form-foot .button.main').click();
    await page.getByText('已办理：出库').waitFor();
    const masks = page.getByRole('table', { name: '医用防护口罩' });
    await masks.getByText('800').waitFor();
    assert.doesNotMatch(await wordsIn(masks), /M-2601/);
    await show('/mechanisms/libraries/practice-library');
    await page.getByText('村级卫生室“哨点”报告制').waitFor();
    await page.getByRole('button', { name: '采纳推广案例' }).click();
    await page.getByLabel('落实情况').fill('本院已布置');
    await page.locator('.form-foot .button.main').click();
    await page.getByText('1 家采纳').waitFor();
    await as('inspector', '/mechanisms/draws/special-action-draw');
    await page.getByRole('button', { name: '复算核对' }).first().click();
    await page.getByText('复算一致').waitFor();
    await look('mechanism-draw', false);
  });

  test('[desk D26] a tree of 41 tasks names its late branches; a task is reported with its evidence and closed', {
    skip,
  }, async () => {
    await page.setViewportSize(DESK);
    await addTree(county.url);
    await as('office', '/trees/pharma-tasks');
    await page.getByText('4 项已逾期').waitFor();
    assert.equal(await page.locator('.panel:has(.state.late)').count(), 4);
    await page.getByLabel('只看逾期').check();
    const late = page.locator('.tree-task', { hasText: '重点任务 1（虚构）' });
    assert.match(await wordsIn(late), /50%/);
    await look('tree-late', false);
    await late.getByRole('button', { name: '报送进度' }).click();
    await late.getByRole('textbox', { name: /^进度/ }).fill('100');
    await late.locator('input[type=file]').setInputFiles([picture('佐证.png')]);
    await late.getByText('已附').waitFor();
    await late.locator('.form-foot .button.main').click();
    await page.getByText('已办理：报送进度').waitFor();
    await late.getByRole('link', { name: /佐证 1/ }).waitFor();
    await late.getByRole('button', { name: '销号' }).click();
    await late.locator('.form-foot .button.main').click();
    await page.getByRole('button', { name: '确认' }).click();
    await page.getByText('已办理：销号').waitFor();
    assert.deepEqual(await accessFaults(page, 'tree'), []);
  });

  test('[desk D1] the same pages in English and dark, with large type on the phone', { skip }, async () => {
    await as('inspector');
    await browser.context.addInitScript(() =>
      localStorage.setItem('yimai.preferences', JSON.stringify({ language: 'en', type: 'large' })),
    );
    await page.emulateMedia({ colorScheme: 'dark' });
    const faults: string[] = [];
    for (const path of ['/field', `/field/supervised-objects/${POOL}`, '/field/map', ...MECHANISMS]) {
      await show(path);
      faults.push(...(await accessFaults(page, path)), ...(await widthFaults(page, path)));
      await look(`english-dark${path.replaceAll('/', '-')}`);
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(errors, []);
  });
}
