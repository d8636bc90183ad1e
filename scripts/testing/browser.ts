// Finds a Chromium for the browser tests, or installs Debian's where that is allowed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export type Browser = { readonly path: string } | { readonly path?: never; readonly reason: string };

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const INSTALL_LIMIT_MS = 6 * 60_000;

export async function ensureBrowser(say: (line: string) => void): Promise<Browser> {
  const asked = process.env['YIMAI_CHROMIUM'];
  if (asked)
    return existsSync(asked) ? { path: asked } : { reason: `YIMAI_CHROMIUM=${asked} does not exist` };
  const found = KNOWN.find((path) => existsSync(path));
  if (found) return { path: found };
  if (process.getuid?.() !== 0) return { reason: 'no Chromium found; only root may install one (apt-get)' };
  if (!existsSync('/usr/bin/apt-get')) return { reason: 'no Chromium found, and this system has no apt-get' };
  say('Installing Chromium for the browser tests (安装浏览器) ...');
  const failure = aptGet(['update', '-q']) ?? aptGet(INSTALL);
  if (failure !== undefined) return { reason: `apt-get could not install Chromium: ${failure}` };
  const installed = KNOWN.find((path) => existsSync(path));
  return installed ? { path: installed } : { reason: 'apt-get installed no Chromium under a known name' };
}

const INSTALL = ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'];

function aptGet(words: readonly string[]): string | undefined {
  const done = spawnSync('apt-get', words, {
    encoding: 'utf8',
    timeout: INSTALL_LIMIT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (done.status === 0) return undefined;
  return (done.error?.message ?? done.stderr.trim().split('\n').at(-1)) || `exit ${done.status}`;
}
