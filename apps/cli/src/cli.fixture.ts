// For the tests of the command line: runs `yimai` as a real process on a throwaway data folder, and ends what it started.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runningServer } from './processes.fixture.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON lines of stdout. */
  readonly results: { readonly [key: string]: unknown }[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly fhir: string;
  stderr(): string;
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

export interface Place {
  readonly top: string;
  readonly data: string;
  /** `yimai('token')` with `--data` added; `in` is written to its standard input. */
  yimai(args: readonly string[], more?: { in?: string; data?: string }): Promise<Ended>;
  serve(command?: 'serve' | 'demo', args?: readonly string[]): Promise<Running>;
  token(): Promise<string>;
}

export function testPlace(t: { after(fn: () => Promise<void>): void }): Place {
  const top = mkdtempSync(join(tmpdir(), 'yimai-cli-'));
  chmodSync(top, 0o755);
  const data = join(top, 'data');
  const children: ChildProcess[] = [];
  t.after(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (let tries = 0; tries < 300 && runningServer(data) !== undefined; tries += 1) await sleep(50);
    const left = runningServer(data);
    rmSync(top, { recursive: true, force: true });
    if (left !== undefined) throw new Error(`the database of ${data} was left running (${left})`);
  });

  function start(args: readonly string[], input?: string) {
    const env = { ...process.env, YIMAI_LANG: 'en', YIMAI_TEST_PG: '', DATABASE_URL: '' };
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      cwd: top,
      env,
    });
    children.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin?.end(input);
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code) => resolve({ code, stdout, stderr, results: readResults(stdout) }));
    });
    return { child, ended, stdout: () => stdout, stderr: () => stderr };
  }

  const place: Place = {
    top,
    data,
    yimai: (args, more = {}) => start([...args, '--data', more.data ?? data], more.in).ended,
    async serve(command = 'serve', args = ['--port', '0']) {
      const running = start([command, ...args, '--data', data]);
      for (let tries = 0; !running.stdout().includes('\n'); tries += 1) {
        if (running.child.exitCode !== null || tries > 2_400)
          throw new Error(`no start: ${running.stderr()}`);
        await sleep(50);
      }
      const { url, fhir } = JSON.parse(running.stdout()) as { url: string; fhir: string };
      const end = (signal: NodeJS.Signals = 'SIGINT') => {
        running.child.kill(signal);
        return running.ended;
      };
      return { child: running.child, url, fhir, stderr: running.stderr, end };
    },
    async token() {
      const { results } = await place.yimai(['token']);
      return String(results[0]?.['token']);
    },
  };
  return place;
}

function readResults(text: string): Ended['results'] {
  try {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Ended['results'][number]);
  } catch {
    return [];
  }
}
