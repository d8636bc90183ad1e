// Builds the desk before its browser tests; the desk itself knows whether its sources are newer than what was built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Undefined when the desk stands; else why it does not build. */
export function buildDesk(root: string, say: (line: string) => void): string | undefined {
  const desk = join(root, 'apps', 'desk');
  if (!existsSync(join(desk, 'vite.config.ts'))) return undefined;
  say('Building the desk if it is stale (构建网页) ...');
  const done = spawnSync(process.execPath, [join(desk, 'scripts', 'build.ts')], {
    cwd: desk,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return done.status === 0 ? undefined : `${done.stdout}${done.stderr}`.slice(0, 3_000);
}
