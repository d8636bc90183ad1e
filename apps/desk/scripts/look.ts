// Takes pictures of the desk's screens with the answers of the stories, for people who look at them.
// Usage: look.ts FOLDER [width] [zh|en] [light|dark] [page ...]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from '../src/browser/chromium.ts';
import { SCREENS } from '../src/browser/screens.ts';
import { ensureBuilt } from '../src/index.ts';
import { startStories } from '../src/stories/story-server.ts';

const [folder = 'pictures', width = '1440', language = 'zh', tone = 'light', ...chosen] =
  process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const stories = await startStories(await ensureBuilt());
const open = await startStories(await ensureBuilt(), { signedIn: false });
const size = { width: Number(width), height: Number(width) < 768 ? 844 : 900 };
const browser = await openBrowser({ ...size, dark: tone === 'dark', preferences: { language } });
const page = await browser.context.newPage();
page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
page.on('console', (message) => message.type() === 'error' && process.stderr.write(`${message.text()}\n`));
for (const name of chosen.length > 0 ? chosen : ['sign-in', ...Object.keys(SCREENS)]) {
  await page.goto(name === 'sign-in' ? open.url : stories.url + (SCREENS[name] ?? name));
  await page.waitForTimeout(700);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) process.stderr.write(`${name}: ${wide} px too wide\n`);
  await page.screenshot({
    path: join(folder, `${name}-${width}-${language}-${tone}.png`),
    fullPage: size.width < 768,
  });
}
await browser.close();
for (const each of [stories, open]) {
  each.server.closeAllConnections();
  each.server.close();
}
