// The door of the desk for the server and the tests: the folder with the built web app, built anew when stale.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const deskFolder = fileURLToPath(new URL('..', import.meta.url));

/** What the web app is made of: its own sources and the pure rooms that run in the browser. */
const SOURCES = ['index.html', 'vite.config.ts', 'package.json', 'src', '../../packages/kit/src'];
const ROOMS = ['../../packages/forms/src', '../../packages/loops/src'];

export const distFolder = join(deskFolder, 'dist');

/** The folder to serve. Builds first when a source changed since the last build; a second caller waits its turn. */
export async function ensureBuilt(options: { readonly force?: boolean } = {}): Promise<string> {
  const hash = sourceHash();
  const stamp = join(distFolder, '.built-from');
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (fresh && !options.force) return distFolder;
  await runVite();
  writeFileSync(stamp, hash);
  return distFolder;
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const path of [...SOURCES, ...ROOMS]) addToHash(hash, join(deskFolder, path));
  return hash.digest('hex');
}

function addToHash(hash: ReturnType<typeof createHash>, path: string): void {
  if (!existsSync(path)) return;
  const isFile = /\.[a-z]+$/.test(path);
  if (isFile) {
    if (/\.test\.ts$/.test(path)) return;
    hash.update(path.slice(deskFolder.length)).update(readFileSync(path));
    return;
  }
  for (const name of readdirSync(path).sort()) addToHash(hash, join(path, name));
}

function runVite(): Promise<void> {
  const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: deskFolder,
      // stdout belongs to the caller's result.
      stdio: ['ignore', 2, 2],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const end = () => void child.kill();
    // A server that is told to end does not leave its build behind.
    process.once('exit', end);
    child.on('error', reject);
    child.on('exit', () => process.off('exit', end));
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`vite build ended with ${code}`))));
  });
}
