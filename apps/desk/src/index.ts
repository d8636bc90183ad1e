// The door of the desk for the server and the tests: the folder with the built web app, built anew when stale.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const deskFolder = fileURLToPath(new URL('..', import.meta.url));

/** What the web app is made of: its own sources and the pure rooms that run in the browser. */
const SOURCES = [
  'index.html',
  'vite.config.ts',
  'package.json',
  'public',
  'src',
  '../../packages/kit/src',
  '../../packages/forms/src',
];
/** Not part of the web app: what looks at it from outside. */
const OUTSIDE = /(\.test\.ts|\/src\/(browser|stories)|\/src\/(index|bench)\.ts)$/;

export const distFolder = join(deskFolder, 'dist');
const building = join(deskFolder, 'node_modules', '.desk-building');

/** The folder to serve. Builds first when a source changed since the last build; of several callers one builds. */
export async function ensureBuilt(options: { readonly force?: boolean } = {}): Promise<string> {
  const hash = sourceHash();
  const isFresh = () => existsSync(stampOf(distFolder)) && readFileSync(stampOf(distFolder), 'utf8') === hash;
  if (isFresh() && !options.force) return distFolder;
  await takeTurn();
  try {
    if (isFresh() && !options.force) return distFolder;
    // Built beside and put in place whole: a server that serves meanwhile never sees half of it.
    const fresh = `${building}-dist`;
    await runVite(fresh);
    writeFileSync(stampOf(fresh), hash);
    rmSync(distFolder, { recursive: true, force: true });
    renameSync(fresh, distFolder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return distFolder;
}

const stampOf = (folder: string): string => join(folder, '.built-from');

const STALE_MS = 180_000;
const ASK_MS = 250;

/** A folder that only one can make; one that was left behind by a killed build is taken over. */
async function takeTurn(): Promise<void> {
  mkdirSync(join(building, '..'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(building);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = statSync(building, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > STALE_MS) rmSync(building, { recursive: true, force: true });
      else await pause(ASK_MS);
    }
  }
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const path of SOURCES) addToHash(hash, join(deskFolder, path));
  return hash.digest('hex');
}

function addToHash(hash: ReturnType<typeof createHash>, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || OUTSIDE.test(path)) return;
  if (found.isDirectory()) {
    for (const name of readdirSync(path).sort()) addToHash(hash, join(path, name));
  } else hash.update(path.slice(deskFolder.length)).update(readFileSync(path));
}

function runVite(outDir: string): Promise<void> {
  const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')));
  const args = [vite, 'build', '--logLevel', 'warn', '--outDir', outDir, '--emptyOutDir'];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: deskFolder,
      // stdout belongs to the caller's result.
      stdio: ['ignore', 2, 2],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`vite build ended with ${code}`))));
  });
}
