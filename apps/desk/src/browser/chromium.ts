// A headless Chromium with a throwaway profile for the browser tests; null with the reason when the machine has none.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const PLACES = [
  process.env['YIMAI_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const chromiumPath = (): string | null =>
  PLACES.find((place) => place !== undefined && existsSync(place)) ?? null;

export interface View {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  /** Preferences of the desk to start with. */
  readonly preferences?: Readonly<Record<string, unknown>>;
}

/** A browser with one page's size and tone; `close` also removes its profile. */
export async function openBrowser(
  view: View,
): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('no Chromium on this machine (set YIMAI_CHROMIUM)');
  const profile = mkdtempSync(join(tmpdir(), 'yimai-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: ARGS,
    // Names of downloads keep their characters only where the process has a locale of Unicode.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    viewport: { width: view.width, height: view.height },
    colorScheme: view.dark ? 'dark' : 'light',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  // Long enough for a machine that is busy with other tests: nothing here depends on it.
  context.setDefaultTimeout(90_000);
  const preferences = JSON.stringify(view.preferences ?? {});
  await context.addInitScript((text) => localStorage.setItem('yimai.preferences', text), preferences);
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
