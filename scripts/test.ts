// Runs every test of the project over two workers and closes with the lines that CI reads.
// Usage: npm test [-- WORD ...]   (only files whose path contains one of the words)
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { startTestCluster } from '@yimai/postgres/testing';
import { root } from './repository.ts';
import { ensureBrowser } from './testing/browser.ts';
import { buildDesk } from './testing/desk-build.ts';
import { findTests, slowestFirst } from './testing/find-tests.ts';
import { closingLines, exitCode, needsSuites, suitesLine } from './testing/official-suites.ts';
import { Report } from './testing/report.ts';

const TEST_TIMEOUT_MS = 6 * 60_000;
const reportPath = join(root, 'reports', 'tests.json');

const say = (line: string) => process.stdout.write(`${line}\n`);
const words = process.argv.slice(2);
const files = slowestFirst(findTests(root, words), previousReport());
if (files.length === 0) {
  say('No test file matches.');
  process.exit(2);
}

const report = new Report(root, say);
const browser = await ensureBrowser(say);
if (browser.path !== undefined) {
  process.env['YIMAI_CHROMIUM'] = browser.path;
  const failure = files.some((file) => file.includes('/apps/')) ? buildDesk(root, say) : undefined;
  if (failure !== undefined) report.fail('apps/desk', 'the desk builds', failure);
} else say(`Browser tests are skipped (跳过浏览器测试): ${browser.reason}`);

// One database server for all test processes; each would start it by itself otherwise.
const cluster = await startTestCluster();
process.env['YIMAI_TEST_PG'] = cluster.dir;
process.env['NODE_ENV'] ??= 'test';

await new Promise<void>((resolve, reject) => {
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const stream = run({ files, concurrency: 2, timeout: TEST_TIMEOUT_MS, execArgv });
  report.follow(stream);
  stream.on('end', resolve);
  stream.on('error', reject);
  stream.resume();
});
await cluster.stop();
report.expect(files);

const outcome = report.finish();
mkdirSync(join(root, 'reports'), { recursive: true });
writeFileSync(reportPath, `${JSON.stringify(outcome, null, 1)}\n`);
report.sayFailures();
const strict = needsSuites(root, process.env);
for (const line of closingLines(outcome, strict)) say(line);
say(suitesLine(outcome.suites));
say(report.countLine());
process.exit(exitCode(outcome, strict));

function previousReport(): string | undefined {
  try {
    return readFileSync(reportPath, 'utf8');
  } catch {
    return undefined;
  }
}
