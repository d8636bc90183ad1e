// The desk under its targets: first load, time until it answers, requests of a case page, pages of long lists.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConsortium, type RunningServer, startServer } from '@yimai/server';
import { fillCounty, PASSWORD } from './browser/bench-county.ts';
import { chromiumPath, openBrowser } from './browser/chromium.ts';
import { firstLoadBytes } from './browser/first-load.ts';
import { ensureBuilt } from './index.ts';

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: string;
}

const ROWS = Number(process.env['YIMAI_BENCH_DESK_ROWS'] ?? 100_000);
const PAGES = 60;
const PAGE_TARGET = 'p95 < 100 ms';

export async function benchDesk(): Promise<Figure[]> {
  // Directly below the temporary folder: the database's own user must be able to reach it.
  const dir = join(tmpdir(), `yimai-bench-desk-${process.pid}`);
  const log = () => undefined;
  const dist = await ensureBuilt();
  const house = await openConsortium({ dataDir: join(dir, 'data'), keyFile: join(dir, 'keys.json'), log });
  const server = await startServer(house, {
    port: 0,
    deskFolder: dist,
    keepsViews: false,
    firesDue: false,
    log,
  });
  try {
    const begin = performance.now();
    await fillCounty(house, ROWS);
    process.stderr.write(`filled in ${Math.round((performance.now() - begin) / 1000)} s\n`);
    return [
      { name: 'first load', value: firstLoadBytes(dist) / 1024, unit: 'KB gzip', target: '< 350 KB' },
      ...(await lists(server)),
      ...(chromiumPath() === null ? [] : await inBrowser(server)),
    ];
  } finally {
    await server.close();
    await house.close();
    rmSync(dir, { recursive: true, force: true });
    rmSync(`${dir}/data.key`, { force: true });
  }
}

/** Pages one after the other by their cursors, as a person scrolls. */
async function lists(server: RunningServer): Promise<Figure[]> {
  const figures: Figure[] = [];
  const rows = `${ROWS.toLocaleString('en')} rows`;
  for (const [name, login, path, body] of [
    ['work list', 'bench-hr', '/desk/work', { tab: 'mine', count: 50 }],
    ['work list by number', 'bench-hr', '/desk/work', { tab: 'mine', sort: 'number', count: 50 }],
    ['work list, what I wait for', 'bench-town', '/desk/work', { tab: 'waiting-for', count: 50 }],
    ['register', 'bench-hr', '/desk/registers/talent-pool', { count: 100 }],
    ['residents', 'bench-doctor', '/desk/residents', { text: '', count: 50 }],
    ['residents by name', 'bench-doctor', '/desk/residents', { text: '王', count: 50 }],
    ['residents by initials', 'bench-doctor', '/desk/residents', { text: 'wj', count: 50 }],
  ] as const) {
    const token = await signIn(server, login);
    const times: number[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < PAGES; page += 1) {
      const at = performance.now();
      const answer = (await post(server, token, path, { ...body, ...(cursor ? { cursor } : {}) })) as {
        next: string | null;
        items: unknown[];
      };
      times.push(performance.now() - at);
      if (answer.items.length === 0) throw new Error(`fault: an empty page of ${name}`);
      cursor = answer.next;
    }
    figures.push({
      name: `${name}, ${rows}: p95 of a page`,
      value: quantile(times),
      unit: 'ms',
      target: PAGE_TARGET,
    });
  }
  const token = await signIn(server, 'bench-hr');
  const home: number[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const at = performance.now();
    await fetch(`${server.url}/desk/home`, { headers: { authorization: `Bearer ${token}` } }).then((each) =>
      each.text(),
    );
    home.push(performance.now() - at);
  }
  figures.push({
    name: `home of an office with ${rows}: p95`,
    value: quantile(home),
    unit: 'ms',
    target: '< 500 ms',
  });
  return figures;
}

const quantile = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!;

async function signIn(server: RunningServer, login: string): Promise<string> {
  const answer = (await post(server, '', '/auth/sign-in', { login, password: PASSWORD })) as {
    token: string;
  };
  return answer.token;
}

async function post(server: RunningServer, token: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`fault: ${path} ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** From the address to a list that can be used, and what a case page asks for. */
async function inBrowser(server: RunningServer): Promise<Figure[]> {
  const browser = await openBrowser({ width: 1440, height: 900 });
  try {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.getByLabel('用户名').fill('bench-hr');
    await page.getByLabel('密码').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.home-mine .work-link').first().waitFor();
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const at = performance.now();
      await page.goto(server.url);
      await page.locator('.home-mine .work-link').first().waitFor();
      times.push(performance.now() - at);
    }
    const asked: string[] = [];
    page.on('request', (request) => {
      if (/\/(desk|auth|fhir|commands)\b/.test(new URL(request.url()).pathname)) asked.push(request.url());
    });
    await page.locator('.home-mine .work-link').first().click();
    await page.getByRole('heading', { name: '经过' }).waitFor();
    await page.waitForTimeout(300);
    return [
      { name: 'interactive on loopback', value: quantile(times), unit: 'ms', target: '< 1500 ms' },
      { name: 'requests of a case page', value: asked.length, unit: '', target: '<= 2' },
    ];
  } finally {
    await browser.close();
  }
}
