// What the walks do on a case page: open the first case that waits, press an act and answer what it asks.
import type { Page } from 'playwright-core';

export async function openFirstCase(page: Page): Promise<void> {
  await page.locator('main .home-mine .work-link').first().click();
  await page.getByRole('heading', { name: '经过' }).waitFor();
}

/** Presses an act of the case page; one that asks something is answered by `fill` and sent. */
export async function pressAct(page: Page, name: string, fill?: () => Promise<unknown>): Promise<void> {
  const chosen = page.locator('.acts').getByRole('button', { name, exact: true });
  await chosen.waitFor();
  if ((await chosen.getAttribute('aria-expanded')) !== 'true') await chosen.click();
  if (fill) {
    await fill();
    await page.locator('.form-foot .button.main').click();
  }
  await page.getByText(`已办理：${name}`).waitFor();
}
