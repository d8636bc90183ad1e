// The long versions: 20 kills, the seeded tests over 200 seeds, and the whole suite in two time zones.
// Usage: npm run soak [-- kills | seeds | zones ...]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './repository.ts';
import { findTests } from './testing/find-tests.ts';

const KILLS = 20;
const SEEDS = 200;
const ZONES = ['Asia/Shanghai', 'UTC'];

const say = (line: string) => process.stdout.write(`${line}\n`);
const parts: Readonly<Record<string, () => boolean>> = { kills, seeds, zones };
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown !== undefined) {
  say(`unknown part "${unknown}"; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
const results = Object.entries(parts)
  .filter(([name]) => asked.length === 0 || asked.includes(name))
  .map(([name, part]) => {
    const begun = performance.now();
    const good = part();
    say(`${good ? 'ok    ' : 'FAILED'} ${name} (${Math.round((performance.now() - begun) / 1000)} s)`);
    return good;
  });
process.exit(results.every(Boolean) ? 0 : 1);

function kills(): boolean {
  const files = [
    'apps/cli/src/crash.test.ts',
    'packages/runtime/src/model/runner-model.test.ts',
    'packages/views/src/worker/view-worker.test.ts',
  ];
  return nodeTest(
    files.map((file) => join(root, file)),
    { YIMAI_KILLS: String(KILLS) },
  );
}

/** Every file with properties or seeded walks, each under many seeds. */
function seeds(): boolean {
  const files = findTests(root).filter((file) =>
    /from 'fast-check'|env\['YIMAI_SEEDS'\]/.test(readFileSync(file, 'utf8')),
  );
  say(`       ${files.length} files with properties or seeded walks, ${SEEDS} seeds each`);
  const preload = join(root, 'scripts/soaking/many-seeds.ts');
  return nodeTest(files, { YIMAI_SEEDS: String(SEEDS) }, ['--import', preload]);
}

function zones(): boolean {
  return ZONES.map((zone) => {
    say(`       TZ=${zone}`);
    const done = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(root, 'scripts/test.ts')],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, TZ: zone },
      },
    );
    return done.status === 0;
  }).every(Boolean);
}

function nodeTest(files: readonly string[], env: NodeJS.ProcessEnv, more: readonly string[] = []): boolean {
  const args = ['--disable-warning=ExperimentalWarning', ...more, '--test', '--test-concurrency=2', ...files];
  const done = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return done.status === 0;
}
