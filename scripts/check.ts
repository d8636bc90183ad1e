// Checks what a reader expects of every change: types, style, unused code, direction of imports, tidiness, SQL rules.
// Usage: npm run check [-- NAME ...]   with names of single checks: types, style, unused, imports, tidy, sql
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkImports } from './checking/import-direction.ts';
import { type Finding, sourceFiles } from './checking/source-files.ts';
import { checkSql } from './checking/sql-lint.ts';
import { checkTidy } from './checking/tidy.ts';
import { root } from './repository.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const asked = process.argv.slice(2);
const files = sourceFiles(root);

const CHECKS: Record<string, () => boolean> = {
  types: () => tool('tsc', ['-p', '.']) && tool('tsc', ['-p', 'apps/desk']),
  style: () => tool('biome', ['check', '--reporter=summary']),
  unused: () => tool('knip', ['--no-progress', '--no-config-hints']),
  imports: () => report(checkImports(files)),
  tidy: () => report(checkTidy(files)),
  sql: () => report(checkSql(files)),
};

const unknown = asked.filter((name) => !(name in CHECKS));
if (unknown.length > 0) {
  say(`unknown check: ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}`);
  process.exit(2);
}
const failed = Object.entries(CHECKS)
  .filter(([name]) => asked.length === 0 || asked.includes(name))
  .filter(([name, check]) => {
    const begun = performance.now();
    const good = check();
    say(`${good ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    return !good;
  });
process.exit(failed.length > 0 ? 1 : 0);

function tool(name: string, args: readonly string[]): boolean {
  const done = spawnSync(join(root, 'node_modules', '.bin', name), args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (done.error) say(`${name} cannot run: ${done.error.message}`);
  if (done.status !== 0) say(`${done.stdout}${done.stderr}`.trim());
  return done.status === 0;
}

function report(findings: readonly Finding[]): boolean {
  for (const { path, line, rule, message, warning } of findings)
    say(`${warning ? 'warning' : 'error'} ${path}:${line} [${rule}] ${message}`);
  return findings.every((finding) => finding.warning);
}
