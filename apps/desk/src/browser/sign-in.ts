// How the walks change who sits at the desk: out by the account menu, in by the list of a demo or by name and password.
import type { Page } from 'playwright-core';

/** Opens the desk and ends the session that stands there; the page to sign in is left. */
async function leave(page: Page, url: string): Promise<void> {
  await page.goto(url);
  const account = page.getByRole('button', { name: '账户与设置' });
  const form = page.getByRole('heading', { name: '登录', exact: true });
  await account.or(form).first().waitFor();
  if (!(await account.isVisible())) return;
  await account.click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await form.waitFor();
}

export async function signInFromList(page: Page, url: string, name: string): Promise<void> {
  await leave(page, url);
  await page.getByRole('button', { name: new RegExp(name) }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
}

export async function signInByPassword(
  page: Page,
  url: string,
  login: string,
  password: string,
): Promise<void> {
  await leave(page, url);
  await page.getByLabel('用户名').fill(login);
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '工作台' }).waitFor();
}
