// What every screen must pass: the accessibility rules of WCAG 2.2 AA, nothing wider than the screen, no error in the page.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** What breaks the rules on this screen, in words; empty when nothing does. */
export async function accessFaults(page: Page, screen: string): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = (await page.evaluate(
    `axe.run(document, {runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations']}).then((found) => found.violations)`,
  )) as Violation[];
  return violations.map((one) => {
    const places = one.nodes
      .slice(0, 3)
      .map((node) => `${node.target.join(' ')} — ${node.failureSummary ?? ''}`);
    return `${screen}: ${one.id}: ${one.help} ${places.join(' | ')}`;
  });
}

/** Says by how much the screen is wider than its window. */
export async function widthFaults(page: Page, screen: string): Promise<string[]> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return over > 0 ? [`${screen} is ${over} px wider than the screen`] : [];
}

/** Errors of the page's own scripts gather here; a refused request is no such error. */
export function pageErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`${error.message}\n${error.stack ?? ''}`));
  return errors;
}

export const wordsIn = async (place: Locator): Promise<string> => (await place.textContent()) ?? '';
